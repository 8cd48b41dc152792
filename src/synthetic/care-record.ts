import type { DayNumber } from './day-number.ts'

/**
 * What a council's case-management system would hold on one child, the whole history of it. The yearly returns are
 * cut from this, so that what one return says never contradicts another.
 */
export interface CareRecord {
  readonly id: string
  /** Seed of what is drawn per year, such as health checks. */
  readonly seed: number
  readonly sex: 'M' | 'F' | 'U'
  readonly born: DayNumber
  readonly ethnic: string
  readonly upn: string
  /** Birth of her first child, where there is one. */
  readonly motherSince: DayNumber
  /** Day on which the status of an unaccompanied asylum-seeking child ends; null for everyone else. */
  readonly uascUntil: DayNumber | null
  readonly homePostcode: string
  readonly periods: readonly PeriodOfCare[]
  readonly decisions: readonly AdoptionDecision[]
  readonly adoption: Adoption | null
  readonly previousPermanence: readonly PreviousPermanence[]
  readonly missing: readonly MissingIncident[]
  readonly reviews: readonly Review[]
  readonly workers: readonly WorkerEpisode[]
  readonly birthdaysAfterCare: readonly BirthdayAfterCare[]
  readonly deprivations: readonly Stretch[]
}

/** A stretch of days, `[from, until)`. */
export interface Stretch {
  readonly from: DayNumber
  readonly until: DayNumber
}

export interface PeriodOfCare extends Stretch {
  readonly episodes: readonly Episode[]
}

export interface Episode extends Stretch {
  readonly rne: string
  readonly ls: string
  readonly cin: string
  readonly home: Home
  readonly rec: string
  readonly reasonPlaceChange: string
}

export interface Home {
  readonly place: string
  readonly provider: string
  readonly postcode: string
  readonly urn: string
  /** What the place is called from the 2025-26 return on, where that is something else. */
  readonly placeSince2026?: string
}

export interface AdoptionDecision extends Stretch {
  /** Why the decision was reversed; blank where it was not. */
  readonly reversedFor: string
}

export interface Adoption {
  readonly decided: DayNumber
  readonly matched: DayNumber
  readonly ordered: DayNumber
  readonly byFosterCarer: boolean
  readonly adopters: string
  readonly adoptersSex: string
  readonly adoptersStatus: string
}

export interface PreviousPermanence {
  readonly started: DayNumber
  readonly option: string
  readonly authority: string
  readonly date: string
}

export interface MissingIncident extends Stretch {
  readonly kind: 'M' | 'A'
}

export interface Review {
  readonly day: DayNumber
  readonly code: string
}

export interface WorkerEpisode extends Stretch {
  readonly worker: string
  readonly reason: string
}

/** How a care leaver was found to be at a birthday from the 17th to the 21st. */
export interface BirthdayAfterCare {
  readonly day: DayNumber
  readonly inTouch: string
  readonly activity: string
  readonly accommodation: string
}

export const isShortBreak = (legalStatus: string): boolean => legalStatus === 'V3' || legalStatus === 'V4'
export const isTemporary = (place: string): boolean => place.startsWith('T')
export const isFoster = (place: string): boolean => place.startsWith('U')
