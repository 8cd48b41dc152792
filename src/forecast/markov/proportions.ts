import { COST_ITEMS, type CostItem, FORECAST_PLACEMENTS } from '../placement-groups.ts'
import { decimal, oneMinus, over, times, toNumber } from './six-digits.ts'
import { PLACEMENT_OF_COST_ITEM, type Proportions } from './statistics.ts'

/** Shares that a scenario supposes instead of those measured. */
export type AdjustedProportions = Readonly<Partial<Record<CostItem, number>>>

/**
 * Shares that sum to 1 within each group of placements: those of the scenario as they are, the others scaled to what is
 * left. Where the scenario's make 1 or more, or nothing else was measured, they are scaled to 1 and the others are 0.
 * A group of which nothing was measured or supposed stays unknown.
 */
export function normaliseProportions(measured: Proportions, supposed: AdjustedProportions): Proportions {
  return new Map(
    FORECAST_PLACEMENTS.flatMap((placement) => {
      const items = COST_ITEMS.filter((item) => PLACEMENT_OF_COST_ITEM.get(item) === placement)
      return normalised(items, measured, supposed)
    }),
  )
}

function normalised(
  items: readonly CostItem[],
  measured: Proportions,
  supposed: AdjustedProportions,
): [CostItem, number | null][] {
  const isSupposed = (item: CostItem): boolean => supposed[item] !== undefined
  const shareOf = (item: CostItem): number => supposed[item] ?? measured.get(item) ?? 0
  const totalOf = (some: readonly CostItem[]): number => some.reduce((sum, item) => sum + shareOf(item), 0)
  const fixed = totalOf(items.filter(isSupposed))
  const rest = totalOf(items.filter((item) => !isSupposed(item)))

  // Shares that make exactly 1 are left alone: scaling would cost them all digits after the sixth.
  if (fixed + rest === 1) return items.map((item) => [item, shareOf(item)])
  if (fixed >= 1 || rest === 0) {
    if (fixed === 0) return items.map((item) => [item, null])
    const scale = over(decimal(1), decimal(fixed))
    return items.map((item) => [item, isSupposed(item) ? toNumber(times(decimal(shareOf(item)), scale)) : 0])
  }
  const scale = over(oneMinus(decimal(fixed)), decimal(rest))
  return items.map((item) => [
    item,
    isSupposed(item) ? shareOf(item) : toNumber(times(decimal(shareOf(item)), scale)),
  ])
}
