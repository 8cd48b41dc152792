import { randomUUID } from 'node:crypto'
import type { Transaction } from '../platform/database/database.ts'
import { cellCheck } from '../returns/cell-checks.ts'
import {
  type Applied,
  applyCorrection,
  type Correction,
  correctedTables,
  readReturnsOfYear,
  renewCorrections,
} from '../returns/corrected-rows.ts'
import { rightsHaveChanged } from '../returns/data-version.ts'
import type { Finding } from '../returns/finding.ts'
import { rebuildHistory } from '../returns/history/history.ts'
import { waitForTurn } from '../returns/return-store.ts'
import { type ReportingYear, yearLabel } from '../vocabulary/period.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import { type Column, type Table, type TableName, tableNamed } from '../vocabulary/ssda903.ts'
import type { Subject } from './subject-rows.ts'

/** A correction as it is asked for: cells as a file of the return would have them. */
export interface AskedCorrection extends Subject {
  readonly year: ReportingYear
  readonly table: TableName
  readonly row: Readonly<Record<string, string | null>>
  readonly column: string
  readonly value: string | null
  readonly reason: string
  readonly by: string
}

/** What becomes of a correction in the return in force. */
export type Standing =
  /** The return says otherwise, and the correction holds. */
  | 'holds'
  /** The return says the same by now. */
  | 'agreed'
  /** The return in force has no row for it, or one that it would contradict. */
  | 'without-row'
  | 'withdrawn'

export interface KeptCorrection extends Correction {
  readonly reason: string
  readonly correctedAt: string
  readonly correctedBy: string
  readonly withdrawnAt: string | null
  readonly withdrawnBy: string | null
  readonly standing: Standing
}

/** A warning of the check of the value: it is kept, and odd. */
export type Oddity = Pick<Finding, 'rule' | 'columns' | 'message'>

/**
 * Corrects a value of a return (UK GDPR, Article 16): in the return in force, in those of the year that wait behind it,
 * and in every later one until the source sends the same. Figures follow at once.
 */
export async function correct(
  transaction: Transaction,
  asked: AskedCorrection,
): Promise<{ readonly correction: KeptCorrection; readonly oddities: readonly Oddity[] }> {
  const { authority, child, year } = asked
  await waitForTurn(transaction, authority)
  const { row, after, oddities } = understand(asked)
  const held = await readReturnsOfYear(transaction, authority, year)
  const inForce = held.find((one) => one.inForce)
  if (!inForce) throw await withoutReturn(transaction, authority, year)

  const id = randomUUID()
  const { table, column } = asked
  await transaction.query(
    'corrections.keep',
    `insert into care.correction (authority, id, child, number, year, table_name, row, column_name, before, after,
                                  reason, corrected_at, corrected_by)
     select $1, $2, $3, 1 + coalesce(max(c.number), 0), $4, $5, $6, $7, null, $8, $9, clock_timestamp(), $10
       from care.correction c where c.authority = $1`,
    [authority, id, child, year, table, JSON.stringify(row), column, after, asked.reason, asked.by],
  )
  const correction: Correction = { id, child, year, table, row, column, before: null, after }
  const applied = await applyCorrection(transaction, { ...inForce, authority }, correction)
  if (applied.result !== 'applied') throw notMade(applied, asked)
  await transaction.query(
    'corrections.before',
    'update care.correction c set before = $3 where c.authority = $1 and c.id = $2',
    [authority, id, applied.before],
  )
  for (const one of held)
    if (!one.inForce)
      await applyCorrection(transaction, { ...one, authority }, { ...correction, before: applied.before })
  await deriveAnew(transaction, authority)
  return { correction: (await readCorrection(transaction, asked, id))!, oddities }
}

/** Takes a correction back: what the returns say counts again. Null where there is none that holds. */
export async function withdrawCorrection(
  transaction: Transaction,
  { authority, child, id, by }: Subject & { readonly id: string; readonly by: string },
): Promise<KeptCorrection | null> {
  await waitForTurn(transaction, authority)
  const [withdrawn] = await transaction.query<{ year: ReportingYear }>(
    'corrections.withdraw',
    `update care.correction c set withdrawn_at = clock_timestamp(), withdrawn_by = $4
      where c.authority = $1 and c.child = $2 and c.id = $3 and c.withdrawn_at is null
     returning c.year`,
    [authority, child, id, by],
  )
  if (!withdrawn) return null
  await renewCorrections(transaction, authority, child, withdrawn.year)
  await deriveAnew(transaction, authority)
  return readCorrection(transaction, { authority, child }, id)
}

async function deriveAnew(transaction: Transaction, authority: string): Promise<void> {
  await rebuildHistory(transaction, authority)
  await rightsHaveChanged(transaction, authority, 'corrections')
}

/* ---- what is asked --------------------------------------------------------------------------------------------- */

/** The values as they are kept; refuses with everything that can't be understood at once. */
function understand(asked: AskedCorrection): {
  readonly row: Record<string, string | null>
  readonly after: string | null
  readonly oddities: readonly Oddity[]
} {
  const table = tableNamed(asked.table)
  const faults: Fault[] = []
  const oddities: Oddity[] = []
  const row: Record<string, string | null> = {}
  for (const [name, cell] of Object.entries(asked.row)) {
    const column = columnOf(table, name, `/body/row/${name}`, faults)
    if (column) row[column.name] = keptValue(column, cell, `/body/row/${name}`, asked.year, faults, [])
  }
  const column = columnOf(table, asked.column, '/body/column', faults)
  const after = column && keptValue(column, asked.value, '/body/value', asked.year, faults, oddities)
  if (column && correctedTables({ table: table.name, column: column.name }).length === 0)
    faults.push({
      pointer: '/body/table',
      code: 'said-in-header',
      detail: `${column.name} is what Header says of the child; corrected there, it is corrected in every table.`,
      allowed: ['Header'],
    })
  if (faults.length > 0)
    throw new Refusal(
      'correction-refused',
      `${faults.length === 1 ? 'A part' : 'Parts'} of the correction can’t be understood: nothing was changed.`,
      faults,
    )
  return { row, after: after ?? null, oddities }
}

/** The child is who the rows are about: another child's rows are not mended by calling them this one's. */
const isCorrectable = ({ kind }: Column): boolean => kind !== 'child'

function columnOf(table: Table, name: string, pointer: string, faults: Fault[]): Column | null {
  const column = table.columns.find((one) => one.name === name.trim().toUpperCase())
  if (column && isCorrectable(column)) return column
  faults.push({
    pointer,
    code: 'unknown-column',
    detail: `${table.name} has no such column that could be corrected.`,
    allowed: table.columns.filter(isCorrectable).map((one) => one.name),
  })
  return null
}

function keptValue(
  column: Column,
  cell: string | null,
  pointer: string,
  year: ReportingYear,
  faults: Fault[],
  oddities: Oddity[],
): string | null {
  const { value, severity, rule, message } = cellCheck(column, year)(cell ?? '')
  if (severity === 'error') faults.push({ pointer, code: rule, detail: message })
  if (severity === 'warning') oddities.push({ rule, columns: [column.name], message })
  return value
}

async function withoutReturn(
  transaction: Transaction,
  authority: string,
  year: ReportingYear,
): Promise<Refusal> {
  const held = await transaction.query<{ year: ReportingYear }>(
    'corrections.years',
    'select r.year from care.return r where r.authority = $1 and r.in_force order by r.year',
    [authority],
  )
  const detail = `No return of ${yearLabel(year)} is in force.`
  return new Refusal('correction-refused', detail, [
    { pointer: '/body/year', code: 'no-return', detail, allowed: held.map((one) => yearLabel(one.year)) },
  ])
}

function notMade(applied: Applied, { table, column }: AskedCorrection): Refusal {
  switch (applied.result) {
    case 'applied':
    case 'agreed':
      return refusal('/body/value', 'nothing-to-correct', `${column} of the row has this value already.`)
    case 'no-row':
      return refusal('/body/row', 'no-row', `The return has no such row of the child in ${table}.`)
    case 'several-rows':
      return refusal(
        '/body/row',
        'several-rows',
        `The return has several such rows of the child in ${table}; name further columns of the one that is meant.`,
      )
    case 'broken': {
      const faults = applied.faults.map(({ rule, columns, message }) => ({
        pointer: columns.includes(column) ? '/body/value' : '/body',
        code: rule,
        detail: `With the correction: ${message}.`,
      }))
      return new Refusal(
        'correction-refused',
        'The correction would contradict what else the return says of the child: nothing was changed.',
        faults,
      )
    }
  }
}

const refusal = (pointer: string, code: string, detail: string): Refusal =>
  new Refusal('correction-refused', detail, [{ pointer, code, detail }])

/* ---- what is kept ------------------------------------------------------------------------------------------------ */

const KEPT = `
select c.id, c.child, c.year, c.table_name as "table", c.row, c.column_name as "column", c.before, c.after, c.reason,
       c.corrected_at as "correctedAt", c.corrected_by as "correctedBy",
       c.withdrawn_at as "withdrawnAt", c.withdrawn_by as "withdrawnBy",
       case when c.withdrawn_at is not null then 'withdrawn'
            when a.correction is null then 'without-row'
            when a.before is not distinct from c.after then 'agreed'
            else 'holds' end as standing
  from care.correction c
  left join care.return r on r.authority = c.authority and r.year = c.year and r.in_force
  left join care.applied_correction a
    on a.authority = c.authority and a.correction = c.id and a.return_number = r.number
   and a.table_name = c.table_name
 where c.authority = $1 and c.child = $2`

/** The corrections of a child, in the order in which they were made; those that were withdrawn among them. */
export const listCorrections = (
  transaction: Transaction,
  { authority, child }: Subject,
): Promise<KeptCorrection[]> =>
  transaction.query<KeptCorrection>('corrections.list', `${KEPT} order by c.number`, [authority, child])

async function readCorrection(
  transaction: Transaction,
  { authority, child }: Subject,
  id: string,
): Promise<KeptCorrection | null> {
  const [row] = await transaction.query<KeptCorrection>('corrections.read', `${KEPT} and c.id = $3`, [
    authority,
    child,
    id,
  ])
  return row ?? null
}
