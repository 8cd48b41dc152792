import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { type RequestSpan, traceIdOf } from './tracing.ts'
import type { Watch } from './watch.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route loads, for the metrics of loads. */
    loads?: 'returns' | 'records' | 'reference'
  }
  interface FastifyRequest {
    /** What a load came to; left null by one that was refused. */
    loaded: { readonly result: string; readonly rows: number } | null
    /** The span of this request, where traces are kept. */
    span: RequestSpan | null
  }
}

export interface WatchedRequestsOptions {
  readonly watch: Watch
}

/** The status of a call whose caller went away before the answer: none was sent. */
const GONE = 499

/** Measures every request, and traces it where traces are kept. Registered first, so that refusals count too. */
export const watchedRequests = fastifyPlugin<WatchedRequestsOptions>(
  async (app: FastifyInstance, { watch: { metrics, tracing } }) => {
    app.decorateRequest('loaded', null)
    app.decorateRequest('span', null)
    const open = new WeakSet<FastifyRequest>()

    app.addHook('onRequest', (request, _reply, done) => {
      metrics.requestBegan()
      open.add(request)
      const traceparent = headerOf(request)
      if (tracing === null) {
        request.traceId = traceIdOf(traceparent)
        return done()
      }
      const span = tracing.request(traceparent)
      request.span = span
      request.traceId = span.traceId
      span.run(done)
    })
    // A body is read by events of the socket, which know nothing of the request that they are for.
    if (tracing !== null)
      app.addHook('preValidation', (request, _reply, done) => {
        request.span!.run(done)
      })

    function ended(request: FastifyRequest, status: number, seconds: number): void {
      // An answer can end after its caller has gone: it counts once.
      if (!open.delete(request)) return
      metrics.requestEnded()
      const answer = {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status,
        reason: request.refusedFor,
      }
      metrics.answered({ ...answer, seconds })
      request.span?.end(answer)
      const kind = request.routeOptions.config.loads
      if (kind === undefined) return
      metrics.loaded({ kind, ...(request.loaded ?? { result: resultOf(status), rows: 0 }), seconds })
    }
    app.addHook('onResponse', (request, reply, done) => {
      ended(request, reply.statusCode, secondsOf(reply))
      done()
    })
    app.addHook('onRequestAbort', (request, done) => {
      ended(request, GONE, 0)
      done()
    })
  },
  { name: 'watched-requests', dependencies: ['error-handler', 'request-log'] },
)

/** How a load ended that came to nothing new. */
const resultOf = (status: number): string =>
  status < 400 ? 'replayed' : status === GONE ? 'aborted' : status < 500 ? 'refused' : 'failed'

const secondsOf = (reply: FastifyReply): number => reply.elapsedTime / 1000

const headerOf = ({ headers }: FastifyRequest): string | undefined => {
  const sent = headers.traceparent
  return typeof sent === 'string' ? sent : undefined
}
