import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { SCOPES } from '../../platform/access/caller.ts'
import { ASYMMETRIC } from '../../platform/access/tokens/token-verdict.ts'
import { onlyRefusals } from '../../platform/http/problem.ts'
import { baseUrlOf } from '../../platform/http/public-url.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { NoQuery } from './access-schemas.ts'
import { AuthorizationServer, ProtectedResource, SigningKeySet } from './oauth-schemas.ts'
import type { AccessRoutesOptions } from './options.ts'

const METHODS = ['private_key_jwt', 'client_secret_basic', 'client_secret_post']

/** What a client's library reads by itself: where tokens are had, which are taken, and the keys that verify them. */
export const metadataRoutes =
  ({ state, keys, publicUrl, rules }: AccessRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/.well-known/oauth-authorization-server',
      {
        schema: {
          operationId: 'getAuthorizationServer',
          tags: ['Access'],
          summary: 'The token endpoint and what it takes',
          description: 'Metadata of the authorization server (RFC 8414), for OAuth libraries.',
          querystring: NoQuery,
          response: {
            200: {
              description: 'The metadata.',
              content: { 'application/json': { schema: refTo(AuthorizationServer) } },
            },
            ...REFUSALS,
          },
        },
      },
      async (request, reply) => {
        const base = baseUrlOf(request, publicUrl)
        setPublic(reply)
        return {
          issuer: base,
          token_endpoint: `${base}/oauth/token`,
          revocation_endpoint: `${base}/oauth/revoke`,
          jwks_uri: `${base}/oauth/jwks.json`,
          grant_types_supported: ['client_credentials'],
          response_types_supported: [],
          scopes_supported: [...SCOPES],
          token_endpoint_auth_methods_supported: METHODS,
          token_endpoint_auth_signing_alg_values_supported: ASYMMETRIC,
          revocation_endpoint_auth_methods_supported: METHODS,
          revocation_endpoint_auth_signing_alg_values_supported: ASYMMETRIC,
          service_documentation: `${base}/docs`,
        }
      },
    )

    app.get(
      '/.well-known/oauth-protected-resource',
      {
        schema: {
          operationId: 'getProtectedResource',
          tags: ['Access'],
          summary: 'Whose tokens the service takes',
          description: 'Metadata of the protected resource (RFC 9728), for OAuth libraries.',
          querystring: NoQuery,
          response: {
            200: {
              description: 'The metadata.',
              content: { 'application/json': { schema: refTo(ProtectedResource) } },
            },
            ...REFUSALS,
          },
        },
      },
      async (request: FastifyRequest, reply) => {
        const base = baseUrlOf(request, publicUrl)
        setPublic(reply)
        return {
          resource: base,
          authorization_servers: [base, ...rules.issuers],
          scopes_supported: [...SCOPES],
          bearer_methods_supported: ['header'],
          resource_name: 'Corporate Parenting API',
          resource_documentation: `${base}/docs`,
        }
      },
    )

    app.get(
      '/oauth/jwks.json',
      {
        schema: {
          operationId: 'listSigningKeys',
          tags: ['Access'],
          summary: 'The keys by which our tokens are verified',
          description:
            'Public keys (RFC 7517). A key that has been replaced stays until the last token signed with it has expired.',
          querystring: NoQuery,
          response: {
            200: {
              description: 'The keys.',
              content: { 'application/json': { schema: refTo(SigningKeySet) } },
            },
            ...REFUSALS,
          },
        },
      },
      async (_request, reply) => {
        await keys.signer()
        setPublic(reply)
        const published = keys.verifiers(await state.latest()).map(({ publicJwk }) => publicJwk)
        return { keys: published as Static<typeof SigningKeySet>['keys'] }
      },
    )
  }

const REFUSALS = onlyRefusals(
  'invalid-request',
  'too-many-requests',
  'internal-error',
  'unavailable',
  'timeout',
)

/** The same for everybody, and seldom another. */
const setPublic = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'public, max-age=300')
