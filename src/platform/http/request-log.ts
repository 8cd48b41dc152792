import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    /** The name of the caller, once it is known, for the request's line. */
    calledBy: string | null
    /** The trace (W3C Trace Context) that the request belongs to; null where it belongs to none. */
    traceId: string | null
  }
}

/** Where log lines go; standard output where none is given. */
export interface LogStream {
  write(line: string): void
}

/**
 * How the log is written: a JSON object per line, and nothing of a child in it. Addresses hold the ids of children
 * and messages of errors the parameters of queries, so neither is ever written.
 */
export const loggerOptions = (level: string, stream?: LogStream): FastifyServerOptions['logger'] => ({
  level,
  base: null,
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
  redact: {
    // By name: a wildcard is searched for in every line, and costs more than the line.
    paths: ['', 'headers.', 'req.headers.'].flatMap((place) => [`${place}authorization`, `${place}cookie`]),
    censor: '***',
  },
  serializers: { err: loggedError, req: describeRequest, res: describeReply },
  ...(stream && { stream }),
})

/**
 * Standard output, written once for all the lines of a turn of the event loop: a system call for each line takes
 * longer than many an answer. What is left is written when the process exits.
 */
export function linesTogether(): LogStream {
  let lines = ''
  const write = () => {
    if (lines !== '') process.stdout.write(lines)
    lines = ''
  }
  process.on('exit', write)
  return {
    write(line) {
      if (lines === '') setImmediate(write)
      lines += line
    },
  }
}

/** One line for each request, when it has been answered: who asked what kind of thing, and how that went. */
export const requestLog = fastifyPlugin(
  async (app: FastifyInstance) => {
    app.decorateRequest('calledBy', null)
    app.decorateRequest('traceId', null)
    // Hooks on the path of every request call back rather than promise: a promise each is a tenth of a 304.
    app.addHook('onResponse', (request, reply, done) => {
      request.log.info(
        {
          ...describeRequest(request),
          status: reply.statusCode,
          durationMs: Math.round(reply.elapsedTime * 10) / 10,
          ...(request.refusedFor && { reason: request.refusedFor }),
          ...(request.calledBy && { caller: request.calledBy }),
          ...(request.traceId && { traceId: request.traceId }),
        },
        'request',
      )
      done()
    })
    // Of an answer that nobody waited for there is no `onResponse`; it would leave no trace.
    app.addHook('onRequestAbort', (request, done) => {
      request.log.info(
        {
          ...describeRequest(request),
          ...(request.calledBy && { caller: request.calledBy }),
          ...(request.traceId && { traceId: request.traceId }),
        },
        'request aborted by its caller',
      )
      done()
    })
  },
  { name: 'request-log' },
)

/** Fastify's types ask for a message, which is just what must not be written. */
const loggedError = (error: unknown) =>
  describeError(error) as unknown as { type: string; message: string; stack: string }

/** The method and the template of the route (`/v1/authorities/:authority/children/:child`), never the address. */
function describeRequest(request: FastifyRequest) {
  return { method: request.method, route: request.routeOptions?.url ?? null }
}

function describeReply(reply: Pick<FastifyReply, 'statusCode'>) {
  return { status: reply.statusCode }
}

export interface DescribedError {
  readonly name: string
  readonly code?: string
  readonly constraint?: string
  readonly stack?: readonly string[]
  readonly cause?: DescribedError
}

/**
 * What of an error may be logged: its name, its code (PostgreSQL's SQLSTATE, Node's or Fastify's), the constraint
 * that was broken and where it came from. Its message is left out: Drizzle writes the parameters of the query into
 * it, and PostgreSQL the row.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { name: typeof error }
  const { code, constraint } = error as { code?: unknown; constraint?: unknown }
  // The message stands in the stack before the frames, over as many lines as it has, and one may look like a frame.
  const stack = (error.stack ?? '').replace(error.message, '')
  const frames = stack.split('\n').filter((line) => /^\s+at \S/.test(line))
  return {
    name: error.name,
    ...(typeof code === 'string' && { code }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(frames.length > 0 && { stack: frames.map((frame) => frame.trim()) }),
    ...(error.cause !== undefined && depth < 4 && { cause: describeError(error.cause, depth + 1) }),
  }
}
