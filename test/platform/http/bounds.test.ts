import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { boundJson, DEEPEST, MOST_ITEMS } from '../../../src/platform/http/json-body.ts'
import { refusals } from '../../../src/platform/http/problem.ts'
import { Refusal } from '../../../src/vocabulary/refusal.ts'
import { smallApp } from '../../support/small-app.ts'

const things: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/v1/things',
    {
      config: { scope: 'admin' },
      schema: {
        body: Type.Object({}, { additionalProperties: true }),
        response: { 200: Type.Object({}), ...refusals('upload-too-large', 'unsupported-media-type') },
      },
    },
    async () => ({}),
  )
  app.get(
    '/v1/things',
    { config: { scope: 'admin' }, schema: { response: { 200: Type.Object({}), ...refusals() } } },
    async () => ({}),
  )
}
const { client } = await smallApp(things)
const post = (payload: string, type = 'application/json') =>
  client.inject({ method: 'POST', url: '/v1/things', headers: { 'content-type': type }, payload })

const faultsOf = (text: string) => {
  try {
    boundJson(text)
    return []
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault
    return fault.faults.map(({ pointer, code }) => [pointer, code])
  }
}
const nested = (levels: number): string => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`

describe('a JSON body', () => {
  test('has its members and lists in bounds', async () => {
    expect(faultsOf(nested(DEEPEST))).toEqual([])
    expect(faultsOf(nested(DEEPEST + 1))).toEqual([[`/body${'/a'.repeat(DEEPEST)}`, 'too-deep']])
    expect(faultsOf('['.repeat(400_000) + ']'.repeat(400_000))).toEqual([
      [`/body${'/0'.repeat(DEEPEST)}`, 'too-deep'],
    ])
    const list = (items: number) => `{"list":[${Array(items).fill(1).join(',')}]}`
    expect(faultsOf(list(MOST_ITEMS))).toEqual([])
    expect(faultsOf(list(MOST_ITEMS + 1))).toEqual([['/body/list', 'wrong-length']])
    const refused = await post(nested(DEEPEST + 1))
    expect([refused.statusCode, refused.json().errors[0].allowed]).toEqual([
      400,
      [`at most ${DEEPEST} levels`],
    ])
  })

  test.each([
    ['{"__proto__": {"isAdmin": true}}', '/body/__proto__', 'unknown-member'],
    ['{"\\u005f_proto__": 1}', '/body/__proto__', 'unknown-member'],
    ['{"a": {"constructor": {"prototype": {"x": 1}}}}', '/body/a/constructor', 'unknown-member'],
    ['{"a": ["b\\u0000c"]}', '/body/a/0', 'nul-character'],
    ['{"a": "\\ud800"}', '/body/a', 'broken-text'],
    ['{"a": 1e999}', '/body/a', 'out-of-range'],
    ['{"a": -1e999}', '/body/a', 'out-of-range'],
    ['{"a\\u0000": 1}', '/body/a�', 'unknown-member'],
  ])('with %s is refused, and told where', async (text, pointer, code) => {
    expect(faultsOf(text)).toEqual([[pointer, code]])
    const refused = await post(text)
    expect(refused.statusCode).toBe(400)
    expect(refused.json().errors).toMatchObject([{ pointer, code }])
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  test('names every fault at once, and stops at a hundred', () => {
    expect(faultsOf('{"a":"\\u0000","b":1e999}')).toHaveLength(2)
    expect(faultsOf(`[${Array(500).fill('1e999').join(',')}]`)).toHaveLength(100)
  })

  test('that is none, is too large or is of another type is refused', async () => {
    for (const text of ['', '{', '{"a":NaN}', '{"a":1,}', '\u0000'])
      expect((await post(text)).statusCode, text).toBe(400)
    expect((await post(`{"a":"${'x'.repeat(1024 * 1024)}"}`)).statusCode).toBe(413)
    for (const type of ['application/xml', 'text/xml', 'text/plain', 'application/x-www-form-urlencoded'])
      expect((await post('<a/>', type)).statusCode, type).toBe(415)
  })
})

test('an address has 8,192 characters at most', async () => {
  const long = (length: number) => `/v1/things?x=${'a'.repeat(length - '/v1/things?x='.length)}`
  expect((await client.get(long(8192))).statusCode).not.toBe(414)
  const refused = await client.get(long(8193))
  expect([refused.statusCode, refused.json().type]).toEqual([414, expect.stringMatching(/address-too-long$/)])
})

test('the method is the one of the request line, whatever a header says', async () => {
  for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
    const answer = await client.inject({
      method: 'POST',
      url: '/v1/things',
      headers: { 'content-type': 'application/json', [name]: 'DELETE' },
      payload: '{}',
    })
    expect(answer.statusCode).toBe(200)
    expect((await client.get('/v1/things', { [name]: 'DELETE' })).statusCode).toBe(200)
  }
})
