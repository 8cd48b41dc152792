import type { Day } from '../vocabulary/day.ts'
import type { CostItem, ForecastPlacement } from './placement-groups.ts'

/**
 * A child's time in one placement under one legal status, from the merged history: short breaks left out, a temporary
 * stay standing as the placement that it interrupts. `[startedOn, ceasedOn)`.
 */
export interface CareEpisode {
  /** Tells children apart; no id of theirs. */
  readonly child: number
  readonly born: Day
  readonly uasc: boolean
  readonly startedOn: Day
  /** Null while it lasts. */
  readonly ceasedOn: Day | null
  /** Start of the period of care, and of the placement, that the episode belongs to. */
  readonly periodStartedOn: Day
  readonly placementStartedOn: Day
  readonly placement: ForecastPlacement
  readonly costItem: CostItem
  /** Whether the period of care ends with it, and the code of the reason (REC). */
  readonly endsPeriod: boolean
  readonly reasonCeased: string | null
}

/** What is known of an authority's children in care, in the order of child and start. */
export interface CareHistory {
  readonly episodes: readonly CareEpisode[]
  /** First and last day that the returns cover. */
  readonly knownFrom: Day
  readonly knownTo: Day
}
