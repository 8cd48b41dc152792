import { randomUUID } from 'node:crypto'
import type { KeptGrant } from '../../database/access-tables.ts'
import type { Transaction } from '../../database/database.ts'
import type { ClientKeys } from '../tokens/client-keys.ts'
import { type Asked, type Change, LIES_WITHIN, type Managed, withinParameter } from './managed.ts'

/** A client as it is managed; of its secrets only when they were made. */
export interface ManagedClient extends Managed {
  readonly name: string
  readonly jwks: ClientKeys | null
  readonly expiresAt: string | null
  readonly version: number
  readonly secrets: readonly ManagedSecret[]
}

export interface ManagedSecret {
  readonly id: string
  readonly createdAt: string
  readonly createdBy: string
  readonly expiresAt: string | null
  readonly revokedAt: string | null
}

/** What is decided of a client by whoever manages it. */
export interface ClientDecision {
  readonly grants: readonly KeptGrant[]
  readonly jwks: ClientKeys | null
  readonly expiresAt: string | null
}

const COLUMNS = `c.id, c.name, c.grants, c.jwks, c.version, c.created_at as "createdAt", c.created_by as "createdBy",
  c.expires_at as "expiresAt", c.revoked_at as "revokedAt", c.revoked_by as "revokedBy"`

type Row = Omit<ManagedClient, 'secrets'>

/** In the order in which they were made. */
export async function listClients(transaction: Transaction, asked: Asked): Promise<ManagedClient[]> {
  const { within, after, limit } = asked
  const rows = await transaction.query<Row>(
    'access.listClients',
    `select ${COLUMNS}
       from access.client c
      where ${LIES_WITHIN('c', 1)}
        and ($2::timestamptz is null or (c.created_at, c.id) > ($2::timestamptz, $3::uuid))
      order by c.created_at, c.id
      limit $4`,
    [withinParameter(within), after?.createdAt ?? null, after?.id ?? null, limit],
  )
  return withSecrets(transaction, rows)
}

export async function readClient(
  transaction: Transaction,
  id: string,
  within: Asked['within'],
): Promise<ManagedClient | null> {
  const rows = await transaction.query<Row>(
    'access.readClient',
    `select ${COLUMNS} from access.client c where c.id = $2 and ${LIES_WITHIN('c', 1)}`,
    [withinParameter(within), id],
  )
  return (await withSecrets(transaction, rows))[0] ?? null
}

async function withSecrets(transaction: Transaction, rows: readonly Row[]): Promise<ManagedClient[]> {
  if (rows.length === 0) return []
  const secrets = await transaction.query<ManagedSecret & { client: string }>(
    'access.listSecrets',
    `select s.client, s.id, s.created_at as "createdAt", s.created_by as "createdBy",
            s.expires_at as "expiresAt", s.revoked_at as "revokedAt"
       from access.client_secret s
      where s.client = any($1::uuid[])
      order by s.created_at, s.id`,
    [rows.map(({ id }) => id)],
  )
  return rows.map((row) => ({
    ...row,
    secrets: secrets
      .filter(({ client }) => client === row.id)
      .map(({ client: _client, ...secret }) => secret),
  }))
}

/** Null where another client has the name already, or ever had it: the audit trail names clients by it. */
export async function createClient(
  transaction: Transaction,
  { name, grants, jwks, expiresAt }: ClientDecision & { readonly name: string },
  { by, at }: Change,
): Promise<string | null> {
  const [row] = await transaction.query<{ id: string }>(
    'access.createClient',
    `insert into access.client (id, name, grants, jwks, version, created_at, created_by, expires_at)
     values ($1, $2, $3, $4, 1, $5, $6, $7)
     on conflict (name) do nothing
     returning id`,
    [randomUUID(), name, JSON.stringify(grants), keysAsKept(jwks), at.toISOString(), by, expiresAt],
  )
  return row?.id ?? null
}

/** Whether the client was still of this version, and so was changed. */
export async function changeClient(
  transaction: Transaction,
  { id, version }: Pick<ManagedClient, 'id' | 'version'>,
  { grants, jwks, expiresAt }: ClientDecision,
): Promise<boolean> {
  const rows = await transaction.query(
    'access.changeClient',
    `update access.client as c
        set grants = $3, jwks = $4, expires_at = $5, version = c.version + 1
      where c.id = $1 and c.version = $2 and c.revoked_at is null
      returning c.id`,
    [id, version, JSON.stringify(grants), keysAsKept(jwks), expiresAt],
  )
  return rows.length === 1
}

const keysAsKept = (jwks: ClientKeys | null): string | null => (jwks === null ? null : JSON.stringify(jwks))

/** Revokes a client with all its secrets. Once is enough: who did so first stays on record. */
export async function revokeClient(transaction: Transaction, id: string, { by, at }: Change): Promise<void> {
  await transaction.query(
    'access.revokeClient',
    `update access.client as c
        set revoked_at = $2, revoked_by = $3, version = c.version + 1
      where c.id = $1 and c.revoked_at is null`,
    [id, at.toISOString(), by],
  )
  await transaction.query(
    'access.revokeSecrets',
    'update access.client_secret as s set revoked_at = $2 where s.client = $1 and s.revoked_at is null',
    [id, at.toISOString()],
  )
}

/** Keeps a further secret of a client, and counts its version up: what is shown of it has changed. */
export async function addSecret(
  transaction: Transaction,
  { client, hash, expiresAt }: { client: string; hash: Buffer; expiresAt: string | null },
  { by, at }: Change,
): Promise<ManagedSecret> {
  const [row] = await transaction.query<ManagedSecret>(
    'access.addSecret',
    `insert into access.client_secret as s (id, client, hash, created_at, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6)
     returning s.id, s.created_at as "createdAt", s.created_by as "createdBy", s.expires_at as "expiresAt",
               s.revoked_at as "revokedAt"`,
    [randomUUID(), client, hash, at.toISOString(), by, expiresAt],
  )
  await countUp(transaction, client)
  return row!
}

/** Whether the client had this secret, and it was still good. */
export async function revokeSecret(
  transaction: Transaction,
  client: string,
  secret: string,
  { at }: Change,
): Promise<boolean> {
  const rows = await transaction.query(
    'access.revokeSecret',
    `update access.client_secret as s set revoked_at = $3
      where s.client = $1 and s.id = $2 and s.revoked_at is null
      returning s.id`,
    [client, secret, at.toISOString()],
  )
  if (rows.length > 0) await countUp(transaction, client)
  return rows.length > 0
}

/** Ends the secrets of a client, but for the one just made, at a moment to come: until then both are good. */
export async function endOtherSecrets(
  transaction: Transaction,
  client: string,
  kept: string,
  until: Date,
): Promise<void> {
  await transaction.query(
    'access.endOtherSecrets',
    `update access.client_secret as s set expires_at = least(coalesce(s.expires_at, $3::timestamptz), $3::timestamptz)
      where s.client = $1 and s.id <> $2 and s.revoked_at is null`,
    [client, kept, until.toISOString()],
  )
}

const countUp = (transaction: Transaction, client: string) =>
  transaction.query(
    'access.countClientUp',
    'update access.client as c set version = c.version + 1 where c.id = $1',
    [client],
  )
