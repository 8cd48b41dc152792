import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import type { Database, Transaction } from '../platform/database/database.ts'
import { SERVICE } from '../platform/database/idempotency-keys.ts'
import { type CsvBatch, CsvFault, readCsv } from '../returns/csv-reader.ts'
import { EVERY_AUTHORITY } from '../vocabulary/authority.ts'
import { nearMatches } from '../vocabulary/near-match.ts'
import { Refusal } from '../vocabulary/refusal.ts'
import type { CellFault } from './cells.ts'
import { KINDS } from './kinds.ts'
import type { Layout, RowOutput, RowReader } from './layout.ts'
import { NEIGHBOUR_SETS } from './neighbours.ts'
import { MOST_FINDINGS, ReferenceFindings } from './reference-findings.ts'
import type { LoadedSeries, Part, ReferenceKind, ReferenceKindName } from './reference-kind.ts'
import { type ReferenceState, readState, versionOf, writeState } from './reference-state.ts'
import { unpacked } from './unpacked.ts'

export interface ReferenceRequest {
  readonly kind: ReferenceKind
  /** Year of the set of statistical neighbours; null: the one that the file's columns tell. */
  readonly set: number | null
  /** Of comparators: the publisher's name of the table, where the file's own words would not tell it. */
  readonly table?: string | null
  /** Checks the file and says what would change, and keeps nothing. */
  readonly dryRun: boolean
  readonly loadedBy: string
}

export interface ReferenceHooks {
  /**
   * Runs in the load's transaction, when something has changed and before it is committed: what was derived from
   * reference data is derived anew here, so that nobody sees the one without the other. It sees every authority's rows.
   */
  readonly afterwards?: (transaction: Transaction, kind: ReferenceKindName) => Promise<void>
  /** Called first of all within the transaction; what it throws ends the load. */
  readonly onStart?: (transaction: Transaction) => Promise<void>
  /** Called when the file is read; what it throws ends the load, and nothing is kept. */
  readonly afterReading?: (transaction: Transaction, contentHash: string) => Promise<void>
  /** Called at the end, for what has to be kept with the rows or not at all; also where nothing has changed. */
  readonly beforeCommit?: (transaction: Transaction, outcome: ReferenceOutcome) => Promise<void>
  readonly onProgress?: (progress: { readonly rows: number }) => void
}

export interface ReferenceOutcome {
  readonly result: 'loaded' | 'unchanged' | 'checked'
  readonly state: ReferenceState
  readonly layout: string
  /** Rows read from the file, and those that are none of the kind's: another country, another age group. */
  readonly rowsRead: number
  readonly rowsPassedOver: number
  /** Rows held that came, went or became others. */
  readonly rowsChanged: number
  /** The series that the file has figures of; none for kinds without series. */
  readonly series: readonly LoadedSeries[]
}

/** Loads of one kind wait for each other. */
const REFERENCE_LOCK = 903_004

/**
 * Loads a file of reference data, all or nothing: its rows are read into a table of the transaction's own, checked one
 * by one and against each other, and only then take the place of what was held. A load that is refused, or killed at
 * any moment, leaves everything as it was, and can be repeated. The same content again changes nothing.
 */
export async function loadReference(
  database: Database,
  request: ReferenceRequest,
  input: AsyncIterable<Uint8Array>,
  hooks: ReferenceHooks = {},
): Promise<ReferenceOutcome> {
  const every = [...EVERY_AUTHORITY, SERVICE]
  try {
    return await database.load(every, async (transaction) => {
      await hooks.onStart?.(transaction)
      await transaction.query('reference.before', 'savepoint before')
      const outcome = await loadWithin(transaction, request, input, hooks)
      if (outcome.result === 'checked') throw new NothingKept(outcome)
      if (outcome.result === 'unchanged')
        await transaction.query('reference.undo', 'rollback to savepoint before')
      await hooks.beforeCommit?.(transaction, outcome)
      return outcome
    })
  } catch (thrown) {
    if (thrown instanceof NothingKept) return thrown.outcome
    throw thrown
  }
}

/** Rolls the transaction back and still has an answer. */
class NothingKept extends Error {
  readonly outcome: ReferenceOutcome
  constructor(outcome: ReferenceOutcome) {
    super('nothing is kept')
    this.outcome = outcome
  }
}

async function loadWithin(
  transaction: Transaction,
  request: ReferenceRequest,
  input: AsyncIterable<Uint8Array>,
  hooks: ReferenceHooks,
): Promise<ReferenceOutcome> {
  const { kind, dryRun, loadedBy } = request
  await transaction.query(
    'reference.turn',
    `select pg_advisory_xact_lock($1, hashtext($2)), set_config('work_mem', '128MB', true)`,
    [REFERENCE_LOCK, kind.name],
  )
  const findings = new ReferenceFindings()
  const file = unpacked(input)
  const read = await stage(transaction, kind, file.bytes, findings, hooks)
  // The same bytes as another table are another content.
  const contentHash = request.table ? versionOf([file.contentHash(), request.table]) : file.contentHash()
  await hooks.afterReading?.(transaction, contentHash)
  const part = partOf(kind, read.layout, request, contentHash)
  const before = await readState(transaction, part.state)
  await kind.prepare?.(transaction, part)
  const series = (await kind.series?.(transaction)) ?? []
  const counted = { layout: read.layout.id, rowsRead: read.rows, rowsPassedOver: read.passedOver, series }
  if (before?.contentHash === contentHash)
    return { result: 'unchanged', state: before, ...counted, rowsChanged: 0 }

  await checkStaged(transaction, kind, findings)
  if (findings.count === 0 && read.kept === 0)
    findings.add(null, null, 'the file has no row that this kind of reference data could keep')
  if (findings.count > 0) throw refused(findings)
  const kept = await kind.keep(transaction, part)
  // Lists that add to what is held are known by having added nothing.
  if (kind.adds && kept.changed === 0 && before)
    return { result: 'unchanged', state: before, ...counted, rowsChanged: 0 }
  const state = await writeState(transaction, {
    kind: part.state,
    version: versionOf(kind.adds && before ? [before.version, contentHash] : [contentHash]),
    rows: kept.rows,
    loadedBy,
    contentHash,
  })
  if (kept.changed > 0) await hooks.afterwards?.(transaction, kind.name)
  return { result: dryRun ? 'checked' : 'loaded', state, ...counted, rowsChanged: kept.changed }
}

function partOf(
  kind: ReferenceKind,
  layout: Layout,
  { set: asked, table = null }: ReferenceRequest,
  contentHash: string,
): Part {
  const source = contentHash.slice(0, 12)
  if (kind.name !== 'neighbours') return { state: kind.name, set: null, source, table }
  const set = asked ?? layout.set ?? NEIGHBOUR_SETS.at(-1)!
  return { state: `neighbours-${set}`, set, source, table }
}

/* ---- reading ---------------------------------------------------------------------------------------------- */

interface Staged {
  readonly layout: Layout
  rows: number
  kept: number
  passedOver: number
}

const BUFFER_SIZE = 128 * 1024

/** Reads the file's rows into the table `incoming`, which is gone with the transaction. */
async function stage(
  transaction: Transaction,
  kind: ReferenceKind,
  bytes: AsyncIterable<Uint8Array>,
  findings: ReferenceFindings,
  hooks: ReferenceHooks,
): Promise<Staged> {
  const batches = understood(readCsv(bytes))[Symbol.asyncIterator]()
  const { header, layout, reader, rest } = await open(kind, batches)
  const columns = kind.staged.map(({ name }) => name).join(', ')
  await transaction.query(
    'reference.incoming',
    `create temporary table incoming (row integer, ${kind.staged.map(({ name, type }) => `${name} ${type}`).join(', ')})
     on commit drop`,
  )
  const staged: Staged = { layout, rows: 0, kept: 0, passedOver: 0 }
  const state: { fault: unknown } = { fault: null }
  // A COPY that fails takes the transaction with it; so what is wrong with the bytes ends it, and is told afterwards.
  async function* lines(): AsyncGenerator<string> {
    try {
      yield* copyLines(header.length, reader, rest, batches, staged, findings, hooks)
    } catch (fault) {
      state.fault = fault
    }
  }
  await pipeline(lines(), transaction.client.query(copyFrom(`copy incoming (row, ${columns}) from stdin`)))
  if (state.fault) throw state.fault
  await transaction.query('reference.analyse', 'analyze incoming')
  return staged
}

async function* copyLines(
  width: number,
  reader: RowReader,
  first: CsvBatch,
  batches: AsyncIterator<CsvBatch>,
  staged: Staged,
  findings: ReferenceFindings,
  hooks: ReferenceHooks,
): AsyncGenerator<string> {
  let buffer = ''
  let line = 0
  const row: RowOutput = {
    keep(values) {
      staged.kept++
      buffer += line
      for (const value of values) buffer += `\t${forCopy(value)}`
      buffer += '\n'
    },
    passOver() {
      staged.passedOver++
    },
    fault(column, { message, allowed }: CellFault) {
      findings.add(line, column, message, allowed)
    },
  }
  for (let batch: CsvBatch | undefined = first; batch; ) {
    for (let index = 0; index < batch.rows.length; index++) {
      const cells = batch.rows[index]!
      line = batch.lines[index]!
      if (cells.length < width || (cells.length > width && !cells.slice(width).every(isBlank))) {
        if (cells.every(isBlank)) continue
        findings.add(line, null, `the row has ${cells.length} values where the header row names ${width}`, [
          `${width} values`,
        ])
        continue
      }
      if (isBlank(cells[0]!) && cells.every(isBlank)) continue
      staged.rows++
      reader(cells, row)
      if (buffer.length < BUFFER_SIZE) continue
      yield buffer
      buffer = ''
    }
    hooks.onProgress?.({ rows: staged.rows })
    const { done, value } = await batches.next()
    batch = done ? undefined : value
  }
  if (buffer !== '') yield buffer
}

const isBlank = (cell: string): boolean => cell.trim() === ''

/** COPY's text form. */
function forCopy(value: string | null): string {
  if (value === null) return '\\N'
  return /[\\\t\r\n]/.test(value)
    ? value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\r', '\\r').replaceAll('\n', '\\n')
    : value
}

/** What is no CSV is no reference data. */
async function* understood(batches: AsyncIterable<CsvBatch>): AsyncGenerator<CsvBatch> {
  try {
    yield* batches
  } catch (fault) {
    if (!(fault instanceof CsvFault)) throw fault
    if (fault.code === 'empty-file')
      throw new Refusal('nothing-sent', 'The body is empty; send the file of reference data.')
    const detail = `The file can’t be read: ${fault.message}.`
    throw new Refusal('not-reference-data', detail, [{ pointer: '/body', code: fault.code, detail }])
  }
}

/* ---- recognising ------------------------------------------------------------------------------------------ */

interface Opened {
  readonly header: readonly string[]
  readonly layout: Layout
  readonly reader: RowReader
  /** The rows of the first batch below the header. */
  readonly rest: CsvBatch
}

const ROWS_TO_KNOW_A_FILE_BY = 500

async function open(kind: ReferenceKind, batches: AsyncIterator<CsvBatch>): Promise<Opened> {
  const rows: string[][] = []
  const lines: number[] = []
  // A slow line brings a row at a time; what a column holds is seen in some hundred of them.
  while (rows.length <= ROWS_TO_KNOW_A_FILE_BY) {
    const { done, value } = await batches.next()
    if (done) break
    for (const row of value.rows) rows.push(row)
    for (const line of value.lines) lines.push(line)
  }
  const header = rows[0]!
  const rest = { rows: rows.slice(1), lines: lines.slice(1) }
  for (const layout of kind.layouts) {
    const reader = layout.recognise(header, rest.rows)
    if (reader) return { header, layout, reader, rest }
  }
  throw notRecognised(kind, header, rest.rows)
}

/** Says what is looked for, what is missing of it, and whether the file is one of another kind. */
function notRecognised(
  kind: ReferenceKind,
  header: readonly string[],
  sample: readonly (readonly string[])[],
): Refusal {
  const other = KINDS.find(
    (one) => one !== kind && one.layouts.some((layout) => layout.recognise(header, sample) !== null),
  )
  const detail = other
    ? `The header row is not one of ${kind.name}; it is one of ${other.name}.`
    : `The header row is not one of ${kind.name}.`
  const has = new Set(header.map((cell) => cell.trim().toLowerCase()))
  return new Refusal(
    'not-reference-data',
    detail,
    kind.layouts.map(({ id, looksFor }) => {
      const missing = looksFor.filter((name) => !name.split(' or ').some((one) => has.has(one.toLowerCase())))
      const near = missing.flatMap((name) => nearMatches(name.split(' or ')[0]!, has, 1))
      return {
        pointer: '/body',
        code: 'unknown-columns',
        detail: `${id}: the columns ${missing.slice(0, 12).join(', ')} are not among those of the header row.`,
        allowed: [...looksFor],
        ...(near.length > 0 && { didYouMean: [...new Set(near)] }),
      }
    }),
    other ? { otherKind: other.name } : {},
  )
}

/* ---- checking --------------------------------------------------------------------------------------------- */

/** Rows that can't stand together, and what a row can't tell by itself. */
async function checkStaged(
  transaction: Transaction,
  kind: ReferenceKind,
  findings: ReferenceFindings,
): Promise<void> {
  const key = kind.key.map((column) => `incoming.${column}`).join(', ')
  const repeated = {
    name: 'repeated',
    from: `(select row_number() over (partition by ${key} order by incoming.row) as number, incoming.*
              from incoming
              join (select ${key} from incoming group by ${key} having count(*) > 1) as several
             using (${kind.key.join(', ')})) as incoming`,
    isBroken: 'incoming.number > 1',
    column: null,
    message: `an earlier row is about the same ${kind.keyInWords}`,
    allowed: [`one row for each ${kind.keyInWords}`],
  }
  const checks = (kind.checks ?? []).map((check) => ({ from: 'incoming', ...check }))
  for (const { name, from, isBroken, column, message, allowed } of [repeated, ...checks]) {
    const faulty = await transaction.query<{ row: number; total: number }>(
      `reference.check.${name}`,
      `select faulty.row, (count(*) over ())::int as total
         from (select distinct incoming.row from ${from} where ${isBroken}) as faulty
        order by faulty.row
        limit ${MOST_FINDINGS}`,
    )
    for (const { row } of faulty) findings.add(row, column, message, allowed)
    findings.addUnlisted((faulty[0]?.total ?? 0) - faulty.length)
  }
}

function refused(findings: ReferenceFindings): Refusal {
  const listed = findings.listed()
  const count = findings.count
  return new Refusal(
    'reference-refused',
    `The file has ${count === 1 ? 'a fault' : `${count.toLocaleString('en-GB')} faults`}; nothing of it was loaded.`,
    listed.slice(0, 100).map(({ row, column, message, allowed }) => ({
      pointer: row === null ? '/body' : `/body/rows/${row}`,
      code: 'reference-refused',
      detail: `${row === null ? '' : `row ${row}: `}${column === null ? '' : `${column}: `}${message}`,
      ...(allowed.length > 0 && { allowed }),
    })),
    { findings: listed, findingCount: count },
  )
}
