import { createHash, randomUUID } from 'node:crypto'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Caller, FindCaller, Grant, Scope } from '../caller.ts'
import type { AccessState } from '../kept/access-state.ts'
import { grantsOf, isScope } from '../kept/grants.ts'
import type { KeptAccess, KeptClient } from '../kept/kept-access.ts'
import { SIGNING_ALGORITHM, type SigningKeys, TOKEN_SECONDS } from './signing-keys.ts'
import { isLive, type Lifetime, LONGEST_TOKEN, verdictOf } from './token-verdict.ts'

/** RFC 9068: says what kind of JWT it is, so that no other kind passes for it. */
const TYPE = 'at+jwt'

/** Tokens whose signature a process remembers having verified. */
const REMEMBERED = 10_000

export interface AccessTokens {
  issue(client: KeptClient, scopes: readonly Scope[], issuer: string): Promise<string>
  /** What one of our tokens says, once its signature is verified, whether it still holds or not; null for another. */
  read(token: string): Promise<OwnToken | null>
  readonly findCaller: FindCaller
}

export interface OwnToken extends Lifetime {
  readonly jti: string
  readonly kid: string
  readonly client: string
  readonly scopes: ReadonlySet<Scope>
}

export interface AccessTokensOptions {
  readonly state: AccessState
  readonly keys: SigningKeys
  readonly now: () => Date
  /** Where callers reach the service, which tokens name; null: each token names where it was asked for. */
  readonly publicUrl: string | null
}

/** Our own access tokens: JWTs that say who calls, and no more of what it may do than narrows it. */
export function newAccessTokens({ state, keys, now, publicUrl }: AccessTokensOptions): AccessTokens {
  const verified = new LRUCache<string, OwnToken>({ max: REMEMBERED })

  const isVerifiable = (access: KeptAccess, kid: unknown): boolean =>
    keys.verifiers(access).some((key) => key.kid === kid)

  const read = async (token: string): Promise<OwnToken | null> => {
    const kid = kidOf(token)
    if (kid === null) return null
    let access = await state.current()
    if (!isVerifiable(access, kid)) access = await state.latest()
    // Asked of every call: a key that was retired since does not verify what it verified before.
    if (!isVerifiable(access, kid)) return null
    const digest = createHash('sha256').update(token).digest('base64url')
    const known = verified.get(digest)
    if (known) return known
    const jwks = { keys: keys.verifiers(access).map(({ publicJwk }) => publicJwk) }
    const result = await verdictOf(
      jwtVerify(token, createLocalJWKSet(jwks as unknown as JSONWebKeySet), {
        algorithms: [SIGNING_ALGORITHM],
        typ: TYPE,
        requiredClaims: ['iss', 'aud', 'sub', 'client_id', 'scope', 'jti', 'iat', 'exp'],
        ...(publicUrl !== null && { issuer: publicUrl, audience: publicUrl }),
        // Whether it has expired is judged below, on every call alike.
        clockTolerance: Number.MAX_SAFE_INTEGER,
        currentDate: now(),
      }),
    )
    if (result === null) return null
    const { iss, aud, jti, exp, nbf, client_id, scope } = result.payload
    if (iss !== aud || typeof client_id !== 'string' || typeof scope !== 'string') return null
    const own: OwnToken = {
      jti: jti!,
      kid,
      client: client_id,
      scopes: new Set(scope.split(' ').filter(isScope)),
      notBefore: nbf ?? null,
      expires: exp!,
    }
    verified.set(digest, own)
    return own
  }

  return {
    async issue({ id }, scopes, issuer) {
      const { kid, key } = await keys.signer()
      const seconds = Math.floor(now().getTime() / 1000)
      return new SignJWT({ client_id: id, scope: scopes.join(' ') })
        .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: TYPE, kid })
        .setIssuer(issuer)
        .setAudience(issuer)
        .setSubject(id)
        .setJti(randomUUID())
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + TOKEN_SECONDS)
        .sign(key)
    },
    read,
    async findCaller(token) {
      const own = await read(token)
      if (own === null || !isLive(own, now())) return null
      const access = await state.current()
      const client = clientNamed(access, own.client)
      if (!client || isRevoked(access, own.jti) || hasExpired(client.expiresAt, now())) return null
      return callerOf(access, client, own.scopes)
    },
  }
}

/** The key that a JWT of our kind says it is signed with; null for any other text. */
function kidOf(token: string): string | null {
  if (token.length > LONGEST_TOKEN || token.split('.').length !== 3) return null
  try {
    const { kid, typ } = decodeProtectedHeader(token)
    return typ === TYPE && typeof kid === 'string' ? kid : null
  } catch {
    return null
  }
}

export const hasExpired = (at: string | null, now: Date): boolean =>
  at !== null && Date.parse(at) <= now.getTime()

/** What is looked up on every call, laid out once for each state of access. */
interface Lookup {
  readonly clients: ReadonlyMap<string, KeptClient>
  readonly revoked: ReadonlySet<string>
  readonly callers: Map<string, Caller>
}
const lookups = new WeakMap<KeptAccess, Lookup>()
function lookupIn(access: KeptAccess): Lookup {
  const known = lookups.get(access)
  if (known) return known
  const lookup: Lookup = {
    clients: new Map(access.clients.map((client) => [client.id, client])),
    revoked: new Set(access.revokedTokens),
    callers: new Map(),
  }
  lookups.set(access, lookup)
  return lookup
}

export const clientNamed = (access: KeptAccess, id: string): KeptClient | undefined =>
  lookupIn(access).clients.get(id)

const isRevoked = (access: KeptAccess, jti: string): boolean => lookupIn(access).revoked.has(jti)

/** A client as its grants are now: the token only narrows them, so that what is taken from it is gone at once. */
function callerOf(access: KeptAccess, client: KeptClient, scopes: ReadonlySet<Scope>): Caller {
  const { callers } = lookupIn(access)
  const key = `${client.id} ${[...scopes].sort().join(' ')}`
  const known = callers.get(key)
  if (known) return known
  const caller: Caller = {
    name: client.name,
    onBehalfOf: null,
    grants: clientGrants(client, (scope) => scopes.has(scope)),
  }
  callers.set(key, caller)
  return caller
}

export const clientGrants = (client: KeptClient, may?: (scope: Scope) => boolean): Grant[] =>
  grantsOf(client.grants, may)
