import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import type { Database } from '../../database/database.ts'
import type { KeptClient } from '../kept/kept-access.ts'
import { ASYMMETRIC, LONGEST_TOKEN, SKEW_SECONDS, verdictOf } from './token-verdict.ts'

/** How long an assertion may be good: long enough for clocks that differ, too short to be worth stealing. */
const LONGEST_LIFETIME_SECONDS = 5 * 60
const LONGEST_JTI = 200

/** The client that an assertion says it is of, before anything of it is believed; null where it says none. */
export function clientOfAssertion(assertion: string): string | null {
  if (assertion.length > LONGEST_TOKEN) return null
  try {
    const { iss, sub } = decodeJwt(assertion)
    return typeof sub === 'string' && iss === sub ? sub : null
  } catch {
    return null
  }
}

/** Whether a client has signed this assertion (RFC 7523), for us, lately, and for the first time. */
export async function isGoodAssertion(
  database: Database,
  client: KeptClient,
  assertion: string,
  audiences: readonly string[],
  now: Date,
): Promise<boolean> {
  if (client.jwks === null) return false
  const result = await verdictOf(
    jwtVerify(assertion, createLocalJWKSet(client.jwks as unknown as JSONWebKeySet), {
      algorithms: ASYMMETRIC,
      issuer: client.id,
      subject: client.id,
      audience: [...audiences],
      requiredClaims: ['exp', 'jti', 'aud'],
      clockTolerance: SKEW_SECONDS,
      currentDate: now,
    }),
  )
  if (result === null) return false
  const { typ } = result.protectedHeader
  // What a client signs for another purpose must not sign it in.
  const isForThis = typ === undefined || /^(?:application\/)?(?:JWT|client-authentication\+jwt)$/i.test(typ)
  if (!isForThis || !isShortLived(result.payload, now)) return false
  return isFirstUse(database, client.id, result.payload, now)
}

function isShortLived({ exp, iat, aud, jti }: JWTPayload, now: Date): boolean {
  const seconds = now.getTime() / 1000
  return (
    seconds < exp! &&
    exp! - seconds <= LONGEST_LIFETIME_SECONDS + SKEW_SECONDS &&
    (iat === undefined || (iat <= seconds + SKEW_SECONDS && exp! - iat <= LONGEST_LIFETIME_SECONDS)) &&
    // One made for others as well could be handed on by them.
    (typeof aud === 'string' || aud!.length === 1) &&
    typeof jti === 'string' &&
    jti.length > 0 &&
    jti.length <= LONGEST_JTI &&
    !jti.includes('\u0000')
  )
}

/** Kept until it would have expired anyway; of two that come at once, in whatever processes, one is the first. */
const isFirstUse = (
  database: Database,
  client: string,
  { jti, exp }: JWTPayload,
  now: Date,
): Promise<boolean> =>
  database.write([], async (transaction) => {
    await transaction.query(
      'access.forgetAssertions',
      'delete from access.used_assertion as a where a.expires_at < $1',
      [now.toISOString()],
    )
    const rows = await transaction.query(
      'access.useAssertion',
      `insert into access.used_assertion (client, jti, expires_at) values ($1, $2, $3)
       on conflict do nothing returning jti`,
      [client, jti, new Date((exp! + SKEW_SECONDS) * 1000).toISOString()],
    )
    return rows.length === 1
  })
