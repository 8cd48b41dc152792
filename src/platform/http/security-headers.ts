import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { Refusal } from '../../vocabulary/refusal.ts'
import { isGuarded } from './guarded.ts'

const SANE_REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/

/** The caller's own request id where it sent a sane one, so that its log and ours can be read side by side. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const sent = request.headers['x-request-id']
  return typeof sent === 'string' && SANE_REQUEST_ID.test(sent) ? sent : randomUUID()
}

/** What is longer stands in no address of ours, and is refused by proxies before us. */
const LONGEST_ADDRESS = 8192

/** Two years, as browsers ask of who wants to be on their lists. */
const HTTPS_ONLY = 'max-age=63072000; includeSubDomains'

/** What every answer carries. A page for people sets a policy of its own over this one. */
export function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  if (request.protocol === 'https') reply.header('strict-transport-security', HTTPS_ONLY)
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
      const nul =
        isGuarded(request.url.split('?', 1)[0]!) && request.url.includes('%00')
          ? new Refusal('invalid-request', 'The address holds a NUL character (%00), which nothing here has.')
          : undefined
      const tooLong =
        request.url.length > LONGEST_ADDRESS
          ? new Refusal(
              'address-too-long',
              `The address has more than the ${LONGEST_ADDRESS.toLocaleString('en-GB')} characters that are read.`,
            )
          : undefined
      done(tooLong ?? nul)
    })
    app.addHook('onSend', (request, reply, _payload, done) => {
      if (request.url.startsWith('/v1/')) {
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
        const vary = String(reply.getHeader('vary') ?? '')
        if (!/\bAuthorization\b/i.test(vary))
          reply.header('vary', vary === '' ? 'Authorization' : `Authorization, ${vary}`)
      }
      done()
    })
  },
  { name: 'security-headers' },
)
