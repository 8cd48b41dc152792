import { createHash } from 'node:crypto'
import type { Transaction } from '../platform/database/database.ts'

/** Counts up when the way from returns to history changes: then figures may, though no return did. */
const HISTORY_VERSION = 1

/** The version of an authority that has no return. */
export const NO_DATA_VERSION = '0'

/**
 * Names the state of an authority's records by what it is made from: the returns in force. So equal versions mean
 * equal records, in whichever order the returns came, and withdrawing a return brings the version before it back.
 */
export async function updateDataVersion(transaction: Transaction, authority: string): Promise<string> {
  const rows = await transaction.query<{ state: string }>(
    'dataVersion.state',
    `select concat_ws('|', r.year, r.covers_to, r.accepted_partially, r.content_hash) as state
       from care.return r
      where r.authority = $1 and r.in_force
      order by r.year`,
    [authority],
  )
  const version =
    rows.length === 0
      ? NO_DATA_VERSION
      : createHash('sha256')
          .update(`${HISTORY_VERSION}\n${rows.map(({ state }) => state).join('\n')}`)
          .digest('hex')
          .slice(0, 20)
  await transaction.query(
    'dataVersion.update',
    `insert into care.authority_state (authority, data_version, changed_at) values ($1, $2, clock_timestamp())
     on conflict (authority) do update set data_version = excluded.data_version, changed_at = excluded.changed_at`,
    [authority, version],
  )
  return version
}
