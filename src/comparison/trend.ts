import type { Breakdown } from '../indicators/breakdown.ts'
import type { IndicatorDefinition } from '../indicators/definition.ts'
import type { Reading } from '../indicators/figures.ts'
import type { Audience, Observation, Status } from '../indicators/observation.ts'
import { type Direction, directionOf } from '../statistics/direction.ts'
import type { SignificanceTest } from '../statistics/significance.ts'
import type { DimensionId } from '../vocabulary/dimension.ts'
import { type Period, parsePeriod, periodsBefore, yearsBefore } from '../vocabulary/period.ts'
import type { Compared } from './compare-observations.ts'
import { isPartOnly } from './comparison.ts'
import { testBetween } from './difference-test.ts'
import { breakdownKey } from './published-book.ts'

/** Most periods that can be looked back. */
export const MOST_TREND = 20

/** What a figure was before, and where it is going. */
export interface Trend {
  /** The latest first. */
  readonly periods: readonly {
    readonly period: string
    readonly value: number | null
    readonly status: Status
  }[]
  readonly changeFromPrevious: number | null
  readonly changeFromYearBefore: number | null
  readonly direction: Direction | null
  /** The test of the change from the year before, by which the direction is read. */
  readonly significance: SignificanceTest | null
  /** Why there is no direction. */
  readonly reason: string | null
}

/** How trends are made. */
export interface TrendAsk {
  /** How many periods before are given. */
  readonly length: number
  readonly audience: Audience
  /** The figures for `periodsBehind`, where they were measured already. */
  readonly measured?: readonly Observation[]
}

/**
 * The trends of observations of one reading: the same figures for periods before, measured in one question for all
 * authorities that have the same periods behind them.
 */
export async function trendsOf(
  reading: Reading,
  compared: readonly Compared[],
  { length, audience, measured }: TrendAsk,
): Promise<Trend[]> {
  const found = new Map<string, Observation>()
  for (const one of measured ?? (await measureBehind(reading, compared, length, audience)))
    found.set(keyOf(one, one.period, breakdownKey(one.breakdown)), one)
  return compared.map((one) => {
    const { observation, definition } = one
    const breakdown = breakdownKey(observation.breakdown)
    return trendOf(
      one,
      length,
      (period) =>
        found.get(keyOf(observation, period, breakdown)) ??
        notListed(definition, found.get(keyOf(observation, period, '')), audience),
    )
  })
}

const keyOf = ({ indicator, authority }: Observation, period: string, breakdown: string): string =>
  `${indicator} ${authority} ${period} ${breakdown}`

/** The periods to measure: those shown, and the same one a year before. */
export function periodsBehind(period: Period, length: number): Period[] {
  const shown = periodsBefore(period, length)
  const yearBefore = yearsBefore(period, 1)
  return shown.some((one) => one.label === yearBefore.label) ? shown : [...shown, yearBefore]
}

/** A figure as it was in an earlier period. */
type Figure = Pick<Observation, 'value' | 'status' | 'numerator' | 'denominator' | 'incomplete'>

async function measureBehind(
  reading: Reading,
  compared: readonly Compared[],
  length: number,
  audience: Audience,
): Promise<Observation[]> {
  const ofAuthority = Map.groupBy(compared, ({ observation }) => observation.authority)
  const labelsOf = (authority: string): string[] =>
    [...new Set(ofAuthority.get(authority)!.map(({ observation }) => observation.period))].sort()
  const found: Observation[] = []
  for (const authorities of Map.groupBy(ofAuthority.keys(), (one) => labelsOf(one).join()).values()) {
    const behind = labelsOf(authorities[0]!).flatMap((label) => periodsBehind(parsePeriod(label)!, length))
    const periods = new Map(behind.map((one) => [one.label, one]))
    const ofThem = authorities.flatMap((authority) => ofAuthority.get(authority)!)
    const observations = await reading.compute({
      indicators: [...new Set(ofThem.map(({ definition }) => definition))],
      authorities,
      periods: [...periods.values()].sort((a, b) => (a.firstDay < b.firstDay ? -1 : 1)),
      breakdowns: breakdownsOf(ofThem),
      audience,
    })
    for (const one of observations) found.push(one)
  }
  return found
}

const breakdownsOf = (compared: readonly Compared[]): Breakdown[] => [
  ...new Map(
    compared
      .map(({ observation }) => Object.keys(observation.breakdown) as DimensionId[])
      .filter(({ length }) => length > 0)
      .map((dimensions) => [dimensions.join('*'), dimensions as unknown as Breakdown]),
  ).values(),
]

/** Categories of a long list are given only where somebody is in them: one that is not there had nobody. */
function notListed(
  { kind }: IndicatorDefinition,
  total: Observation | undefined,
  audience: Audience,
): Figure {
  const none = { value: null, numerator: null, denominator: null }
  if (audience === 'public' || total === undefined || total.status === 'x') return { ...none, status: 'x' }
  return kind === 'count' ? { ...none, value: 0, status: null } : { ...none, status: 'z' }
}

function trendOf(
  { observation, definition }: Compared,
  length: number,
  figureOf: (period: string) => Figure,
): Trend {
  const period = parsePeriod(observation.period)!
  const labels = periodsBefore(period, length).map(({ label }) => label)
  const before = figureOf(yearsBefore(period, 1).label)
  const changeFrom = (other: Figure) =>
    whyNoChange(observation, other, definition) === null ? observation.value! - other.value! : null
  const changeFromYearBefore = changeFrom(before)
  const told = directionFrom(observation, before, definition, changeFromYearBefore)
  return {
    periods: labels.map((label) => {
      const { value, status } = figureOf(label)
      return { period: label, value, status }
    }),
    changeFromPrevious: changeFrom(figureOf(labels[0]!)),
    changeFromYearBefore,
    ...told,
  }
}

function directionFrom(
  now: Observation,
  before: Figure,
  definition: IndicatorDefinition,
  change: number | null,
): Pick<Trend, 'direction' | 'significance' | 'reason'> {
  if (change === null)
    return { direction: null, significance: null, reason: whyNoChange(now, before, definition) }
  const { result, reason } = testBetween(definition, now, before)
  if (result === null) return { direction: null, significance: null, reason }
  return { direction: directionOf(change, definition.polarity, result), significance: result, reason: null }
}

/** Nothing is taken from a figure that is withheld, nor from a count of a part of its period. */
function whyNoChange(now: Observation, before: Figure, definition: IndicatorDefinition): string | null {
  if (now.value === null)
    return now.status === 'c' ? 'The figure is withheld.' : 'The figure is not available.'
  if (before.value === null)
    return before.status === 'c'
      ? 'The figure of the year before is withheld.'
      : 'The figure of the year before is not available.'
  return isPartOnly(now, definition) || isPartOnly({ ...now, ...before }, definition)
    ? 'One of the periods is covered in part only, so its count is not that of a whole one.'
    : null
}
