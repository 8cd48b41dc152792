import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { findAdmin } from '../../../src/platform/access/admin-key.ts'
import { callerWith, type FindCaller } from '../../../src/platform/access/caller.ts'
import { type Metrics, newMetrics } from '../../../src/platform/watch/metrics.ts'
import { serveMetrics } from '../../../src/platform/watch/metrics-routes.ts'
import { watchedDatabase } from '../../../src/platform/watch/watched-database.ts'
import { buildService } from '../../../src/service.ts'
import { clientOf, type TestClient } from '../../support/client.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'
import { sendForm } from '../../support/returns-app.ts'
import { filesOf, SAMPLE } from '../../support/sample-return.ts'
import { ADMIN_KEY, smallApp } from '../../support/small-app.ts'

const READER = 'a-reader-without-admin'
const callers: FindCaller = async (token) =>
  token === READER ? callerWith('reader', ['observations:read'], '*') : findAdmin(ADMIN_KEY)(token)

/** The value of one line of the metrics; undefined where there is no such line. */
const lineOf = (text: string, line: string): number | undefined => {
  const found = text.split('\n').find((one) => one.startsWith(`${line} `))
  return found === undefined ? undefined : Number(found.slice(line.length + 1))
}

describe('the metrics of the whole service', () => {
  const metrics: Metrics = newMetrics()
  let held: TestDatabase
  let client: TestClient
  let close: () => Promise<void>
  beforeAll(async () => {
    held = await newDatabase()
    const app = await buildService({
      config: readConfig({ ADMIN_API_KEY: ADMIN_KEY }),
      database: held.database,
      callers,
      logger: false,
      watch: { metrics, tracing: null },
    })
    close = () => app.close()
    client = await clientOf(app, { key: ADMIN_KEY, document: 'own' })
  })
  afterAll(async () => {
    await close?.()
    await held?.drop()
  })

  test('count requests by template, loads by rows, and problems by reason', async () => {
    const loaded = await sendForm(client, filesOf(SAMPLE))
    expect(loaded.statusCode, loaded.body).toBe(201)
    expect((await sendForm(client, [{ name: 'none.csv', content: 'CHILD\n' }])).statusCode).toBe(422)
    expect((await client.get('/v1/authorities/E08000034/children/NOBODY')).statusCode).toBe(404)

    const text = await metrics.text()
    const at = (route: string, status: number, method = 'GET') =>
      lineOf(
        text,
        `http_server_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`,
      )
    expect(at('/v1/authorities/:authority/returns', 201, 'POST')).toBe(1)
    expect(at('/v1/authorities/:authority/children/:child', 404)).toBe(1)
    expect(lineOf(text, 'http_server_requests_in_flight')).toBe(0)
    expect(lineOf(text, 'http_server_problems_total{reason="unknown-child"}')).toBe(1)
    expect(lineOf(text, 'load_rows_total{kind="returns"}')).toBe(5)
    expect(lineOf(text, 'load_duration_seconds_count{kind="returns",result="loaded"}')).toBe(1)
    expect(lineOf(text, 'load_duration_seconds_count{kind="returns",result="refused"}')).toBe(1)
    expect(lineOf(text, 'database_statement_duration_seconds_count{statement="returns.queue"}')).toBe(2)
    expect(lineOf(text, 'database_transaction_duration_seconds_count{kind="load"}')).toBe(2)
    expect(lineOf(text, 'database_connections{pool="calls",state="waiting"}')).toBe(0)
    expect(lineOf(text, 'database_up')).toBe(1)
    expect(lineOf(text, 'data_age_seconds{authority="E08000034"}')).toBeLessThan(60)
    expect(text).toContain('process_resident_memory_bytes ')
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds ')
    expect(text).not.toMatch(/NOBODY|ADA1|2024-25/)
  })

  test('say that the database is away, and no ages, without waiting for it', async () => {
    const away = newMetrics()
    away.measureWhenAsked(async () => ({ connections: [], changed: new Map([['E1', new Date()]]) }))
    expect(await away.text()).toContain('data_age_seconds{')
    away.measureWhenAsked(async () => ({ connections: [], changed: null }))
    const text = await away.text()
    expect(lineOf(text, 'database_up')).toBe(0)
    expect(text).not.toContain('data_age_seconds{')
  })

  test('a statement on a second connection is measured too', async () => {
    const own = newMetrics()
    const database = watchedDatabase(held.database, { metrics: own, tracing: null })
    await database.read([], async (transaction) => {
      await transaction.alongside((other) => other.query('watch.beside', 'select 1'))
    })
    expect(
      lineOf(await own.text(), 'database_statement_duration_seconds_count{statement="watch.beside"}'),
    ).toBe(1)
  })
})

describe('who may see the metrics', () => {
  const fromAfar = (client: TestClient, headers: Record<string, string> = {}) =>
    client.inject({ url: '/metrics', headers, remoteAddress: '203.0.113.9' })

  test('whoever is on the machine, and the scope admin from anywhere', async () => {
    const { app, client } = await smallApp(undefined, { callers })
    expect((await client.as(null).get('/metrics')).statusCode).toBe(200)
    expect((await fromAfar(client)).statusCode).toBe(200)
    expect((await fromAfar(client.as(READER))).statusCode).toBe(403)
    const refused = await fromAfar(client.as(null))
    expect(refused.statusCode).toBe(401)
    expect(refused.headers['www-authenticate']).toBe('Bearer')
    await app.close()
  })

  test.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])(
    'a proxy on the machine is not on the machine: %s',
    async (header) => {
      const { app, client } = await smallApp()
      const answer = await client.as(null).get('/metrics', { [header]: '127.0.0.1' })
      expect(answer.statusCode).toBe(401)
      await app.close()
    },
  )

  test('with METRICS_PORT they are on that port alone, and nothing else is', async () => {
    const { app, client } = await smallApp(undefined, { env: { METRICS_PORT: '9464' } })
    expect((await client.get('/metrics')).statusCode).toBe(404)
    await app.close()

    const server = await serveMetrics(newMetrics(), { host: '127.0.0.1', port: 0 })
    const ask = (path: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const { port } = server.address() as AddressInfo
        get({ port, path, agent: false }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        }).on('error', reject)
      })
    expect(await ask('/metrics')).toBe(200)
    expect(await ask('/v1/authorities')).toBe(404)
    server.close()
  })
})

test('a caller that goes away is counted once, and is in flight no more', async () => {
  const metrics = newMetrics()
  let answer = () => {}
  const began = Promise.withResolvers<void>()
  const { app } = await smallApp(
    async (module) => {
      module.get('/slow', { schema: { hide: true, response: { 200: Type.Object({}) } } }, async () => {
        began.resolve()
        await new Promise<void>((resolve) => {
          answer = resolve
        })
        return {}
      })
    },
    { watch: { metrics, tracing: null } },
  )
  const url = await app.listen({ port: 0 })
  const call = get(`${url}/slow`).on('error', () => {})
  await began.promise
  expect(lineOf(await metrics.text(), 'http_server_requests_in_flight')).toBe(1)
  call.destroy()
  await expect
    .poll(async () => lineOf(await metrics.text(), 'http_server_requests_in_flight'), { timeout: 5_000 })
    .toBe(0)
  answer()
  await app.close()
  const text = await metrics.text()
  expect(
    lineOf(text, 'http_server_request_duration_seconds_count{method="GET",route="/slow",status="499"}'),
  ).toBe(1)
  expect(lineOf(text, 'http_server_requests_in_flight')).toBe(0)
})
