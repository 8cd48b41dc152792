import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import type { Config } from '../../../config.ts'
import { Refusal } from '../../../vocabulary/refusal.ts'

type Issuer = Pick<Config['oidcIssuers'][number], 'issuer' | 'jwksUri'>

/** The document that names an issuer's keys, and the keys, take a few kilobytes. */
const LARGEST_ANSWER = 256 * 1024
const PATIENCE_MS = 5_000
/** After an issuer did not answer it is left alone for a moment: calls are refused without asking it each time. */
const LEFT_ALONE_MS = 1_000
/** Keys are asked for anew after this long, and sooner for a token signed with one that is not among them. */
const KEYS_GOOD_FOR_MS = 10 * 60_000
/** How soon after they were asked for: whoever makes up names of keys can't have them asked for each time. */
const COOLDOWN_MS = 30_000

export interface IssuerKeysOptions {
  readonly now: () => Date
  readonly cooldownMs?: number
}

/**
 * The keys of an issuer, which jose asks for as they are needed and which may change at any time. Throws `unavailable`
 * where they can't be had.
 */
export function newIssuerKeys(
  { issuer, jwksUri }: Issuer,
  { now, cooldownMs = COOLDOWN_MS }: IssuerKeysOptions,
): JWTVerifyGetKey {
  let keys: Promise<JWTVerifyGetKey> | undefined
  let failedAt: number | undefined

  const get: Get = async (url, options) => {
    if (failedAt !== undefined && Math.abs(now().getTime() - failedAt) < LEFT_ALONE_MS) throw unreachable()
    try {
      const answer = await fetchBounded(url, options)
      failedAt = undefined
      return answer
    } catch (fault) {
      failedAt = now().getTime()
      throw unreachable(fault)
    }
  }
  const find = async (): Promise<JWTVerifyGetKey> =>
    createRemoteJWKSet(new URL(jwksUri ?? (await discovered(issuer, get))), {
      timeoutDuration: PATIENCE_MS,
      cooldownDuration: cooldownMs,
      cacheMaxAge: KEYS_GOOD_FOR_MS,
      [customFetch]: get,
    })

  return async (header, token) => {
    keys ??= find().catch((fault) => {
      keys = undefined
      throw unreachable(fault)
    })
    return (await keys)(header, token)
  }
}

type Get = (url: string, options: RequestInit) => Promise<Response>

/** Where an issuer's keys are, as its discovery document says (OpenID Connect Discovery §4). */
async function discovered(issuer: string, get: Get): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const answer = await get(url, {
    redirect: 'manual',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const document = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown }
  // Whoever answers for another issuer could have its keys taken for that one's.
  if (document.issuer !== issuer) throw new Error('The discovery document is of another issuer.')
  const keys = typeof document.jwks_uri === 'string' ? URL.parse(document.jwks_uri) : null
  if (!keys || !(keys.protocol === 'https:' || isThisMachine(keys.hostname)))
    throw new Error('The discovery document names no https address of keys.')
  return keys.href
}

const isThisMachine = (host: string): boolean =>
  ['localhost', '[::1]'].includes(host) || /^127(?:\.\d{1,3}){3}$/.test(host)

/** An answer that is read whole, and no further than it may be long. Redirects are not followed. */
async function fetchBounded(url: string, options: RequestInit): Promise<Response> {
  const answer = await fetch(url, options)
  if (answer.status !== 200) {
    await answer.body?.cancel()
    throw new Error(`The issuer answers ${answer.status}.`)
  }
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of answer.body ?? []) {
    length += part.length
    if (length > LARGEST_ANSWER) throw new Error('The issuer’s answer is longer than any that is taken.')
    parts.push(part)
  }
  return new Response(Buffer.concat(parts), { status: 200 })
}

const unreachable = (cause?: unknown): Refusal =>
  Object.assign(
    new Refusal('unavailable', 'The keys of whoever issued the token can’t be had at the moment.'),
    { cause },
  )
