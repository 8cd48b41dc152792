import { connect } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { problemResponse, problems, problemWith, refusals } from '../../../src/platform/http/problem.ts'
import { REFUSAL_REASONS, Refusal } from '../../../src/vocabulary/refusal.ts'
import { ADMIN_KEY, smallApp } from '../../support/small-app.ts'

const WithFindings = problemWith('WithFindings', { findings: Type.Array(Type.String()) }, 'A refused return.')
let thrown: unknown = null

const things: FastifyPluginAsyncTypebox = async (app) => {
  app.addSchema(WithFindings)
  app.get(
    '/v1/things/:day',
    {
      config: { scope: 'observations:read' },
      schema: {
        params: Type.Object({
          day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'A day.' }),
        }),
        querystring: Type.Object(
          {
            period: Type.Optional(Type.String({ maxLength: 10 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
            sex: Type.Optional(Type.Enum(['male', 'female'], { type: 'string' })),
            since: Type.Optional(Type.Union([Type.String({ format: 'date' }), Type.Null()])),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ ok: Type.Boolean() }, { additionalProperties: false }),
          ...refusals(),
        },
      },
    },
    async () => ({ ok: true }),
  )
  app.post(
    '/v1/things',
    {
      config: { scope: 'publications:write' },
      schema: {
        body: Type.Object(
          { 'a/b': Type.Optional(Type.Integer()), name: Type.String({ minLength: 2 }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ ok: Type.Boolean() }),
          ...refusals('upload-too-large', 'unsupported-media-type', 'not-found', 'idempotency-key-in-use'),
          422: problemResponse('Refused.', WithFindings),
        },
      },
    },
    async () => {
      if (thrown !== null) throw thrown
      return { ok: true }
    },
  )
}

const { app, client } = await smallApp(things)
const post = (payload: string | object, headers: Record<string, string> = {}) =>
  client.inject({ method: 'POST', url: '/v1/things', payload, headers })
const throwing = async (error: unknown) => {
  thrown = error
  try {
    return await post({ name: 'xx' })
  } finally {
    thrown = null
  }
}

describe('a request that is not valid', () => {
  test('is told every fault of path and query at once', async () => {
    const response = await client.get('/v1/things/today?perod=2024-25&limit=0&sex=m&since=soon')
    expect(response.statusCode).toBe(400)
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(response.json()).toMatchObject({
      type: expect.stringMatching(/^http:\/\/localhost(:80)?\/problems\/invalid-request$/),
      title: problems['invalid-request'].title,
      status: 400,
      instance: `urn:uuid:${response.headers['x-request-id']}`,
    })
    expect(response.json().errors).toEqual([
      expect.objectContaining({
        pointer: '/path/day',
        code: 'wrong-form',
        allowed: ['^\\d{4}-\\d{2}-\\d{2}$'],
      }),
      expect.objectContaining({
        pointer: '/query/perod',
        code: 'unknown-member',
        allowed: ['period', 'limit', 'sex', 'since'],
        didYouMean: ['period'],
      }),
      expect.objectContaining({ pointer: '/query/limit', code: 'out-of-range', allowed: ['from 1 to 1000'] }),
      expect.objectContaining({ pointer: '/query/sex', code: 'not-allowed', allowed: ['male', 'female'] }),
      expect.objectContaining({ pointer: '/query/since', code: 'wrong-form', allowed: ['date'] }),
    ])
  })

  test('is told of each member by its own pointer, escaped; of one whose name is no name by what it stands in', async () => {
    const { errors } = (await post({ 'a/b': 'x', 'c~d': 1 })).json()
    expect(
      errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`).sort(),
    ).toEqual(['/body unknown-member', '/body/a~1b wrong-type', '/body/name missing'])
  })

  test('is told of JSON that is broken, without a word of it', async () => {
    const response = await post('{"child": "AB123', { 'content-type': 'application/json' })
    expect(response.json()).toMatchObject({ status: 400, detail: 'The body is not valid JSON.' })
    expect(response.body).not.toContain('AB123')
  })

  test('with a body of another media type is 415', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'nonsense'])
      expect((await post('name=xx', { 'content-type': type })).statusCode).toBe(415)
  })

  test('with too large a body is 413', async () => {
    expect((await post({ name: 'x'.repeat(2 ** 20) })).json().type).toMatch(/upload-too-large$/)
  })

  test('with a NUL, a broken escape or an endless segment in its address is refused', async () => {
    expect((await client.get('/v1/things/a%00b')).statusCode).toBe(400)
    const broken = await client.get('/%zz')
    expect(broken.statusCode).toBe(400)
    expect(broken.headers['x-content-type-options']).toBe('nosniff')
    expect((await client.get(`/v1/things/${'a'.repeat(500)}`)).statusCode).toBe(400)
  })
})

test('what can’t be read as HTTP is a problem too', async () => {
  const { app: listening } = await smallApp()
  await listening.listen({ port: 0, host: '127.0.0.1' })
  const { port } = listening.server.address() as { port: number }
  const socket = connect(port, '127.0.0.1')
  socket.end('NONSENSE\r\n\r\n')
  const answer = await readText(socket)
  await listening.close()
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/)
  expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ status: 400, errors: [] })
})

test('a body with a schema for each media type is told its faults', async () => {
  const { client: other } = await smallApp(async (module) => {
    const body = { content: { 'application/json': { schema: Type.Object({ name: Type.String() }) } } }
    const response = { 200: Type.Object({}), ...refusals() }
    module.post('/v1/x', { config: { scope: 'admin' }, schema: { body, response } }, async () => ({}))
  })
  const refused = await other.inject({ method: 'POST', url: '/v1/x', payload: { name: [1, 2] } })
  expect(refused.json().errors).toEqual([
    expect.objectContaining({ pointer: '/body/name', code: 'wrong-type' }),
  ])
})

describe('an address', () => {
  test('that does not exist is a 404 problem, under /v1 and elsewhere, with a token and without', async () => {
    for (const url of ['/nothing', '/v1/nothing', '/V1/things'])
      for (const key of [ADMIN_KEY, null])
        expect((await client.as(key).get(url)).json().type).toMatch(/not-found$/)
  })

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)(
    'that has no %s says which methods it has',
    async (method) => {
      const response = await client.inject({ method, url: '/v1/things?x=1' })
      expect(response.statusCode).toBe(405)
      expect(response.headers.allow).toBe('POST')
    },
  )
})

describe('what is thrown', () => {
  test('as a refusal keeps its detail, its faults and the members that the route declares', async () => {
    const fault = { pointer: '/files/a.csv', code: 'empty', detail: 'It is empty.' }
    const refusal = new Refusal('return-refused', 'It has 1 error.', [fault], {
      findings: ['F'],
      secret: 'S',
      status: 200,
    })
    const response = await throwing(refusal)
    expect(response.json()).toMatchObject({
      status: 422,
      detail: 'It has 1 error.',
      errors: [fault],
      findings: ['F'],
    })
    expect(response.json()).not.toHaveProperty('secret')
  })

  test.each([
    ['57014', 504, 'timeout'],
    ['53300', 503, 'unavailable'],
    ['08006', 503, 'unavailable'],
    ['57P01', 503, 'unavailable'],
    ['ECONNREFUSED', 503, 'unavailable'],
    ['42P01', 500, 'internal-error'],
    ['23505', 500, 'internal-error'],
  ])(
    'by the database as %s is %i %s, on the error or on its cause, with no word of it',
    async (code, status, reason) => {
      const error = Object.assign(new Error('params: CHILD-1'), { code })
      for (const one of [error, new Error('Failed query, params: CHILD-1', { cause: error })]) {
        const response = await throwing(one)
        expect(response.statusCode).toBe(status)
        expect(response.json().type).toMatch(new RegExp(`/${reason}$`))
        expect(response.body).not.toContain('CHILD-1')
        expect(response.headers['retry-after']).toBe(status === 503 ? '10' : undefined)
      }
    },
  )

  test.each([
    [Object.assign(new Error('x'), { statusCode: 404 })],
    ['a text'],
    [Object.assign(new Error('x'), { validation: 'no' })],
  ])('by mistake is a 500 (%o)', async (error) => {
    expect((await throwing(error)).json().type).toMatch(/internal-error$/)
  })
})

describe('a problem’s type', () => {
  test('is under PUBLIC_URL where that is set, else under the host called, never under a forged one', async () => {
    const named = await smallApp(things, { env: { PUBLIC_URL: 'https://care.example/api' } })
    expect((await named.client.get('/x')).json().type).toBe('https://care.example/api/problems/not-found')
    expect((await client.get('/x', { host: 'care.internal:8080' })).json().type).toBe(
      'http://care.internal:8080/problems/not-found',
    )
    expect((await client.get('/x', { host: 'evil.example/<script>' })).json().type).toBe(
      'http://localhost/problems/not-found',
    )
  })

  test.each(REFUSAL_REASONS)('%s has a page for people and JSON for programs', async (reason) => {
    const page = await client.as(null).get(`/problems/${reason}`)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.body).toContain('<html lang="en-GB">')
    expect(page.body).toContain(`<h1>${problems[reason].title}`)
    const json = await client.as(null).get(`/problems/${reason}`, { accept: 'application/json' })
    expect(json.json()).toMatchObject({ code: reason, status: problems[reason].status })
  })

  test('that is unknown is a 404 with near matches; the list has them all', async () => {
    const unknown = await client.as(null).get('/problems/unknown-autority')
    expect(unknown.statusCode).toBe(404)
    expect(unknown.json().errors[0].didYouMean[0]).toBe('unknown-authority')
    const list = await client.as(null).get('/problems', { accept: 'application/json' })
    expect(list.json().data).toHaveLength(REFUSAL_REASONS.length)
    expect((await client.as(null).get('/problems')).body).toContain('href="/problems/timeout"')
  })
})

test('the document groups a route’s refusals by status', () => {
  const responses = app.swagger().paths!['/v1/things']!.post!.responses as Record<
    string,
    { description: string }
  >
  expect(Object.keys(responses).sort()).toEqual([
    '200',
    '400',
    '401',
    '403',
    '404',
    '409',
    '413',
    '414',
    '415',
    '422',
    '429',
    '500',
    '503',
    '504',
  ])
  expect(responses['404']!.description).toContain('not-found')
})
