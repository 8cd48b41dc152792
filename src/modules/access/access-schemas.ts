import { Type } from 'typebox'
import { Cursor, pageLimit } from '../../platform/http/parameters.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'

/** What the calls that manage clients, keys and grants take and give. */

const strict = { additionalProperties: false } as const
const orNull = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S, description: string) =>
  Type.Union([schema, Type.Null()], { description })

const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
const id = (what: string) =>
  Type.String({ pattern: UUID, description: `Id of the ${what}: a UUID in lower case.` })

export const NoQuery = Type.Object({}, strict)
export const OfClient = Type.Object({ id: id('client') }, strict)
export const OfSecret = Type.Object({ id: id('client'), secret: id('secret') }, strict)
export const OfKey = Type.Object({ id: id('API key') }, strict)
export const OfGrant = Type.Object({ id: id('grant') }, strict)
export const ListQuery = Type.Object(
  { limit: Type.Optional(pageLimit(100, 1000)), cursor: Type.Optional(Cursor) },
  strict,
)

/* ---- members ---------------------------------------------------------------------------------------------- */

const moment = (description: string) => Type.String({ format: 'date-time', description })
const momentOrNull = (description: string) => orNull(Type.String({ format: 'date-time' }), description)

const MOMENT = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?(Z|[+-]\\d{2}:\\d{2})$'
const wantedMoment = (description: string) =>
  Type.Optional(
    orNull(
      Type.String({ pattern: MOMENT, maxLength: 40, examples: ['2026-12-31T23:59:59Z'] }),
      `${description} RFC 3339, with its offset.`,
    ),
  )

const SCOPES_WORDS =
  'What is allowed: scopes, such as `observations:read`; the documentation of each call names the one it needs.'
const AUTHORITIES_WORDS =
  'For whom: GSS codes (`E08000034`) or DfE codes (`382`) of authorities, or `*` alone for all of them.'

const wantedGrants = Type.Array(
  Type.Object(
    {
      scopes: Type.Array(Type.String({ minLength: 1, maxLength: 40 }), {
        minItems: 1,
        maxItems: 20,
        description: SCOPES_WORDS,
        examples: [['observations:read']],
      }),
      authorities: Type.Array(Type.String({ minLength: 1, maxLength: 40 }), {
        minItems: 1,
        maxItems: 200,
        description: AUTHORITIES_WORDS,
        examples: [['E08000034']],
      }),
    },
    { ...strict, description: 'What is allowed for whom.' },
  ),
  {
    minItems: 1,
    maxItems: 50,
    description:
      'What is allowed for whom. Each stands for itself: the scopes of one do not hold for the authorities of another.',
  },
)

export const AccessGrant = named(
  'AccessGrant',
  Type.Object(
    {
      scopes: Type.Array(Type.String(), { description: SCOPES_WORDS }),
      authorities: Type.Array(Type.String(), {
        description: 'GSS codes of the authorities for which the scopes hold, or `*` for all.',
      }),
    },
    { ...strict, description: 'What is allowed for whom.' },
  ),
)

const grants = Type.Array(refTo(AccessGrant), {
  description: 'What is allowed for whom; each stands for itself.',
})

const name = Type.String({
  pattern: '^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,78}[A-Za-z0-9])?$',
  maxLength: 80,
  description:
    'By which the log and the audit trail know it: letters, digits, spaces, dots, hyphens and underscores, at most 80. Name a system, not a person.',
  examples: ['power-bi-kirklees'],
})

const kept = {
  createdAt: moment('When it was made.'),
  createdBy: Type.String({ description: 'Who made it: the name of the caller.' }),
  revokedAt: momentOrNull('When it was revoked; null for one that was not.'),
  revokedBy: orNull(Type.String(), 'Who revoked it; null for one that was not revoked.'),
}

const page = <Id extends string, S extends ReturnType<typeof named>>(id: Id, item: S, what: string) =>
  named(
    id,
    Type.Object(
      {
        data: Type.Array(refTo(item), { description: `${what}, in the order in which they were made.` }),
        next: orNull(Type.String(), 'Cursor of the next page; null on the last.'),
      },
      { ...strict, description: `A page of ${what.toLowerCase()}.` },
    ),
  )

/* ---- clients ---------------------------------------------------------------------------------------------- */

const jwks = Type.Object(
  {
    keys: Type.Array(Type.Record(Type.String({ maxLength: 40 }), Type.Unknown(), { maxProperties: 20 }), {
      minItems: 1,
      maxItems: 10,
      description:
        'Public keys as JSON Web Keys (RFC 7517): RSA of 2,048 bits or more, or elliptic (P-256, P-384, P-521, Ed25519). Of several each has a `kid`.',
    }),
  },
  { ...strict, description: 'The public keys of a client.' },
)

const WANTED_KEYS =
  'The public keys by which the client signs in with `private_key_jwt`; null or left out where it signs in with a secret.'

const wantedClient = {
  grants: wantedGrants,
  jwks: Type.Optional(orNull(jwks, WANTED_KEYS)),
  expiresAt: wantedMoment('When the client expires; null or left out: never by itself.'),
}

export const NewClient = named(
  'NewClient',
  Type.Object({ name, ...wantedClient }, { ...strict, description: 'A client to be made.' }),
)

export const ClientChange = named(
  'ClientChange',
  Type.Object(wantedClient, {
    ...strict,
    description: 'What a client is from now on. What is left out is null afterwards; its name stays.',
  }),
)

export const ClientSecret = named(
  'ClientSecret',
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'Id of the secret, by which it is revoked.' }),
      createdAt: kept.createdAt,
      createdBy: kept.createdBy,
      expiresAt: momentOrNull('When it expires; null: when the client does.'),
      revokedAt: kept.revokedAt,
    },
    { ...strict, description: 'That a client has a secret. The secret itself is kept nowhere.' },
  ),
)

export const Client = named(
  'Client',
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'Its `client_id` at the token endpoint.' }),
      name,
      grants,
      jwks: orNull(
        Type.Object(
          {
            keys: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
              description: 'Public keys (RFC 7517).',
            }),
          },
          strict,
        ),
        'The public keys by which the client signs in with `private_key_jwt`; null where it has none.',
      ),
      secrets: Type.Array(refTo(ClientSecret), {
        description: 'The secrets that were made for it, those revoked as well.',
      }),
      expiresAt: momentOrNull('When the client expires; null: never by itself.'),
      version: Type.Integer({ minimum: 1, description: 'Counts up with every change; the first is 1.' }),
      ...kept,
    },
    { ...strict, description: 'A system that signs in at the token endpoint.' },
  ),
)

export const ClientPage = page('ClientPage', Client, 'Clients')

export const NewSecret = named(
  'NewSecret',
  Type.Object(
    { expiresAt: wantedMoment('When the secret expires; null or left out: when the client does.') },
    { ...strict, description: 'A secret to be made.' },
  ),
)

export const MadeSecret = named(
  'MadeSecret',
  Type.Object(
    {
      secret: Type.String({
        description: 'The secret, for the client’s own keeping. It is shown here and never again.',
      }),
      made: refTo(ClientSecret),
    },
    { ...strict, description: 'A secret that was just made.' },
  ),
)

/* ---- keys ------------------------------------------------------------------------------------------------- */

export const NewKey = named(
  'NewApiKey',
  Type.Object(
    {
      name,
      grants: wantedGrants,
      expiresAt: wantedMoment(
        'When the key expires; null or left out: after as many days as API_KEY_DAYS allows, which is also the most.',
      ),
    },
    { ...strict, description: 'An API key to be made.' },
  ),
)

export const ApiKey = named(
  'ApiKey',
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'Id of the key, by which it is revoked.' }),
      name,
      prefix: Type.String({
        description: 'The part of the key by which a person can tell which one it is: `cpa_live_<prefix>_…`.',
      }),
      grants,
      expiresAt: moment('When it expires.'),
      ...kept,
    },
    { ...strict, description: 'A key for a caller that can’t sign in. The key itself is kept nowhere.' },
  ),
)

export const ApiKeyPage = page('ApiKeyPage', ApiKey, 'API keys')

export const MadeKey = named(
  'MadeApiKey',
  Type.Object(
    {
      key: Type.String({
        description: 'The key, to be sent as Bearer token. It is shown here and never again.',
      }),
      made: refTo(ApiKey),
    },
    { ...strict, description: 'An API key that was just made.' },
  ),
)

/* ---- grants ----------------------------------------------------------------------------------------------- */

/** The claims of a token that a grant may go by. */
const CLAIMS = ['roles', 'groups', 'scp', 'sub', 'azp', 'appid'] as const

const issuer = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'The issuer, as its tokens name it in `iss`: one that the service is configured to believe.',
  examples: ['https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0'],
})
const claim = Type.Enum([...CLAIMS], {
  type: 'string',
  description:
    'The claim of the token that is looked at. It may be a text, a list of texts, or (`scp`) words with spaces between.',
})
const value = Type.String({
  pattern: '^[\\x21-\\x7e]{1,200}$',
  maxLength: 200,
  description: 'What the claim must be, or hold, in the same letters.',
  examples: ['CareFigures.Read'],
})

export const NewGrant = named(
  'NewIssuerGrant',
  Type.Object(
    {
      issuer,
      claim,
      value,
      grants: wantedGrants,
      expiresAt: wantedMoment('When it expires; null or left out: never by itself.'),
    },
    {
      ...strict,
      description: 'What the bearers of an issuer’s tokens with a role, a group or a name may do.',
    },
  ),
)

export const IssuerGrant = named(
  'IssuerGrant',
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'Id of the grant.' }),
      issuer,
      claim,
      value,
      grants,
      expiresAt: momentOrNull('When it expires; null: never by itself.'),
      version: Type.Integer({ minimum: 1, description: 'Counts up with every change; the first is 1.' }),
      ...kept,
    },
    {
      ...strict,
      description: 'What the bearers of an issuer’s tokens with a role, a group or a name may do.',
    },
  ),
)

export const IssuerGrantPage = page('IssuerGrantPage', IssuerGrant, 'Grants')

export const ACCESS_SCHEMAS = [
  AccessGrant,
  NewClient,
  ClientChange,
  ClientSecret,
  Client,
  ClientPage,
  NewSecret,
  MadeSecret,
  NewKey,
  ApiKey,
  ApiKeyPage,
  MadeKey,
  NewGrant,
  IssuerGrant,
  IssuerGrantPage,
]
