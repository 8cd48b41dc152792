import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTargets } from '../../src/targets/target-store.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { AUTHORITY, loadSample, type PublicationsApp, publicationsApp } from '../support/publications-app.ts'
import { SAMPLE } from '../support/sample-return.ts'

const BASE = `/v1/authorities/${AUTHORITY}/targets`
const SHARE = 'three-plus-placements-pct'

let database: TestDatabase
let service: PublicationsApp
beforeAll(async () => {
  database = await newDatabase()
  service = await publicationsApp(database)
})
afterAll(async () => {
  await service?.close()
  await database?.drop()
})

const put = (indicator: string, body: unknown, headers: Record<string, string> = {}, as?: string) =>
  (as ? service.client.as(as) : service.client).inject({
    method: 'PUT',
    url: `${BASE}/${indicator}`,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  })
const get = (indicator: string, period: string, headers: Record<string, string> = {}) =>
  service.client.get(`${BASE}/${indicator}?period=${period}`, headers)
const remove = (indicator: string, period: string, headers: Record<string, string> = {}) =>
  service.client.inject({ method: 'DELETE', url: `${BASE}/${indicator}?period=${period}`, headers })
const list = async (query = '') => (await service.client.get(`${BASE}${query}`)).json()

describe('a target', () => {
  test('is created, read, set anew and taken away; what it was is kept', async () => {
    const created = await put(SHARE, {
      period: '2024-25',
      value: 10,
      amber: 12.5,
      commentary: ' Two new homes. ',
    })
    expect(created.statusCode).toBe(201)
    expect(created.headers.location).toBe(`${BASE}/${SHARE}?period=2024-25`)
    expect(created.json()).toEqual({
      authority: AUTHORITY,
      indicator: SHARE,
      period: '2024-25',
      unit: 'percentage',
      value: 10,
      amber: 12.5,
      commentary: 'Two new homes.',
      setBy: 'admin-key',
      setAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      version: 1,
    })
    const again = await put(SHARE, {
      period: '2024-25',
      value: 10,
      amber: 12.5,
      commentary: 'Two new homes.',
    })
    expect([again.statusCode, again.json().version]).toEqual([200, 1])
    expect(again.headers.etag).toBe(created.headers.etag)

    const unseen = await put(SHARE, { period: '2024-25', value: 9 })
    expect([unseen.statusCode, unseen.headers.etag]).toEqual([428, created.headers.etag])
    const changed = await put(
      SHARE,
      { period: '2024-25', value: 9 },
      { 'if-match': String(unseen.headers.etag) },
    )
    expect([changed.statusCode, changed.json()]).toEqual([
      200,
      expect.objectContaining({ value: 9, amber: null, commentary: null, version: 2 }),
    ])
    const read = await get(SHARE, '2024-25')
    expect(read.json()).toMatchObject({ value: 9, history: [{ version: 1, value: 10, removed: false }] })
    expect(read.headers.etag).toBe(changed.headers.etag)
    expect((await get(SHARE, '2024-25', { 'if-none-match': String(read.headers.etag) })).statusCode).toBe(304)

    expect((await remove(SHARE, '2024-25')).statusCode).toBe(204)
    expect((await get(SHARE, '2024-25')).statusCode).toBe(404)
    expect((await remove(SHARE, '2024-25')).json().type).toContain('unknown-target')
    const back = await put(SHARE, { period: '2024-25', value: 8 })
    expect([back.statusCode, back.json().version]).toEqual([201, 4])
    expect(
      (await get(SHARE, '2024-25')).json().history.map((one: { removed: boolean }) => one.removed),
    ).toEqual([true, false, false])
  })

  test('may be a commentary alone, or a number that neither way is good of', async () => {
    expect(
      (await put('cla-count', { period: '2023-24', commentary: 'Fewer came.', value: null })).statusCode,
    ).toBe(201)
    expect((await put('cla-count', { period: '2024-25', value: 0 })).json()).toMatchObject({
      value: 0,
      amber: null,
    })
  })

  test('of a score may be below zero', async () => {
    const answer = await put('ks4-progress-8', { period: '2016-17', value: -0.75, amber: -1 })
    expect([answer.statusCode, answer.json().value]).toEqual([201, -0.75])
  })

  test('is changed only in the state that If-Match names', async () => {
    const first = await put(SHARE, { period: '2022-23', value: 10 }, { 'if-none-match': '*' })
    expect(first.statusCode).toBe(201)
    expect((await put(SHARE, { period: '2022-23', value: 11 }, { 'if-none-match': '*' })).statusCode).toBe(
      412,
    )
    const etag = String(first.headers.etag)
    expect((await put(SHARE, { period: '2022-23', value: 11 }, { 'if-match': etag })).statusCode).toBe(200)
    const late = await put(SHARE, { period: '2022-23', value: 12 }, { 'if-match': etag })
    expect([late.statusCode, late.json().errors[0].pointer]).toEqual([412, '/headers/if-match'])
    expect((await remove(SHARE, '2022-23', { 'if-match': etag })).statusCode).toBe(412)
    expect((await get(SHARE, '2022-23')).json().value).toBe(11)
    expect((await put(SHARE, { period: '2021-22', value: 1 }, { 'if-match': '*' })).statusCode).toBe(412)
  })

  test('set at once by two who saw the same is set by one', async () => {
    const first = await put(SHARE, { period: '2019-20', value: 1 })
    const headers = { 'if-match': String(first.headers.etag) }
    const both = await Promise.all(
      [2, 3, 4].map((value) => put(SHARE, { period: '2019-20', value }, headers)),
    )
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412, 412])
    const all = await Promise.all(
      [5, 6, 7].map((value) => put(SHARE, { period: '2019-20', value }, { 'if-match': '*' })),
    )
    expect(all.map((answer) => answer.json().version).sort()).toEqual([3, 4, 5])
  })

  test('moves no figure: the version of the records stays', async () => {
    await loadSample(service, SAMPLE, '2024-25')
    const version = async () =>
      (await service.client.get(`/v1/authorities/${AUTHORITY}/observations?indicator=cla-count`)).json()
        .dataVersion
    const before = await version()
    await put('cla-count', { period: '2025-26', value: 7 })
    expect(await version()).toBe(before)
  })
})

describe('what can not be set', () => {
  test.each([
    ['a share of more than all', SHARE, { value: 101 }, '/body/value', 'out-of-range'],
    ['less than nothing', 'cla-count', { value: -1 }, '/body/value', 'out-of-range'],
    ['half a child', 'cla-count', { value: 1.5 }, '/body/value', 'not-whole'],
    ['a number as a text', SHARE, { value: '10' }, '/body/value', 'wrong-type'],
    ['amber better than the target', SHARE, { value: 10, amber: 9 }, '/body/amber', 'wrong-side'],
    ['amber at the target', SHARE, { value: 10, amber: 10 }, '/body/amber', 'wrong-side'],
    ['amber without a target', SHARE, { amber: 10, commentary: 'So.' }, '/body/amber', 'not-allowed'],
    ['amber where neither way is worse', 'cla-count', { value: 1, amber: 2 }, '/body/amber', 'not-allowed'],
    ['nothing at all', SHARE, {}, '/body', 'missing'],
    ['a blank commentary', SHARE, { commentary: '  ' }, '/body/commentary', 'too-short'],
    ['a long commentary', SHARE, { commentary: 'ä'.repeat(2001) }, '/body/commentary', 'too-long'],
    ['a commentary of two lines', SHARE, { commentary: 'a\nb' }, '/body/commentary', 'wrong-form'],
    ['a NUL', SHARE, { commentary: 'a\u0000b' }, '/body/commentary', 'nul-character'],
    ['a text read backwards', SHARE, { commentary: 'a\u202eb' }, '/body/commentary', 'wrong-form'],
    ['half of a character', SHARE, { commentary: 'a\ud83d' }, '/body/commentary', 'broken-text'],
    ['a commentary that is none', SHARE, { commentary: 3 }, '/body/commentary', 'wrong-type'],
    ['an unknown member', SHARE, { value: 1, valeu: 2 }, '/body/valeu', 'unknown'],
  ])('%s', async (_what, indicator, body, pointer, code) => {
    const answer = await put(indicator, { period: '2018-19', ...body })
    expect(answer.statusCode).toBe(400)
    expect(answer.json().errors).toEqual([expect.objectContaining({ pointer, code })])
    expect((await get(indicator, '2018-19')).statusCode).toBe(404)
  })

  test('one problem names every fault', async () => {
    const answer = await put(SHARE, { period: '2024/25', value: 200, amber: 'x', commentary: '', other: 1 })
    expect(answer.json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/body/period',
      '/body/other',
      '/body/value',
      '/body/amber',
      '/body/commentary',
    ])
    expect(answer.json().errors[0].didYouMean).toContain('2024-25')
  })

  test('an amber on the worse side where higher is better', async () => {
    const higher = 'care-leavers-eet-19-21-pct'
    expect((await put(higher, { period: '2018-19', value: 60, amber: 61 })).statusCode).toBe(400)
    expect((await put(higher, { period: '2018-19', value: 60, amber: 55 })).statusCode).toBe(201)
  })

  test('for no indicator, no period, no object, or by whom it is not for', async () => {
    expect((await put('no-such-figure', { period: '2024-25', value: 1 })).json().type).toContain(
      'unknown-indicator',
    )
    expect((await put(SHARE, { value: 1 })).json().errors[0]).toMatchObject({
      pointer: '/body/period',
      code: 'missing',
    })
    expect((await put(SHARE, [1])).statusCode).toBe(400)
    expect((await get(SHARE, 'never')).json().type).toContain('unknown-period')
    expect((await put(SHARE, { period: '2024-25', value: 1 }, {}, 'key-of-an-analyst')).statusCode).toBe(403)
    expect((await put(SHARE, { period: '2017-18', value: 1 }, {}, 'key-of-a-publisher')).statusCode).toBe(201)
  })
})

describe('a list of targets', () => {
  test('is in the order of indicators and periods, by page, filtered, without what was taken away', async () => {
    const all = (await list()).data as { indicator: string; period: string }[]
    expect(all.length).toBeGreaterThan(5)
    const keys = all.map(({ indicator, period }) => `${indicator} ${period}`)
    expect(keys).toEqual([...keys].sort())
    const paged: string[] = []
    let next: string | null = null
    do {
      const page: { data: typeof all; next: string | null } = await list(
        `?limit=2${next === null ? '' : `&cursor=${encodeURIComponent(next)}`}`,
      )
      paged.push(...page.data.map(({ indicator, period }) => `${indicator} ${period}`))
      next = page.next
    } while (next !== null)
    expect(paged).toEqual(keys)

    expect((await list('?indicator=cla-count&period=2023-24,2024-25')).data).toHaveLength(2)
    await remove('cla-count', '2023-24')
    expect((await list('?indicator=cla-count&period=2023-24,2024-25')).data).toHaveLength(1)
    expect((await service.client.get(`${BASE}?period=2023&indicator=cla`)).json().errors).toHaveLength(2)
    const first = (await list('?limit=1')).next
    expect((await service.client.get(`${BASE}?indicator=cla-count&cursor=${first}`)).json().type).toContain(
      'invalid-cursor',
    )
  })

  test('is of one authority', async () => {
    const other = service.client.as('key-of-another-council')
    expect((await other.get(BASE)).statusCode).toBe(404)
    expect((await other.get('/v1/authorities/E08000035/targets')).json().data).toEqual([])
  })

  test('is read within a transaction for the scorecard', async () => {
    const targets = await database.database.read([AUTHORITY], (transaction) =>
      readTargets(transaction, AUTHORITY, ['2024-25', '2022-23']),
    )
    expect(targets.map(({ indicator, period, value }) => [indicator, period, value])).toEqual([
      ['cla-count', '2024-25', 0],
      [SHARE, '2022-23', 11],
      [SHARE, '2024-25', 8],
    ])
    expect(Object.keys(targets[0]!).sort()).toEqual([
      'amber',
      'commentary',
      'indicator',
      'period',
      'setAt',
      'setBy',
      'value',
    ])
  })
})

test('what a target was can not be rewritten, whoever asks the database', async () => {
  for (const statement of ['update care.target set value = 1', 'delete from care.target'])
    await expect(
      database.database.write([AUTHORITY], (transaction) => transaction.query('test.rewrite', statement)),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^(?:23001|42501)$/) })
})
