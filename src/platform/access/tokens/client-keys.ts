import { createPublicKey } from 'node:crypto'
import type { Fault } from '../../../vocabulary/refusal.ts'

/** A client's public keys (RFC 7517). */
export interface ClientKeys {
  readonly keys: readonly Record<string, unknown>[]
}

const CURVES: readonly unknown[] = ['P-256', 'P-384', 'P-521', 'Ed25519']
const LEAST_RSA_BITS = 2048
const PUBLIC_MEMBERS = ['kty', 'kid', 'alg', 'use', 'key_ops', 'crv', 'x', 'y', 'n', 'e']

/** Every fault of the keys that a client is to sign in with. */
export function faultsOfKeys({ keys }: ClientKeys, pointer: string): Fault[] {
  const faults = keys.flatMap((key, index) => {
    const fault = faultOfKey(key)
    return fault ? [{ pointer: `${pointer}/keys/${index}`, ...fault }] : []
  })
  const kids = keys.map(({ kid }) => kid)
  if (keys.length > 1 && (new Set(kids).size < kids.length || kids.some((kid) => typeof kid !== 'string')))
    faults.push({
      pointer: `${pointer}/keys`,
      code: 'kid-needed',
      detail:
        'Of several keys each needs a `kid` of its own, by which an assertion says which it is signed with.',
    })
  return faults
}

function faultOfKey(key: Readonly<Record<string, unknown>>): Omit<Fault, 'pointer'> | null {
  if ('d' in key || 'k' in key || key.kty === 'oct')
    return {
      code: 'not-public',
      detail:
        'The key is private or shared, and is known to others now: make a new pair, and send its public half.',
    }
  const given = Object.fromEntries(PUBLIC_MEMBERS.flatMap((name) => (name in key ? [[name, key[name]]] : [])))
  const weak = {
    code: 'key-not-taken',
    detail: 'The key is not one that assertions can be signed with.',
    allowed: [`RSA of ${LEAST_RSA_BITS} bits or more`, ...(CURVES as string[])],
  }
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: given, format: 'jwk' })
    const isTaken =
      key.kty === 'RSA'
        ? (asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS
        : CURVES.includes(key.crv)
    const signs = key.use === undefined || key.use === 'sig'
    return isTaken && signs ? null : weak
  } catch {
    return weak
  }
}

/** A key as it is kept: its public members and no others. */
export const publicMembers = (key: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(PUBLIC_MEMBERS.flatMap((name) => (name in key ? [[name, key[name]]] : [])))
