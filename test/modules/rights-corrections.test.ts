import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TableName } from '../../src/vocabulary/ssda903.ts'
import {
  AUTHORITY,
  dataVersionOf,
  figuresOf,
  OTHER,
  type RightsApp,
  rightsApp,
  sendReturn,
  WHOLE,
} from '../support/rights-app.ts'
import type { SampleReturn } from '../support/sample-return.ts'

let service: RightsApp
beforeAll(async () => {
  service = await rightsApp()
  await sendReturn(service)
}, 60_000)
afterAll(() => service?.close())

const base = `/v1/authorities/${AUTHORITY}/children/ADA1/corrections`

const post = (body: object, headers: Record<string, string> = {}, url = base) =>
  service.client.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify({ year: '2024-25', row: {}, reason: 'the file of the court', ...body }),
  })
const list = async () => (await service.client.get(base)).json().data
const withdraw = async (id: string) =>
  (await service.client.inject({ method: 'DELETE', url: `${base}/${id}` })).statusCode

/** The sample with a text in one table's rows replaced. */
const saying = (
  table: TableName,
  said: string,
  instead: string,
  sample: SampleReturn = WHOLE,
): SampleReturn => ({
  ...sample,
  [table]: sample[table]!.map((row) => row.replace(said, instead)),
})

/** The figures of a return that says so itself, of an authority that has no other. */
let spare = 40
async function figuresWhere(sample: SampleReturn) {
  const authority = `E080000${spare === 40 ? 16 : spare}`
  spare = spare === 40 ? 17 : spare + 1
  await sendReturn(service, sample, { authority })
  return figuresOf(service, authority)
}

const PLACE = { table: 'Episodes', row: { DECOM: '10/06/2024' }, column: 'PLACE', value: 'K2' }
const SECOND_EPISODE = '10/06/2024,P,C2,N1,U4'
const CORRECTED = saying('Episodes', SECOND_EPISODE, '10/06/2024,P,C2,N1,K2')

describe('a correction', () => {
  let plain: unknown
  let id: string

  test('moves the figures as if the return had said so, and the data version', async () => {
    plain = await figuresOf(service)
    const version = await dataVersionOf(service)
    const answer = await post(PLACE)
    expect(answer.statusCode, answer.body).toBe(201)
    expect(answer.json()).toMatchObject({
      table: 'Episodes',
      row: { DECOM: '2024-06-10' },
      before: 'U4',
      after: 'K2',
      standing: 'holds',
      correctedBy: 'admin-key',
    })
    id = answer.json().id
    const figures = await figuresOf(service)
    expect(figures).not.toEqual(plain)
    expect(figures).toEqual(await figuresWhere(CORRECTED))
    expect(await dataVersionOf(service)).not.toBe(version)
  }, 60_000)

  test('holds in a later return of the year that says otherwise, with a warning', async () => {
    const figures = await figuresOf(service)
    // Another review, so that it is another return.
    const again = { ...WHOLE, Reviews: WHOLE.Reviews!.map((row) => row.replace('PN1', 'PN2')) }
    const answer = await sendReturn(service, again)
    expect(answer.body).toContain('"corrected"')
    expect((await list())[0].standing).toBe('holds')
    const contradicted = await sendReturn(
      service,
      saying('Episodes', SECOND_EPISODE, '10/06/2024,P,C2,N1,U6', again),
    )
    expect(contradicted.body).toContain('"correction-contradicted"')
    const episodes = (await service.client.get(`/v1/authorities/${AUTHORITY}/children/ADA1`)).json().episodes
    expect(episodes[1].placement.code).toBe('K2')
    expect(figures).toBeDefined()
  })

  test('is agreed once the source says the same, and withdrawn then changes nothing', async () => {
    const answer = await sendReturn(service, CORRECTED)
    expect(answer.body).not.toContain('correct')
    expect((await list())[0].standing).toBe('agreed')
    const figures = await figuresOf(service)
    expect(await withdraw(id)).toBe(204)
    expect(await figuresOf(service)).toEqual(figures)
    expect(await withdraw(id)).toBe(404)
    expect((await list())[0]).toMatchObject({ standing: 'withdrawn', withdrawnBy: 'admin-key' })
  })

  test('withdrawn while the source says otherwise: the source counts again', async () => {
    await sendReturn(service)
    const first = (await post(PLACE)).json()
    const second = (await post({ ...PLACE, column: 'LS', value: 'C1' })).json()
    // The second row is found by what the first correction made of it, and both by what the third makes of them.
    const third = (await post({ ...PLACE, row: { PLACE: 'K2' }, column: 'URN', value: 'SC999999' })).json()
    expect([first, second, third].map(({ standing }) => standing)).toEqual(['holds', 'holds', 'holds'])
    expect(await withdraw(first.id)).toBe(204)
    const standings = Object.fromEntries(
      (await list()).map((one: { id: string; standing: string }) => [one.id, one.standing]),
    )
    expect(standings).toMatchObject({ [second.id]: 'holds', [third.id]: 'without-row' })
    expect(await withdraw(second.id)).toBe(204)
    expect(await withdraw(third.id)).toBe(204)
    expect(await figuresOf(service)).toEqual(plain)
  }, 60_000)

  test('is in the return that comes back into force when a later one is withdrawn', async () => {
    const later = (await sendReturn(service, { ...WHOLE, Missing: [] })).json()
    const { id: correction } = (await post(PLACE)).json()
    const at = `/v1/authorities/${AUTHORITY}/returns/${later.return?.id ?? later.id}`
    expect((await service.client.inject({ method: 'DELETE', url: at })).statusCode).toBe(204)
    expect((await list()).at(-1).standing).toBe('holds')
    expect(await withdraw(correction)).toBe(204)
    expect(await figuresOf(service)).toEqual(plain)
  })

  test('of a day of birth is in every table that repeats it', async () => {
    const answer = await post({ table: 'Header', column: 'DOB', value: '15/05/2012' })
    expect(answer.statusCode, answer.body).toBe(201)
    const sample = Object.fromEntries(
      Object.entries(WHOLE).map(([table, rows]) => [
        table,
        rows!.map((row) => (row.startsWith('ADA1,') ? row.replace('14/05/2012', '15/05/2012') : row)),
      ]),
    )
    expect(await figuresOf(service)).toEqual(await figuresWhere(sample))
    expect(await withdraw(answer.json().id)).toBe(204)
    expect(await figuresOf(service)).toEqual(plain)
  }, 60_000)
})

describe('a correction that can’t be made', () => {
  const codesOf = (answer: { json(): { errors: { code: string; pointer: string }[] } }) =>
    answer.json().errors.map(({ code }) => code)

  test.each([
    ['a value the column does not take', { ...PLACE, value: 'ZZZ' }, '146'],
    ['a column there is not', { ...PLACE, column: 'NONE' }, 'unknown-column'],
    ['the child itself', { ...PLACE, column: 'CHILD', value: 'BEN2' }, 'unknown-column'],
    ['no such row', { ...PLACE, row: { DECOM: '2001-01-01' } }, 'no-row'],
    ['more than one row', { ...PLACE, row: { CIN: 'N1' } }, 'several-rows'],
    ['the value that is there', { ...PLACE, value: 'U4' }, 'nothing-to-correct'],
    [
      'an end before the start',
      { ...PLACE, row: { DECOM: '2023-02-03' }, column: 'DEC', value: '2022-01-01' },
      '356',
    ],
    [
      'an end after the next episode',
      { ...PLACE, row: { DECOM: '2023-02-03' }, column: 'DEC', value: '2024-08-01' },
      '501',
    ],
    [
      'a date of birth in one table only',
      { table: 'Reviews', column: 'DOB', value: '2012-05-15' },
      'said-in-header',
    ],
    ['a year without a return', { ...PLACE, year: '2023-24' }, 'no-return'],
  ])('%s', async (_what, body, code) => {
    const version = await dataVersionOf(service)
    const answer = await post(body)
    expect(answer.statusCode, answer.body).toBe(422)
    expect(codesOf(answer)).toContain(code)
    expect(answer.body).not.toContain('ADA1')
    expect(await dataVersionOf(service)).toBe(version)
  })

  test('names every fault at once', async () => {
    const answer = await post({
      table: 'Episodes',
      row: { DECOM: 'no day', NONE: 'x' },
      column: 'LS',
      value: 'ZZ',
    })
    expect(answer.json().errors).toHaveLength(3)
  })

  test('of a child of another authority, or none', async () => {
    const elsewhere = `/v1/authorities/${OTHER}/children/ADA1/corrections`
    const writer = service.callerWith('returns:write')
    const payload = JSON.stringify({ year: '2024-25', ...PLACE, reason: 'x' })
    const headers = { 'content-type': 'application/json' }
    expect((await writer.inject({ method: 'POST', url: elsewhere, headers, payload })).statusCode).toBe(404)
    expect((await post(PLACE, {}, elsewhere)).statusCode).toBe(404)
  })
})

test('the same Idempotency-Key corrects once', async () => {
  const headers = { 'idempotency-key': 'once' }
  const first = await post(PLACE, headers)
  const again = await post(PLACE, headers)
  expect(again.headers['idempotency-replayed']).toBe('true')
  expect(again.json()).toEqual(first.json())
  expect((await post({ ...PLACE, value: 'U6' }, headers)).json().errors[0].code).toBe(
    'idempotency-key-reused',
  )
  expect(await withdraw(first.json().id)).toBe(204)
})

test('what a record was before it was changed or deleted stays readable', async () => {
  const at = `/v1/authorities/${AUTHORITY}/records/sibling-groups/S1`
  const put = (group: string, headers: Readonly<Record<string, string>> = {}) =>
    service.client.inject({
      method: 'PUT',
      url: at,
      headers: { 'content-type': 'application/json', ...headers },
      payload: JSON.stringify({
        sibl_person_id: 'ADA1',
        sibl_group_id: group,
        sibl_start_date: '2024-07-01',
      }),
    })
  await put('ONE')
  await put('ONE')
  await put('TWO', { 'if-match': '*' })
  await service.client.inject({ method: 'DELETE', url: at })
  const csv = 'sibl_table_id,sibl_person_id,sibl_group_id,sibl_start_date\nS1,ADA1,THREE,2024-07-01\n'
  for (const payload of [csv, csv, csv.replace('THREE', 'FOUR')])
    await service.client.inject({
      method: 'POST',
      url: `/v1/authorities/${AUTHORITY}/records/sibling-groups`,
      headers: { 'content-type': 'text/csv' },
      payload,
    })
  const { data } = (await service.client.get(`${at}/history`)).json()
  expect(
    data.map((one: { record: Record<string, string>; change: string }) => [
      one.record.sibl_group_id,
      one.change,
    ]),
  ).toEqual([
    ['THREE', 'changed'],
    ['TWO', 'deleted'],
    ['ONE', 'changed'],
  ])
  expect((await service.client.get(`${at.replace('S1', 'S2')}/history`)).statusCode).toBe(404)
  expect((await service.client.get(`${at.replace('sibling-groups', 'sibling')}/history`)).statusCode).toBe(
    404,
  )
})
