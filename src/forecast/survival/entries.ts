import { FORECAST_PLACEMENTS, type ForecastPlacement } from '../placement-groups.ts'
import { DAYS_A_YEAR, type DayNumber, type MonthStretch, monthsOf } from './calendar.ts'
import type { Stay } from './stays.ts'
import { type KnownMonths, knownMonths, sum, type Variation, variationOf } from './variation.ts'

/** Children whom those who will enter care are drawn from, in three columns. */
export interface Entrants {
  readonly ageInDays: Int32Array
  readonly placement: Uint8Array
  readonly uasc: Uint8Array
}

export interface EntriesModel {
  /** Entries behind the rate, and the days (each weighed by its season) in which they came. */
  readonly events: number
  readonly days: number
  /** January to December; the mean is 1. */
  readonly season: Float64Array
  /** Variance over mean of a month's entries. */
  readonly dispersion: number
  /** Variance of a month's level about 1 which gives that. */
  readonly monthlyVariance: number
  /** Variance of the change of level from one year to the next. */
  readonly yearlyVariance: number
  /** Variance of today's level about that of the window, for the level may have changed within it. */
  readonly variance: number
  readonly entrants: Entrants
}

/** Fewer entrants than this in the window are joined by those before it. */
const LEAST_ENTRANTS = 30
/** The council's longer history, or where there is none a guess of one entry a year, weighs one entry. */
const PRIOR_ENTRIES = 1

export function fitEntries(
  stays: readonly Stay[],
  known: { readonly from: DayNumber; readonly to: DayNumber },
  window: { readonly from: DayNumber; readonly to: DayNumber },
  prior: { readonly yearly: number; readonly years: number } | null,
): EntriesModel {
  const entries = stays
    .filter(({ enters, from }) => enters && from >= known.from && from <= known.to)
    .sort((one, other) => one.from - other.from)
  const months = knownMonths(known.from, known.to)
  const { season, variation } = seasonOf(entries, months)
  const seasonalDays = (stretches: readonly MonthStretch[]): number =>
    stretches.reduce((days, { month, from, until }) => days + (until - from) * season[month]!, 0)

  const inWindow = entries.filter(({ from }) => from >= window.from && from <= window.to)
  const windowDays = seasonalDays(monthsOf(window.from, window.to + 1))
  const everyDay = entries.length > 0 ? entries.length / (known.to + 1 - known.from) : 1 / DAYS_A_YEAR
  const events = inWindow.length + PRIOR_ENTRIES + (prior ? prior.yearly * prior.years : 0)
  const days = windowDays + PRIOR_ENTRIES / everyDay + (prior ? prior.years * DAYS_A_YEAR : 0)
  const aMonth = (events / days) * (DAYS_A_YEAR / 12)
  return {
    events,
    days,
    season,
    dispersion: variation.dispersion,
    monthlyVariance: (variation.dispersion - 1) / aMonth,
    yearlyVariance: variation.yearly,
    // The end of a random walk about its mean over the window.
    variance: (variation.yearly * (window.to + 1 - window.from)) / DAYS_A_YEAR / 3,
    entrants: entrantsOf(entries, inWindow),
  }
}

/**
 * How entries spread over the months of the year. The twelve factors are drawn toward 1 as far as chance alone could
 * have set them apart: what is left of their variance when that of chance is taken off says how far (empirical Bayes).
 */
function seasonOf(
  entries: readonly Stay[],
  known: KnownMonths,
): { readonly season: Float64Array; readonly variation: Variation } {
  const { months, years, yearOf } = known
  const seen = new Float64Array(months.length)
  const inYear = new Float64Array(years)
  let at = 0
  for (const { from } of entries) {
    if (from < months[0]!.from) continue
    while (from >= months[at]!.until) at++
    seen[at]! += 1
    inYear[yearOf(from)]! += 1
  }
  const daysInYear = new Float64Array(years)
  for (const { from, until } of months) daysInYear[yearOf((from + until - 1) / 2)]! += until - from
  const flat = Float64Array.from(months, ({ from, until }) => {
    const year = yearOf((from + until - 1) / 2)
    return (inYear[year]! / daysInYear[year]!) * (until - from)
  })
  // Years are set against one level for all of them, months against that of their year.
  const daily = sum(seen) / sum(daysInYear)
  const even = Float64Array.from(months, ({ from, until }) => daily * (until - from))
  let season = new Float64Array(12).fill(1)
  let variation = variationOf({ months, seen, expected: even }, known, 0)
  if (years < 2 || sum(flat) === 0) return { season, variation }
  // The dispersion depends on the season and the season on the dispersion: both are near enough after the second turn.
  for (let turn = 0; turn < 2; turn++) {
    const shrunk = seasonalFactors(months, seen, flat, turn === 0 ? 1 : variation.dispersion)
    season = shrunk.season
    const expected = even.map((value, month) => value * season[months[month]!.month]!)
    variation = variationOf({ months, seen, expected }, known, 11 * shrunk.kept)
  }
  return { season, variation }
}

function seasonalFactors(
  months: readonly MonthStretch[],
  seen: Float64Array,
  flat: Float64Array,
  dispersion: number,
): { season: Float64Array<ArrayBuffer>; kept: number } {
  const [counted, expected] = [new Float64Array(12), new Float64Array(12)]
  months.forEach(({ month }, at) => {
    counted[month]! += seen[at]!
    expected[month]! += flat[at]!
  })
  let [beyond, squares] = [0, 0]
  for (let month = 0; month < 12; month++) {
    beyond += ((counted[month]! - expected[month]!) ** 2 * 12) / 11 - dispersion * expected[month]!
    squares += expected[month]! ** 2
  }
  const variance = Math.max(0, beyond / squares)
  let kept = 0
  const season = new Float64Array(12)
  for (let month = 0; month < 12; month++) {
    const mean = expected[month]!
    const share = variance > 0 && mean > 0 ? variance / (variance + dispersion / mean) : 0
    season[month] = mean > 0 ? 1 + share * (counted[month]! / mean - 1) : 1
    kept += share / 12
  }
  const level = sum(season) / 12
  return { season: season.map((factor) => factor / level), kept }
}

function entrantsOf(entries: readonly Stay[], inWindow: readonly Stay[]): Entrants {
  const enough = inWindow.length >= LEAST_ENTRANTS || inWindow.length === entries.length
  const drawn = enough ? inWindow : entries.slice(-LEAST_ENTRANTS)
  if (drawn.length === 0) return USUAL_ENTRANTS
  return {
    ageInDays: Int32Array.from(drawn, ({ from, birthdays }) => Math.max(0, from - birthdays[0]!)),
    placement: Uint8Array.from(drawn, ({ placement }) => placement),
    uasc: Uint8Array.from(drawn, ({ uasc }) => uasc),
  }
}

/**
 * Where a council never had an entrant: ages as those of England's starters are spread, and where such children are
 * placed first as a rule.
 */
const USUAL: readonly (readonly [years: number, placement: ForecastPlacement, uasc?: true])[] = [
  [0.01, 'fostering'],
  [0.2, 'fostering'],
  [0.8, 'fostering'],
  [2, 'fostering'],
  [3.5, 'fostering'],
  [5.5, 'fostering'],
  [7.5, 'fostering'],
  [9.5, 'fostering'],
  [11, 'fostering'],
  [12.5, 'fostering'],
  [13.5, 'residential'],
  [14.5, 'fostering'],
  [15.3, 'residential'],
  [15.8, 'other'],
  [16.3, 'supported'],
  [16.6, 'supported', true],
  [17.1, 'supported', true],
  [17.5, 'supported', true],
]
const USUAL_ENTRANTS: Entrants = {
  ageInDays: Int32Array.from(USUAL, ([years]) => Math.round(years * DAYS_A_YEAR)),
  placement: Uint8Array.from(USUAL, ([, placement]) => FORECAST_PLACEMENTS.indexOf(placement)),
  uasc: Uint8Array.from(USUAL, ([, , uasc]) => (uasc ? 1 : 0)),
}
