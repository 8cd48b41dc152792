import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DIMENSIONS } from '../../src/vocabulary/dimension.ts'
import { catalogue, type FiguresApp, figuresApp } from '../support/figures-app.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
let figures: FiguresApp

beforeAll(async () => {
  database = await newDatabase()
  figures = await figuresApp(database.database)
})
afterAll(async () => {
  await figures?.app.close()
  await database?.drop()
})

interface Described {
  readonly id: string
  readonly subject: string
  readonly denominator: string | null
  readonly breakdowns: readonly { dimension: string; categories: readonly unknown[] }[]
}

describe('the catalogue', () => {
  test('has every indicator, each as its own address gives it', async () => {
    const list = (await figures.client.get('/v1/indicators')).json<{ data: Described[]; next: null }>()
    expect(list.next).toBeNull()
    expect(list.data.map(({ id }) => id)).toEqual(catalogue.indicators.map(({ id }) => id))
    for (const one of list.data)
      expect((await figures.client.get(`/v1/indicators/${one.id}`)).json()).toEqual(one)
  })

  test('gives the indicators of one subject', async () => {
    const { data } = (await figures.client.get('/v1/indicators?subject=stability')).json<{
      data: Described[]
    }>()
    expect(data.length).toBeGreaterThan(5)
    expect(new Set(data.map(({ subject }) => subject))).toEqual(new Set(['stability']))
  })

  test('says of each dimension what its categories are', async () => {
    const { breakdowns, denominator } = (
      await figures.client.get('/v1/indicators/cla-count')
    ).json<Described>()
    expect(denominator).toBeNull()
    const ageBand = breakdowns.find(({ dimension }) => dimension === 'age-band')
    expect(ageBand!.categories).toEqual(DIMENSIONS.get('age-band')!.categories)
  })

  test('says what is decided, and what returns are needed', async () => {
    const response = await figures.client.get('/v1/indicators/three-plus-social-workers-pct')
    expect(response.json()).toMatchObject({
      unit: 'percentage',
      polarity: 'lower-is-better',
      population: { kind: 'stock' },
      periods: { tables: ['Header', 'Episodes', 'SWEpisodes'], reference: [], records: [], annual: false },
    })
    const withSwitches = await figures.client.get('/v1/indicators/same-carer-two-years-pct')
    expect(withSwitches.json<{ switches: unknown[] }>().switches).toHaveLength(4)
  })

  test.each(['/v1/indicators', '/v1/indicators?subject=cohort', '/v1/indicators/cla-count'])(
    'answers 304 at %s to who holds it, without asking the database',
    async (url) => {
      const first = await figures.client.get(url)
      const etag = first.headers.etag as string
      expect(etag).toMatch(/^"[\w-]+"$/)
      const again = await figures.client.get(url, { 'if-none-match': `"other", ${etag}` })
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag])
      expect(figures.statements()).toEqual([])
    },
  )

  test('has a validator of its own for each answer', async () => {
    const urls = ['/v1/indicators', '/v1/indicators?subject=cohort', '/v1/indicators/cla-count']
    const etags = await Promise.all(urls.map(async (url) => (await figures.client.get(url)).headers.etag))
    expect(new Set(etags).size).toBe(urls.length)
  })
})

describe('a request for the catalogue is refused', () => {
  test('where there is no such indicator, with those near to it', async () => {
    const response = await figures.client.get('/v1/indicators/cla-starter')
    expect(response.statusCode).toBe(404)
    expect(response.json()).toMatchObject({
      type: expect.stringMatching(/\/problems\/unknown-indicator$/),
      errors: [{ pointer: '/path/id', didYouMean: expect.arrayContaining(['cla-starters']) }],
    })
  })

  test.each([
    ['/v1/indicators?subjct=cohort', '/query/subjct', 'unknown-member'],
    ['/v1/indicators?subject=cohorts', '/query/subject', 'not-allowed'],
    ['/v1/indicators/cla-count?period=2024-25', '/query/period', 'unknown-member'],
  ])('at %s', async (url, pointer, code) => {
    const response = await figures.client.get(url)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({ errors: [{ pointer, code }] })
  })
})
