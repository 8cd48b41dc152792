import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Comparison } from '../../src/comparison/comparison.ts'
import { twoProportions } from '../../src/statistics/significance.ts'
import {
  type ComparisonApp,
  comparisonApp,
  KIRKLEES,
  loadKnown,
  NEIGHBOURS,
} from '../support/comparison-app.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { FILES, loadKind, textOf } from '../support/reference-app.ts'

/** The DfE's own table of placement stability, read here in the plainest way, beside what the service makes of it. */
const FILE = `${FILES.published}la_cla_placement_stability.csv.gz`

interface Published {
  readonly level: string
  readonly region: string
  readonly area: string
  readonly percent: number | null
  readonly count: number | null
}

function publishedFor(year: number, words: string): Published[] {
  const [header = '', ...lines] = textOf(FILE)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
  const names = header.split(',')
  const at = (cells: readonly string[], name: string) => cells[names.indexOf(name)]!
  const number = (text: string) => (/^\d/.test(text) ? Number(text) : null)
  return (
    lines
      .filter((line) => line.startsWith(`${year},`) && line.includes(`,CLA on 31 March,${words},`))
      // Names such as "Bristol, City of" have a comma in them.
      .map((line) => line.replaceAll(/"[^"]*"/g, 'name').split(','))
      .map((cells) => ({
        level: at(cells, 'geographic_level'),
        region: at(cells, 'region_code'),
        area: at(cells, 'new_la_code') || at(cells, 'region_code') || at(cells, 'country_code'),
        percent: number(at(cells, 'children_percent')),
        count: number(at(cells, 'children_count')),
      }))
  )
}

let database: TestDatabase
let service: ComparisonApp
beforeAll(async () => {
  database = await newDatabase()
  await loadKind(database.database, 'comparators', { path: FILE })
  service = await comparisonApp(database.database)
  // 12 of 80: 15 %.
  await loadKnown(database.database, KIRKLEES, { since2020: 75, moving: { 2025: 12 }, starting: 5 })
})
afterAll(async () => {
  await service?.app.close()
  await database?.drop()
})

test('a figure beside the published ones of all authorities', async () => {
  const movers = publishedFor(2025, 'With 3 or more placements during the year')
  const all = publishedFor(2025, 'Total children')
  const others = movers.filter(
    ({ level, area, percent }) => level === 'Local authority' && area !== KIRKLEES && percent !== null,
  )
  expect(others.length).toBeGreaterThan(140)
  const countsOf = (area: string) => ({
    numerator: movers.find((one) => one.area === area)!.count!,
    denominator: all.find((one) => one.area === area)!.count!,
  })
  const answer = await service.client.get(
    `/v1/authorities/${KIRKLEES}/observations?indicator=three-plus-placements-pct&period=2024-25&comparison=statistical-neighbours,region,england`,
  )
  const [neighbours, region, england] = answer.json().data[0].comparison as Comparison[]

  const ofNeighbours = others.filter(({ area }) => NEIGHBOURS.includes(area))
  const mean = ofNeighbours.reduce((sum, { percent }) => sum + percent!, 0) / ofNeighbours.length
  expect(neighbours).toMatchObject({
    value: Math.round(mean * 10) / 10,
    authoritiesWithValue: ofNeighbours.length,
    rank: {
      position: 1 + ofNeighbours.filter(({ percent }) => percent! < 15).length,
      of: ofNeighbours.length + 1,
    },
  })
  const together = ofNeighbours
    .map(({ area }) => countsOf(area))
    .reduce((a, b) => ({
      numerator: a.numerator + b.numerator,
      denominator: a.denominator + b.denominator,
    }))
  const own = { numerator: 12, denominator: 80 }
  expect(neighbours!.significance!.p).toBeCloseTo(twoProportions(own, together)!.p, 10)

  const yorkshire = movers.find(({ level, area }) => level === 'Regional' && area === 'E12000003')!
  const inYorkshire = others.filter((one) => one.region === 'E12000003')
  expect(region).toMatchObject({
    value: yorkshire.percent,
    difference: 15 - yorkshire.percent!,
    rank: {
      position: 1 + inYorkshire.filter(({ percent }) => percent! < 15).length,
      of: inYorkshire.length + 1,
    },
  })
  const national = movers.find(({ level }) => level === 'National')!
  expect(england).toMatchObject({
    value: national.percent,
    period: '2024-25',
    difference: 15 - national.percent!,
    rank: { position: 1 + others.filter(({ percent }) => percent! < 15).length, of: others.length + 1 },
    significance: { p: expect.closeTo(twoProportions(own, countsOf('E92000001'))!.p, 10) },
  })
})
