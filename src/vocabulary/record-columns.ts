import { type Day, parseDay } from './day.ts'

/**
 * A column of a record: one declaration for the database column, the member in JSON and the header in CSV, which all
 * have its name. Names are those of the Standard Safeguarding Dataset (SSD) where it has the item; ours follow its style.
 */
export type RecordColumn = {
  readonly name: string
  /** What it says, in a sentence for whoever makes the export. */
  readonly description: string
  readonly source: 'ssd' | 'ours'
  readonly required?: true
  /** Kept and read by figures, but never in an answer; left out of a record that takes another's place, it stays. */
  readonly neverGiven?: true
} & RecordColumnKind

export type RecordColumnKind =
  /** The record's own id, given by the system that keeps it. */
  | { readonly kind: 'id' }
  /** The child, by the id that the returns use. */
  | { readonly kind: 'child' }
  /** A day; one after today is refused unless it may be ahead. Blank, it may stand for the day of writing. */
  | { readonly kind: 'day'; readonly mayBeAhead?: true; readonly ifBlank?: 'today' }
  /** A day, and the time on it where it is known: kept in two columns, since most systems know the day only. */
  | { readonly kind: 'moment' }
  | {
      readonly kind: 'code'
      readonly codes: Readonly<Record<string, string>>
      /** Other spellings that extracts use, and the code that each stands for. */
      readonly alsoRead?: Readonly<Record<string, string>>
      readonly ifBlank?: string
    }
  | { readonly kind: 'whole-number'; readonly least: number; readonly most: number }
  /** A number, kept to four decimals. */
  | { readonly kind: 'number'; readonly least: number; readonly most: number }
  | {
      readonly kind: 'text'
      readonly longest: number
      readonly form?: RegExp
      readonly formInWords?: string
      /** Written in more than one case, and compared with what is in capitals elsewhere. */
      readonly inCapitals?: true
    }
  /** An academic year, kept as `2023-24`. */
  | { readonly kind: 'academic-year' }

/** A rule between the columns of one record. An `error` refuses the record; a `warning` says that it is odd. */
export interface RecordRule {
  readonly severity: 'error' | 'warning'
  readonly rule: string
  readonly columns: readonly string[]
  readonly message: string
  readonly isBroken: (value: ValueOf) => boolean
}

/** A column's value as it will be kept, null where it is blank. */
export type ValueOf = (column: string) => string | null

/** The longest id that the SSD has room for. */
export const LONGEST_ID = 48
/** The longest id of a child that a return has room for. */
export const LONGEST_CHILD = 36

/** The column beside a moment's day that holds the time, where one is known. */
export const timeColumnOf = (name: string): string => `${name.replace(/_date$/, '')}_time`

/** Words that SSD extracts write where they have nothing yet. */
const PLACEHOLDERS = new Set(['SSD_PH', 'PLACEHOLDER_DATA', 'NULL'])
/** What SQL Server makes of a day that is not there. */
const NO_DAY = /^(?:1900-01-01|0?1\/0?1\/1900)(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/i

export const isBlankValue = (text: string, kind: RecordColumn['kind']): boolean =>
  text === '' ||
  PLACEHOLDERS.has(text.toUpperCase()) ||
  ((kind === 'day' || kind === 'moment') && NO_DAY.test(text))

const WITH_TIME =
  /^(\d{4}-\d{2}-\d{2}|\d{1,2}\/\d{1,2}\/\d{4})[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?$/i

/**
 * Reads a day with or without a time of day, in England's local time: `2024-06-07`, `2024-06-07T22:00`,
 * `07/06/2024 22:00`. Midnight to the second is what databases write for a day without a time, and is taken for that.
 * A time with a zone is not understood, rather than moved by an hour or taken for what it is not.
 */
export function parseMoment(text: string): string | null {
  const day = parseDay(text)
  if (day) return day
  const match = WITH_TIME.exec(text)
  if (!match) return null
  const [, written, hour, minute, second = '00'] = match
  const onDay = parseDay(written!)
  if (!onDay) return null
  const time = `${hour}:${minute}:${second}`
  return time === '00:00:00' ? onDay : `${onDay}T${time}`
}

/** The day of a moment as it is kept. */
export const dayOfMoment = (moment: string): Day => moment.slice(0, 10) as Day

/** Whether one day or moment is before another; where only the day of one is known, the days decide. */
export const isBefore = (a: string, b: string): boolean =>
  a.length > 10 && b.length > 10 ? a < b : a.slice(0, 10) < b.slice(0, 10)
