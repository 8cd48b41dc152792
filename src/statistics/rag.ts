import type { Polarity } from './standing.ts'

/** How a figure stands to its target: met, missed by a little, missed. */
export type Rag = 'green' | 'amber' | 'red'

/**
 * Green where the target is met; amber where it is missed, but not beyond where amber ends; red else. Met is met
 * exactly: a target of 90 is not met by 89.6 because that is written as 90. Null where neither way is good, for then
 * neither is the right side of a target.
 */
export function ragOf(value: number, target: number, amber: number | null, polarity: Polarity): Rag | null {
  if (polarity === 'neutral') return null
  const reaches = (goal: number) => (polarity === 'higher-is-better' ? value >= goal : value <= goal)
  if (reaches(target)) return 'green'
  return amber !== null && reaches(amber) ? 'amber' : 'red'
}
