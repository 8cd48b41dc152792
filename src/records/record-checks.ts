import type { Day } from '../vocabulary/day.ts'
import type { RecordKind } from '../vocabulary/record-kinds.ts'
import { type CheckedValue, valueCheck } from './value-checks.ts'

/** What is wrong (`error`) or odd (`warning`) in one record. It names columns, and never a value. */
export interface RecordFault {
  readonly severity: 'error' | 'warning'
  readonly rule: string
  readonly columns: readonly string[]
  readonly message: string
  readonly allowed?: readonly string[]
}

/** A record as it will be kept: its values in the order of the kind's columns. */
export type RecordValues = readonly (string | null)[]

export interface CheckedRecord {
  readonly values: RecordValues
  readonly faults: readonly RecordFault[]
  /** Whether nothing is wrong with it, only odd at most. */
  readonly isGood: boolean
}

/** A function that checks one record after the other; null stands for a value that is not given. */
export type RecordCheck = (texts: readonly (string | null)[]) => CheckedRecord

const NONE: readonly RecordFault[] = []

/**
 * The one check of a kind's records, whichever way they come: every value on its own, then the rules between them. A
 * rule about a value that could not be understood is passed over: it would blame the wrong column.
 */
export function newRecordCheck(kind: RecordKind, today: Day): RecordCheck {
  const checks = kind.columns.map((column) => valueCheck(column, today))
  const positions = new Map(kind.columns.map(({ name }, position) => [name, position]))
  return (texts) => {
    const values: (string | null)[] = new Array(checks.length).fill(null)
    let faults: RecordFault[] | null = null
    let wrong: Set<string> | null = null
    for (let position = 0; position < checks.length; position++) {
      const checked: CheckedValue = checks[position]!(texts[position] ?? '')
      values[position] = checked.value
      if (checked.fault === null) continue
      const { name } = kind.columns[position]!
      faults ??= []
      wrong ??= new Set()
      wrong.add(name)
      faults.push({ severity: 'error', columns: [name], ...checked.fault })
    }
    let isGood = wrong === null
    const value = (column: string) => values[positions.get(column)!]!
    for (const { severity, rule, columns, message, isBroken } of kind.rules) {
      if (wrong !== null && columns.some((column) => wrong.has(column))) continue
      if (!isBroken(value)) continue
      faults ??= []
      faults.push({ severity, rule, columns, message })
      if (severity === 'error') isGood = false
    }
    return { values, faults: faults ?? NONE, isGood }
  }
}
