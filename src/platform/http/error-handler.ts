import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { Refusal, type RefusalReason } from '../../vocabulary/refusal.ts'
import { Fault, PROBLEM_JSON, Problem, problemBody, problems } from './problem.ts'
import { baseUrlOf } from './public-url.ts'
import { tooManyFailures } from './rate-limits.ts'
import { refusalOf } from './refusal-of.ts'
import { type AjvFault, faultsOfPart, faultsOfRequest } from './validation-faults.ts'

interface ValidationError extends Error {
  readonly validation: readonly AjvFault[]
  readonly validationContext?: string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Why this request was refused, for the log's one line. */
    refusedFor: RefusalReason | null
  }
}

export interface ErrorHandlerOptions {
  readonly publicUrl: string | null
}

/** Seconds after which a caller may try again: longer than a restart of the database takes. */
export const RETRY_AFTER_SECONDS = 10

/**
 * Turns everything that goes wrong into a problem (RFC 9457), and an address that has no route into 404 or, where
 * it has one for another method, 405. Registered before every route, so that it knows them all.
 */
export const errorHandler = fastifyPlugin<ErrorHandlerOptions>(
  async (app: FastifyInstance, { publicUrl }) => {
    app.decorateRequest('refusedFor', null)
    app.addSchema(Fault)
    app.addSchema(Problem)

    const routes = new Map<string, Set<string>>()
    app.addHook('onRoute', ({ url, method }) => {
      // Not an address: what answers a browser’s question before a call, wherever that would go.
      if (url === '*') return
      const methods = routes.get(url) ?? new Set()
      for (const one of [method].flat()) methods.add(one.toUpperCase())
      routes.set(url, methods)
    })

    app.setErrorHandler((error, request, reply) => answerError(error, request, reply, publicUrl))
    app.setNotFoundHandler((request, reply) => {
      const allow = methodsAt(routes, request.url.split('?', 1)[0]!)
      if (allow.length === 0 || allow.includes(request.method))
        return sendProblem(
          request,
          reply,
          publicUrl,
          new Refusal('not-found', 'There is nothing at this address.'),
        )
      reply.header('allow', allow.join(', '))
      const detail = `${request.method} is not allowed here; ${allow.join(', ')} ${allow.length > 1 ? 'are' : 'is'}.`
      return sendProblem(request, reply, publicUrl, new Refusal('method-not-allowed', detail))
    })
  },
  { name: 'error-handler' },
)

/** Answers an error; for Fastify's `frameworkErrors` too, which come before any plugin has its turn. */
export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string | null,
): FastifyReply {
  if (isValidationError(error)) {
    const found = faultsOfRequest(request)
    // A body with a schema per media type can't be looked at again; what Fastify found stands for it.
    const faults =
      found.length > 0 ? found : faultsOfPart(error.validationContext ?? 'body', error.validation)
    const detail =
      faults.length === 1 ? faults[0]!.detail : 'Parts of the request are not valid; `errors` names each.'
    return sendProblem(request, reply, publicUrl, new Refusal('invalid-request', detail, faults))
  }
  const thrown = refusalOf(error)
  const refusal =
    thrown?.reason === 'unauthenticated' && request.hasFailedTooOften ? tooManyFailures(reply) : thrown
  // Someone must act on an error of ours; a refusal is no more than the line that the request gets.
  if (refusal === null) request.log.error({ err: error }, 'request failed')
  else if (problems[refusal.reason].status >= 500) request.log.warn({ err: error }, 'request not answered')
  return sendProblem(
    request,
    reply,
    publicUrl,
    refusal ?? new Refusal('internal-error', 'The service failed; the log has the details of this request.'),
  )
}

const isValidationError = (error: unknown): error is ValidationError =>
  error instanceof Error && 'validation' in error && Array.isArray(error.validation)

function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string | null,
  { reason, message, faults, members }: Refusal,
): FastifyReply {
  const { status } = problems[reason]
  request.refusedFor = reason
  if (status === 401) reply.header('www-authenticate', challengeTo(request))
  if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS)
  // What a handler had set for its answer does not hold for a refusal of it.
  for (const header of ['content-disposition', 'content-length', 'location']) reply.removeHeader(header)
  // Save for the state that a change is to be of.
  if (status !== 412 && status !== 428) reply.removeHeader('etag')
  const about = { base: baseUrlOf(request, publicUrl), requestId: request.id }
  return reply
    .code(status)
    .type(PROBLEM_JSON)
    .header('cache-control', 'no-store')
    .send(problemBody(about, reason, message, faults, members))
}

/** RFC 6750 §3.1: whoever sent a token learns that it is that which is wrong; whoever sent none, how to sign in. */
const challengeTo = ({ headers }: FastifyRequest): string =>
  /^Bearer +[^ ]/i.test(headers.authorization ?? '') ? 'Bearer error="invalid_token"' : 'Bearer'

function methodsAt(routes: ReadonlyMap<string, ReadonlySet<string>>, path: string): string[] {
  const methods = new Set<string>()
  for (const [template, ofTemplate] of routes)
    if (patternOf(template).test(path)) for (const method of ofTemplate) methods.add(method)
  return [...methods].sort()
}

const patterns = new Map<string, RegExp>()

/** A route template as a pattern: `/v1/authorities/:authority/returns` matches any one segment for the parameter. */
function patternOf(template: string): RegExp {
  const pattern =
    patterns.get(template) ??
    new RegExp(
      `^${template
        .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll(/:[A-Za-z_]\w*/g, '[^/]+')
        .replaceAll('*', '.*')}$`,
    )
  patterns.set(template, pattern)
  return pattern
}
