import type { Transaction } from '../database/database.ts'

/** Clears away what was kept of assertions and tokens that have expired: they are refused for that alone. */
export async function clearAccess(transaction: Transaction, now: Date): Promise<void> {
  // A clock of ours that is behind another’s must not forget one that the other still takes.
  const before = new Date(now.getTime() - HOUR_MS).toISOString()
  await transaction.query(
    'access.clearAssertions',
    'delete from access.used_assertion a where a.expires_at < $1',
    [before],
  )
  await transaction.query(
    'access.clearTokens',
    'delete from access.revoked_token t where t.expires_at < $1',
    [before],
  )
}

const HOUR_MS = 3_600_000
