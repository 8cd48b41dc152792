import { createHash, type Hash, randomUUID } from 'node:crypto'
import { appendEvent } from '../events/event-store.ts'
import type { Database, Transaction } from '../platform/database/database.ts'
import type { Authority } from '../vocabulary/authority.ts'
import type { Day } from '../vocabulary/day.ts'
import { type ReportingYear, yearLabel } from '../vocabulary/period.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import { type TableName, tableNamed } from '../vocabulary/ssda903.ts'
import { copyRows, incomingOf, keepRows, type ReturnBeingLoaded } from './copy-rows.ts'
import { reapplyCorrections } from './corrected-rows.ts'
import { type CsvBatch, CsvFault, readCsv } from './csv-reader.ts'
import { updateDataVersion } from './data-version.ts'
import { ERASED_ROW, type SubjectOf, takeOutErased } from './erased-rows.ts'
import { type Finding, Findings } from './finding.ts'
import { rebuildHistory } from './history/history.ts'
import { type RecognisedTable, recogniseTable } from './recognise-table.ts'
import { checkRecords } from './record-checks.ts'
import {
  childrenOf,
  type ReturnRecord,
  readReturn,
  type Summary,
  saveFindings,
  waitForTurn,
} from './return-store.ts'

/** A file as it came, under the name its sender gave it. */
export interface IncomingFile {
  readonly name: string
  readonly bytes: AsyncIterable<Uint8Array>
}

export interface LoadRequest {
  readonly authority: Authority
  readonly year: ReportingYear
  readonly coversFrom: Day
  readonly coversTo: Day
  /** Whether rows that can be understood are loaded when others can't. */
  readonly partially: boolean
  /** Checks, merges and measures, and keeps nothing. */
  readonly dryRun: boolean
  readonly loadedBy: string
  /** Knows erased children by their pseudonyms; needed where the authority erased any. */
  readonly subjectOf?: SubjectOf | undefined
}

export interface LoadOutcome<Measured> {
  readonly result: 'loaded' | 'unchanged' | 'checked'
  readonly record: ReturnRecord
  /** What was found in the rows; for a return that was loaded it is kept as well. */
  readonly findings: readonly Finding[]
  /** What `measure` gave before the return and with it, where it was asked for. */
  readonly before: Measured | null
  readonly after: Measured | null
  /** Ids of the children in the return, for the audit trail; none where nothing was loaded or checked. */
  readonly children: readonly string[]
}

export interface LoadHooks<Measured> {
  /** Measures the authority as it stands; called twice in a dry run, before and after. */
  readonly measure?: (transaction: Transaction) => Promise<Measured>
  /** Called first of all within the transaction, before the load waits for its turn; what it throws ends the load. */
  readonly onStart?: (transaction: Transaction) => Promise<void>
  /** Called when all files are read and known to be tables; what it throws ends the load, and nothing is kept. */
  readonly afterReading?: (transaction: Transaction, contentHash: string) => Promise<void>
  /** Called within the transaction at its end, for what has to be kept with the return or not at all. */
  readonly beforeCommit?: (transaction: Transaction, outcome: LoadOutcome<Measured>) => Promise<void>
  readonly onProgress?: (progress: { file: string; rows: number }) => void
}

/**
 * Loads one return, all or nothing, in one transaction: reads, checks and copies the rows as they come, checks the
 * records against each other, and makes the authority's history anew. Loads of one authority wait for each other.
 */
export async function loadReturn<Measured = never>(
  database: Database,
  request: LoadRequest,
  files: AsyncIterable<IncomingFile>,
  hooks: LoadHooks<Measured> = {},
): Promise<LoadOutcome<Measured>> {
  try {
    return await database.load([request.authority.code], async (transaction) => {
      const outcome = await load(transaction, request, files, hooks)
      // What changes nothing is undone rather than committed: the rows that were copied to be checked go with it.
      if (outcome.result === 'checked') throw new Undone(outcome)
      await hooks.beforeCommit?.(transaction, outcome)
      return outcome
    })
  } catch (thrown) {
    if (thrown instanceof Undone) return thrown.outcome as LoadOutcome<Measured>
    throw thrown
  }
}

/** Ends a transaction without keeping what it did. */
class Undone extends Error {
  readonly outcome: unknown
  constructor(outcome: unknown) {
    super('nothing is kept')
    this.outcome = outcome
  }
}

async function load<Measured>(
  transaction: Transaction,
  request: LoadRequest,
  files: AsyncIterable<IncomingFile>,
  hooks: LoadHooks<Measured>,
): Promise<LoadOutcome<Measured>> {
  const authority = request.authority.code
  await hooks.onStart?.(transaction)
  await waitForTurn(transaction, authority)
  const loading = {
    authority,
    year: request.year,
    coversTo: request.coversTo,
    number: await nextNumber(transaction, authority),
  }
  const before = request.dryRun && hooks.measure ? await hooks.measure(transaction) : null

  const findings = new Findings()
  const taken = await takeFiles(transaction, loading, files, findings, hooks.onProgress)
  await hooks.afterReading?.(transaction, taken.contentHash)
  const same = await returnWithSameContent(transaction, request, taken.contentHash)
  if (same && !request.dryRun) {
    return { result: 'unchanged', record: same, findings: [], before: null, after: null, children: [] }
  }

  await leaveOutErased(transaction, request, taken, findings)
  checkTables(taken.tables, findings)
  checkYear(request, taken.tables.get('Episodes') ?? 0, findings)
  // Without one of the two main tables there is nothing to check the rows against, and no rest that could be loaded:
  // it would put an empty year in a full one's place.
  const isWhole = taken.tables.has('Header') && taken.tables.has('Episodes')
  const takenOut = isWhole
    ? await checkRecords(transaction, new Set(taken.tables.keys()), taken.fileOf, findings)
    : []
  for (const [table, rows] of takenOut) taken.tables.set(table, (taken.tables.get(table) ?? 0) - rows)

  const summary = (): Summary => ({
    rowsRead: taken.read,
    rowsKept: Object.fromEntries(taken.tables),
    rowsLeftOut: findings.leftOut(),
    errors: findings.errors,
    warnings: findings.warnings,
    findings: findings.counts(),
    listIsCut: findings.isCut,
  })
  if (findings.errors > 0 && !(request.partially && isWhole)) throw refused(request, findings, summary())

  for (const table of taken.tables.keys()) await keepRows(transaction, loading, tableNamed(table))
  await reapplyCorrections(transaction, loading, taken, findings)

  await transaction.query(
    'load.replace',
    'update care.return r set in_force = false where r.authority = $1 and r.year = $2 and r.in_force',
    [authority, request.year],
  )
  const id = randomUUID()
  await transaction.query(
    'load.keep',
    `insert into care.return (authority, number, id, year, covers_from, covers_to, in_force, accepted_partially,
                              content_hash, table_rows, files, summary, loaded_at, loaded_by)
     values ($1, $2, $3, $4, $5, $6, true, $7, $8, $9, $10, $11, clock_timestamp(), $12)`,
    [
      authority,
      loading.number,
      id,
      request.year,
      request.coversFrom,
      request.coversTo,
      request.partially,
      taken.contentHash,
      JSON.stringify(Object.fromEntries(taken.tables)),
      JSON.stringify(taken.files),
      JSON.stringify(summary()),
      request.loadedBy,
    ],
  )
  await saveFindings(transaction, authority, loading.number, findings.listed())
  await rebuildHistory(transaction, authority)
  const dataVersion = await updateDataVersion(transaction, authority)
  const record = await readReturn(transaction, authority, id)
  if (!record) throw new Error('a return that was just loaded is not there')
  const after = request.dryRun && hooks.measure ? await hooks.measure(transaction) : null
  await appendEvent(transaction, {
    authority,
    type: 'return.loaded',
    subject: `/v1/authorities/${authority}/returns/${id}`,
    data: { return: id, year: yearLabel(request.year), dataVersion },
  })
  const children = await childrenOf(transaction, authority, id)
  return {
    result: request.dryRun ? 'checked' : 'loaded',
    record,
    findings: findings.listed(),
    before,
    after,
    children,
  }
}

async function nextNumber(transaction: Transaction, authority: string): Promise<number> {
  const [row] = await transaction.query<{ number: number }>(
    'load.nextNumber',
    'select coalesce(max(r.number), 0) + 1 as number from care.return r where r.authority = $1',
    [authority],
  )
  return row!.number
}

/* ---- the files ------------------------------------------------------------------------------------------- */

interface TakenFiles {
  /** Rows kept, by table that was in the return. */
  readonly tables: Map<TableName, number>
  readonly fileOf: ReadonlyMap<TableName, string>
  readonly files: { name: string; table: TableName; rows: number }[]
  readonly read: number
  readonly contentHash: string
}

/** Reads every file to its end, so that all that is wrong is said at once; a file that is no table refuses the return. */
async function takeFiles(
  transaction: Transaction,
  loading: ReturnBeingLoaded,
  files: AsyncIterable<IncomingFile>,
  findings: Findings,
  onProgress?: LoadHooks<never>['onProgress'],
): Promise<TakenFiles> {
  const faults: Fault[] = []
  const tables = new Map<TableName, number>()
  const fileOf = new Map<TableName, string>()
  const taken: TakenFiles['files'] = []
  const hashes: string[] = []
  let read = 0
  for await (const { name, bytes } of files) {
    const file = shownName(name)
    const hash = createHash('sha256')
    const batches = readCsv(hashed(bytes, hash))
    try {
      const opened = await openTable(batches)
      if ('fault' in opened) {
        faults.push({ pointer: pointerTo(file), code: 'not-a-table', detail: `${file}: ${opened.fault}` })
      } else if (tables.has(opened.recognised.table.name)) {
        const table = opened.recognised.table.name
        faults.push({
          pointer: pointerTo(file),
          code: 'table-sent-twice',
          detail: `${file}: ${fileOf.get(table)} holds the table ${table} already; a return has each table once`,
        })
      } else {
        const table = opened.recognised.table.name
        const watched = onProgress
          ? reporting(opened.rest, (rows) => onProgress({ file, rows }))
          : opened.rest
        // Known before it is read: should it break off, another file of the same table comes all the same too late.
        tables.set(table, 0)
        fileOf.set(table, file)
        const counted = await copyRows(transaction, loading, file, opened.recognised, watched, findings)
        read += counted.read
        tables.set(table, counted.kept)
        taken.push({ name: file, table, rows: counted.read })
      }
    } catch (fault) {
      if (!(fault instanceof CsvFault)) throw fault
      faults.push({ pointer: pointerTo(file), code: fault.code, detail: `${file}: ${fault.message}` })
    }
    // To the end also after a fault: the next file comes behind this one on the same connection.
    for await (const _ of bytes) {
    }
    hashes.push(hash.digest('hex'))
  }
  if (faults.length > 0) {
    throw new Refusal(
      'not-a-return',
      `${faults.length} of the files can't be read as a table of the return`,
      faults,
    )
  }
  if (taken.length === 0) throw new Refusal('nothing-sent', 'There is no file in the request')
  const contentHash = createHash('sha256').update(hashes.sort().join('\n')).digest('hex')
  return {
    tables,
    fileOf,
    files: taken,
    read,
    contentHash,
  }
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk)
    yield chunk
  }
}

async function* reporting(
  batches: AsyncIterable<CsvBatch>,
  report: (rows: number) => void,
): AsyncGenerator<CsvBatch> {
  let rows = 0
  for await (const batch of batches) {
    yield batch
    rows += batch.rows.length
    report(rows)
  }
}

/** Knows the table by its first row, and gives the rest. */
async function openTable(
  batches: AsyncGenerator<CsvBatch>,
): Promise<{ recognised: RecognisedTable; rest: AsyncGenerator<CsvBatch> } | { fault: string }> {
  const first = await batches.next()
  if (first.done) throw new CsvFault('empty-file', 'the file is empty')
  const recognised = recogniseTable(first.value.rows[0]!)
  if ('fault' in recognised) return recognised
  const { rows, lines } = first.value
  async function* rest() {
    yield { rows: rows.slice(1), lines: lines.slice(1) }
    yield* batches
  }
  return { recognised, rest: rest() }
}

/** A name as it may stand in an answer: short, on one line. */
export const shownName = (name: string): string =>
  name.replaceAll(/[^\p{L}\p{N} ._()+-]/gu, '_').slice(-80) || 'file'

export const pointerTo = (file: string): string =>
  `/files/${file.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** Rows about children who were erased are left out, each with a warning that does not say who it is about. */
async function leaveOutErased(
  transaction: Transaction,
  request: LoadRequest,
  { tables, fileOf }: TakenFiles,
  findings: Findings,
): Promise<void> {
  const named = new Map([...tables.keys()].map((table) => [incomingOf(tableNamed(table)), table]))
  const { authority, subjectOf } = request
  for (const { relation, rows } of await takeOutErased(transaction, authority.code, subjectOf, [
    ...named.keys(),
  ])) {
    const table = named.get(relation)!
    const file = fileOf.get(table) ?? null
    for (const row of rows) findings.add({ ...ERASED_ROW, table, file, row, columns: ['CHILD'] })
    findings.leaveOut(table, rows.length)
    tables.set(table, tables.get(table)! - rows.length)
  }
}

/* ---- the return as a whole --------------------------------------------------------------------------------- */

function checkTables(tables: ReadonlyMap<TableName, number>, findings: Findings): void {
  for (const table of ['Header', 'Episodes'] as const) {
    if (tables.has(table)) continue
    findings.add({
      severity: 'error',
      rule: 'table-missing',
      table,
      file: null,
      row: null,
      columns: [],
      message: `the return has no ${table} table; without it no figure can be made`,
    })
  }
}

/** Many episodes that start after the year: most likely the files of a later year. */
function checkYear(request: LoadRequest, episodes: number, findings: Findings): void {
  const after = findings.counts().find(({ rule }) => rule === 'episode-after-return')?.count ?? 0
  if (after < 10 || after < episodes / 2) return
  findings.add({
    severity: 'warning',
    rule: 'another-year',
    table: 'Episodes',
    file: null,
    row: null,
    columns: ['DECOM'],
    message: `many episodes start after ${yearLabel(request.year)}: the files may be those of a later year, such as ${yearLabel(request.year + 1)}`,
  })
}

async function returnWithSameContent(
  transaction: Transaction,
  request: LoadRequest,
  contentHash: string,
): Promise<ReturnRecord | null> {
  const [row] = await transaction.query<{ id: string }>(
    'load.same',
    `select r.id
       from care.return r
      where r.authority = $1 and r.year = $2 and r.in_force and r.content_hash = $3
        and r.covers_to = $4 and r.accepted_partially = $5
        -- What was erased since, or may come in again, is kept otherwise than it was.
        and r.loaded_at > coalesce((select s.erasures_changed_at from care.authority_state s
                                     where s.authority = r.authority), '-infinity')`,
    [request.authority.code, request.year, contentHash, request.coversTo, request.partially],
  )
  return row ? readReturn(transaction, request.authority.code, row.id) : null
}

function refused(request: LoadRequest, findings: Findings, summary: Summary): Refusal {
  const listed = findings.listed()
  const faults = listed
    .filter(({ severity }) => severity === 'error')
    .map(
      ({ file, row, rule, message }): Fault => ({
        pointer: file === null ? '/files' : row === null ? pointerTo(file) : `${pointerTo(file)}/rows/${row}`,
        code: rule,
        detail: message,
      }),
    )
  return new Refusal(
    'return-refused',
    `${findings.errors} ${findings.errors === 1 ? 'fault' : 'faults'} in the ${yearLabel(request.year)} return: nothing was changed. ` +
      (request.partially
        ? 'Send the tables Header and Episodes with it.'
        : 'Mend the rows, or load the rest with accept=partial.'),
    faults,
    { summary, findings: listed },
  )
}
