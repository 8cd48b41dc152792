import { createHash, type Hash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import type { Transaction } from '../platform/database/database.ts'
import { CsvFault } from '../returns/csv-reader.ts'
import type { Finding, Findings } from '../returns/finding.ts'
import { type IncomingFile, shownName } from '../returns/load-return.ts'
import type { Day } from '../vocabulary/day.ts'
import { type RecordKind, type RecordKindName, relationOf } from '../vocabulary/record-kinds.ts'
import { Refusal } from '../vocabulary/refusal.ts'
import type { RecordBatch, RowOrigin } from './incoming-rows.ts'
import { type OpenedRecordFile, openRecordFile, unreadable } from './open-record-file.ts'
import { newRecordCheck, type RecordFault } from './record-checks.ts'
import { storedColumnsOf, storedValue } from './stored-columns.ts'

/** Rows that one file may have. */
export const MOST_ROWS = 100_000

export interface CopyRequest {
  readonly kind: RecordKind<RecordKindName>
  /** The day that a published list describes, where the caller told it. */
  readonly asAt: Day | null
  readonly today: Day
}

export interface CopiedFile {
  readonly file: string
  /** Rows that were read, those that are left out, and the records that the others are. */
  readonly read: number
  readonly leftOut: number
  readonly kept: number
  /** The day that a published list describes; null for a file of the kind's own columns. */
  readonly asAt: Day | null
  readonly contentHash: string
  /** Whether its header row has every column that is needed: otherwise there is no rest that could be written. */
  readonly isReadable: boolean
}

/** Copies the one file into a table of the transaction's own, for COPY and row-level security do not go together. */
export async function copyRecords(
  transaction: Transaction,
  request: CopyRequest,
  files: AsyncIterable<IncomingFile>,
  findings: Findings<RecordKindName>,
): Promise<CopiedFile> {
  let copied: CopiedFile | undefined
  for await (const { name, bytes } of files) {
    if (copied) throw oneAtATime()
    const file = shownName(name)
    const hash = createHash('sha256')
    const opened = await openRecordFile(request.kind, hashed(bytes, hash), { ...request, file })
    try {
      const rows = await copyRows(transaction, request, file, opened, findings)
      copied = { file, ...rows, asAt: opened.asAt, contentHash: '' }
    } catch (fault) {
      if (!(fault instanceof CsvFault)) throw fault
      throw unreadable(file, fault.code, fault.message)
    }
    for await (const chunk of bytes) hash.update(chunk)
    copied = { ...copied, contentHash: hash.digest('hex') }
  }
  if (!copied) throw new Refusal('nothing-sent', 'There is no file in the request; send one file.')
  return copied
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk)
    yield chunk
  }
}

interface Counted {
  read: number
  leftOut: number
  kept: number
  /** What ended the reading before the file's end. */
  fault: Error | null
}

async function copyRows(
  transaction: Transaction,
  request: CopyRequest,
  file: string,
  { recognised, batches }: OpenedRecordFile,
  findings: Findings<RecordKindName>,
): Promise<Omit<Counted, 'fault'> & { isReadable: boolean }> {
  const { kind } = request
  for (const fault of recognised.faults) findings.add(findingOf(kind, file, 1, fault))
  const isReadable = recognised.faults.every(({ severity }) => severity !== 'error')

  const columns = storedColumnsOf(kind)
    .map(({ name }) => name)
    .join(', ')
  await transaction.query(
    'records.incoming',
    `create temporary table incoming_record on commit drop as
     select 0 as row, ${columns} from care.${relationOf(kind)} where false`,
  )
  const counted: Counted = { read: 0, leftOut: 0, kept: 0, fault: null }
  const check = newRowCheck(request, recognised.positions, recognised.cells, file, findings)
  await pipeline(
    copyLines(check, batches, counted),
    transaction.client.query(copyFrom(`copy incoming_record (row, ${columns}) from stdin`)),
  )
  const { fault, ...counts } = counted
  if (fault) throw fault
  // The rows are joined to children and to records of the same id.
  await transaction.query('records.analyse', 'analyze incoming_record')
  return { ...counts, isReadable }
}

const BUFFER_SIZE = 128 * 1024

/** The lines that COPY takes. A COPY that fails takes the transaction with it, so whatever ends the reading just ends it. */
async function* copyLines(
  check: RowCheck,
  batches: AsyncIterable<RecordBatch>,
  counted: Counted,
): AsyncGenerator<string> {
  let buffer = ''
  try {
    for await (const { rows, lines, origins } of batches) {
      for (let index = 0; index < rows.length; index++) {
        const origin = origins?.[index]
        const line = check(rows[index]!, lines[index]!, origin)
        if (line === SKIPPED) continue
        const made = origin?.rows ?? 1
        counted.read += made
        if (counted.read > MOST_ROWS) throw tooManyRows()
        if (line === null) {
          counted.leftOut += made
          continue
        }
        counted.kept++
        buffer += `${lines[index]}\t${line}\n`
        if (buffer.length < BUFFER_SIZE) continue
        yield buffer
        buffer = ''
      }
    }
  } catch (fault) {
    counted.fault = fault as Error
  }
  if (buffer !== '') yield buffer
}

/** A row without any value: spreadsheets leave them at the end. */
const SKIPPED = Symbol('a row without any value')

type RowCheck = (
  cells: readonly string[],
  line: number,
  origin: RowOrigin | undefined,
) => string | null | typeof SKIPPED

/** A function from a row's cells to the line that COPY takes; null where the row has an error. */
function newRowCheck(
  { kind, today }: CopyRequest,
  positions: readonly number[],
  expected: number,
  file: string,
  findings: Findings<RecordKindName>,
): RowCheck {
  const check = newRecordCheck(kind, today)
  const stored = storedColumnsOf(kind)
  const ids = new Set<string>()
  const absent = new Set(kind.columns.filter((_, index) => positions[index] === -1).map(({ name }) => name))
  const isInFile = ({ columns }: RecordFault): boolean => !absent.has(columns[0]!)
  return (cells, line, origin) => {
    const add = (fault: RecordFault) => {
      const placed = origin?.place(fault) ?? { line, fault }
      findings.add(findingOf(kind, file, placed.line, placed.fault))
    }
    for (const fault of origin?.faults ?? []) add(fault)
    if (origin?.isLost) return null
    if (cells.every(isBlank)) return SKIPPED
    if (cells.length < expected || !cells.slice(expected).every(isBlank)) {
      add(error('cells', [], `the row has ${cells.length} values where the header row names ${expected}`))
      return null
    }
    const { values, faults, isGood } = check(
      positions.map((position) => (position === -1 ? null : cells[position]!)),
    )
    // A column that is missing as a whole has been said once.
    for (const fault of faults) if (fault.rule !== 'missing' || isInFile(fault)) add(fault)
    const id = values[0]
    if (id !== null && id !== undefined) {
      if (ids.has(id)) {
        add(error('id-repeated', [kind.columns[0]!.name], 'an earlier row of the file has the same id'))
        return null
      }
      ids.add(id)
    }
    if (!isGood) return null
    return stored.map((column) => forCopy(storedValue(column, values))).join('\t')
  }
}

const isBlank = (cell: string): boolean => cell.trim() === ''

const error = (rule: string, columns: readonly string[], message: string): RecordFault => ({
  severity: 'error',
  rule,
  columns,
  message,
})

/** COPY's text form; only a backslash needs care, control characters have been refused. */
const forCopy = (value: string | null): string =>
  value === null ? '\\N' : value.includes('\\') ? value.replaceAll('\\', '\\\\') : value

export const findingOf = (
  kind: RecordKind<RecordKindName>,
  file: string,
  row: number,
  fault: RecordFault,
): Finding<RecordKindName> => ({ ...fault, table: kind.name, file, row })

function oneAtATime(): Refusal {
  const detail = 'The form has more than one file; send the files of a kind one after the other.'
  return new Refusal('invalid-request', detail, [
    { pointer: '/files', code: 'too-many-files', detail, allowed: ['one file'] },
  ])
}

function tooManyRows(): Refusal {
  const detail = `The file has more than ${MOST_ROWS} rows; send it in parts.`
  return new Refusal('upload-too-large', detail, [
    { pointer: '/body', code: 'too-many-rows', detail, allowed: [`at most ${MOST_ROWS} rows`] },
  ])
}
