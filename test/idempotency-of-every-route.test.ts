import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { findAdmin } from '../src/platform/access/admin-key.ts'
import { callerWith, SCOPES } from '../src/platform/access/caller.ts'
import { newMasterKey } from '../src/platform/access/master-key.ts'
import { SERVICE } from '../src/platform/database/idempotency-keys.ts'
import { buildService } from '../src/service.ts'
import { type Call, COUNCIL, ENV, fill, goodCall, type KnownIds, RESOLVE } from './support/good-calls.ts'
import { newDatabase, type TestDatabase } from './support/postgres.ts'
import { nameOf, type Route, routesOf } from './support/routes-of.ts'
import { ADMIN_KEY } from './support/small-app.ts'

/**
 * Every POST and PUT of the router, sent twice with one Idempotency-Key: the second answer is the first, and nothing is
 * done a second time. A new route fails here until `good-calls.ts` knows what to send to it.
 */
const ANOTHER = 'the-key-of-another-caller'

let held: TestDatabase
let app: FastifyInstance
let ids: KnownIds
let routes: Route[]
let used = 0

const serviceWith = (master: string) => {
  const admin = findAdmin(ADMIN_KEY)
  return buildService({
    config: readConfig(ENV),
    database: held.database,
    callers: async (token) => (token === ANOTHER ? callerWith('another', SCOPES, '*') : admin(token)),
    master: newMasterKey(master),
    now: () => new Date('2025-06-01T12:00:00Z'),
    logger: false,
    resolve: RESOLVE,
  })
}

const send = (call: Call, key?: string, token = ADMIN_KEY, to = app) =>
  to.inject({
    ...call,
    headers: {
      authorization: `Bearer ${token}`,
      ...call.headers,
      ...(key !== undefined && { 'idempotency-key': key }),
    },
  })

const newKey = () => `request-${++used}`

beforeAll(async () => {
  held = await newDatabase()
  app = await serviceWith(ADMIN_KEY)
  ids = await fill(send)
  routes = routesOf(app).filter(
    ({ method, template }) =>
      (method === 'POST' || method === 'PUT') &&
      template.startsWith('/v1/') &&
      !template.includes('/records/:kind'),
  )
}, 120_000)
afterAll(async () => {
  await app?.close()
  await held?.drop()
})

/** Every row that the service can see, by table: how many there are, and which transactions wrote them. */
async function rows(): Promise<Record<string, string>> {
  return held.database.read([COUNCIL, SERVICE], async (transaction) => {
    const tables = await transaction.query<{ name: string }>(
      'test.tables',
      `select format('%I.%I', schemaname, tablename) as name
         from pg_tables
        where schemaname in ('care', 'access') and has_table_privilege(format('%I.%I', schemaname, tablename), 'select')
        order by 1`,
    )
    const counts = tables.map(
      ({ name }) =>
        `select '${name}' as name, concat(count(*), ' ', sum(t.xmin::text::bigint)) as rows from ${name} t`,
    )
    const found = await transaction.query<{ name: string; rows: string }>(
      'test.rows',
      counts.join(' union all '),
    )
    // A replay gives something out, and so adds a row of its own to the trail.
    return Object.fromEntries(
      found.filter(({ name }) => !name.includes('audit')).map((one) => [one.name, one.rows]),
    )
  })
}

/** What of an answer comes again. */
const told = ({ statusCode, body, headers }: Awaited<ReturnType<typeof send>>) => ({
  statusCode,
  body,
  location: headers.location,
  etag: headers.etag,
})

const problemOf = ({ statusCode, body }: Awaited<ReturnType<typeof send>>): string =>
  `${statusCode} ${statusCode < 400 ? '' : String(JSON.parse(body).type).split('/').at(-1)}`

/** What is wrong, by route; the routes of all kinds of records are of one making, and take their time. */
async function faultsOf(fault: (route: Route) => Promise<unknown>): Promise<Record<string, unknown>> {
  const faults: Record<string, unknown> = {}
  for (const route of routes) {
    const found = await fault(route)
    if (found !== null) faults[nameOf(route)] = found
  }
  return faults
}

describe('every POST and PUT of the router', () => {
  test('is done once for each key, and answers the same again', { timeout: 120_000 }, async () => {
    expect(routes.length).toBeGreaterThan(50)
    expect(
      await faultsOf(async (route) => {
        const call = goodCall(route, ids)
        const key = newKey()
        const first = await send(call, key)
        if (first.statusCode >= 300 || first.headers['idempotency-replayed'] !== undefined)
          return { first: first.statusCode, body: first.body.slice(0, 500) }
        const before = await rows()
        const again = await send(call, key)
        expect(again.headers['idempotency-replayed'], nameOf(route)).toBe('true')
        expect(told(again), nameOf(route)).toEqual(told(first))
        expect(await rows(), nameOf(route)).toEqual(before)

        const reused = problemOf(await send(goodCall(route, ids, 2), key))
        if (reused !== '422 idempotency-key-reused') return { reused }
        const other = await send(call, key, ANOTHER)
        if (other.headers['idempotency-replayed'] !== undefined || other.statusCode >= 500)
          return { other: problemOf(other) }
        return null
      }),
    ).toEqual({})
  })
})

describe('an answer that shows a secret', () => {
  const SHOWING = ['/v1/access/keys', '/v1/access/clients/:id/secrets'].concat(
    ['', '/:id/secrets'].map((path) => `/v1/authorities/:authority/webhooks${path}`),
  )

  test('is kept sealed, under the key that it was given for, and opens with no other master key', async () => {
    const after = await serviceWith('another master key, of no less than 32 characters')
    for (const template of SHOWING) {
      const call = goodCall({ method: 'POST', template }, ids)
      const key = newKey()
      const first = await send(call, key)
      expect(first.statusCode, first.body).toBe(201)
      const shown = first.json().secret ?? first.json().key
      expect(shown).toMatch(/^[\w+/=-]{30,}$/)
      const kept = await keptUnder(key)
      expect(Object.keys(JSON.parse(kept))).toEqual(['$sealed'])
      expect(kept).not.toContain(shown)
      expect(await everythingKept()).not.toContain(shown)

      // Moved to another's key, it stays shut.
      const another = newKey()
      expect((await send(call, another, ANOTHER)).statusCode).toBe(201)
      await moved(key, another)
      expect(problemOf(await send(call, another, ANOTHER))).toBe('409 kept-answer-lost')

      const before = await rows()
      expect(problemOf(await send(call, key, ADMIN_KEY, after))).toBe('409 kept-answer-lost')
      expect(await rows()).toEqual(before)
      expect((await send(call, key)).body).toBe(first.body)
    }
    await after.close()
  })

  test('is not shown again to who has ceased to manage what it is of', async () => {
    const call = goodCall({ method: 'POST', template: '/v1/access/clients/:id/secrets' }, ids)
    const key = newKey()
    const reach = { scopes: ['admin'] as const, authorities: [COUNCIL] as readonly string[] | '*' }
    let may = reach
    const service = await buildService({
      config: readConfig(ENV),
      database: held.database,
      callers: async () => callerWith('a council', may.scopes, may.authorities),
      master: newMasterKey(ADMIN_KEY),
      logger: false,
    })
    expect((await send(call, key, 'any', service)).statusCode).toBe(201)
    may = { ...reach, authorities: ['E08000035'] }
    expect(problemOf(await send(call, key, 'any', service))).toBe('404 unknown-client')
    await service.close()
  })

  const keptUnder = async (key: string): Promise<string> => {
    const [row] = await held.database.read([COUNCIL, SERVICE], (transaction) =>
      transaction.query<{ body: string }>(
        'test.kept',
        "select k.body #>> '{}' as body from care.idempotency_key k where k.key = $1 and k.caller <> 'another'",
        [key],
      ),
    )
    return row!.body
  }
  const everythingKept = async (): Promise<string> => {
    const found = await held.database.read([COUNCIL, SERVICE], (transaction) =>
      transaction.query<{ body: string }>(
        'test.kept',
        'select k.body::text as body from care.idempotency_key k',
      ),
    )
    return found.map(({ body }) => body).join()
  }
  const moved = (from: string, to: string) =>
    held.database.write([COUNCIL, SERVICE], (transaction) =>
      transaction.query(
        'test.move',
        `update care.idempotency_key as k set body = other.body
           from care.idempotency_key other
          where k.key = $2 and other.key = $1`,
        [from, to],
      ),
    )
})
