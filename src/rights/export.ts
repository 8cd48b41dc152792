import type { Transaction } from '../platform/database/database.ts'
import type { SubjectOf } from '../returns/erased-rows.ts'
import type { ReportingYear } from '../vocabulary/period.ts'
import { type ColumnMeaning, columnMeaning, type HeldAs, type HeldTable, meaningOf } from './held-tables.ts'
import type { Subject } from './subject-rows.ts'

/** Everything that is held on one child (UK GDPR, Article 15). */
export interface ChildExport {
  readonly subject: string
  readonly dataVersion: string
  readonly returns: readonly ExportedReturn[]
  readonly tables: readonly ExportedTable[]
  readonly audit: readonly ExportedAuditEntry[]
}

export interface ExportedReturn {
  readonly number: number
  readonly id: string
  readonly year: ReportingYear
  readonly inForce: boolean
  readonly loadedAt: string
  readonly loadedBy: string
}

export interface ExportedTable {
  readonly table: string
  readonly heldAs: HeldAs
  readonly meaning: string
  readonly columns: readonly ColumnMeaning[]
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

export interface ExportedAuditEntry {
  readonly at: string
  readonly caller: string
  readonly onBehalfOf: string | null
  readonly action: string
  readonly rows: number
  readonly purpose: string | null
}

/** Reads every row that is held on a child, from one snapshot. */
export async function exportChild(
  transaction: Transaction,
  { authority, child }: Subject,
  tables: readonly HeldTable[],
  subjectOf: SubjectOf,
): Promise<ChildExport> {
  const subject = subjectOf(authority, child)
  const exported: ExportedTable[] = []
  for (const table of tables) {
    const rows = await rowsOf(transaction, table, { authority, child })
    if (rows.length > 0) exported.push({ table: table.name, ...meaningOf(table), ...described(table, rows) })
  }
  const [state] = await transaction.query<{ version: string }>(
    'export.version',
    'select s.data_version as version from care.authority_state s where s.authority = $1',
    [authority],
  )
  return {
    subject,
    dataVersion: state?.version ?? '0',
    returns: await readReturns(transaction, authority, exported),
    tables: exported,
    audit: await readAudit(transaction, authority, subject),
  }
}

/** The rows as they are kept, but for the authority and the child, which are those of the export. */
async function rowsOf(
  transaction: Transaction,
  { name, key }: HeldTable,
  { authority, child }: Subject,
): Promise<Record<string, unknown>[]> {
  const rows = await transaction.query<{ row: Record<string, unknown> }>(
    `export.${name}`,
    `select to_jsonb(t) - 'authority' - 'child' as row
       from care.${name} t
      where t.authority = $1 and t.child = $2
      order by ${key.map((column) => `t.${column}`).join(', ')}`,
    [authority, child],
  )
  return rows.map(({ row }) => row)
}

/** The columns that the rows have something in, and of codes those that occur. */
function described(
  table: HeldTable,
  rows: readonly Record<string, unknown>[],
): Pick<ExportedTable, 'columns' | 'rows'> {
  const columns = table.columns
    .filter((name) => name !== 'authority' && name !== 'child')
    .map((name) => {
      const meaning = columnMeaning(table, name)
      if (meaning.codes === null) return meaning
      const used = new Set(rows.map((row) => String(row[name])))
      const codes = Object.fromEntries(Object.entries(meaning.codes).filter(([code]) => used.has(code)))
      return { ...meaning, codes }
    })
  return { columns, rows }
}

/** The returns that the rows came with: which, when and by whom. */
async function readReturns(
  transaction: Transaction,
  authority: string,
  tables: readonly ExportedTable[],
): Promise<ExportedReturn[]> {
  const numbers = new Set(
    tables.flatMap(({ rows }) => rows.flatMap((row) => ('return_number' in row ? [row.return_number] : []))),
  )
  return transaction.query<ExportedReturn>(
    'export.returns',
    `select r.number, r.id, r.year, r.in_force as "inForce", r.loaded_at as "loadedAt", r.loaded_by as "loadedBy"
       from care.return r
      where r.authority = $1 and r.number = any($2::int[])
      order by r.number`,
    [authority, [...numbers]],
  )
}

/** Who saw the child's data or changed it, when and for what. */
const readAudit = (
  transaction: Transaction,
  authority: string,
  subject: string,
): Promise<ExportedAuditEntry[]> =>
  transaction.query<ExportedAuditEntry>(
    'export.audit',
    `select e.at, e.caller, e.on_behalf_of as "onBehalfOf", e.action, e.rows, e.purpose
       from care.audit_entry e
      where e.authority = $1 and e.subjects @> array[$2::text]
      order by e.number`,
    [authority, subject],
  )
