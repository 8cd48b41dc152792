import { nearMatches } from '../vocabulary/near-match.ts'
import type { RecordColumn } from '../vocabulary/record-columns.ts'
import { idColumnOf, type RecordKind } from '../vocabulary/record-kinds.ts'
import type { Fault } from '../vocabulary/refusal.ts'
import { memberPointer } from '../vocabulary/repeated.ts'
import type { RecordCheck, RecordFault, RecordValues } from './record-checks.ts'

/** A record as it came in JSON: its values, what is odd, and what is wrong with it. */
export interface ReadRecord {
  readonly values: RecordValues
  readonly warnings: readonly RecordFault[]
  /** Members that are unknown, missing or can't be understood. */
  readonly notUnderstood: readonly Fault[]
  /** Values that are understood but contradict each other. */
  readonly contradictions: readonly Fault[]
}

/** Reads a record of this id from a JSON object, with every fault at once. The id may be left out of the object. */
export function readJsonRecord(
  kind: RecordKind,
  check: RecordCheck,
  id: string,
  body: Readonly<Record<string, unknown>>,
): ReadRecord {
  const idColumn = idColumnOf(kind)
  const names = kind.columns.map(({ name }) => name)
  const notUnderstood: Fault[] = []
  for (const name of Object.keys(body))
    if (!names.includes(name)) notUnderstood.push(unknownMember(name, names))

  const wrongType = new Set<string>()
  const texts = kind.columns.map((column) => {
    const given = column === idColumn ? id : Object.hasOwn(body, column.name) ? body[column.name] : null
    const text = textOf(given)
    if (text === undefined) wrongType.add(column.name)
    return text ?? null
  })
  for (const name of wrongType)
    notUnderstood.push({
      pointer: `/body/${name}`,
      code: 'wrong-type',
      detail: `${name} must be a text, a number or null.`,
    })
  const inBody = textOf(body[idColumn.name])
  if (
    inBody === undefined ? Object.hasOwn(body, idColumn.name) : inBody !== null && inBody.trim() !== id.trim()
  )
    notUnderstood.push({
      pointer: `/body/${idColumn.name}`,
      code: 'id-differs',
      detail: `${idColumn.name} is not the id in the address; leave it out, or give the same.`,
    })

  const checked = check(texts)
  const warnings: RecordFault[] = []
  const contradictions: Fault[] = []
  for (const fault of checked.faults) {
    if (fault.severity === 'warning') warnings.push(fault)
    else if (isAboutValue(fault)) {
      if (wrongType.has(fault.columns[0]!)) continue
      notUnderstood.push(valueFault(kind, fault, texts, idColumn))
    } else
      contradictions.push({
        pointer: `/body/${fault.columns.at(-1)}`,
        code: fault.rule,
        detail: fault.message,
      })
  }
  return { values: checked.values, warnings, notUnderstood, contradictions }
}

/** A value as the text that a cell would hold; undefined for what is no value. */
function textOf(given: unknown): string | null | undefined {
  if (given === null || given === undefined) return null
  if (typeof given === 'string') return given
  return typeof given === 'number' ? String(given) : undefined
}

/** What is wrong with one value says what is allowed; what is wrong between two does not. */
const isAboutValue = ({ allowed }: RecordFault): boolean => allowed !== undefined

function unknownMember(name: string, names: readonly string[]): Fault {
  const didYouMean = nearMatches(name, names)
  return {
    pointer: memberPointer('/body', name, didYouMean),
    code: 'unknown-member',
    detail: 'There is no such member.',
    allowed: names,
    ...(didYouMean.length > 0 && { didYouMean }),
  }
}

function valueFault(
  kind: RecordKind,
  { rule, columns, message, allowed = [] }: RecordFault,
  texts: readonly (string | null)[],
  idColumn: RecordColumn,
): Fault {
  const position = kind.columns.findIndex(({ name }) => name === columns[0])
  const column = kind.columns[position]!
  const near = column.kind === 'code' ? nearMatches(texts[position]?.trim() ?? '', allowed) : []
  return {
    pointer: column === idColumn ? '/path/id' : `/body/${column.name}`,
    code: rule,
    detail: `${message}.`,
    allowed,
    ...(near.length > 0 && { didYouMean: near }),
  }
}
