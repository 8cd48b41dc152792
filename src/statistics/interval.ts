/** The two ends of an interval within which a proportion lies, in percent. */
export interface Interval {
  readonly level: 0.95
  readonly method: 'wilson'
  readonly lower: number
  readonly upper: number
}

/** Standard normal quantile of 97.5 %. */
const Z = 1.959963984540054

/**
 * Wilson's score interval of a proportion at 95 %, in percent: right for small numbers and near 0 and 100, where
 * the textbook interval leaves the scale. Null where there is nothing to take a proportion of.
 * Source: Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
 */
export function wilson(numerator: number, denominator: number): Interval | null {
  if (denominator <= 0) return null
  const share = numerator / denominator
  const weight = 1 + (Z * Z) / denominator
  const middle = share + (Z * Z) / (2 * denominator)
  const reach = Z * Math.sqrt((share * (1 - share)) / denominator + (Z * Z) / (4 * denominator * denominator))
  return {
    level: 0.95,
    method: 'wilson',
    lower: Math.max(0, (100 * (middle - reach)) / weight),
    upper: Math.min(100, (100 * (middle + reach)) / weight),
  }
}

/** Rounds half away from zero, as people do, also where the binary fraction falls just short (1.005). */
export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals
  const scaled = Math.abs(value) * scale
  return (Math.sign(value) * Math.round(scaled + scaled * Number.EPSILON)) / scale
}
