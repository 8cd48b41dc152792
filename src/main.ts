import { setTimeout as wait } from 'node:timers/promises'
import type { Ahead } from './comparison/ahead.ts'
import { ConfigError, readConfig } from './config.ts'
import { isEmpty, loadDemoCouncil } from './demo/demo-council.ts'
import { adminKey, findAdmin } from './platform/access/admin-key.ts'
import { newMasterKey, subjectOf } from './platform/access/master-key.ts'
import { openStorage } from './platform/database/storage.ts'
import { linesTogether } from './platform/http/request-log.ts'
import { bringHistoriesUpToDate } from './returns/follow-reference.ts'
import { AUTHORITIES, SYNTHETIC_AUTHORITY } from './vocabulary/authority.ts'

const EVERY_AUTHORITY = AUTHORITIES.map(({ code }) => code)

/** After this long what is still running is cut off: a supervisor would do so next. */
const PATIENCE_MS = 9_000

/** The process: configuration, database, service; listens, and stops in the reverse order. */
export async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(env)
  const key = await adminKey(config)
  // The database server starts as another process: the time until it answers is enough to load the service.
  const [storage, { buildService }] = await Promise.all([openStorage(config), import('./service.ts')])
  const master = newMasterKey(config.masterKey ?? key.key)
  let stopping = false
  let filled = false
  const measuring: { ahead?: Ahead } = {}
  const app = await buildService({
    config,
    database: storage.database,
    callers: findAdmin(key.key),
    master,
    accepting: () => filled && !stopping,
    logger: linesTogether(),
    withAhead: (ahead) => {
      measuring.ahead = ahead
    },
  })

  const stop = async (reason: string, exitCode: number) => {
    if (stopping) process.exit(1)
    stopping = true
    measuring.ahead?.stop()
    say(`${reason}: stopping`)
    await Promise.race([app.close(), wait(PATIENCE_MS - 3_000, undefined, { ref: false })])
    await Promise.race([storage.close(), wait(3_000, undefined, { ref: false })])
    process.exit(exitCode)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop(signal, 0))
  }

  let demo = false
  try {
    await app.listen({ host: config.host, port: config.port })
    if (storage.embedded && config.demo && (await isEmpty(storage.database))) {
      await loadDemoCouncil(storage.database, {
        // A child of it who was erased stays so, also when the council is loaded anew.
        subjectOf: (authority, child) => subjectOf(master, authority, child),
      })
      demo = true
    }
    const renewed = await bringHistoriesUpToDate(storage.database, EVERY_AUTHORITY)
    if (renewed > 0) say(`histories  ${renewed} made anew, as this release derives them`)
    // Ready only now: a first caller should find the demo, not the moment before it.
    filled = true
    measuring.ahead?.changed()
  } catch (fault) {
    say(`could not start: ${(fault as Error).message}`)
    await stop('fault', 1)
  }

  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  const host = config.host.includes(':')
    ? `[${config.host}]`
    : config.host === '0.0.0.0'
      ? '127.0.0.1'
      : config.host
  const url = `http://${host}:${port}`
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
