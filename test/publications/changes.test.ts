import { describe, expect, test } from 'vitest'
import type { IndicatorDefinition } from '../../src/indicators/definition.ts'
import { calculationOf, definitionInWords } from '../../src/indicators/definition-in-words.ts'
import { changesOf, type Today } from '../../src/publications/changes.ts'
import type { FrozenDefinition, PublicationContent } from '../../src/publications/content.ts'
import { earlierPeriods } from '../../src/publications/freeze.ts'
import type { ReturnMove } from '../../src/returns/return-moves.ts'
import { catalogue } from '../../src/service.ts'
import { parsePeriod } from '../../src/vocabulary/period.ts'
import { figure, frozenContent } from '../support/frozen-content.ts'

const frozen = (id: string): FrozenDefinition => {
  const indicator = catalogue.find(id)!
  return { ...definitionInWords(indicator), calculation: calculationOf(indicator) }
}

/** A stock, which looks at one day, and a share over two years. */
const [STOCK, TWO_YEARS] = ['cla-count', 'three-plus-placements-two-years-pct'] as const

const CONTENT = frozenContent({
  indicators: [frozen(STOCK), frozen(TWO_YEARS)],
  observations: [
    figure(STOCK, '2024-25', { value: 120 }),
    figure(STOCK, '2024-25', { status: 'c', breakdown: { sex: 'male' } }),
    figure(TWO_YEARS, '2024-25', { value: 10, numerator: 12, denominator: 120 }),
  ],
})

const todayOf = (given: Partial<Today> = {}, content: PublicationContent = CONTENT): Today => ({
  observations: content.observations,
  dataVersion: content.dataVersion,
  recordsVersion: content.recordsVersion,
  reference: content.reference,
  software: content.software,
  disclosure: content.disclosure,
  returns: [],
  find: catalogue.find,
  ...given,
})
const moved = (values: Readonly<Record<string, number>>) =>
  CONTENT.observations.map((one) =>
    values[one.indicator] !== undefined && one.value !== null
      ? { ...one, value: values[one.indicator]! }
      : one,
  )
const move = (id: string, year: number, given: Partial<ReturnMove> = {}): ReturnMove => ({
  id,
  year,
  move: 'loaded',
  at: '2025-07-01T00:00:00.000Z',
  by: 'loader',
  counts: true,
  ...given,
})

describe('a comparison with today', () => {
  test('finds nothing where nothing moved', () => {
    expect(changesOf(CONTENT, todayOf())).toMatchObject({ unchanged: 3, figures: [], definitions: [] })
  })

  test('tells what moved, appeared and went, and a change of status', () => {
    const { figures, unchanged } = changesOf(
      CONTENT,
      todayOf({
        observations: [
          figure(STOCK, '2024-25', { status: 'c' }),
          figure(STOCK, '2024-25', { value: 60, breakdown: { sex: 'male' } }),
          figure(STOCK, '2024-25', { value: 0, breakdown: { sex: 'unknown' } }),
        ],
      }),
    )
    expect(unchanged).toBe(0)
    expect(
      figures.map(({ change, from, to, difference }) => [change, from?.value, to?.value, difference]),
    ).toEqual([
      ['moved', 120, null, null],
      ['moved', null, 60, null],
      ['gone', 10, undefined, null],
      ['appeared', undefined, 0, null],
    ])
    expect(figures[0]!.to!.status).toBe('c')
  })

  test('goes by the parts of a figure too, not by how its breakdown was written', () => {
    const { figures, unchanged } = changesOf(
      CONTENT,
      todayOf({
        observations: CONTENT.observations.map((one) =>
          one.indicator === TWO_YEARS ? { ...one, numerator: 13, denominator: 130 } : one,
        ),
      }),
    )
    expect([unchanged, figures]).toEqual([
      2,
      [expect.objectContaining({ indicator: TWO_YEARS, difference: 0 })],
    ])
  })
})

describe('what moved a figure', () => {
  const causes = (today: Partial<Today>) =>
    Object.fromEntries(
      changesOf(
        CONTENT,
        todayOf({ observations: moved({ [STOCK]: 121, [TWO_YEARS]: 11 }), ...today }),
      ).figures.map(({ indicator, movedBy }) => [indicator, movedBy]),
    )

  test('are the returns for the years that it looks at', () => {
    expect(causes({ returns: [move('r24', 2024), move('r25', 2025), move('r22', 2022)] })).toEqual({
      [STOCK]: [{ cause: 'return', return: 'r25' }],
      [TWO_YEARS]: [
        { cause: 'return', return: 'r24' },
        { cause: 'return', return: 'r25' },
      ],
    })
  })

  test('is a return of another year where there is none for its own', () => {
    expect(causes({ returns: [move('r24', 2024)] })).toEqual({
      [STOCK]: [{ cause: 'return-of-another-year', return: 'r24' }],
      [TWO_YEARS]: [{ cause: 'return', return: 'r24' }],
    })
  })

  test('is no return that came and went again', () => {
    expect(causes({ returns: [move('r25', 2025, { counts: false })], recordsVersion: 'w' })).toEqual({
      [STOCK]: [{ cause: 'records' }],
      [TWO_YEARS]: [{ cause: 'records' }],
    })
  })

  test('is reference data, another profile, or the software where nothing else is known', () => {
    const reference = [{ kind: 'postcodes', version: 'p2' }]
    expect(changesOf(CONTENT, todayOf({ reference })).reference).toEqual([
      { kind: 'postcodes', from: null, to: 'p2' },
    ])
    expect(causes({ reference })[STOCK]).toEqual([{ cause: 'reference' }])
    const disclosure = { ...CONTENT.disclosure, parameters: { largestWithheld: 9 } }
    expect(causes({ disclosure })[STOCK]).toEqual([{ cause: 'disclosure' }])
    const software = { ...CONTENT.software, edition: 'e2' }
    expect(causes({ software })[STOCK]).toEqual([{ cause: 'software' }])
    expect(causes({ software, returns: [move('r25', 2025)] })[STOCK]).toEqual([
      { cause: 'return', return: 'r25' },
    ])
  })
})

describe('a definition that the software has changed', () => {
  const stock = catalogue.find(STOCK)!
  const withStock = (changed: IndicatorDefinition | undefined): Partial<Today> => ({
    find: (id) => (id === STOCK ? changed : catalogue.find(id)),
  })

  test.each([
    ['in words', { ...stock, definition: 'Something else.' }, 'words'],
    ['in what it counts', { ...stock, counted: 'false' } as IndicatorDefinition, 'calculation'],
    ['in its population', { ...stock, population: { ...stock.population, text: 'select 1' } }, 'calculation'],
    [
      'in both',
      { ...stock, title: 'Other', lookBack: 'year' } as IndicatorDefinition,
      'words-and-calculation',
    ],
    ['to nothing', undefined, 'gone'],
  ])('%s', (_how, changed, change) => {
    expect(changesOf(CONTENT, todayOf(withStock(changed))).definitions).toEqual([
      { indicator: STOCK, change },
    ])
  })

  test('is a cause of what moved, unless it is in words only', () => {
    const observations = moved({ [STOCK]: 1 })
    const causesWith = (changed: IndicatorDefinition) =>
      changesOf(CONTENT, todayOf({ observations, ...withStock(changed) })).figures[0]!.movedBy
    expect(causesWith({ ...stock, counted: 'false' } as IndicatorDefinition)).toEqual([
      { cause: 'definition' },
    ])
    expect(causesWith({ ...stock, definition: 'Something else.' })).toEqual([])
  })
})

describe('the earlier periods that are frozen', () => {
  const earlier = (...labels: string[]) =>
    earlierPeriods(labels.map((label) => parsePeriod(label)!)).map(({ label }) => label)

  test('are four years of the same kind, those asked for left out', () => {
    expect(earlier('2024-25')).toEqual(['2020-21', '2021-22', '2022-23', '2023-24'])
    expect(earlier('2023-24', '2024-25')).toEqual(['2019-20', '2020-21', '2021-22', '2022-23'])
    expect(earlier('2024-25Q2')).toEqual(['2020-21Q2', '2021-22Q2', '2022-23Q2', '2023-24Q2'])
    expect(earlier('2025-03-31')).toEqual(['2021-03-31', '2022-03-31', '2023-03-31', '2024-03-31'])
  })

  test('are none whose label means something else', () => {
    // 2010-11 is a month, and no reporting year here.
    expect(earlier('2013-14')).toEqual(['2012-13'])
  })
})
