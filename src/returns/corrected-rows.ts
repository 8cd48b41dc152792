import type { Transaction } from '../platform/database/database.ts'
import type { ReportingYear } from '../vocabulary/period.ts'
import { type Column, TABLES, type Table, type TableName, tableNamed } from '../vocabulary/ssda903.ts'
import { incomingOf, type ReturnBeingLoaded } from './copy-rows.ts'
import { type Finding, Findings } from './finding.ts'
import { brokenOf, checkRecords } from './record-checks.ts'
import { type KeptRow, ROW_CHECKS } from './row-checks.ts'

/**
 * Corrections of what a return says of a child. They are held in the rows themselves, so that every figure is made from
 * them by the ways it is made anyway; what the return said stands beside, in `care.applied_correction`, so that they
 * can be taken back, and made again in the next return of the year, in the order in which they were made.
 */
export interface Correction {
  readonly id: string
  readonly child: string
  readonly year: ReportingYear
  readonly table: TableName
  /** Values of columns that tell the row apart from the child's others, as they are kept. */
  readonly row: Readonly<Record<string, string | null>>
  readonly column: string
  readonly before: string | null
  readonly after: string | null
}

/** What became of a correction in one return. */
export type Applied =
  /** `agreed`: the return says so itself. */
  | { readonly result: 'applied' | 'agreed'; readonly row: number; readonly before: string | null }
  | { readonly result: 'no-row' | 'several-rows' }
  | { readonly result: 'broken'; readonly row: number; readonly faults: readonly Fault[] }

type Fault = Pick<Finding, 'rule' | 'columns' | 'message'>

/** Columns that Header gives and other tables repeat: corrected in Header, they are in all of them. */
const REPEATED = ['DOB', 'SEX']

/** The tables in which a correction changes something; none where another table has to be named for it. */
export function correctedTables({ table, column }: Pick<Correction, 'table' | 'column'>): readonly Table[] {
  if (!REPEATED.includes(column)) return [tableNamed(table)]
  return table === 'Header' ? TABLES.filter(({ columns }) => columns.some(({ name }) => name === column)) : []
}

const inDatabase = (column: string): string => column.toLowerCase()

/** A value as its column keeps it. */
const castOf = ({ kind }: Column): string =>
  kind === 'day' ? 'date' : kind === 'whole-number' ? 'smallint' : 'text'

const columnNamed = (table: Table, name: string): Column =>
  table.columns.find((column) => column.name === name)!

type OfReturn = Pick<ReturnBeingLoaded, 'authority' | 'number' | 'coversTo'>

/** Makes one correction in one return: held to the same checks as a row that comes in, or nothing is changed. */
export async function applyCorrection(
  transaction: Transaction,
  of: OfReturn,
  correction: Correction,
): Promise<Applied> {
  const { row, column, after } = correction
  let found = await findRows(transaction, of, correction, row)
  // A source that has mended what finds the row: it says so itself.
  if (found.length === 0 && Object.hasOwn(row, column))
    found = await findRows(transaction, of, correction, { ...row, [column]: after })
  if (found.length !== 1) return { result: found.length === 0 ? 'no-row' : 'several-rows' }
  const [{ line, value: before }] = found as [FoundRow]
  if (before === after) {
    await keepApplied(transaction, of, correction, tableNamed(correction.table), [found[0]!])
    return { result: 'agreed', row: line, before }
  }

  await transaction.query('corrections.savepoint', 'savepoint before_correction')
  for (const table of correctedTables(correction)) {
    const rows =
      table.name === correction.table
        ? found
        : await findRows(transaction, of, { ...correction, table: table.name }, {})
    await keepApplied(transaction, of, correction, table, rows)
    for (const { line } of rows) await setValue(transaction, of, table, column, line, after)
  }
  const faults = await faultsOf(transaction, of, correction)
  if (faults.length === 0) {
    await transaction.query('corrections.release', 'release savepoint before_correction')
    return { result: 'applied', row: line, before }
  }
  await transaction.query('corrections.rollback', 'rollback to savepoint before_correction')
  return { result: 'broken', row: line, faults }
}

interface FoundRow {
  readonly line: number
  readonly value: string | null
}

/** The child's rows in a table of a return that have these values, and what the correction's column holds there. */
function findRows(
  transaction: Transaction,
  { authority, number }: OfReturn,
  { table, column, child }: Pick<Correction, 'table' | 'column' | 'child'>,
  values: Correction['row'],
): Promise<FoundRow[]> {
  const asked = Object.entries(values)
  return transaction.query<FoundRow>(
    'corrections.find',
    `select r.row as line, r.${inDatabase(column)}::text as value
       from care.${tableNamed(table).relation} r
      where r.authority = $1 and r.return_number = $2 and r.child = $3
        ${asked.map(([name], index) => `and r.${inDatabase(name)}::text is not distinct from $${index + 4}`).join(' ')}
      order by r.row`,
    [authority, number, child, ...asked.map(([, value]) => value)],
  )
}

async function keepApplied(
  transaction: Transaction,
  { authority, number }: OfReturn,
  { id, child }: Correction,
  table: Table,
  rows: readonly FoundRow[],
): Promise<void> {
  for (const { line, value } of rows)
    await transaction.query(
      'corrections.keepApplied',
      `insert into care.applied_correction (authority, correction, return_number, table_name, row, child, before)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [authority, id, number, table.name, line, child, value],
    )
}

async function setValue(
  transaction: Transaction,
  { authority, number }: Pick<OfReturn, 'authority' | 'number'>,
  table: Table,
  column: string,
  line: number,
  value: string | null,
): Promise<void> {
  await transaction.query(
    'corrections.set',
    `update care.${table.relation} r set ${inDatabase(column)} = $4::${castOf(columnNamed(table, column))}
      where r.authority = $1 and r.return_number = $2 and r.row = $3`,
    [authority, number, line, value],
  )
}

/* ---- the checks of a return, over one child's rows --------------------------------------------------------- */

/** What is wrong with the child's rows as they stand now; what came in with a return had no such fault. */
async function faultsOf(transaction: Transaction, of: OfReturn, correction: Correction): Promise<Fault[]> {
  await clearIncoming(transaction)
  const present = new Set<TableName>()
  const faults: Fault[] = []
  for (const table of TABLES) {
    const columns = table.columns.map(({ name }) => inDatabase(name))
    await transaction.query(
      'corrections.incoming',
      `create temporary table ${incomingOf(table)} on commit drop as
       select row, ${columns.join(', ')} from care.${table.relation} where false`,
    )
    const kept = await transaction.query<{ cells: (string | null)[] }>(
      'corrections.rows',
      `with kept as (
         insert into ${incomingOf(table)} (row, ${columns.join(', ')})
         select r.row, ${columns.map((name) => `r.${name}`).join(', ')}
           from care.${table.relation} r
          where r.authority = $1 and r.return_number = $2 and r.child = $3
         returning ${columns.join(', ')}
       )
       select array[${columns.map((name) => `k.${name}::text`).join(', ')}] as cells from kept k`,
      [of.authority, of.number, correction.child],
    )
    if (kept.length > 0) present.add(table.name)
    if (correctedTables(correction).includes(table))
      for (const { cells } of kept) faults.push(...rowFaults(table, cells, of))
  }
  const findings = new Findings()
  await checkRecords(transaction, present, new Map(), findings)
  await clearIncoming(transaction)
  const errors = findings.counts().filter(({ severity }) => severity === 'error')
  return [...faults, ...errors].map(({ rule, columns, message }) => ({ rule, columns, message }))
}

const rowFaults = (table: Table, cells: KeptRow, { coversTo }: OfReturn): Fault[] =>
  ROW_CHECKS[table.name].filter((check) => check.severity === 'error' && check.isBroken(cells, coversTo))

/** The transaction's own tables: those of a load that is past its checks, or of the correction before. */
const clearIncoming = (transaction: Transaction) =>
  transaction.query(
    'corrections.clear',
    `drop table if exists ${TABLES.flatMap((table) => [incomingOf(table), brokenOf(table)])
      .map((name) => `pg_temp.${name}`)
      .join(', ')}`,
  )

/* ---- in the next return, and back again ----------------------------------------------------------------------- */

/** The corrections that hold for the returns of a year, of one child or of all, in the order in which they were made. */
const readCorrections = (
  transaction: Transaction,
  authority: string,
  year: ReportingYear,
  child: string | null,
): Promise<Correction[]> =>
  transaction.query<Correction>(
    'corrections.ofYear',
    `select c.id, c.child, c.year, c.table_name as "table", c.row, c.column_name as "column", c.before, c.after
       from care.correction c
      where c.authority = $1 and c.year = $2 and ($3::text is null or c.child = $3) and c.withdrawn_at is null
      order by c.number`,
    [authority, year, child],
  )

/**
 * Makes the corrections of a year in a return of it that is being loaded, past its checks. A value that was corrected
 * stays so until the source sends the same, or the correction is withdrawn: the finding says where they differ.
 */
export async function reapplyCorrections(
  transaction: Transaction,
  loading: ReturnBeingLoaded,
  { fileOf }: { readonly fileOf: ReadonlyMap<TableName, string> },
  findings: Findings,
): Promise<void> {
  for (const correction of await readCorrections(transaction, loading.authority, loading.year, null)) {
    const applied = await applyCorrection(transaction, loading, correction)
    if (applied.result === 'agreed') continue
    const { table, column } = correction
    const [rule, message] = saidOf(applied, correction)
    findings.add({
      severity: 'warning',
      rule,
      table,
      file: fileOf.get(table) ?? null,
      row: 'row' in applied ? applied.row : null,
      columns: [column],
      message: `${column}: ${message}`,
    })
  }
}

function saidOf(applied: Applied, correction: Correction): readonly [rule: string, message: string] {
  switch (applied.result) {
    case 'no-row':
    case 'several-rows':
      return [
        'correction-without-row',
        `a correction of an earlier return of the year finds ${applied.result === 'no-row' ? 'no row' : 'more than one row'} here; it is not made`,
      ]
    case 'broken':
      return [
        'correction-not-made',
        `a correction of an earlier return of the year would contradict other values of this one (rule ${applied.faults[0]!.rule}); it is not made`,
      ]
    default:
      return applied.before === correction.before
        ? ['corrected', 'the value was corrected since the source wrote it; the correction holds']
        : [
            'correction-contradicted',
            'the value is neither what was corrected nor the correction; the correction holds until it is withdrawn',
          ]
  }
}

/** Makes the corrections of a child and year anew in every return of the year, from what the returns themselves say. */
export async function renewCorrections(
  transaction: Transaction,
  authority: string,
  child: string,
  year: ReportingYear,
): Promise<void> {
  const applied = await transaction.query<{
    number: number
    table: TableName
    row: number
    column: string
    before: string | null
  }>(
    'corrections.applied',
    `select a.return_number as number, a.table_name as "table", a.row, c.column_name as "column", a.before
       from care.applied_correction a
       join care.correction c on c.authority = a.authority and c.id = a.correction
      where a.authority = $1 and a.child = $2 and c.year = $3
      order by c.number desc`,
    [authority, child, year],
  )
  for (const { number, table, row, column, before } of applied)
    await setValue(transaction, { authority, number }, tableNamed(table), column, row, before)
  await transaction.query(
    'corrections.unapply',
    `delete from care.applied_correction a
      using care.correction c
      where a.authority = $1 and a.child = $2
        and c.authority = a.authority and c.id = a.correction and c.year = $3`,
    [authority, child, year],
  )
  const corrections = await readCorrections(transaction, authority, year, child)
  for (const held of await readReturnsOfYear(transaction, authority, year))
    for (const correction of corrections)
      await applyCorrection(transaction, { ...held, authority }, correction)
}

export interface HeldOfYear {
  readonly number: number
  readonly coversTo: ReturnBeingLoaded['coversTo']
  readonly inForce: boolean
}

/** The returns of a year that are held: the one in force first, then those that wait for its withdrawal. */
export const readReturnsOfYear = (
  transaction: Transaction,
  authority: string,
  year: ReportingYear,
): Promise<HeldOfYear[]> =>
  transaction.query<HeldOfYear>(
    'corrections.returns',
    `select r.number, r.covers_to as "coversTo", r.in_force as "inForce"
       from care.return r
      where r.authority = $1 and r.year = $2
      order by r.in_force desc, r.number desc`,
    [authority, year],
  )
