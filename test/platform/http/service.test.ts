import { Agent, request } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { backPressure } from '../../../src/platform/http/back-pressure.ts'
import { CsvTable, csvStream } from '../../../src/platform/http/csv.ts'
import { errorHandler } from '../../../src/platform/http/error-handler.ts'
import { TAGS, VERSION } from '../../../src/platform/http/openapi.ts'
import { etagOf, isFresh, NotModified, setValidators } from '../../../src/platform/http/preconditions.ts'
import { refusals } from '../../../src/platform/http/problem.ts'
import {
  CSV_CONTENT_TYPE,
  FormatQuery,
  representationFor,
} from '../../../src/platform/http/representation.ts'
import { describeError } from '../../../src/platform/http/request-log.ts'
import { named, refTo } from '../../../src/platform/http/schema-names.ts'
import { ADMIN_KEY, smallApp } from '../../support/small-app.ts'

const Figure = named(
  'Figure',
  Type.Object({ value: Type.Union([Type.Number(), Type.Null()]) }, { additionalProperties: false }),
)

const figures: FastifyPluginAsyncTypebox = async (app) => {
  app.addSchema(Figure)
  app.get(
    '/v1/children/:child/figure',
    {
      config: { scope: 'observations:read' },
      schema: {
        params: Type.Object({ child: Type.String({ maxLength: 20 }) }),
        querystring: Type.Object({ format: Type.Optional(FormatQuery) }, { additionalProperties: false }),
        response: {
          200: {
            description: 'The figure.',
            content: {
              'application/json': { schema: refTo(Figure) },
              'text/csv': { schema: CsvTable },
            },
          },
          304: NotModified,
          ...refusals('not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      if (request.params.child === 'CHILD-13')
        throw Object.assign(new Error('Failed query\n    at CHILD-13 (params:1:1)'), {
          cause: Object.assign(new Error('Key (child)=(CHILD-13)'), {
            code: '23505',
            constraint: 'child_pk',
          }),
        })
      const as = representationFor(request.headers.accept, request.query.format)
      const etag = etagOf(['7', as])
      setValidators(reply, etag)
      if (isFresh(request, etag)) return reply.code(304).send(null)
      if (as === 'json') return reply.send({ value: 1.5, child: 'CHILD-1' } as { value: number })
      return reply.type(CSV_CONTENT_TYPE).send(csvStream(['value'], [[1.5]]))
    },
  )
}

const { app, client } = await smallApp(figures)

describe('an answer', () => {
  test('comes as JSON or CSV, stripped of what its schema does not name', async () => {
    expect((await client.get('/v1/children/1/figure')).json()).toEqual({ value: 1.5 })
    const csv = await client.get('/v1/children/1/figure', { accept: 'text/csv' })
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    expect(csv.body).toBe('value\r\n1.5\r\n')
    expect((await client.get('/v1/children/1/figure?format=csv')).body).toBe(csv.body)
    expect((await client.get('/v1/children/1/figure', { accept: 'image/png' })).statusCode).toBe(406)
  })

  test('that a caller holds already is 304 without a body; the tag of one form is not that of the other', async () => {
    const { headers } = await client.get('/v1/children/1/figure')
    expect(headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'Authorization, Accept' })
    const again = await client.get('/v1/children/1/figure', { 'if-none-match': String(headers.etag) })
    expect(again.statusCode).toBe(304)
    expect(again.body).toBe('')
    const other = await client.get('/v1/children/1/figure?format=csv', {
      'if-none-match': String(headers.etag),
    })
    expect(other.statusCode).toBe(200)
  })

  test('carries the security headers, refused or not, and names no server', async () => {
    for (const url of ['/v1/children/1/figure', '/nothing', '/health/live', '/openapi.json']) {
      const { headers } = await client.get(url)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      })
      expect(headers.server).toBeUndefined()
    }
  })

  test('repeats a sane request id and replaces any other', async () => {
    const id = async (sent: string) =>
      (await client.get('/health/live', { 'x-request-id': sent })).headers['x-request-id']
    expect(await id('mosaic-1.2_3')).toBe('mosaic-1.2_3')
    for (const odd of ['a b', 'x'.repeat(65), '<b>', '']) expect(await id(odd)).toMatch(/^[\da-f-]{36}$/)
    const problem = await client.get('/nothing', { 'x-request-id': 'mosaic-1' })
    expect(problem.json().instance).toBe('urn:x-request-id:mosaic-1')
  })
})

describe('the document', () => {
  test('is OpenAPI 3.1.1 with tags in reading order, our names and the scope of each call', async () => {
    const document = (await client.as(null).get('/openapi.json')).json()
    expect(document).toMatchObject({
      openapi: '3.1.1',
      info: { title: 'Corporate Parenting API', version: VERSION, license: { identifier: 'MIT' } },
      servers: [{ url: '/' }],
    })
    expect(document.tags.map(({ name }: { name: string }) => name)).toEqual(TAGS.map(({ name }) => name))
    const call = document.paths['/v1/children/{child}/figure'].get
    expect(call.security).toEqual([{ bearer: ['observations:read'] }, { oauth2: ['observations:read'] }])
    expect(call.responses[200].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/Figure',
    })
    expect(document.paths['/health/live'].get.security).toEqual([])
    expect(Object.keys(document.paths)).not.toContain('/docs')
  })

  test('has a page that loads nothing from elsewhere; the root leads there', async () => {
    const anonymous = client.as(null)
    expect((await anonymous.get('/')).headers.location).toBe('/docs')
    const page = await anonymous.get('/docs')
    expect(page.statusCode).toBe(200)
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/https?:|\*/)
    const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source!)
    expect(sources.length).toBeGreaterThan(4)
    for (const source of sources) {
      expect(source).toMatch(/^\/docs\/static\//)
      expect((await anonymous.get(source)).statusCode).toBe(200)
    }
    expect((await anonymous.get('/docs/static/swagger-initializer.js')).body).toMatch(
      /"?validatorUrl"?: ?null/,
    )
    expect((await anonymous.get('/docs/json')).json()).toEqual((await anonymous.get('/openapi.json')).json())
  })
})

describe('health', () => {
  test('is live whatever the database does, and ready when it is', async () => {
    expect((await client.as(null).get('/health/live')).json()).toEqual({ status: 'live' })
    expect((await client.as(null).get('/health/ready')).json()).toEqual({ status: 'ready' })
  })

  test.each([
    ['says no', async () => false],
    ['fails', () => Promise.reject(new Error('postgres://me:hush@db'))],
    [
      'throws at once',
      () => {
        throw new Error('hush')
      },
    ],
  ])('is not ready when the database %s', async (_, ready) => {
    const { client: other } = await smallApp(figures, { ready })
    const response = await other.as(null).get('/health/ready')
    expect(response.statusCode).toBe(503)
    expect(response.headers['retry-after']).toBe('10')
    expect(response.body).not.toContain('hush')
    expect((await other.as(null).get('/health/live')).statusCode).toBe(200)
  })
})

describe('the log', () => {
  const lines: string[] = []
  const logged = smallApp(figures, { logger: { write: (line) => lines.push(line) } })

  test('has one line per request, with the route’s template and never the address', async () => {
    const { client: other } = await logged
    lines.length = 0
    await other.get('/v1/children/CHILD-1/figure?format=csv', { cookie: 'c=CHILD-1' })
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        method: 'GET',
        route: '/v1/children/:child/figure',
        status: 200,
        durationMs: expect.any(Number),
        requestId: expect.any(String),
        caller: 'admin-key',
      }),
    ])
    await other.get('/v1/children/CHILD-1/nothing')
    await other.inject({ method: 'DELETE', url: '/v1/children/CHILD-1/figure' })
    expect(lines.join('')).not.toContain('CHILD-1')
    expect(lines.join('')).not.toContain(ADMIN_KEY)
  })

  test('has an error with its code and frames, without its message', async () => {
    const { client: other } = await logged
    lines.length = 0
    await other.get('/v1/children/CHILD-13/figure')
    const error = lines.map((line) => JSON.parse(line)).find(({ err }) => err)
    expect(error).toMatchObject({
      level: 50,
      err: { name: 'Error', cause: { code: '23505', constraint: 'child_pk' } },
    })
    expect(error.err.stack.join()).toContain('service.test.ts')
    expect(lines.join('')).not.toContain('CHILD-13')
  })

  test('describes whatever is thrown', () => {
    expect(describeError('CHILD-1')).toEqual({ name: 'string' })
    const circular = new Error('x')
    circular.cause = circular
    expect(JSON.stringify(describeError(circular)).length).toBeLessThan(20_000)
  })
})

test('a process that closes answers what still comes, and closes its connection with the answer', async () => {
  const { app: closing } = await smallApp(async (module) => {
    module.addHook('preClose', () => new Promise((resolve) => setTimeout(resolve, 100)))
  })
  await closing.listen({ port: 0, host: '127.0.0.1' })
  const { port } = closing.server.address() as { port: number }
  const closed = closing.close()
  await new Promise((resolve) => setTimeout(resolve, 20))
  const answer = await new Promise<{ status: number | undefined; connection: string | undefined }>(
    (resolve, reject) => {
      request(
        { port, host: '127.0.0.1', path: '/health/live', agent: new Agent({ keepAlive: true }) },
        (response) => {
          response.resume()
          resolve({ status: response.statusCode, connection: response.headers.connection })
        },
      )
        .on('error', reject)
        .end()
    },
  )
  expect(answer).toEqual({ status: 200, connection: 'close' })
  await closed
})

test('a process that is behind refuses new calls with a time to try again, and tells of its health', async () => {
  const busy = Fastify()
  let late = 1_500
  await busy.register(errorHandler, { publicUrl: null })
  await busy.register(backPressure, { lateness: () => late })
  for (const url of ['/health/live', '/v1/figure']) busy.get(url, async () => ({}))
  const refused = await busy.inject('/v1/figure')
  expect(refused.statusCode).toBe(503)
  expect(refused.json().type).toContain('/problems/unavailable')
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await busy.inject('/health/live')).statusCode).toBe(200)
  late = 900
  expect((await busy.inject('/v1/figure')).statusCode).toBe(200)
  await busy.close()
})

test('the app needs nothing but its parts to give its document', () => {
  expect(app.swagger().paths).toBeDefined()
})
