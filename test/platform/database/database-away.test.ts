import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import Fastify from 'fastify'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../src/platform/database/database.ts'
import { errorHandler } from '../../../src/platform/http/error-handler.ts'
import { healthRoutes } from '../../../src/platform/http/health.ts'
import { type CutLine, newCutLine } from '../../support/cut-line.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'

/** `DATABASE_AWAY_SECONDS=30` for the long form. */
const AWAY_MS = Number(process.env.DATABASE_AWAY_SECONDS ?? 3) * 1000
const AUTHORITY = 'E08000034'

let held: TestDatabase
let line: CutLine
let database: Database
let app: FastifyInstance
let address: string

/** Reads, writes and health over the real database layer, answered as every call is. */
async function serve(): Promise<void> {
  app = Fastify()
  await app.register(errorHandler, { publicUrl: null })
  await app.register(healthRoutes, { ready: () => database.isReady() })
  app.get('/read', () =>
    database.read([AUTHORITY], (transaction) =>
      transaction.query('test.read', 'select count(*)::int as rows from care.idempotency_key'),
    ),
  )
  app.post<{ Querystring: { key: string } }>('/write', (request) =>
    database.write([AUTHORITY], (transaction) =>
      transaction.query(
        'test.write',
        `insert into care.idempotency_key values ($1, $2, 'f', 200, '{}', now()) returning key`,
        [AUTHORITY, request.query.key],
      ),
    ),
  )
  address = await app.listen({ host: '127.0.0.1', port: 0 })
}

const call = async (method: string, path: string) => {
  const started = performance.now()
  const answer = await fetch(`${address}${path}`, { method, signal: AbortSignal.timeout(40_000) })
  const body = (await answer.json()) as { type?: string; detail?: string }
  return {
    status: answer.status,
    body,
    retryAfter: answer.headers.get('retry-after'),
    milliseconds: performance.now() - started,
  }
}

beforeAll(async () => {
  held = await newDatabase()
  line = await newCutLine(held.serviceUrl)
  database = openDatabase({ url: line.url, connections: 4, loads: 1 })
  await serve()
})
beforeEach(() => line.mend())
afterAll(async () => {
  line?.mend()
  await app?.close()
  await database?.close()
  await line?.close()
  await held?.drop()
})

test(
  'a database that goes away under load is 503 with a time to try again, and is back when it is',
  async () => {
    let going = true
    let number = 0
    const acknowledged: string[] = []
    const answers: { readonly at: number; readonly status: number; readonly retryAfter: string | null }[] = []
    const caller = async () => {
      while (going) {
        const key = `k${++number}`
        const write = number % 2 === 0
        const answer = await call(write ? 'POST' : 'GET', write ? `/write?key=${key}` : '/read')
        if (write && answer.status === 200) acknowledged.push(key)
        answers.push({ at: performance.now(), status: answer.status, retryAfter: answer.retryAfter })
        await wait(5)
      }
    }
    const callers = Array.from({ length: 20 }, caller)
    await wait(500)
    line.cut()
    const cutAt = performance.now()
    await wait(AWAY_MS)
    expect((await call('GET', '/health/live')).status).toBe(200)
    expect((await call('GET', '/health/ready')).status).toBe(503)
    line.mend()
    const mendedAt = performance.now()
    let backAt = Number.POSITIVE_INFINITY
    while (performance.now() - mendedAt < 10_000 && backAt === Number.POSITIVE_INFINITY)
      if ((await call('GET', '/health/ready')).status === 200) backAt = performance.now()
    await wait(500)
    going = false
    await Promise.all(callers)

    expect(backAt - mendedAt).toBeLessThan(5_000)
    expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([200, 503])
    for (const { status, retryAfter } of answers)
      if (status === 503) expect(Number(retryAfter)).toBeGreaterThan(0)
    const during = answers.filter(({ at }) => at > cutAt + 300 && at < mendedAt)
    expect(during.length).toBeGreaterThan(20)
    expect(during.every(({ status }) => status === 503)).toBe(true)
    const after = answers.filter(({ at }) => at > backAt)
    expect(after.length).toBeGreaterThan(0)
    expect(after.every(({ status }) => status === 200)).toBe(true)
    // What was acknowledged is there, every one.
    const client = new pg.Client({ connectionString: held.url })
    await client.connect()
    const { rows } = await client.query<{ key: string }>('select k.key from care.idempotency_key k')
    await client.end()
    const kept = new Set(rows.map(({ key }) => key))
    expect(acknowledged.filter((key) => !kept.has(key))).toEqual([])
  },
  60_000 + AWAY_MS,
)

test('a database that falls silent holds nobody up for ever, and whoever comes after them is told at once', async () => {
  expect((await call('GET', '/read')).status).toBe(200)
  line.stall()
  // All connections hang; who waits for one is refused after 5 s, and who comes when too many wait, at once.
  const waiting = Array.from({ length: 130 }, () => call('GET', '/read'))
  await wait(1_000)
  const late = await call('GET', '/read')
  expect(late).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) })
  expect(late.milliseconds).toBeLessThan(2_000)
  const answers = await Promise.all(waiting.slice(10))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
  expect(Math.max(...answers.map(({ milliseconds }) => milliseconds))).toBeLessThan(12_000)
  line.mend()
  await Promise.all(waiting)
  expect((await call('GET', '/read')).status).toBe(200)
}, 60_000)

test('a slow line makes answers slow, not wrong', async () => {
  line.delay(40)
  const answers = await Promise.all(Array.from({ length: 12 }, () => call('GET', '/read')))
  expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200))
})

test('a row that another holds is waited for, and no longer than the statement may take', async () => {
  const holder = new pg.Client({ connectionString: held.url })
  await holder.connect()
  await holder.query('begin')
  await holder.query('lock table care.idempotency_key in access exclusive mode')
  const waiting = call('GET', '/read')
  await wait(300)
  expect((await call('GET', '/health/ready')).status).toBe(200)
  expect(await waiting).toMatchObject({
    status: 503,
    body: { detail: expect.stringContaining('Others are changing the same') },
  })
  await holder.query('rollback')
  await holder.end()
  expect((await call('GET', '/read')).status).toBe(200)
}, 30_000)

test('a deadlock is put right by running one of the two again', async () => {
  const [one, other] = ['deadlock-1', 'deadlock-2']
  for (const key of [one, other]) await call('POST', `/write?key=${key}`)
  const runs = { count: 0 }
  const change = (first: string, second: string) =>
    database.write([AUTHORITY], async (transaction) => {
      runs.count++
      for (const key of [first, second]) {
        await transaction.query(
          'test.change',
          'update care.idempotency_key set status = status + 1 where key = $1',
          [key],
        )
        await wait(100)
      }
    })
  await Promise.all([change(one!, other!), change(other!, one!)])
  expect(runs.count).toBe(3)
  const rows = await database.read([AUTHORITY], (transaction) =>
    transaction.query<{ status: number }>(
      'test.changed',
      `select k.status from care.idempotency_key k where k.key like 'deadlock-%'`,
    ),
  )
  expect(rows).toEqual([{ status: 202 }, { status: 202 }])
}, 30_000)
