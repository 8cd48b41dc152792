import type { TableName } from '../vocabulary/ssda903.ts'

/**
 * What is wrong (`error`: the row can't be understood) or odd (`warning`: it can) in a return. It names the place
 * and what is allowed there, and never a value: findings leave the service.
 */
export interface Finding {
  readonly severity: 'error' | 'warning'
  /** The DfE's validation rule, or a word of ours where it has none. */
  readonly rule: string
  readonly table: TableName | null
  readonly file: string | null
  /** Line of the file; null where the finding is about the whole table or return. */
  readonly row: number | null
  readonly columns: readonly string[]
  readonly message: string
}

export interface FindingCount {
  readonly severity: 'error' | 'warning'
  readonly rule: string
  readonly table: TableName | null
  readonly columns: readonly string[]
  readonly message: string
  readonly count: number
}

/** Listing more than this would make an answer that nobody reads; the counts stay exact. */
export const MOST_LISTED = 20_000

export class Findings {
  readonly #listed: Finding[] = []
  readonly #counts = new Map<string, FindingCount & { count: number }>()
  /** Rows by table that can't be loaded, whatever the number of their faults. */
  readonly #badRows = new Map<TableName, Set<number>>()
  errors = 0
  warnings = 0

  add(finding: Finding): void {
    if (finding.severity === 'error') this.errors++
    else this.warnings++
    const key = `${finding.table}|${finding.rule}|${finding.columns.join(',')}|${finding.message}`
    const known = this.#counts.get(key)
    if (known) known.count++
    else {
      const { severity, rule, table, columns, message } = finding
      this.#counts.set(key, { severity, rule, table, columns, message, count: 1 })
    }
    if (this.#listed.length < MOST_LISTED) this.#listed.push(finding)
    if (finding.severity === 'error' && finding.table && finding.row !== null)
      this.#badRowsOf(finding.table).add(finding.row)
  }

  #badRowsOf(table: TableName): Set<number> {
    let rows = this.#badRows.get(table)
    if (!rows) {
      rows = new Set()
      this.#badRows.set(table, rows)
    }
    return rows
  }

  /** How many rows of each table were left out. */
  leftOut(): Record<string, number> {
    return Object.fromEntries([...this.#badRows].map(([table, rows]) => [table, rows.size]))
  }

  /** Errors first, then by table and row: the order in which a person would mend them. */
  listed(): Finding[] {
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

  counts(): FindingCount[] {
    return [...this.#counts.values()].sort((a, b) =>
      a.severity === b.severity ? b.count - a.count : a.severity === 'error' ? -1 : 1,
    )
  }
}
