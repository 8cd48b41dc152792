import type { Day } from '../../vocabulary/day.ts'
import type { ReportingYear } from '../../vocabulary/period.ts'

/** A row of the episodes of one year's return, as the council sent it. */
export interface ReturnedEpisode {
  readonly child: string
  readonly year: ReportingYear
  readonly decom: Day
  /** Why the episode began: S, P, L, T, U or B. */
  readonly rne: string
  readonly place: string
  readonly provider: string | null
  readonly dec: Day | null
  readonly rec: string | null
  readonly reasonPlaceChange: string | null
}

/** A row of the header of one year's return. */
export interface ReturnedChild {
  readonly child: string
  readonly year: ReportingYear
  readonly born: Day | null
}

/**
 * What the forecast of the existing models reads: the rows of every year's return, in the order in which they were
 * returned. Where two rows say different things, the order decides which is believed.
 */
export interface ReturnedRows {
  readonly episodes: readonly ReturnedEpisode[]
  readonly children: readonly ReturnedChild[]
  /** Children who were returned as unaccompanied in any year. */
  readonly uasc: readonly string[]
}
