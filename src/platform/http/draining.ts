import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

export interface DrainingOptions {
  /** Whether the process has been told to stop. */
  readonly draining: () => boolean
}

/**
 * Sends callers elsewhere without refusing any: from when the process is told to stop, every answer says that its
 * connection closes with it, so that the next call opens one to a process that stays. Until the last connection is
 * closed, whatever comes is answered.
 */
export const draining = fastifyPlugin<DrainingOptions>(
  async (app: FastifyInstance, { draining }) => {
    let closing = false
    app.addHook('preClose', async () => {
      closing = true
    })
    app.addHook('onSend', async (_request, reply) => {
      if (closing || draining()) reply.header('connection', 'close')
    })
  },
  { name: 'draining' },
)
