import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Comparison } from '../../src/comparison/comparison.ts'
import type { Trend } from '../../src/comparison/trend.ts'
import type { Observation } from '../../src/indicators/observation.ts'
import type { TestClient } from '../support/client.ts'
import {
  type ComparisonApp,
  comparisonApp,
  KIRKLEES,
  loadKnown,
  NEIGHBOURS,
  numbersFile,
  SHEFFIELD,
  stabilityFile,
} from '../support/comparison-app.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
let service: ComparisonApp

const OLDHAM = 'E08000008'
const [BRADFORD, LEEDS, LONDON_BOROUGH] = ['E08000032', 'E08000035', 'E09000002']
const [YORKSHIRE, ENGLAND] = ['E12000003', 'E92000001']

/*
 * Kirklees has 80 children on 31 March 2025, of whom 12 had three placements in the year: 15 %. A year before there were
 * 75, of whom 4 had: 5.33 %; and a year before that 75 and none.
 */
const COUNCIL = { since2020: 75, moving: { 2024: 4, 2025: 12 }, starting: 5 }

/* Of the ten neighbours eight have a value, one is suppressed (Portsmouth), and one is not in the file (Cornwall). */
const STABILITY = stabilityFile([
  [SHEFFIELD, 2025, 9, 9, 100],
  [OLDHAM, 2025, 10, 10, 100],
  ['E06000044', 2025, 'c', 'c', 'c'],
  ['E06000015', 2025, 12, 12, 100],
  ['E06000026', 2025, 15, 15, 100],
  ['E08000005', 2025, 15, 15, 100],
  ['E08000002', 2025, 18, 18, 100],
  ['E08000036', 2025, 11, 11, 100],
  ['E08000037', 2025, 14, 14, 100],
  [BRADFORD, 2025, 15, 15, 100],
  [LEEDS, 2025, 7, 7, 100],
  // What was published of Kirklees itself is not what its records say; it is ranked by its records.
  [KIRKLEES, 2025, 40, 40, 100],
  [YORKSHIRE, 2025, 11, 900, 8180],
  [ENGLAND, 2025, 10, 8500, 81770],
  [ENGLAND, 2024, 9, 8000, 83000],
])

const NUMBERS = numbersFile([
  [SHEFFIELD, 2025, 100],
  [OLDHAM, 2025, 80],
  ['E06000015', 2025, 60],
  [YORKSHIRE, 2025, 'c'],
  [BRADFORD, 2025, 70],
  [ENGLAND, 2025, 81770],
])

beforeAll(async () => {
  database = await newDatabase()
  service = await comparisonApp(database.database)
  await service.publish(STABILITY)
  await service.publish(NUMBERS)
  await loadKnown(database.database, KIRKLEES, COUNCIL)
  await loadKnown(database.database, SHEFFIELD, { since2020: 10, moving: { 2025: 1 }, starting: 3 })
  await loadKnown(database.database, OLDHAM, { since2020: 10, moving: { 2025: 1 }, starting: 9 })
})
afterAll(async () => {
  await service?.app.close()
  await database?.drop()
})

type Row = Observation & { readonly comparison: readonly Comparison[]; readonly trend: Trend }

async function rowsAt(
  query: string,
  authority = KIRKLEES,
  client: TestClient = service.client,
): Promise<Row[]> {
  const answer = await client.get(`/v1/authorities/${authority}/observations?${query}`)
  expect(answer.statusCode, answer.body.slice(0, 1000)).toBe(200)
  return answer.json().data
}

const ALL = 'comparison=statistical-neighbours,region,england'
const THREE_PLUS = 'indicator=three-plus-placements-pct'

async function comparedAt(query: string, client?: TestClient): Promise<Map<string, Comparison>> {
  const [row] = await rowsAt(query, KIRKLEES, client)
  return new Map(row!.comparison.map((one) => [one.with, one]))
}

describe('a percentage with published figures', () => {
  test('is what the records say', async () => {
    const [row] = await rowsAt(`${THREE_PLUS}&period=2024-25`)
    expect(row).toMatchObject({ value: 15, numerator: 12, denominator: 80 })
    expect(row).not.toHaveProperty('comparison')
    expect(row).not.toHaveProperty('trend')
  })

  test('beside its neighbours: their mean and median, those without a value skipped', async () => {
    // 9, 10, 11, 12, 14, 15, 15 and 18 add up to 104: mean 13; the middle two are 12 and 14: median 13.
    // Five are below 15, and two share its place: 6th of 9. The quartiles of the nine are 11, 14 and 15: C.
    // 12 of 80 against 104 of 800: pooled 116/880, z = 0.02/0.039668 = 0.5042, p = 0.614.
    const compared = await comparedAt(`${THREE_PLUS}&period=2024-25&${ALL}`)
    expect(compared.get('statistical-neighbours')).toEqual({
      with: 'statistical-neighbours',
      areas: NEIGHBOURS,
      setYear: 2025,
      value: 13,
      median: 13,
      period: '2024-25',
      status: null,
      basis: 'published',
      method: 'mean',
      authoritiesWithValue: 8,
      source: expect.objectContaining({ layout: 'explore-education-statistics' }),
      decimals: 0,
      difference: 2,
      rank: { position: 6, of: 9 },
      band: 'C',
      significance: {
        test: 'two-proportion-z',
        p: expect.closeTo(0.61413, 4),
        level: 0.05,
        significant: false,
      },
      reasons: {},
    })
  })

  test('beside its region and England: their own published figures, and its place among their authorities', async () => {
    const compared = await comparedAt(`${THREE_PLUS}&period=2024-25&${ALL}`)
    // Sheffield 9, Wakefield 11, Bradford 15 and Leeds 7 have a value: 4th of 5, beside Bradford.
    // 12 of 80 against 900 of 8,180: pooled 912/8260, z = 0.039976/0.035210 = 1.1353, p = 0.2562.
    expect(compared.get('region')).toMatchObject({
      areas: [YORKSHIRE],
      value: 11,
      median: null,
      method: 'published',
      difference: 4,
      rank: { position: 4, of: 5 },
      significance: { p: expect.closeTo(0.25624, 4), significant: false },
    })
    // Ten have a value, of whom six are below 15: 7th of 11. Quartiles of the eleven: 9.5, 12 and 15: C.
    expect(compared.get('england')).toMatchObject({
      areas: [ENGLAND],
      value: 10,
      period: '2024-25',
      authoritiesWithValue: 10,
      difference: 5,
      rank: { position: 7, of: 11 },
      band: 'C',
      significance: { test: 'two-proportion-z', level: 0.05 },
    })
  })

  test('at a day and in a month is held against the year that ends on it', async () => {
    for (const period of ['2025-03-31', '2025-03', '2024-25Q4']) {
      const compared = await comparedAt(`${THREE_PLUS}&period=${period}&comparison=england`)
      expect(compared.get('england')).toMatchObject({ period: '2024-25', value: 10, difference: 5 })
      expect(compared.get('england')!.significance).not.toBeNull()
    }
  })

  test('for a period without published figures, against the latest before: with no test', async () => {
    const compared = await comparedAt(`${THREE_PLUS}&period=2024-25Q3&${ALL}`)
    expect(compared.get('england')).toMatchObject({
      period: '2023-24',
      value: 9,
      status: null,
      significance: null,
    })
    expect(compared.get('england')!.difference).not.toBeNull()
    expect(compared.get('england')!.reasons.significance).toContain('periods differ')
    expect(compared.get('england')!.rank).toBeNull()
    expect(compared.get('region')).toMatchObject({ value: null, status: 'x', basis: null, rank: null })
  })

  test('in a category for which nothing is published has nothing beside it', async () => {
    const rows = await rowsAt(`${THREE_PLUS}&period=2024-25&breakdown=sex&comparison=england`)
    expect(rows.map(({ comparison }) => comparison[0]!.value)).toEqual([10, null, null, null])
    expect(rows[1]!.comparison[0]!.reasons.value).toContain('no published figure')
  })
})

describe('a count, where neither way is good', () => {
  test('ranks by value, the highest first; equals share a place; no band and no test', async () => {
    const compared = await comparedAt(`indicator=cla-count&period=2024-25&${ALL}`)
    expect(compared.get('statistical-neighbours')).toMatchObject({
      value: 80,
      difference: 0,
      rank: { position: 2, of: 4 },
      band: null,
      significance: null,
    })
    expect(compared.get('statistical-neighbours')!.reasons).toMatchObject({
      band: expect.stringContaining('Neither way'),
      significance: expect.stringContaining('different size'),
    })
  })

  test('is not subtracted from the count of a larger area, but ranks within it', async () => {
    const compared = await comparedAt(`indicator=cla-count&period=2024-25&${ALL}`)
    expect(compared.get('england')).toMatchObject({
      value: 81770,
      difference: null,
      rank: { position: 2, of: 5 },
      significance: null,
    })
  })

  test('beside a suppressed figure has nothing derived', async () => {
    const compared = await comparedAt(`indicator=cla-count&period=2024-25&${ALL}`)
    const suppressed = 'The published figure is suppressed.'
    expect(compared.get('region')).toMatchObject({
      value: null,
      status: 'c',
      basis: 'published',
      method: null,
      difference: null,
      rank: null,
      band: null,
      significance: null,
      reasons: { value: suppressed, difference: suppressed, rank: suppressed, band: suppressed },
    })
  })
})

describe('where nobody has published anything', () => {
  const STARTERS = 'indicator=cla-starters&period=2024-25&comparison=statistical-neighbours'

  test('neighbours are computed from their records', async () => {
    // Kirklees 5, Sheffield 3, Oldham 9: mean 6, 2nd of 3 from the highest down.
    expect((await comparedAt(STARTERS)).get('statistical-neighbours')).toMatchObject({
      value: 6,
      median: 6,
      period: '2024-25',
      basis: 'computed',
      method: 'mean',
      source: null,
      authoritiesWithValue: 2,
      difference: -1,
      rank: { position: 2, of: 3 },
    })
  })

  test('and only from those that the caller may see', async () => {
    const some = await comparedAt(STARTERS, service.as([KIRKLEES, SHEFFIELD]))
    expect(some.get('statistical-neighbours')).toMatchObject({
      value: 3,
      authoritiesWithValue: 1,
      rank: { position: 1, of: 2 },
    })
    const none = await comparedAt(STARTERS, service.as([KIRKLEES]))
    expect(none.get('statistical-neighbours')).toMatchObject({
      areas: NEIGHBOURS,
      value: null,
      median: null,
      authoritiesWithValue: null,
      rank: null,
    })
  })

  test('also by category, and for several authorities at once', async () => {
    const answer = await service
      .as([KIRKLEES, SHEFFIELD, OLDHAM])
      .get(
        '/v1/observations?indicator=cla-starters&period=2024-25&breakdown=sex&comparison=statistical-neighbours',
      )
    const rows: Row[] = answer.json().data
    const boys = rows.find(({ authority, breakdown }) => authority === KIRKLEES && breakdown.sex === 'male')!
    expect(boys).toMatchObject({ value: 5 })
    expect(boys.comparison[0]).toMatchObject({ value: 6, authoritiesWithValue: 2 })
    expect(new Set(rows.map(({ authority }) => authority))).toEqual(new Set([KIRKLEES, SHEFFIELD, OLDHAM]))
    expect(answer.json().dataVersions).toHaveLength(3)
  })

  test('region and England have no figure', async () => {
    const compared = await comparedAt(`indicator=cla-starters&period=2024-25&comparison=region,england`)
    for (const one of compared.values()) expect(one).toMatchObject({ value: null, status: 'x', rank: null })
  })
})

describe('an authority', () => {
  test('without a figure of its own has the others’, and nothing derived', async () => {
    const [row] = await rowsAt(`${THREE_PLUS}&period=2024-25&${ALL}`, LONDON_BOROUGH)
    expect(row!.status).toBe('x')
    const england = row!.comparison.find((one) => one.with === 'england')!
    expect(england).toMatchObject({ value: 10, difference: null, rank: null, band: null, significance: null })
    expect(england.reasons.difference).toContain('not available')
  })

  test('without neighbours or a region says so', async () => {
    const [row] = await rowsAt(`${THREE_PLUS}&period=2024-25&${ALL}`, 'E10999999')
    const [neighbours, region] = row!.comparison
    expect(neighbours).toMatchObject({ areas: [], setYear: 2025, value: null })
    expect(neighbours!.reasons.value).toContain('no statistical neighbours in the set of 2025')
    expect(region!.reasons.value).toContain('lies in no region')
  })
})

describe('a trend', () => {
  test('gives the periods before, the latest first, and the direction by the polarity', async () => {
    const [row] = await rowsAt(`${THREE_PLUS}&period=2024-25&trend=3`)
    // 12 of 80 against 4 of 75: pooled 16/155, z = 0.096667/0.048902 = 1.9767, p = 0.0481.
    expect(row!.trend).toEqual({
      periods: [
        { period: '2023-24', value: expect.closeTo(100 * (4 / 75)), status: null },
        { period: '2022-23', value: 0, status: null },
        { period: '2021-22', value: null, status: 'x' },
      ],
      changeFromPrevious: expect.closeTo(15 - 400 / 75),
      changeFromYearBefore: expect.closeTo(15 - 400 / 75),
      direction: 'worsening',
      significance: {
        test: 'two-proportion-z',
        p: expect.closeTo(0.04807, 4),
        level: 0.05,
        significant: true,
      },
      reason: null,
    })
  })

  test('of a quarter looks at quarters, and at the same one a year before', async () => {
    const [row] = await rowsAt(`indicator=cla-count&period=2024-25Q2&trend=2`)
    expect(row!.trend.periods).toEqual([
      { period: '2024-25Q1', value: 80, status: null },
      { period: '2023-24Q4', value: 75, status: null },
    ])
    // 80 against 75: z = 5 / sqrt(155) = 0.4016, p = 0.688.
    expect(row!.trend).toMatchObject({
      changeFromPrevious: 0,
      changeFromYearBefore: 5,
      direction: 'no-significant-change',
      significance: { test: 'poisson-counts', p: expect.closeTo(0.688, 3) },
    })
  })

  test('has no direction where either figure is missing, or too few are counted', async () => {
    const [first] = await rowsAt(`${THREE_PLUS}&period=2022-23&trend=1`)
    expect(first!.trend).toMatchObject({ changeFromYearBefore: null, direction: null, significance: null })
    expect(first!.trend.reason).toContain('year before is not available')
    const [before] = await rowsAt(`${THREE_PLUS}&period=2023-24&trend=1`)
    // 4 of 75 against none of 75: two would be expected in each.
    expect(before!.trend).toMatchObject({ changeFromPrevious: expect.closeTo(400 / 75), direction: null })
    expect(before!.trend.reason).toContain('fewer than five')
    const [mean] = await rowsAt(`indicator=cla-length-of-time-in-care&period=2024-25&trend=1`)
    expect(mean!.trend.direction).toBeNull()
    expect(mean!.trend.reason).toContain('lie apart')
  })

  test('goes with every category', async () => {
    const rows = await rowsAt(`indicator=cla-count&period=2024-25&breakdown=sex,age&trend=1`)
    expect(rows.find(({ breakdown }) => breakdown.sex === 'male')!.trend.periods[0]!.value).toBe(75)
    // Nobody was eleven a year before: a category of a long list that is not given is nobody.
    const ages = rows.filter(({ breakdown }) => breakdown.age !== undefined)
    expect(ages.map(({ breakdown, trend }) => [breakdown.age, trend.periods[0]!.value])).toEqual([['11', 0]])
  })
})

describe('what is asked for', () => {
  test('that is nothing to compare with, or too much, is refused with what is allowed', async () => {
    const answer = await service.client.get(
      `/v1/authorities/${KIRKLEES}/observations?comparison=neighbours,mars&trend=3&limit=20000`,
    )
    expect(answer.statusCode).toBe(400)
    expect(
      answer.json().errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]),
    ).toEqual([
      ['/query/comparison', 'unknown-comparator'],
      ['/query/comparison', 'unknown-comparator'],
      ['/query/limit', 'too-many'],
    ])
    expect((await service.client.get(`/v1/authorities/${KIRKLEES}/observations?trend=21`)).statusCode).toBe(
      400,
    )
    expect((await service.client.get(`/v1/authorities/${KIRKLEES}/observations?trend=0`)).statusCode).toBe(
      400,
    )
  })

  test('comes as further columns of the table, and only then', async () => {
    const table = async (query: string) => {
      const answer = await service.client.get(
        `/v1/authorities/${KIRKLEES}/observations?${THREE_PLUS}&period=2024-25&format=csv&${query}`,
      )
      const [header, row] = answer.body.trim().split('\r\n')
      const cells = row!.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
      expect(cells).toHaveLength(header!.split(',').length)
      return new Map(header!.split(',').map((name, index) => [name, cells[index]]))
    }
    const plain = await table('')
    const full = await table(`${ALL}&trend=2`)
    expect([...full.keys()].slice(0, plain.size)).toEqual([...plain.keys()])
    expect(full.get('statistical_neighbours_value')).toBe('13')
    expect(full.get('statistical_neighbours_median')).toBe('13')
    expect(full.get('statistical_neighbours_rank')).toBe('6')
    expect(full.get('statistical_neighbours_rank_of')).toBe('9')
    // Of 7, 9, 11, 15 and 15 the third quartile is 15: on the border the better.
    expect(full.get('region_band')).toBe('C')
    expect(full.get('england_difference')).toBe('5')
    expect(full.get('england_significant')).toBe('false')
    expect(full.get('trend_direction')).toBe('worsening')
    expect(full.get('trend_2_period')).toBe('2022-23')
    expect(full.get('trend_2_value')).toBe('0')
  })

  test('is rounded with the figures', async () => {
    const [row] = await rowsAt(`${THREE_PLUS}&period=2024-25&trend=1&decimals=1`)
    expect(row!.trend.periods[0]!.value).toBe(5.3)
    expect(row!.trend.changeFromPrevious).toBe(9.7)
  })

  test('costs nothing where it is not asked for', async () => {
    const url = `/v1/authorities/${KIRKLEES}/observations?indicator=cla-leavers&period=2023-24`
    service.statements()
    await service.client.get(url)
    expect(service.statements().filter((name) => name.startsWith('comparison.'))).toEqual([])
  })

  test('pages with the figures', async () => {
    const url = `/v1/authorities/${KIRKLEES}/observations?${THREE_PLUS}&period=2023-24,2024-25&trend=1&limit=1`
    const first = (await service.client.get(url)).json()
    const second = (await service.client.get(`${url}&cursor=${encodeURIComponent(first.next)}`)).json()
    expect([first, second].map(({ data }) => data[0].trend.periods[0].period)).toEqual(['2022-23', '2023-24'])
  })
})

describe('the validator', () => {
  const URL = `/v1/authorities/${KIRKLEES}/observations?${THREE_PLUS},cla-starters&period=2024-25`
  const tagOf = async (url: string, client = service.client) => (await client.get(url)).headers.etag as string

  test('names what the caller’s comparisons are made from', async () => {
    const [plain, compared] = [await tagOf(URL), await tagOf(`${URL}&${ALL}`)]
    expect(compared).not.toBe(plain)
    expect(await tagOf(`${URL}&${ALL}`, service.as([KIRKLEES]))).not.toBe(compared)
    const again = await service.client.get(`${URL}&${ALL}`, { 'if-none-match': compared })
    expect(again.statusCode).toBe(304)
  })

  test('changes with the published figures, the neighbours’ records and nothing else’s', async () => {
    const before = { plain: await tagOf(URL), compared: await tagOf(`${URL}&${ALL}`) }
    await service.publish(stabilityFile([[ENGLAND, 2025, 11, 9000, 81770]]))
    const published = await service.client.get(`${URL}&${ALL}`, { 'if-none-match': before.compared })
    expect(published.statusCode).toBe(200)
    expect(published.json().data[1].comparison[2].value).toBe(11)
    expect(await tagOf(URL)).toBe(before.plain)

    const tag = published.headers.etag as string
    await loadKnown(database.database, BRADFORD, { since2020: 10, moving: {}, starting: 2 })
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(await tagOf(`${URL}&${ALL}`)).toBe(tag)
    await loadKnown(database.database, 'E08000036', { since2020: 10, moving: {}, starting: 6 })
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(await tagOf(`${URL}&${ALL}`)).not.toBe(tag)
    expect(await tagOf(URL)).toBe(before.plain)
  })
})
