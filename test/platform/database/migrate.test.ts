import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Migration, migrate, readMigrations } from '../../../src/platform/database/migrate.ts'
import { openStorage } from '../../../src/platform/database/storage.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'

const OURS = readMigrations()
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

let held: TestDatabase
let admin: pg.Client
beforeEach(async () => {
  held = await newDatabase()
  admin = new pg.Client({ connectionString: held.url })
  await admin.connect()
})
afterEach(async () => {
  await admin.end()
  await held.drop()
})

const later = (number: number, statements: readonly string[], contracts = false): Migration => ({
  name: `${9000 + number}_later.sql`,
  checksum: `of ${statements.join()}`,
  contracts,
  statements,
})

const openPlain = async (): Promise<boolean> => {
  const storage = await openStorage({ databaseUrl: held.serviceUrl, dataDir: '/nowhere' })
  const ready = await storage.database.isReady()
  await storage.close()
  return ready
}

test('an old version starts and answers on a newer database that only has more', async () => {
  const expanding = later(1, [
    'alter table care.child add column note text',
    `comment on table care.child is 'x'`,
  ])
  expect(await migrate(held.url, [...OURS, expanding])).toEqual([expanding.name])
  expect(await migrate(held.url, OURS)).toEqual([])
  expect(await held.database.isReady()).toBe(true)
  expect(await openPlain()).toBe(true)
})

test('past a contraction an old version is not ready, does not start, and says which release to start', async () => {
  const contracting = later(1, ['alter table care.child drop column upn'], true)
  await migrate(held.url, [...OURS, contracting, later(2, ['select 1'])])
  await expect(migrate(held.url, OURS)).rejects.toThrow(/9001_later.sql took away .* start the newer release/)
  await expect(openPlain()).rejects.toThrow('start the newer release')
  await expect(held.database.isReady()).rejects.toThrow('start the newer release')
  expect(await migrate(held.url, [...OURS, contracting, later(2, ['select 1'])])).toEqual([])
})

test('a file says at its head that it contracts; ours so far do not', () => {
  expect(OURS.filter(({ contracts }) => contracts)).toEqual([])
})

test('a migration that was edited after it was applied is refused', async () => {
  const edited = OURS.map((one, index) => (index === 3 ? { ...one, checksum: 'another' } : one))
  await expect(migrate(held.url, edited)).rejects.toThrow('changed after it was applied')
})

test('any number of processes migrate at once, and each migration is applied once', async () => {
  const more = [1, 2, 3].map((number) =>
    later(number, [`create table care.more_${number} (authority text primary key)`]),
  )
  const applied = await Promise.all(Array.from({ length: 6 }, () => migrate(held.url, [...OURS, ...more])))
  expect(applied.flat().sort()).toEqual(more.map(({ name }) => name))
})

test('a change of a table waits for those who read it a little at a time, and lets others read between', async () => {
  await admin.query('begin')
  await admin.query('select 1 from care.child')
  const migrating = migrate(held.url, [...OURS, later(1, ['alter table care.child add column note text'])])
  await wait(3_000)
  // Whoever comes while it waits is held up for no longer than it waits.
  const started = performance.now()
  await held.database.read(['E08000034'], (transaction) =>
    transaction.query('test.read', 'select 1 from care.child'),
  )
  expect(performance.now() - started).toBeLessThan(4_500)
  await admin.query('commit')
  expect(await migrating).toEqual(['9001_later.sql'])
}, 60_000)

test('a migration that fails, or whose process is killed in the middle, leaves nothing of itself', async () => {
  const failing = later(1, ['create table care.half (authority text primary key)', 'select 1 / 0'])
  await expect(migrate(held.url, [...OURS, failing])).rejects.toThrow('9001_later.sql failed')

  const slow = later(1, ['create table care.half (authority text primary key)', 'select pg_sleep(30)'])
  const child = spawn(
    `${ROOT}/node_modules/.bin/node`,
    [
      '--input-type=module',
      '-e',
      `const { migrate, readMigrations } = await import(${JSON.stringify(`${ROOT}/src/platform/database/migrate.ts`)})
       await migrate(${JSON.stringify(held.url)}, [...readMigrations(), ${JSON.stringify(slow)}])`,
    ],
    { stdio: 'inherit' },
  )
  const ended = new Promise((done) => child.on('exit', done))
  const asleep = () =>
    admin.query(
      `select 1 from pg_stat_activity a
        where a.datname = current_database() and a.query like 'select pg_sleep%' and a.pid <> pg_backend_pid()`,
    )
  while ((await asleep()).rows.length === 0) await wait(50)
  child.kill('SIGKILL')
  await ended
  // The server notices at its next try to speak to the process; an operator would see it end likewise.
  await admin.query(
    `select pg_terminate_backend(a.pid) from pg_stat_activity a
      where a.datname = current_database() and a.query like 'select pg_sleep%' and a.pid <> pg_backend_pid()`,
  )
  const [half] = (await admin.query(`select to_regclass('care.half') as half`)).rows
  expect(half).toEqual({ half: null })
  const right = later(1, ['create table care.half (authority text primary key)'])
  expect(await migrate(held.url, [...OURS, right])).toEqual([right.name])
}, 60_000)
