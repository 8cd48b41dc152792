import { randomUUID } from 'node:crypto'
import type { KeptGrant } from '../../database/access-tables.ts'
import type { Transaction } from '../../database/database.ts'
import { type Asked, type Change, LIES_WITHIN, type Managed, withinParameter } from './managed.ts'

/** A grant to the bearers of an issuer's tokens, as it is managed. */
export interface ManagedGrant extends Managed {
  readonly issuer: string
  readonly claim: string
  readonly value: string
  readonly expiresAt: string | null
  readonly version: number
}

/** What is decided of a grant by whoever manages it. */
export interface GrantDecision {
  readonly issuer: string
  readonly claim: string
  readonly value: string
  readonly grants: readonly KeptGrant[]
  readonly expiresAt: string | null
}

const COLUMNS = `g.id, g.issuer, g.claim, g.value, g.grants, g.version, g.created_at as "createdAt",
  g.created_by as "createdBy", g.expires_at as "expiresAt", g.revoked_at as "revokedAt", g.revoked_by as "revokedBy"`

/** In the order in which they were made. */
export const listGrants = (
  transaction: Transaction,
  { within, after, limit }: Asked,
): Promise<ManagedGrant[]> =>
  transaction.query<ManagedGrant>(
    'access.listGrants',
    `select ${COLUMNS}
       from access.issuer_grant g
      where ${LIES_WITHIN('g', 1)}
        and ($2::timestamptz is null or (g.created_at, g.id) > ($2::timestamptz, $3::uuid))
      order by g.created_at, g.id
      limit $4`,
    [withinParameter(within), after?.createdAt ?? null, after?.id ?? null, limit],
  )

export async function readGrant(
  transaction: Transaction,
  id: string,
  within: Asked['within'],
): Promise<ManagedGrant | null> {
  const [row] = await transaction.query<ManagedGrant>(
    'access.readGrant',
    `select ${COLUMNS} from access.issuer_grant g where g.id = $2 and ${LIES_WITHIN('g', 1)}`,
    [withinParameter(within), id],
  )
  return row ?? null
}

export async function createGrant(
  transaction: Transaction,
  { issuer, claim, value, grants, expiresAt }: GrantDecision,
  { by, at }: Change,
): Promise<ManagedGrant> {
  const [row] = await transaction.query<ManagedGrant>(
    'access.createGrant',
    `insert into access.issuer_grant as g
       (id, issuer, claim, value, grants, version, created_at, created_by, expires_at)
     values ($1, $2, $3, $4, $5, 1, $6, $7, $8)
     returning ${COLUMNS}`,
    [randomUUID(), issuer, claim, value, JSON.stringify(grants), at.toISOString(), by, expiresAt],
  )
  return row!
}

/** Null where the grant is not of this version any more, and so was left as it is. */
export async function changeGrant(
  transaction: Transaction,
  { id, version }: Pick<ManagedGrant, 'id' | 'version'>,
  { issuer, claim, value, grants, expiresAt }: GrantDecision,
): Promise<ManagedGrant | null> {
  const [row] = await transaction.query<ManagedGrant>(
    'access.changeGrant',
    `update access.issuer_grant as g
        set issuer = $3, claim = $4, value = $5, grants = $6, expires_at = $7, version = g.version + 1
      where g.id = $1 and g.version = $2 and g.revoked_at is null
      returning ${COLUMNS}`,
    [id, version, issuer, claim, value, JSON.stringify(grants), expiresAt],
  )
  return row ?? null
}

/** Once is enough: who did so first stays on record. */
export const revokeGrant = (transaction: Transaction, id: string, { by, at }: Change): Promise<unknown> =>
  transaction.query(
    'access.revokeGrant',
    `update access.issuer_grant as g set revoked_at = $2, revoked_by = $3, version = g.version + 1
      where g.id = $1 and g.revoked_at is null`,
    [id, at.toISOString(), by],
  )
