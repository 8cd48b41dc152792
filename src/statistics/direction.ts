import type { SignificanceTest } from './significance.ts'
import type { Polarity } from './standing.ts'

/** Where a figure is going: for the better or the worse, or up or down where neither is better. */
export type Direction = 'improving' | 'worsening' | 'rising' | 'falling' | 'no-significant-change'

/** Reads the direction of a change from the test of it: one that chance may have made is none. */
export function directionOf(change: number, polarity: Polarity, test: SignificanceTest): Direction {
  if (!test.significant || change === 0) return 'no-significant-change'
  if (polarity === 'neutral') return change > 0 ? 'rising' : 'falling'
  return change > 0 === (polarity === 'higher-is-better') ? 'improving' : 'worsening'
}
