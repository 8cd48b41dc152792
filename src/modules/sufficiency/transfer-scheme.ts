/** The National Transfer Scheme's line since 24 August 2022: a thousandth of the children of an authority's area. */
const CHILDREN_TO_ONE_PLACE = 1000

/**
 * How many more unaccompanied asylum-seeking children an authority could look after before it reaches the line of the
 * National Transfer Scheme, 0.1 % of its child population: the whole number of places that this comes to, less those
 * looked after (E09). Below 0 where it looks after more than that; null where either number is not known. Which year's
 * estimate of the population the Home Office uses is not published: `uasc-nts-ratio` says which one it has.
 */
export const transferSchemeHeadroom = (population: number | null, uasc: number | null): number | null =>
  population === null || uasc === null ? null : Math.floor(population / CHILDREN_TO_ONE_PLACE) - uasc
