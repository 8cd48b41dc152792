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

/**
 * The trends of observations of one reading: the same figures for periods before, measured in one question for all
 * authorities that have the same periods behind them.
 */
export async function trendsOf(
  reading: Reading,
  compared: readonly Compared[],
  length: number,
  audience: Audience,
): Promise<Trend[]> {
  const behind = new Map<string, readonly Period[]>()
  for (const { observation } of compared)
    if (!behind.has(observation.period))
      behind.set(observation.period, periodsBehind(observation.period, length))
  const earlier = await earlierFigures(reading, compared, behind, audience)
  return compared.map((one) => trendOf(one, length, (period) => earlier(one, period)))
}

/** The periods to measure: those shown, and the same one a year before. */
function periodsBehind(label: string, length: number): Period[] {
  const period = parsePeriod(label)!
  const shown = periodsBefore(period, length)
  const yearBefore = yearsBefore(period, 1)
  return shown.some((one) => one.label === yearBefore.label) ? shown : [...shown, yearBefore]
}

type Earlier = (of: Compared, period: string) => Figure

/** A figure as it was in an earlier period. */
type Figure = Pick<Observation, 'value' | 'status' | 'numerator' | 'denominator' | 'incomplete'>

async function earlierFigures(
  reading: Reading,
  compared: readonly Compared[],
  behind: ReadonlyMap<string, readonly Period[]>,
  audience: Audience,
): Promise<Earlier> {
  const found = new Map<string, Observation>()
  const keyOf = (indicator: string, authority: string, period: string, breakdown: string) =>
    `${indicator} ${authority} ${period} ${breakdown}`
  const labelsOf = new Map<string, Set<string>>()
  for (const { observation } of compared) {
    const labels = labelsOf.get(observation.authority) ?? new Set()
    labelsOf.set(observation.authority, labels.add(observation.period))
  }
  const alike = Map.groupBy(labelsOf.keys(), (authority) => [...labelsOf.get(authority)!].sort().join())
  for (const authorities of alike.values()) {
    const labels = labelsOf.get(authorities[0]!)!
    const periods = new Map([...labels].flatMap((label) => behind.get(label)!).map((one) => [one.label, one]))
    const ofThem = compared.filter(({ observation }) => authorities.includes(observation.authority))
    const observations = await reading.compute({
      indicators: [...new Set(ofThem.map(({ definition }) => definition))],
      authorities,
      periods: [...periods.values()].sort((a, b) => (a.firstDay < b.firstDay ? -1 : 1)),
      breakdowns: breakdownsOf(ofThem),
      audience,
    })
    for (const one of observations)
      found.set(keyOf(one.indicator, one.authority, one.period, breakdownKey(one.breakdown)), one)
  }
  return ({ observation: { indicator, authority, breakdown }, definition }, period) => {
    const figure = found.get(keyOf(indicator, authority, period, breakdownKey(breakdown)))
    return figure ?? notListed(definition, found.get(keyOf(indicator, authority, period, '')), audience)
  }
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
