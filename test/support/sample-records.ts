import type { RecordColumn } from '../../src/vocabulary/record-columns.ts'
import type { RecordKind } from '../../src/vocabulary/record-kinds.ts'

/** A record as JSON, and as the cells of a row. */
export type SampleRecord = Record<string, string | number | null>

/** One for each form that a text can have. */
export const FORMED = ['123456', 'E08000034']

/** A value that a column takes, for the nth record: in the order of time and of the columns, so that no rule is broken. */
function goodValue(column: RecordColumn, n: number): string | number {
  switch (column.kind) {
    case 'id':
      return `R${n}`
    case 'child':
      return n % 2 === 0 ? 'ADA1' : 'BEN2'
    case 'day':
    case 'moment':
      return `2024-${String(1 + (n % 12)).padStart(2, '0')}-15`
    case 'code':
      return Object.keys(column.codes)[0]!
    case 'whole-number':
    case 'number':
      return column.least + 1
    case 'text':
      return column.form ? FORMED.find((text) => column.form!.test(text))! : 'WORD'
    case 'academic-year':
      return '2023-24'
  }
}

/** The nth record of a kind, with every column that may stand beside the others. */
export function goodRecord(kind: RecordKind, n = 0): SampleRecord {
  const record: SampleRecord = Object.fromEntries(
    kind.columns.map((column) => [column.name, goodValue(column, n)]),
  )
  // Results of other stages than the first.
  for (const { rule, columns } of kind.rules)
    if (rule === 'not-of-this-stage' && columns[1] !== 'ksre_good_level_of_development')
      record[columns[1]!] = null
  return record
}

/** A value that a column does not take, with the fault that is found. */
export function badValue(column: RecordColumn): [value: string, rule: string] {
  switch (column.kind) {
    case 'id':
    case 'child':
      return ['x'.repeat(49), 'too-long']
    case 'day':
      return ['2024-02-30', 'wrong-form']
    case 'moment':
      return ['2024-06-05T18:30Z', 'wrong-form']
    case 'code':
      return ['no such code', 'not-allowed']
    case 'whole-number':
      return [String(column.most + 1), 'out-of-range']
    case 'number':
      return [String(column.least - 1), 'out-of-range']
    case 'text':
      return ['x'.repeat(column.longest + 1), 'too-long']
    case 'academic-year':
      return ['2023-25', 'wrong-form']
  }
}

const quoted = (value: string | number | null | undefined): string => {
  const text = value === null || value === undefined ? '' : String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Records as a CSV file with the kind's columns. */
export const recordsCsv = (kind: RecordKind, records: readonly SampleRecord[]): string => {
  const names = kind.columns.map(({ name }) => name)
  return [
    names.join(','),
    ...records.map((record) => names.map((name) => quoted(record[name])).join(',')),
    '',
  ].join('\r\n')
}
