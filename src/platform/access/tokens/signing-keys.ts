import { createPrivateKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import type { Database, Transaction } from '../../database/database.ts'
import type { AccessState } from '../kept/access-state.ts'
import type { KeptAccess, KeptSigningKey } from '../kept/kept-access.ts'
import type { MasterKey } from '../master-key.ts'

/** P-256: known to every library that a client may verify with. */
export const SIGNING_ALGORITHM = 'ES256'

/** How long a token of ours is good. */
export const TOKEN_SECONDS = 15 * 60

/**
 * A retired key verifies until the last token of it has expired; the minute is for processes that had not yet heard
 * that it is retired.
 */
const VERIFIES_AFTER_MS = (TOKEN_SECONDS + 60) * 1000

export interface SigningKey {
  readonly kid: string
  readonly key: KeyObject
}

export interface SigningKeys {
  /** The key that new tokens are signed with; made where there is none. */
  signer(): Promise<SigningKey>
  /** The public halves by which tokens are verified at this moment. */
  verifiers(access: KeptAccess): readonly KeptSigningKey[]
}

export interface SigningKeysOptions {
  readonly database: Database
  readonly state: AccessState
  readonly master: MasterKey
  readonly now: () => Date
}

export function newSigningKeys({ database, state, master, now }: SigningKeysOptions): SigningKeys {
  const opened = new Map<string, KeyObject | null>()
  const open = (kept: Pick<KeptSigningKey, 'kid' | 'privateKey'>): KeyObject | null => {
    const known = opened.get(kept.kid)
    if (known !== undefined) return known
    const key = openedBy(master, kept.privateKey)
    opened.set(kept.kid, key)
    return key
  }
  const ours = (keys: readonly KeptSigningKey[]): SigningKey | undefined => {
    for (const kept of keys) {
      const key = kept.retiredAt === null ? open(kept) : null
      if (key) return { kid: kept.kid, key }
    }
    return undefined
  }
  return {
    async signer() {
      const known = ours((await state.current()).signingKeys)
      if (known) return known
      await database.write([], async (transaction) => {
        await oneAtATime(transaction)
        // Another process may have made it while this one waited.
        if (ours(await unretired(transaction))) return
        await insertKey(transaction, master, now())
      })
      state.forget()
      return ours((await state.current()).signingKeys)!
    },
    verifiers: ({ signingKeys }) =>
      signingKeys.filter(
        ({ retiredAt }) => retiredAt === null || Date.parse(retiredAt) + VERIFIES_AFTER_MS > now().getTime(),
      ),
  }
}

/**
 * Makes a new key, with which tokens are signed from now on. Those signed with the keys before it stay good until they
 * expire; unless a key has got into wrong hands: then `atOnce` ends them with it.
 */
export async function rotateSigningKey(
  transaction: Transaction,
  master: MasterKey,
  now: Date,
  atOnce: boolean,
): Promise<string> {
  await oneAtATime(transaction)
  const retiredAt = atOnce ? new Date(now.getTime() - VERIFIES_AFTER_MS) : now
  await transaction.query(
    'access.retireSigningKeys',
    `update access.signing_key as k set retired_at = $1
      where k.retired_at is null or ($2 and k.retired_at > $1)`,
    [retiredAt.toISOString(), atOnce],
  )
  return insertKey(transaction, master, now)
}

/** Whoever makes or retires a key waits for whoever does so already, in whatever process. */
const oneAtATime = (transaction: Transaction) =>
  transaction.query('access.oneAtATime', 'select s.revision from access.state s for update')

const unretired = (transaction: Transaction): Promise<KeptSigningKey[]> =>
  transaction.query<KeptSigningKey>(
    'access.unretiredSigningKeys',
    `select k.kid, k.public_jwk as "publicJwk", k.private_key as "privateKey",
            k.created_at as "createdAt", k.retired_at as "retiredAt"
       from access.signing_key k
      where k.retired_at is null
      order by k.created_at desc, k.kid`,
  )

async function insertKey(transaction: Transaction, master: MasterKey, now: Date): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true })
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  const sealed = master.seal('signing-keys', Buffer.from(await exportPKCS8(privateKey)))
  await transaction.query(
    'access.insertSigningKey',
    `insert into access.signing_key (kid, public_jwk, private_key, created_at) values ($1, $2, $3, $4)`,
    [kid, JSON.stringify({ ...jwk, kid, alg: SIGNING_ALGORITHM, use: 'sig' }), sealed, now.toISOString()],
  )
  return kid
}

/** Null for a key that was sealed with another master key: this process signs with one of its own then. */
function openedBy(master: MasterKey, sealed: Buffer): KeyObject | null {
  try {
    return createPrivateKey(master.open('signing-keys', sealed).toString())
  } catch {
    return null
  }
}
