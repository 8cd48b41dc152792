import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate, readMigrations } from '../../../src/platform/database/migrate.ts'
import { openStorage, type Storage } from '../../../src/platform/database/storage.ts'
import { strangersAmong } from '../../support/interleaved.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'
import { loadSmallReturn } from '../../support/small-return.ts'

/** Debian puts it where only root's path leads. */
const PGBOUNCER = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'].find(
  (path) => {
    try {
      execFileSync(path, ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  },
)
if (!PGBOUNCER) console.info('the tests behind PgBouncer are skipped: apt-get install pgbouncer')

const AUTHORITIES = ['E08000034', 'E08000035']

let held: TestDatabase
let folder: string
let pooler: ChildProcess
let storage: Storage

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => found(port))
    })
  })

/** In transaction mode, over two connections to the server for each login. */
async function startPooler(): Promise<number> {
  folder = await mkdtemp(join(tmpdir(), 'corporate-parenting-pooler-'))
  await chmod(folder, 0o755)
  const [direct, service] = [new URL(held.url), new URL(held.serviceUrl)]
  const port = await freePort()
  const logins = [direct, service].map(
    (url) => `"${decodeURIComponent(url.username)}" "${decodeURIComponent(url.password)}"`,
  )
  await writeFile(join(folder, 'users.txt'), `${logins.join('\n')}\n`)
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${direct.hostname} port=${direct.port || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = 2
max_client_conn = 200
`,
  )
  const asRoot = process.getuid?.() === 0 ? ['--user', 'nobody'] : []
  pooler = spawn(PGBOUNCER!, ['--quiet', ...asRoot, join(folder, 'pgbouncer.ini')], { stdio: 'ignore' })
  return port
}

describe.skipIf(!PGBOUNCER)('behind PgBouncer in transaction mode', () => {
  beforeAll(async () => {
    held = await newDatabase()
    const admin = new pg.Client({ connectionString: held.url })
    await admin.connect()
    await admin.query(
      `insert into care.idempotency_key
       select a, 'key', 'f', 200, '{}', now() from unnest($1::text[]) a`,
      [AUTHORITIES],
    )
    await admin.end()
    const port = await startPooler()
    for (const url of [held.url, held.serviceUrl]) expect(pooled(url, port)).toContain(`:${port}/`)
    for (let tries = 0; ; tries++) {
      try {
        storage = await openStorage({
          databaseUrl: pooled(held.serviceUrl, port),
          dataDir: '/nowhere',
          databaseConnections: 6,
          databaseLoads: 2,
        })
        return
      } catch (fault) {
        if (tries === 50) throw fault
        await wait(100)
      }
    }
  })
  afterAll(async () => {
    await storage?.close()
    pooler?.kill('SIGKILL')
    if (folder) await rm(folder, { recursive: true, force: true })
    await held?.drop()
  })
  const pooled = (url: string, port: number): string => {
    const other = new URL(url)
    other.host = `127.0.0.1:${port}`
    return other.href
  }

  test('10,000 interleaved calls of two authorities over two connections: no row of the other', async () => {
    expect(await strangersAmong(storage.database, AUTHORITIES, 10_000)).toBe(0)
  }, 120_000)

  test('a return loads, and two at once, over temporary tables that end with their transaction', async () => {
    await Promise.all(AUTHORITIES.map((authority) => loadSmallReturn(storage.database, authority)))
    for (const authority of AUTHORITIES) {
      const rows = await storage.database.read([authority], (transaction) =>
        transaction.query<{ children: number }>(
          'test.children',
          'select count(distinct e.child)::int as children from care.episode e',
        ),
      )
      expect(rows).toEqual([{ children: 2 }])
    }
  }, 60_000)

  test('migrations need no session of their own', async () => {
    const { port } = new URL(storage.url)
    const more = [1, 2].map((number) => ({
      name: `900${number}_more.sql`,
      checksum: 'x',
      contracts: false,
      statements: [`create table care.more_${number} (authority text primary key)`],
    }))
    const url = pooled(held.url, Number(port))
    const applied = await Promise.all([1, 2, 3].map(() => migrate(url, [...readMigrations(), ...more])))
    expect(applied.flat().sort()).toEqual(more.map(({ name }) => name))
    expect(await storage.database.isReady()).toBe(true)
  }, 60_000)
})
