import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Target } from '../../src/targets/target-store.ts'
import {
  type ComparisonApp,
  comparisonApp,
  KIRKLEES,
  loadKnown,
  SHEFFIELD,
  stabilityFile,
} from '../support/comparison-app.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
let service: ComparisonApp

const URL = `/v1/authorities/${KIRKLEES}/scorecard`
const ENGLAND = 'E92000001'

beforeAll(async () => {
  database = await newDatabase()
  service = await comparisonApp(database.database)
  await service.publish(
    stabilityFile([
      [SHEFFIELD, 2025, 9, 9, 100],
      ['E08000008', 2025, 11, 11, 100],
      [ENGLAND, 2025, 10, 8500, 81770],
    ]),
  )
  // 12 of 80 children had three placements in 2024-25, 4 of 75 the year before, none of 75 the year before that.
  await loadKnown(database.database, KIRKLEES, { since2020: 75, moving: { 2024: 4, 2025: 12 }, starting: 5 })
})
afterAll(async () => {
  await service?.app.close()
  await database?.drop()
})
beforeEach(() => service.setTargets([]))

const target = (facts: Partial<Target>): Target => ({
  indicator: 'three-plus-placements-pct',
  period: '2024-25',
  value: 12,
  amber: 16,
  commentary: 'Two homes closed in the autumn.',
  setBy: 'performance-team',
  setAt: '2024-04-02T09:00:00.000Z',
  ...facts,
})

interface Row {
  readonly indicator: string
  readonly value: number | null
  readonly rag: string | null
  readonly ragReason: string | null
  readonly commentary: string | null
  readonly [member: string]: unknown
}

async function rowsAt(query = ''): Promise<Row[]> {
  const answer = await service.client.get(`${URL}${query}`)
  expect(answer.statusCode, answer.body.slice(0, 1000)).toBe(200)
  return answer.json().rows
}
const rowOf = async (id: string, query = ''): Promise<Row> =>
  (await rowsAt(query)).find(({ indicator }) => indicator === id)!

describe('a scorecard', () => {
  test('has the headline indicators of the latest year unless told otherwise', async () => {
    const answer = (await service.client.get(URL)).json()
    expect(answer).toMatchObject({
      authority: { code: KIRKLEES, name: 'Kirklees' },
      period: '2024-25',
      audience: 'internal',
    })
    expect(answer.rows.map(({ indicator }: Row) => indicator)).toEqual([
      'cla-count',
      'uasc-count',
      'cla-starters',
      'cla-leavers',
      'three-plus-placements-pct',
      'same-carer-two-years-pct',
      'placement-changes',
      'three-plus-social-workers-pct',
    ])
  })

  test('sets a figure beside its target, what it was, and others', async () => {
    service.setTargets([target({})])
    expect(await rowOf('three-plus-placements-pct')).toMatchObject({
      title: 'Children with three or more placements in the year',
      subject: 'stability',
      unit: 'percentage',
      polarity: 'lower-is-better',
      value: 15,
      numerator: 12,
      denominator: 80,
      status: null,
      interval: { method: 'wilson' },
      trend: {
        periods: [
          { period: '2023-24', value: expect.closeTo(400 / 75), status: null },
          { period: '2022-23', value: 0, status: null },
        ],
        direction: 'worsening',
      },
      target: { value: 12, amber: 16, setBy: 'performance-team', setAt: '2024-04-02T09:00:00.000Z' },
      rag: 'amber',
      ragReason: null,
      commentary: 'Two homes closed in the autumn.',
      comparison: [
        { with: 'statistical-neighbours', value: 10, difference: 5, rank: { position: 3, of: 3 } },
        { with: 'region', value: null, rank: { position: 2, of: 2 } },
        { with: 'england', value: 10, difference: 5, rank: { position: 3, of: 3 } },
      ],
    })
  })

  test('measures all its years in one question, and asks for what comparisons need once', async () => {
    await service.client.get(`${URL}?period=2023-24`)
    service.statements()
    // No headline figure: nobody has asked for it.
    await service.client.get(
      `${URL}?period=2024-25&indicators=one-placement-in-two-years-pct,cla-12-months-count`,
    )
    const statements = service.statements()
    expect(statements.filter((name) => name === 'figures.looked-after-at')).toHaveLength(1)
    expect(statements.filter((name) => name === 'comparison.neighbours')).toEqual([])
    expect(statements.filter((name) => name === 'comparison.published').length).toBeLessThanOrEqual(6)
  })

  test('counts nothing of which more was counted already, for these years or others', async () => {
    await service.client.get(`${URL}?period=2024-25`)
    service.statements()
    await service.client.get(`${URL}?period=2024-25&indicators=three-plus-placements-pct`)
    expect(service.statements().filter((name) => name.startsWith('figures.looked-after'))).toEqual([])
  })

  test.each([
    [{ value: 15, amber: null }, 'green'],
    [{ value: 14.9, amber: null }, 'red'],
    [{ value: 12, amber: 14 }, 'red'],
  ])('with the target %o is %s', async (aim, rag) => {
    service.setTargets([target(aim)])
    expect((await rowOf('three-plus-placements-pct')).rag).toBe(rag)
  })

  test('has no colour without a target, a figure, or a right side', async () => {
    service.setTargets([
      target({ value: null, amber: null }),
      target({ indicator: 'cla-count' }),
      target({ indicator: 'three-plus-social-workers-pct' }),
      target({ indicator: 'placement-changes', period: '2023-24' }),
    ])
    const reasons = new Map(
      (await rowsAt()).map(({ indicator, rag, ragReason }) => [indicator, [rag, ragReason]]),
    )
    expect(reasons.get('three-plus-placements-pct')).toEqual([null, 'No target is set for the period.'])
    expect(reasons.get('cla-count')![1]).toContain('Neither way')
    expect(reasons.get('placement-changes')![1]).toContain('No target')
    const commented = await rowOf('three-plus-placements-pct')
    expect(commented).toMatchObject({ target: null, commentary: 'Two homes closed in the autumn.' })
    service.setTargets([target({ period: '2021-22' })])
    const missing = await rowOf('three-plus-placements-pct', '?period=2021-22')
    expect(missing).toMatchObject({
      value: null,
      status: 'x',
      rag: null,
      ragReason: 'The figure is not available.',
    })
  })

  test('comes as a table with a row for each indicator', async () => {
    service.setTargets([target({ commentary: '=HYPERLINK("x")' })])
    const answer = await service.client.get(`${URL}?indicators=three-plus-placements-pct,cla-count`, {
      accept: 'text/csv',
    })
    const [header, ...rows] = answer.body.trim().split('\r\n')
    expect(header).toMatch(
      /^new_la_code,la_name,period,subject,indicator,.*,target,target_amber,rag,.*,statistical_neighbours_rank,.*,england_difference,.*,trend_direction,.*,trend_2_status$/,
    )
    expect(rows.map((row) => row.split(',').slice(0, 5))).toEqual([
      [KIRKLEES, 'Kirklees', '2024-25', 'cohort', 'cla-count'],
      [KIRKLEES, 'Kirklees', '2024-25', 'stability', 'three-plus-placements-pct'],
    ])
    expect(rows[1]).toContain('12,16,amber')
    expect(rows[1]).toContain(`"'=HYPERLINK(""x"")"`)
    expect(answer.headers['content-disposition']).toContain(`scorecard-${KIRKLEES}-2024-25.csv`)
  })
})

describe('the validator of a scorecard', () => {
  test('changes with a target, with what is compared, and with the form', async () => {
    const first = await service.client.get(URL)
    const tag = first.headers.etag as string
    expect((await service.client.get(URL, { 'if-none-match': tag })).statusCode).toBe(304)
    expect((await service.client.get(`${URL}?format=csv`)).headers.etag).not.toBe(tag)

    service.setTargets([target({})])
    const aimed = await service.client.get(URL, { 'if-none-match': tag })
    expect(aimed.statusCode).toBe(200)
    service.setTargets([target({ commentary: 'Another word.' })])
    expect((await service.client.get(URL)).headers.etag).not.toBe(aimed.headers.etag)

    service.setTargets([])
    expect((await service.client.get(URL)).headers.etag).toBe(tag)
    await service.publish(stabilityFile([[ENGLAND, 2025, 11, 9000, 81770]]))
    const published = await service.client.get(URL, { 'if-none-match': tag })
    expect(published.statusCode).toBe(200)
    const csv = await service.client.get(`${URL}?format=csv`)
    const again = await service.client.get(`${URL}?format=csv`, {
      'if-none-match': csv.headers.etag as string,
    })
    expect(again.statusCode).toBe(304)
  })
})

describe('what a scorecard refuses', () => {
  test('is named all at once', async () => {
    const answer = await service.client.get(`${URL}?period=2025Q9&indicators=nothing-pct`)
    expect(answer.statusCode).toBe(404)
    const pointers = answer.json().errors.map(({ pointer }: { pointer: string }) => pointer)
    expect(new Set(pointers)).toEqual(new Set(['/query/period', '/query/indicators']))
  })

  test('is an authority that the caller may not see', async () => {
    expect((await service.as([SHEFFIELD]).get(URL)).statusCode).toBe(404)
    expect((await service.as([KIRKLEES]).get(URL)).statusCode).toBe(200)
  })
})
