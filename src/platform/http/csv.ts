import { Readable } from 'node:stream'
import { Type } from 'typebox'

export type Cell = string | number | boolean | null | undefined

/** A CSV answer in a route's response schema, under `text/csv`: sent as a stream, so no serialiser strips it. */
export const CsvTable = Type.Unsafe<Readable>({
  type: 'string',
  description: 'A table: UTF-8, RFC 4180, a header row, lines that end in CRLF.',
})

/** What a spreadsheet takes for the beginning of a formula; full-width forms count, since Excel folds them. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
const NEEDS_QUOTES = /[",\r\n]/

/** Lines are gathered up to about this many characters: a chunk per line would cost more than the line. */
const CHUNK = 64 * 1024

/**
 * One line of RFC 4180, with its CRLF. A text that a spreadsheet would run as a formula gets a leading apostrophe;
 * a number is written as it is, since -1.5 is a figure and not a formula. Nothing and not-a-number are empty cells.
 */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellText).join(',')}\r\n`

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
  const text = typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : String(cell)
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A table as a stream: the header row, then the rows as they come, never all in memory. */
export function csvStream(
  header: readonly string[],
  rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
): Readable {
  async function* chunks() {
    let chunk = csvLine(header)
    for await (const row of rows) {
      chunk += csvLine(row)
      if (chunk.length >= CHUNK) {
        yield Buffer.from(chunk)
        chunk = ''
      }
    }
    if (chunk !== '') yield Buffer.from(chunk)
  }
  return Readable.from(chunks(), { objectMode: false })
}
