import { type CellCheck, CellFault } from './cells.ts'

/**
 * A form that files of a kind come in. It knows its own by their header row, in any order of the columns and beside any
 * others. Most are declared as data (`declaredLayout`), so a new form is a declaration.
 */
export interface Layout {
  readonly id: string
  /** The columns that are looked for, in words. */
  readonly looksFor: readonly string[]
  /** Year of the set that such a file is of, where its columns tell. */
  readonly set?: number
  /** How to read the rows below this header; null where it is another form's. `sample`: the first of those rows. */
  recognise(header: readonly string[], sample: readonly (readonly string[])[]): RowReader | null
}

/** Reads one row of a file. */
export type RowReader = (cells: readonly string[], row: RowOutput) => void

/** What comes of a row of a file. */
export interface RowOutput {
  /** Keeps a row: values in the order of the kind's staged columns. */
  keep(values: readonly (string | null)[]): void
  /** The row is fine, but nothing for us: another country, another age group. */
  passOver(): void
  fault(column: string | null, fault: CellFault): void
}

/** A column by the names that files give it, and what may stand in it. */
export interface DeclaredColumn {
  readonly is: string
  readonly names: readonly (string | RegExp)[]
  readonly check: CellCheck
  /** The file may lack it; its value is null then. */
  readonly optional?: true
  /** It has no name of its own but stands right of this column: ten columns may all be called `SNP`. */
  readonly rightOf?: string
}

export interface LayoutDeclaration {
  readonly id: string
  readonly set?: number
  readonly columns: readonly DeclaredColumn[]
  /**
   * The rows that a row of the file gives, from its checked values; the values themselves unless told. A fault counts
   * against the column it names.
   */
  readonly rowsOf?: (values: Values) => readonly (readonly (string | null)[])[] | ColumnFault
  /** Rows that are fine but none of ours, known before their cells are checked. */
  readonly passesOver?: (raw: (column: string) => string) => boolean
}

export type Values = Readonly<Record<string, string | null>>

export class ColumnFault {
  readonly column: string
  readonly fault: CellFault
  constructor(column: string, fault: CellFault) {
    this.column = column
    this.fault = fault
  }
}

/** Names are compared without regard to case, spaces around them, and quotes that a tool left. */
const plain = (name: string): string => name.trim().toLowerCase()

const isNamed = (header: string, name: string | RegExp): boolean =>
  typeof name === 'string' ? plain(header) === plain(name) : name.test(plain(header))

const inWords = (column: DeclaredColumn): string =>
  column.names
    .map((name) => (typeof name === 'string' ? name : (PATTERNS_IN_WORDS.get(name.source) ?? name.source)))
    .join(' or ')

/** How a person is told of a pattern. */
const PATTERNS_IN_WORDS = new Map<string, string>()

/** A name with digits in it for a year, such as `LTLA23CD`: `yearly('ltla', 'cd')`. */
export function yearly(before: string, after: string): RegExp {
  const pattern = new RegExp(`^${before}\\d{2}${after}$`)
  PATTERNS_IN_WORDS.set(pattern.source, `${before}NN${after}`.toUpperCase())
  return pattern
}

export function declaredLayout(declaration: LayoutDeclaration): Layout {
  const { id, columns, set, rowsOf, passesOver } = declaration
  return {
    id,
    ...(set !== undefined && { set }),
    looksFor: columns.filter(({ optional, rightOf }) => !optional && !rightOf).map(inWords),
    recognise(header) {
      const places = new Map<string, number>()
      for (const column of columns) {
        const place = placeOf(column, header, places)
        if (place === -1 && !column.optional) return null
        places.set(column.is, place)
      }
      return rowReader(columns, places, header, rowsOf, passesOver)
    },
  }
}

function placeOf(
  column: DeclaredColumn,
  header: readonly string[],
  places: ReadonlyMap<string, number>,
): number {
  if (column.rightOf !== undefined) {
    const place = (places.get(column.rightOf) ?? -1) + 1
    return place > 0 && column.names.some((name) => isNamed(header[place] ?? '', name)) ? place : -1
  }
  // Of several names the first that the file has: `pcds` goes before `pcd`.
  for (const name of column.names) {
    const place = header.findIndex((cell) => isNamed(cell, name))
    if (place !== -1) return place
  }
  return -1
}

function rowReader(
  columns: readonly DeclaredColumn[],
  placeOfColumn: ReadonlyMap<string, number>,
  header: readonly string[],
  rowsOf: LayoutDeclaration['rowsOf'],
  passesOver: LayoutDeclaration['passesOver'],
): RowReader {
  const places = columns.map(({ is }) => placeOfColumn.get(is)!)
  const titles = places.map((place) => header[place]?.trim() ?? null)
  const checks = columns.map(({ check }) => check)
  const values: (string | null)[] = new Array(columns.length).fill(null)

  return (cells, row) => {
    if (passesOver?.((column) => cells[placeOfColumn.get(column)!] ?? '')) return row.passOver()
    let understood = true
    for (let index = 0; index < places.length; index++) {
      const place = places[index]!
      const checked = place === -1 ? null : checks[index]!(cells[place]!)
      if (checked instanceof CellFault) {
        row.fault(titles[index]!, checked)
        understood = false
      } else values[index] = checked
    }
    if (!understood) return
    if (!rowsOf) return row.keep(values)
    const rows = rowsOf(Object.fromEntries(columns.map(({ is }, index) => [is, values[index]!])))
    if (rows instanceof ColumnFault) {
      const title = titles[columns.findIndex(({ is }) => is === rows.column)] ?? null
      return row.fault(title, rows.fault)
    }
    if (rows.length === 0) return row.passOver()
    for (const one of rows) row.keep(one)
  }
}
