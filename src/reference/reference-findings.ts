/** A fault of a file: the place, and what is allowed there; never the value. */
export interface ReferenceFinding {
  /** Line of the file; the header row is line 1. Null where the fault is about the whole file. */
  readonly row: number | null
  /** The column as the file calls it. */
  readonly column: string | null
  readonly message: string
  readonly allowed: readonly string[]
}

/** More than this nobody reads; the count stays exact. */
export const MOST_FINDINGS = 1_000

export class ReferenceFindings {
  readonly #listed: ReferenceFinding[] = []
  count = 0

  add(row: number | null, column: string | null, message: string, allowed: readonly string[] = []): void {
    this.count++
    if (this.#listed.length < MOST_FINDINGS) this.#listed.push({ row, column, message, allowed })
  }

  /** Counts faults that are beyond what is listed. */
  addUnlisted(faults: number): void {
    this.count += faults
  }

  listed(): readonly ReferenceFinding[] {
    return [...this.#listed].sort((a, b) => (a.row ?? 0) - (b.row ?? 0))
  }
}
