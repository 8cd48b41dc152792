import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Observation } from '../../src/indicators/observation.ts'
import { catalogue, type FiguresApp, figuresApp, loadCouncil, READER_KEY } from '../support/figures-app.ts'
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

interface Page {
  readonly data: readonly {
    readonly child: string
    readonly day: string
    readonly inNumerator: boolean
    readonly measured?: number
    readonly categories: Readonly<Record<string, string>>
  }[]
  readonly next: string | null
  readonly status: string | null
  readonly reason?: string
  readonly wouldBeSuppliedBy?: readonly string[]
}

async function everyChild(indicator: string, query: string): Promise<Page['data']> {
  const rows: Page['data'][number][] = []
  for (let cursor = ''; ; ) {
    const url = `${HERE}/indicators/${indicator}/children?limit=1000&${query}${cursor}`
    const response = await figures.client.get(url)
    expect(response.statusCode, response.body).toBe(200)
    const page = response.json<Page>()
    rows.push(...page.data)
    if (page.next === null) return rows
    cursor = `&cursor=${page.next}`
  }
}

async function observations(query: string): Promise<Observation[]> {
  const response = await figures.client.get(`${HERE}/observations?${query}`)
  expect(response.statusCode, response.body).toBe(200)
  return response.json<{ data: Observation[] }>().data
}

const expected = ({ value, numerator, denominator }: Observation, unit: string) =>
  unit === 'count'
    ? [value, value]
    : unit === 'percentage'
      ? [numerator, denominator]
      : [denominator, denominator]

describe('the children behind a figure', () => {
  test.each(catalogue.indicators.map((indicator) => [indicator.id, indicator] as const))(
    'are as many as %s says',
    async (id, indicator) => {
      const [observation] = await observations(`indicator=${id}&period=2024-25`)
      const numerator = await everyChild(id, 'period=2024-25')
      const denominator = await everyChild(id, 'period=2024-25&counted=denominator')
      if (observation!.status === 'x') {
        expect([...numerator, ...denominator]).toEqual([])
        return
      }
      expect([numerator.length, denominator.length]).toEqual(expected(observation!, indicator.unit))
      expect(numerator.every(({ inNumerator }) => inNumerator)).toBe(true)
      expect(denominator.filter(({ inNumerator }) => inNumerator)).toHaveLength(numerator.length)
      if (indicator.kind === 'mean') {
        const sum = denominator.reduce((total, { measured }) => total + measured!, 0)
        expect(sum).toBe(observation!.numerator)
      }
    },
  )

  test.each([
    ['cla-count', ['age-band', 'placement-code', 'legal-status-code', 'ethnicity-code', 'age', 'uasc']],
    ['three-plus-placements-pct', ['placement-type', 'age-band*sex']],
    ['placement-changes', ['placement-change-reason', 'category-of-need']],
    ['cla-leavers', ['ceasing-reason']],
    ['placement-duration-days', ['placement-provider']],
  ])('of %s are as many in each category as the breakdown says', async (id, breakdowns) => {
    const unit = catalogue.find(id)!.unit
    for (const breakdown of breakdowns) {
      const given = await observations(`indicator=${id}&period=2024-25&breakdown=${breakdown}`)
      const inCategories = given.filter(({ breakdown: categories }) => Object.keys(categories).length > 0)
      expect(inCategories.length).toBeGreaterThan(1)
      for (const observation of inCategories) {
        const category = Object.entries(observation.breakdown).map((pair) => pair.join(':'))
        const query = `period=2024-25&category=${category}`
        const [numerator, denominator] = [
          await everyChild(id, query),
          await everyChild(id, `${query}&counted=denominator`),
        ]
        expect([numerator.length, denominator.length], category.join()).toEqual(expected(observation, unit))
        for (const child of denominator) expect(child.categories).toMatchObject(observation.breakdown)
      }
    }
  })

  test('come in pages of any size, each once and in order', async () => {
    const url = `${HERE}/indicators/new-placements/children?period=2024-25`
    const whole = await everyChild('new-placements', 'period=2024-25')
    const paged: unknown[] = []
    for (let cursor = ''; ; ) {
      const page = (await figures.client.get(`${url}&limit=7${cursor}`)).json<Page>()
      expect(page.data.length).toBeLessThanOrEqual(7)
      paged.push(...page.data)
      if (page.next === null) break
      cursor = `&cursor=${page.next}`
    }
    expect(paged).toEqual(whole)
    const keys = whole.map(({ child, day }) => `${child} ${day}`)
    expect(keys).toEqual([...keys].sort())
  })

  test('are none, with the reason, where the figure is not available', async () => {
    const response = await figures.client.get(
      `${HERE}/indicators/same-carer-two-years-pct/children?period=2022-23`,
    )
    expect(response.json()).toMatchObject({
      data: [],
      next: null,
      status: 'x',
      wouldBeSuppliedBy: ['2020-21', '2021-22'],
    })
    expect(response.headers['cache-control']).toBe('no-store')
  })

  test('are those of the latest reporting year unless a period is given', async () => {
    const response = await figures.client.get(`${HERE}/indicators/cla-count/children?limit=1`)
    expect(response.json()).toMatchObject({ period: '2024-25', status: null, counted: 'numerator' })
  })
})

describe('a request for children is refused', () => {
  test('without the scope', async () => {
    const response = await figures.client.as(READER_KEY).get(`${HERE}/indicators/cla-count/children`)
    expect(response.statusCode).toBe(403)
  })

  test('with every fault named, and near matches', async () => {
    const response = await figures.client.get(`${HERE}/indicators/cla-cont/children?period=2024/25`)
    expect(response.statusCode).toBe(404)
    const { errors } = response.json<{ errors: { pointer: string; didYouMean?: string[] }[] }>()
    expect(errors.map(({ pointer, didYouMean }) => [pointer, didYouMean?.[0]])).toEqual([
      ['/path/id', 'cla-count'],
      ['/query/period', '2024-25'],
    ])
  })

  test.each([
    ['category=age-bnd:10-to-15', 'unknown-breakdown', 'age-band'],
    ['category=age-band:10-to-16', 'unknown-category', 'age-band:10-to-15'],
    ['category=placements-since-start:up-to-3', 'unknown-breakdown', undefined],
    ['category=sex:male,sex:female', 'repeated', undefined],
    ['category=sex:male,uasc:no,ethnicity:white', 'too-many', undefined],
  ])('with %s', async (query, code, near) => {
    const response = await figures.client.get(`${HERE}/indicators/cla-count/children?${query}`)
    expect(response.statusCode).toBe(400)
    const [fault] = response.json<{ errors: { code: string; didYouMean?: string[] }[] }>().errors
    expect(fault!.code).toBe(code)
    if (near) expect(fault!.didYouMean).toContain(near)
  })

  test('with the cursor of another list', async () => {
    const url = `${HERE}/indicators/cla-count/children?limit=1`
    const { next } = (await figures.client.get(url)).json<Page>()
    const response = await figures.client.get(`${url}&category=sex:male&cursor=${next}`)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({ errors: [{ code: 'invalid-cursor' }] })
  })

  test.each(['count=numerator', 'limit=1001', 'counted=both'])('with %s', async (query) => {
    const response = await figures.client.get(`${HERE}/indicators/cla-count/children?${query}`)
    expect(response.statusCode).toBe(400)
  })
})
