import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../src/platform/database/database.ts'
import { openStorage, type Storage } from '../../../src/platform/database/storage.ts'
import { type CutLine, newCutLine } from '../../support/cut-line.ts'
import { type Replicated, startReplicated } from '../../support/replica.ts'

const AUTHORITY = 'E08000034'

let servers: Replicated
let line: CutLine
/** Two processes of the service, as far as the database can tell. */
let one: Storage
let other: Storage
let onReplica: pg.Client

beforeAll(async () => {
  servers = await startReplicated()
  const primary = new URL(servers.primary.adminUrl)
  const admin = new pg.Client({ connectionString: primary.href })
  await admin.connect()
  await admin.query('create database care')
  await admin.end()
  primary.pathname = '/care'
  line = await newCutLine(servers.replica.adminUrl)
  const readUrl = new URL(line.url)
  readUrl.pathname = '/care'
  const settings = { databaseUrl: primary.href, databaseReadUrl: readUrl.href, dataDir: '/nowhere' }
  one = await openStorage(settings)
  other = await openStorage(settings)
  onReplica = new pg.Client({ connectionString: servers.replica.adminUrl })
  onReplica.on('error', () => {})
  await onReplica.connect()
}, 120_000)
afterAll(async () => {
  await one?.close()
  await other?.close()
  await onReplica?.end()
  await line?.close()
  await servers?.close()
}, 60_000)

const write = ({ database }: Storage, key: string): Promise<unknown> =>
  database.write([AUTHORITY], (transaction) =>
    transaction.query(
      'test.write',
      `insert into care.idempotency_key values ($1, $2, 'f', 200, '{}', now())`,
      [AUTHORITY, key],
    ),
  )

/** Whether the key is there, and which of the two said so. */
async function read(
  { database }: { database: Database },
  key: string,
): Promise<{ there: boolean; replica: boolean }> {
  const [row] = await database.read([AUTHORITY], (transaction) =>
    transaction.query<{ there: boolean; replica: boolean }>(
      'test.read',
      `select exists (select 1 from care.idempotency_key k where k.key = $1) as there, pg_is_in_recovery() as replica`,
      [key],
    ),
  )
  return row!
}

async function untilOnReplica(storage: Storage): Promise<void> {
  const until = Date.now() + 15_000
  while (!(await read(storage, 'none')).replica) {
    if (Date.now() > until) throw new Error('the replica is not read from')
    await wait(100)
  }
}

test('a fresh replica answers, by a login that is bound by row-level security there too', async () => {
  await untilOnReplica(one)
  const [login] = await one.database.read([], (transaction) =>
    transaction.query(
      'test.login',
      `select r.rolsuper as super, pg_is_in_recovery() as replica,
              (select count(*)::int from care.idempotency_key) as rows
         from pg_roles r where r.rolname = session_user`,
    ),
  )
  expect(login).toEqual({ super: false, replica: true, rows: 0 })
}, 30_000)

test('whoever writes reads its own write, by the same process and by another', async () => {
  await untilOnReplica(one)
  await untilOnReplica(other)
  let byReplica = 0
  for (let number = 0; number < 50; number++) {
    await write(one, `own-${number}`)
    const answers = await Promise.all([read(one, `own-${number}`), read(other, `own-${number}`)])
    expect(answers.map(({ there }) => there)).toEqual([true, true])
    byReplica += answers.filter(({ replica }) => replica).length
  }
  expect(byReplica).toBeGreaterThan(20)
}, 60_000)

test('a replica that falls behind is left before a write is answered, and comes back when it has caught up', async () => {
  await untilOnReplica(other)
  await onReplica.query('select pg_wal_replay_pause()')
  try {
    const started = performance.now()
    await write(one, 'paused')
    expect(performance.now() - started).toBeLessThan(5_000)
    for (let again = 0; again < 20; again++) {
      expect(await read(other, 'paused')).toEqual({ there: true, replica: false })
      expect(await read(one, 'paused')).toEqual({ there: true, replica: false })
      await wait(50)
    }
  } finally {
    await onReplica.query('select pg_wal_replay_resume()')
  }
  await untilOnReplica(one)
  await untilOnReplica(other)
  expect((await read(other, 'paused')).there).toBe(true)
}, 60_000)

test('a replica that is away costs no answer', async () => {
  await untilOnReplica(one)
  line.cut()
  const answers = await Promise.all(Array.from({ length: 20 }, () => read(one, 'paused')))
  expect(answers).toEqual(Array(20).fill({ there: true, replica: false }))
  await write(one, 'away')
  expect(await read(other, 'away')).toEqual({ there: true, replica: false })
  line.mend()
  await untilOnReplica(one)
}, 60_000)
