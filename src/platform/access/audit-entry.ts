import { createHash } from 'node:crypto'

/** One row of the audit trail without its hash: who did what to whose records, and which row it comes behind. */
export interface AuditEntry {
  readonly authority: string
  /** Counts from 1 within the authority, without gaps. */
  readonly number: number
  /** UTC to the microsecond, as the database keeps it: `2025-11-22T12:00:00.000000Z`. */
  readonly at: string
  readonly caller: string
  readonly onBehalfOf: string | null
  readonly scopes: readonly string[]
  readonly action: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly rows: number
  readonly subjects: readonly string[]
  readonly purpose: string | null
  readonly question: string
  readonly network: string | null
  readonly requestId: string
  /** The hash of the row before. */
  readonly previous: Buffer
}

/** What the first row of a chain comes behind. */
export const BEFORE_THE_FIRST: Buffer = Buffer.alloc(32)

/**
 * SHA-256 over the row written as a JSON array in UTF-8: the name of this form, then every column in this order, texts
 * as JSON strings, lists as JSON arrays, what is absent as null, and the hash of the row before in hexadecimal.
 * Brackets, quotes and escapes say where each value ends, so no two rows are written alike. A form that changes gets
 * another name: rows of before keep the one that they were hashed in.
 */
export const hashOf = (entry: AuditEntry): Buffer =>
  createHash('sha256')
    .update(
      JSON.stringify([
        'audit-entry/1',
        entry.authority,
        entry.number,
        entry.at,
        entry.caller,
        entry.onBehalfOf,
        entry.scopes,
        entry.action,
        entry.method,
        entry.route,
        entry.status,
        entry.rows,
        entry.subjects,
        entry.purpose,
        entry.question,
        entry.network,
        entry.requestId,
        entry.previous.toString('hex'),
      ]),
    )
    .digest()
