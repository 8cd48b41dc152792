import type { FastifyPluginAsyncTypebox, TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import type { Config } from './config.ts'
import { access } from './platform/access/access.ts'
import type { AuditTrail } from './platform/access/audit-trail.ts'
import { auditedRoutes } from './platform/access/audited-routes.ts'
import type { FindCaller } from './platform/access/caller.ts'
import { backPressure } from './platform/http/back-pressure.ts'
import { docsRoutes } from './platform/http/docs.ts'
import { draining } from './platform/http/draining.ts'
import { answerError, errorHandler } from './platform/http/error-handler.ts'
import { healthRoutes } from './platform/http/health.ts'
import { openApi } from './platform/http/openapi.ts'
import { problemPages } from './platform/http/problem-pages.ts'
import { type LogStream, loggerOptions, requestLog } from './platform/http/request-log.ts'
import { requestIdOf, securityHeaders, setSecurityHeaders } from './platform/http/security-headers.ts'
import { answerUnreadable } from './platform/http/unreadable-request.ts'
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
  /** Whether the database is there and up to date. */
  readonly ready: () => Promise<boolean>
  /** Whether the process has been told to stop; never, unless given. */
  readonly draining?: () => boolean
  /** One plugin per subject, in reading order; their routes carry the whole path, `/v1/…`. */
  readonly modules: readonly FastifyPluginAsyncTypebox[]
  /** What measures and traces; metrics that nobody keeps by default. */
  readonly watch?: Watch
  /** False for silence; a stream for the lines to go to; standard output by default. */
  readonly logger?: false | LogStream
}

/** Puts the service together: what every call passes through, then what can be called. Needs no database. */
export async function buildApp({
  config,
  callers,
  audit,
  ready,
  draining: isDraining = () => false,
  modules,
  watch = { metrics: newMetrics(), tracing: null },
  logger,
}: AppParts): Promise<FastifyInstance> {
  const { publicUrl } = config
  const app = Fastify({
    logger: logger === false ? false : loggerOptions(config.logLevel, logger)!,
    // Fastify's own lines hold the address; `requestLog` writes one that does not.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    requestIdHeader: false,
    genReqId: requestIdOf,
    // The largest JSON body. A route that takes files sets its own.
    bodyLimit: 1024 * 1024,
    // A return of a gigabyte over a slow line takes minutes; a request that never ends must not.
    requestTimeout: 15 * 60_000,
    // Longer than the 60 seconds of most load balancers, so that it is they who close an idle connection.
    keepAliveTimeout: 75_000,
    return503OnClosing: false,
    trustProxy: false,
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

  await app.register(errorHandler, { publicUrl })
  await app.register(requestLog)
  await app.register(watchedRequests, { watch })
  await app.register(securityHeaders)
  await app.register(draining, { draining: isDraining })
  await app.register(backPressure)
  await app.register(openApi, { publicUrl })
  await app.register(access, { findCaller: callers })
  await app.register(auditedRoutes, { trail: audit ?? null, purposeRequired: config.purposeRequired })

  for (const module of modules) await app.register(module)

  await app.register(docsRoutes)
  await app.register(problemPages, { publicUrl })
  await app.register(healthRoutes, { ready })
  if (config.metricsPort === null)
    await app.register(metricsRoutes, { metrics: watch.metrics, findCaller: callers })

  await app.ready()
  return app
}
