import type { AuditEntry } from '../../platform/access/audit-entry.ts'
import type { Transaction } from '../../platform/database/database.ts'
import type { Day } from '../../vocabulary/day.ts'

export type KeptEntry = AuditEntry & { readonly hash: Buffer }

export interface EntriesAsk {
  readonly authority: string
  /** First and last day in England. */
  readonly from: Day | null
  readonly to: Day | null
  readonly caller: string | null
  readonly action: string | null
  /** A child’s pseudonym. */
  readonly subject: string | null
  /** The number of the last row of the page before. */
  readonly before: number | null
  readonly limit: number
}

/** Rows of an authority’s audit trail, the newest first. */
export const listEntries = (transaction: Transaction, ask: EntriesAsk): Promise<KeptEntry[]> =>
  transaction.query<KeptEntry>(
    'audit.list',
    `select e.authority, e.number,
            to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
            e.caller, e.on_behalf_of as "onBehalfOf", e.scopes, e.action, e.method, e.route, e.status, e.rows,
            e.subjects, e.purpose, e.question, e.network, e.request_id as "requestId", e.previous, e.hash
       from care.audit_entry e
      where e.authority = $1
        and ($2::date is null or e.at >= $2::date::timestamp at time zone 'Europe/London')
        and ($3::date is null or e.at < ($3::date + 1)::timestamp at time zone 'Europe/London')
        and ($4::text is null or e.caller = $4)
        and ($5::text is null or e.action = $5)
        and ($6::text is null or $6 = any (e.subjects))
        and ($7::bigint is null or e.number < $7)
      order by e.number desc
      limit $8`,
    [ask.authority, ask.from, ask.to, ask.caller, ask.action, ask.subject, ask.before, ask.limit],
  )
