import type { Transaction } from '../../database/database.ts'

/** Ends a token before its time; kept until it would have expired, and those that have are cleared away. */
export async function revokeToken(
  transaction: Transaction,
  { jti, expires }: { readonly jti: string; readonly expires: number },
  now: Date,
): Promise<void> {
  await transaction.query(
    'access.forgetRevokedTokens',
    'delete from access.revoked_token as t where t.expires_at < $1',
    [now.toISOString()],
  )
  await transaction.query(
    'access.revokeToken',
    'insert into access.revoked_token (jti, expires_at) values ($1, $2) on conflict do nothing',
    [jti, new Date(expires * 1000).toISOString()],
  )
}
