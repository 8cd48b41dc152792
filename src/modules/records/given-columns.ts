import type { RecordValues } from '../../records/record-checks.ts'
import type { KeptRecord } from '../../records/record-store.ts'
import type { RecordKind } from '../../vocabulary/record-kinds.ts'
import type { GivenColumns } from './records-schemas.ts'

/** The child that a record is about; null for a kind whose records are of nobody. */
export const childIn = (kind: RecordKind, { values }: Pick<KeptRecord, 'values'>): string | null =>
  values[kind.columns.findIndex((column) => column.kind === 'child')] ?? null

export const givenColumns = (kind: RecordKind, values: RecordValues): GivenColumns =>
  Object.fromEntries(
    kind.columns.map((column, position) => {
      const value = column.neverGiven ? null : (values[position] ?? null)
      const isNumber = column.kind === 'whole-number' || column.kind === 'number'
      return [column.name, value !== null && isNumber ? Number(value) : value]
    }),
  )
