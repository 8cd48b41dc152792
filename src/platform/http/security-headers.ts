import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { Refusal } from '../../vocabulary/refusal.ts'

const SANE_REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/

/** The caller's own request id where it sent a sane one, so that its log and ours can be read side by side. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const sent = request.headers['x-request-id']
  return typeof sent === 'string' && SANE_REQUEST_ID.test(sent) ? sent : randomUUID()
}

/** What every answer carries. A page for people sets a policy of its own over this one. */
export function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({
    'x-request-id': request.id,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  })
}

/** Sets the headers first of all, so that a refusal has them too. */
export const securityHeaders = fastifyPlugin(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', (request, reply, done) => {
      setSecurityHeaders(request, reply)
      // PostgreSQL has no text with a NUL in it: as a parameter it would be a failure of ours, not a refusal.
      const nul = request.url.includes('%00')
        ? new Refusal('invalid-request', 'The address holds a NUL character (%00), which nothing here has.')
        : undefined
      done(nul)
    })
  },
  { name: 'security-headers' },
)
