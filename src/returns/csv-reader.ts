import { TextDecoder } from 'node:util'

/**
 * Reads CSV (RFC 4180) from a stream of bytes, a batch of rows at a time, in memory that does not grow with the
 * file. Written here because loading is what this service is for: a row must keep its line in the file, and a
 * return of half a million rows must not wait for its reader (csv-parse 7 took most of a load's time).
 */
export interface CsvBatch {
  readonly rows: string[][]
  /** The line of the file on which each row begins; the first line is 1. */
  readonly lines: number[]
}

/** Why a file is not CSV that can be read; `line` where it is known. */
export class CsvFault extends Error {
  readonly code: 'empty-file' | 'not-utf-8' | 'utf-16' | 'not-csv'
  constructor(code: CsvFault['code'], detail: string) {
    super(detail)
    this.name = 'CsvFault'
    this.code = code
  }
}

/** A row longer than this is no row of a return, but a quote that nobody closed. */
const LONGEST_ROW = 65_536

export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvBatch> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const splitter = new RowSplitter()
  let first = true
  let anything = false
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue
    if (first) refuseOtherFormats(chunk)
    first = false
    const batch = splitter.push(decode(decoder, chunk, splitter.line))
    if (batch.rows.length > 0) {
      anything = true
      yield batch
    }
  }
  const last = splitter.end(decode(decoder, null, splitter.line))
  if (last.rows.length > 0) {
    anything = true
    yield last
  }
  if (!anything) throw new CsvFault('empty-file', 'the file is empty')
}

function decode(decoder: TextDecoder, chunk: Uint8Array | null, line: number): string {
  let text: string
  try {
    text = chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
  } catch {
    throw new CsvFault(
      'not-utf-8',
      `the text is not UTF-8 (at or after line ${line}): save it as "CSV UTF-8"`,
    )
  }
  if (text.includes('\u0000'))
    throw new CsvFault(
      'not-csv',
      `there is a NUL character at or after line ${line}: this is not a text file`,
    )
  return text
}

/** What people send by mistake, known by its first bytes. */
function refuseOtherFormats(chunk: Uint8Array): void {
  const [a, b, c, d] = chunk
  const utf16 =
    (a === 0xff && b === 0xfe) ||
    (a === 0xfe && b === 0xff) ||
    (a !== 0 && b === 0 && d === 0) ||
    (a === 0 && b !== 0)
  if (utf16) throw new CsvFault('utf-16', 'the text is UTF-16 ("Unicode text"): save it as "CSV UTF-8"')
  if (a === 0x50 && b === 0x4b && c === 0x03)
    throw new CsvFault('not-csv', 'this is a workbook or an archive, not CSV: save each sheet as "CSV UTF-8"')
  if (a === 0xd0 && b === 0xcf)
    throw new CsvFault('not-csv', 'this is an old Excel workbook, not CSV: save each sheet as "CSV UTF-8"')
  if (a === 0x25 && b === 0x50 && c === 0x44) throw new CsvFault('not-csv', 'this is a PDF, not CSV')
  const start = new TextDecoder()
    .decode(chunk.subarray(0, 64))
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (start.startsWith('<')) throw new CsvFault('not-csv', 'this is XML or HTML, not CSV')
  if (start.startsWith('{') || start.startsWith('[')) throw new CsvFault('not-csv', 'this is JSON, not CSV')
}

/** Cuts text into rows; what is left of the last, unfinished row waits for the next piece. */
class RowSplitter {
  #rest = ''
  /** Line on which the next row begins. */
  line = 1
  #atStart = true

  push(text: string): CsvBatch {
    return this.#split(text, false)
  }

  end(text: string): CsvBatch {
    return this.#split(text, true)
  }

  #split(piece: string, isLast: boolean): CsvBatch {
    let text = this.#rest === '' ? piece : this.#rest + piece
    if (this.#atStart && text.length > 0) {
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
      this.#atStart = false
    }
    const rows: string[][] = []
    const lines: number[] = []
    const quoted = text.includes('"')
    let position = 0
    while (position < text.length) {
      const newline = text.indexOf('\n', position)
      if (newline === -1 && !isLast) break
      let end = newline === -1 ? text.length : newline
      if (quoted) {
        const closed = endOfRow(text, position)
        if (closed === null) {
          if (isLast || text.length - position > LONGEST_ROW) {
            throw new CsvFault(
              'not-csv',
              `a quoted value that begins in the row on line ${this.line} is never closed`,
            )
          }
          break
        }
        end = closed
        if (end === text.length && !isLast) break
      }
      if (end - position > LONGEST_ROW)
        throw new CsvFault('not-csv', `the row on line ${this.line} is longer than any row of a return`)
      const row = text.slice(position, text.charCodeAt(end - 1) === 13 && end > position ? end - 1 : end)
      const cells = quoted && row.includes('"') ? splitQuoted(row) : row.split(',')
      if (cells.length > 1 || row.trim() !== '') {
        rows.push(cells)
        lines.push(this.line)
      }
      this.line += quoted ? newlinesIn(text, position, end) + 1 : 1
      position = end + 1
    }
    this.#rest = position >= text.length ? '' : text.slice(position)
    if (!isLast && this.#rest.length > LONGEST_ROW) {
      throw new CsvFault('not-csv', `the row on line ${this.line} is longer than any row of a return`)
    }
    return { rows, lines }
  }
}

/** Where the row that begins at `start` ends: the next newline outside quotes; null where a quote stays open. */
function endOfRow(text: string, start: number): number | null {
  let inQuotes = false
  for (let position = start; position < text.length; position++) {
    const character = text.charCodeAt(position)
    if (character === 34) inQuotes = !inQuotes
    else if (character === 10 && !inQuotes) return position
  }
  return inQuotes ? null : text.length
}

function newlinesIn(text: string, start: number, end: number): number {
  let count = 0
  for (
    let position = text.indexOf('\n', start);
    position !== -1 && position < end;
    position = text.indexOf('\n', position + 1)
  )
    count++
  return count
}

/** The cells of a row in which something is quoted. A quote within an unquoted cell is text, as Excel reads it. */
function splitQuoted(row: string): string[] {
  const cells: string[] = []
  let position = 0
  while (position <= row.length) {
    let cell = ''
    let start = position
    while (row[start] === ' ') start++
    if (row[start] === '"') {
      position = start + 1
      for (;;) {
        const quote = row.indexOf('"', position)
        if (quote === -1) {
          cell += row.slice(position)
          position = row.length
          break
        }
        cell += row.slice(position, quote)
        if (row[quote + 1] === '"') {
          cell += '"'
          position = quote + 2
          continue
        }
        position = quote + 1
        break
      }
    }
    const comma = row.indexOf(',', position)
    const end = comma === -1 ? row.length : comma
    cells.push(cell + row.slice(position, end))
    position = end + 1
  }
  return cells
}
