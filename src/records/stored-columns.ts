import { dayOfMoment, type RecordColumn, timeColumnOf } from '../vocabulary/record-columns.ts'
import { childColumnOf, ownColumnsOf, type RecordKind } from '../vocabulary/record-kinds.ts'
import type { RecordValues } from './record-checks.ts'
import { canonicalNumber } from './value-checks.ts'

/** A column of a kind's table, and how it comes from the values of a record and goes back to them. */
export interface StoredColumn {
  readonly name: string
  /** Position of its value among the kind's columns. */
  readonly position: number
  readonly take: (value: string) => string | null
}

const asItIs = (value: string): string => value
const timeIn = (moment: string): string | null => (moment.length > 10 ? moment.slice(11) : null)

/** The columns that hold a record: its id, its child where it has one, and what it says. */
export function storedColumnsOf(kind: RecordKind): StoredColumn[] {
  const columns: StoredColumn[] = [{ name: 'id', position: 0, take: asItIs }]
  const child = childColumnOf(kind)
  if (child) columns.push({ name: 'child', position: kind.columns.indexOf(child), take: asItIs })
  for (const column of ownColumnsOf(kind)) {
    const position = kind.columns.indexOf(column)
    if (column.kind !== 'moment') columns.push({ name: column.name, position, take: asItIs })
    else
      columns.push(
        { name: column.name, position, take: dayOfMoment },
        { name: timeColumnOf(column.name), position, take: timeIn },
      )
  }
  return columns
}

export const storedValue = ({ position, take }: StoredColumn, values: RecordValues): string | null => {
  const value = values[position]
  return value === null || value === undefined ? null : take(value)
}

/** A row of a kind's table as the values that it was made from. */
export function valuesOf(kind: RecordKind, row: Readonly<Record<string, unknown>>): RecordValues {
  return kind.columns.map((column) => valueIn(column, row))
}

function valueIn(column: RecordColumn, row: Readonly<Record<string, unknown>>): string | null {
  const stored = row[column.kind === 'id' || column.kind === 'child' ? column.kind : column.name]
  if (stored === null || stored === undefined) return null
  if (column.kind === 'number') return canonicalNumber(Number(stored))
  if (column.kind !== 'moment') return String(stored)
  const time = row[timeColumnOf(column.name)]
  return time === null || time === undefined ? String(stored) : `${stored}T${time}`
}

/** The days by which a kind's records are dated, as SQL over a relation of this name. */
export const datesOf = ({ datedBy }: RecordKind, relation: string): string[] =>
  datedBy.map((name) => `${relation}.${name}`)
