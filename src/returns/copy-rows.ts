import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import type { Transaction } from '../platform/database/database.ts'
import type { Day } from '../vocabulary/day.ts'
import type { ReportingYear } from '../vocabulary/period.ts'
import type { Table } from '../vocabulary/ssda903.ts'
import { type CellCheck, cellCheck } from './cell-checks.ts'
import { type CsvBatch, CsvFault } from './csv-reader.ts'
import type { Findings } from './finding.ts'
import type { RecognisedTable } from './recognise-table.ts'
import { ROW_CHECKS } from './row-checks.ts'

export interface ReturnBeingLoaded {
  readonly authority: string
  readonly number: number
  readonly year: ReportingYear
  readonly coversTo: Day
}

const BUFFER_SIZE = 128 * 1024

/** The transaction's own table of a table's rows, as long as they are being checked. */
export const incomingOf = ({ relation }: Pick<Table, 'relation'>): string => `incoming_${relation}`

/**
 * Checks a table's rows one by one and copies those that can be understood into the database, as they come.
 * Gives the number of rows read and kept.
 */
export async function copyRows(
  transaction: Transaction,
  loading: ReturnBeingLoaded,
  file: string,
  recognised: RecognisedTable,
  batches: AsyncIterable<CsvBatch>,
  findings: Findings,
): Promise<{ read: number; kept: number }> {
  const { table } = recognised
  const incoming = incomingOf(table)
  const columns = table.columns.map((column) => column.name.toLowerCase()).join(', ')
  // COPY does not go together with row-level security; a table of the transaction's own has none, needs no log,
  // and can be analysed before the checks join it.
  await transaction.query(
    'load.incoming',
    `create temporary table ${incoming} on commit drop as select row, ${columns} from care.${table.relation} where false`,
  )
  const counted: Counted = { read: 0, kept: 0, fault: null }
  await pipeline(
    copyLines(newRowChecker(recognised, loading, file, findings), batches, counted),
    transaction.client.query(copyFrom(`copy ${incoming} (row, ${columns}) from stdin`)),
  )
  if (counted.fault) throw counted.fault
  // The checks join by the child and nothing else.
  await transaction.query('load.analyse', `analyze ${incoming} (child)`)
  findings.leaveOut(table.name, counted.read - counted.kept)
  return counted
}

interface Counted {
  read: number
  kept: number
  /** Why the file is not CSV from some line on. */
  fault: CsvFault | null
}

async function* copyLines(
  check: RowChecker,
  batches: AsyncIterable<CsvBatch>,
  counted: Counted,
): AsyncGenerator<string> {
  let buffer = ''
  for await (const { rows, lines } of upToFault(batches, counted)) {
    for (let index = 0; index < rows.length; index++) {
      const line = check(rows[index]!, lines[index]!)
      if (line === SKIPPED) continue
      counted.read++
      if (line === null) continue
      counted.kept++
      buffer += `${lines[index]}\t${line}\n`
      if (buffer.length < BUFFER_SIZE) continue
      yield buffer
      buffer = ''
    }
  }
  if (buffer !== '') yield buffer
}

/** A COPY that fails takes the transaction with it, and with it what is wrong in the other files: so it just ends. */
async function* upToFault(batches: AsyncIterable<CsvBatch>, counted: Counted): AsyncGenerator<CsvBatch> {
  try {
    yield* batches
  } catch (fault) {
    if (!(fault instanceof CsvFault)) throw fault
    counted.fault = fault
  }
}

/** Moves the rows that agree with each other from the transaction's tables into the return's. */
export async function keepRows(
  transaction: Transaction,
  loading: ReturnBeingLoaded,
  table: Table,
): Promise<void> {
  const columns = ['row', ...table.columns.map((column) => column.name.toLowerCase())].join(', ')
  await transaction.query(
    `load.keep.${table.name}`,
    `insert into care.${table.relation} (authority, return_number, ${columns})
     select $1, $2, ${columns} from ${incomingOf(table)}`,
    [loading.authority, loading.number],
  )
}

/** A row without any value: spreadsheets leave them at the end. */
const SKIPPED = Symbol('a row without any value')

type RowChecker = (cells: readonly string[], line: number) => string | null | typeof SKIPPED

/** A function from a row's cells to the line that COPY takes; null where the row can't be understood. */
function newRowChecker(
  { table, cells: columnsOfFile }: RecognisedTable,
  loading: ReturnBeingLoaded,
  file: string,
  findings: Findings,
): RowChecker {
  const positions = table.columns.map((column) => columnsOfFile.indexOf(column))
  const checks: CellCheck[] = table.columns.map((column) => cellCheck(column, loading.year))
  const rowChecks = ROW_CHECKS[table.name]
  const kept: (string | null)[] = new Array(table.columns.length).fill(null)
  const add = (
    severity: 'error' | 'warning',
    rule: string,
    row: number,
    columns: readonly string[],
    message: string,
  ) => findings.add({ severity, rule, table: table.name, file, row, columns, message })

  return (cells, line) => {
    if (cells.length !== columnsOfFile.length) {
      if (cells.every(isBlank)) return SKIPPED
      if (cells.length < columnsOfFile.length || !cells.slice(columnsOfFile.length).every(isBlank)) {
        add(
          'error',
          'cells',
          line,
          [],
          `the row has ${cells.length} values where the header row names ${columnsOfFile.length}`,
        )
        return null
      }
    }
    let understood = true
    let copyLine = ''
    let anything = false
    for (let index = 0; index < positions.length; index++) {
      const cell = cells[positions[index]!]!
      const checked = checks[index]!(cell)
      if (checked.severity !== null) {
        if (checked.severity === 'error') {
          // Known only when the row is read to its end: a row without any value is no row.
          understood = false
          if (cell.trim() === '' && !anything && cells.every(isBlank)) return SKIPPED
        }
        add(checked.severity, checked.rule, line, [table.columns[index]!.name], checked.message)
      }
      if (checked.value !== null) anything = true
      kept[index] = checked.value
      copyLine += index === 0 ? forCopy(checked.value) : `\t${forCopy(checked.value)}`
    }
    if (!understood) return null
    for (const check of rowChecks) {
      if (!check.isBroken(kept, loading.coversTo)) continue
      add(check.severity, check.rule, line, check.columns, check.message)
      if (check.severity === 'error') understood = false
    }
    return understood ? copyLine : null
  }
}

const isBlank = (cell: string): boolean => cell.trim() === ''

/** COPY's text form; only a backslash needs care, control characters have been refused. */
const forCopy = (value: string | null): string =>
  value === null ? '\\N' : value.includes('\\') ? value.replaceAll('\\', '\\\\') : value
