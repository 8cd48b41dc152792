import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import pg from 'pg'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { auditRoutes } from '../../../src/modules/audit/audit-routes.ts'
import { authorityOf } from '../../../src/platform/access/access.ts'
import { hashOf } from '../../../src/platform/access/audit-entry.ts'
import { type AuditTrail, newAuditTrail, type Touched } from '../../../src/platform/access/audit-trail.ts'
import { type Caller, callerWith } from '../../../src/platform/access/caller.ts'
import { newMasterKey, subjectOf } from '../../../src/platform/access/master-key.ts'
import { networkOf } from '../../../src/platform/access/network.ts'
import { type Database, openDatabase } from '../../../src/platform/database/database.ts'
import { SERVICE_ROLE } from '../../../src/platform/database/migrate.ts'
import { CsvTable, csvStream } from '../../../src/platform/http/csv.ts'
import { refusals } from '../../../src/platform/http/problem.ts'
import { CSV_CONTENT_TYPE } from '../../../src/platform/http/representation.ts'
import { clientOf, type TestClient } from '../../support/client.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'

const HERE = 'E08000034'
const THERE = 'E08000035'
const SECRET = 'a child’s name that must not leave'
const master = newMasterKey('the-secret-of-the-tests')

const CALLERS: Readonly<Record<string, Caller>> = {
  reader: callerWith('reader', ['children:read', 'observations:read'], [HERE]),
  person: { ...callerWith('case system', ['children:read'], [HERE]), onBehalfOf: 'j.smith' },
  here: callerWith('governance', ['admin'], [HERE]),
  there: callerWith('governance there', ['admin', 'children:read'], [THERE]),
}

let held: TestDatabase
beforeAll(async () => {
  held = await newDatabase()
})
afterAll(() => held?.drop())

/** What the route of the test gives, and how. */
let gives: { touched: Touched | null; as: 'json' | 'csv' | '304' }

const config = { scope: ['children:read', 'observations:read'] as const, audited: 'child.read' }
const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/v1/authorities/:authority/children',
    {
      config,
      schema: {
        params: Type.Object({ authority: Type.String() }),
        response: {
          200: {
            description: 'Names.',
            content: {
              'application/json': { schema: Type.Object({ name: Type.String() }) },
              'text/csv': { schema: CsvTable },
            },
          },
          304: Type.Null(),
          ...refusals('unknown-authority'),
        },
      },
    },
    async (request, reply) => {
      authorityOf(request, request.params.authority)
      request.touched = gives.touched
      if (gives.as === '304') return reply.code(304).send(null)
      if (gives.as === 'csv') return reply.type(CSV_CONTENT_TYPE).send(csvStream(['name'], [[SECRET]]))
      return reply.send({ name: SECRET })
    },
  )
}

async function serviceOn(
  database: Database,
  env: Record<string, string> = {},
  trail: AuditTrail = newAuditTrail({ database, master }),
): Promise<TestClient> {
  const app = await buildApp({
    config: readConfig({ ADMIN_API_KEY: 'the-admin-key-of-the-tests', ...env }),
    callers: async (token) => CALLERS[token] ?? null,
    audit: trail,
    ready: async () => true,
    modules: [route, auditRoutes({ database, master })],
    logger: false,
  })
  return clientOf(app, { key: 'reader', document: 'own' })
}

const URL = `/v1/authorities/${HERE}/children`
const ADA: Touched = { rows: 3, children: ['ADA1', 'BEN2', 'ADA1'] }

const rowsOf = (authority: string) =>
  held.database.read([authority], (transaction) =>
    transaction.query<Record<string, unknown> & { number: number; previous: Buffer; hash: Buffer }>(
      'test.rows',
      'select * from care.audit_entry e where e.authority = $1 order by e.number',
      [authority],
    ),
  )

describe('a read', () => {
  test('leaves who asked for whom, what for, by what right, from where, and whom it saw', async () => {
    gives = { touched: ADA, as: 'json' }
    const client = await serviceOn(held.database)
    const answer = await client.get(`${URL}?x=1`, {
      'x-purpose': Buffer.from('Siân’s review').toString('latin1'),
      'x-on-behalf-of': 'k.jones',
      'x-request-id': 'r-1',
    })
    expect(answer.statusCode, answer.body).toBe(200)
    const row = (await rowsOf(HERE)).at(-1)!
    const { hash, previous, at, number, question, ...rest } = row
    expect(rest).toEqual({
      authority: HERE,
      caller: 'reader',
      on_behalf_of: 'k.jones',
      scopes: ['children:read', 'observations:read'],
      action: 'child.read',
      method: 'GET',
      route: '/v1/authorities/:authority/children',
      status: 200,
      rows: 3,
      subjects: ['ADA1', 'BEN2'].map((child) => subjectOf(master, HERE, child)).sort(),
      purpose: 'Siân’s review',
      network: '127.0.0.0/24',
      request_id: 'r-1',
    })
    expect(question).toBe(master.mac('questions', `${URL}?x=1`).toString('base64url'))
    expect([number, previous.length, hash.length]).toEqual([1, 32, 32])
  })

  test('the person whom the token names goes before the header', async () => {
    const client = await serviceOn(held.database)
    await client.as('person').get(URL, { 'x-on-behalf-of': 'k.jones' })
    const row = (await rowsOf(HERE)).at(-1)!
    expect(row).toMatchObject({ on_behalf_of: 'j.smith', scopes: ['children:read'] })
  })

  test.each(['json', 'csv', '304'] as const)('leaves one row, answered as %s or to HEAD', async (as) => {
    gives = { touched: ADA, as }
    const client = await serviceOn(held.database)
    for (const method of ['GET', 'HEAD'] as const) {
      const before = (await rowsOf(HERE)).length
      const answer = await client.inject({ method, url: URL })
      const after = await rowsOf(HERE)
      expect(after).toHaveLength(before + 1)
      expect(after.at(-1)).toMatchObject({ method, status: answer.statusCode })
    }
  })

  test.each(['json', 'csv', '304'] as const)(
    'of which no row can be kept is not answered: %s',
    async (as) => {
      gives = { touched: ADA, as }
      const broken: Database = {
        ...held.database,
        write: async () => {
          throw Object.assign(new Error(SECRET), { code: '42501' })
        },
      }
      const answer = await (await serviceOn(broken)).get(URL)
      expect(answer.statusCode).toBe(503)
      expect(answer.body).not.toContain(SECRET)
      expect(answer.json().type).toMatch(/\/problems\/unavailable$/)
    },
  )

  test.each(['json', 'csv', '304'] as const)('that does not say what it saw fails: %s', async (as) => {
    gives = { touched: null, as }
    const before = (await rowsOf(HERE)).length
    const answer = await (await serviceOn(held.database)).get(URL)
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain(SECRET)
    expect(await rowsOf(HERE)).toHaveLength(before)
  })

  test('that is refused leaves no row', async () => {
    gives = { touched: ADA, as: 'json' }
    const before = (await rowsOf(HERE)).length
    const client = await serviceOn(held.database)
    const statuses = [
      (await client.as(null).get(URL)).statusCode,
      (await client.as('here').get(URL)).statusCode,
      (await client.get(URL.replace(HERE, THERE))).statusCode,
      (await client.get(URL, { 'x-purpose': 'tab\there' })).statusCode,
      (await client.get(URL, { 'x-purpose': 'x'.repeat(201) })).statusCode,
      (await client.get(URL, { 'x-on-behalf-of': '' })).statusCode,
      (await client.get(URL, { 'x-purpose': '\xff\xfe' })).statusCode,
    ]
    expect(statuses).toEqual([401, 403, 404, 400, 400, 400, 400])
    expect(await rowsOf(HERE)).toHaveLength(before)
  })

  test('must say what for where the service is set so', async () => {
    gives = { touched: ADA, as: 'json' }
    const client = await serviceOn(held.database, { REQUIRE_PURPOSE: 'true' })
    const refused = await client.get(URL)
    expect([refused.statusCode, refused.json().type.split('/').at(-1)]).toEqual([400, 'purpose-required'])
    expect(refused.json().errors[0].pointer).toBe('/headers/x-purpose')
    expect((await client.get(URL, { 'x-purpose': 'Review' })).statusCode).toBe(200)
  })
})

test('50 reads at once over two connections leave 50 rows, each behind the one before', async () => {
  gives = { touched: ADA, as: 'json' }
  const narrow = openDatabase({ url: held.url, connections: 2, loads: 1 })
  try {
    const client = await serviceOn(narrow)
    const before = (await rowsOf(HERE)).length
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.get(URL)))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(50).fill(200))
    const rows = await rowsOf(HERE)
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: before + 50 }, (_, n) => n + 1))
    rows.reduce((previous, row) => {
      expect(row.previous.equals(previous)).toBe(true)
      return row.hash
    }, Buffer.alloc(32))
  } finally {
    await narrow.close()
  }
})

test('nobody changes or takes away a row: neither the service nor the owner of the table', async () => {
  const owner = new pg.Client({ connectionString: held.url })
  await owner.connect()
  const count = Number((await owner.query('select count(*) from care.audit_entry')).rows[0].count)
  const changes = [
    `update care.audit_entry set rows = 0`,
    `delete from care.audit_entry`,
    `truncate care.audit_entry`,
    `update care.audit_head set number = number - 1`,
    `update care.audit_head set hash = '\\x00'`,
    `delete from care.audit_head`,
    `truncate care.audit_head`,
  ]
  for (const change of changes) {
    await expect(owner.query(change), change).rejects.toMatchObject({ code: '23001' })
    await owner.query(`begin; set local role ${SERVICE_ROLE}; set local app.authorities = '${HERE}'`)
    await expect(owner.query(change), change).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:42501|23001)$/),
    })
    await owner.query('rollback')
  }
  expect(Number((await owner.query('select count(*) from care.audit_entry')).rows[0].count)).toBe(count)
  await owner.end()
})

describe('an authority’s trail', () => {
  const TRAIL = `/v1/authorities/${HERE}/audit`
  let client: TestClient
  beforeAll(async () => {
    client = (await serviceOn(held.database)).as('here')
  })

  test('is given newest first, a page at a time, and says how its hashes are made', async () => {
    const all: Record<string, unknown>[] = []
    for (let cursor = ''; ; ) {
      const page = (await client.get(`${TRAIL}?limit=20${cursor}`)).json()
      all.push(...page.data)
      if (page.next === null) break
      cursor = `&cursor=${page.next}`
    }
    const rows = await rowsOf(HERE)
    expect(all.map(({ number }) => number)).toEqual(rows.map(({ number }) => number).reverse())
    const { hash, previous, ...entry } = all[0] as never as {
      hash: string
      previous: string
    }
    const recomputed = hashOf({
      ...(entry as never as Parameters<typeof hashOf>[0]),
      authority: HERE,
      previous: Buffer.from(previous, 'hex'),
    })
    expect(recomputed.toString('hex')).toBe(hash)
  })

  test('is narrowed to a child, a caller, an action and days, and does not name the child', async () => {
    gives = { touched: { rows: 1, children: ['CAT3'] }, as: 'json' }
    await client.as('reader').get(URL)
    await client.as('reader').get(URL)
    const some = await client.get(`${TRAIL}?child=cat3&limit=1&format=csv`)
    expect(some.body + JSON.stringify(some.headers)).not.toMatch(/cat3/i)
    expect(some.body.trim().split('\r\n')).toHaveLength(2)
    const link = /<(.*)>/.exec(String(some.headers.link))![1]!
    expect((await client.get(link)).body.trim().split('\r\n')).toHaveLength(2)
    const count = async (query: string) =>
      (await client.get(`${TRAIL}?limit=1000&${query}`)).json().data.length
    const all = (await rowsOf(HERE)).length
    expect(await count('child=CAT3')).toBe(2)
    expect(await count('child=NOBODY')).toBe(0)
    expect(await count('caller=reader&action=child.read')).toBe(all - 1)
    expect(await count('action=child.write')).toBe(0)
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date())
    expect(await count(`from=${today}&to=${today}`)).toBe(all)
    expect(await count('to=2020-01-01')).toBe(0)
    expect((await client.get(`${TRAIL}?from=2025-02-30`)).statusCode).toBe(400)
    const { next } = (await client.get(`${TRAIL}?child=CAT3&limit=1`)).json()
    expect((await client.get(`${TRAIL}?child=ADA1&limit=1&cursor=${next}`)).statusCode).toBe(400)
  })

  test('is the authority’s own, for admins of it alone', async () => {
    expect((await client.as('there').get(TRAIL)).statusCode).toBe(404)
    expect((await client.as('reader').get(TRAIL)).statusCode).toBe(403)
    const theirs = (await client.as('there').get(TRAIL.replace(HERE, THERE))).json()
    expect(theirs).toEqual({ data: [], next: null, authority: THERE })
    const unseen = await held.database.read([THERE], (transaction) =>
      transaction.query('test.all', 'select from care.audit_entry'),
    )
    expect(unseen).toEqual([])
  })
})

describe('the start fails', () => {
  const starting = (config: object, url = `/v1/authorities/:authority/x`, audit?: AuditTrail) =>
    buildApp({
      config: readConfig({}),
      callers: async () => null,
      ...(audit && { audit }),
      ready: async () => true,
      modules: [
        async (app) => {
          app.get(url, { config, schema: { response: refusals() } }, async () => null)
        },
      ],
      logger: false,
    }).then((app) => app.close())

  test.each([
    [{ scope: 'children:read' }],
    [{ scope: ['observations:read', 'children:read'] }],
    [{ scope: 'returns:write' }],
    [{ scope: 'admin' }, '/v1/authorities/:authority/children/:child/export'],
    [{ scope: 'children:read', audited: 'child.read' }],
  ])('with a route that leaves no row: %j %s', async (config, url?: string) => {
    await expect(starting(config, url)).rejects.toThrow(/audit/)
  })

  test('but not with one that does, nor with one about nothing of a child', async () => {
    const trail = newAuditTrail({ database: held.database, master })
    await starting({ scope: 'children:read', audited: 'child.read' }, undefined, trail)
    await starting({ scope: ['observations:read', 'returns:write'] })
  })
})

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['fe80::1%eth0', 'fe80::/48'],
  ['nowhere', null],
])('%s is in the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
