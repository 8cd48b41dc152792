import { addDays, addMonths, addYears, type Day, dayOf } from '../../vocabulary/day.ts'
import { COST_ITEMS, type CostItem, type ForecastPlacement } from '../placement-groups.ts'
import { type AdjustedProportions, normaliseProportions } from './proportions.ts'
import { decimal, onePlus, times, toNumber } from './six-digits.ts'
import { type ByState, MARKOV_STATES } from './states.ts'
import { PLACEMENT_OF_COST_ITEM, type Proportions } from './statistics.ts'

export interface Prices {
  /** Pounds a week for one child. There are none that hold for every council, so every one must be given. */
  readonly perWeek: Readonly<Record<CostItem, number>>
  readonly proportions: Proportions
  readonly adjustedProportions?: AdjustedProportions
  /** By how much prices rise on each anniversary of the first forecast day: 0.03 is 3 %. */
  readonly yearlyInflation?: number
}

/** Pounds that a kind of placement costs in a calendar quarter; null where its share of the placements is not known. */
export interface QuarterCosts {
  /** First and last day of the quarter, of which only the days of the forecast are counted. */
  readonly from: Day
  readonly to: Day
  readonly costs: ReadonlyMap<CostItem, number | null>
}

/**
 * Costs by calendar quarter of the children expected on each day from `firstDay` on. Children are counted whole in each
 * state, halves to the even number, as the existing models do: many states of a few tenths of a child cost nothing.
 */
export function costsByQuarter(firstDay: Day, daily: readonly ByState[], prices: Prices): QuarterCosts[] {
  const { proportions: measured, adjustedProportions } = prices
  const proportions =
    adjustedProportions === undefined ? measured : normaliseProportions(measured, adjustedProportions)
  const priceOn = new Map(COST_ITEMS.map((item) => [item, dailyPrices(item, firstDay, daily.length, prices)]))

  const quarters = new Map<Day, Map<CostItem, number | null>>()
  for (const [index, population] of daily.entries()) {
    const quarter = firstDayOfQuarter(addDays(firstDay, index))
    const costs = quarters.get(quarter) ?? new Map<CostItem, number | null>()
    quarters.set(quarter, costs)
    const children = wholeChildren(population)
    for (const item of COST_ITEMS) {
      const counted = children.get(PLACEMENT_OF_COST_ITEM.get(item)!) ?? 0
      const cost = costOf(counted, priceOn.get(item)![index]!, proportions.get(item) ?? null)
      const sum = costs.get(item) === undefined ? 0 : costs.get(item)!
      costs.set(item, sum === null || cost === null ? null : sum + cost)
    }
  }
  return [...quarters].map(([from, costs]) => ({
    from,
    to: addDays(addMonths(from, 3), -1),
    costs: new Map([...costs].map(([item, cost]) => [item, cost === null ? null : roundHalfToEven(cost, 2)])),
  }))
}

/** Nobody costs nothing, whatever the share. */
const costOf = (children: number, price: number, share: number | null): number | null =>
  children === 0 ? 0 : share === null ? null : children * price * share

function wholeChildren(population: ByState): Map<ForecastPlacement, number> {
  const children = new Map<ForecastPlacement, number>()
  for (const [state, { placement }] of MARKOV_STATES.entries())
    if (placement !== 'not-in-care')
      children.set(placement, (children.get(placement) ?? 0) + roundHalfToEven(population[state]!, 0))
  return children
}

/** The price of a day, day by day. Each anniversary is counted from the one before, so 29 February stays 28 February. */
function dailyPrices(
  item: CostItem,
  firstDay: Day,
  days: number,
  { perWeek, yearlyInflation }: Prices,
): number[] {
  let price = perWeek[item] / 7
  let anniversary = addYears(firstDay, 1)
  return Array.from({ length: days }, (_, index) => {
    if (yearlyInflation !== undefined && addDays(firstDay, index) === anniversary) {
      price = toNumber(times(decimal(price), onePlus(decimal(yearlyInflation))))
      anniversary = addYears(anniversary, 1)
    }
    return price
  })
}

function firstDayOfQuarter(day: Day): Day {
  const month = Number(day.slice(5, 7))
  return dayOf(Number(day.slice(0, 4)), month - ((month - 1) % 3), 1)
}

/** Rounds halves to the even neighbour, as NumPy does. */
export function roundHalfToEven(value: number, decimals: number): number {
  const scale = 10 ** decimals
  const scaled = value * scale
  const below = Math.floor(scaled)
  const rest = scaled - below
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0)
  return (below + (up ? 1 : 0)) / scale
}
