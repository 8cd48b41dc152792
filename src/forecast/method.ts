import type { Day } from '../vocabulary/day.ts'
import type { CareHistory } from './care-history.ts'
import type { ForecastAge, ForecastPlacement } from './placement-groups.ts'

/** What is asked of a method of forecasting. */
export interface ForecastQuestion {
  /** The last day that is known: day 0 of the forecast. Nothing of the history after it may be used. */
  readonly startsOn: Day
  /** Days over which rates and entries are measured, both included. */
  readonly referenceFrom: Day
  readonly referenceTo: Day
  /** Numbers of days after `startsOn` that are reported, ascending, such as 1, 2, …, 1096. */
  readonly atDays: readonly number[]
  readonly simulations: number
  readonly seed: number
}

/** Children expected on one day: mean and spread of what may happen, and the interval in which it lies with that probability. */
export interface Expected {
  readonly mean: number
  readonly variance: number
  readonly lower80: number
  readonly upper80: number
  readonly lower95: number
  readonly upper95: number
}

/** What a method expects, day by day as asked. */
export interface Projection {
  readonly atDays: readonly number[]
  /** Children of a group and band, on the day at this index of `atDays`. */
  readonly expected: (placement: ForecastPlacement | 'all', age: ForecastAge | 'all', at: number) => Expected
  /** Probability that more children than `places` are in placements of the group on the day at this index. */
  readonly probabilityOver: (placement: ForecastPlacement | 'all', at: number, places: number) => number
}

export interface ForecastMethod {
  readonly name: string
  readonly forecast: (history: CareHistory, question: ForecastQuestion) => Projection
}
