import { roundTo } from '../statistics/interval.ts'
import { addDays, ageOn, type Day } from '../vocabulary/day.ts'
import { itemsOf, type Proportions } from './cost-item-proportions.ts'
import type { Projection } from './method.ts'
import { COST_ITEMS, type CostItem, FORECAST_PLACEMENTS, type ForecastPlacement } from './placement-groups.ts'
import { type ForecastQuarter, quartersOf } from './quarterly.ts'

/** Pounds, and the interval in which the cost lies with that probability. */
export interface Cost {
  readonly mean: number
  readonly lower80: number
  readonly upper80: number
  readonly lower95: number
  readonly upper95: number
}

export interface CostQuestion {
  readonly startsOn: Day
  /** Of every day from the day after `startsOn`. */
  readonly projection: Projection
  readonly proportions: Proportions
  /** Pounds a week for one child, on the first day of the forecast. */
  readonly weeklyPrices: Readonly<Partial<Record<CostItem, number>>>
  /** What prices rise by on each anniversary of that day: 0.03 is 3%. */
  readonly inflationPerYear: number
}

export interface QuarterCosts {
  /** Only its days that are forecast are costed; `isWhole` says whether they are all. */
  readonly quarter: ForecastQuarter
  readonly items: Readonly<Record<CostItem, Cost | null>>
  /** Null where any item is. */
  readonly total: Cost | null
}

/** Why an item's cost is null, in some quarter at least. */
export interface MissingCost {
  readonly item: CostItem
  readonly code: 'no-price' | 'no-proportion'
  readonly reason: string
}

export interface ExpectedCosts {
  readonly quarters: readonly QuarterCosts[]
  readonly missing: readonly MissingCost[]
  /** What the intervals leave out. */
  readonly notKnown: readonly string[]
}

const NOT_KNOWN = [
  'Prices and proportions are taken as certain: the intervals hold the number of children alone.',
  'A cost is a number of children at an average price; what one child needs may cost far more or less.',
  'Within a group of placements a quarter that is high is taken to be high on all its days, which makes its interval a little wide; the groups are taken to vary independently of each other, and children who move between them, or come in more than one, may make the interval of the total too wide or too narrow.',
]

/**
 * What the expected children cost: days of care × weekly price / 7 × the cost item's share of its group, summed by
 * quarter. An item in which nobody is expected costs nothing, whatever its price.
 */
export function costsOfExpected(question: CostQuestion): ExpectedCosts {
  const { startsOn, projection } = question
  demandEveryDay(projection.atDays)
  const missing = new Map<CostItem, MissingCost>()
  const risen = priceLevels(question)
  const quarters = quartersOf(startsOn, projection.atDays).map((quarter): QuarterCosts => {
    const items: Partial<Record<CostItem, Cost | null>> = {}
    const groups: (Cost | null)[] = []
    for (const placement of FORECAST_PLACEMENTS) {
      const days = daysOfCare(projection, placement, quarter, risen)
      const costs = itemsOf(placement).map((item) => {
        const rate = ratePerDay(item, days, question)
        if (typeof rate !== 'number') missing.set(item, rate)
        const cost = typeof rate === 'number' ? scaled(days, rate) : null
        items[item] = cost && inPence(cost)
        return cost
      })
      groups.push(allOf(costs, movingTogether))
    }
    const total = allOf(groups, independent)
    return { quarter, items: items as Record<CostItem, Cost | null>, total: total && inPence(total) }
  })
  return {
    quarters,
    missing: COST_ITEMS.flatMap((item) => missing.get(item) ?? []),
    notKnown: NOT_KNOWN,
  }
}

function demandEveryDay(atDays: readonly number[]): void {
  if (atDays.some((days, at) => days !== at + 1))
    throw new RangeError('costs need a projection of every day from the day after it starts')
}

/** What a pound of the first day's prices is on each day. Years are completed as a child's are. */
function priceLevels({ startsOn, projection, inflationPerYear }: CostQuestion): number[] {
  const firstDay = addDays(startsOn, 1)
  return projection.atDays.map((days) => (1 + inflationPerYear) ** ageOn(addDays(startsOn, days), firstDay))
}

/** Days of care in a quarter, each weighted with the level of prices on it. */
function daysOfCare(
  projection: Projection,
  placement: ForecastPlacement,
  { firstAt, lastAt }: ForecastQuarter,
  priceLevel: readonly number[],
): Cost {
  let [mean, lower80, upper80, lower95, upper95] = [0, 0, 0, 0, 0]
  for (let at = firstAt; at <= lastAt; at++) {
    const children = projection.expected(placement, 'all', at)
    const level = priceLevel[at]!
    mean += children.mean * level
    lower80 += children.lower80 * level
    upper80 += children.upper80 * level
    lower95 += children.lower95 * level
    upper95 += children.upper95 * level
  }
  return { mean, lower80, upper80, lower95, upper95 }
}

/** Pounds a day for a child of the group, as far as this item goes; or why that is not known. */
function ratePerDay(
  item: CostItem,
  days: Cost,
  { proportions, weeklyPrices }: CostQuestion,
): number | MissingCost {
  if (days.mean === 0 && days.upper95 === 0) return 0
  const proportion = proportions[item]
  if (proportion === 0) return 0
  const price = weeklyPrices[item]
  if (price === undefined)
    return { item, code: 'no-price', reason: 'children are expected in it, and it has no weekly price' }
  if (proportion === null)
    return {
      item,
      code: 'no-proportion',
      reason: 'nobody was in its group of placements over the days of reference, so its share is not known',
    }
  return (price / 7) * proportion
}

const allOf = (costs: readonly (Cost | null)[], sum: (costs: readonly Cost[]) => Cost): Cost | null => {
  const known = costs.filter((cost) => cost !== null)
  return known.length === costs.length ? sum(known) : null
}

/** Costs that are high together: their ends add up. */
const movingTogether = (costs: readonly Cost[]): Cost => ({
  mean: sumOf(costs, ({ mean }) => mean),
  lower80: sumOf(costs, ({ lower80 }) => lower80),
  upper80: sumOf(costs, ({ upper80 }) => upper80),
  lower95: sumOf(costs, ({ lower95 }) => lower95),
  upper95: sumOf(costs, ({ upper95 }) => upper95),
})

/** Costs that vary independently: the squares of their reaches add up, down and up each for itself. */
function independent(costs: readonly Cost[]): Cost {
  const mean = sumOf(costs, (cost) => cost.mean)
  const reach = (end: Exclude<keyof Cost, 'mean'>) =>
    Math.sqrt(sumOf(costs, (cost) => (cost[end] - cost.mean) ** 2))
  return {
    mean,
    lower80: mean - reach('lower80'),
    upper80: mean + reach('upper80'),
    lower95: mean - reach('lower95'),
    upper95: mean + reach('upper95'),
  }
}

const sumOf = (costs: readonly Cost[], value: (cost: Cost) => number): number =>
  costs.reduce((sum, cost) => sum + value(cost), 0)

const scaled = (cost: Cost, by: number): Cost => mapped(cost, (value) => value * by)
const inPence = (cost: Cost): Cost => mapped(cost, (value) => roundTo(value, 2))
const mapped = (cost: Cost, change: (value: number) => number): Cost => ({
  mean: change(cost.mean),
  lower80: change(cost.lower80),
  upper80: change(cost.upper80),
  lower95: change(cost.lower95),
  upper95: change(cost.upper95),
})
