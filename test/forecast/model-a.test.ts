import { describe, expect, test } from 'vitest'
import { type Day, daysBetween, earlierOf } from '../../src/vocabulary/day.ts'
import { expectedOf, samplesOfModelA } from '../support/existing-models.ts'
import {
  ageing,
  combined,
  entrantsOfModelA,
  episodesOfModelA,
  forecastOfModelA,
  OUTSIDE,
  type Rates,
  ratesOfModelA,
  type State,
  stockOfModelA,
} from '../support/model-a.ts'

/** The older of the existing models: its cleaning of returns is ours, and its numbers are reproduced to hold that. */
type Numbers = Readonly<Record<string, number>>
const expected = expectedOf<{
  readonly reference: [Day, Day]
  readonly stock_at: Numbers
  readonly daily_transition_rates: Numbers
  readonly daily_entrants: Numbers
  readonly prediction_step_days: number
  readonly prediction: Readonly<Record<Day, Numbers>>
  readonly stock_total_by_month: Readonly<Record<Day, number>>
}>('a')

describe('on the returns of 2016-17 to 2020-21', () => {
  const [from, to] = expected.reference
  const episodes = episodesOfModelA(samplesOfModelA())
  const stock = stockOfModelA(episodes, to)
  const rates = ratesOfModelA(episodes, from, to)
  const entrants = entrantsOfModelA(episodes, from, to)

  test('2,827 episodes are left by cleaning', () => {
    expect(episodes).toHaveLength(2827)
  })

  test('the children in each state on the last day', () => {
    const there = [...stock].filter(([, children]) => children !== 0)
    const named = Object.entries(expected.stock_at).filter(([, children]) => children !== 0)
    expect(Object.fromEntries(there)).toEqual(Object.fromEntries(named))
  })

  test('every daily rate', () => {
    const named = Object.entries(expected.daily_transition_rates)
    expect(named.length).toBeGreaterThan(40)
    for (const [name, daily] of named) {
      const [origin = '', target = ''] = name.split(' -> ')
      expect(rates.get(origin)?.get(target), name).toBeCloseTo(daily, 12)
    }
    for (const [origin, out] of rates)
      for (const [target, daily] of out)
        if (expected.daily_transition_rates[`${origin} -> ${target}`] === undefined) expect(daily).toBe(0)
  })

  test('who comes in a day', () => {
    expect([...entrants.keys()].sort()).toEqual(Object.keys(expected.daily_entrants).sort())
    for (const [state, daily] of entrants) expect(daily).toBeCloseTo(expected.daily_entrants[state]!, 12)
  })

  test('six steps of 90 days', () => {
    const days = Object.keys(expected.prediction) as Day[]
    const after = forecastOfModelA(
      stock,
      combined(rates, ageing()),
      new Map([[OUTSIDE, entrants]]),
      days.length,
      expected.prediction_step_days,
    )
    for (const [index, day] of days.entries())
      for (const [state, children] of Object.entries(expected.prediction[day]!))
        expect(after[index]!.get(state) ?? 0, `${day} ${state}`).toBeCloseTo(children, 9)
  })

  test('how many were in care at the end of each month', () => {
    const months = Object.entries(expected.stock_total_by_month) as [Day, number][]
    const lastStart = episodes.map(({ decom, dec }) => dec ?? decom).reduce((a, b) => (a > b ? a : b))
    for (const [day, total] of months) {
      const there = [...stockOfModelA(episodes, earlierOf(day, lastStart)).values()]
      expect(
        there.reduce((sum, children) => sum + children, 0),
        day,
      ).toBe(total)
    }
    expect(daysBetween(months[0]![0], months.at(-1)![0])).toBeGreaterThan(3000)
  })
})

describe('moves at a steady rate', () => {
  const stock = new Map([
    ['one', 100],
    ['two', 0],
  ])
  const between = (there: number, back: number): Rates =>
    new Map([
      ['one', new Map([['two', there]])],
      ['two', new Map([['one', back]])],
    ])
  const nothing: Rates = new Map()
  const inOne = (after: ReadonlyMap<State, number>[]): number[] => after.map((state) => state.get('one')!)

  test('no rates, no moves', () => {
    expect(inOne(forecastOfModelA(stock, between(0, 0), between(0, 0), 25)).at(-1)).toBe(100)
  })

  test('a tenth a day: 100, 90, 81, … 59.0 on day 5 and 7.2 on day 25', () => {
    const daily = inOne(forecastOfModelA(stock, between(0.1, 0), nothing, 25))
    expect(daily[0]).toBeCloseTo(90, 9)
    expect(daily[1]).toBeCloseTo(81, 9)
    expect(daily[4]).toBeCloseTo(59.0, 1)
    expect(daily[24]).toBeCloseTo(7.2, 1)
  })

  test('a step of five days gives the same where children only go one way', () => {
    const daily = inOne(forecastOfModelA(stock, between(0.1, 0), nothing, 25))
    const steps = inOne(forecastOfModelA(stock, between(0.1, 0), nothing, 5, 5))
    for (const [index, children] of steps.entries()) expect(children).toBeCloseTo(daily[index * 5 + 4]!, 9)
  })

  test('a tenth there and a twentieth back: 90, 81.5, 62.9 on day 5', () => {
    const daily = inOne(forecastOfModelA(stock, between(0.1, 0.05), nothing, 25))
    expect(daily[0]).toBeCloseTo(90, 9)
    expect(daily[1]).toBeCloseTo(81.5, 9)
    expect(daily[4]).toBeCloseTo(62.9, 1)
    expect(daily[24]).toBeCloseTo(34.5, 1)
  })

  test('ten children a day, until none are left', () => {
    const daily = inOne(forecastOfModelA(stock, nothing, between(10, 0), 25))
    expect(daily.slice(0, 5)).toEqual([90, 80, 70, 60, 50])
    expect(daily[24]).toBe(0)
  })

  test('children from outside are taken from nobody', () => {
    const [after] = forecastOfModelA(stock, nothing, new Map([[OUTSIDE, new Map([['one', 0.05]])]]), 1, 10)
    expect(after!.get('one')).toBeCloseTo(100.5, 9)
    expect(after!.get('two')).toBe(0)
  })
})

test('children grow older by a chance of each day', () => {
  const stock = new Map([
    ['BIRTH_TO_ONE|FOSTERING', 100],
    ['BIRTH_TO_ONE|RESIDENTIAL', 200],
  ])
  const daily = forecastOfModelA(stock, ageing(), new Map(), 365)
  const fostered = (day: number): number[] =>
    ['BIRTH_TO_ONE', 'ONE_TO_FIVE', 'FIVE_TO_TEN', 'TEN_TO_SIXTEEN'].map(
      (band) => Math.round(10 * (daily[day - 1]!.get(`${band}|FOSTERING`) ?? 0)) / 10,
    )
  expect(fostered(1)).toEqual([99.7, 0.3, 0, 0])
  expect(fostered(30)).toEqual([92.1, 7.8, 0.1, 0])
  expect(fostered(365)).toEqual([36.7, 54.8, 7.8, 0.6])
})
