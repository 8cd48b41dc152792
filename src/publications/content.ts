import type { DefinitionInWords } from '../indicators/definition-in-words.ts'
import type { Audience, Observation } from '../indicators/observation.ts'
import type { Target } from '../targets/target-store.ts'
import type { DisclosureProfile } from './disclosure-profile.ts'

/**
 * What is frozen: everything that the report, the table and the comparison with today are made from, and what the hash
 * is taken over. A release that needs further members gives the format a new version, and reads the old ones still.
 */
export interface PublicationContent {
  readonly format: typeof FORMAT
  readonly id: string
  readonly authority: { readonly code: string; readonly dfeCode: string; readonly name: string }
  readonly audience: Audience
  readonly title: string
  readonly note: string | null
  readonly publishedAt: string
  /** Labels, the earliest first; all of one kind. */
  readonly periods: readonly string[]
  /** The same periods of earlier years, as far as anything is known of them, the earliest first. */
  readonly historyPeriods: readonly string[]
  /** Dimensions that the figures are also given by. */
  readonly breakdowns: readonly string[]
  readonly dataVersion: string
  readonly software: FrozenSoftware
  readonly disclosure: DisclosureProfile
  readonly returns: readonly FrozenReturn[]
  /** Word for the state of the records beside the returns; empty where there were none. */
  readonly recordsVersion: string
  readonly reference: readonly FrozenReference[]
  readonly indicators: readonly FrozenDefinition[]
  readonly dimensions: readonly FrozenDimension[]
  readonly observations: readonly Observation[]
  /** The figures of `historyPeriods`, in total. */
  readonly history: readonly Observation[]
  readonly targets: readonly FrozenTarget[]
}

export const FORMAT = 'corporate-parenting-publication-1'

export interface FrozenSoftware {
  readonly name: string
  readonly version: string
  /** Changes whenever any definition does. */
  readonly edition: string
}

export interface FrozenReturn {
  readonly id: string
  /** The reporting year, such as `2024-25`. */
  readonly year: string
  readonly coversFrom: string
  readonly coversTo: string
  readonly loadedAt: string
  readonly contentHash: string
}

export interface FrozenReference {
  readonly kind: string
  readonly version: string
}

export interface FrozenDefinition extends DefinitionInWords {
  /** Names how it was calculated. */
  readonly calculation: string
}

export interface FrozenDimension {
  readonly id: string
  readonly label: string
  readonly definition: string
  readonly categories: readonly { readonly id: string; readonly label: string }[]
}

export type FrozenTarget = Pick<Target, 'indicator' | 'period' | 'value' | 'amber' | 'commentary'>
