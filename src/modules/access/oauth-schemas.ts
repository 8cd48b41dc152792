import { Type } from 'typebox'
import { OAUTH_ERRORS, type OAuthError } from '../../platform/access/tokens/oauth-refusal.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'

/** What the calls of OAuth 2 take and give: their members are named by its standards, not by us. */

const strict = { additionalProperties: false } as const
const url = (description: string) => Type.String({ format: 'uri', description })
const words = (description: string) => Type.Array(Type.String(), { description })

const ASSERTED = {
  client_assertion_type: Type.Optional(
    Type.String({
      description: '`urn:ietf:params:oauth:client-assertion-type:jwt-bearer`, with `client_assertion`.',
    }),
  ),
  client_assertion: Type.Optional(
    Type.String({
      maxLength: 8192,
      description:
        'For `private_key_jwt` (RFC 7523): a JWT signed with a key of the client. `iss` and `sub` are the client’s id, `aud` the address of this endpoint or the issuer, `exp` at most five minutes ahead, `jti` new each time.',
    }),
  ),
  client_id: Type.Optional(
    Type.String({ maxLength: 100, description: 'For `client_secret_post`: the id of the client.' }),
  ),
  client_secret: Type.Optional(
    Type.String({ maxLength: 200, description: 'For `client_secret_post`: a secret of the client.' }),
  ),
}

export const TokenForm = named(
  'TokenForm',
  Type.Object(
    {
      grant_type: Type.String({ description: '`client_credentials`.', examples: ['client_credentials'] }),
      scope: Type.Optional(
        Type.String({
          maxLength: 1000,
          description:
            'The scopes that the token is to have, with spaces between; all that the client has unless given.',
          examples: ['observations:read'],
        }),
      ),
      ...ASSERTED,
    },
    { description: 'What a client sends for a token. A member that is not known is passed over (RFC 6749).' },
  ),
)

export const RevocationForm = named(
  'RevocationForm',
  Type.Object(
    {
      token: Type.String({ maxLength: 8192, description: 'The access token to end.' }),
      token_type_hint: Type.Optional(
        Type.String({ maxLength: 100, description: '`access_token`; other words are passed over.' }),
      ),
      ...ASSERTED,
    },
    { description: 'What a client sends to end a token. A member that is not known is passed over.' },
  ),
)

export const TokenAnswer = named(
  'TokenAnswer',
  Type.Object(
    {
      access_token: Type.String({ description: 'The token, to be sent as Bearer token: a JWT (RFC 9068).' }),
      token_type: Type.String({ description: 'Always `Bearer`.' }),
      expires_in: Type.Integer({ minimum: 1, description: 'For how many seconds it is good.' }),
      scope: Type.String({ description: 'The scopes that it has, with spaces between.' }),
    },
    { ...strict, description: 'An access token (RFC 6749 §5.1).' },
  ),
)

export const OAuthProblem = named(
  'OAuthError',
  Type.Object(
    {
      error: Type.Enum(Object.keys(OAUTH_ERRORS) as OAuthError[], {
        type: 'string',
        description: 'Why it was refused, for programs.',
      }),
      error_description: Type.String({ description: 'What is wrong, for people.' }),
    },
    { ...strict, description: 'Why the call was refused (RFC 6749 §5.2).' },
  ),
)

export const AuthorizationServer = named(
  'AuthorizationServer',
  Type.Object(
    {
      issuer: url('Who issues the tokens: `iss` and `aud` of each.'),
      token_endpoint: url('Where tokens are asked for.'),
      revocation_endpoint: url('Where tokens are ended.'),
      jwks_uri: url('The keys by which tokens are verified.'),
      grant_types_supported: words('Always `client_credentials`.'),
      response_types_supported: words('None: nobody signs in here with a browser.'),
      scopes_supported: words('Every scope.'),
      token_endpoint_auth_methods_supported: words('How clients sign in.'),
      token_endpoint_auth_signing_alg_values_supported: words('How assertions may be signed.'),
      revocation_endpoint_auth_methods_supported: words('How clients sign in to end a token.'),
      revocation_endpoint_auth_signing_alg_values_supported: words('How assertions may be signed.'),
      service_documentation: url('The documentation of the service.'),
    },
    { ...strict, description: 'The token endpoint and what it takes (RFC 8414).' },
  ),
)

export const ProtectedResource = named(
  'ProtectedResource',
  Type.Object(
    {
      resource: url('The service.'),
      authorization_servers: words(
        'Whose tokens are believed: our own, then those of the issuers configured.',
      ),
      scopes_supported: words('Every scope.'),
      bearer_methods_supported: words('Always `header`.'),
      resource_name: Type.String({ description: 'What the service is called.' }),
      resource_documentation: url('The documentation of the service.'),
    },
    { ...strict, description: 'Which tokens the service takes (RFC 9728).' },
  ),
)

const SigningKey = named(
  'SigningKey',
  Type.Object(
    {
      kty: Type.String({ description: 'The kind of key.' }),
      kid: Type.String({ description: 'Which one it is, as tokens say in their header.' }),
      alg: Type.String({ description: 'The algorithm that it signs with.' }),
      use: Type.String({ description: 'Always `sig`.' }),
      crv: Type.String({ description: 'The curve.' }),
      x: Type.String({ description: 'The first coordinate, in base64url.' }),
      y: Type.String({ description: 'The second coordinate, in base64url.' }),
    },
    { ...strict, description: 'A public key (RFC 7517).' },
  ),
)

export const SigningKeySet = named(
  'SigningKeySet',
  Type.Object(
    {
      keys: Type.Array(refTo(SigningKey), {
        description:
          'The key that tokens are signed with, and those before it while tokens of them are good.',
      }),
    },
    { ...strict, description: 'The public keys by which our tokens are verified (RFC 7517).' },
  ),
)

export const OAUTH_SCHEMAS = [
  TokenForm,
  RevocationForm,
  TokenAnswer,
  OAuthProblem,
  AuthorizationServer,
  ProtectedResource,
  SigningKey,
  SigningKeySet,
]
