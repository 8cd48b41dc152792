import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Caller, callerWith } from '../../../src/platform/access/caller.ts'
import { forgetAnswersAbout, SERVICE } from '../../../src/platform/database/idempotency-keys.ts'
import { KEY_REASONS, KeyHeaders, REPLAYED } from '../../../src/platform/http/idempotency-key.ts'
import { answerOnce } from '../../../src/platform/http/idempotent.ts'
import { refusals } from '../../../src/platform/http/problem.ts'
import { Refusal } from '../../../src/vocabulary/refusal.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'
import { ADMIN_KEY, smallApp } from '../../support/small-app.ts'

const AUTHORITY = 'E08000034'
const CALLERS: Readonly<Record<string, Caller>> = {
  [ADMIN_KEY]: callerWith('admin-key', ['admin'], '*'),
  'another-key': callerWith('another', ['admin'], '*'),
  'key-of-a-person': { ...callerWith('another', ['admin'], '*'), onBehalfOf: 'a.person' },
}

let database: TestDatabase
let done = 0
let gate: Promise<void> = Promise.resolve()
/** Two apps over one database are as two processes. */
let apps: FastifyInstance[]

const things: FastifyPluginAsyncTypebox = async (app) => {
  const schema = {
    headers: KeyHeaders,
    body: Type.Object({ name: Type.String(), fails: Type.Optional(Type.Boolean()) }),
    response: {
      201: {
        description: 'Made.',
        headers: REPLAYED,
        content: { 'application/json': { schema: Type.Object({}, { additionalProperties: true }) } },
      },
      ...refusals(...KEY_REASONS, 'access-refused'),
    },
  }
  const answerTo = (name: string) => ({
    status: 201,
    headers: { location: `/v1/things/${++done}`, etag: `"${done}"` },
    body: { z: name, a: done, at: randomUUID() },
    child: name.startsWith('CHILD') ? name : null,
  })
  const refuse = () => {
    throw new Refusal('access-refused', 'Not this one.')
  }
  app.post('/v1/changed', { config: { scope: 'admin' }, schema }, (request, reply) =>
    answerOnce(request, reply, { authority: AUTHORITY }, (once) =>
      once.change(database.database, async () => {
        await gate
        return request.body.fails ? refuse() : answerTo(request.body.name)
      }),
    ),
  )
  app.put('/v1/changed', { config: { scope: 'admin' }, schema }, (request, reply) =>
    answerOnce(request, reply, { authority: SERVICE }, (once) =>
      once.change(database.database, async () => answerTo(request.body.name)),
    ),
  )
  app.post('/v1/made', { config: { scope: 'admin' }, schema }, (request, reply) =>
    answerOnce(request, reply, { authority: AUTHORITY }, (once) =>
      once.make(
        database.database,
        async () => {
          await gate
          return request.body.fails ? refuse() : request.body.name
        },
        async (_transaction, name) => {
          const { body, ...answer } = answerTo(name)
          return { ...answer, body: JSON.stringify(body) }
        },
      ),
    ),
  )
}

beforeAll(async () => {
  database = await newDatabase()
  const parts = { callers: async (token: string) => CALLERS[token] ?? null }
  apps = [(await smallApp(things, parts)).app, (await smallApp(things, parts)).app]
}, 120_000)
afterAll(async () => {
  for (const app of apps ?? []) await app.close()
  await database?.drop()
})
beforeEach(() => {
  gate = Promise.resolve()
})

interface Sent {
  readonly url?: string
  readonly method?: 'POST' | 'PUT'
  readonly body?: unknown
  readonly key?: string
  readonly as?: string
  readonly to?: number
}
const send = ({
  url = '/v1/changed',
  method = 'POST',
  body = { name: 'x' },
  key,
  as = ADMIN_KEY,
  to = 0,
}: Sent) =>
  apps[to]!.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${as}`,
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })
const reasonOf = (answer: { json: () => { type: string } }) => answer.json().type.split('/').at(-1)
const keptRows = (authority: string) =>
  database.database.read([authority], (transaction) =>
    transaction.query<{ caller: string; child: string | null }>(
      'test.kept',
      'select k.caller, k.child from care.idempotency_key k',
    ),
  )

describe.each(['/v1/changed', '/v1/made'])('a request to %s', (url) => {
  test('that is sent again gets the first answer, byte for byte, in every process; nothing is done', async () => {
    const key = randomUUID()
    const first = await send({ url, key })
    const before = done
    for (const to of [0, 1]) {
      const again = await send({ url, key, to, body: '{ "name" : "x" }' })
      expect([again.statusCode, again.body]).toEqual([201, first.body])
      for (const name of ['location', 'etag', 'content-type', 'cache-control'])
        expect(again.headers[name]).toBe(first.headers[name])
      expect(again.headers['idempotency-replayed']).toBe('true')
    }
    expect(first.headers).not.toHaveProperty('idempotency-replayed')
    expect(done).toBe(before)
  })

  test('with another content, address or query may not have its key', async () => {
    const key = randomUUID()
    expect((await send({ url, key })).statusCode).toBe(201)
    const before = done
    for (const other of [{ body: { name: 'y' } }, { url: `${url}?again=1` }]) {
      const answer = await send({ url, key, ...other })
      expect([answer.statusCode, reasonOf(answer)]).toEqual([422, 'idempotency-key-reused'])
      expect(answer.json().errors[0].pointer).toBe('/headers/idempotency-key')
    }
    expect(done).toBe(before)
  })

  test('of another caller with the same key is another request', async () => {
    const key = randomUUID()
    const ours = await send({ url, key })
    const theirs = await send({ url, key, as: 'another-key' })
    expect(theirs.headers).not.toHaveProperty('idempotency-replayed')
    expect(theirs.body).not.toBe(ours.body)
    expect((await send({ url, key, as: 'another-key' })).body).toBe(theirs.body)
    const persons = await send({ url, key, as: 'key-of-a-person' })
    expect(persons.headers).not.toHaveProperty('idempotency-replayed')
    expect((await send({ url, key, as: 'key-of-a-person' })).body).toBe(persons.body)
  })

  test('that comes while the first is under way is refused, in this process and in another', async () => {
    const key = randomUUID()
    let open = () => {}
    gate = new Promise((resolve) => {
      open = resolve
    })
    const before = done
    // Sent at once: what is injected is not until it is waited for.
    const first = send({ url, key }).then((answer) => answer)
    await expect
      .poll(async () => reasonOf(await send({ url, key, body: { name: 'x' } })), { timeout: 5_000 })
      .toBe('idempotency-key-in-use')
    await expect
      .poll(
        async () => {
          const other = await Promise.race([
            send({ url, key, to: 1 }),
            new Promise<null>((resolve) => setTimeout(resolve, 300, null)),
          ])
          return other === null ? null : reasonOf(other)
        },
        { timeout: 5_000 },
      )
      .toBe('idempotency-key-in-use')
    open()
    expect((await first).statusCode).toBe(201)
    expect(done).toBe(before + 1)
  })

  test('that is refused keeps nothing: its key is free', async () => {
    const key = randomUUID()
    const refused = await send({ url, key, body: { name: 'x', fails: true } })
    expect(refused.statusCode).toBe(422)
    const mended = await send({ url, key })
    expect([mended.statusCode, mended.headers['idempotency-replayed']]).toEqual([201, undefined])
  })

  test('without a key is done each time', async () => {
    const before = done
    await send({ url })
    await send({ url })
    expect(done).toBe(before + 2)
  })
})

test('an answer is kept for seven days', async () => {
  const key = randomUUID()
  const first = await send({ key })
  const age = (days: number) =>
    database.database.write([AUTHORITY], (transaction) =>
      transaction.query(
        'test.age',
        `update care.idempotency_key set created_at = clock_timestamp() - $1::float8 * interval '1 day' where key = $2`,
        [days, key],
      ),
    )
  await age(6.9)
  expect((await send({ key })).body).toBe(first.body)
  await age(7.1)
  const later = await send({ key })
  expect([later.statusCode, later.headers['idempotency-replayed']]).toEqual([201, undefined])
})

test('an answer about a child goes with the child', async () => {
  const key = randomUUID()
  await send({ key, body: { name: 'CHILD-1' } })
  expect((await keptRows(AUTHORITY)).filter(({ child }) => child === 'CHILD-1')).toHaveLength(1)
  const forgotten = await database.database.write([AUTHORITY], (transaction) =>
    forgetAnswersAbout(transaction, AUTHORITY, 'CHILD-1'),
  )
  expect(forgotten).toBe(1)
  expect((await keptRows(AUTHORITY)).filter(({ child }) => child === 'CHILD-1')).toEqual([])
})

test('what belongs to no authority is kept where no authority sees it', async () => {
  await send({ method: 'PUT', key: randomUUID() })
  expect(await keptRows(SERVICE)).not.toEqual([])
  const count = async (authorities: readonly string[]) =>
    (
      await database.database.read(authorities, (transaction) =>
        transaction.query(
          'test.service',
          `select 1 as one from care.idempotency_key k where k.authority = '${SERVICE}'`,
        ),
      )
    ).length
  expect([await count([AUTHORITY]), await count([]), await count([SERVICE])]).toEqual([0, 0, 1])
})
