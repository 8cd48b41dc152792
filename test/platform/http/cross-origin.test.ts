import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { refusals } from '../../../src/platform/http/problem.ts'
import { ADMIN_KEY, smallApp } from '../../support/small-app.ts'

const things: FastifyPluginAsyncTypebox = async (app) => {
  const schema = { response: { 200: Type.Object({}), ...refusals() } }
  app.get('/v1/things', { config: { scope: 'admin' }, schema }, async (_request, reply) =>
    reply.header('etag', '"1"').send({}),
  )
  app.get('/v1/kept', { config: { scope: 'admin' }, schema }, async (_request, reply) =>
    reply.header('cache-control', 'private, no-cache').header('vary', 'Accept').send({}),
  )
}
const OURS = 'https://board.example.gov.uk'
const { app: open } = await smallApp(things, { env: { CORS_ORIGINS: `${OURS}, http://localhost:5173` } })
const { app: closed, client } = await smallApp(things)
const headers = { authorization: `Bearer ${ADMIN_KEY}` }
const asking = (origin: string) => ({
  method: 'OPTIONS' as const,
  url: '/v1/things',
  headers: {
    origin,
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization',
  },
})

describe('a page of another origin', () => {
  test('is told nothing unless its origin is named', async () => {
    for (const [app, origin] of [
      [closed, OURS],
      [open, 'https://evil.example'],
      [open, `${OURS}.evil.example`],
      [open, 'null'],
    ] as const) {
      const answers = [
        await app.inject({ url: '/v1/things', headers: { ...headers, origin } }),
        await app.inject(asking(origin)),
      ]
      for (const answer of answers) expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
    }
    expect((await closed.inject(asking(OURS))).statusCode).toBe(405)
  })

  test('whose origin is named may call with a token, never with a cookie, and read the headers that matter', async () => {
    const asked = await open.inject(asking(OURS))
    expect(asked.statusCode).toBe(204)
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': OURS,
      'access-control-allow-headers': expect.stringContaining('Idempotency-Key'),
      'access-control-max-age': '600',
    })
    const answer = await open.inject({ url: '/v1/things', headers: { ...headers, origin: OURS } })
    expect(answer.headers['access-control-allow-origin']).toBe(OURS)
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    for (const name of ['ETag', 'RateLimit', 'Retry-After', 'Location', 'X-Request-ID', 'Link'])
      expect(answer.headers['access-control-expose-headers']).toContain(name)
    expect(answer.headers.vary).toMatch(/Authorization/)
    expect(answer.headers.vary).toMatch(/Origin/)
    const refused = await open.inject({ url: '/v1/things', headers: { origin: OURS } })
    expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([401, OURS])
  })

  test('makes no address of what is none', async () => {
    expect((await open.inject({ url: '/nothing', headers: { origin: OURS } })).statusCode).toBe(404)
    const method = await open.inject({ method: 'PUT', url: '/v1/things' })
    expect([method.statusCode, method.headers.allow]).toEqual([405, 'GET, HEAD'])
  })
})

describe('headers of every answer under /v1', () => {
  test('keep copies from being left behind, unless the call says otherwise', async () => {
    expect((await client.get('/v1/things')).headers).toMatchObject({
      'cache-control': 'no-store',
      vary: 'Authorization',
    })
    expect((await client.get('/v1/kept')).headers).toMatchObject({
      'cache-control': 'private, no-cache',
      vary: 'Authorization, Accept',
    })
    expect((await client.as(null).get('/v1/things')).headers['cache-control']).toBe('no-store')
  })

  test('tell no server, and to come by HTTPS only where that is the way it came', async () => {
    const { headers: plain } = await client.get('/v1/things')
    for (const name of ['server', 'x-powered-by', 'strict-transport-security'])
      expect(plain).not.toHaveProperty(name)
    const forged = await client.get('/v1/things', { 'x-forwarded-proto': 'https' })
    expect(forged.headers).not.toHaveProperty('strict-transport-security')
    const { app: behind } = await smallApp(things, { env: { TRUST_PROXY: 'loopback' } })
    const secure = await behind.inject({
      url: '/v1/things',
      headers: { ...headers, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'care.example.gov.uk' },
    })
    expect(secure.headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains')
    const problem = await behind.inject({
      url: '/v1/nothing',
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'care.example.gov.uk' },
    })
    expect(problem.json().type).toBe('https://care.example.gov.uk/problems/not-found')
  })
})

describe('what is well known', () => {
  test('is where to report a hole, where the operator says so', async () => {
    const { client: asked } = await smallApp(things, {
      env: { SECURITY_CONTACT: 'mailto:security@example.gov.uk', PUBLIC_URL: 'https://care.example.gov.uk' },
    })
    const answer = await asked.as(null).get('/.well-known/security.txt')
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
    const lines = answer.body.trimEnd().split('\n')
    expect(lines[0]).toBe('Contact: mailto:security@example.gov.uk')
    expect(lines[3]).toBe('Canonical: https://care.example.gov.uk/.well-known/security.txt')
    const days = (Date.parse(lines[1]!.replace('Expires: ', '')) - Date.now()) / 86_400_000
    expect(lines[1]).toMatch(/^Expires: \d{4}-\d\d-\d\dT00:00:00Z$/)
    expect(days).toBeGreaterThan(100)
    expect(days).toBeLessThan(365)
    expect((await client.as(null).get('/.well-known/security.txt')).statusCode).toBe(404)
  })

  test('is what can be called here', async () => {
    const answer = await client.as(null).get('/.well-known/api-catalog')
    expect(answer.headers['content-type']).toMatch(/^application\/linkset\+json/)
    expect(answer.headers.link).toMatch(/rel="api-catalog"$/)
    const [{ anchor, ...links }] = answer.json().linkset
    expect(anchor).toMatch(/\/v1$/)
    for (const [{ href }] of Object.values(links) as [{ href: string }][])
      expect([200, 302]).toContain((await client.as(null).get(new URL(href).pathname)).statusCode)
  })
})
