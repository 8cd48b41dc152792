import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { findAdmin } from '../../../src/platform/access/admin-key.ts'
import { newMasterKey, subjectOf } from '../../../src/platform/access/master-key.ts'
import { documentOf } from '../../../src/platform/http/openapi.ts'
import { buildService } from '../../../src/service.ts'
import { RECORD_KINDS } from '../../../src/vocabulary/record-kinds.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'
import { formOf } from '../../support/returns-app.ts'
import { goodRecord, recordsCsv } from '../../support/sample-records.ts'
import { filesOf, SAMPLE } from '../../support/sample-return.ts'

/**
 * Every operation of the service, from the document that the router makes: the audited ones leave exactly one row for a
 * call that is answered and none for one that is refused, the others none.
 */
const KEY = 'the-admin-key-of-the-tests'
const AUTHORITY = 'E08000034'
const BASE = `/v1/authorities/${AUTHORITY}`
const ADA = `${BASE}/children/ADA1`
/** Opens also what is restricted. */
const LEGAL = { 'x-purpose': 'legal-claim' }

let held: TestDatabase
let app: FastifyInstance
let returnId: string
/** Of the correction that the calls make. */
let correctionId = ''

interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly url: string
  readonly headers?: Record<string, string>
  readonly payload?: Buffer | string
}

const call = ({ headers, ...rest }: Call) =>
  app.inject({ ...rest, headers: { authorization: `Bearer ${KEY}`, ...headers } })

/** Rows of the trail that came behind so many. */
const entries = (after = 0) =>
  held.database.read([AUTHORITY], (transaction) =>
    transaction.query<Record<string, unknown>>(
      'test.entries',
      'select * from care.audit_entry e where e.number > $1 order by e.number',
      [after],
    ),
  )

const form = formOf(filesOf(SAMPLE))
const load: Call = { method: 'POST', url: `${BASE}/returns?year=2024-25`, ...form }
const json = { 'content-type': 'application/json' }

beforeAll(async () => {
  held = await newDatabase()
  app = await buildService({
    config: readConfig({ ADMIN_API_KEY: KEY }),
    database: held.database,
    callers: findAdmin(KEY),
    now: () => new Date('2025-11-22T12:00:00Z'),
    logger: false,
  })
  const loaded = await call(load)
  expect(loaded.statusCode, loaded.body).toBe(201)
  returnId = loaded.json().return.id
})
afterAll(async () => {
  await app?.close()
  await held?.drop()
})

interface Audited extends Call {
  readonly action: string
  readonly status: number
}

/** Calls that are answered, by operation: every audited operation must have some. */
function callsOn(operation: string): readonly Audited[] {
  const [, method = '', rest = ''] = /^(\w+) (.*)$/.exec(operation) ?? []
  const name = /\/records\/([a-z0-9-]+)/.exec(rest)?.[1] ?? ''
  const kind = RECORD_KINDS.find((one) => one.name === name)
  if (kind !== undefined) {
    const url = `${BASE}/records/${kind.name}`
    const one = `${url}/R1`
    const csv = recordsCsv(kind, [goodRecord(kind, 1), goodRecord(kind, 2)])
    const put: Call = { method: 'PUT', url: one, headers: json, payload: JSON.stringify(goodRecord(kind, 1)) }
    const csvType = { 'content-type': 'text/csv' }
    const post = (query = ''): Call => ({ method: 'POST', url: url + query, headers: csvType, payload: csv })
    if (method === 'POST')
      return [
        { ...post('?dryRun=true'), action: 'record.check', status: 200 },
        { ...post(), action: 'record.load', status: 201 },
        { ...post(), action: 'record.load', status: 200 },
      ]
    if (method === 'PUT')
      return [
        { ...put, action: 'record.write', status: 200 },
        {
          ...put,
          url: `${url}/R9`,
          payload: JSON.stringify({ ...goodRecord(kind, 9) }),
          action: 'record.write',
          status: 201,
        },
      ]
    if (method === 'DELETE') return [{ method, url: one, action: 'record.delete', status: 204 }]
    return rest.endsWith('{id}')
      ? [{ method: 'GET', url: one, action: 'record.read', status: 200 }]
      : [{ method: 'GET', url, action: 'record.read', status: 200 }]
  }
  switch (operation) {
    case 'POST /v1/authorities/{authority}/returns': {
      const keyed = { ...load, headers: { ...load.headers!, 'idempotency-key': 'one' } }
      return [
        { ...load, url: `${load.url}&dryRun=true`, action: 'return.check', status: 200 },
        { ...keyed, action: 'return.load', status: 200 },
        { ...keyed, action: 'return.replay', status: 200 },
      ]
    }
    case 'GET /v1/authorities/{authority}/returns/{id}/findings': {
      const url = `${BASE}/returns/${returnId}/findings`
      return [
        { method: 'GET', url, action: 'finding.read', status: 200 },
        { method: 'GET', url: `${url}?format=csv`, action: 'finding.read', status: 200 },
      ]
    }
    case 'DELETE /v1/authorities/{authority}/returns/{id}':
      return [
        { method: 'DELETE', url: `${BASE}/returns/${returnId}`, action: 'return.withdraw', status: 204 },
      ]
    case 'GET /v1/authorities/{authority}/children/{child}':
      return [{ method: 'GET', url: ADA, headers: LEGAL, action: 'child.read', status: 200 }]
    case 'DELETE /v1/authorities/{authority}/children/{child}':
      return [{ method: 'DELETE', url: ADA, headers: LEGAL, action: 'child.erase', status: 200 }]
    case 'GET /v1/authorities/{authority}/children/{child}/export':
      return [{ method: 'GET', url: `${ADA}/export`, headers: LEGAL, action: 'child.export', status: 200 }]
    case 'POST /v1/authorities/{authority}/children/{child}/corrections': {
      const correction = {
        year: '2024-25',
        table: 'Header',
        row: {},
        column: 'ETHNIC',
        value: 'WIRI',
        reason: 'Asked.',
      }
      const keyed: Call = {
        method: 'POST',
        url: `${ADA}/corrections`,
        headers: { ...json, 'idempotency-key': 'two' },
        payload: JSON.stringify(correction),
      }
      return [
        { ...keyed, action: 'correction.write', status: 201 },
        { ...keyed, action: 'correction.replay', status: 201 },
      ]
    }
    case 'GET /v1/authorities/{authority}/children/{child}/corrections':
      return [
        { method: 'GET', url: `${ADA}/corrections`, headers: LEGAL, action: 'correction.read', status: 200 },
      ]
    case 'DELETE /v1/authorities/{authority}/children/{child}/corrections/{id}':
      return [
        {
          method: 'DELETE',
          url: `${ADA}/corrections/${correctionId}`,
          action: 'correction.withdraw',
          status: 204,
        },
      ]
    case 'PUT /v1/authorities/{authority}/children/{child}/restriction': {
      const keyed: Call = {
        method: 'PUT',
        url: `${ADA}/restriction`,
        headers: { ...json, 'idempotency-key': 'three' },
        payload: JSON.stringify({ reason: 'Accuracy contested.' }),
      }
      return [
        { ...keyed, action: 'restriction.write', status: 201 },
        { ...keyed, action: 'restriction.replay', status: 201 },
        {
          ...keyed,
          headers: { ...json, 'if-match': '*' },
          payload: JSON.stringify({ reason: 'Unlawful use.' }),
          action: 'restriction.write',
          status: 200,
        },
      ]
    }
    case 'GET /v1/authorities/{authority}/children/{child}/restriction':
      return [{ method: 'GET', url: `${ADA}/restriction`, action: 'restriction.read', status: 200 }]
    case 'DELETE /v1/authorities/{authority}/children/{child}/restriction':
      return [
        {
          method: 'DELETE',
          url: `${ADA}/restriction`,
          headers: { 'if-match': '*' },
          action: 'restriction.lift',
          status: 204,
        },
      ]
    case 'GET /v1/authorities/{authority}/erasures':
      return [{ method: 'GET', url: `${BASE}/erasures`, action: 'erasure.list', status: 200 }]
    case 'DELETE /v1/authorities/{authority}/erasures/{subject}': {
      const subject = subjectOf(newMasterKey(KEY), AUTHORITY, 'ADA1')
      return [{ method: 'DELETE', url: `${BASE}/erasures/${subject}`, action: 'erasure.lift', status: 204 }]
    }
    case 'GET /v1/authorities/{authority}/records/{kind}/{id}/history':
      return [
        {
          method: 'GET',
          url: `${BASE}/records/${RECORD_KINDS[0]!.name}/R1/history`,
          action: 'record.read',
          status: 200,
        },
      ]
    case 'GET /v1/authorities/{authority}/indicators/{id}/children':
      return [
        {
          method: 'GET',
          url: `${BASE}/indicators/cla-count/children?period=2024-25`,
          action: 'counted-children.read',
          status: 200,
        },
      ]
    default:
      throw new Error(`${operation} is audited: give this test a call of it that is answered`)
  }
}

/** Writes of records before reads of them, and what takes away last. */
const ORDER = ['POST', 'PUT', 'GET', 'DELETE']
/** A child goes with what is said of it, and before its tombstone. */
const LAST = [
  'DELETE /v1/authorities/{authority}/children/{child}',
  'DELETE /v1/authorities/{authority}/erasures/{subject}',
  'DELETE /v1/authorities/{authority}/returns/{id}',
]
const place = (operation: string): number =>
  LAST.includes(operation) ? ORDER.length + LAST.indexOf(operation) : ORDER.indexOf(operation.split(' ')[0]!)

interface Operation {
  readonly 'x-audit-action'?: string
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
}

async function operations(): Promise<[string, Operation][]> {
  const { paths } = (await documentOf(app)) as unknown as {
    paths: Record<string, Record<string, Operation>>
  }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      one,
    ]),
  )
}

test('an audited call that is answered leaves one row, one that is refused leaves none', async () => {
  const audited = (await operations())
    .filter(([, { 'x-audit-action': action }]) => action !== undefined)
    .sort(([a], [b]) => place(a) - place(b))
  expect(audited).toHaveLength(16 + 5 * RECORD_KINDS.length)
  let rows = (await entries()).length
  const faults: string[] = []
  for (const [operation, { parameters = [] }] of audited) {
    const headers = parameters.filter((one) => one.in === 'header').map(({ name }) => name)
    expect(headers, operation).toEqual(expect.arrayContaining(['x-purpose', 'x-on-behalf-of']))
    for (const { action, status, ...asked } of callsOn(operation)) {
      const answer = await call(asked)
      const added = await entries(rows)
      rows += added.length
      const [row] = added
      if (action === 'correction.write') correctionId = answer.json().id
      const fits =
        answer.statusCode === status &&
        added.length === 1 &&
        row?.action === action &&
        row.status === status &&
        row.method === asked.method &&
        row.route === operation.split(' ')[1]!.replaceAll(/\{(\w+)\}/g, ':$1')
      if (!fits)
        faults.push(
          `${asked.method} ${asked.url}: ${answer.statusCode} (${status}), rows ${JSON.stringify(added)}`,
        )
    }
    // Refused alike for every kind of record: one of them will do.
    if (operation.includes('/records/') && !operation.includes(`/records/${RECORD_KINDS[0]!.name}`)) continue
    const [{ action: _, status: __, ...refused }] = callsOn(operation) as [Audited]
    const elsewhere = await call({ ...refused, url: refused.url.replace(AUTHORITY, 'E99999999') })
    if (elsewhere.statusCode !== 404) faults.push(`${refused.url} of nobody: ${elsewhere.statusCode}`)
  }
  expect(faults).toEqual([])
  expect(await entries(rows)).toEqual([])
}, 180_000)

test('no child’s id is in the trail', async () => {
  const text = JSON.stringify(await entries())
  expect(text).not.toMatch(/ADA1|BEN2/)
  const [first] = await entries()
  expect(first).toMatchObject({ action: 'return.load', rows: 5 })
  expect(first!.subjects).toHaveLength(2)
})

test('calls about nothing of a child leave no row', async () => {
  await call(load)
  const before = (await entries()).length
  let answered = 0
  for (const [operation, { 'x-audit-action': action }] of await operations()) {
    if (action !== undefined) continue
    const [method = '', path = ''] = operation.split(' ')
    const url = path.replaceAll('{authority}', AUTHORITY).replaceAll(/\{\w+\}/g, 'x')
    const answer = await call({
      method: method as 'GET',
      url,
      ...(method !== 'GET' && method !== 'DELETE' && { headers: json, payload: '{}' }),
    })
    if (answer.statusCode < 300) answered++
    expect(answer.statusCode, operation).toBeLessThan(500)
  }
  expect(answered).toBeGreaterThan(20)
  expect(await entries(before)).toEqual([])
}, 180_000)
