import type { ForecastPlacement } from '../placement-groups.ts'
import type { ExitKind } from './bands.ts'
import type { DayNumber } from './calendar.ts'
import type { EntriesModel } from './entries.ts'
import type { Hazards } from './hazards.ts'

/**
 * What the method has learned of a council: plain arrays, so that it can be handed to another thread as it is. Days are
 * counted from the last day that is known, which is day 0.
 */
export interface SurvivalModel {
  readonly startsOn: DayNumber
  readonly entries: EntriesModel
  readonly hazards: Hazards
  /** What the reference window saw, to which the level of every rate is set. */
  readonly window: WindowLevels
  /** Weights of where a move leads: by placement left, age of the mover, placement reached. */
  readonly destinations: Float64Array
  readonly stock: Stock
  readonly stayedPut: StayedPut
  readonly summary: SurvivalSummary
}

export interface WindowLevels {
  /** The cells in which children spent days of the window, and the days. */
  readonly cell: Int32Array
  readonly days: Float64Array
  /** By outcome and placement. */
  readonly events: Float64Array
  /** What a caller assumes beside it, for each outcome: events, and days of a child. */
  readonly priorEvents: Float64Array
  readonly priorDays: Float64Array
  /** Variance over mean of a month's exits: siblings leave together. */
  readonly exitDispersion: number
  /** Variance of the change of the level of exits from one year to the next. */
  readonly exitYearlyVariance: number
  readonly years: number
}

/** The children in care on day 0, in columns. */
export interface Stock {
  readonly placement: Uint8Array
  readonly uasc: Uint8Array
  /** Days, at most 0, on which care and the placement started. */
  readonly enteredOn: Int32Array
  readonly movedOn: Int32Array
  /** Seven to a child: the days on which it reaches the ages of `AGE_STARTS`, and 18. */
  readonly birthdays: Int32Array
}

/** Young adults who left foster placements at 18 before day 0. */
export interface StayedPut {
  /** The days, at most 0, on which those turned 18 who stayed with their carers (REC E17). */
  readonly since: Int32Array
  /** Of all who left a foster placement at 18 in the window, and how many of them stayed. */
  readonly left: number
  readonly stayed: number
}

/** The fitted model as people read it. */
export interface SurvivalSummary {
  readonly childrenInCare: number
  readonly childYears: number
  readonly entries: {
    readonly perYear: number
    readonly observed: number
    /** Variance over mean of a month's entries: 1 where they come by chance alone. */
    readonly dispersion: number
    /** Standard deviation of the change from one year to the next, as a share; 0 where the history shows none. */
    readonly yearToYear: number
    /** January to December, 1 for a month like the others. */
    readonly season: readonly number[]
  }
  readonly exits: { readonly dispersion: number; readonly yearToYear: number }
  readonly rates: readonly SummaryRate[]
  /** Months after which half of those who enter care have left it, with the rates of the model; null where over 18 years. */
  readonly medianStayMonths: number | null
}

export interface SummaryRate {
  readonly placement: ForecastPlacement | 'all'
  readonly outcome: ExitKind | 'move'
  /** In the reference window. */
  readonly events: number
  readonly childYears: number
  /** Pooled with what the rate was drawn toward. */
  readonly perChildYear: number
}
