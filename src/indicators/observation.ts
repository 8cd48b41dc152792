import type { Interval } from '../statistics/interval.ts'
import type { Unit } from './definition.ts'

/**
 * Why there is no value, in the symbols of government statistics: `c` withheld, `z` not applicable (nobody to take
 * a share or mean of), `x` not available, `k` rounds to zero but is not.
 */
export type Status = 'c' | 'z' | 'x' | 'k' | null

/**
 * Whom figures are for: those who may see the children behind them, or anybody. For the public they are made safe
 * first: no child can be found from them, by subtraction either.
 */
export type Audience = 'internal' | 'public'

/** One value of one indicator, for one authority, period and category. */
export interface Observation {
  readonly indicator: string
  readonly authority: string
  readonly period: string
  /** Category by dimension; empty for the total. */
  readonly breakdown: Readonly<Record<string, string>>
  readonly unit: Unit
  readonly value: number | null
  readonly numerator: number | null
  readonly denominator: number | null
  readonly status: Status
  /** Share of the total, in percent, of a count in a breakdown. */
  readonly share?: number | null
  readonly interval: Interval | null
  /** Of a ratio: over how many rows its sums are. For disclosure control; it does not go out. */
  readonly rows?: number
  /** Of a public total: the dimensions by which it can't be given safely, so that these breakdowns are left out. */
  readonly leftOut?: readonly string[]
  /** The period still runs: measured through `asAt`, the last day that returns cover. */
  readonly incomplete?: true
  readonly asAt?: string
  /** Why the figure is not available, and the returns that would supply it. */
  readonly reason?: string
  readonly wouldBeSuppliedBy?: readonly string[]
}
