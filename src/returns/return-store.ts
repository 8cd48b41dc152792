import { appendEvent } from '../events/event-store.ts'
import type { Transaction } from '../platform/database/database.ts'
import type { Day } from '../vocabulary/day.ts'
import { type ReportingYear, yearLabel } from '../vocabulary/period.ts'
import { TABLES, type TableName } from '../vocabulary/ssda903.ts'
import { readDataVersion, updateDataVersion } from './data-version.ts'
import type { Finding, FindingCount } from './finding.ts'
import { rebuildHistory } from './history/history.ts'
import { keepWithdrawal } from './return-moves.ts'

/** What was read, kept and found in a return. */
export interface Summary {
  readonly rowsRead: number
  readonly rowsKept: Record<string, number>
  readonly rowsLeftOut: Record<string, number>
  readonly errors: number
  readonly warnings: number
  readonly findings: readonly FindingCount[]
  /** Whether there were more findings than are kept one by one; the counts are exact all the same. */
  readonly listIsCut: boolean
}

/** A return as it was loaded. */
export interface ReturnRecord {
  readonly id: string
  readonly authority: string
  readonly year: ReportingYear
  readonly coversFrom: Day
  readonly coversTo: Day
  /** Whether figures are made from it; a later return of the same year takes its place. */
  readonly inForce: boolean
  readonly acceptedPartially: boolean
  readonly contentHash: string
  readonly files: readonly { name: string; table: string; rows: number }[]
  readonly summary: Summary
  readonly loadedAt: string
  readonly loadedBy: string
}

const RETURN_COLUMNS = `
       r.id, r.authority, r.year, r.covers_from as "coversFrom", r.covers_to as "coversTo", r.in_force as "inForce",
       r.accepted_partially as "acceptedPartially", r.content_hash as "contentHash", r.files, r.summary,
       r.loaded_at as "loadedAt", r.loaded_by as "loadedBy"`

type ReturnRow = ReturnRecord & { number: number }

export async function readReturn(
  transaction: Transaction,
  authority: string,
  id: string,
): Promise<ReturnRecord | null> {
  const rows = await transaction.query<ReturnRow>(
    'returns.read',
    `select ${RETURN_COLUMNS} from care.return r where r.authority = $1 and r.id = $2`,
    [authority, id],
  )
  return rows[0] ?? null
}

/** Newest first; `before` is the number of the last one seen. */
export async function listReturns(
  transaction: Transaction,
  authority: string,
  page: { limit: number; before: number | null },
): Promise<(ReturnRecord & { number: number })[]> {
  return transaction.query<ReturnRow>(
    'returns.list',
    `select r.number, ${RETURN_COLUMNS}
       from care.return r
      where r.authority = $1 and r.number < coalesce($2::int, 2147483647)
      order by r.number desc
      limit $3`,
    [authority, page.before, page.limit],
  )
}

export async function listFindings(
  transaction: Transaction,
  authority: string,
  id: string,
  page: { limit: number; after: number; severity: 'error' | 'warning' | null },
): Promise<(Finding & { number: number })[]> {
  return transaction.query<Finding & { number: number }>(
    'returns.findings',
    `select f.number, f.severity, f.rule, f.table_name as "table", f.file_name as "file", f.row, f.columns, f.message
       from care.finding f
       join care.return r on r.authority = f.authority and r.number = f.return_number
      where r.authority = $1 and r.id = $2 and f.number > $3 and ($4::text is null or f.severity = $4)
      order by f.number
      limit $5`,
    [authority, id, page.after, page.severity, page.limit],
  )
}

const FINDINGS_AT_ONCE = 5_000

export async function saveFindings(
  transaction: Transaction,
  authority: string,
  returnNumber: number,
  findings: readonly Finding[],
): Promise<void> {
  for (let start = 0; start < findings.length; start += FINDINGS_AT_ONCE) {
    const part = findings.slice(start, start + FINDINGS_AT_ONCE)
    await transaction.query(
      'returns.saveFindings',
      `insert into care.finding (authority, return_number, number, severity, rule, table_name, file_name, row, columns, message)
       select $1, $2, f.number, f.severity, f.rule, f.table_name, f.file_name, f.row,
              array(select jsonb_array_elements_text(f.columns)), f.message
         from jsonb_to_recordset($3::jsonb) as f(number int, severity text, rule text, table_name text, file_name text,
                                                 row int, columns jsonb, message text)`,
      [
        authority,
        returnNumber,
        JSON.stringify(
          part.map((finding, index) => ({
            number: start + index + 1,
            severity: finding.severity,
            rule: finding.rule,
            table_name: finding.table,
            file_name: finding.file,
            row: finding.row,
            columns: finding.columns,
            message: finding.message,
          })),
        ),
      ],
    )
  }
}

/** Ids of the children in a return. */
export async function childrenOf(transaction: Transaction, authority: string, id: string): Promise<string[]> {
  const rows = await transaction.query<{ child: string }>(
    'returns.children',
    `select h.child
       from care.return r
       join care.returned_header h on h.authority = r.authority and h.return_number = r.number
      where r.authority = $1 and r.id = $2`,
    [authority, id],
  )
  return rows.map(({ child }) => child)
}

const RETURNS_LOCK = 903_100
/** Held in common by whoever writes to an authority, alone by who changes what all of them are measured with. */
const WRITERS_LOCK = 903_005

/** Whatever changes an authority's returns waits for what does so already; the transaction's end lets the next in. */
export async function waitForTurn(transaction: Transaction, authority: string): Promise<void> {
  await transaction.query('returns.writing', 'select pg_advisory_xact_lock_shared($1)', [WRITERS_LOCK])
  await transaction.query('returns.queue', 'select pg_advisory_xact_lock($1, hashtext($2))', [
    RETURNS_LOCK,
    authority,
  ])
}

/** Waits until nobody writes to any authority, and keeps it so to the end of the transaction. */
export async function waitForWriters(transaction: Transaction): Promise<void> {
  await transaction.query('returns.still', 'select pg_advisory_xact_lock($1)', [WRITERS_LOCK])
}

/**
 * Withdraws a return: it and its rows are gone, the one that it had replaced is in force again, and the history is
 * as if it had never been loaded. That it was there, and who withdrew it, is kept. False where there is no such return.
 */
export async function withdrawReturn(
  transaction: Transaction,
  authority: string,
  id: string,
  by: string,
): Promise<boolean> {
  await waitForTurn(transaction, authority)
  await keepWithdrawal(transaction, authority, id, by)
  const [withdrawn] = await transaction.query<{ number: number; year: number; inForce: boolean }>(
    'withdraw.return',
    `delete from care.return r where r.authority = $1 and r.id = $2
     returning r.number, r.year, r.in_force as "inForce"`,
    [authority, id],
  )
  if (!withdrawn) return false
  for (const { relation } of TABLES) {
    await transaction.query(
      `withdraw.${relation}`,
      `delete from care.${relation} r where r.authority = $1 and r.return_number = $2`,
      [authority, withdrawn.number],
    )
  }
  // Its number may be given again.
  await transaction.query(
    'withdraw.corrections',
    'delete from care.applied_correction a where a.authority = $1 and a.return_number = $2',
    [authority, withdrawn.number],
  )
  if (withdrawn.inForce) {
    await transaction.query(
      'withdraw.restore',
      `update care.return r set in_force = true
        where r.authority = $1 and r.number = (select max(earlier.number) from care.return earlier
                                                where earlier.authority = $1 and earlier.year = $2)`,
      [authority, withdrawn.year],
    )
    await rebuildHistory(transaction, authority)
    await updateDataVersion(transaction, authority)
  }
  await appendEvent(transaction, {
    authority,
    type: 'return.withdrawn',
    subject: `/v1/authorities/${authority}/returns/${id}`,
    data: {
      return: id,
      year: yearLabel(withdrawn.year),
      dataVersion: await readDataVersion(transaction, authority),
    },
  })
  return true
}

/** The days that returns in force know about, and the tables that they hold. */
export interface CoveredYear {
  readonly authority: string
  readonly year: ReportingYear
  readonly coversFrom: Day
  readonly coversTo: Day
  readonly tables: readonly TableName[]
}

export async function readCoverage(
  transaction: Transaction,
  authorities: readonly string[],
): Promise<CoveredYear[]> {
  return transaction.query<CoveredYear>(
    'returns.coverage',
    `select r.authority, r.year, r.covers_from as "coversFrom", r.covers_to as "coversTo",
            array(select jsonb_object_keys(r.table_rows)) as tables
       from care.return r
      where r.authority = any($1::text[]) and r.in_force
      order by r.authority, r.year`,
    [authorities],
  )
}
