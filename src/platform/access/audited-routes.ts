import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest, FastifySchema, RouteOptions } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { Type } from 'typebox'
import { Refusal } from '../../vocabulary/refusal.ts'
import { isGuarded } from '../http/guarded.ts'
import { describe } from '../http/problem.ts'
import { scopesOf } from './access.ts'
import type { AuditTrail, Touched } from './audit-trail.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route does to records of children, as the audit trail calls it: `child.read`, `return.load`. */
    audited?: string
  }
  interface FastifyRequest {
    /** What a call that keeps nothing has read about children; an audited one is not answered before it is set. */
    touched: Touched | null
  }
}

export interface AuditedRoutesOptions {
  /** Null: this app has no trail, and so may have no route that needs one. */
  readonly trail: AuditTrail | null
  /** Whether whoever reads about children must say what for. */
  readonly purposeRequired: boolean
}

/**
 * Holds every route that reads or writes about children to the audit trail: one row for each call that is answered.
 * Registered before the routes, after `access`; one that forgets to declare itself stops the start.
 *
 * A write adds its row within its own transaction (`AuditTrail.append`). A read sets `request.touched`, and its row is
 * committed here before the first byte of the answer leaves, whatever it is: JSON, a table that streams, or 304. Not in
 * the transaction of the read, which looks at one snapshot and so can't see the end of the chain as it is now; it has
 * ended by then, so that a call never holds two connections. Where the row can't be written, there is no answer.
 */
export const auditedRoutes = fastifyPlugin<AuditedRoutesOptions>(
  async (app: FastifyInstance, { trail, purposeRequired }) => {
    app.decorateRequest('touched', null)

    app.addHook('onRoute', (route) => {
      const { method, url, config, schema = {} } = route
      const why = needsAudit(route)
      if (config?.audited === undefined && why !== null)
        throw new Error(`${method} ${url} is about children (${why}): give it \`config: { audited: '…' }\`.`)
      if (config?.audited === undefined) return
      if (trail === null) throw new Error(`${method} ${url} is audited, but the app has no audit trail.`)
      route.schema = withAuditHeaders(schema, isRead(method))
    })

    app.addHook('onRequest', (request, _reply, done) => {
      if (request.routeOptions.config.audited !== undefined) decodeHeaders(request)
      done()
    })

    app.addHook('preHandler', (request, _reply, done) => {
      const { audited } = request.routeOptions.config
      const isMissing =
        purposeRequired && isRead(request.method) && request.headers['x-purpose'] === undefined
      done(audited !== undefined && isMissing ? purposeMissing() : undefined)
    })

    app.addHook('onSend', async (request, reply, payload) => {
      const { config, url } = request.routeOptions
      if (config.audited === undefined || !isAnswered(reply.statusCode)) return
      try {
        if (request.touched !== null)
          await trail!.commit(request, { ...request.touched, status: reply.statusCode })
        else if (!trail!.holds(request))
          throw new Error(`${request.method} ${url} was answered without saying what it touched.`)
      } catch (fault) {
        // What was to be sent never will be: a stream that nobody reads must not stay open.
        if (payload instanceof Readable) payload.destroy()
        throw fault
      }
    })
  },
  { name: 'audited-routes', dependencies: ['access'] },
)

/** What is answered, and so leaves a row: a refusal gave nothing out and changed nothing. */
const isAnswered = (status: number): boolean => (status >= 200 && status < 300) || status === 304

const isRead = (method: string | readonly string[]): boolean =>
  [method].flat().every((one) => one === 'GET' || one === 'HEAD')

const OF_A_CHILD = /^\/v1\/authorities\/.*\/:child(?:\/|$)/

/**
 * Why a route must be audited, or null where it need not: it gives out what only `children:read` may see (a child's
 * record, the children behind a figure, records beside the returns), it takes or gives what only `returns:write` may
 * (returns, records, findings, none of which the readers of figures are given), or its path names a child of an
 * authority.
 */
function needsAudit({ url, config }: Pick<RouteOptions, 'url' | 'config'>): string | null {
  if (!isGuarded(url)) return null
  const scopes = scopesOf(config?.scope)
  if (scopes.includes('children:read')) return 'its scope is children:read'
  if (scopes.length > 0 && scopes.every((scope) => scope === 'returns:write'))
    return 'its scope is returns:write'
  if (OF_A_CHILD.test(url)) return 'its path names a child of an authority'
  return null
}

/* ---- the headers ------------------------------------------------------------------------------------------ */

/**
 * No control or invisible characters, and none that turn the direction of writing round; U+FFFD stands for bytes that
 * are not UTF-8. By code points rather than by properties, which not every language's patterns know.
 */
const PRINTABLE =
  '^[^\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufffd]+$'

const AUDIT_HEADERS = {
  'x-purpose': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: PRINTABLE,
      description:
        'What the call is for, 1 to 200 printable characters (UTF-8), such as a case reference’s kind or the name of a review. It is kept in the audit trail for ever: never name a child. The service may be set to refuse reads about children without it.',
      examples: ['Quarterly placement review'],
    }),
  ),
  'x-on-behalf-of': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: PRINTABLE,
      description:
        'The member of staff for whom a system calls, as the authority names its staff: 1 to 200 visible characters (UTF-8). Kept in the audit trail. An access token that names its person goes before it.',
      examples: ['j.smith@council.example'],
    }),
  ),
}

type Described = { readonly description?: string }

/** The schema of a route with the headers that every audited route takes, and why one that reads may be refused. */
function withAuditHeaders(schema: FastifySchema, mayLackPurpose: boolean): FastifySchema {
  const { headers, response } = schema as {
    headers?: { readonly properties?: Readonly<Record<string, unknown>> }
    response?: Readonly<Record<string, Described>>
  }
  const reason = describe(['purpose-required'])
  const refused = response?.['400']
  const isToldSo = refused === undefined || refused.description?.includes(reason)
  return {
    ...schema,
    headers: { ...Type.Object({}), ...headers, properties: { ...headers?.properties, ...AUDIT_HEADERS } },
    ...(mayLackPurpose &&
      !isToldSo && {
        response: { ...response, 400: { ...refused, description: `${refused.description} ${reason}` } },
      }),
  }
}

/** Node gives the bytes of a header as characters of their own, which those of a text in UTF-8 are not. */
function decodeHeaders({ raw: { headers } }: FastifyRequest): void {
  for (const name of Object.keys(AUDIT_HEADERS)) {
    const value = headers[name]
    if (typeof value === 'string') headers[name] = Buffer.from(value, 'latin1').toString('utf8')
  }
}

function purposeMissing(): Refusal {
  const detail = 'A call that gives out something about children must say what for, in the header X-Purpose.'
  return new Refusal('purpose-required', detail, [
    { pointer: '/headers/x-purpose', code: 'missing', detail, allowed: ['1 to 200 printable characters'] },
  ])
}

/** What giving out an answer again touches: the child that it tells of, where it tells of one. For `answerOnce`. */
export const replayedFor =
  (request: FastifyRequest) =>
  ({ child }: { readonly child: string | null }): void => {
    const [what] = (request.routeOptions.config.audited ?? '').split('.')
    const children = child === null ? [] : [child]
    request.touched = { rows: children.length, children, action: `${what}.replay` }
  }
