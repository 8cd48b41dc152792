import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import packageJson from '../../../package.json' with { type: 'json' }

export const VERSION = packageJson.version

/** The subjects of the document, in the order in which a newcomer reads them. */
export const TAGS = [
  { name: 'Returns', description: 'The way in: an authority’s own records, as its systems export them.' },
  {
    name: 'Records',
    description:
      'The way in for what the return does not carry: interviews, plans, visits, education, workforce and more.',
  },
  { name: 'Indicators', description: 'The catalogue: what each figure means, and how it is made.' },
  {
    name: 'Observations',
    description: 'The figures, tidy: one value of one indicator for one authority, period and category.',
  },
  {
    name: 'Targets',
    description: 'What an authority aims at, and its commentary, for an indicator and a period.',
  },
  {
    name: 'Publications',
    description: 'Frozen figures that never change, the board report made from them, and what moved since.',
  },
  {
    name: 'Scorecard',
    description: 'The board’s table: figures beside targets, what they were, and how others fare.',
  },
  { name: 'Cohort', description: 'Who is looked after: how many, who they are, who comes and who leaves.' },
  { name: 'Stability', description: 'How stable their lives are: moves between homes, and time in one.' },
  { name: 'Missing episodes', description: 'Who goes missing, and who is away without authorisation.' },
  { name: 'Care leavers', description: 'How care leavers fare, and what they are entitled to.' },
  { name: 'Sufficiency', description: 'Where children live: what homes, whose, how near.' },
  {
    name: 'Forecasts',
    description:
      'How many children will be in care, where, at what cost, and against how many places; how good such forecasts were in the past.',
  },
  {
    name: 'Children',
    description: 'The pseudonymous children behind a figure; for callers that may see them.',
  },
  {
    name: 'Audit',
    description: 'Who read and wrote what about an authority’s children, in a trail that never changes.',
  },
  {
    name: 'People’s rights',
    description:
      'What a child may ask for under the UK GDPR: everything that is held, its correction, its restriction, its erasure.',
  },
  {
    name: 'Reference data',
    description: 'What is the same for everybody: authorities, neighbours, population, postcodes, districts.',
  },
  {
    name: 'Access',
    description: 'Who may call: tokens for systems, and the clients, API keys and grants behind them.',
  },
  {
    name: 'Events',
    description:
      'What happened, to be pulled as a feed or told by webhooks: that a return was loaded, that figures were published.',
  },
  { name: 'Service', description: 'The service itself: its health, its document, its problems.' },
] as const

export type Tag = (typeof TAGS)[number]['name']

const DESCRIPTION = `Figures on looked-after children and care leavers, computed on request from a council's own
records: who is in care, how stable their lives are, and how that compares.

**Who it is for.** Case-management systems and the extracts they make, which send returns; BI teams (Power BI, Excel,
R, Python), which pull tidy figures as JSON or CSV; dashboards and other systems of a council, which build on this
document.

**Calling it.** Send \`Authorization: Bearer <token>\` with every call under \`/v1\`. Lists come as
\`{ "data": [...], "next": "cursor or null" }\`. Unknown query parameters are refused. What goes wrong comes as
\`application/problem+json\` (RFC 9457) and names every fault at once; each \`type\` is a page that explains it.
Answers carry an \`ETag\`: send it back in \`If-None-Match\` to learn cheaply that nothing changed.

**Growing.** Within \`/v1\` members and values may be added, never taken away or given another meaning: pass over
what you do not know.`

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body as readers of the document see it, for a route that looks at its body itself. */
    documentedBody?: unknown
  }
}

export interface OpenApiOptions {
  readonly publicUrl: string | null
  /** What each scope allows. */
  readonly scopes: Readonly<Record<string, string>>
}

/** Makes the OpenAPI document from the routes; registered before them. */
export const openApi = fastifyPlugin<OpenApiOptions>(
  async (app: FastifyInstance, { publicUrl, scopes }) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.1',
        info: {
          title: 'Corporate Parenting API',
          version: VERSION,
          summary: 'Looked-after children and care leavers, in figures that a board can rely on.',
          description: DESCRIPTION,
          license: { name: 'MIT', identifier: 'MIT' },
        },
        servers: [{ url: publicUrl ?? '/', description: 'This service' }],
        tags: [...TAGS],
        components: {
          securitySchemes: {
            bearer: {
              type: 'http',
              scheme: 'bearer',
              description:
                'An access token: one of ours from /oauth/token, one of an OpenID Connect issuer that the service believes, or an API key. Each call names the scope that it needs.',
            },
            oauth2: {
              type: 'oauth2',
              description:
                'For systems: a client gets a token with its key (`private_key_jwt`) or a secret, and sends it as Bearer token.',
              flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: { ...scopes } } },
            },
          },
        },
        security: [{ bearer: [] }, { oauth2: [] }],
      },
      // Without it components are called def-0, def-1, and a client's types with them.
      refResolver: {
        buildLocalReference: (schema, _base, _fragment, index) => String(schema.$id ?? `def-${index}`),
      },
      convertConstToEnum: false,
      transform: ({ schema, url, route }) => ({
        schema: {
          ...schema,
          ...(route.config?.documentedBody !== undefined && { body: route.config.documentedBody }),
          ...securityOf(route.config?.scope),
          // What a call leaves in the audit trail, for whoever generates a client or an inventory from the document.
          ...(route.config?.audited !== undefined && { 'x-audit-action': route.config.audited }),
        },
        url,
      }),
    })
  },
  { name: 'openapi' },
)

/** In 3.1 a bearer requirement may name roles: the scopes, of which any one will do. */
function securityOf(scope: string | readonly string[] | undefined) {
  const scopes = scope === undefined ? [] : [scope].flat()
  return {
    security: [...scopes.map((one) => ({ bearer: [one] })), ...scopes.map((one) => ({ oauth2: [one] }))],
  }
}

/** The document of an app; waits until its routes are all there. Needs no database. */
export async function documentOf(app: FastifyInstance) {
  await app.ready()
  return app.swagger()
}
