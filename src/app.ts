import type { FastifyPluginAsyncTypebox, TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance, LogController, type RouteOptions } from 'fastify'
import type { Config } from './config.ts'
import { access } from './platform/access/access.ts'
import type { AuditTrail } from './platform/access/audit-trail.ts'
import { auditedRoutes } from './platform/access/audited-routes.ts'
import { type FindCaller, SCOPE_MEANINGS } from './platform/access/caller.ts'
import { backPressure } from './platform/http/back-pressure.ts'
import { crossOrigin } from './platform/http/cross-origin.ts'
import { docsRoutes } from './platform/http/docs.ts'
import { draining } from './platform/http/draining.ts'
import { answerError, errorHandler } from './platform/http/error-handler.ts'
import { healthRoutes } from './platform/http/health.ts'
import { followCertificate, httpsOptions } from './platform/http/https.ts'
import { boundJsonBodies } from './platform/http/json-body.ts'
import { openApi } from './platform/http/openapi.ts'
import { problemPages } from './platform/http/problem-pages.ts'
import { newRateLimits } from './platform/http/rate-limits.ts'
import { type LogStream, loggerOptions, requestLog } from './platform/http/request-log.ts'
import { type AnswerSeal, sealedAnswers } from './platform/http/sealed-answer.ts'
import { requestIdOf, securityHeaders, setSecurityHeaders } from './platform/http/security-headers.ts'
import { serializersOnce } from './platform/http/serializers.ts'
import { LARGEST_SMALL_BODY, PATIENCE, type Patience, slowCallers } from './platform/http/slow-callers.ts'
import { answerUnreadable } from './platform/http/unreadable-request.ts'
import { wellKnownRoutes } from './platform/http/well-known.ts'
import { newMetrics } from './platform/watch/metrics.ts'
import { metricsRoutes } from './platform/watch/metrics-routes.ts'
import type { Watch } from './platform/watch/watch.ts'
import { watchedRequests } from './platform/watch/watched-requests.ts'

export interface AppParts {
  readonly config: Config
  /** Whose token this is. */
  readonly callers: FindCaller
  /** Where calls about children leave a row; an app without it may have no such calls. */
  readonly audit?: AuditTrail
  /** What answers that show a secret are kept with; an app without it may have no such answers. */
  readonly answerSeal?: AnswerSeal
  /** Whether the database is there and up to date. */
  readonly ready: () => Promise<boolean>
  /** Whether the process has been told to stop; never, unless given. */
  readonly draining?: () => boolean
  /** One plugin per subject, in reading order; their routes carry the whole path, `/v1/…`. */
  readonly modules: readonly FastifyPluginAsyncTypebox[]
  /** What measures and traces; metrics that nobody keeps by default. */
  readonly watch?: Watch
  /** How long a slow caller is waited for; as long as is good for the world unless told. */
  readonly patience?: Patience
  /** False for silence; a stream for the lines to go to; standard output by default. */
  readonly logger?: false | LogStream
  /** Hears of every route as it is made. */
  readonly onRoute?: (route: RouteOptions) => void
}

/** Puts the service together: what every call passes through, then what can be called. Needs no database. */
export async function buildApp({
  config,
  callers,
  audit,
  answerSeal,
  ready,
  draining: isDraining = () => false,
  modules,
  watch = { metrics: newMetrics(), tracing: null },
  logger,
  patience = PATIENCE,
  onRoute,
}: AppParts): Promise<FastifyInstance> {
  const { publicUrl } = config
  const app = Fastify({
    logger: logger === false ? false : loggerOptions(config.logLevel, logger)!,
    // Fastify's own lines hold the address; `requestLog` writes one that does not.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    requestIdHeader: false,
    genReqId: requestIdOf,
    // The largest JSON body. A route that takes files sets its own.
    bodyLimit: LARGEST_SMALL_BODY,
    // The last word: a gigabyte over a line that is slow but goes on. What does not go on ends sooner (`slowCallers`).
    requestTimeout: 4 * 60 * 60_000,
    // Longer than the 60 seconds of most load balancers, so that it is they who close an idle connection.
    keepAliveTimeout: 75_000,
    return503OnClosing: false,
    // Unless proxies are named, nobody is believed who says to call for another.
    trustProxy: trusted(config.trustProxy),
    schemaController: { compilersFactory: { buildSerializer: serializersOnce } },
    ...serverOptions(config, patience),
    routerOptions: { caseSensitive: true, ignoreTrailingSlash: false, maxParamLength: 200 },
    ajv: {
      customOptions: {
        // Fastify's default drops unknown members without a word: `?perod=2024-25` would give the latest period.
        removeAdditional: false,
        coerceTypes: 'array',
        allErrors: true,
        verbose: true,
      },
    },
    clientErrorHandler: (error, socket) => answerUnreadable(error, socket, publicUrl),
    frameworkErrors: (error, request, reply) => {
      setSecurityHeaders(request, reply)
      answerError(error, request, reply, publicUrl)
    },
  }).withTypeProvider<TypeBoxTypeProvider>()

  // Fastify reads text/plain bodies too; no call takes one, and each would have to refuse it.
  app.removeContentTypeParser('text/plain')
  boundJsonBodies(app)
  const limits = newRateLimits({
    perMinute: config.rateLimitPerMinute,
    failuresPerMinute: config.failuresPerMinute,
  })

  if (onRoute) app.addHook('onRoute', onRoute)
  await app.register(errorHandler, { publicUrl })
  await app.register(requestLog)
  await app.register(watchedRequests, { watch })
  await app.register(securityHeaders)
  await app.register(slowCallers, { patience, publicUrl })
  await app.register(draining, { draining: isDraining })
  await app.register(backPressure)
  await app.register(crossOrigin, { origins: config.corsOrigins })
  await app.register(limits.ofAddress)
  await app.register(openApi, { publicUrl, scopes: SCOPE_MEANINGS })
  await app.register(access, { findCaller: callers })
  await app.register(limits.ofCaller)
  await app.register(sealedAnswers, { seal: answerSeal ?? null })
  await app.register(auditedRoutes, { trail: audit ?? null, purposeRequired: config.purposeRequired })

  for (const module of modules) await app.register(module)

  await app.register(docsRoutes)
  await app.register(problemPages, { publicUrl })
  await app.register(wellKnownRoutes, { publicUrl, securityContact: config.securityContact })
  await app.register(healthRoutes, { ready })
  if (config.metricsPort === null)
    await app.register(metricsRoutes, { metrics: watch.metrics, findCaller: callers })

  if (config.tls) followCertificate(app, config.tls)
  await app.ready()
  return app
}

/** None named is none trusted; an empty list would be asked of every address. */
const trusted = (proxies: Config['trustProxy']) =>
  typeof proxies === 'number'
    ? (_address: string, hop: number) => hop < proxies
    : proxies.length > 0 && [...proxies]

/** How Node serves: by HTTP, or with a certificate by HTTPS. */
function serverOptions({ tls }: Pick<Config, 'tls'>, { headersMs }: Patience) {
  const times = {
    headersTimeout: headersMs,
    // Timeouts are looked for this often, so they take up to as much longer.
    connectionsCheckingInterval: Math.min(headersMs, 5_000),
  }
  // Fastify's type of an app depends on this; nothing of ours does.
  return tls
    ? ({ https: { ...httpsOptions(tls), ...times } } as unknown as { http: typeof times })
    : { http: times }
}
