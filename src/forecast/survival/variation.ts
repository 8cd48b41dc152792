import { DAYS_A_YEAR, type DayNumber, type MonthStretch, monthsOf } from './calendar.ts'

/** What happened and what was expected, in each calendar month that is known. */
export interface Monthly {
  readonly months: readonly MonthStretch[]
  readonly seen: Float64Array
  readonly expected: Float64Array
}

/** The months of whole years up to a day, the latest year first: `year` 0 is the last 365 days. */
export interface KnownMonths {
  readonly months: readonly MonthStretch[]
  readonly years: number
  readonly yearOf: (day: DayNumber) => number
}

/**
 * Cuts what is known into years that end with it. Less than a year is one short year; what is left over before the
 * first whole year is not looked at.
 */
export function knownMonths(from: DayNumber, to: DayNumber): KnownMonths {
  const years = Math.max(1, Math.floor((to + 1 - from) / DAYS_A_YEAR + 0.01))
  const start = Math.max(from, Math.round(to + 1 - years * DAYS_A_YEAR))
  return {
    months: monthsOf(start, to + 1),
    years,
    yearOf: (day) => Math.min(years - 1, Math.max(0, Math.floor((to + 0.5 - day) / DAYS_A_YEAR))),
  }
}

export interface Variation {
  /** Variance over mean of a month's count, about its own year's level: 1 where chance alone is at work. */
  readonly dispersion: number
  /** Variance of the change of level from a year to the next, relative to the level; 0 where chance explains it. */
  readonly yearly: number
}

/**
 * How much more a count varies than chance alone would have it, from month to month and from year to year.
 * `fitted` is the number of quantities, besides the level of each year, that were fitted to the months.
 */
export function variationOf(
  { months, seen, expected }: Monthly,
  known: KnownMonths,
  fitted: number,
): Variation {
  const seenIn = new Float64Array(known.years)
  const expectedIn = new Float64Array(known.years)
  const yearAt = months.map(({ from, until }) => known.yearOf((from + until - 1) / 2))
  yearAt.forEach((year, at) => {
    seenIn[year]! += seen[at]!
    expectedIn[year]! += expected[at]!
  })
  let squares = 0
  let counted = 0
  months.forEach((_, at) => {
    const year = yearAt[at]!
    const level = expectedIn[year]! > 0 ? (expected[at]! * seenIn[year]!) / expectedIn[year]! : 0
    if (level <= 0) return
    squares += (seen[at]! - level) ** 2 / level
    counted++
  })
  const freedom = counted - known.years - fitted
  const dispersion = freedom < 6 ? 1 : Math.max(1, squares / freedom)
  return { dispersion, yearly: yearlyVariance(seenIn, expectedIn, dispersion) }
}

/** Where the years differ by no more than chance would have one time in ten, they are taken not to differ. */
function yearlyVariance(seen: Float64Array, expected: Float64Array, dispersion: number): number {
  const years = seen.length
  const level = sum(seen) / sum(expected)
  if (years < 3 || !(level > 0)) return 0
  let squares = 0
  let steps = 0
  let chance = 0
  for (let year = 0; year < years; year++) {
    const mean = expected[year]! * level
    squares += (seen[year]! - mean) ** 2 / (mean * dispersion)
    if (year === 0) continue
    const before = expected[year - 1]! * level
    steps += (seen[year]! / mean - seen[year - 1]! / before) ** 2
    chance += dispersion / mean + dispersion / before
  }
  return squares > chiSquared90(years - 1) ? Math.max(0, steps - chance) / (years - 1) : 0
}

/** The 90 % quantile of the chi-squared distribution, by Wilson and Hilferty's cube root. */
const chiSquared90 = (freedom: number): number =>
  freedom * (1 - 2 / (9 * freedom) + 1.2815515655 * Math.sqrt(2 / (9 * freedom))) ** 3

export const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
