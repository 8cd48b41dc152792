import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Observation } from '../../src/indicators/observation.ts'
import { catalogue, type FiguresApp, figuresApp, loadCouncil, SMALL_COUNCIL } from '../support/figures-app.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
let figures: FiguresApp

beforeAll(async () => {
  database = await newDatabase()
  await loadCouncil(database.database)
  figures = await figuresApp(database.database)
})
afterAll(async () => {
  await figures?.app.close()
  await database?.drop()
})

const HERE = '/v1/authorities/E10999999'

interface Glance {
  readonly authority: { readonly code: string; readonly name: string }
  readonly period: string
  readonly dataVersion: string
  readonly headlines: readonly {
    readonly indicator: string
    readonly observation: Observation
    readonly previous: readonly Observation[]
    readonly change: number | null
  }[]
  readonly profile: readonly {
    readonly indicator: string
    readonly breakdown: readonly string[]
    readonly observations: readonly Observation[]
  }[]
}

async function glance(query = ''): Promise<Glance> {
  const response = await figures.client.get(`${HERE}/cohort${query}`)
  expect(response.statusCode, response.body).toBe(200)
  return response.json<Glance>()
}

async function observations(query: string): Promise<Observation[]> {
  return (await figures.client.get(`${HERE}/observations?${query}`)).json<{ data: Observation[] }>().data
}

describe('who is looked after, at a glance', () => {
  test('gives every headline figure of the subject, as the observations have it', async () => {
    const { headlines, authority, period } = await glance()
    expect([authority.code, period]).toEqual(['E10999999', '2024-25'])
    const wanted = catalogue.of('cohort').filter(({ headline }) => headline)
    expect(headlines.map(({ indicator }) => indicator)).toEqual(wanted.map(({ id }) => id))
    for (const { indicator, observation, previous, change } of headlines) {
      const given = await observations(`indicator=${indicator}&period=2022-23,2023-24,2024-25`)
      expect([previous[1], previous[0], observation]).toEqual(given)
      const [, before, now] = given
      expect(change).toBe(now!.value! - before!.value!)
    }
  })

  test('shows who they are: the parts of each dimension make up the whole', async () => {
    const { headlines, profile } = await glance('?period=2023-24')
    expect(profile.map(({ breakdown }) => breakdown.join('*'))).toEqual([
      'age-band',
      'sex',
      'ethnicity',
      'legal-status',
      'placement-type',
      'category-of-need',
      'time-in-care',
    ])
    const total = headlines.find(({ indicator }) => indicator === 'cla-count')!.observation.value
    for (const { observations: parts, breakdown } of profile) {
      expect(
        parts.reduce((sum, { value }) => sum + value!, 0),
        breakdown.join(),
      ).toBe(total)
      expect(parts.reduce((sum, { share }) => sum + share!, 0)).toBeCloseTo(100)
    }
  })

  test.each([
    ['2024-25Q2', ['2023-24Q2', '2022-23Q2']],
    ['2025-02', ['2024-02', '2023-02']],
    ['2024-02-29', ['2023-02-28', '2022-02-28']],
    ['2012-13Q1', ['2011-12Q1', '2010-11Q1']],
    ['1990-01', ['1989-01', '1988-01']],
  ])('sets %s beside the same of the years before', async (period, before) => {
    const { headlines } = await glance(`?period=${period}`)
    for (const { observation, previous } of headlines) {
      expect(observation.period).toBe(period)
      expect(previous.map((one) => one.period)).toEqual(before)
    }
  })

  test('says why figures are not available, also for an authority without returns', async () => {
    const { headlines, profile } = await glance('?period=2021-22')
    for (const { observation, change } of headlines) {
      expect([observation.status, observation.wouldBeSuppliedBy, change]).toEqual(['x', ['2021-22'], null])
    }
    for (const { observations: parts } of profile)
      expect(new Set(parts.map(({ status }) => status))).toEqual(new Set(['x']))

    const elsewhere = (await figures.client.get('/v1/authorities/209/cohort')).json<Glance>()
    // Today, in these tests, is 1 June 2025.
    expect([elsewhere.authority.code, elsewhere.period]).toEqual(['E09000023', '2025-26'])
    expect(elsewhere.headlines[0]!.observation.status).toBe('x')
  })

  test('answers 304 without reading figures, until the data changes', async () => {
    const url = `${HERE}/cohort?period=2024-25`
    const first = await figures.client.get(url)
    const etag = first.headers.etag as string
    figures.statements()
    const again = await figures.client.get(url, { 'if-none-match': etag })
    const whole = await figures.client.get(url)
    expect([again.statusCode, again.body, whole.body === first.body]).toEqual([304, '', true])
    expect(figures.statements().filter((name) => name !== 'dataVersions.read')).toEqual([])

    await loadCouncil(database.database, 'E10999999', { ...SMALL_COUNCIL, seed: 904 })
    figures.versions.forget()
    const changed = await figures.client.get(url, { 'if-none-match': etag })
    expect(changed.statusCode).toBe(200)
    expect(changed.headers.etag).not.toBe(etag)
    expect(changed.json<Glance>().dataVersion).not.toBe(first.json<Glance>().dataVersion)
  })
})

describe('a glance is refused', () => {
  test.each([
    ['?period=2024-2025', 'unknown-period', '2024-25'],
    ['?perod=2024-25', 'unknown-member', 'period'],
    ['?period=2024-25&period=2023-24', 'wrong-type', undefined],
  ])('with %s', async (query, code, near) => {
    const response = await figures.client.get(`${HERE}/cohort${query}`)
    expect(response.statusCode).toBe(400)
    const [fault] = response.json<{ errors: { code: string; didYouMean?: string[] }[] }>().errors
    expect(fault!.code).toBe(code)
    expect(fault!.didYouMean?.[0]).toBe(near)
  })

  test('for an authority that does not exist', async () => {
    expect((await figures.client.get('/v1/authorities/E10999998/cohort')).statusCode).toBe(404)
  })
})
