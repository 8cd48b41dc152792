import type { Transaction } from '../platform/database/database.ts'
import { recordsHaveChanged } from '../returns/data-version.ts'
import { type SubjectOf, wasErased } from '../returns/erased-rows.ts'
import { waitForTurn } from '../returns/return-store.ts'
import type { Day } from '../vocabulary/day.ts'
import type { AcrossRule } from '../vocabulary/record-kind.ts'
import { childColumnOf, type RecordKind, relationOf } from '../vocabulary/record-kinds.ts'
import { Refusal } from '../vocabulary/refusal.ts'
import type { RecordFault, RecordValues } from './record-checks.ts'
import { keepPast } from './record-history.ts'
import { datesOf, storedColumnsOf, storedValue, valuesOf } from './stored-columns.ts'

/** A record as it is kept. */
export interface KeptRecord {
  readonly values: RecordValues
  readonly revision: number
  readonly writtenAt: string
  readonly writtenBy: string
}

const columnsOf = (kind: RecordKind): string =>
  [...storedColumnsOf(kind).map(({ name }) => name), 'revision', 'written_at', 'written_by']
    .map((name) => `r.${name}`)
    .join(', ')

type Row = Readonly<Record<string, unknown>>

const keptRecord = (kind: RecordKind, row: Row): KeptRecord => ({
  values: valuesOf(kind, row),
  revision: Number(row.revision),
  writtenAt: String(row.written_at),
  writtenBy: String(row.written_by),
})

/* ---- reading ---------------------------------------------------------------------------------------------- */

export async function readRecord(
  transaction: Transaction,
  kind: RecordKind,
  authority: string,
  id: string,
): Promise<KeptRecord | null> {
  const [row] = await transaction.query<Row>(
    'records.read',
    `select ${columnsOf(kind)} from care.${relationOf(kind)} r where r.authority = $1 and r.id = $2`,
    [authority, id],
  )
  return row ? keptRecord(kind, row) : null
}

export interface RecordFilter {
  readonly child: string | null
  readonly from: Day | null
  readonly to: Day | null
  /** The id of the last one seen. */
  readonly after: string | null
  readonly limit: number
}

/** In the order of their ids. */
export async function listRecords(
  transaction: Transaction,
  kind: RecordKind,
  authority: string,
  { child, from, to, after, limit }: RecordFilter,
): Promise<KeptRecord[]> {
  const dated = `least(${datesOf(kind, 'r').join(', ')})`
  const rows = await transaction.query<Row>(
    'records.list',
    `select ${columnsOf(kind)}
       from care.${relationOf(kind)} r
      where r.authority = $1
        and ($2::text is null or r.child = $2)
        and ($3::date is null or ${dated} >= $3)
        and ($4::date is null or ${dated} <= $4)
        and ($5::text is null or r.id > $5)
      order by r.id
      limit $6`,
    [authority, child, from, to, after, limit],
  )
  return rows.map((row) => keptRecord(kind, row))
}

/* ---- writing one ------------------------------------------------------------------------------------------ */

export interface Writing {
  readonly authority: string
  readonly by: string
  readonly today: Day
  /** Knows erased children by their pseudonyms; needed where the authority erased any. */
  readonly subjectOf?: SubjectOf | undefined
  /**
   * Called with the record as it stands, null where there is none, and whether another is to take its place; what it
   * throws ends the write.
   */
  readonly precondition: (existing: KeptRecord | null, isReplaced: boolean) => void
}

export interface Written {
  readonly result: 'created' | 'changed' | 'unchanged'
  readonly record: KeptRecord
  /** What is odd about it beside what it says itself. */
  readonly faults: readonly RecordFault[]
}

/** Writes one record, in whose place of the same id there may be one already. The transaction waits for its turn. */
export async function writeRecord(
  transaction: Transaction,
  kind: RecordKind,
  given: RecordValues,
  { authority, by, today, subjectOf, precondition }: Writing,
): Promise<Written> {
  await waitForTurn(transaction, authority)
  const id = given[0]!
  const child = childIn(kind, { values: given })
  if (child !== null && (await wasErased(transaction, authority, child, subjectOf)))
    throw erasedChild('/body')
  const existing = await readRecord(transaction, kind, authority, id)
  const values = withDaysFilledIn(kind, withUngivenKept(kind, given, existing), existing, today)
  const isSame = existing !== null && areEqual(values, existing.values)
  precondition(existing, existing !== null && !isSame)
  const ofChild = await childFaults(transaction, kind, authority, values)
  if (isSame) {
    const faults = [...ofChild, ...(await acrossFaults(transaction, kind, authority, id))]
    return { result: 'unchanged', record: existing, faults }
  }

  const before = existing ? await readMonths(transaction, kind, authority, id) : []
  await keepPast(transaction, kind, { authority, by, change: 'changed' }, 'r.id = $5', [id])
  const stored = storedColumnsOf(kind)
  const names = stored.map(({ name }) => name)
  const [row] = await transaction.query<Row>(
    'records.write',
    `insert into care.${relationOf(kind)} as r (authority, written_by, written_at, revision, ${names.join(', ')})
     values ($1, $2, clock_timestamp(), 1, ${names.map((_, index) => `$${index + 3}`).join(', ')})
     on conflict (authority, id) do update
        set ${names.map((name) => `${name} = excluded.${name}`).join(', ')},
            written_by = excluded.written_by, written_at = excluded.written_at, revision = r.revision + 1
     returning ${columnsOf(kind)}`,
    [authority, by, ...stored.map((column) => storedValue(column, values))],
  )
  await addCoverage(transaction, kind, authority, id)
  await dropEmptyMonths(transaction, kind, authority, before)
  await recordsHaveChanged(transaction, authority, kind.name)
  const faults = [...ofChild, ...(await acrossFaults(transaction, kind, authority, id))]
  return { result: existing ? 'changed' : 'created', record: keptRecord(kind, row!), faults }
}

/** What is odd about a record that is kept, beside the other records. */
async function acrossFaults(
  transaction: Transaction,
  kind: RecordKind,
  authority: string,
  id: string,
): Promise<RecordFault[]> {
  const faults: RecordFault[] = []
  for (const rule of kind.acrossRecords ?? []) {
    const rows = await transaction.query(
      'records.across',
      `select from care.${relationOf(kind)} r where r.authority = $1 and r.id = $2 and ${rule.isBroken}`,
      [authority, id],
    )
    if (rows.length > 0) faults.push(acrossFault(rule))
  }
  return faults
}

export const acrossFault = ({ rule, columns, message }: AcrossRule): RecordFault => ({
  severity: 'warning',
  rule,
  columns,
  message,
})

/** What is never given out can't be sent back by who has read the record: left out, it stays. */
const withUngivenKept = (kind: RecordKind, values: RecordValues, existing: KeptRecord | null): RecordValues =>
  values.map((value, position) =>
    kind.columns[position]!.neverGiven ? (value ?? existing?.values[position] ?? null) : value,
  )

/**
 * A day that stands for the day of writing where it is blank: that of the record as it stands where nothing else is
 * different, so that the same record written again tomorrow changes nothing.
 */
function withDaysFilledIn(
  kind: RecordKind,
  values: RecordValues,
  existing: KeptRecord | null,
  today: Day,
): RecordValues {
  const blank = kind.columns.map(
    (column, position) => column.kind === 'day' && column.ifBlank === 'today' && values[position] === null,
  )
  if (!blank.includes(true)) return values
  const kept =
    existing && values.map((value, position) => (blank[position] ? existing.values[position]! : value))
  if (kept && areEqual(kept, existing.values)) return kept
  return values.map((value, position) => (blank[position] ? today : value))
}

const areEqual = (a: RecordValues, b: RecordValues): boolean =>
  a.every((value, position) => value === b[position])

/** The child that a record is about; null for a kind whose records are of nobody. */
export const childIn = (kind: RecordKind, { values }: Pick<KeptRecord, 'values'>): string | null =>
  values[kind.columns.findIndex((column) => column.kind === 'child')] ?? null

/** Whether a record's child is one that a return in force knows, and was born before its days. */
async function childFaults(
  transaction: Transaction,
  kind: RecordKind,
  authority: string,
  values: RecordValues,
): Promise<RecordFault[]> {
  if (childColumnOf(kind) === null) return []
  const [known] = await transaction.query<{ born: Day }>(
    'records.child',
    'select c.born from care.child c where c.authority = $1 and c.child = $2',
    [authority, childIn(kind, { values })],
  )
  if (!known) return [unknownChild(kind)]
  const early = daysOf(kind).filter((name) => {
    const value = values[kind.columns.findIndex((column) => column.name === name)]
    return value !== null && value !== undefined && value.slice(0, 10) < known.born
  })
  return early.length > 0 ? [beforeBirth(early)] : []
}

/** The columns of a kind that are days, with a time or without. */
export const daysOf = ({ columns }: RecordKind): string[] =>
  columns.filter(({ kind }) => kind === 'day' || kind === 'moment').map(({ name }) => name)

export const unknownChild = (kind: RecordKind): RecordFault => ({
  severity: 'warning',
  rule: 'unknown-child',
  columns: kind.columns.filter((column) => column.kind === 'child').map(({ name }) => name),
  message: 'no return in force knows the child; the record is kept, and counts when one does',
})

export const beforeBirth = (columns: readonly string[]): RecordFault => ({
  severity: 'warning',
  rule: 'before-birth',
  columns,
  message: `${columns.join(', ')}: before the child was born`,
})

/** Writing about a child who was erased; the id is not repeated. */
export function erasedChild(pointer: string): Refusal {
  const detail = 'The child was erased: nothing can be written about them until the erasure is lifted.'
  return new Refusal('child-erased', detail, [{ pointer, code: 'child-erased', detail }])
}

/** Deletes a record; false where there is none. */
export async function deleteRecord(
  transaction: Transaction,
  kind: RecordKind,
  id: string,
  { authority, by, precondition }: Pick<Writing, 'authority' | 'by' | 'precondition'>,
): Promise<boolean> {
  await waitForTurn(transaction, authority)
  const existing = await readRecord(transaction, kind, authority, id)
  precondition(existing, false)
  if (!existing) return false
  const before = await readMonths(transaction, kind, authority, id)
  await keepPast(transaction, kind, { authority, by, change: 'deleted' }, 'r.id = $5', [id])
  await transaction.query(
    'records.delete',
    `delete from care.${relationOf(kind)} r where r.authority = $1 and r.id = $2`,
    [authority, id],
  )
  await dropEmptyMonths(transaction, kind, authority, before)
  await recordsHaveChanged(transaction, authority, kind.name)
  return true
}

/* ---- the months that have records ------------------------------------------------------------------------- */

/** The months of the records for which a condition holds. */
const monthsOf = (kind: RecordKind, condition: string): string => `
     select distinct date_trunc('month', d.day)::date as month
       from care.${relationOf(kind)} r
      cross join lateral (values ${datesOf(kind, 'r')
        .map((day) => `(${day})`)
        .join(', ')}) as d (day)
      where r.authority = $1 and d.day is not null and ${condition}`

const insertMonths = (months: string): string => `
     insert into care.record_coverage (authority, kind, month)
     select $1, $2, m.month from (${months}) m
     on conflict do nothing`

/** The months that one record has days in. */
async function readMonths(
  transaction: Transaction,
  kind: RecordKind,
  authority: string,
  id: string,
): Promise<Day[]> {
  const rows = await transaction.query<{ month: Day }>('records.months', monthsOf(kind, 'r.id = $2'), [
    authority,
    id,
  ])
  return rows.map(({ month }) => month)
}

/** Takes away those of these months in which no record has a day any more. */
async function dropEmptyMonths(
  transaction: Transaction,
  kind: RecordKind,
  authority: string,
  months: readonly Day[],
): Promise<void> {
  if (months.length === 0) return
  const inMonth = datesOf(kind, 'r').map(
    (day) => `(${day} >= c.month and ${day} < c.month + interval '1 month')`,
  )
  await transaction.query(
    'records.dropEmptyMonths',
    `delete from care.record_coverage c
      where c.authority = $1 and c.kind = $2 and c.month = any($3::date[])
        and not exists (select 1 from care.${relationOf(kind)} r
                         where r.authority = $1 and (${inMonth.join(' or ')}))`,
    [authority, kind.name, months],
  )
}

async function addCoverage(
  transaction: Transaction,
  kind: RecordKind,
  authority: string,
  id: string,
): Promise<void> {
  await transaction.query('records.addCoverage', insertMonths(monthsOf(kind, 'r.id = $3')), [
    authority,
    kind.name,
    id,
  ])
}

/** Finds out anew which months have records of a kind. */
export async function measureCoverage(
  transaction: Transaction,
  kind: RecordKind,
  authority: string,
): Promise<void> {
  await transaction.query(
    'records.coverage',
    `with held as (${monthsOf(kind, 'true')}),
     gone as (
       delete from care.record_coverage c
        where c.authority = $1 and c.kind = $2 and c.month not in (select h.month from held h)
     )
     ${insertMonths('select h.month from held h')}`,
    [authority, kind.name],
  )
}
