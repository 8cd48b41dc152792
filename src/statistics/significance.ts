/** A test of whether two figures differ by more than chance would have it. */
export interface SignificanceTest {
  readonly test: 'two-proportion-z' | 'poisson-rates' | 'poisson-counts'
  /** How often chance alone would set the figures at least so far apart, in either direction. */
  readonly p: number
  readonly level: 0.05
  readonly significant: boolean
}

/** A difference is called significant where chance alone would make it in fewer than one of twenty cases. */
export const LEVEL = 0.05

/** What each group must be expected to hold before the normal distribution may stand for the exact one. */
export const LEAST_EXPECTED = 5

/** So many of so many. */
export interface Proportion {
  readonly numerator: number
  readonly denominator: number
}

/**
 * The two-proportion z test: pooled, two-sided, without correction for continuity; its square is Pearson's chi-squared
 * of the two-by-two table. Null where it does not hold: where a part is larger than its whole or of nobody, and where,
 * were the proportions equal, any of the four groups would be expected to hold fewer than five (Cochran, Biometrics 10
 * (1954), 417-451).
 * Source: Armitage, Berry and Matthews, Statistical Methods in Medical Research (4th ed., 2002), 4.5.
 */
export function twoProportions(one: Proportion, other: Proportion): SignificanceTest | null {
  const whole = one.denominator + other.denominator
  if (![one, other].every(isProportion)) return null
  const pooled = (one.numerator + other.numerator) / whole
  const smaller = Math.min(one.denominator, other.denominator)
  if (smaller * Math.min(pooled, 1 - pooled) < LEAST_EXPECTED) return null
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / one.denominator + 1 / other.denominator))
  const z = (one.numerator / one.denominator - other.numerator / other.denominator) / error
  return resultOf('two-proportion-z', z)
}

const isProportion = ({ numerator, denominator }: Proportion): boolean =>
  denominator > 0 && numerator >= 0 && numerator <= denominator

/** So many events among so many people. */
export interface Rate {
  readonly events: number
  readonly exposure: number
}

/**
 * Compares two Poisson rates: of all events together, the share that falls to the first is set against the share of
 * the exposure that it has; normal approximation, two-sided. Null where either would be expected to have fewer than
 * five of the events, or has no exposure.
 * Source: Przyborowski and Wilenski, Biometrika 31 (1940), 313-323.
 */
export function poissonRates(one: Rate, other: Rate): SignificanceTest | null {
  const z = poissonZ(one, other)
  return z === null ? null : resultOf('poisson-rates', z)
}

/** Compares two Poisson counts over stretches of one length: the test of two rates with the same exposure. */
export function poissonCounts(one: number, other: number): SignificanceTest | null {
  const z = poissonZ({ events: one, exposure: 1 }, { events: other, exposure: 1 })
  return z === null ? null : resultOf('poisson-counts', z)
}

function poissonZ(one: Rate, other: Rate): number | null {
  if ([one, other].some(({ events, exposure }) => !(exposure > 0) || !(events >= 0))) return null
  const events = one.events + other.events
  const share = one.exposure / (one.exposure + other.exposure)
  if (events * Math.min(share, 1 - share) < LEAST_EXPECTED) return null
  return (one.events - events * share) / Math.sqrt(events * share * (1 - share))
}

function resultOf(test: SignificanceTest['test'], z: number): SignificanceTest {
  const p = twoSided(z)
  return { test, p, level: LEVEL, significant: p < LEVEL }
}

/** The probability that a standard normal number lies at least so far from 0. */
export const twoSided = (z: number): number => complementaryErrorFunction(Math.abs(z) / Math.SQRT2)

/**
 * erfc(x) for x from 0: by its series near 0, further out by the continued fraction, where 1 - erf(x) would lose its
 * digits. Good to twelve digits.
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 7.1.6 and 7.1.14.
 */
function complementaryErrorFunction(x: number): number {
  const weight = Math.exp(-x * x) / Math.sqrt(Math.PI)
  if (x < 2.5) {
    let term = x
    let sum = x
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return 1 - 2 * weight * sum
  }
  let fraction = x
  for (let n = 80; n >= 1; n--) fraction = x + n / 2 / fraction
  return weight / fraction
}
