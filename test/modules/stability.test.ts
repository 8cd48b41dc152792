import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Observation } from '../../src/indicators/observation.ts'
import { catalogue, type FiguresApp, figuresApp, loadCouncil } from '../support/figures-app.ts'
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

interface Headline {
  readonly indicator: string
  readonly observation: Observation
  readonly previous: readonly Observation[]
  readonly change: number | null
}
interface Part {
  readonly indicator: string
  readonly breakdown: readonly string[]
  readonly label: string
  readonly observations: readonly Observation[]
}
interface Glance {
  readonly headlines: readonly Headline[]
  readonly profile: readonly Part[]
}

const glance = async (query = ''): Promise<Glance> =>
  (await figures.client.get(`/v1/authorities/E10999999/stability${query}`)).json<Glance>()

describe('how stable their lives are, at a glance', () => {
  test('gives the headline figures; those that reach too far back are not available, with the reason', async () => {
    const { headlines } = await glance()
    const wanted = catalogue.of('stability').filter(({ headline }) => headline)
    expect(headlines.map(({ indicator }) => indicator)).toEqual(wanted.map(({ id }) => id))
    const byId = new Map(headlines.map((headline) => [headline.indicator, headline]))
    const sameCarer = byId.get('same-carer-two-years-pct')!
    expect([sameCarer.observation, ...sameCarer.previous].map(({ status }) => status)).toEqual([
      null,
      'x',
      'x',
    ])
    expect(sameCarer.change).toBeNull()
    expect(sameCarer.previous[0]!.wouldBeSuppliedBy).toEqual(['2021-22'])
    const threePlus = byId.get('three-plus-placements-pct')!
    expect(threePlus.change).toBeCloseTo(threePlus.observation.value! - threePlus.previous[0]!.value!)
  })

  test('shows why placements change and whom frequent moves befall, in parts that make up the whole', async () => {
    const { headlines, profile } = await glance('?period=2024-25')
    expect(profile.map(({ indicator, label }) => [indicator, label])).toEqual([
      ['placement-changes', 'Reason for placement change'],
      ['three-plus-placements-pct', 'Age band'],
      ['three-plus-placements-pct', 'Placement type'],
    ])
    const total = (id: string) => headlines.find(({ indicator }) => indicator === id)!.observation
    const [reasons, ...shares] = profile
    const changes = reasons!.observations.reduce((sum, { value }) => sum + value!, 0)
    expect(changes).toBe(total('placement-changes').value)
    for (const { observations } of shares) {
      const sums = [0, 0]
      for (const { numerator, denominator } of observations) {
        sums[0]! += numerator!
        sums[1]! += denominator!
      }
      const { numerator, denominator } = total('three-plus-placements-pct')
      expect(sums).toEqual([numerator, denominator])
    }
  })

  test('marks a period that still runs', async () => {
    const { headlines } = await glance('?period=2024-25Q3')
    for (const { observation } of headlines) expect(observation.incomplete).toBeUndefined()
    await loadCouncil(
      database.database,
      'E09000023',
      { seed: 5, firstYear: 2024, lastYear: 2025, childrenInCare: 30 },
      (year) => `${year - (year === 2025 ? 1 : 0)}-${year === 2025 ? '12' : '03'}-31` as never,
    )
    const running = (await figures.client.get('/v1/authorities/209/stability?period=2024-25')).json<Glance>()
    const changes = running.headlines.find(({ indicator }) => indicator === 'placement-changes')!
    expect(changes.observation).toMatchObject({ status: null, incomplete: true, asAt: '2024-12-31' })
  })

  test('answers 304 to who holds it', async () => {
    const url = '/v1/authorities/E10999999/stability'
    const { etag } = (await figures.client.get(url)).headers
    const again = await figures.client.get(url, { 'if-none-match': etag as string })
    expect(again.statusCode).toBe(304)
  })
})
