import { createHash, randomInt } from 'node:crypto'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import pgBoss from 'pg-boss/package.json' with { type: 'json' }
import { inject } from 'vitest'
import { type Database, openDatabase } from '../../src/platform/database/database.ts'
import { joinEmbeddedServer } from '../../src/platform/database/embedded-server.ts'
import { migrate, readMigrations, SERVICE_ROLE } from '../../src/platform/database/migrate.ts'

/** What a test run knows of its server: its template and the number that its databases carry, or why there is none. */
export type TestServer =
  | { readonly adminUrl: string; readonly template: string; readonly run: number; readonly remark: string }
  | { readonly fault: string }

/** A migrated database that belongs to one test file. */
export interface TestDatabase {
  /** By a login that can be the service and nothing else, as the service's own connections. */
  readonly database: Database
  /** As the superuser, for what the service does not do. */
  readonly url: string
  /** As `database` logs in. */
  readonly serviceUrl: string
  drop(): Promise<void>
}

/** A fresh copy of the migrated template; takes about 30 ms. */
export async function newDatabase(): Promise<TestDatabase> {
  const server = inject('testServer')
  if ('fault' in server) throw new Error(server.fault)
  const name = `t_${server.run}_${randomInt(2 ** 40).toString(36)}`
  await asAdmin(server.adminUrl, (admin) =>
    admin.query(`create database ${name} template ${server.template}`),
  )
  const url = databaseUrl(server.adminUrl, name)
  const service = new URL(url)
  service.username = TEST_LOGIN
  service.password = TEST_LOGIN
  const database = openDatabase({ url: service.href, connections: 4, loads: 2 })
  return {
    database,
    url,
    serviceUrl: service.href,
    async drop() {
      await database.close()
      await asAdmin(server.adminUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`))
    },
  }
}

/* ---- the server of a run ------------------------------------------------------------------------------------- */

/** Locks of a session on the server: a run holds them while it lives, so that another knows what is left over. */
const BUILDS_TEMPLATE = 903_201
const USES_TEMPLATE = 903_202
const RUNS = 903_203

/** Finds or starts PostgreSQL, makes the template ready, and clears away what runs that are over left behind. */
export async function startTestServer(): Promise<{ server: TestServer; stop(): Promise<void> }> {
  const found = await findServer()
  const admin = new pg.Client({ connectionString: found.adminUrl, application_name: 'tests' })
  // The server may go first at the end of a run.
  admin.on('error', () => {})
  try {
    await admin.connect()
    if (found.isOurs) await neverWaitForTheDisk(admin)
    const migrations = readMigrations()
    const hash = createHash('sha256')
      .update(migrations.map(({ checksum }) => checksum).join())
      .update(String(pgBoss.pgboss.schema))
    const template = `template_${hash.digest('hex').slice(0, 12)}`
    const run = randomInt(1, 2 ** 31)
    await admin.query('select pg_advisory_lock($1, $2)', [RUNS, run])
    await admin.query('select pg_advisory_lock_shared($1, hashtext($2))', [USES_TEMPLATE, template])
    await admin.query('select pg_advisory_lock($1)', [BUILDS_TEMPLATE])
    await dropLeftovers(admin, template, run)
    await buildTemplate(admin, found.adminUrl, template)
    await makeLogin(admin)
    await admin.query('select pg_advisory_unlock($1)', [BUILDS_TEMPLATE])
    return {
      server: { adminUrl: found.adminUrl, template, run, remark: found.remark },
      async stop() {
        await admin.end().catch(() => {})
        await found.stop()
      },
    }
  } catch (fault) {
    await admin.end().catch(() => {})
    await found.stop()
    throw fault
  }
}

/** What a crash of the machine would lose are databases of tests; what a crash of the server would, is tested on others. */
async function neverWaitForTheDisk(admin: pg.Client): Promise<void> {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'])
    await admin.query(`alter system set ${setting} = off`)
  await admin.query('select pg_reload_conf()')
}

const TEST_LOGIN = 'corporate_parenting_tests'

/** One login for all databases of all runs: roles belong to the server, and would be left over with every database. */
async function makeLogin(admin: pg.Client): Promise<void> {
  const known = await admin.query('select 1 from pg_roles r where r.rolname = $1', [TEST_LOGIN])
  if (known.rows.length === 0)
    await admin.query(`create role ${TEST_LOGIN} login password '${TEST_LOGIN}' in role ${SERVICE_ROLE}`)
}

interface FoundServer {
  readonly adminUrl: string
  /** Why it is this server and none that goes before it. */
  readonly remark: string
  /** Whether it holds nothing but tests. */
  readonly isOurs: boolean
  stop(): Promise<void>
}

async function findServer(): Promise<FoundServer> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return { adminUrl: given, remark: 'TEST_DATABASE_URL', isOurs: false, stop: async () => {} }
  const contained = await startContainer()
  if (typeof contained !== 'string') return contained
  try {
    const embedded = await joinEmbeddedServer(join(tmpdir(), 'corporate-parenting-tests'))
    return { adminUrl: embedded.adminUrl, remark: contained, isOurs: true, stop: () => embedded.leave() }
  } catch (fault) {
    throw new Error(
      `There is no PostgreSQL to test with: set TEST_DATABASE_URL, start a container engine (${contained}), or mend the embedded one (${(fault as Error).message}).`,
    )
  }
}

/** PostgreSQL in a container, or the reason why there is none. */
async function startContainer(): Promise<FoundServer | string> {
  const engine = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock'
  if (!(await answers(engine))) return `no container engine answers at ${engine}`
  try {
    const { GenericContainer, Wait } = await import('testcontainers')
    const container = await new GenericContainer('postgres:18')
      .withEnvironment({
        POSTGRES_PASSWORD: 'test',
        POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C',
      })
      .withExposedPorts(5432)
      // The image starts the server twice; for its own preparation it does not listen on TCP.
      .withWaitStrategy(Wait.forSuccessfulCommand('pg_isready --host 127.0.0.1 --username postgres'))
      .start()
    return {
      adminUrl: `postgres://postgres:test@${container.getHost()}:${container.getMappedPort(5432)}/postgres`,
      remark: `postgres:18 in a container of ${engine}`,
      isOurs: true,
      stop: async () => {
        await container.stop()
      },
    }
  } catch (fault) {
    return `the container engine at ${engine} can't run postgres:18: ${(fault as Error).message}`
  }
}

/** Whether a container engine says so within a second; an address that can't be asked here does not. */
function answers(engine: string): Promise<boolean> {
  const address = URL.parse(engine.replace(/^tcp:/, 'http:'))
  if (!address || !['unix:', 'http:'].includes(address.protocol)) return Promise.resolve(false)
  const target =
    address.protocol === 'unix:'
      ? { socketPath: address.pathname, path: '/_ping' }
      : { host: address.hostname, port: address.port || 2375, path: '/_ping' }
  return new Promise((done) => {
    const ping = request({ ...target, timeout: 1_000 }, (answer) => {
      answer.resume()
      done(answer.statusCode === 200)
    })
    ping.on('timeout', () => ping.destroy())
    ping.on('error', () => done(false))
    ping.end()
  })
}

/* ---- databases on it ----------------------------------------------------------------------------------------- */

/** Built under another name and renamed when it is complete: a run that is killed leaves no half of a template. */
async function buildTemplate(admin: pg.Client, adminUrl: string, template: string): Promise<void> {
  const known = await admin.query('select 1 from pg_database d where d.datname = $1', [template])
  if (known.rows.length > 0) return
  const unfinished = `unfinished_${template}`
  await admin.query(`drop database if exists ${unfinished} with (force)`)
  await admin.query(`create database ${unfinished} template template0 encoding 'UTF8'`)
  await migrate(databaseUrl(adminUrl, unfinished))
  for (let tries = 1; ; tries++) {
    try {
      await admin.query(`alter database ${unfinished} rename to ${template}`)
      return
    } catch (fault) {
      // The connection that migrated is closed, but its backend may take a moment to be gone.
      if ((fault as { code?: string }).code !== '55006' || tries === 50) throw fault
      await wait(20)
    }
  }
}

/** Drops the databases of runs that are over, and templates of other migrations that no run uses. */
async function dropLeftovers(admin: pg.Client, template: string, run: number): Promise<void> {
  const databases = await admin.query<{ name: string }>(
    `select d.datname as name from pg_database d where d.datname ~ '^(t_\\d+_|template_[0-9a-f]{12}$)'`,
  )
  for (const { name } of databases.rows) {
    const itsRun = /^t_(\d+)_/.exec(name)?.[1]
    if (name === template || itsRun === String(run)) continue
    const lock = itsRun ? `${RUNS}, ${itsRun}` : `${USES_TEMPLATE}, hashtext('${name}')`
    const { rows } = await admin.query<{ free: boolean }>(`select pg_try_advisory_lock(${lock}) as free`)
    if (!rows[0]?.free) continue
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.query(`select pg_advisory_unlock(${lock})`)
  }
}

async function asAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url, application_name: 'tests' })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer
  }
}
