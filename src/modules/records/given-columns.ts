import type { RecordValues } from '../../records/record-checks.ts'
import type { RecordKind } from '../../vocabulary/record-kinds.ts'
import type { GivenColumns } from './records-schemas.ts'

export const givenColumns = (kind: RecordKind, values: RecordValues): GivenColumns =>
  Object.fromEntries(
    kind.columns.map((column, position) => {
      const value = column.neverGiven ? null : (values[position] ?? null)
      const isNumber = column.kind === 'whole-number' || column.kind === 'number'
      return [column.name, value !== null && isNumber ? Number(value) : value]
    }),
  )
