import swaggerUi from '@fastify/swagger-ui'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { onlyRefusals } from './problem.ts'

/** The pages under `/docs` load from this service only: a council's network may let nothing else through. */
const DOCS_POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  // Swagger UI's components carry styles of their own.
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

/** The document, and the reference made from it for people. */
export const docsRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/docs', 302))

  let document: string | undefined
  app.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'getOpenApiDocument',
        tags: ['Service'],
        summary: 'This document',
        description: 'The OpenAPI 3.1 document of the service, made from its routes.',
        response: {
          200: {
            description: 'The document.',
            content: {
              'application/json': {
                schema: Type.Object(
                  {},
                  { additionalProperties: true, description: 'An OpenAPI 3.1 document.' },
                ),
              },
            },
          },
          ...onlyRefusals('too-many-requests', 'internal-error', 'unavailable'),
        },
      },
    },
    async (_request, reply) => {
      // Written once: the routes do not change while the process runs. As text it passes the serialiser by.
      document ??= JSON.stringify(app.swagger())
      return reply
        .type('application/json; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send(document as unknown as Record<string, never>)
    },
  )

  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: DOCS_POLICY,
    theme: { title: 'Corporate Parenting API' },
    uiConfig: {
      layout: 'BaseLayout',
      deepLinking: true,
      displayRequestDuration: true,
      // Otherwise Swagger UI sends the document's address to validator.swagger.io for a badge.
      validatorUrl: null,
    },
  })
}
