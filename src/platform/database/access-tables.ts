import { bigint, boolean, index, integer, jsonb, pgSchema, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { bytes, moment } from './column-types.ts'

/**
 * Who may call: clients, keys and grants. They are nobody's records, so they stand in a schema of their own, which no
 * authority's rows are in; no secret is kept in it that could be used as it stands.
 */
export const access = pgSchema('access')

/** What is allowed for whom: `[{ "scopes": ["…"], "authorities": ["E08000034"] | ["*"] }]`. */
export interface KeptGrant {
  readonly scopes: readonly string[]
  readonly authorities: readonly string[]
}
const grants = () => jsonb('grants').$type<KeptGrant[]>().notNull()

/** A system that signs in at the token endpoint. */
export const clients = access.table('client', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull().unique(),
  grants: grants(),
  /** Its public keys (RFC 7517), for `private_key_jwt`; null where it signs in with a secret only. */
  jwks: jsonb('jwks').$type<{ keys: Record<string, unknown>[] }>(),
  version: integer('version').notNull(),
  createdAt: moment('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  expiresAt: moment('expires_at'),
  revokedAt: moment('revoked_at'),
  revokedBy: text('revoked_by'),
})

/** A secret of a client: its SHA-256 only. Several may hold at once, so that one can take another's place. */
export const clientSecrets = access.table(
  'client_secret',
  {
    id: uuid('id').primaryKey(),
    client: uuid('client')
      .notNull()
      .references(() => clients.id),
    hash: bytes('hash').notNull().unique(),
    createdAt: moment('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    expiresAt: moment('expires_at'),
    revokedAt: moment('revoked_at'),
  },
  (table) => [index('client_secret_client').on(table.client)],
)

/** A key for callers that can do nothing else: its SHA-256 only. */
export const apiKeys = access.table('api_key', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  /** How it begins, by which a person can tell which one it is. */
  prefix: text('prefix').notNull().unique(),
  hash: bytes('hash').notNull().unique(),
  grants: grants(),
  createdAt: moment('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  expiresAt: moment('expires_at').notNull(),
  revokedAt: moment('revoked_at'),
  revokedBy: text('revoked_by'),
})

/** What the bearers of an issuer's tokens with a role, a group or a subject may do. */
export const issuerGrants = access.table('issuer_grant', {
  id: uuid('id').primaryKey(),
  issuer: text('issuer').notNull(),
  claim: text('claim').notNull(),
  value: text('value').notNull(),
  grants: grants(),
  version: integer('version').notNull(),
  createdAt: moment('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  expiresAt: moment('expires_at'),
  revokedAt: moment('revoked_at'),
  revokedBy: text('revoked_by'),
})

/** The keys that our own tokens are signed with; the private half sealed with the master key. */
export const signingKeys = access.table('signing_key', {
  kid: text('kid').primaryKey(),
  publicJwk: jsonb('public_jwk').$type<Record<string, unknown>>().notNull(),
  privateKey: bytes('private_key').notNull(),
  createdAt: moment('created_at').notNull(),
  /** No longer signed with from then on; good for verifying until the last token of it has expired. */
  retiredAt: moment('retired_at'),
})

/** The assertions that clients have signed in with: none is good twice. */
export const usedAssertions = access.table(
  'used_assertion',
  {
    client: uuid('client').notNull(),
    jti: text('jti').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.client, table.jti] })],
)

/** Tokens of ours that were revoked before they expired. */
export const revokedTokens = access.table('revoked_token', {
  jti: text('jti').primaryKey(),
  expiresAt: moment('expires_at').notNull(),
})

/** One row, whose revision every change of the tables above moves: processes ask for it to learn of changes. */
export const accessState = access.table('state', {
  only: boolean('only').primaryKey().default(true),
  revision: bigint('revision', { mode: 'number' }).notNull(),
})
