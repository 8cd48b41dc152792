import { roundTo } from '../../statistics/interval.ts'
import { withholdCounts } from '../../statistics/disclosure/withheld-counts.ts'
import type { IndicatorDefinition } from '../definition.ts'
import type { Observation } from '../observation.ts'
import { PUBLICATION_PROFILE } from './profile.ts'
import { publishedCounts } from './published-counts.ts'

/** All that is published of one authority for one period, made safe as a whole. */
export interface PublicTable {
  /** By indicator and then by the dimensions of the breakdown, sorted; the total is under ''. */
  readonly observations: ReadonlyMap<string, ReadonlyMap<string, readonly Observation[]>>
  readonly withholding: Withholding
}

/** How much is withheld. */
export interface Withholding {
  /** Counts behind the figures that are not zero. */
  readonly counts: number
  /** Withheld for their own sake. */
  readonly primary: number
  /** Withheld for another's sake, beyond those. */
  readonly secondary: number
}

export const dimensionsOf = ({ breakdown }: Observation): string => Object.keys(breakdown).sort().join('*')

/**
 * Makes figures safe. Given must be everything that anybody may ask for of the authority and the period, for what is
 * withheld is decided over all of it together, once: so the answer to one question never gives away what another
 * withholds.
 */
export function makePublic(
  figures: readonly Observation[],
  find: (indicator: string) => IndicatorDefinition,
): PublicTable {
  const given = withoutSmallCrossings(figures, find).map(ofWholePeriod)
  const known = given.filter(({ status }) => status !== 'x')
  const counts = publishedCounts(known, find)
  const { withheld, primary } = withholdCounts(counts, PUBLICATION_PROFILE)
  const isWithheld = (count: number): boolean => count !== -1 && withheld[count] === 1
  const placeOf = new Map(known.map((observation, index) => [observation, counts.shownBy[index]!]))
  const totals = new Set<string>()
  const observations = new Map<string, Map<string, Observation[]>>()
  for (const observation of given) {
    const shown = placeOf.get(observation)
    const indicator = find(observation.indicator)
    const dimensions = dimensionsOf(observation)
    let safe = observation
    if (shown) {
      const isOf = { numerator: isWithheld(shown.numerator), denominator: isWithheld(shown.denominator), sum: isWithheld(shown.sum) }
      if (dimensions === '' && isOf.numerator) totals.add(observation.indicator)
      safe = shownOf(observation, indicator, isOf, totals.has(observation.indicator))
    }
    let ofIndicator = observations.get(observation.indicator)
    if (!ofIndicator) {
      ofIndicator = new Map()
      observations.set(observation.indicator, ofIndicator)
    }
    const table = ofIndicator.get(dimensions)
    if (table) table.push(safe)
    else ofIndicator.set(dimensions, [safe])
  }
  const sum = (marks: Uint8Array): number => marks.reduce((total, mark) => total + mark, 0)
  return {
    observations,
    withholding: {
      counts: counts.values.filter((value) => value > 0).length,
      primary: sum(primary),
      secondary: sum(withheld) - sum(primary),
    },
  }
}

/** A year that still runs is measured up to some day: what the next load adds to it would tell of single children. */
function ofWholePeriod(observation: Observation): Observation {
  if (!observation.incomplete) return observation
  const { incomplete: _, asAt: __, share: ___, ...rest } = observation
  return {
    ...rest,
    value: null,
    numerator: null,
    denominator: null,
    status: 'x',
    interval: null,
    reason: 'The period is not over, or the returns held do not cover it to its end: only whole periods are published.',
    wouldBeSuppliedBy: [],
  }
}

/** A crossed table where a category of one of its dimensions is small would be mostly withheld: it is not given at all. */
function withoutSmallCrossings(
  figures: readonly Observation[],
  find: (indicator: string) => IndicatorDefinition,
): Observation[] {
  const small = new Set<string>()
  for (const observation of figures) {
    const { indicator, value, breakdown } = observation
    if (find(indicator).kind !== 'count' || value === null) continue
    const dimensions = Object.keys(breakdown)
    if (dimensions.length <= 1 && value >= 1 && value < PUBLICATION_PROFILE.crossedFrom)
      small.add(`${indicator} ${dimensions[0] ?? ''}`)
  }
  return figures.filter(({ indicator, breakdown }) => {
    const dimensions = Object.keys(breakdown)
    return (
      dimensions.length < 2 || !['', ...dimensions].some((dimension) => small.has(`${indicator} ${dimension}`))
    )
  })
}

interface IsWithheld {
  readonly numerator: boolean
  readonly denominator: boolean
  readonly sum: boolean
}

function shownOf(
  observation: Observation,
  indicator: IndicatorDefinition,
  isWithheld: IsWithheld,
  isTotalWithheld: boolean,
): Observation {
  const { value, numerator, denominator, share, interval } = observation
  const isSmall = (number: number | null): boolean =>
    number !== null && number > 0 && number <= PUBLICATION_PROFILE.threshold
  switch (indicator.kind) {
    case 'count':
      if (isWithheld.numerator) return confidential(observation, null, null)
      return { ...observation, ...(share !== undefined && { share: isTotalWithheld ? null : share }) }
    case 'rate':
    case 'percentage': {
      const shown = isWithheld.numerator ? null : numerator
      const of = isWithheld.denominator ? null : denominator
      if (shown === null || of === null) return confidential(observation, shown, of)
      return roundedAsPublished(observation, indicator)
    }
    case 'mean':
      // What is added up is not given: what the children of two tables have in common could be got from it.
      if (isWithheld.denominator || isWithheld.sum || isSmall(denominator))
        return confidential(observation, null, isWithheld.denominator ? null : denominator)
      return { ...roundedAsPublished(observation, indicator), numerator: null }
    case 'ratio':
      if (value === null) return { ...observation, numerator: null, denominator: null, interval }
      if (isSmall(numerator) || isSmall(denominator) || isSmall(observation.rows ?? null))
        return confidential(observation, null, null)
      return { ...roundedAsPublished(observation, indicator), numerator: null, denominator: null }
  }
}

const confidential = (
  observation: Observation,
  numerator: number | null,
  denominator: number | null,
): Observation => ({
  ...observation,
  value: null,
  numerator,
  denominator,
  status: 'c',
  interval: null,
  ...(observation.share !== undefined && { share: null }),
})

/** To the decimals that the figure is published with, halves up; what rounds to zero but is not, is `k`. */
function roundedAsPublished(observation: Observation, { decimals }: IndicatorDefinition): Observation {
  const { value, interval } = observation
  if (value === null) return observation
  const round = (number: number): number => roundTo(number, decimals)
  return {
    ...observation,
    value: round(value),
    status: value !== 0 && round(value) === 0 ? 'k' : observation.status,
    interval: interval && { ...interval, lower: round(interval.lower), upper: round(interval.upper) },
  }
}
