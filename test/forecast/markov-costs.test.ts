import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { costsByQuarter, type Prices, roundHalfToEven } from '../../src/forecast/markov/costs.ts'
import { normaliseProportions } from '../../src/forecast/markov/proportions.ts'
import { decimal, minus, over, plus, times, toNumber } from '../../src/forecast/markov/six-digits.ts'
import { stateIndex, zeroByState } from '../../src/forecast/markov/states.ts'
import type { Proportions } from '../../src/forecast/markov/statistics.ts'
import { COST_ITEMS, type CostItem } from '../../src/forecast/placement-groups.ts'
import type { Day } from '../../src/vocabulary/day.ts'

const MEASURED: Proportions = new Map<CostItem, number | null>([
  ['fostering-friend-or-relative', 0.25],
  ['fostering-in-house', 0.25],
  ['fostering-agency', 0.5],
  ['residential-in-house', null],
  ['residential-external', null],
  ['supported-accommodation', 1],
  ['secure-home', 0],
  ['placed-with-family', 0.375],
  ['other', 0.625],
])

const PRICES: Prices = {
  perWeek: Object.fromEntries(COST_ITEMS.map((item) => [item, 700])) as Record<CostItem, number>,
  proportions: MEASURED,
}

/** So many days of children fostered and in children's homes of ten to fifteen. */
const daysOf = (count: number, fostered: number, residential = 0): Float64Array[] =>
  Array.from({ length: count }, () => {
    const population = zeroByState()
    population[stateIndex('10-to-15', 'fostering')] = fostered
    population[stateIndex('10-to-15', 'residential')] = residential
    population[stateIndex('10-to-15', 'not-in-care')] = 50
    return population
  })

const total = (costs: ReadonlyMap<CostItem, number | null>): number =>
  [...costs.values()].reduce<number>((sum, cost) => sum + (cost ?? 0), 0)

describe('costs', () => {
  test('are the share of each kind at its daily price, by calendar quarter', () => {
    const quarters = costsByQuarter('2025-06-29' as Day, daysOf(4, 8), PRICES)
    expect(quarters.map(({ from, to }) => [from, to])).toEqual([
      ['2025-04-01', '2025-06-30'],
      ['2025-07-01', '2025-09-30'],
    ])
    expect(quarters.map(({ costs }) => costs.get('fostering-agency'))).toEqual([800, 800])
    expect(quarters.map(({ costs }) => costs.get('fostering-in-house'))).toEqual([400, 400])
    expect(quarters.map(({ costs }) => costs.get('supported-accommodation'))).toEqual([0, 0])
  })

  test.each([
    [7.5, 8],
    [8.5, 8],
    [8.51, 9],
    [0.49, 0],
  ])('count %s children of a state as %s', (expected, counted) => {
    const [quarter] = costsByQuarter('2025-05-01' as Day, daysOf(1, expected), PRICES)
    expect(total(quarter!.costs)).toBe(counted * 100)
  })

  test('are not known where the share is not, but nobody costs nothing', () => {
    const [without] = costsByQuarter('2025-05-01' as Day, daysOf(1, 4), PRICES)
    expect(without!.costs.get('residential-external')).toBe(0)
    const [quarter] = costsByQuarter('2025-05-01' as Day, [...daysOf(1, 4, 2), ...daysOf(1, 4)], PRICES)
    expect(quarter!.costs.get('residential-external')).toBeNull()
    expect(quarter!.costs.get('fostering-agency')).toBe(400)
  })

  test('rise on each anniversary of the first day, to six digits', () => {
    const perWeek = { ...PRICES.perWeek, 'supported-accommodation': 1000 }
    const population = zeroByState()
    population[stateIndex('16-and-over', 'supported')] = 1
    const quarters = costsByQuarter(
      '2024-04-01' as Day,
      Array.from({ length: 731 }, () => population),
      {
        ...PRICES,
        perWeek,
        yearlyInflation: 0.03,
      },
    )
    const spent = quarters.map(({ costs }) => costs.get('supported-accommodation'))
    // 142.857142857142… a day, then 147.143, then 151.557.
    expect(spent[0]).toBe(13000)
    expect(spent[4]).toBe(roundHalfToEven(147.143 * 91, 2))
    expect(spent[8]).toBe(151.56)
  })

  test('rise on 28 February where the first day is the 29th, and on the 28th ever after', () => {
    const quarters = costsByQuarter('2024-02-29' as Day, daysOf(1462, 4), { ...PRICES, yearlyInflation: 1 })
    const first = (from: string): number => total(quarters.find((quarter) => quarter.from === from)!.costs)
    // January and February 2025: 58 days at 400 until the 27th, then the 28th and all of March at 800.
    expect(first('2025-01-01')).toBe(58 * 400 + 32 * 800)
    expect(first('2028-01-01')).toBe(58 * 400 * 8 + 2 * 400 * 16)
  })
})

describe('shares that a scenario supposes', () => {
  const shares = (supposed: Partial<Record<CostItem, number>>, items: CostItem[]): (number | null)[] => {
    const proportions = normaliseProportions(MEASURED, supposed)
    return items.map((item) => proportions.get(item)!)
  }
  const FOSTERING: CostItem[] = ['fostering-friend-or-relative', 'fostering-in-house', 'fostering-agency']

  test('stand, and the others share what is left as they did', () => {
    expect(shares({ 'fostering-agency': 0.4 }, FOSTERING)).toEqual([0.3, 0.3, 0.4])
  })

  test('that make 1 or more are scaled to 1, and the others are 0', () => {
    expect(shares({ 'fostering-agency': 0.9, 'fostering-in-house': 0.3 }, FOSTERING)).toEqual([0, 0.25, 0.75])
  })

  test('that make 1 with what was measured are left as they are', () => {
    expect(shares({ 'fostering-agency': 0.5 }, FOSTERING)).toEqual([0.25, 0.25, 0.5])
  })

  test('are scaled up to 1 where nothing else was measured', () => {
    expect(shares({ 'residential-external': 0.4 }, ['residential-in-house', 'residential-external'])).toEqual(
      [0, 1],
    )
  })

  test('are scaled to six digits', () => {
    expect(shares({ 'fostering-agency': 1 / 3 }, FOSTERING)).toEqual([0.333332, 0.333332, 1 / 3])
  })

  test('leave a group unknown of which nothing is known', () => {
    expect(shares({ 'fostering-agency': 0.4 }, ['residential-in-house', 'residential-external'])).toEqual([
      null,
      null,
    ])
  })

  test('are what costs are reckoned with', () => {
    const [quarter] = costsByQuarter('2025-05-01' as Day, daysOf(1, 10), {
      ...PRICES,
      adjustedProportions: { 'fostering-agency': 0.4 },
    })
    expect(FOSTERING.map((item) => quarter!.costs.get(item))).toEqual([300, 300, 400])
  })
})

describe('six significant digits', () => {
  test.each([
    ['1/3', over(decimal(1), decimal(3)), 0.333333],
    ['2/3', over(decimal(2), decimal(3)), 0.666667],
    ['1/1.2', over(decimal(1), decimal(1.2)), 0.833333],
    ['-1/3', over(decimal(-1), decimal(3)), -0.333333],
    ['1000005/10, half to the even digit', over(decimal(1000005), decimal(10)), 100000],
    ['1000015/10, half to the even digit', over(decimal(1000015), decimal(10)), 100002],
    ['just above a half', over(decimal(3000015.0000001), decimal(30)), 100001],
    ['100/7 × 1.03', times(decimal(100 / 7), decimal(1.03)), 14.7143],
    ['1e-7 × 3', times(decimal(1e-7), decimal(3)), 3e-7],
    ['1 − 0.999', minus(decimal(1), decimal(0.999)), 0.001],
    ['999999 + 1', plus(decimal(999999), decimal(1)), 1000000],
    ['999999.5 + 0', plus(decimal(999999.5), decimal(0)), 1000000],
    ['0 / 7', over(decimal(0), decimal(7)), 0],
  ])('%s', (_, actual, expected) => {
    expect(toNumber(actual)).toBe(expected)
  })

  test('differ from the exact number by no more than half of the sixth', () => {
    const numbers = fc.double({ min: 1e-6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        for (const [actual, exact] of [
          [over(decimal(a), decimal(b)), a / b],
          [times(decimal(a), decimal(b)), a * b],
          [plus(decimal(a), decimal(b)), a + b],
        ] as const)
          expect(Math.abs(toNumber(actual) / exact - 1)).toBeLessThan(5.0001e-6)
      }),
      { numRuns: 300, seed: 905 },
    )
  })
})

test.each([
  [0.5, 0, 0],
  [1.5, 0, 2],
  [2.5, 0, 2],
  [-0.5, 0, 0],
  [-1.5, 0, -2],
  [0.125, 2, 0.12],
  [0.375, 2, 0.38],
])('%s is rounded to %s decimals as %s', (value, decimals, rounded) => {
  expect(roundHalfToEven(value, decimals) + 0).toBe(rounded)
})
