import { setTimeout as wait } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import type { Ahead } from './comparison/ahead.ts'
import { ConfigError, readConfig } from './config.ts'
import { isEmpty, loadDemoCouncil } from './demo/demo-council.ts'
import { adminKey, findAdmin } from './platform/access/admin-key.ts'
import { masterKeyOf, subjectOf } from './platform/access/master-key.ts'
import { openStorage } from './platform/database/storage.ts'
import { describeError, linesTogether } from './platform/http/request-log.ts'
import { type JobDefinitions, type Jobs, startJobs } from './platform/jobs/jobs.ts'
import { serveMetrics } from './platform/watch/metrics-routes.ts'
import { newWatch } from './platform/watch/watch.ts'
import { bringHistoriesUpToDate } from './returns/follow-reference.ts'
import { EVERY_AUTHORITY, SYNTHETIC_AUTHORITY } from './vocabulary/authority.ts'

/** What is still being answered, and then the database, may take so long; what takes longer is cut off. */
const FINISH_MS = 10_000
const CLOSE_MS = 3_000

/** The process: configuration, database, service; listens, and stops in the reverse order. */
export async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(env)
  const key = await adminKey(config)
  // The database server starts as another process: the time until it answers is enough to load the service.
  const [storage, { buildService }, watch] = await Promise.all([
    openStorage({ ...config, onRemark: say }),
    import('./service.ts'),
    newWatch(config),
  ])
  const master = masterKeyOf(config, key.key)
  let stopping = false
  let filled = false
  const measuring: { ahead?: Ahead } = {}
  const working: { definitions?: JobDefinitions; jobs?: Jobs } = {}
  const app = await buildService({
    config,
    database: storage.database,
    callers: findAdmin(key.key),
    master,
    accepting: () => filled && !stopping && working.jobs?.isRunning() === true,
    draining: () => stopping,
    logger: linesTogether(),
    watch,
    withAhead: (ahead) => {
      measuring.ahead = ahead
    },
    withJobs: (definitions) => {
      working.definitions = definitions
    },
  })

  const stop = async (drainMs: number): Promise<void> => {
    stopping = true
    measuring.ahead?.stop()
    // Those who choose between processes see that this one is about to go, and send nobody any more.
    await wait(drainMs)
    await Promise.race([
      Promise.all([app.close(), working.jobs?.stop()]),
      wait(FINISH_MS, undefined, { ref: false }),
    ])
    await Promise.race([watch.tracing?.close(), wait(1_000, undefined, { ref: false })])
    await Promise.race([storage.close(), wait(CLOSE_MS, undefined, { ref: false })])
  }
  const grace = closeWithGrace(
    { delay: config.drainSeconds * 1000 + FINISH_MS + CLOSE_MS + 1_000, logger: false },
    async ({ signal, err }) => {
      // Not its message: a driver's holds the parameters of the statement that failed.
      if (err) process.stderr.write(`stopping after a fault of ours: ${JSON.stringify(describeError(err))}\n`)
      else say(`${signal ?? 'end'}: stopping`)
      // Who presses Ctrl-C balances no load.
      await stop(signal === 'SIGTERM' ? config.drainSeconds * 1000 : 0)
    },
  )

  let demo = false
  try {
    await app.listen({ host: config.host, port: config.port })
    if (config.metricsPort !== null)
      await serveMetrics(watch.metrics, { host: config.host, port: config.metricsPort })
    if (storage.embedded && config.demo && (await isEmpty(storage.database))) {
      await loadDemoCouncil(storage.database, {
        // A child of it who was erased stays so, also when the council is loaded anew.
        subjectOf: (authority, child) => subjectOf(master, authority, child),
      })
      demo = true
    }
    const renewed = await bringHistoriesUpToDate(storage.database, EVERY_AUTHORITY)
    if (renewed > 0) say(`histories  ${renewed} made anew, as this release derives them`)
    working.jobs = startJobs(storage.database, working.definitions!, app.log)
    // Ready only now: a first caller should find the demo, not the moment before it.
    filled = true
    measuring.ahead?.changed()
  } catch (fault) {
    grace.uninstall()
    await stop(0)
    throw fault
  }

  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  const host = config.host.includes(':')
    ? `[${config.host}]`
    : config.host === '0.0.0.0'
      ? '127.0.0.1'
      : config.host
  const url = `${config.tls ? 'https' : 'http'}://${host}:${port}`
  const held = demo || (storage.embedded && config.demo) ? SYNTHETIC_AUTHORITY.code : 'E08000034'
  say(`Corporate Parenting API at ${url}`)
  say(`docs       ${url}/docs`)
  say(`database   ${storage.embedded ? 'embedded PostgreSQL in' : 'PostgreSQL at'} ${storage.place}`)
  if (storage.remark) say(`           ${storage.remark}`)
  if (demo)
    say(
      `demo       ${SYNTHETIC_AUTHORITY.name} is loaded as ${SYNTHETIC_AUTHORITY.code} (DEMO=false starts empty)`,
    )
  if (key.origin === 'environment') {
    say('key        ADMIN_API_KEY of the environment')
    say(`try        curl -H "Authorization: Bearer $ADMIN_API_KEY" ${url}/v1/authorities/${held}/cohort`)
  } else {
    say(`key        ${key.key}  (kept in ${key.file})`)
    say(`try        curl -H "Authorization: Bearer ${key.key}" ${url}/v1/authorities/${held}/cohort`)
  }
}

/** Lines for the operator at the start; everything after goes to the log. */
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

if (import.meta.main) {
  serve(process.env).catch((fault: unknown) => {
    if (fault instanceof ConfigError) process.stderr.write(`${fault.message}\n`)
    else process.stderr.write(`could not start: ${fault instanceof Error ? fault.message : String(fault)}\n`)
    process.exit(1)
  })
}
