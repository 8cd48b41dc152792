import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { callerWith } from '../../src/platform/access/caller.ts'
import { buildService } from '../../src/service.ts'
import { clientOf, type TestClient } from '../support/client.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { FILES, textOf } from '../support/reference-app.ts'

const ADMIN = 'the-admin-key-of-the-tests'
const PUBLIC = 'the-key-of-the-public'

let own: TestDatabase
let client: TestClient
let app: Awaited<ReturnType<typeof buildService>>

beforeAll(async () => {
  own = await newDatabase()
  const admin = findAdmin(ADMIN)
  app = await buildService({
    config: readConfig({ ADMIN_API_KEY: ADMIN }),
    database: own.database,
    callers: async (token) =>
      token === PUBLIC ? callerWith('public', ['observations:read:public'], []) : admin(token),
    logger: false,
  })
  client = await clientOf(app, { key: ADMIN })
})
afterAll(async () => {
  await app.close()
  await own.drop()
})

const put = (name: string, query = '') =>
  client.inject({
    method: 'PUT',
    url: `/v1/reference/comparators${query}`,
    headers: { 'content-type': 'text/csv' },
    payload: textOf(`${FILES.published}${name}.csv.gz`),
  })

const asPublic = (url: string) =>
  client.inject({ method: 'GET', url, headers: { authorization: `Bearer ${PUBLIC}` } })

test('before anything is loaded there are no figures, and that is said', async () => {
  expect((await client.get('/v1/comparators')).json()).toEqual({ data: [], next: null, version: null })
  expect((await client.get('/v1/reference/comparators/series')).json()).toEqual({ data: [], next: null })
})

describe('loaded', () => {
  test('a file is answered with every series of it, mapped or not', async () => {
    const dryRun = (await put('la_conviction_health_outcome_cla', '?dryRun=true')).json()
    expect(dryRun).toMatchObject({ result: 'checked' })
    const { result, series } = (await put('la_conviction_health_outcome_cla')).json()
    expect(result).toBe('loaded')
    expect(series).toEqual(dryRun.series)
    expect(series).toHaveLength(36)
    expect(series.filter(({ isMapped }: { isMapped: boolean }) => !isMapped)).toHaveLength(6)
    expect(series).toContainEqual({
      layout: 'explore-education-statistics',
      series: 'children_percent',
      category: {
        characteristic: 'Ages 5 to 16 years with SDQ score',
        breakdown: 'SDQ average score',
      },
      rows: 835,
      isMapped: false,
      figures: [],
      reason: 'it is an average, and no percentage',
      source: {
        title: 'DfE, Children looked after in England including adoptions',
        table: 'la_conviction_health_outcome_cla',
      },
    })
    expect((await put('la_conviction_health_outcome_cla')).json()).toMatchObject({
      result: 'unchanged',
      series,
    })
  })

  test('all that is held is listed', async () => {
    await put('la_cla_swcount')
    await put('la_cla_during_year_new_placements')
    const all = await client.get('/v1/reference/comparators/series')
    const { data } = all.json()
    expect(data.length).toBeGreaterThan(70)
    const mapped = (await client.get('/v1/reference/comparators/series?mapped=true')).json().data
    const not = (await client.get('/v1/reference/comparators/series?mapped=false')).json().data
    expect(mapped.length + not.length).toBe(data.length)
    expect(not.every(({ reason }: { reason: string | null }) => reason !== null)).toBe(true)
    const again = await client.inject({
      method: 'GET',
      url: '/v1/reference/comparators/series',
      headers: { 'if-none-match': String(all.headers.etag) },
    })
    expect(again.statusCode).toBe(304)
  })

  test('only published figures are of a table', async () => {
    const refused = await client.inject({
      method: 'PUT',
      url: '/v1/reference/adjacent?table=la_cla_swcount',
      headers: { 'content-type': 'text/csv' },
      payload: 'authority,adjacent_authority\n',
    })
    expect(refused.statusCode).toBe(400)
    expect(refused.json().errors).toMatchObject([{ pointer: '/query/table' }])
  })
})

describe('read back', () => {
  test('beside their source, for whoever may read public figures', async () => {
    const answer = await asPublic(
      '/v1/comparators?indicator=three-plus-social-workers-pct,dental-check-pct&area=england,382&period=2023-24',
    )
    expect(answer.statusCode).toBe(200)
    const { data, next, version } = answer.json()
    expect(next).toBeNull()
    expect(version).toBe((await client.get('/v1/reference/comparators')).json().version)
    expect(data.map((one: Record<string, unknown>) => [one.indicator, one.area])).toEqual([
      ['three-plus-social-workers-pct', 'E92000001'],
      ['three-plus-social-workers-pct', 'E08000034'],
      ['dental-check-pct', 'E92000001'],
      ['dental-check-pct', 'E08000034'],
    ])
    expect(data[0]).toEqual({
      indicator: 'three-plus-social-workers-pct',
      breakdown: {},
      area: 'E92000001',
      areaLevel: 'national',
      period: '2023-24',
      value: 27,
      status: null,
      numerator: 22140,
      denominator: 83300,
      decimals: 0,
      source: {
        title: 'DfE, Stability measures for children looked after in England',
        table: 'la_cla_swcount',
        layout: 'explore-education-statistics',
      },
    })
  })

  test('in pages that together are the whole', async () => {
    const whole = (await client.get('/v1/comparators?indicator=dental-check-pct')).json().data
    expect(whole.length).toBeGreaterThan(800)
    const paged: unknown[] = []
    let cursor: string | null = null
    do {
      const page: { data: unknown[]; next: string | null } = (
        await client.get(
          `/v1/comparators?indicator=dental-check-pct&limit=300${cursor ? `&cursor=${cursor}` : ''}`,
        )
      ).json()
      paged.push(...page.data)
      cursor = page.next
    } while (cursor)
    expect(paged).toEqual(whole)
    const first = (await client.get('/v1/comparators?indicator=dental-check-pct&limit=300')).json()
    const other = await client.get(`/v1/comparators?indicator=uasc-pct&limit=300&cursor=${first.next}`)
    expect(other.statusCode).toBe(400)
  })

  test('as a table that can be joined to the figures of the authorities', async () => {
    const answer = await client.get(
      '/v1/comparators?indicator=placement-changes&area=E12000003&period=2024-25&breakdown=placement-change-reason&format=csv',
    )
    expect(answer.headers['content-type']).toContain('text/csv')
    const lines = answer.body.trim().split('\r\n')
    expect(lines).toHaveLength(14)
    expect(lines[0]).toContain('time_period,time_identifier,geographic_level,country_code')
    expect(lines[1]).toMatch(
      /^202425,Reporting year,Regional,E92000001,England,E12000003,Yorkshire and the Humber,,,,2024-25,placement-changes,/,
    )
    const page = await client.get('/v1/comparators?indicator=dental-check-pct&format=csv&limit=10')
    expect(page.body.trim().split('\r\n')).toHaveLength(11)
    expect(page.headers.link).toContain('rel="next"')
  })

  test('the same again is not sent again, until something is loaded', async () => {
    const url = '/v1/comparators?indicator=dental-check-pct&area=england'
    const { headers } = await client.get(url)
    const again = () =>
      client.inject({ method: 'GET', url, headers: { 'if-none-match': String(headers.etag) } })
    expect((await again()).statusCode).toBe(304)
    await put('cla_number_and_rate_per_10k_children')
    expect((await again()).statusCode).toBe(200)
  })

  test('what does not exist is named, all of it, with what is near', async () => {
    const answer = await client.get(
      '/v1/comparators?indicator=dental-chek-pct&area=E12000010,Kirkless&period=2024-26&breakdown=reasons',
    )
    expect(answer.statusCode).toBe(404)
    const { errors } = answer.json()
    expect(errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/query/indicator',
      '/query/area',
      '/query/area',
      '/query/period',
      '/query/breakdown',
    ])
    expect(errors[0].didYouMean).toContain('dental-check-pct')
    expect(errors[2].didYouMean).toContain('E08000034')
  })

  test('a parameter that names nothing is refused', async () => {
    const answer = await client.get('/v1/comparators?area=')
    expect(answer.statusCode).toBe(400)
  })
})
