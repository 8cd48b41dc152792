import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { serializersOnce } from '../../../src/platform/http/serializers.ts'

/** An app whose one answer is of a schema that points to `Outer`, which points to `Inner`, which is as it is given. */
async function appWith(inner: object) {
  const app = Fastify({ schemaController: { compilersFactory: { buildSerializer: serializersOnce } } })
  app.addSchema({ $id: 'Inner', type: 'object', properties: inner })
  app.addSchema({
    $id: 'Outer',
    type: 'object',
    properties: { inner: { $ref: 'Inner#' }, again: { $ref: 'Outer#' } },
  })
  const schema = { response: { 200: { type: 'array', items: { $ref: 'Outer#' } } } }
  app.get('/', { schema }, async () => [
    { inner: { a: 1, b: 2 }, again: { inner: { a: '3', b: '4' } }, extra: true },
  ])
  const answer = await app.inject('/')
  await app.close()
  return answer.json()
}

test('an answer is written by its own schema and those that it points to', async () => {
  expect(await appWith({ a: { type: 'integer' } })).toEqual([{ inner: { a: 1 }, again: { inner: { a: 3 } } }])
})

test('schemas of the same name that say something else are not taken for one another', async () => {
  expect(await appWith({ b: { type: 'string' } })).toEqual([
    { inner: { b: '2' }, again: { inner: { b: '4' } } },
  ])
  expect(await appWith({ a: { type: 'integer' } })).toEqual([{ inner: { a: 1 }, again: { inner: { a: 3 } } }])
})
