import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { exportJWK, type JWTPayload, SignJWT } from 'jose'

/** A good token to start from, and the key pair that it is signed with. */
export interface Forgeable {
  readonly alg: string
  readonly kid: string
  readonly typ: string
  readonly claims: JWTPayload
  readonly privateKey: KeyObject
  readonly publicJwk: Record<string, unknown>
  readonly publicPem: string
}

const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const signed = (header: Record<string, unknown>, claims: JWTPayload, key: KeyObject): Promise<string> =>
  new SignJWT(claims).setProtectedHeader(header as { alg: string }).sign(key)

function hmac(header: Record<string, unknown>, claims: JWTPayload, secret: string | Buffer): string {
  const text = `${part({ ...header, alg: 'HS256' })}.${part(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

/** What an attacker sends who knows everything but the private key. */
export async function forgedTokens(from: Forgeable): Promise<Record<string, string>> {
  const { alg, kid, typ, claims, publicJwk, publicPem } = from
  const header = { alg, kid, typ }
  const own = { ...(await exportJWK(attacker.publicKey)), kid, alg: 'ES256', use: 'sig' }
  const theirs = (more: object) => signed({ ...header, alg: 'ES256', ...more }, claims, attacker.privateKey)
  const good = await signed(header, claims, from.privateKey)
  const [head, , signature] = good.split('.')
  return {
    'alg none': `${part({ ...header, alg: 'none' })}.${part(claims)}.`,
    'alg None, with a signature': `${part({ ...header, alg: 'None' })}.${part(claims)}.${signature}`,
    'HS256 with the public key as PEM': hmac(header, claims, publicPem),
    'HS256 with the public key as JWK': hmac(header, claims, JSON.stringify(publicJwk)),
    'HS256 with an empty file by its path': hmac({ ...header, kid: '../../../../dev/null' }, claims, ''),
    'HS256 with what SQL in the kid would give': hmac(
      { ...header, kid: "x' union select 'secret' --" },
      claims,
      'secret',
    ),
    'another key under our kid': await theirs({}),
    'another key under a kid of its own': await theirs({ kid: 'attacker' }),
    'another key without a kid': `${part({ alg: 'ES256', typ })}.${(await theirs({})).split('.').slice(1).join('.')}`,
    'another key, which jku points to': await theirs({ jku: 'https://attacker.example/jwks.json' }),
    'another key, which x5u points to': await theirs({ x5u: 'https://attacker.example/key.pem' }),
    'another key, embedded': await theirs({ jwk: own }),
    'an unknown critical header': `${part({ ...header, crit: ['x'], x: 1 })}.${part(claims)}.${signature}`,
    'the claims changed': `${head}.${part({ ...claims, scope: 'admin' })}.${signature}`,
    'the signature cut': good.slice(0, -6),
    'no signature': `${head}.${part(claims)}.`,
    'two parts': good.slice(0, good.lastIndexOf('.')),
    '10 kB of it': `${head}.${part({ ...claims, pad: 'x'.repeat(10_000) })}.${signature}`,
    'no JSON in it': `${head}.AAAA.${signature}`,
  }
}

/** What its own signer never signs: true signatures over claims or kinds that are not good here. */
export async function wronglyIssuedTokens(from: Forgeable, now: Date): Promise<Record<string, string>> {
  const { alg, kid, typ, claims, privateKey } = from
  const seconds = Math.floor(now.getTime() / 1000)
  const { exp: _exp, ...endless } = claims
  const { aud: _aud, ...forNobody } = claims
  const sign = (payload: JWTPayload, header = {}) => signed({ alg, kid, typ, ...header }, payload, privateKey)
  return {
    'of another issuer': await sign({ ...claims, iss: 'https://elsewhere.example' }),
    'for another audience': await sign({ ...claims, aud: 'https://elsewhere.example' }),
    'for no audience': await sign(forNobody),
    'of another kind': await sign(claims, { typ: 'logout+jwt' }),
    'without an end': await sign(endless),
    'at its end': await sign({ ...claims, exp: seconds }),
    'from 90 seconds on': await sign({ ...claims, nbf: seconds + 90 }),
  }
}
