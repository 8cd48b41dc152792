import type { LightMyRequestResponse } from 'fastify'
import { expect, test } from 'vitest'
import { checkerOf } from './client.ts'

const check = checkerOf({
  paths: {
    '/things/{id}': {
      get: {
        responses: {
          200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
          304: {},
        },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['day'],
        properties: { day: { type: 'string', format: 'date' } },
        additionalProperties: false,
      },
      Problem: { type: 'object', required: ['type'] },
    },
  },
})

const answer = (statusCode: number, type: string, body: unknown) =>
  ({
    statusCode,
    headers: { 'content-type': type },
    body: body === null ? '' : JSON.stringify(body),
    json: () => body,
  }) as unknown as LightMyRequestResponse
const good = answer(200, 'application/json; charset=utf-8', { day: '2025-03-31' })

test('an answer that the document promises is let through', () => {
  check('GET', '/things/1?x=1', good)
  check('GET', '/things/1', answer(304, '', null))
  check('GET', '/nothing', answer(404, 'application/problem+json', { type: 'x' }))
})

test.each([
  ['an operation', 'POST', '/things/1', good, 'not in the OpenAPI document'],
  ['a path', 'GET', '/things/1/more', good, 'not in the OpenAPI document'],
  [
    'a status',
    'GET',
    '/things/1',
    answer(201, 'application/json', { day: '2025-03-31' }),
    'does not document',
  ],
  ['a media type', 'GET', '/things/1', answer(200, 'text/csv', null), 'documented: application/json'],
  ['a body', 'GET', '/things/1', answer(200, 'application/json', { day: 'soon' }), 'format "date"'],
  [
    'a member',
    'GET',
    '/things/1',
    answer(200, 'application/json', { day: '2025-03-31', x: 1 }),
    'additional',
  ],
  ['content', 'GET', '/things/1', answer(304, 'application/json', {}), 'none is documented'],
  [
    'a 404 that is no problem',
    'GET',
    '/nothing',
    answer(404, 'text/html', null),
    'not in the OpenAPI document',
  ],
])('%s that the document does not have fails the test', (_, method, url, response, fault) => {
  expect(() => check(method, url, response)).toThrow(fault)
})
