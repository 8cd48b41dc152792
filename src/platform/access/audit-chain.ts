import type { Database, Transaction } from '../database/database.ts'
import { type AuditEntry, BEFORE_THE_FIRST, hashOf } from './audit-entry.ts'

/** The end of a chain, by which a later look at it can tell that nothing before was changed or taken away. */
export interface ChainHead {
  readonly authority: string
  readonly number: number
  /** In hexadecimal. */
  readonly hash: string
}

/** The first row of a chain that does not fit. */
export interface ChainFault {
  readonly authority: string
  readonly number: number
  readonly detail: string
}

export interface VerifiedChain {
  readonly authority: string
  readonly rows: number
  /** As recomputed; null for a chain without rows. */
  readonly head: ChainHead | null
  readonly fault: ChainFault | null
}

const LEAST = '-9223372036854775808'
/** Rows that are held in memory at once. */
const BATCH = 1_000

/**
 * Recomputes the chain of an authority from its first row on, and stops at the first that does not fit: one that is
 * missing, is not what it was when its hash was made, or does not come behind the row before. Then holds its end against
 * what is kept of it beside the chain, and against an anchor where there is one: rows that were cut off at the end leave
 * a chain that fits, and so does one that was written anew as a whole.
 */
export function verifyChain(
  database: Pick<Database, 'read'>,
  authority: string,
  anchor: ChainHead | null = null,
): Promise<VerifiedChain> {
  return database.read([authority], async (transaction) => {
    let end = BEFORE_THE_FIRST
    let rows = 0
    const outcome = (fault: Omit<ChainFault, 'authority'> | null): VerifiedChain => ({
      authority,
      rows,
      head: rows === 0 ? null : { authority, number: rows, hash: end.toString('hex') },
      fault: fault && { authority, ...fault },
    })
    for (;;) {
      const batch = await readBatch(transaction, authority, rows)
      for (const { hash, ...entry } of batch) {
        const detail = faultOf(entry, hash, rows + 1, end)
        if (detail !== null) return outcome({ number: rows + 1, detail })
        rows += 1
        end = hash
        if (anchor?.number === rows && anchor.hash !== end.toString('hex'))
          return outcome({ number: rows, detail: 'the row is not the one that the anchor names' })
      }
      if (batch.length < BATCH) break
    }
    const kept = await readHead(transaction, authority)
    if ((kept?.number ?? 0) !== rows || (kept !== null && !kept.hash.equals(end)))
      return outcome({
        number: Math.max(rows, kept?.number ?? 0),
        detail: `the chain ends with row ${rows}, and what is kept of its end names row ${kept?.number ?? 0}${kept?.number === rows ? ' with another hash' : ''}`,
      })
    if (anchor !== null && anchor.number > rows)
      return outcome({
        number: rows + 1,
        detail: `the chain ends with row ${rows}, and the anchor names row ${anchor.number}`,
      })
    return outcome(null)
  })
}

function faultOf(entry: AuditEntry, hash: Buffer, number: number, previous: Buffer): string | null {
  if (entry.number !== number) return `the row is missing; the next one has the number ${entry.number}`
  if (!hashOf(entry).equals(hash)) return 'the row is not what it was when its hash was made'
  if (!entry.previous.equals(previous)) return 'the row does not come behind the one before'
  return null
}

type KeptEntry = AuditEntry & { readonly hash: Buffer }

/** The moment as text to the microsecond: what the hash is over, where a date of ours would end at milliseconds. */
const readBatch = (transaction: Transaction, authority: string, after: number): Promise<KeptEntry[]> =>
  transaction.query<KeptEntry>(
    'audit.verify',
    `select e.authority, e.number,
            to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
            e.caller, e.on_behalf_of as "onBehalfOf", e.scopes, e.action, e.method, e.route, e.status, e.rows,
            e.subjects, e.purpose, e.question, e.network, e.request_id as "requestId", e.previous, e.hash
       from care.audit_entry e
      where e.authority = $1 and e.number > $2
      order by e.number
      limit $3`,
    // A row that was put before the first must be found too.
    [authority, after === 0 ? LEAST : after, BATCH],
  )

async function readHead(
  transaction: Transaction,
  authority: string,
): Promise<{ readonly number: number; readonly hash: Buffer } | null> {
  const [head] = await transaction.query<{ number: number; hash: Buffer }>(
    'audit.head',
    'select h.number, h.hash from care.audit_head h where h.authority = $1',
    [authority],
  )
  return head ?? null
}
