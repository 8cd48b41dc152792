import { addDays, type Day, daysBetween, earlierOf, laterOf } from '../vocabulary/day.ts'
import type { CareHistory } from './care-history.ts'
import {
  COST_ITEM_RULES,
  COST_ITEMS,
  type CostItem,
  FORECAST_PLACEMENTS,
  type ForecastPlacement,
} from './placement-groups.ts'

/** How the children of each group of placements divide over its cost items, 0 to 1; null where that can't be known. */
export type Proportions = Readonly<Record<CostItem, number | null>>

export interface MeasuredProportions {
  readonly proportions: Proportions
  /**
   * Days of care whose placement has no cost item of its group, such as a foster placement without a provider. They are
   * taken to divide as the others of the group do.
   */
  readonly daysWithoutItem: Readonly<Record<ForecastPlacement, number>>
}

/** The group that a cost item is part of; what no rule names is `other`. */
const placementOfItem = (item: CostItem): ForecastPlacement =>
  COST_ITEM_RULES.find((rule) => rule.item === item)?.placement ?? 'other'

/** The cost items of a group. */
export const itemsOf = (placement: ForecastPlacement): CostItem[] =>
  COST_ITEMS.filter((item) => placementOfItem(item) === placement)

/** Measures the proportions by the days of care between two days, both included. */
export function proportionsOf(history: CareHistory, from: Day, to: Day): MeasuredProportions {
  const days = new Map<CostItem, number>()
  const daysWithoutItem = { fostering: 0, residential: 0, supported: 0, other: 0 }
  const end = addDays(to, 1)
  for (const { startedOn, ceasedOn, placement, costItem } of history.episodes) {
    // Most of a long history is outside: told by the text of its days, for to count days takes longer.
    if (startedOn >= end || (ceasedOn !== null && ceasedOn <= from)) continue
    const until = ceasedOn === null ? end : earlierOf(ceasedOn, end)
    const lasted = Math.max(0, daysBetween(laterOf(startedOn, from), until))
    if (placementOfItem(costItem) === placement) days.set(costItem, (days.get(costItem) ?? 0) + lasted)
    else daysWithoutItem[placement] += lasted
  }
  const proportions = perGroup((items) => {
    const whole = sumOf(items, (item) => days.get(item) ?? 0)
    return (item) => (whole === 0 ? null : (days.get(item) ?? 0) / whole)
  })
  return { proportions, daysWithoutItem }
}

/**
 * Sets some proportions and fits the rest of their group to them: what was set stands, and the others share what it
 * leaves, as they divided it before. Where it leaves nothing, the others are 0 and what was set is scaled to 1; so it is
 * where nobody was in the others, for then nothing says how they would divide it.
 */
export function adjustedProportions(
  measured: Proportions,
  adjusted: Readonly<Partial<Record<CostItem, number>>>,
): Proportions {
  return perGroup((items) => {
    const set = items.filter((item) => adjusted[item] !== undefined)
    if (set.length === 0) return (item) => measured[item]
    const others = items.filter((item) => adjusted[item] === undefined)
    const setSum = sumOf(set, (item) => adjusted[item]!)
    const othersSum = sumOf(others, (item) => measured[item] ?? 0)
    if (setSum < 1 && othersSum > 0)
      return (item) => adjusted[item] ?? ((measured[item] ?? 0) * (1 - setSum)) / othersSum
    return (item) => (setSum === 0 ? null : (adjusted[item] ?? 0) / setSum)
  })
}

/** The proportions of every group, each by what is known of all its items. */
function perGroup(
  proportionsIn: (items: readonly CostItem[]) => (item: CostItem) => number | null,
): Proportions {
  const entries = FORECAST_PLACEMENTS.flatMap((placement) => {
    const items = itemsOf(placement)
    const proportionOf = proportionsIn(items)
    return items.map((item) => [item, proportionOf(item)] as const)
  })
  return Object.fromEntries(entries) as Record<CostItem, number | null>
}

const sumOf = (items: readonly CostItem[], value: (item: CostItem) => number): number =>
  items.reduce((sum, item) => sum + value(item), 0)
