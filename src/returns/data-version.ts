import { createHash, randomBytes } from 'node:crypto'
import { appendEvent } from '../events/event-store.ts'
import type { Transaction } from '../platform/database/database.ts'
import { NO_DATA } from '../vocabulary/data-version.ts'
import { HISTORY_VERSION } from './history/history.ts'

/**
 * Names the state of an authority's records by what it is made from: the returns in force, and the records beside
 * them. So equal versions mean equal records, in whichever order the returns came, and withdrawing a return brings
 * the version before it back. Reference data that was loaded is part of it, for figures are made with it; what comes with
 * the service is not, so an authority without either has the version that its returns alone make. So are erasures and corrections, by a word that each makes anew: the files of a
 * return stay the same, but not what is held of them.
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
  const [beside] = await transaction.query<{ records: string; rights: string }>(
    'dataVersion.records',
    `select s.records_version as records, s.rights_version as rights
       from care.authority_state s where s.authority = $1`,
    [authority],
  )
  const reference = await transaction.query<{ state: string }>(
    'dataVersion.reference',
    `select concat_ws(' ', s.kind, s.version) as state
       from care.reference_state s
      where not s.built_in and s.kind in ('postcodes', 'districts', 'authorities', 'adjacent', 'population')
      order by s.kind`,
  )
  const states = rows.map(({ state }) => state)
  if (beside && beside.records !== '') states.push(`records ${beside.records}`)
  if (beside && beside.rights !== '' && states.length > 0) states.push(`rights ${beside.rights}`)
  if (states.length > 0) states.push(...reference.map(({ state }) => state))
  const version =
    states.length === 0
      ? NO_DATA
      : createHash('sha256')
          .update(`${HISTORY_VERSION}\n${states.join('\n')}`)
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

/** The version that an authority's records have. */
export async function readDataVersion(transaction: Transaction, authority: string): Promise<string> {
  const [state] = await transaction.query<{ version: string }>(
    'dataVersion.read',
    'select s.data_version as version from care.authority_state s where s.authority = $1',
    [authority],
  )
  return state?.version ?? NO_DATA
}

/**
 * Says that the records beside the returns are others than before, within the transaction that made them so. The word
 * is made at random: what the records hold is too much to be read again for every write.
 */
export async function recordsHaveChanged(
  transaction: Transaction,
  authority: string,
  kind: string,
): Promise<void> {
  await transaction.query(
    'dataVersion.recordsChanged',
    `insert into care.authority_state (authority, data_version, changed_at, records_version)
     values ($1, $2, clock_timestamp(), $3)
     on conflict (authority) do update set records_version = excluded.records_version`,
    [authority, NO_DATA, randomBytes(12).toString('base64url')],
  )
  const dataVersion = await updateDataVersion(transaction, authority)
  await appendEvent(transaction, {
    authority,
    type: 'records.changed',
    subject: `/v1/authorities/${authority}/records/${kind}`,
    data: { kind, dataVersion },
  })
}

/**
 * Says that what is held of the returns is other than their files say, a child erased or a value corrected, within the
 * transaction that made it so.
 */
export async function rightsHaveChanged(
  transaction: Transaction,
  authority: string,
  change: 'erasures' | 'corrections',
): Promise<void> {
  await transaction.query(
    'dataVersion.rightsChanged',
    `insert into care.authority_state as s (authority, data_version, changed_at, rights_version, erasures_changed_at)
     values ($1, $2, clock_timestamp(), $3, case when $4 then clock_timestamp() end)
     on conflict (authority) do update
        set rights_version = excluded.rights_version,
            erasures_changed_at = coalesce(excluded.erasures_changed_at, s.erasures_changed_at)`,
    [authority, NO_DATA, randomBytes(12).toString('base64url'), change === 'erasures'],
  )
  await updateDataVersion(transaction, authority)
}
