import { type CsvBatch, CsvFault, readCsv } from '../returns/csv-reader.ts'
import { pointerTo } from '../returns/load-return.ts'
import type { Day } from '../vocabulary/day.ts'
import type { RecordKind } from '../vocabulary/record-kinds.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import type { RecordBatch } from './incoming-rows.ts'
import { type RecognisedColumns, recogniseColumns } from './recognise-columns.ts'
import { type ListAsked, type ProviderList, readProviderList } from './workbook/provider-rows.ts'
import { beginsAsWorkbook, readWorkbook } from './workbook/read-workbook.ts'
import {
  READABLE_FILES,
  type Sheet,
  type SheetRow,
  WORKBOOK_LIMITS,
  WorkbookFault,
} from './workbook/workbook.ts'

/** A file whose columns are known, and its rows on their way in. */
export interface OpenedRecordFile {
  readonly recognised: RecognisedColumns
  readonly batches: AsyncIterable<RecordBatch>
  /** The day that a published list describes; null for a file of the kind's own columns. */
  readonly asAt: Day | null
}

/**
 * Opens a file by what is in it, whatever it calls itself: CSV with the kind's own columns, or for kinds that others
 * publish, their list as a workbook or as CSV.
 */
export async function openRecordFile(
  kind: RecordKind,
  bytes: AsyncIterable<Uint8Array>,
  asked: ListAsked,
): Promise<OpenedRecordFile> {
  const { file } = asked
  try {
    if (kind.publishedAs === undefined) return await openCsv(kind, bytes, asked)
    const { start, whole } = await peek(bytes)
    if (!beginsAsWorkbook(start)) return await openCsv(kind, whole, asked)
    const { sheets } = await readWorkbook(await collected(whole))
    return listed(kind, readProviderList(kind, sheets, asked))
  } catch (fault) {
    if (fault instanceof CsvFault) throw unreadable(file, fault.code, fault.message)
    if (!(fault instanceof WorkbookFault)) throw fault
    if (fault.code === 'too-large' || fault.code === 'too-many-rows') throw tooLargeWorkbook(file, fault)
    throw unreadable(file, fault.code, fault.message, READABLE_FILES)
  }
}

async function openCsv(
  kind: RecordKind,
  bytes: AsyncIterable<Uint8Array>,
  asked: ListAsked,
): Promise<OpenedRecordFile> {
  const batches = readCsv(bytes)
  const first = await batches.next()
  if (first.done) throw new CsvFault('empty-file', 'the file is empty')
  const recognised = recogniseColumns(kind, first.value.rows[0]!)
  if ('fault' in recognised) {
    if (kind.publishedAs === undefined)
      throw unreadable(asked.file, 'not-a-table', `${asked.file}: ${recognised.fault}`)
    const sheet = await sheetOf(first.value, batches)
    try {
      return listed(kind, readProviderList(kind, [sheet], asked))
    } catch (fault) {
      if (!(fault instanceof WorkbookFault) || fault.code !== 'no-list') throw fault
      throw unreadable(
        asked.file,
        'not-a-table',
        `${asked.file}: ${recognised.fault}; nor has it ${fault.message}`,
      )
    }
  }
  if (asked.asAt !== null) throw notAsked()
  async function* rest(): AsyncGenerator<RecordBatch> {
    const { rows, lines } = first.value as CsvBatch
    yield { rows: rows.slice(1), lines: lines.slice(1) }
    yield* batches
  }
  return { recognised, batches: rest(), asAt: null }
}

/** A list as rows of the kind's own columns. */
function listed(kind: RecordKind, { asAt, records }: ProviderList): OpenedRecordFile {
  async function* batch(): AsyncGenerator<RecordBatch> {
    yield {
      rows: records.map(({ cells }) => [...cells]),
      lines: records.map(({ line }) => line),
      origins: records.map(({ origin }) => origin),
    }
  }
  const positions = kind.columns.map((_, position) => position)
  return { recognised: { positions, cells: positions.length, faults: [] }, batches: batch(), asAt }
}

/** A CSV file as a sheet: a list may have titles above its headings, and is read whole to find them. */
async function sheetOf(first: CsvBatch, others: AsyncIterable<CsvBatch>): Promise<Sheet> {
  const rows: SheetRow[] = []
  const take = ({ rows: batch, lines }: CsvBatch) => {
    for (const [index, cells] of batch.entries()) {
      if (cells.every((cell) => cell.trim() === '')) continue
      rows.push({ line: lines[index]!, cells })
      if (rows.length > WORKBOOK_LIMITS.rows)
        throw new WorkbookFault('too-many-rows', `it has more than ${WORKBOOK_LIMITS.rows} rows`)
    }
  }
  take(first)
  for await (const batch of others) take(batch)
  return { name: null, rows, countsFrom1904: false }
}

/** The first bytes, and the whole with them. */
async function peek(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ start: Uint8Array; whole: AsyncIterable<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]()
  let start: Uint8Array = new Uint8Array(0)
  while (start.length < 8) {
    const { done, value } = await iterator.next()
    if (done) break
    start = Buffer.concat([start, value])
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    if (start.length > 0) yield start
    for (;;) {
      const { done, value } = await iterator.next()
      if (done) return
      yield value
    }
  }
  return { start, whole: whole() }
}

async function collected(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/* ---- why it is refused ------------------------------------------------------------------------------------ */

export const unreadable = (
  file: string,
  code: string,
  detail: string,
  allowed?: readonly string[],
): Refusal =>
  new Refusal('records-refused', 'The file can’t be read as a table of records; nothing was changed.', [
    {
      pointer: pointerTo(file),
      code,
      detail: detail.startsWith(file) ? detail : `${file}: ${detail}`,
      ...(allowed && { allowed }),
    },
  ])

function tooLargeWorkbook(file: string, { code, message }: WorkbookFault): Refusal {
  const detail = `${file}: ${message}.`
  const fault: Fault = {
    pointer: pointerTo(file),
    code,
    detail,
    allowed: [
      `at most ${WORKBOOK_LIMITS.rows} rows`,
      `at most ${WORKBOOK_LIMITS.bytes / 1024 / 1024} MiB unpacked`,
    ],
  }
  return new Refusal('upload-too-large', detail, [fault])
}

function notAsked(): Refusal {
  const detail =
    'asAt is the day that a published list describes; a file of the kind’s own columns has it in prov_status_date.'
  return new Refusal('invalid-request', detail, [
    { pointer: '/query/asAt', code: 'not-for-this-file', detail },
  ])
}
