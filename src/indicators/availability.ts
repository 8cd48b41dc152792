import { addDays, addYears, type Day, earlierOf } from '../vocabulary/day.ts'
import type { DimensionId } from '../vocabulary/dimension.ts'
import { type Period, reportingYearOf, yearLabel, yearPeriod } from '../vocabulary/period.ts'
import type { TableName } from '../vocabulary/ssda903.ts'
import type { IndicatorDefinition, LookBack, Population, ReferenceNeed } from './definition.ts'
import type { Coverage, Holdings } from './holdings.ts'
import { PLACE_DIMENSIONS } from './populations/places.ts'

/** A period as far as it is covered. */
export interface CoveredPeriod {
  readonly period: Period
  /** Last day that is measured: the period's own, or the last one covered where the period still runs. */
  readonly lastDay: Day
  readonly incomplete: boolean
}

/** Why a figure is not available, and which returns would supply it. */
export interface Unavailable {
  readonly reason: string
  readonly wouldBeSuppliedBy: readonly string[]
}

/** The day through which returns cover every day from `day` on; null where they do not cover it. */
function coveredThrough(day: Day, coverage: readonly Coverage[]): Day | null {
  let reached: Day | null = null
  for (const stretch of coverage) {
    if (
      reached === null
        ? stretch.coversFrom <= day && day <= stretch.coversTo
        : stretch.coversFrom <= addDays(reached, 1)
    ) {
      if (reached === null || stretch.coversTo > reached) reached = stretch.coversTo
    }
  }
  return reached
}

/** How far a period is covered; a figure never reaches past what is held. */
export function coverPeriod(period: Period, coverage: readonly Coverage[]): CoveredPeriod | Unavailable {
  const last = coveredThrough(period.lastDay, coverage)
  if (last !== null) return { period, lastDay: period.lastDay, incomplete: false }
  const reached = coveredThrough(period.firstDay, coverage)
  if (reached === null) return unavailable(period.firstDay, period.lastDay, coverage)
  return { period, lastDay: earlierOf(reached, period.lastDay), incomplete: true }
}

/** How far a period is covered for the rows of a population; what is made from records alone needs no return. */
export const coverFor = (
  { fromRecordsAlone }: Population,
  period: Period,
  holdings: Holdings,
): CoveredPeriod | Unavailable =>
  fromRecordsAlone
    ? { period, lastDay: period.lastDay, incomplete: false }
    : coverPeriod(period, holdings.returns)

/** First day that an indicator looks at for a period. */
function lookBackFrom(lookBack: LookBack, covered: CoveredPeriod): Day {
  const yearsBefore = (years: number): Day => addYears(addDays(covered.lastDay, 1), -years)
  switch (lookBack) {
    case 'last-day':
      return covered.lastDay
    case 'period':
      return covered.period.firstDay
    case 'year':
      return yearsBefore(1)
    case 'two-years':
      return yearsBefore(2)
    case 'three-years':
      return yearsBefore(3)
  }
}

/** First and last day that an indicator looks at for a whole period. */
export const daysLookedAt = (
  { lookBack }: Pick<IndicatorDefinition, 'lookBack'>,
  period: Period,
): { readonly from: Day; readonly to: Day } => ({
  from: lookBackFrom(lookBack, { period, lastDay: period.lastDay, incomplete: false }),
  to: period.lastDay,
})

/** What an indicator lacks for a covered period; null where it lacks nothing. */
export function whatLacks(
  indicator: IndicatorDefinition,
  covered: CoveredPeriod,
  holdings: Holdings,
): Unavailable | null {
  if (indicator.annual && !covered.lastDay.endsWith('-03-31')) {
    return {
      reason: `collected once a year, as at 31 March: not known for ${covered.lastDay}`,
      wouldBeSuppliedBy: covered.incomplete ? [yearLabel(reportingYearOf(covered.lastDay))] : [],
    }
  }
  const unmet = lacksReference(indicator.reference ?? [], covered, holdings)
  if (unmet) return unmet
  const coverage = holdings.returns
  const from = lookBackFrom(indicator.lookBack, covered)
  const unrecorded = lacksRecords(indicator, from, covered.lastDay, holdings)
  if (unrecorded || indicator.population.fromRecordsAlone) return unrecorded
  const reached = coveredThrough(from, coverage)
  if (reached === null || reached < covered.lastDay) return unavailable(from, covered.lastDay, coverage)
  return lacksTables(indicator.tables ?? [], from, covered.lastDay, coverage)
}

/**
 * Whether any record of each kind is dated in the days looked at; for a state on a day, on that day or before. A
 * council that has sent none is not one in which nothing happened.
 */
function lacksRecords(
  { lookBack, records = [], recordsHoldOn }: IndicatorDefinition,
  from: Day,
  to: Day,
  holdings: Holdings,
): Unavailable | null {
  const anyBefore = lookBack === 'last-day' || recordsHoldOn
  for (const kind of records) {
    const months = holdings.records.get(kind) ?? []
    const known = months.some((month) => month <= to && (anyBefore || month.slice(0, 7) >= from.slice(0, 7)))
    if (!known) {
      const days = anyBefore ? `on or before ${to}` : `between ${from} and ${to}`
      return {
        reason: `no record of the kind ${kind} is dated ${days} (PUT or POST …/records/${kind})`,
        wouldBeSuppliedBy: [],
      }
    }
  }
  return null
}

/** Tables without which a breakdown can't be known, beside those of the indicator. */
const TABLES_OF_DIMENSION: Partial<Record<DimensionId, TableName>> = {
  uasc: 'UASC',
  'previous-permanence': 'PrevPerm',
}

const POSTCODE_DIMENSIONS: readonly DimensionId[] = [
  'placement-location',
  'placement-distance',
  ...PLACE_DIMENSIONS,
]

export function whatDimensionLacks(
  dimensions: readonly DimensionId[],
  covered: CoveredPeriod,
  holdings: Holdings,
): Unavailable | null {
  if (dimensions.some((dimension) => POSTCODE_DIMENSIONS.includes(dimension))) {
    const unmet = lacksReference(['postcodes'], covered, holdings)
    if (unmet) return unmet
  }
  const tables = dimensions.flatMap((dimension) => TABLES_OF_DIMENSION[dimension] ?? [])
  return tables.length === 0 ? null : lacksTables(tables, covered.lastDay, covered.lastDay, holdings.returns)
}

function lacksReference(
  needs: readonly ReferenceNeed[],
  covered: CoveredPeriod,
  holdings: Holdings,
): Unavailable | null {
  for (const need of needs) {
    const held =
      need === 'population' ? childPopulationFor(covered, holdings) !== null : holdings.reference.has(need)
    if (!held) {
      return {
        reason: `needs reference data that is not held: ${IN_WORDS[need]} (PUT /v1/reference/${need})`,
        wouldBeSuppliedBy: [],
      }
    }
  }
  return null
}

const IN_WORDS: Readonly<Record<ReferenceNeed, string>> = {
  postcodes: 'the postcodes with their grid references',
  population: 'the child population of the authority (ONS mid-year estimates)',
}

/**
 * Children of the authority by the catalogue's rule: the estimate of the calendar year before the one in which the
 * period ends, or the latest one held where there is none that late. Null where there is none at all before it.
 */
export function childPopulationFor({ lastDay }: CoveredPeriod, { childPopulation }: Holdings): number | null {
  const wanted = Number(lastDay.slice(0, 4)) - 1
  const years = [...childPopulation.keys()].filter((year) => year <= wanted)
  return years.length === 0 ? null : childPopulation.get(Math.max(...years))!
}

function lacksTables(
  tables: readonly TableName[],
  from: Day,
  to: Day,
  coverage: readonly Coverage[],
): Unavailable | null {
  for (const table of tables) {
    const without = coverage.filter(
      (stretch) => stretch.coversTo >= from && stretch.coversFrom <= to && !stretch.tables.includes(table),
    )
    if (without.length === 0) continue
    const years = without.map(({ year }) => yearLabel(year))
    return { reason: `the return for ${years.join(', ')} holds no ${table} table`, wouldBeSuppliedBy: years }
  }
  return null
}

function unavailable(from: Day, to: Day, coverage: readonly Coverage[]): Unavailable {
  const lacking: string[] = []
  for (let year = reportingYearOf(from); year <= reportingYearOf(to); year++) {
    const whole = yearPeriod(year)
    const [first, last] = [
      whole.firstDay > from ? whole.firstDay : from,
      whole.lastDay < to ? whole.lastDay : to,
    ]
    const reached = coveredThrough(first, coverage)
    if (reached === null || reached < last) lacking.push(yearLabel(year))
  }
  const days = from === to ? from : `${from} to ${to}`
  return {
    reason: `the returns held do not cover ${days}: needs the return${lacking.length === 1 ? '' : 's'} for ${lacking.join(', ')}`,
    wouldBeSuppliedBy: lacking,
  }
}

/** The latest reporting year that any return covers, if only in part; null where there is none. */
export function latestPeriod(coverage: readonly Coverage[]): Period | null {
  const latest = coverage.at(-1)
  return latest ? yearPeriod(latest.year) : null
}

export const isUnavailable = (answer: CoveredPeriod | Unavailable): answer is Unavailable =>
  'reason' in answer

export const isCovered = (answer: CoveredPeriod | Unavailable): answer is CoveredPeriod =>
  !isUnavailable(answer)
