import type { Transaction } from '../platform/database/database.ts'
import type { Layout } from './layout.ts'

/** The kinds of reference data, by the words that callers use. */
export const REFERENCE_KINDS = [
  'authorities',
  'neighbours',
  'population',
  'postcodes',
  'districts',
  'adjacent',
  'comparators',
] as const

export type ReferenceKindName = (typeof REFERENCE_KINDS)[number]

/** A column of the rows that are read from a file, before they are kept. */
export interface StagedColumn {
  readonly name: string
  readonly type: 'text' | 'integer' | 'date' | 'jsonb' | 'numeric'
}

/** What a load did to the table of its kind. */
export interface Kept {
  /** Rows that are held now. */
  readonly rows: number
  /** Rows that came, went or became others. */
  readonly changed: number
}

/**
 * A kind of reference data: how its files look, and how what they say is kept. A file's rows are read into the table
 * `incoming` of the load's own transaction (`row`, the line of the file, and the staged columns), where they can be
 * checked against each other before anything is kept.
 */
export interface ReferenceKind {
  readonly name: ReferenceKindName
  readonly layouts: readonly Layout[]
  readonly staged: readonly StagedColumn[]
  /** Staged columns that no two rows may have in common, and how a person calls them together. */
  readonly key: readonly string[]
  readonly keyInWords: string
  /** Its files add to what is held rather than take its place: each brings some of the published figures. */
  readonly adds?: true
  /** What a row can't tell by its cells alone. */
  readonly checks?: readonly StagedCheck[]
  /** Completes the rows of `incoming` from what the file as a whole tells, before they are checked against each other. */
  readonly prepare?: (transaction: Transaction, part: Part) => Promise<void>
  /** The series that `incoming` has figures of, of a kind that has series. */
  readonly series?: (transaction: Transaction) => Promise<readonly LoadedSeries[]>
  /** Puts the rows of `incoming` in the place of what was held. */
  readonly keep: (transaction: Transaction, part: Part) => Promise<Kept>
}

/** What of a kind a file is for. */
export interface Part {
  /** Row of `care.reference_state`: the kind, or the set of it such as `neighbours-2025`. */
  readonly state: string
  /** Year of the set of statistical neighbours; null for other kinds. */
  readonly set: number | null
  /** The file's bytes, as they are named in the database. */
  readonly source: string
  /** Of published figures the table that the caller says they are of; null where the file is to tell. */
  readonly table: string | null
}

/** A series of published figures: a column of values in one category of a table, or a measure. */
export interface LoadedSeries {
  readonly layout: string
  readonly series: string
  readonly category: Readonly<Record<string, string>>
  /** How many figures there are of it. */
  readonly rows: number
}

/** A check of staged rows. */
export interface StagedCheck {
  readonly name: string
  /** SQL condition over `incoming` that a faulty row meets. */
  readonly isBroken: string
  readonly column: string
  readonly message: string
  readonly allowed: readonly string[]
}
