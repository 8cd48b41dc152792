import type { CodeSet } from './code-sets.ts'
import { isBefore, type RecordColumn, type RecordRule, type ValueOf } from './record-columns.ts'

/**
 * What boards ask for and the SSDA903 return does not carry, one kind of record each. A kind is declared here and
 * nowhere else: its table, its schema and paths in OpenAPI, how its CSV is read, what is found in it, and its entry in
 * the list of kinds follow.
 */
export interface RecordKind<Name extends string = string> {
  /** As it stands in the address: lower case, with hyphens. */
  readonly name: Name
  /** The name of one record in OpenAPI, and what one is, in words. */
  readonly one: string
  readonly title: string
  readonly description: string
  /** Id first, then the child for kinds that have one. */
  readonly columns: readonly RecordColumn[]
  /** The days by which it is known which months have records, the first being the one that lists are cut by. */
  readonly datedBy: readonly string[]
  /** Columns beside the id by which other records and figures find this one: each has an index. */
  readonly foundBy?: readonly string[]
  /** A day that the database derives from another column, for what is dated by something that is no day. */
  readonly derivedDay?: { readonly name: string; readonly sql: string }
  readonly rules: readonly RecordRule[]
  /** The list by which others publish records of this kind: it can be loaded as it is published. */
  readonly publishedAs?: 'ofsted-provider-list'
  /** What is odd about a record beside other records; only ever warnings, for the others may come later. */
  readonly acrossRecords?: readonly AcrossRule[]
}

/** A rule between a record and what else the authority has sent: told by the database, for one record or all of a file. */
export interface AcrossRule {
  readonly rule: string
  readonly columns: readonly string[]
  readonly message: string
  /** SQL condition that is true of a broken row, which is called `r`; `$1` is the authority. */
  readonly isBroken: string
}

/* ---- columns, in few words ------------------------------------------------------------------------------- */

type Source = RecordColumn['source']
type Options<Kind extends RecordColumn['kind']> = Partial<
  Omit<Extract<RecordColumn, { kind: Kind }>, 'kind' | 'name' | 'description' | 'source'>
>

/** The columns of one source: those that the SSD has, and those that are ours. */
const columnsOf = (source: Source) => ({
  id: (name: string, description: string): RecordColumn => ({
    name,
    description,
    source,
    kind: 'id',
    required: true,
  }),
  child: (name: string): RecordColumn => ({
    name,
    description: 'The child, by the id that the returns use.',
    source,
    kind: 'child',
    required: true,
  }),
  day: (name: string, description: string, options: Options<'day'> = {}): RecordColumn => ({
    name,
    description,
    source,
    kind: 'day',
    ...options,
  }),
  moment: (name: string, description: string, options: Options<'moment'> = {}): RecordColumn => ({
    name,
    description,
    source,
    kind: 'moment',
    ...options,
  }),
  code: (
    name: string,
    description: string,
    set: Readonly<Record<string, string>>,
    options: Options<'code'> = {},
  ): RecordColumn => ({ name, description, source, kind: 'code', codes: set, ...options }),
  yesNo: (name: string, description: string, options: Options<'code'> = {}): RecordColumn => ({
    name,
    description,
    source,
    kind: 'code',
    codes: YES_NO,
    alsoRead: { YES: 'Y', NO: 'N' },
    ...options,
  }),
  count: (
    name: string,
    description: string,
    most: number,
    options: Options<'whole-number'> = {},
  ): RecordColumn => ({ name, description, source, kind: 'whole-number', least: 0, most, ...options }),
  number: (
    name: string,
    description: string,
    [least, most]: readonly [number, number],
    options: Options<'number'> = {},
  ): RecordColumn => ({ name, description, source, kind: 'number', least, most, ...options }),
  text: (
    name: string,
    description: string,
    longest: number,
    options: Options<'text'> = {},
  ): RecordColumn => ({
    name,
    description,
    source,
    kind: 'text',
    longest,
    ...options,
  }),
})

export const ssd = columnsOf('ssd')
export const ours = columnsOf('ours')
export const needed = { required: true } as const
export const maybeAhead = { mayBeAhead: true } as const

export const YES_NO = { Y: 'Yes', N: 'No' }
export const YES_NO_NA = { ...YES_NO, NA: 'Not applicable' }
export const alsoYesNo = { YES: 'Y', NO: 'N', 'N/A': 'NA' }
export const labelsOf = (set: CodeSet): Record<string, string> =>
  Object.fromEntries(Object.entries(set).map(([code, { label }]) => [code, label]))

/* ---- rules, in few words --------------------------------------------------------------------------------- */

export const rule = (
  severity: RecordRule['severity'],
  code: string,
  columns: string,
  message: string,
  isBroken: RecordRule['isBroken'],
): RecordRule => ({ severity, rule: code, columns: columns.split(' '), message, isBroken })

/** Two days in order: what has a later day before the earlier breaks it. Blank days break nothing. */
export const inOrder = (
  severity: RecordRule['severity'],
  code: string,
  earlier: string,
  later: string,
): RecordRule =>
  rule(
    severity,
    code,
    `${earlier} ${later}`,
    `${later} is before ${earlier}; it must be on or after it`,
    (value) => bothAre(value, earlier, later, (first, second) => isBefore(second, first)),
  )

export const endBeforeStart = (start: string, end: string): RecordRule =>
  inOrder('error', 'end-before-start', start, end)

export const bothAre = (
  value: ValueOf,
  one: string,
  other: string,
  broken: (one: string, other: string) => boolean,
): boolean => {
  const [first, second] = [value(one), value(other)]
  return first !== null && second !== null && broken(first, second)
}

/** A part of a number that is more than the number. */
export const moreThan = (whole: string, part: string): RecordRule =>
  rule(
    'error',
    'more-than-all',
    `${whole} ${part}`,
    `${part} is more than ${whole}; it must be at most that`,
    (value) => bothAre(value, whole, part, (all, some) => Number(some) > Number(all)),
  )

export const kind = <const Name extends string>(declared: RecordKind<Name>): RecordKind<Name> => declared
