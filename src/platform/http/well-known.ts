import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Refusal } from '../../vocabulary/refusal.ts'
import { onlyRefusals } from './problem.ts'
import { baseUrlOf } from './public-url.ts'
import { named, refTo } from './schema-names.ts'

export interface WellKnownOptions {
  readonly publicUrl: string | null
  /** Where to report a hole: `mailto:…` or `https://…`. */
  readonly securityContact: string | null
  readonly now?: () => Date
}

/** Less than the year that RFC 9116 recommends at most: what is asked for anew is true anew. */
const DAYS_VALID = 180
const LINKSET = 'application/linkset+json'

const link = (description: string) =>
  Type.Array(
    Type.Object(
      {
        href: Type.String({ format: 'uri', description: 'The address.' }),
        type: Type.String({ description: 'Its media type.' }),
      },
      { additionalProperties: false },
    ),
    { description },
  )

const ApiCatalog = named(
  'ApiCatalog',
  Type.Object(
    {
      linkset: Type.Array(
        Type.Object(
          {
            anchor: Type.String({ format: 'uri', description: 'The API that the links are of.' }),
            'service-desc': link('The document for programs.'),
            'service-doc': link('The document for people.'),
            status: link('Whether the service can answer.'),
          },
          { additionalProperties: false, description: 'What belongs to one API.' },
        ),
        { description: 'One for each API of this address; there is one.' },
      ),
    },
    { additionalProperties: false, description: 'What APIs there are at this address (RFC 9727).' },
  ),
)

/** What is looked for under `/.well-known/`: where to report a hole, and what can be called. */
export const wellKnownRoutes: FastifyPluginAsyncTypebox<WellKnownOptions> = async (
  app,
  { publicUrl, securityContact, now = () => new Date() },
) => {
  app.addSchema(ApiCatalog)

  app.get(
    '/.well-known/security.txt',
    {
      schema: {
        operationId: 'getSecurityContact',
        tags: ['Service'],
        summary: 'Where to report a hole',
        description:
          'The contact for whoever has found a weakness (RFC 9116); 404 where the operator has named none.',
        response: {
          200: {
            description: 'The contact, and until when it holds.',
            content: { 'text/plain': { schema: Type.String({ description: 'Lines of `Name: value`.' }) } },
          },
          ...onlyRefusals('not-found', 'too-many-requests', 'internal-error', 'unavailable'),
        },
      },
    },
    async (request, reply) => {
      if (securityContact === null)
        throw new Refusal('not-found', 'The operator of this service has named no contact.')
      const expires = new Date(now().getTime() + DAYS_VALID * 86_400_000)
      expires.setUTCHours(0, 0, 0, 0)
      return reply
        .type('text/plain; charset=utf-8')
        .header('cache-control', 'public, max-age=86400')
        .send(
          [
            `Contact: ${securityContact}`,
            `Expires: ${expires.toISOString().replace('.000Z', 'Z')}`,
            'Preferred-Languages: en',
            `Canonical: ${baseUrlOf(request, publicUrl)}/.well-known/security.txt`,
            '',
          ].join('\n'),
        )
    },
  )

  app.get(
    '/.well-known/api-catalog',
    {
      schema: {
        operationId: 'getApiCatalog',
        tags: ['Service'],
        summary: 'What can be called here',
        description: 'The API of this address with its documents, as a set of links (RFC 9727, RFC 9264).',
        response: {
          200: {
            description: 'The links.',
            headers: { link: { type: 'string', description: 'This address, as `api-catalog`.' } },
            content: { [LINKSET as typeof LINKSET]: { schema: refTo(ApiCatalog) } },
          },
          ...onlyRefusals('too-many-requests', 'internal-error', 'unavailable'),
        },
      },
    },
    async (request, reply) => {
      const base = baseUrlOf(request, publicUrl)
      const at = (path: string, type: string) => [{ href: `${base}${path}`, type }]
      return reply
        .type(`${LINKSET}; profile="https://www.rfc-editor.org/info/rfc9727"`)
        .header('link', `<${base}/.well-known/api-catalog>; rel="api-catalog"`)
        .header('cache-control', 'public, max-age=3600')
        .send({
          linkset: [
            {
              anchor: `${base}/v1`,
              'service-desc': at('/openapi.json', 'application/vnd.oai.openapi+json;version=3.1'),
              'service-doc': at('/docs', 'text/html'),
              status: at('/health/ready', 'application/json'),
            },
          ],
        })
    },
  )
}
