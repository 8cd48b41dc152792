import { randomUUID } from 'node:crypto'
import type { KeptGrant } from '../../database/access-tables.ts'
import type { Transaction } from '../../database/database.ts'
import type { NewApiKey } from '../keys/api-key.ts'
import { type Asked, type Change, LIES_WITHIN, type Managed, withinParameter } from './managed.ts'

/** An API key as it is managed: never the key. */
export interface ManagedKey extends Managed {
  readonly name: string
  readonly prefix: string
  readonly expiresAt: string
}

const COLUMNS = `k.id, k.name, k.prefix, k.grants, k.created_at as "createdAt", k.created_by as "createdBy",
  k.expires_at as "expiresAt", k.revoked_at as "revokedAt", k.revoked_by as "revokedBy"`

/** In the order in which they were made. */
export const listKeys = (transaction: Transaction, { within, after, limit }: Asked): Promise<ManagedKey[]> =>
  transaction.query<ManagedKey>(
    'access.listKeys',
    `select ${COLUMNS}
       from access.api_key k
      where ${LIES_WITHIN('k', 1)}
        and ($2::timestamptz is null or (k.created_at, k.id) > ($2::timestamptz, $3::uuid))
      order by k.created_at, k.id
      limit $4`,
    [withinParameter(within), after?.createdAt ?? null, after?.id ?? null, limit],
  )

export async function readKey(
  transaction: Transaction,
  id: string,
  within: Asked['within'],
): Promise<ManagedKey | null> {
  const [row] = await transaction.query<ManagedKey>(
    'access.readKey',
    `select ${COLUMNS} from access.api_key k where k.id = $2 and ${LIES_WITHIN('k', 1)}`,
    [withinParameter(within), id],
  )
  return row ?? null
}

export interface KeyDecision {
  readonly name: string
  readonly grants: readonly KeptGrant[]
  readonly expiresAt: string
}

export async function createKey(
  transaction: Transaction,
  { name, grants, expiresAt }: KeyDecision,
  { prefix, hash }: NewApiKey,
  { by, at }: Change,
): Promise<ManagedKey> {
  const [row] = await transaction.query<ManagedKey>(
    'access.createKey',
    `insert into access.api_key as k (id, name, prefix, hash, grants, created_at, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     returning ${COLUMNS}`,
    [randomUUID(), name, prefix, hash, JSON.stringify(grants), at.toISOString(), by, expiresAt],
  )
  return row!
}

/** Once is enough: who did so first stays on record. */
export const revokeKey = (transaction: Transaction, id: string, { by, at }: Change): Promise<unknown> =>
  transaction.query(
    'access.revokeKey',
    `update access.api_key as k set revoked_at = $2, revoked_by = $3 where k.id = $1 and k.revoked_at is null`,
    [id, at.toISOString(), by],
  )
