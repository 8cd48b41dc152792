import { randomBytes } from 'node:crypto'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { buildApp } from './app.ts'
import { type Ahead, newAhead } from './comparison/ahead.ts'
import { newComparisons } from './comparison/comparisons.ts'
import { type Config, ConfigError } from './config.ts'
import { dailyJobs } from './daily-jobs.ts'
import { type Forecaster, newForecaster } from './forecast/forecaster.ts'
import { newCatalogue } from './indicators/catalogue.ts'
import { newDataVersions } from './indicators/data-versions.ts'
import { newFigures } from './indicators/figures.ts'
import { headlineFigures } from './indicators/headline-figures.ts'
import { accessRoutes } from './modules/access/access-routes.ts'
import { adoptionIndicators } from './modules/adoption/adoption-indicators.ts'
import { glanceRoutes } from './modules/at-a-glance/at-a-glance-routes.ts'
import { auditRoutes } from './modules/audit/audit-routes.ts'
import { careLeaversGlance } from './modules/care-leavers/care-leavers-glance.ts'
import { careLeaversIndicators } from './modules/care-leavers/care-leavers-indicators.ts'
import { childrenRoutes } from './modules/children/children-routes.ts'
import { cohortGlance } from './modules/cohort/cohort-glance.ts'
import { cohortIndicators } from './modules/cohort/cohort-indicators.ts'
import { comparatorsRoutes } from './modules/comparators/comparators-routes.ts'
import { educationIndicators } from './modules/education/education-indicators.ts'
import { eventsRoutes } from './modules/events/events-routes.ts'
import { forecastsRoutes } from './modules/forecasts/forecasts-routes.ts'
import { publishedPriors } from './modules/forecasts/published-priors.ts'
import { healthIndicators } from './modules/health/health-indicators.ts'
import { countedChildrenRoutes } from './modules/indicators/counted-children-routes.ts'
import { indicatorsRoutes } from './modules/indicators/indicators-routes.ts'
import { justiceIndicators } from './modules/justice/justice-indicators.ts'
import { missingEpisodesGlance } from './modules/missing-episodes/missing-episodes-glance.ts'
import { missingEpisodesIndicators } from './modules/missing-episodes/missing-episodes-indicators.ts'
import { observationsRoutes } from './modules/observations/observations-routes.ts'
import { publicationsRoutes } from './modules/publications/publications-routes.ts'
import { recordsRoutes } from './modules/records/records-routes.ts'
import { referenceRoutes } from './modules/reference/reference-routes.ts'
import { returnsRoutes } from './modules/returns/returns-routes.ts'
import { reviewsIndicators } from './modules/reviews/reviews-indicators.ts'
import { rightsRoutes } from './modules/rights/rights-routes.ts'
import { PERIODS_BEFORE } from './modules/scorecard/scorecard.ts'
import { scorecardRoutes } from './modules/scorecard/scorecard-routes.ts'
import { stabilityGlance } from './modules/stability/stability-glance.ts'
import { stabilityIndicators } from './modules/stability/stability-indicators.ts'
import { sufficiencyGlance } from './modules/sufficiency/sufficiency-glance.ts'
import { sufficiencyIndicators } from './modules/sufficiency/sufficiency-indicators.ts'
import { targetsRoutes } from './modules/targets/targets-routes.ts'
import { webhooksRoutes } from './modules/webhooks/webhooks-routes.ts'
import { workforceIndicators } from './modules/workforce/workforce-indicators.ts'
import { newAuditTrail } from './platform/access/audit-trail.ts'
import type { FindCaller } from './platform/access/caller.ts'
import { newCallers } from './platform/access/callers.ts'
import { faultsOfAccess } from './platform/access/configured-access.ts'
import { type MasterKey, masterKeyOf, subjectOf as subjectWith } from './platform/access/master-key.ts'
import type { Database } from './platform/database/database.ts'
import type { LogStream } from './platform/http/request-log.ts'
import type { JobDefinitions } from './platform/jobs/jobs.ts'
import { type Metrics, newMetrics } from './platform/watch/metrics.ts'
import type { Watch } from './platform/watch/watch.ts'
import { measuredNow, watchedDatabase } from './platform/watch/watched-database.ts'
import { followReference } from './returns/follow-reference.ts'
import { newQueue } from './returns/in-turn.ts'
import { readCoverage } from './returns/return-store.ts'
import { newStandings } from './rights/standing.ts'
import { readTargets } from './targets/target-store.ts'
import { EVERY_AUTHORITY } from './vocabulary/authority.ts'
import { todayInEngland } from './vocabulary/day.ts'
import { webhookDeliveries } from './webhooks/deliver.ts'
import { newSender } from './webhooks/send-message.ts'
import { newAddressRules, type Resolve } from './webhooks/webhook-address.ts'

export interface ServiceParts {
  readonly config: Config
  readonly database: Database
  /** Asked first whose token it is; then whoever the database and the configuration know are asked. */
  readonly callers: FindCaller
  /** What secrets and pseudonyms are made with; unless given, made from the configuration. */
  readonly master?: MasterKey
  /** The clock; it decides which reporting year is running. */
  readonly now?: () => Date
  /** False while the service is not ready yet, and once it is about to stop. */
  readonly accepting?: () => boolean
  /** True once the process has been told to stop. */
  readonly draining?: () => boolean
  readonly logger?: false | LogStream
  /** What measures and traces; metrics of its own, and no traces, by default. */
  readonly watch?: Watch
  /** Hears of every route as it is made. */
  readonly onRoute?: (route: RouteOptions) => void
  /** Takes what measures headline figures before they are asked for; unless given, nothing is measured ahead. */
  readonly withAhead?: (ahead: Ahead) => void
  /** Takes the jobs of the service, to be started and stopped with the process; unless given, none is run. */
  readonly withJobs?: (jobs: JobDefinitions) => void
  /** Looks up the names of webhooks; unless given, as the machine does. */
  readonly resolve?: Resolve
}

/** Every indicator that the service knows, by subject in the order of a board's pack. */
export const catalogue = newCatalogue(
  cohortIndicators,
  stabilityIndicators,
  missingEpisodesIndicators,
  careLeaversIndicators,
  sufficiencyIndicators,
  healthIndicators,
  educationIndicators,
  adoptionIndicators,
  reviewsIndicators,
  justiceIndicators,
  workforceIndicators,
)

/** The whole service over a database: what it measures, and the modules that callers meet, in reading order. */
export async function buildService(parts: ServiceParts): Promise<FastifyInstance> {
  const { config, now = () => new Date(), accepting = () => true, draining, logger } = parts
  const faults = faultsOfAccess(config)
  if (faults.length > 0) throw new ConfigError(faults)
  const watch = parts.watch ?? { metrics: newMetrics(), tracing: null }
  const database = watchedDatabase(parts.database, watch)
  watch.metrics.measureWhenAsked(() => measuredNow(parts.database, EVERY_AUTHORITY))
  const master =
    parts.master ?? masterKeyOf(config, config.adminApiKey ?? randomBytes(32).toString('base64url'))
  const { findCaller, ...callers } = newCallers({ config, database, master, now, first: parts.callers })
  const audit = newAuditTrail({ database, master })
  const subjectOf = (authority: string, child: string) => subjectWith(master, authority, child)
  const versions = newDataVersions(database, EVERY_AUTHORITY)
  const standingOf = newStandings(database, versions.seen)
  // Whoever writes to an authority waits for whoever does so already, by whichever call.
  const inTurn = newQueue()
  const figures = newFigures(database, catalogue, versions, readCoverage, () => todayInEngland(now()))
  const comparisons = newComparisons({ database, figures, catalogue, versions })
  const ahead = newAhead({
    comparisons,
    catalogue,
    versions,
    authorities: EVERY_AUTHORITY,
    periodsBefore: PERIODS_BEFORE,
  })
  const onChange = (): void => {
    versions.forget()
    if (parts.withAhead) ahead.changed()
  }
  parts.withAhead?.(ahead)
  const rules = newAddressRules(config.webhookHosts, parts.resolve)
  parts.withJobs?.({
    daily: dailyJobs({
      database,
      authorities: EVERY_AUTHORITY,
      eventDays: config.eventDays,
      retentionAge: config.retentionAge,
      subjectOf,
      now,
      onChange,
    }),
    waiting: [
      webhookDeliveries({
        database,
        authorities: EVERY_AUTHORITY,
        master,
        sender: newSender(rules),
        base: config.publicUrl ?? '',
        now,
      }),
    ],
  })
  return buildApp({
    config,
    callers: findCaller,
    audit,
    answerSeal: {
      seal: (plain) => master.seal('kept-answers', plain),
      open: (sealed) => master.open('kept-answers', sealed),
    },
    watch,
    ready: async () => accepting() && (await database.isReady()),
    ...(draining && { draining }),
    ...(logger === undefined ? {} : { logger }),
    ...(parts.onRoute && { onRoute: parts.onRoute }),
    modules: [
      accessRoutes({
        ...callers,
        database,
        now,
        publicUrl: config.publicUrl,
        failuresPerMinute: config.failuresPerMinute,
      }),
      returnsRoutes({
        database,
        uploadLimitBytes: config.uploadLimitBytes,
        now,
        measureHeadlines: async (transaction, authority) =>
          headlineFigures(transaction, catalogue, authority, readCoverage),
        onChange,
        inTurn,
        subjectOf,
        audit,
      }),
      recordsRoutes({
        database,
        uploadLimitBytes: config.uploadLimitBytes,
        now,
        onChange,
        inTurn,
        subjectOf,
        audit,
      }),
      indicatorsRoutes({ catalogue }),
      observationsRoutes({ figures, catalogue, versions, comparisons }),
      comparatorsRoutes({ database, catalogue }),
      glanceRoutes({
        figures,
        catalogue,
        versions,
        pages: [cohortGlance, stabilityGlance, missingEpisodesGlance, careLeaversGlance, sufficiencyGlance],
      }),
      forecastsRoutes({
        database,
        versions,
        forecaster: timedForecaster(watch.metrics),
        readPriors: publishedPriors,
      }),
      targetsRoutes({ database, catalogue }),
      publicationsRoutes({ database, figures, catalogue }),
      scorecardRoutes({ figures, catalogue, versions, comparisons, readTargets }),
      eventsRoutes({ database, publicUrl: config.publicUrl }),
      webhooksRoutes({ database, master, rules, now }),
      countedChildrenRoutes({ figures, catalogue, standingOf }),
      childrenRoutes({ database, standingOf, subjectOf }),
      rightsRoutes({ database, subjectOf, audit, inTurn, now, onChange }),
      auditRoutes({ database, master }),
      referenceRoutes({
        database,
        uploadLimitBytes: config.uploadLimitBytes,
        afterwards: followReference,
        onChange: () => {
          onChange()
          comparisons.forget()
        },
      }),
    ],
  })
}

function timedForecaster(metrics: Metrics): Forecaster {
  const { forecast, backtest } = newForecaster()
  return { forecast: metrics.timed('forecast', forecast), backtest: metrics.timed('backtest', backtest) }
}
