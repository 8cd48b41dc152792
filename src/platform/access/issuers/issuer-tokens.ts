import { createHash } from 'node:crypto'
import { decodeJwt, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import type { OidcIssuer } from '../../../config.ts'
import { findAuthority } from '../../../vocabulary/authority.ts'
import type { Caller, FindCaller, Grant } from '../caller.ts'
import type { AccessState } from '../kept/access-state.ts'
import { grantsOf } from '../kept/grants.ts'
import type { KeptAccess } from '../kept/kept-access.ts'
import { hasExpired } from '../tokens/access-token.ts'
import { ASYMMETRIC, isLive, LONGEST_TOKEN, SKEW_SECONDS, verdictOf } from '../tokens/token-verdict.ts'
import { newIssuerKeys } from './issuer-keys.ts'

/** Tokens whose signature a process remembers having verified, and for how long: a key may be taken back. */
const REMEMBERED = 10_000
const REMEMBERED_MS = 60_000
const LONGEST_NAME = 120

export interface IssuerTokensOptions {
  readonly issuers: readonly OidcIssuer[]
  readonly state: AccessState
  readonly now: () => Date
  /** How soon after its keys were asked for an issuer is asked again for one that is not among them. */
  readonly cooldownMs?: number
}

interface Believed extends OidcIssuer {
  readonly keys: JWTVerifyGetKey
  readonly kept: readonly {
    readonly claim: string
    readonly value: string
    readonly grants: readonly Grant[]
  }[]
}

/** Knows the bearers of tokens of the OpenID Connect issuers that the configuration names. */
export function findByIssuer({ issuers, state, now, cooldownMs }: IssuerTokensOptions): FindCaller {
  const believed = new Map<string, Believed>(
    issuers.map((issuer) => [
      issuer.issuer,
      {
        ...issuer,
        keys: newIssuerKeys(issuer, { now, ...(cooldownMs !== undefined && { cooldownMs }) }),
        kept: issuer.grants.map(({ claim, value, ...grant }) => ({
          claim,
          value,
          grants: grantsOf([{ ...grant, authorities: grant.authorities.map(codeOf) }]),
        })),
      },
    ]),
  )
  const verified = new LRUCache<string, { readonly payload: JWTPayload; readonly at: number }>({
    max: REMEMBERED,
  })

  const verify = async (token: string, { issuer, audience, keys }: Believed): Promise<JWTPayload | null> => {
    const digest = createHash('sha256').update(token).digest('base64url')
    const known = verified.get(digest)
    if (known && Math.abs(now().getTime() - known.at) < REMEMBERED_MS) return known.payload
    const at = now().getTime()
    const result = await verdictOf(
      jwtVerify(token, keys, {
        algorithms: ASYMMETRIC,
        issuer,
        audience,
        requiredClaims: ['iss', 'aud', 'exp'],
        clockTolerance: SKEW_SECONDS,
        currentDate: now(),
      }),
    )
    if (result === null || !isAccessToken(result.protectedHeader.typ)) return null
    verified.set(digest, { payload: result.payload, at })
    return result.payload
  }

  return async (token) => {
    const issuer = believed.get(issuerOf(token) ?? '')
    if (!issuer) return null
    const payload = await verify(token, issuer)
    if (payload === null) return null
    if (!isLive({ notBefore: payload.nbf ?? null, expires: payload.exp! }, now())) return null
    return callerOf(issuer, payload, await state.current(), now())
  }
}

/** Who a token says it is of, before anything of it is believed; null for what is no JWT. */
function issuerOf(token: string): string | null {
  if (token.length > LONGEST_TOKEN || token.split('.').length !== 3) return null
  try {
    return decodeJwt(token).iss ?? null
  } catch {
    return null
  }
}

/** Issuers sign other things with the same keys: a notice that somebody has signed out is no leave to call. */
const isAccessToken = (typ: string | undefined): boolean =>
  typ === undefined || /^(?:application\/)?(?:at\+)?jwt$/i.test(typ)

const codeOf = (word: string): string => (word === '*' ? word : (findAuthority(word)?.code ?? word))

/** The bearer with the grants of the configuration and those kept, as they are now. It may have none at all. */
function callerOf(issuer: Believed, payload: JWTPayload, access: KeptAccess, now: Date): Caller {
  const kept = access.issuerGrants.filter(
    (grant) => grant.issuer === issuer.issuer && !hasExpired(grant.expiresAt, now),
  )
  return {
    name: `${nameIn(payload, ['azp', 'appid']) ?? 'caller'} of ${new URL(issuer.issuer).host}`,
    onBehalfOf: nameIn(payload, [issuer.nameClaim]),
    grants: [
      ...issuer.kept
        .filter(({ claim, value }) => holds(payload[claim], claim, value))
        .flatMap(({ grants }) => grants),
      ...kept
        .filter(({ claim, value }) => holds(payload[claim], claim, value))
        .flatMap(({ grants }) => grantsOf(grants)),
    ],
  }
}

/** Whether a claim is a text, is among its texts, or (scopes of a person) among its words. */
function holds(claim: unknown, name: string, value: string): boolean {
  if (Array.isArray(claim)) return claim.includes(value)
  if (typeof claim !== 'string') return false
  return name === 'scp' ? claim.split(' ').includes(value) : claim === value
}

/** A name fit for the log and the audit trail: one line, and not longer than a name is. */
function nameIn(payload: JWTPayload, claims: readonly string[]): string | null {
  for (const claim of claims) {
    const name = payload[claim]
    if (typeof name === 'string' && name !== '')
      return name.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?').slice(0, LONGEST_NAME)
  }
  return null
}
