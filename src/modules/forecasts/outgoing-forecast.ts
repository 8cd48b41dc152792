import type { BacktestResult } from '../../forecast/backtest/backtest.ts'
import { itemsOf } from '../../forecast/cost-item-proportions.ts'
import type { Cost } from '../../forecast/costs-of-expected.ts'
import type { Course, MadeForecast } from '../../forecast/make-forecast.ts'
import { COST_ITEMS, type ForecastPlacement } from '../../forecast/placement-groups.ts'
import type { ForecastQuarter } from '../../forecast/quarterly.ts'
import type { KnownSupply } from '../../forecast/supply-queries.ts'
import { roundTo } from '../../statistics/interval.ts'
import type { RangeOut } from './forecast-answer-schemas.ts'

/** A forecast as callers get it: long tables, numbers without the noise of binary fractions. */

/** Enough for every figure to be traced, and for another implementation to be compared with. */
const DECIMALS = 9
const rounded = (value: number): number => roundTo(value, DECIMALS)
const eachRounded = (values: readonly number[]): number[] => values.map(rounded)

const rangeOut = ({ mean, lower80, upper80, lower95, upper95 }: RangeOut): RangeOut => ({
  mean: rounded(mean),
  lower80: rounded(lower80),
  upper80: rounded(upper80),
  lower95: rounded(lower95),
  upper95: rounded(upper95),
})
const rangeOrNull = (range: RangeOut | null): RangeOut | null => range && rangeOut(range)

const quarterOut = ({ label, lastForecastDay, isWhole }: ForecastQuarter) => ({
  quarter: label,
  lastForecastDay,
  isWhole,
})

export function outgoingForecast(made: MadeForecast, supply: readonly KnownSupply[]) {
  const baseline = outgoingCourse(made.baseline)
  const scenario = made.scenario && outgoingCourse(made.scenario)
  return {
    days: made.days,
    baseline,
    scenario,
    difference: scenario && differenceOf(baseline, scenario),
    supply: supply.map(({ placement, places, own, commissioned }) => ({
      placement,
      places: places.value,
      own,
      commissioned,
      reason: places.reason,
    })),
    model: made.model.summary,
    findings: made.findings,
  }
}

type OutgoingCourse = ReturnType<typeof outgoingCourse>

function outgoingCourse(course: Course) {
  const { costs } = course
  const costOf = (placement: ForecastPlacement | 'all', at: number): Cost | null => {
    const quarter = costs.quarters[at]!
    return placement === 'all'
      ? quarter.total
      : together(itemsOf(placement).map((item) => quarter.items[item]))
  }
  return {
    children: course.children.map((series) => ({
      placement: series.placement,
      ageBand: series.ageBand,
      mean: eachRounded(series.mean),
      variance: eachRounded(series.variance),
      lower80: eachRounded(series.lower80),
      upper80: eachRounded(series.upper80),
      lower95: eachRounded(series.lower95),
      upper95: eachRounded(series.upper95),
    })),
    quarters: course.quarters.flatMap(({ placement, quarters }) =>
      quarters.map(({ quarter, meanOfDays, lastDay }, at) => ({
        ...quarterOut(quarter),
        placement,
        averageChildren: rangeOut(meanOfDays),
        childrenOnLastDay: rangeOut(lastDay),
        cost: rangeOrNull(costOf(placement, at)),
      })),
    ),
    costs: costs.quarters.flatMap(({ quarter, items, total }) => [
      ...COST_ITEMS.map((item) => ({ ...quarterOut(quarter), item, cost: rangeOrNull(items[item]) })),
      { ...quarterOut(quarter), item: 'all' as const, cost: rangeOrNull(total) },
    ]),
    costsNotKnown: costs.missing,
    gap: course.gaps.map((gap) => ({
      ...quarterOut(gap.quarter),
      placement: gap.placement,
      demand: rangeOrNull(gap.demand),
      places: gap.places,
      gap: rangeOrNull(gap.gap),
      probabilityOfShortfall: gap.probabilityOfShortfall && rounded(gap.probabilityOfShortfall),
      placesNeeded: gap.placesNeeded,
      reasons: gap.reasons,
    })),
    flows:
      course.flows?.map(({ firstDay, lastDay, entries, exits, turned18 }) => ({
        firstDay,
        lastDay,
        entries: rangeOut(entries),
        exits: rangeOut(exits),
        turned18: rangeOut(turned18),
      })) ?? null,
    stayingPut: course.stayingPut?.map(rangeOut) ?? null,
    prices: course.prices,
    proportions: COST_ITEMS.map((item) => ({ item, share: course.proportions[item] })),
  }
}

/** The items of one group move together, so their intervals add up. */
function together(costs: readonly (Cost | null)[]): Cost | null {
  const sum = { mean: 0, lower80: 0, upper80: 0, lower95: 0, upper95: 0 }
  for (const cost of costs) {
    if (cost === null) return null
    for (const name of ['mean', 'lower80', 'upper80', 'lower95', 'upper95'] as const) sum[name] += cost[name]
  }
  return sum
}

function differenceOf(baseline: OutgoingCourse, scenario: OutgoingCourse) {
  const less = (one: number | null | undefined, other: number | null | undefined): number | null =>
    one === null || one === undefined || other === null || other === undefined ? null : rounded(one - other)
  return scenario.quarters.map((supposed, at) => {
    const { placement, quarter, lastForecastDay, isWhole } = supposed
    const before = baseline.quarters[at]!
    const placesIn = (course: OutgoingCourse) =>
      course.gap.find((gap) => gap.placement === placement && gap.quarter === quarter)?.places
    return {
      quarter,
      lastForecastDay,
      isWhole,
      placement,
      children: rounded(supposed.averageChildren.mean - before.averageChildren.mean),
      places: less(placesIn(scenario), placesIn(baseline)),
      cost: less(supposed.cost?.mean, before.cost?.mean),
    }
  })
}

/** Band by band the forecasts of a backtest are many and their sums say enough; by band only accuracy is given. */
export function outgoingBacktest({ accuracy, forecasts, leftOut }: BacktestResult) {
  return {
    accuracy: accuracy.map(({ age, percentageErrors: _, ...one }) => ({ ...one, ageBand: age })),
    forecasts: forecasts
      .filter(({ age }) => age === 'all')
      .map(({ age, variance: _, ...one }) => ({ ...one, ageBand: age, ...rangeOut(one) })),
    leftOut,
  }
}
