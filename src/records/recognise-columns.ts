import { editDistance } from '../vocabulary/near-match.ts'
import { RECORD_KINDS, type RecordKind } from '../vocabulary/record-kinds.ts'
import { IGNORED_COLUMNS } from '../vocabulary/ssda903.ts'
import type { RecordFault } from './record-checks.ts'

/** Where each of the kind's columns stands in a file; -1 where it does not. */
export interface RecognisedColumns {
  readonly positions: readonly number[]
  /** Cells in the header row. */
  readonly cells: number
  readonly faults: readonly RecordFault[]
}

/**
 * Knows a kind's columns by name, in any order. A column that is not the kind's is left out with a warning, since an
 * extract of the SSD has more than is asked for, names among it; one that is a slip of the pen away from a column that
 * is missing is an error, since that column's values would be lost without anyone asking for it.
 */
export function recogniseColumns(
  kind: RecordKind,
  headerRow: readonly string[],
): RecognisedColumns | { readonly fault: string } {
  const names = headerRow.map((cell) => cell.trim().toLowerCase())
  while (names.at(-1) === '') names.pop()
  const wanted = kind.columns.map(({ name }) => name)
  if (!names.some((name) => wanted.includes(name))) return { fault: noneOf(kind, names) }

  const faults: RecordFault[] = []
  const missing = wanted.filter((name) => !names.includes(name))
  for (const [index, name] of names.entries()) {
    if (wanted.includes(name)) {
      if (names.indexOf(name) === index) continue
      faults.push(fault('error', 'column-repeated', [name], `the header row names the column ${name} twice`))
      continue
    }
    if (name === '' || IGNORED_COLUMNS.has(name.toUpperCase())) continue
    const meant = missing.find((column) => editDistance(name.slice(0, 100), column) <= 2)
    if (meant !== undefined)
      faults.push(
        fault(
          'error',
          'column-misspelt',
          [meant],
          `there is no column ${shown(name)}; ${meant} may be meant`,
        ),
      )
    else
      faults.push(
        fault(
          'warning',
          'column-unknown',
          [],
          `the column ${shown(name)} is not one of the kind’s: it is left out`,
        ),
      )
  }
  for (const column of kind.columns)
    if (column.required && missing.includes(column.name))
      faults.push(
        fault('error', 'column-missing', [column.name], `the column ${column.name} is missing and is needed`),
      )
  return { positions: wanted.map((name) => names.indexOf(name)), cells: names.length, faults }
}

const fault = (
  severity: RecordFault['severity'],
  rule: string,
  columns: readonly string[],
  message: string,
): RecordFault => ({ severity, rule, columns, message })

function noneOf(kind: RecordKind, names: readonly string[]): string {
  if (names.length === 1 && /[;\t|]/.test(names[0]!)) return 'its values are not separated by commas'
  const other = RECORD_KINDS.find(({ columns }) => columns.some(({ name }) => names.includes(name)))
  const columns = `those of ${kind.name} are ${kind.columns.map(({ name }) => name).join(', ')}`
  return other === undefined
    ? `its first row has none of the column names; ${columns}`
    : `its columns are those of ${other.name}; ${columns}`
}

/** A header cell may hold anything, a child's data too where there is no header row: only what looks like a name is said. */
const shown = (name: string): string =>
  /^[a-z][a-z0-9]{1,5}_[a-z0-9_]{1,60}$/.test(name) ? name : '(not shown)'
