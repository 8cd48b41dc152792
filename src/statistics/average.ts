/** The arithmetic mean of what is known: each value counts the same, missing ones are skipped. Null of none. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

/** The middle one of what is known, of an even number the mean of the two in the middle. Null of none. */
export const medianOf = (values: readonly (number | null)[]): number | null =>
  quantileOf(
    values.filter((value) => value !== null),
    0.5,
  )

/**
 * The value below which a share of the others lie, between two neighbours in proportion: type 7 of Hyndman and Fan,
 * The American Statistician 50 (1996), 361-365; Excel's QUARTILE.INC and R's default. Null of none.
 */
export const quantileOf = (values: readonly number[], share: number): number | null =>
  quantileOfSorted(
    values.toSorted((a, b) => a - b),
    share,
  )

/** The same of values in ascending order. */
export function quantileOfSorted(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}
