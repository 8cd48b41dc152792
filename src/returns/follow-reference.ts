import { appendEvent } from '../events/event-store.ts'
import type { Database, Transaction } from '../platform/database/database.ts'
import { updateDataVersion } from './data-version.ts'
import { HISTORY_VERSION, rebuildHistory } from './history/history.ts'
import { refreshJourneys } from './history/journeys.ts'
import { waitForTurn, waitForWriters } from './return-store.ts'

/** Kinds of reference data that figures are made with; those after which children live elsewhere than before. */
const MOVES_HOMES = new Set(['postcodes', 'districts', 'authorities', 'adjacent'])
const MOVES_FIGURES = new Set([...MOVES_HOMES, 'population'])

/**
 * What a change of reference data takes with it, in its transaction: where homes lie, and the version of every
 * authority's records, for its figures may be others now. Waits until nobody writes to any authority, so that no
 * return is placed by postcodes that are no more.
 */
export async function followReference(transaction: Transaction, kind: string): Promise<void> {
  if (!MOVES_FIGURES.has(kind)) return
  await waitForWriters(transaction)
  const held = await transaction.query<{ authority: string }>(
    'followReference.authorities',
    'select s.authority from care.authority_state s order by s.authority',
  )
  for (const { authority } of held) {
    if (MOVES_HOMES.has(kind)) await refreshJourneys(transaction, authority)
    const dataVersion = await updateDataVersion(transaction, authority)
    await appendEvent(transaction, {
      authority,
      type: 'figures.changed',
      subject: `/v1/authorities/${authority}/observations`,
      data: { reference: kind, dataVersion },
    })
  }
}

/**
 * Makes histories anew that an earlier release derived in its own way; the returns themselves are as they came. Gives
 * how many there were.
 */
export async function bringHistoriesUpToDate(
  database: Database,
  authorities: readonly string[],
): Promise<number> {
  const behind = await database.read(authorities, (transaction) =>
    transaction.query<{ authority: string }>(
      'histories.behind',
      'select s.authority from care.authority_state s where s.history_version < $1 order by s.authority',
      [HISTORY_VERSION],
    ),
  )
  for (const { authority } of behind) {
    await database.load([authority], async (transaction) => {
      await waitForTurn(transaction, authority)
      await rebuildHistory(transaction, authority)
      await updateDataVersion(transaction, authority)
    })
  }
  return behind.length
}
