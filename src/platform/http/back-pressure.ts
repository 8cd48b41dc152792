import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { Refusal } from '../../vocabulary/refusal.ts'

export interface BackPressureOptions {
  /** How late the process is with its work, in milliseconds; unless given, measured. */
  readonly lateness?: () => number
}

/** Once work waits this long for its turn, who comes anew would wait for it many times over. */
const MOST_LATE_MS = 1_000
const SAMPLE_MS = 1_000

/**
 * Refuses new calls (503, with a time to try again) while the process is behind with those it has: an answer now that
 * says so is worth more than one that comes when nobody waits for it. Health is asked all the same, by whoever has to
 * tell a busy process from a dead one.
 */
export const backPressure = fastifyPlugin<BackPressureOptions>(
  async (app: FastifyInstance, { lateness = measuredLateness(app) }) => {
    app.addHook('onRequest', (request, _reply, done) => {
      const isLate = lateness() > MOST_LATE_MS && !request.url.startsWith('/health/')
      done(
        isLate
          ? new Refusal('unavailable', 'The service has more to do than it can answer in time.')
          : undefined,
      )
    })
  },
  { name: 'back-pressure' },
)

/**
 * The least of the means of the last three seconds: one long piece of work is no reason to refuse anybody, and fills a
 * second by itself; three seconds of nothing else are.
 */
function measuredLateness(app: FastifyInstance): () => number {
  const histogram = monitorEventLoopDelay({ resolution: 20 })
  let means = [0, 0, 0]
  const timer = setInterval(() => {
    means = [...means.slice(1), histogram.mean / 1e6 || 0]
    histogram.reset()
  }, SAMPLE_MS)
  timer.unref()
  histogram.enable()
  app.addHook('onClose', async () => {
    clearInterval(timer)
    histogram.disable()
  })
  return () => Math.min(...means)
}
