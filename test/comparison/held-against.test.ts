import { describe, expect, test } from 'vitest'
import { compareObservations } from '../../src/comparison/compare-observations.ts'
import { type Against, compareWith, type OthersFigure } from '../../src/comparison/comparison.ts'
import type { ComparisonBasis } from '../../src/comparison/comparison-basis.ts'
import { newPublishedBook } from '../../src/comparison/published-book.ts'
import type { PublishedAsk, PublishedFigure } from '../../src/comparison/published-figures.ts'
import { trendsOf } from '../../src/comparison/trend.ts'
import type { IndicatorDefinition } from '../../src/indicators/definition.ts'
import type { Reading } from '../../src/indicators/figures.ts'
import type { Observation } from '../../src/indicators/observation.ts'
import type { Transaction } from '../../src/platform/database/database.ts'
import { catalogue } from '../../src/service.ts'

const indicator = (id: string): IndicatorDefinition => catalogue.find(id)!
const PERCENTAGE = indicator('three-plus-placements-pct')
const RATE = indicator('cla-rate-per-10k')
const STARTERS_RATE = indicator('cla-starters-rate-per-10k')
const MEAN = indicator('cla-length-of-time-in-care')

const own = (facts: Partial<Observation>): Observation => ({
  indicator: PERCENTAGE.id,
  authority: 'E08000034',
  period: '2024-25',
  breakdown: {},
  unit: 'percentage',
  value: 11.5,
  numerator: 46,
  denominator: 400,
  status: null,
  interval: null,
  ...facts,
})

const figure = (value: number | null, facts: Partial<OthersFigure> = {}): OthersFigure => ({
  value,
  status: value === null ? 'c' : null,
  numerator: value,
  denominator: 100,
  decimals: 0,
  ...facts,
})

const against = (facts: Partial<Against>): Against => ({
  with: 'england',
  areas: ['E92000001'],
  setYear: null,
  figure: figure(10, { numerator: 8000, denominator: 80000 }),
  authorities: [9, 11, 12, 13].map((value) => figure(value)),
  period: '2024-25',
  samePeriod: true,
  basis: 'published',
  source: null,
  ...facts,
})

const NOTHING_DERIVED = { difference: null, rank: null, band: null, significance: null }

describe('a figure held against published ones', () => {
  test('is rounded half up to their decimals first, and ties with its equals', () => {
    // 11.5 becomes 12: behind 9 and 11, beside 12.
    expect(compareWith(own({}), PERCENTAGE, against({}))).toMatchObject({
      decimals: 0,
      difference: 2,
      rank: { position: 3, of: 5 },
    })
    expect(compareWith(own({ value: 11.49 }), PERCENTAGE, against({}))).toMatchObject({
      difference: 1,
      rank: { position: 2, of: 5 },
    })
  })

  test('keeps the decimals that any of them has', () => {
    const authorities = [figure(11.4, { decimals: 1 }), figure(12)]
    expect(compareWith(own({ value: 11.44 }), PERCENTAGE, against({ authorities }))).toMatchObject({
      decimals: 1,
      difference: 1.4,
      rank: { position: 1, of: 3 },
    })
  })

  test.each(['c', 'z', 'x'] as const)('has nothing derived where it is %s itself', (status) => {
    const withheld = own({ value: null, numerator: null, denominator: null, status })
    const comparison = compareWith(withheld, PERCENTAGE, against({}))
    expect(comparison).toMatchObject({ value: 10, ...NOTHING_DERIVED })
    expect(comparison.reasons.rank).toContain(status === 'c' ? 'withheld' : 'not available')
  })

  test.each(['c', 'k', 'u', 'low'])('has nothing derived where the other is %s', (status) => {
    const suppressed = against({ figure: figure(null, { status }) })
    expect(compareWith(own({}), PERCENTAGE, suppressed)).toMatchObject({
      value: null,
      status,
      method: null,
      ...NOTHING_DERIVED,
    })
  })

  test('is suppressed with neighbours of whom all are, and not where one is not', () => {
    const neighbours = { with: 'statistical-neighbours', figure: undefined } as const
    const all = against({ ...neighbours, authorities: [figure(null), figure(null)] })
    expect(compareWith(own({}), PERCENTAGE, all)).toMatchObject({
      value: null,
      status: 'c',
      ...NOTHING_DERIVED,
    })
    const some = against({ ...neighbours, authorities: [figure(null), figure(10), figure(13)] })
    expect(compareWith(own({}), PERCENTAGE, some)).toMatchObject({
      value: 11.5,
      status: null,
      authoritiesWithValue: 2,
      difference: 0.5,
      rank: { position: 2, of: 3 },
      band: null,
    })
  })

  test('is ranked among authorities also where the area itself has no figure', () => {
    expect(compareWith(own({}), PERCENTAGE, against({ figure: undefined }))).toMatchObject({
      value: null,
      status: 'x',
      difference: null,
      rank: { position: 3, of: 5 },
      significance: null,
    })
  })
})

describe('the test of the difference', () => {
  const tested = (definition: IndicatorDefinition, one: Partial<Observation>, of: Partial<Against>) => {
    const { significance, reasons } = compareWith(own(one), definition, against(of))
    return significance ?? reasons.significance
  }

  test('takes counts that are rounded to 10 only where they are 100 or more', () => {
    const england = (numerator: number, denominator: number) => ({
      figure: figure(10, { numerator, denominator }),
    })
    expect(tested(PERCENTAGE, {}, england(100, 1000))).toMatchObject({ test: 'two-proportion-z' })
    expect(tested(PERCENTAGE, {}, england(90, 1000))).toContain('rounded to 10')
    expect(tested(PERCENTAGE, {}, england(910, 1000))).toContain('rounded to 10')
  })

  test('of rates is that of two Poisson rates', () => {
    // 640 of 98,000 against 81,770 of 12,183,016: 82,410 together, of which 657.61 were to be expected of the first.
    const rate = { unit: 'rate-per-10000', value: 65.3, numerator: 640, denominator: 98000 } as const
    const england = { figure: figure(67, { numerator: 81770, denominator: 12183016 }) }
    expect(tested(RATE, rate, england)).toEqual({
      test: 'poisson-rates',
      p: expect.closeTo(0.4905, 3),
      level: 0.05,
      significant: false,
    })
  })

  test('is none for a mean, between periods, and where counts are not published', () => {
    expect(tested(MEAN, { unit: 'days' }, {})).toContain('lie apart')
    expect(tested(PERCENTAGE, {}, { samePeriod: false })).toContain('periods differ')
    expect(tested(PERCENTAGE, {}, { figure: figure(10, { numerator: null }) })).toContain('not all known')
  })
})

test('a count of a part of its period is held against nothing, a percentage is', () => {
  const partly = { incomplete: true, asAt: '2024-12-31' } as const
  const rate = own({ ...partly, unit: 'rate-per-10000', numerator: 20, denominator: 98000 })
  const comparison = compareWith(rate, STARTERS_RATE, against({}))
  expect(comparison).toMatchObject({ value: 10, ...NOTHING_DERIVED })
  expect(comparison.reasons.rank).toContain('in part only')
  expect(compareWith(own(partly), PERCENTAGE, against({})).rank).not.toBeNull()
})

/* ---- for the public -------------------------------------------------------------------------------------------- */

const BASIS: ComparisonBasis = {
  text: '',
  comparators: 'v1',
  setYear: 2025,
  neighboursOf: () => ['E08000019', 'E08000008'],
}

function readingOf(figures: readonly Observation[] = []): Reading & { readonly questions: unknown[] } {
  const questions: unknown[] = []
  return {
    questions,
    transaction: {} as Transaction,
    versions: new Map([['E08000019', 'some']]),
    holdings: new Map(),
    latestPeriodOf: () => {
      throw new Error('not asked for')
    },
    compute: async (question) => {
      questions.push(question)
      return [...figures]
    },
    observe: () => Promise.reject(new Error('not asked for')),
  }
}

describe('for the public', () => {
  const compared = [{ observation: own({}), definition: PERCENTAGE }]
  const ask = { comparators: ['statistical-neighbours'] as const, mayRead: () => true }
  const ofNeighbour = own({ authority: 'E08000019', value: 20, numerator: 20, denominator: 100 })

  test('nothing is computed from the records of others', async () => {
    const book = newPublishedBook(async () => [])
    const reading = readingOf([ofNeighbour])
    const [[publicly]] = (await compareObservations(reading, BASIS, book, compared, {
      ...ask,
      audience: 'public',
    })) as [[unknown]]
    expect(publicly).toMatchObject({ value: null, rank: null })
    expect(reading.questions).toEqual([])
    const [[internally]] = (await compareObservations(reading, BASIS, book, compared, {
      ...ask,
      audience: 'internal',
    })) as [[unknown]]
    expect(internally).toMatchObject({ value: 20, basis: 'computed' })
  })

  test('earlier figures are asked for as the public may have them; a withheld one tells no change', async () => {
    const withheld = own({
      period: '2023-24',
      value: null,
      numerator: null,
      denominator: null,
      status: 'c',
    })
    const reading = readingOf([withheld])
    const [trend] = await trendsOf(reading, compared, { length: 1, audience: 'public' })
    expect(reading.questions).toMatchObject([{ audience: 'public' }])
    expect(trend).toEqual({
      periods: [{ period: '2023-24', value: null, status: 'c' }],
      changeFromPrevious: null,
      changeFromYearBefore: null,
      direction: null,
      significance: null,
      reason: 'The figure of the year before is withheld.',
    })
  })

  test('a category that is not given is not told to be empty', async () => {
    const age = { observation: own({ breakdown: { age: '11' } }), definition: indicator('cla-count') }
    const total = own({ indicator: 'three-plus-placements-pct', period: '2023-24', value: 75 })
    const earlier = async (audience: 'internal' | 'public') =>
      (await trendsOf(readingOf([total]), [age], { length: 1, audience }))[0]!.periods[0]
    expect(await earlier('internal')).toMatchObject({ value: 0, status: null })
    expect(await earlier('public')).toMatchObject({ value: null, status: 'x' })
  })
})

/* ---- the book of published figures ------------------------------------------------------------------------------ */

describe('published figures', () => {
  const published = (facts: Partial<PublishedFigure>): PublishedFigure => ({
    indicator: PERCENTAGE.id,
    breakdown: {},
    area: 'E92000001',
    areaLevel: 'national',
    period: '2024-25',
    value: 10,
    status: null,
    numerator: null,
    denominator: null,
    decimals: 0,
    source: { title: 'T', table: 't', layout: 'l' },
    ...facts,
  })

  test('are read once for a version, also where there are none', async () => {
    const asked: PublishedAsk[] = []
    const book = newPublishedBook(async (_, ask) => {
      asked.push(ask)
      return ask.indicators.includes(PERCENTAGE.id) ? [published({}), published({ value: 99 })] : []
    })
    const transaction = {} as Transaction
    const ask = (version: string, ids: readonly string[]) =>
      book.of(transaction, version, { indicators: ids, period: '2024-25', breakdowns: [] })
    const found = await ask('v1', [PERCENTAGE.id, RATE.id])
    expect(found.get(PERCENTAGE.id)!.get('')!.get('E92000001')!.value).toBe(10)
    expect(found.get(RATE.id)!.size).toBe(0)
    await ask('v1', [RATE.id, PERCENTAGE.id])
    expect(asked).toHaveLength(1)
    await ask('v2', [PERCENTAGE.id])
    expect(asked).toHaveLength(2)
  })

  test('of a category are found in whichever order its dimensions stand; what is not available looks further back', async () => {
    const breakdown = { sex: 'male', 'age-band': '10-to-15' }
    const book = newPublishedBook(async (_, { periods }) =>
      periods.includes('2024-25')
        ? [published({ breakdown, value: null, status: 'x' })]
        : periods.includes('2022-23')
          ? [published({ breakdown, period: '2022-23', value: 8 })]
          : [],
    )
    const observation = own({ breakdown: { 'age-band': '10-to-15', sex: 'male' } })
    const compared = [{ observation, definition: PERCENTAGE }]
    const ask = { comparators: ['england'] as const, audience: 'public' as const, mayRead: () => true }
    const [[england]] = (await compareObservations(readingOf(), BASIS, book, compared, ask)) as [[unknown]]
    expect(england).toMatchObject({ value: 8, period: '2022-23', difference: 4, significance: null })
  })
})
