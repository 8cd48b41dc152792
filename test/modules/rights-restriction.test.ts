import { afterAll, beforeAll, expect, test } from 'vitest'
import { eraseExpired } from '../../src/rights/retention.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import {
  AUTHORITY,
  figuresOf,
  OTHER,
  pseudonymOf,
  type RightsApp,
  rightsApp,
  sendReturn,
} from '../support/rights-app.ts'

let service: RightsApp
let before: unknown
beforeAll(async () => {
  service = await rightsApp()
  await sendReturn(service)
  await service.client.inject({
    method: 'POST',
    url: `/v1/authorities/${AUTHORITY}/records/sibling-groups`,
    headers: { 'content-type': 'text/csv' },
    payload:
      'sibl_table_id,sibl_person_id,sibl_group_id,sibl_start_date\nS1,ADA1,FAMILY,2024-07-01\nS2,BEN2,FAMILY,2024-07-01\n',
  })
  before = await figuresOf(service)
}, 60_000)
afterAll(() => service?.close())

const child = `/v1/authorities/${AUTHORITY}/children/ADA1`
const at = `${child}/restriction`
const record = `/v1/authorities/${AUTHORITY}/records/sibling-groups/S1`

const put = (reason: string, headers: Record<string, string> = {}, url = at) =>
  service.client.inject({
    method: 'PUT',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify({ reason }),
  })

let etag: string

test('is set once, changed by who has seen it, and read', async () => {
  expect((await service.client.get(at)).json().type).toContain('unknown-restriction')
  const created = await put('accuracy is contested')
  expect(created.statusCode, created.body).toBe(201)
  expect(created.json()).toMatchObject({
    reason: 'accuracy is contested',
    version: 1,
    restrictedBy: 'admin-key',
  })
  expect((await put('another')).statusCode).toBe(428)
  expect((await put('another', { 'if-match': '"old"' })).statusCode).toBe(412)
  const changed = await put('objection', { 'if-match': String(created.headers.etag) })
  expect(changed.json()).toMatchObject({ reason: 'objection', version: 2 })
  etag = String(changed.headers.etag)
  expect((await service.client.get(at, { 'if-none-match': etag })).statusCode).toBe(304)
  expect((await put('x', {}, at.replace('ADA1', 'NOBODY'))).statusCode).toBe(404)
  expect((await put('x', {}, at.replace(AUTHORITY, OTHER))).statusCode).toBe(404)
  const reader = service.callerWith('observations:read')
  expect((await reader.get(at)).statusCode).toBe(403)
})

test('nothing of the child is given out but for what the law allows', async () => {
  for (const url of [child, record, `${record}/history`, `${child}/export`, `${child}/corrections`]) {
    const refused = await service.client.get(url, { 'x-purpose': 'legal-claims of others' })
    expect(refused.statusCode, url).toBe(403)
    expect(refused.json().type).toContain('child-restricted')
    expect(refused.body).not.toContain('ADA1')
    const allowed = await service.client.get(url, { 'x-purpose': 'Legal-claim: hearing' })
    expect(allowed.statusCode, url).toBe(200)
  }
  const own = { 'x-purpose': 'subject-access' }
  expect((await service.client.get(`${child}/export`, own)).statusCode).toBe(200)
  expect((await service.client.get(child, own)).statusCode).toBe(403)
  expect((await service.client.get(child.replace('ADA1', 'BEN2'))).statusCode).toBe(200)
})

test('lists withhold what they would say of the child, and mark it', async () => {
  const list = record.replace('/S1', '')
  const [ada, ben] = (await service.client.get(list)).json().data
  expect(ada).toMatchObject({ id: 'S1', restricted: true })
  expect(ada).not.toHaveProperty('record')
  expect(ben).toMatchObject({ id: 'S2', record: { sibl_person_id: 'BEN2' } })
  const [open] = (await service.client.get(list, { 'x-purpose': 'consent' })).json().data
  expect(open).toMatchObject({ record: { sibl_person_id: 'ADA1' } })

  const counted = `/v1/authorities/${AUTHORITY}/indicators/cla-count/children?period=2024-25`
  const [row] = (await service.client.get(counted)).json().data
  expect(row).toMatchObject({ child: 'ADA1', day: null, facts: {}, categories: {}, restricted: true })
  const [seen] = (await service.client.get(counted, { 'x-purpose': 'public-interest' })).json().data
  expect(seen).not.toHaveProperty('restricted')
  expect(Object.keys(seen.categories).length).toBeGreaterThan(3)
})

test('figures go on counting the child', async () => {
  expect(await figuresOf(service)).toEqual(before)
})

test('is lifted by an administrator who has seen it', async () => {
  const lift = (headers: Record<string, string>, client = service.client) =>
    client.inject({ method: 'DELETE', url: at, headers })
  expect((await lift({ 'if-match': etag }, service.callerWith('returns:write'))).statusCode).toBe(403)
  expect((await lift({})).statusCode).toBe(428)
  expect((await lift({ 'if-match': etag })).statusCode).toBe(204)
  expect((await lift({ 'if-match': etag })).statusCode).toBe(412)
  expect((await service.client.get(child)).statusCode).toBe(200)
})

test('retention erases whose birthday has passed, from the day itself, and nobody else', async () => {
  const run = (today: string, dryRun = false) =>
    eraseExpired(service.base.database, {
      authorities: [AUTHORITY, OTHER],
      age: 75,
      today: today as Day,
      subjectOf: (authority, id) => pseudonymOf(id, authority),
      dryRun,
      by: 'tests',
    })
  // ADA1 was born on 14 May 2012; BEN2 on 29 February 2016, whose birthday of a common year is 1 March.
  expect(await run('2087-05-13')).toEqual([])
  expect(await run('2087-05-14', true)).toEqual([{ authority: AUTHORITY, children: 1, tombstones: [] }])
  expect((await service.client.get(child)).statusCode).toBe(200)
  const [expired] = await run('2087-05-14')
  expect(expired!.tombstones).toMatchObject([
    { subject: pseudonymOf('ADA1'), reason: 'retention', erasedBy: 'tests' },
  ])
  expect((await service.client.get(child)).statusCode).toBe(410)
  expect(await run('2091-02-28')).toEqual([])
  expect(await run('2091-03-01')).toMatchObject([{ children: 1 }])
})
