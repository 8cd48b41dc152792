import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { findAdmin } from '../../../src/platform/access/admin-key.ts'
import { newWatch, type Watch } from '../../../src/platform/watch/watch.ts'
import { buildService } from '../../../src/service.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'
import { ADMIN_KEY } from '../../support/small-app.ts'

interface SentSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[]
}

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'

const bodies: string[] = []
const collector = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    bodies.push(body)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
})
const log: string[] = []
let held: TestDatabase
let watch: Watch
let app: Awaited<ReturnType<typeof buildService>>
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    collector.listen(0, '127.0.0.1', resolve)
  })
  const { port } = collector.address() as AddressInfo
  const config = readConfig({
    ADMIN_API_KEY: ADMIN_KEY,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/`,
  })
  held = await newDatabase()
  watch = await newWatch(config)
  app = await buildService({
    config,
    database: held.database,
    callers: findAdmin(ADMIN_KEY),
    logger: { write: (line) => log.push(line) },
    watch,
  })
})
afterAll(async () => {
  await app?.close()
  await held?.drop()
  collector.close()
})

test('a span per request and per statement comes, in the trace of the caller, with no address in it', async () => {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, traceparent: `00-${TRACE}-${PARENT}-01` }
  const read = await app.inject({ url: '/v1/authorities/E08000034/children/CANARY-CHILD', headers })
  expect(read.statusCode).toBe(404)
  const put = await app.inject({
    method: 'PUT',
    url: '/v1/authorities/E08000034/records/providers/CANARY-RECORD',
    headers,
    payload: {
      prov_urn: 'SC000001',
      prov_type: 'childrens-home',
      prov_status_date: '2025-01-01',
      prov_postcode: 'HD1 2AA',
    },
  })
  expect(put.statusCode, put.body).toBe(201)
  await app.inject({ url: '/health/live', headers: { traceparent: '00-0-0-01' } })
  await watch.tracing!.close()

  const spans = bodies
    .flatMap((body) => JSON.parse(body).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope) => scope.spans as SentSpan[])
  const named = (name: string) => spans.filter((span) => span.name === name)
  const [request] = named('GET /v1/authorities/:authority/children/:child')
  expect(request).toMatchObject({ traceId: TRACE, parentSpanId: PARENT })
  expect(
    Object.fromEntries(request!.attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
  ).toEqual({
    'http.request.method': 'GET',
    'http.route': '/v1/authorities/:authority/children/:child',
    'http.response.status_code': 404,
    'error.type': 'unknown-child',
  })
  // Also where a body was read in between, by events that know nothing of the request.
  const [written] = named('PUT /v1/authorities/:authority/records/providers/:id')
  const [statement] = named('records.write')
  expect(statement).toMatchObject({ traceId: TRACE, parentSpanId: written!.spanId })

  // What is no traceparent begins a trace of its own.
  const [own] = named('GET /health/live')
  expect(own!.traceId).toMatch(/^[\da-f]{32}$/)
  expect(own!.traceId).not.toBe(TRACE)

  expect(bodies.join()).not.toMatch(/CANARY|E08000034|HD1|SC000001/)
  const line = JSON.parse(log.find((one) => one.includes('children/:child'))!)
  expect(line).toMatchObject({
    traceId: TRACE,
    route: '/v1/authorities/:authority/children/:child',
    status: 404,
  })
})
