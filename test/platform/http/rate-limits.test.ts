import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { type Caller, callerWith } from '../../../src/platform/access/caller.ts'
import { refusals } from '../../../src/platform/http/problem.ts'
import { ADMIN_KEY, smallApp } from '../../support/small-app.ts'

const things: FastifyPluginAsyncTypebox = async (app) => {
  const schema = { response: { 200: Type.Object({}), ...refusals() } }
  app.get('/v1/cheap', { config: { scope: 'observations:read' }, schema }, async () => ({}))
  app.get('/v1/dear', { config: { scope: 'observations:read', cost: 5 }, schema }, async () => ({}))
}

const CALLERS: Readonly<Record<string, Caller>> = {
  [ADMIN_KEY]: callerWith('admin-key', ['observations:read'], '*'),
  'another-key': callerWith('another', ['observations:read'], '*'),
}

const limited = (env: Record<string, string>) =>
  smallApp(things, { env, callers: async (token) => CALLERS[token] ?? null })

describe('a caller', () => {
  test('has a share of each minute, is told what is left, and is refused when it is gone', async () => {
    const { client } = await limited({ RATE_LIMIT_PER_MINUTE: '8' })
    const first = await client.get('/v1/cheap')
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"caller";q=8;w=60',
      ratelimit: expect.stringMatching(/^"caller";r=7;t=(?:60|59)$/),
    })
    expect((await client.get('/v1/dear')).headers.ratelimit).toMatch(/^"caller";r=2;/)
    const refused = await client.get('/v1/dear')
    expect(refused.statusCode).toBe(429)
    expect(refused.json().type).toMatch(/too-many-requests$/)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
    expect(refused.headers.ratelimit).toMatch(/^"caller";r=0;t=\d+$/)
    expect((await client.as('another-key').get('/v1/cheap')).statusCode).toBe(200)
  })

  test('may make a call that is dearer than the whole share, once', async () => {
    const { client } = await limited({ RATE_LIMIT_PER_MINUTE: '3' })
    expect((await client.get('/v1/dear')).statusCode).toBe(200)
    expect((await client.get('/v1/cheap')).statusCode).toBe(429)
  })
})

describe('an address', () => {
  test('without a caller has a share too, also of what does not exist; who watches the process is not counted', async () => {
    const { client } = await limited({ RATE_LIMIT_PER_MINUTE: '4' })
    const nobody = client.as(null)
    expect((await nobody.get('/v1/cheap')).statusCode).toBe(401)
    expect((await nobody.get('/v1/nothing')).statusCode).toBe(404)
    expect((await nobody.get('/nothing')).headers.ratelimit).toMatch(/^"address";r=1;/)
    expect((await nobody.get('/problems')).statusCode).toBe(200)
    for (const url of ['/v1/cheap', '/v1/nothing', '/nothing', '/problems', '/openapi.json'])
      expect((await nobody.get(url)).statusCode, url).toBe(429)
    for (let n = 0; n < 6; n++) expect((await nobody.get('/health/live')).statusCode).toBe(200)
    expect((await nobody.get('/health/live')).headers).not.toHaveProperty('ratelimit')
    expect((await client.get('/v1/cheap')).statusCode).toBe(200)
  })

  test('whose tokens fail again and again is told no more of them; the token of a caller still holds', async () => {
    const { client } = await limited({ RATE_LIMIT_FAILURES_PER_MINUTE: '3' })
    const guessing = client.as('a-guess')
    const first = await guessing.get('/v1/cheap')
    expect(first.statusCode).toBe(401)
    expect(first.headers['ratelimit-policy']).toBe('"failures";q=3;w=60')
    for (let n = 0; n < 2; n++) expect((await guessing.get('/v1/cheap')).statusCode).toBe(401)
    for (let n = 0; n < 5; n++) {
      const refused = await guessing.get('/v1/cheap')
      expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '60'])
      expect(refused.headers).not.toHaveProperty('www-authenticate')
    }
    expect((await client.get('/v1/cheap')).statusCode).toBe(200)
  })

  test('is the one that a proxy names where it is trusted, and the proxy’s own where not; of IPv6 the /64', async () => {
    for (const [trusted, shared] of [
      ['loopback', false],
      ['', true],
    ] as const) {
      const { app } = await limited({ RATE_LIMIT_PER_MINUTE: '1', TRUST_PROXY: trusted })
      const from = async (address: string) =>
        (await app.inject({ url: '/problems', headers: { 'x-forwarded-for': address } })).statusCode
      expect(await from('192.0.2.1')).toBe(200)
      expect(await from('192.0.2.2')).toBe(shared ? 429 : 200)
      expect(await from('2001:db8:1:2::1')).toBe(shared ? 429 : 200)
      expect(await from('2001:db8:1:2:ffff::9')).toBe(429)
      expect(await from('2001:db8:1:3::1')).toBe(shared ? 429 : 200)
      await app.close()
    }
  })
})

test('counting costs less than 50 µs a request', async () => {
  const { app } = await limited({})
  const { app: uncounted } = await smallApp(async (module) => {
    module.get('/health/like', { schema: { hide: true } }, async () => ({}))
  })
  const headers = { authorization: `Bearer ${ADMIN_KEY}` }
  const took = async (one: typeof app, url: string): Promise<number> => {
    const times: number[] = []
    for (let n = 0; n < 400; n++) {
      const start = performance.now()
      await one.inject({ url, headers })
      times.push(performance.now() - start)
    }
    return times.sort((a, b) => a - b)[50]!
  }
  await took(app, '/v1/cheap')
  await took(uncounted, '/health/like')
  const extra = (await took(app, '/v1/cheap')) - (await took(uncounted, '/health/like'))
  // With the look-up of the caller and the check of its scope in it; a loaded machine is allowed for.
  expect(extra).toBeLessThan(0.25)
})
