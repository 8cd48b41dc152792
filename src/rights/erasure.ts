import type { Transaction } from '../platform/database/database.ts'
import { forgetAnswersAbout } from '../platform/database/idempotency-keys.ts'
import { measureCoverage } from '../records/record-store.ts'
import { rightsHaveChanged } from '../returns/data-version.ts'
import type { SubjectOf } from '../returns/erased-rows.ts'
import { rebuildHistory } from '../returns/history/history.ts'
import { waitForTurn } from '../returns/return-store.ts'
import { RECORD_KINDS } from '../vocabulary/record-kinds.ts'
import { TABLES } from '../vocabulary/ssda903.ts'
import { type HeldTable, LINKED_COLUMNS, readHeldTables } from './held-tables.ts'

/** That a child was erased: what is left of them, by a pseudonym (UK GDPR, Article 17). */
export interface Tombstone {
  readonly subject: string
  readonly reason: string
  readonly erasedAt: string
  readonly erasedBy: string
  /** Rows that were erased, by table. */
  readonly rows: Readonly<Record<string, number>>
}

export interface Erasing {
  readonly authority: string
  readonly children: readonly string[]
  readonly reason: string
  readonly by: string
  readonly subjectOf: SubjectOf
}

/**
 * Erases everything that is held on some children of an authority, in one transaction: their rows in every table that
 * has a child, what findings and kept answers say of those rows, and the figures made from them, which are derived
 * anew. Leaves a tombstone for each. Writes of the authority wait.
 *
 * What was published stays: it is frozen, and holds numbers with small ones withheld and no child. The audit trail
 * stays as well, by which the council shows what it did; it knows children by pseudonym.
 */
export async function eraseChildren(
  transaction: Transaction,
  { authority, children, reason, by, subjectOf }: Erasing,
): Promise<Tombstone[]> {
  await waitForTurn(transaction, authority)
  const tables = await readHeldTables(transaction)
  const tombstones: Tombstone[] = []
  for (const child of children) {
    const subject = subjectOf(authority, child)
    await countOutOfReturns(transaction, authority, child)
    await renameLinks(transaction, authority, child, subject)
    // Findings first: they are known by the rows.
    const rows = inAll(
      await eraseFindings(transaction, authority, child),
      await eraseAnswers(transaction, authority, child),
      await eraseRows(transaction, authority, child, tables),
    )
    tombstones.push(await leaveTombstone(transaction, authority, { subject, reason, erasedBy: by, rows }))
  }
  if (tombstones.length > 0) await deriveAnew(transaction, authority)
  return tombstones
}

type Erased = Record<string, number>

/** Rows by table, those of one table added up. */
function inAll(...parts: readonly Erased[]): Erased {
  const all: Erased = {}
  for (const [table, rows] of parts.flatMap(Object.entries)) all[table] = (all[table] ?? 0) + rows
  return all
}

async function eraseRows(
  transaction: Transaction,
  authority: string,
  child: string,
  tables: readonly HeldTable[],
): Promise<Erased> {
  const erased: Erased = {}
  for (const { name } of tables) {
    const [counted] = await transaction.query<{ rows: number }>(
      `erase.${name}`,
      `with gone as (delete from care.${name} t where t.authority = $1 and t.child = $2 returning 1)
       select count(*)::int as rows from gone`,
      [authority, child],
    )
    if (counted!.rows > 0) erased[name] = counted!.rows
  }
  return erased
}

/** A return holds so many rows fewer. */
async function countOutOfReturns(transaction: Transaction, authority: string, child: string): Promise<void> {
  for (const { name, relation } of TABLES)
    await transaction.query(
      'erase.tableRows',
      `update care.return r
          set table_rows = jsonb_set(r.table_rows, array[$3::text],
                                     to_jsonb((r.table_rows ->> $3::text)::int - counted.rows))
         from (select t.return_number, count(*)::int as rows
                 from care.${relation} t
                where t.authority = $1 and t.child = $2
                group by t.return_number) counted
        where r.authority = $1 and r.number = counted.return_number and r.table_rows ? $3::text`,
      [authority, child, name],
    )
}

/** What was found in the child's rows, known by their lines. */
async function eraseFindings(transaction: Transaction, authority: string, child: string): Promise<Erased> {
  const rowsOf = TABLES.map(
    ({ name, relation }) =>
      `select t.return_number, '${name}' as table_name, t.row from care.${relation} t where t.authority = $1 and t.child = $2`,
  )
  const [counted] = await transaction.query<{ rows: number }>(
    'erase.findings',
    `with gone as (
       delete from care.finding f
        using (${rowsOf.join('\n        union all ')}) held
        where f.authority = $1 and f.return_number = held.return_number
          and f.table_name = held.table_name and f.row = held.row
       returning 1
     )
     select count(*)::int as rows from gone`,
    [authority, child],
  )
  return counted!.rows > 0 ? { finding: counted!.rows } : {}
}

async function eraseAnswers(transaction: Transaction, authority: string, child: string): Promise<Erased> {
  const forgotten = await forgetAnswersAbout(transaction, authority, child)
  return forgotten > 0 ? { idempotency_key: forgotten } : {}
}

/** Other children stay in the group that was called by this one's id; it goes on under the pseudonym. */
async function renameLinks(
  transaction: Transaction,
  authority: string,
  child: string,
  subject: string,
): Promise<void> {
  for (const { table, column } of LINKED_COLUMNS)
    await transaction.query(
      'erase.links',
      `update care.${table} t set ${column} = $3 where t.authority = $1 and upper(t.${column}) = $2`,
      [authority, child, subject],
    )
}

async function leaveTombstone(
  transaction: Transaction,
  authority: string,
  { subject, reason, erasedBy, rows }: Omit<Tombstone, 'erasedAt'>,
): Promise<Tombstone> {
  const [tombstone] = await transaction.query<Tombstone>(
    'erase.tombstone',
    `insert into care.erased_child (authority, subject, reason, rows, erased_at, erased_by)
     values ($1, $2, $3, $4, clock_timestamp(), $5)
     on conflict (authority, subject) do update
        set reason = excluded.reason, rows = excluded.rows, erased_at = excluded.erased_at,
            erased_by = excluded.erased_by
     returning ${TOMBSTONE}`,
    [authority, subject, reason, JSON.stringify(rows), erasedBy],
  )
  return tombstone!
}

async function deriveAnew(transaction: Transaction, authority: string): Promise<void> {
  await rebuildHistory(transaction, authority)
  for (const kind of RECORD_KINDS) await measureCoverage(transaction, kind, authority)
  await rightsHaveChanged(transaction, authority, 'erasures')
}

/* ---- tombstones ------------------------------------------------------------------------------------------------ */

const TOMBSTONE = 'subject, reason, rows, erased_at as "erasedAt", erased_by as "erasedBy"'

/** In the order of their pseudonyms, which tells nothing of when. */
export const listTombstones = (
  transaction: Transaction,
  authority: string,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Tombstone[]> =>
  transaction.query<Tombstone>(
    'erasures.list',
    `select ${TOMBSTONE}
       from care.erased_child e
      where e.authority = $1 and ($2::text is null or e.subject > $2)
      order by e.subject
      limit $3`,
    [authority, after, limit],
  )

/** Lifts an erasure that was a mistake: what is loaded of the child from now on is kept. False where there is none. */
export async function liftErasure(
  transaction: Transaction,
  authority: string,
  subject: string,
): Promise<boolean> {
  await waitForTurn(transaction, authority)
  const lifted = await transaction.query(
    'erasures.lift',
    'delete from care.erased_child e where e.authority = $1 and e.subject = $2 returning e.subject',
    [authority, subject],
  )
  if (lifted.length === 0) return false
  await rightsHaveChanged(transaction, authority, 'erasures')
  return true
}
