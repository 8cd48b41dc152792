import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

export interface CrossOriginOptions {
  /** Origins whose pages may call from a browser: `https://board.example.gov.uk`. */
  readonly origins: readonly string[]
}

/** Lets pages of the origins named call from a browser, with a token of their own and never with a cookie. */
export const crossOrigin = fastifyPlugin<CrossOriginOptions>(
  async (app: FastifyInstance, { origins }) => {
    if (origins.length === 0) return
    await app.register(cors, {
      origin: [...origins],
      credentials: false,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowedHeaders: [
        'Accept',
        'Authorization',
        'Content-Type',
        'Idempotency-Key',
        'If-Match',
        'If-None-Match',
        'X-Purpose',
        'X-Request-ID',
      ],
      exposedHeaders: [
        'Content-Disposition',
        'ETag',
        'Idempotency-Replayed',
        'Link',
        'Location',
        'RateLimit',
        'RateLimit-Policy',
        'Retry-After',
        'X-Request-ID',
      ],
      maxAge: 600,
    })
  },
  { name: 'cross-origin' },
)
