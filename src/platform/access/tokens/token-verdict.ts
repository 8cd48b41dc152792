import { errors } from 'jose'
import { Refusal } from '../../../vocabulary/refusal.ts'

/** Longer ones are nobody's: reading them would only cost time. */
export const LONGEST_TOKEN = 8_192

/** Issuers' clocks and ours may differ by so much, for what is not to be used before a moment. */
export const SKEW_SECONDS = 60

/** Signatures by a key pair: with a shared secret, whoever can verify can forge. */
export const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

/** What makes a token bad, whoever looks at it. Everything else that goes wrong says nothing of the token. */
const BAD: readonly string[] = [
  errors.JWSInvalid.code,
  errors.JWTInvalid.code,
  errors.JWTExpired.code,
  errors.JWTClaimValidationFailed.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
]

/**
 * What verifying gave; null for a token that is not good. Where it could not be verified, the caller is told to come
 * again: neither is it let through, nor is it told that a good token is bad.
 */
export async function verdictOf<T>(verifying: Promise<T>): Promise<T | null> {
  try {
    return await verifying
  } catch (error) {
    if (error instanceof Refusal) throw error
    if (error instanceof errors.JOSEError && BAD.includes(error.code)) return null
    throw Object.assign(
      new Refusal('unavailable', 'The keys of whoever issued the token can’t be had at the moment.'),
      { cause: error },
    )
  }
}

/** Between when a token is good, in seconds since 1970. */
export interface Lifetime {
  readonly notBefore: number | null
  readonly expires: number
}

/** By the clock of this very call: a signature that was verified before says nothing of the time. */
export function isLive({ notBefore, expires }: Lifetime, now: Date): boolean {
  const seconds = now.getTime() / 1000
  return seconds < expires && (notBefore === null || notBefore <= seconds + SKEW_SECONDS)
}
