import type { TableName } from '../vocabulary/ssda903.ts'

/**
 * What is wrong (`error`: the row can't be understood) or odd (`warning`: it can) in a return. It names the place
 * and what is allowed there, and never a value: findings leave the service.
 */
export interface Finding<Table extends string = TableName> {
  readonly severity: 'error' | 'warning'
  /** The DfE's validation rule, or a word of ours where it has none. */
  readonly rule: string
  readonly table: Table | null
  readonly file: string | null
  /** Line of the file; null where the finding is about the whole table or return. */
  readonly row: number | null
  readonly columns: readonly string[]
  readonly message: string
  /** What is allowed there, where the message leaves it out. */
  readonly allowed?: readonly string[]
}

export interface FindingCount<Table extends string = TableName> {
  readonly severity: 'error' | 'warning'
  readonly rule: string
  readonly table: Table | null
  readonly columns: readonly string[]
  readonly message: string
  readonly count: number
}

/** Listing more than this would make an answer that nobody reads; the counts stay exact. */
export const MOST_LISTED = 20_000

const kindOf = ({ table, rule, columns, message }: Finding<string>): string =>
  `${table}|${rule}|${columns.join(',')}|${message}`

export class Findings<Table extends string = TableName> {
  readonly #listed: Finding<Table>[] = []
  readonly #counts = new Map<string, FindingCount<Table> & { count: number }>()
  readonly #leftOut = new Map<Table, number>()
  errors = 0
  warnings = 0

  add(finding: Finding<Table>): void {
    if (finding.severity === 'error') this.errors++
    else this.warnings++
    const key = kindOf(finding)
    const known = this.#counts.get(key)
    if (known) known.count++
    else {
      const { severity, rule, table, columns, message } = finding
      this.#counts.set(key, { severity, rule, table, columns, message, count: 1 })
    }
    if (this.#listed.length < MOST_LISTED) this.#listed.push(finding)
  }

  /** Counts further findings of the same kind, without listing them: millions of faults must not fill the memory. */
  addUnlisted(finding: Finding<Table>, count: number): void {
    if (count <= 0) return
    this.add(finding)
    if (finding.severity === 'error') this.errors += count - 1
    else this.warnings += count - 1
    this.#counts.get(kindOf(finding))!.count += count - 1
  }

  get isFull(): boolean {
    return this.#listed.length >= MOST_LISTED
  }

  /** Says that rows of a table can't be loaded, each once, whatever the number of its faults. */
  leaveOut(table: Table, rows: number): void {
    if (rows > 0) this.#leftOut.set(table, (this.#leftOut.get(table) ?? 0) + rows)
  }

  /** How many rows of each table were left out. */
  leftOut(): Record<string, number> {
    return Object.fromEntries(this.#leftOut)
  }

  /** Errors first, then by table and row: the order in which a person would mend them. */
  listed(): Finding<Table>[] {
    return [...this.#listed].sort(
      (a, b) =>
        (a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1) ||
        (a.table ?? '').localeCompare(b.table ?? '') ||
        (a.row ?? 0) - (b.row ?? 0) ||
        a.rule.localeCompare(b.rule),
    )
  }

  get isCut(): boolean {
    return this.errors + this.warnings > this.#listed.length
  }

  counts(): FindingCount<Table>[] {
    return [...this.#counts.values()].sort((a, b) =>
      a.severity === b.severity ? b.count - a.count : a.severity === 'error' ? -1 : 1,
    )
  }
}
