import type { KeptGrant } from '../../database/access-tables.ts'
import type { Transaction } from '../../database/database.ts'

/** Everything that says who may call, as of one revision. */
export interface KeptAccess {
  readonly revision: number
  readonly keys: readonly KeptKey[]
  readonly clients: readonly KeptClient[]
  readonly secrets: readonly KeptSecret[]
  readonly issuerGrants: readonly KeptIssuerGrant[]
  readonly signingKeys: readonly KeptSigningKey[]
  readonly revokedTokens: readonly string[]
}

export interface KeptKey {
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly hash: Buffer
  readonly grants: readonly KeptGrant[]
  readonly expiresAt: string
}

export interface KeptClient {
  readonly id: string
  readonly name: string
  readonly grants: readonly KeptGrant[]
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] } | null
  readonly expiresAt: string | null
}

export interface KeptSecret {
  readonly client: string
  readonly hash: Buffer
  readonly expiresAt: string | null
}

export interface KeptIssuerGrant {
  readonly issuer: string
  readonly claim: string
  readonly value: string
  readonly grants: readonly KeptGrant[]
  readonly expiresAt: string | null
}

export interface KeptSigningKey {
  readonly kid: string
  readonly publicJwk: Record<string, unknown>
  /** Sealed with the master key. */
  readonly privateKey: Buffer
  readonly createdAt: string
  readonly retiredAt: string | null
}

/** The one cheap row by which a process learns whether anything has changed. */
export async function readRevision(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ revision: number }>(
    'access.readRevision',
    'select s.revision from access.state s',
  )
  return row!.revision
}

/**
 * All of it, from one snapshot. What was revoked is not in it; what expires is, since only the moment of a call can
 * tell whether it has.
 */
export async function readKeptAccess(transaction: Transaction): Promise<KeptAccess> {
  return {
    revision: await readRevision(transaction),
    keys: await transaction.query<KeptKey>(
      'access.readKeys',
      `select k.id, k.name, k.prefix, k.hash, k.grants, k.expires_at as "expiresAt"
         from access.api_key k
        where k.revoked_at is null`,
    ),
    clients: await transaction.query<KeptClient>(
      'access.readClients',
      `select c.id, c.name, c.grants, c.jwks, c.expires_at as "expiresAt"
         from access.client c
        where c.revoked_at is null`,
    ),
    secrets: await transaction.query<KeptSecret>(
      'access.readSecrets',
      `select s.client, s.hash, s.expires_at as "expiresAt"
         from access.client_secret s
        where s.revoked_at is null`,
    ),
    issuerGrants: await transaction.query<KeptIssuerGrant>(
      'access.readIssuerGrants',
      `select g.issuer, g.claim, g.value, g.grants, g.expires_at as "expiresAt"
         from access.issuer_grant g
        where g.revoked_at is null`,
    ),
    signingKeys: await transaction.query<KeptSigningKey>(
      'access.readSigningKeys',
      `select k.kid, k.public_jwk as "publicJwk", k.private_key as "privateKey",
              k.created_at as "createdAt", k.retired_at as "retiredAt"
         from access.signing_key k
        order by k.created_at desc, k.kid`,
    ),
    revokedTokens: (
      await transaction.query<{ jti: string }>(
        'access.readRevokedTokens',
        'select t.jti from access.revoked_token t',
      )
    ).map(({ jti }) => jti),
  }
}
