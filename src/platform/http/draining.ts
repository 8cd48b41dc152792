import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { Refusal } from '../../vocabulary/refusal.ts'

/**
 * Refuses new calls on connections that are still open while the process closes, so that a load balancer sends them
 * elsewhere. Fastify can do so itself, but answers with JSON of its own that no client of a problem understands.
 */
export const draining = fastifyPlugin(
  async (app: FastifyInstance) => {
    let closing = false
    app.addHook('preClose', async () => {
      closing = true
    })
    app.addHook('onRequest', (_request, _reply, done) => {
      done(
        closing
          ? new Refusal('unavailable', 'This process is closing down; another will answer.')
          : undefined,
      )
    })
  },
  { name: 'draining' },
)
