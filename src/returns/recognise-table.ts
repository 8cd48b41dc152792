import { type Column, IGNORED_COLUMNS, TABLES, type Table } from '../vocabulary/ssda903.ts'

/** A file's table, and for each of its cells the column it holds (null for a column that is ignored). */
export interface RecognisedTable {
  readonly table: Table
  readonly cells: readonly (Column | null)[]
}

const COLUMN_NAMES = new Set(TABLES.flatMap((table) => table.columns.map((column) => column.name)))

/** Knows a table by its set of column names, in any order; otherwise says what is nearest and how it differs. */
export function recogniseTable(headerRow: readonly string[]): RecognisedTable | { readonly fault: string } {
  const names = headerRow.map((cell) => cell.trim().toUpperCase())
  while (names.at(-1) === '') names.pop()
  const relevant = names.filter((name) => !IGNORED_COLUMNS.has(name))
  // A row of values, where there is no header row, repeats cells too; only a column's name may be said.
  const repeated = relevant.find((name, index) => COLUMN_NAMES.has(name) && relevant.indexOf(name) !== index)
  if (repeated !== undefined) return { fault: `its header row names the column "${repeated}" twice` }
  for (const table of TABLES) {
    if (table.columns.length !== relevant.length) continue
    const columns = new Map(table.columns.map((column) => [column.name, column]))
    if (relevant.every((name) => columns.has(name))) {
      return { table, cells: names.map((name) => columns.get(name) ?? null) }
    }
  }
  return { fault: nearest(relevant) }
}

function nearest(names: readonly string[]): string {
  const [best] = TABLES.map((table) => {
    const wanted = table.columns.map((column) => column.name)
    const missing = wanted.filter((name) => !names.includes(name))
    const extra = names.filter((name) => !wanted.includes(name))
    return { table, missing, extra, common: wanted.length - missing.length }
  }).sort(
    (a, b) =>
      b.common / (b.common + b.missing.length + b.extra.length) -
      a.common / (a.common + a.missing.length + a.extra.length),
  )
  if (!best || best.common < 2) {
    const separated = names.length === 1 && /[;\t|]/.test(names[0] ?? '')
    return separated
      ? 'its values are not separated by commas'
      : `its first row has none of the tables' column names; the tables are ${TABLES.map((table) => table.name).join(', ')}`
  }
  const parts = [
    best.missing.length > 0 ? `lacks ${best.missing.join(', ')}` : '',
    best.extra.length > 0 ? `has the unknown ${best.extra.slice(0, 20).map(shown).join(', ')}` : '',
  ].filter((part) => part !== '')
  return `its columns are those of none of the twelve tables; the nearest is ${best.table.name}, but it ${parts.join(' and ')}`
}

/** A header cell may hold anything, a child's data too where there is no header row: only what looks like a name is said. */
const shown = (name: string): string => (/^[A-Z][A-Z_]{0,30}\d?$/.test(name) ? name : '(not a column name)')
