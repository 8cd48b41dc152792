import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { isWithoutBody } from './streamed-body.ts'
import { answerOnSocket } from './unreadable-request.ts'

/** How long a caller may take to say what it wants. */
export interface Patience {
  /** Until the headers are there. */
  readonly headersMs: number
  /** Until a body is there that is no upload. */
  readonly bodyMs: number
  /** Of an upload, in which too little may come. */
  readonly pauseMs: number
}

export const PATIENCE: Patience = { headersMs: 15_000, bodyMs: 30_000, pauseMs: 30_000 }

/** The largest body that is no upload. */
export const LARGEST_SMALL_BODY = 1024 * 1024

/** What must come of an upload in each pause: a line that is slower than this is none. */
const LEAST_BYTES = 1024

export interface SlowCallersOptions {
  readonly patience: Patience
  readonly publicUrl: string | null
}

/**
 * Gives up on bodies that do not come (408, and the connection is closed): whoever opens many and sends a byte now and
 * then would hold them all. An upload may take its time as long as it goes on. Headers are timed by Node itself.
 */
export const slowCallers = fastifyPlugin<SlowCallersOptions>(
  async (app: FastifyInstance, options) => {
    app.addHook('onRequest', (request, reply, done) => {
      if (!isWithoutBody(request)) watch(request, reply, options)
      done()
    })
  },
  { name: 'slow-callers' },
)

function watch(
  request: FastifyRequest,
  reply: FastifyReply,
  { patience: { bodyMs, pauseMs }, publicUrl }: SlowCallersOptions,
): void {
  const { raw } = request
  const { socket } = raw
  const giveUp = () => {
    stop()
    if (raw.complete || socket.destroyed) return
    // A raw answer must not stand within another: one that has begun, or that of an earlier request.
    if (reply.raw.headersSent || reply.raw.socket !== socket) raw.destroy()
    else
      answerOnSocket(socket, 'request-too-slow', 'The body did not come within the time allowed.', publicUrl)
  }
  let seen = socket.bytesRead
  const isUpload = (request.routeOptions.bodyLimit ?? 0) > LARGEST_SMALL_BODY
  const timer = isUpload
    ? setInterval(() => {
        const came = socket.bytesRead - seen
        seen = socket.bytesRead
        // What is here and not read yet waits for us: we are the slow ones.
        if (came < LEAST_BYTES && raw.readableLength === 0) giveUp()
      }, pauseMs)
    : setTimeout(giveUp, bodyMs)
  timer.unref()
  const stop = () => clearTimeout(timer)
  raw.once('end', stop)
  raw.once('close', stop)
}
