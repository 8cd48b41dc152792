import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Observation } from '../../src/indicators/observation.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import { type FiguresApp, figuresApp, loadCouncil, PUBLIC_KEY, READER_KEY } from '../support/figures-app.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { load, type RecordKeeper, records } from '../support/records.ts'

/**
 * Councils made so that what must be withheld is known: children looked after on 31 March 2025, by sex.
 */
const COUNCIL = 'E10999999'
const TWIN = 'E09000023'
const SMALL = 'E08000034'
const URL = `/v1/authorities/${COUNCIL}/observations`

function children(
  keeper: RecordKeeper,
  prefix: string,
  sex: 'M' | 'F',
  ethnic: string,
  number: number,
): void {
  for (let index = 0; index < number; index++) {
    const id = `${prefix}${index}`
    keeper.child(id, { sex, ethnic, born: '01/06/2012' })
    keeper.episode(id, '01/05/2023', 'S', 'C2', 'U6', 'PR1')
  }
}

let database: TestDatabase
let service: FiguresApp

async function loadKept(authority: string, keeper: RecordKeeper): Promise<void> {
  for (const year of [2024, 2025] as const) await load(database.database, authority, keeper.return(year))
}

beforeAll(async () => {
  database = await newDatabase()
  // 41 boys and 19 girls; of ethnic groups 35, 12, 9 and 4 (withheld), and so one more goes with it.
  const council = records()
  children(council, 'a', 'M', 'WBRI', 25)
  children(council, 'b', 'F', 'WBRI', 10)
  children(council, 'c', 'M', 'MWBC', 8)
  children(council, 'd', 'F', 'MWBC', 4)
  children(council, 'e', 'M', 'AIND', 8)
  children(council, 'f', 'F', 'AIND', 1)
  children(council, 'g', 'F', 'BAFR', 4)
  await loadKept(COUNCIL, council)
  // The same but for what is withheld: one child of the group of four is of the group withheld with it.
  const twin = records()
  children(twin, 'a', 'M', 'WBRI', 25)
  children(twin, 'b', 'F', 'WBRI', 10)
  children(twin, 'c', 'M', 'MWBC', 8)
  children(twin, 'd', 'F', 'MWBC', 4)
  children(twin, 'e', 'M', 'AIND', 8)
  children(twin, 'f', 'F', 'AIND', 2)
  children(twin, 'g', 'F', 'BAFR', 3)
  await loadKept(TWIN, twin)
  const small = records()
  children(small, 'a', 'M', 'WBRI', 3)
  await loadKept(SMALL, small)
  service = await figuresApp(database.database)
})
afterAll(async () => {
  await service?.app.close()
  await database?.drop()
})

async function figuresAt(url: string, key: string | null = null): Promise<readonly Observation[]> {
  const client = key === null ? service.client : service.client.as(key)
  const response = await client.get(url)
  expect(response.statusCode, response.body.slice(0, 500)).toBe(200)
  return response.json<{ data: Observation[] }>().data
}

const shown = (observations: readonly Observation[], dimension: string): Record<string, unknown> =>
  Object.fromEntries(
    observations
      .filter(({ breakdown }) => dimension in breakdown)
      .map(({ breakdown, value, status }) => [breakdown[dimension], status ?? value]),
  )

describe('figures for the public', () => {
  test('withhold a small count, and the next smallest with it; zeros and the total stay', async () => {
    const figures = await figuresAt(
      `${URL}?audience=public&indicator=cla-count&period=2024-25&breakdown=ethnicity,sex`,
    )
    expect(figures[0]).toMatchObject({ value: 60, status: null, breakdown: {} })
    expect(shown(figures, 'ethnicity')).toEqual({
      white: 35,
      mixed: 12,
      asian: 'c',
      black: 'c',
      other: 0,
      'not-known': 0,
    })
    expect(shown(figures, 'sex')).toEqual({ male: 41, female: 19, unknown: 0 })
  })

  test('give nothing of a withheld figure under another name', async () => {
    const figures = await figuresAt(`${URL}?audience=public&period=2024-25&breakdown=all`)
    const withheld = figures.filter(({ status }) => status === 'c')
    expect(withheld.length).toBeGreaterThan(5)
    for (const { value, share, interval, numerator, denominator } of withheld) {
      expect([value, share ?? null, interval]).toEqual([null, null, null])
      for (const number of [numerator, denominator])
        if (number !== null) expect(number === 0 || number > 5).toBe(true)
    }
  })

  test('are the same whatever is asked for besides', async () => {
    const all = await figuresAt(
      `${URL}?audience=public&period=2024-25&breakdown=all,age-band*sex,sex*ethnicity`,
    )
    const known = new Map(all.map((one) => [JSON.stringify([one.indicator, one.breakdown]), one]))
    for (const query of [
      'indicator=cla-count&breakdown=ethnicity',
      'indicator=cla-count&breakdown=ethnicity*sex,age',
      'indicator=cla-count,three-plus-placements-pct&breakdown=sex',
      'indicator=three-plus-placements-pct&breakdown=ethnicity',
      'breakdown=sex',
    ]) {
      for (const one of await figuresAt(`${URL}?audience=public&period=2024-25&${query}`)) {
        const { breakdown } = one
        const sorted = Object.fromEntries(Object.entries(breakdown))
        const same =
          known.get(JSON.stringify([one.indicator, sorted])) ??
          known.get(JSON.stringify([one.indicator, Object.fromEntries(Object.entries(breakdown).reverse())]))
        expect({ ...one, breakdown: null }).toEqual({ ...same, breakdown: null })
      }
    }
  })

  test('of councils that differ in what is withheld only are the same to the byte', async () => {
    const query =
      'audience=public&period=2024-25&indicator=cla-count,three-plus-placements-pct&breakdown=sex,ethnicity,age-band'
    const [one, other] = await Promise.all(
      [COUNCIL, TWIN].map((code) => service.client.get(`/v1/authorities/${code}/observations?${query}`)),
    )
    const body = one!.body.replaceAll(COUNCIL, TWIN)
    expect(body.replace(/"dataVersion":"[^"]*"/, '')).toBe(other!.body.replace(/"dataVersion":"[^"]*"/, ''))
    expect(one!.headers['content-length']).toBe(other!.headers['content-length'])
    const csv = await Promise.all(
      [COUNCIL, TWIN].map((code) =>
        service.client.get(`/v1/authorities/${code}/observations?${query}&format=csv`),
      ),
    )
    const place = (text: string) =>
      text
        .split('\n')
        .map((line) => line.replace(/,[^,]*,[^,]*,[^,]*,[^,]*,E\d+,[^,]*,2024-25,/, ',2024-25,'))
    expect(place(csv[0]!.body)).toEqual(place(csv[1]!.body))
  })

  test('that are asked for again are answered 304 by what they show', async () => {
    const url = `${URL}?audience=public&period=2024-25&breakdown=sex`
    const first = await service.client.get(url)
    const again = await service.client.get(url, { 'if-none-match': first.headers.etag as string })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    const csv = await service.client.get(`${url}&format=csv`)
    const csvAgain = await service.client.get(`${url}&format=csv`, {
      'if-none-match': csv.headers.etag as string,
    })
    expect(csvAgain.statusCode).toBe(304)
  })

  test('as CSV are those of the JSON', async () => {
    const query = 'audience=public&period=2024-25&breakdown=all'
    const json = await figuresAt(`${URL}?${query}`)
    const csv = (await service.client.get(`${URL}?${query}&format=csv`)).body.trim().split('\r\n')
    const header = csv[0]!.split(',')
    const at = (name: string) => header.indexOf(name)
    const rows = csv
      .slice(1)
      .map((line) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)!.map((cell) => cell.replace(/,$/, '')))
    expect(rows.length).toBe(json.length)
    for (const [index, { value, status, numerator, denominator, share }] of json.entries()) {
      const cells = ['value', 'status', 'numerator', 'denominator', 'share'].map(
        (name) => rows[index]![at(name)],
      )
      expect(cells).toEqual([value, status, numerator, denominator, share].map((cell) => String(cell ?? '')))
    }
  })

  test('of a council with three children show none of them', async () => {
    const figures = await figuresAt(
      `/v1/authorities/${SMALL}/observations?audience=public&period=2024-25&breakdown=all`,
    )
    expect(figures.find(({ indicator }) => indicator === 'cla-count')).toMatchObject({
      value: null,
      status: 'c',
    })
    for (const { value, numerator, denominator } of figures)
      for (const number of [value, numerator, denominator]) expect(number === null || number === 0).toBe(true)
  })

  test('by all dimensions are by all that are published', async () => {
    const figures = await figuresAt(
      `${URL}?audience=public&indicator=three-plus-placements-pct&period=2024-25&breakdown=all`,
    )
    const dimensions = new Set(figures.flatMap(({ breakdown }) => Object.keys(breakdown)))
    expect(dimensions).toEqual(new Set(['age-band', 'sex', 'ethnicity']))
  })

  test('are rounded as they are published', async () => {
    const [figure] = await figuresAt(
      `${URL}?audience=public&indicator=three-plus-placements-pct&period=2024-25`,
    )
    expect(figure).toMatchObject({ value: 0, numerator: 0, denominator: 60, status: null })
  })
})

describe('what the public may not ask for', () => {
  test.each([
    ['a month', 'period=2025-03', 'period-not-published'],
    ['a day', 'period=2025-03-31', 'period-not-published'],
    ['a quarter', 'period=2024-25Q4', 'period-not-published'],
    [
      'a percentage crossed',
      'indicator=three-plus-placements-pct&breakdown=age-band*sex',
      'breakdown-not-published',
    ],
    [
      'a percentage by codes',
      'indicator=three-plus-placements-pct&breakdown=placement-code',
      'breakdown-not-published',
    ],
  ])('is %s', async (_, query, code) => {
    const response = await service.client.get(`${URL}?audience=public&${query}`)
    expect([400, 404]).toContain(response.statusCode)
    expect(response.json().errors[0]).toMatchObject({ code })
    expect(response.json().errors[0].allowed.length).toBeGreaterThan(0)
  })

  test('is a year that is not over: its figures are not available', async () => {
    await loadCouncil(
      database.database,
      'E06000001',
      { seed: 3, firstYear: 2026, lastYear: 2026, childrenInCare: 60 },
      () => '2025-05-31' as Day,
    )
    const url = '/v1/authorities/E06000001/observations?audience=public&indicator=cla-count'
    const [running] = await figuresAt(`${url}&period=2025-26`)
    expect(running).toMatchObject({ value: null, status: 'x', reason: expect.stringContaining('not over') })
    expect(running).not.toHaveProperty('asAt')
    // And the latest is the last that is over.
    expect((await figuresAt(url))[0]!.period).toBe('2024-25')
  })
})

describe('a token for the public', () => {
  test('is given what is safe without asking for it', async () => {
    const query = 'indicator=cla-count&period=2024-25&breakdown=ethnicity'
    const asked = await figuresAt(`${URL}?audience=public&${query}`)
    expect(await figuresAt(`${URL}?${query}`, PUBLIC_KEY)).toEqual(asked)
    expect(await figuresAt(`/v1/observations?authority=${COUNCIL}&${query}`, PUBLIC_KEY)).toEqual(asked)
  })

  test('is given nothing else', async () => {
    const client = service.client.as(PUBLIC_KEY)
    for (const url of [
      `${URL}?audience=internal`,
      `/v1/observations?audience=internal`,
      `/v1/authorities/${COUNCIL}/cohort`,
      `/v1/authorities/${COUNCIL}/indicators/cla-count/children?period=2024-25`,
    ])
      expect((await client.get(url)).statusCode).toBe(403)
    expect((await client.get('/v1/indicators/cla-count')).json().published).toMatchObject({
      breakdowns: expect.arrayContaining(['age-band', 'age']),
    })
  })

  test('nor is what somebody else was given for the same address', async () => {
    const url = `${URL}?indicator=cla-count&period=2024-25&breakdown=ethnicity`
    const internal = await figuresAt(url, READER_KEY)
    const published = await figuresAt(url, PUBLIC_KEY)
    expect(shown(internal, 'ethnicity')).toMatchObject({ black: 4, asian: 9 })
    expect(shown(published, 'ethnicity')).toMatchObject({ black: 'c', asian: 'c' })
  })
})

test('comparison and trend say nothing of a withheld figure', async () => {
  const figures = await figuresAt(
    `${URL}?audience=public&indicator=cla-count&period=2024-25&breakdown=ethnicity&trend=1&comparison=england`,
  )
  const withheld = figures.filter(({ status }) => status === 'c') as (Observation & {
    trend: {
      changeFromPrevious: number | null
      direction: string | null
      periods: { value: number | null }[]
    }
    comparison: { difference: number | null; rank: unknown }[]
  })[]
  expect(withheld.length).toBe(2)
  for (const { trend, comparison } of withheld) {
    expect([trend.changeFromPrevious, trend.direction]).toEqual([null, null])
    expect(comparison.every(({ difference, rank }) => difference === null && rank === null)).toBe(true)
  }
})
