import { describe, expect, test } from 'vitest'
import { BACKTEST_SERIES, backtest, pool } from '../../../src/forecast/backtest/backtest.ts'
import { defaultOrigins } from '../../../src/forecast/backtest/origins.ts'
import { stockOn } from '../../../src/forecast/backtest/stock-on.ts'
import { asToday } from '../../../src/forecast/baselines/as-today.ts'
import { linearTrend } from '../../../src/forecast/baselines/linear-trend.ts'
import type { CareHistory } from '../../../src/forecast/care-history.ts'
import type { ForecastMethod, ForecastQuestion } from '../../../src/forecast/method.ts'
import { addDays, addMonths, type Day } from '../../../src/vocabulary/day.ts'
import { aHistory, anEpisode, between, certainly, day, toldProjection } from '../../support/care-histories.ts'

/** Ten children from the start; one more comes on the first of each month from April 2020, all fostered. */
const growing = aHistory([
  ...Array.from({ length: 10 }, (_, child) => anEpisode({ child, startedOn: day('2018-01-01') })),
  ...Array.from({ length: 48 }, (_, month) =>
    anEpisode({ child: 10 + month, startedOn: addMonths(day('2020-04-01'), month) }),
  ),
])

const asked = {
  origins: ['2021-03-31', '2021-06-30', '2021-09-30', '2021-12-31'].map(day),
  horizonsInMonths: [6, 12],
  referenceMonths: 24,
  simulations: 100,
  seed: 7,
}

/** Told the truth, it errs by so much at each origin in turn, and is sure to within two children, or four at 95%. */
function erring(name: string, truth: CareHistory, errors: readonly number[]): ForecastMethod {
  let origin = -1
  return {
    name,
    forecast: (_, { startsOn, atDays }) => {
      origin += 1
      const error = errors[origin]!
      const happened = stockOn(
        truth,
        atDays.map((days) => addDays(startsOn, days)),
      )
      return toldProjection(atDays, (placement, at, age) =>
        between(happened.children(placement, age, at) + error, 2),
      )
    },
  }
}

describe('how far forecasts were out', () => {
  const result = backtest(growing, [erring('told', growing, [1, -3, 0, 6])], asked)
  const total = result.accuracy.find(
    ({ horizonInMonths, placement, age }) => horizonInMonths === 12 && placement === 'all' && age === 'all',
  )!

  test('errors are the forecast less what happened', () => {
    // Errors 1, -3, 0, 6: absolute 10/4, mean 4/4, squares 1 + 9 + 0 + 36 = 46 over 4.
    expect(total).toMatchObject({ method: 'told', forecasts: 4, meanAbsoluteError: 2.5, bias: 1 })
    expect(total.rootMeanSquaredError).toBeCloseTo(Math.sqrt(46 / 4), 12)
  })

  test('percentages are of what happened', () => {
    // From April 2020 to 31 March 2022 come 24: 34 children. On 30 June 37, 30 September 40, 31 December 43.
    expect(
      result.forecasts
        .filter((one) => one.horizonInMonths === 12 && one.placement === 'all' && one.age === 'all')
        .map(({ origin, day: on, actual, mean }) => ({ origin, on, actual, mean })),
    ).toEqual([
      { origin: '2021-03-31', on: '2022-03-31', actual: 34, mean: 35 },
      { origin: '2021-06-30', on: '2022-06-30', actual: 37, mean: 34 },
      { origin: '2021-09-30', on: '2022-09-30', actual: 40, mean: 40 },
      { origin: '2021-12-31', on: '2022-12-31', actual: 43, mean: 49 },
    ])
    expect(total.meanAbsolutePercentageError).toBeCloseTo((100 * (1 / 34 + 3 / 37 + 0 + 6 / 43)) / 4, 12)
  })

  test('coverage is the share of intervals that held what happened, ends included', () => {
    // Out by 1 and 0: within two. By 3: within four. By 6: in neither.
    expect(total).toMatchObject({ coverage80: 50, coverage95: 75, meanWidth80: 4, meanWidth95: 8 })
  })

  test('where nobody was, there is no percentage of them', () => {
    const residential = result.accuracy.find(({ placement }) => placement === 'residential')!
    expect(residential).toMatchObject({
      meanAbsolutePercentageError: null,
      percentageErrors: 0,
      meanAbsoluteError: 2.5,
    })
  })

  test('every series is told at every horizon', () => {
    expect(result.accuracy).toHaveLength(BACKTEST_SERIES.length * 2)
    expect(result.forecasts).toHaveLength(BACKTEST_SERIES.length * 2 * 4)
    expect(result.leftOut).toEqual([])
  })

  test('an interval whose end is what happened holds it', () => {
    const atTheEnd = backtest(growing, [erring('end', growing, [2, -2, 4, -4])], asked)
    expect(atTheEnd.accuracy[0]).toMatchObject({ coverage80: 50, coverage95: 100, bias: 0 })
  })
})

test('pooled, every forecast counts the same', () => {
  const one = backtest(growing, [erring('told', growing, [1, -3, 0, 6])], asked)
  const other = backtest(growing, [erring('told', growing, [5])], {
    ...asked,
    origins: [day('2021-03-31')],
    horizonsInMonths: [12, 60],
  })
  const pooled = pool([one, other])
  const totals = pooled.accuracy.filter(({ placement, age }) => placement === 'all' && age === 'all')
  // Errors 1, -3, 0, 6 and 5: 15/5 and 9/5; by 5 no interval holds it.
  expect(totals.find(({ horizonInMonths }) => horizonInMonths === 12)).toMatchObject({
    forecasts: 5,
    meanAbsoluteError: 3,
    bias: 9 / 5,
    coverage80: 40,
    coverage95: 60,
  })
  expect(totals.find(({ horizonInMonths }) => horizonInMonths === 6)).toMatchObject({ forecasts: 4 })
  expect(pooled.leftOut).toEqual(other.leftOut)
  expect(pool([]).accuracy).toEqual([])
})

describe('what is left out, and why', () => {
  const told = (): ForecastMethod => ({
    name: 'told',
    forecast: (_, { atDays }) => toldProjection(atDays, () => certainly(1)),
  })

  test('a horizon that ends after what is known', () => {
    const result = backtest(growing, [told()], {
      ...asked,
      origins: [day('2023-03-31'), day('2023-09-30'), day('2024-06-30')],
    })
    expect(
      result.leftOut.map(({ origin, horizonInMonths, reason }) => [origin, horizonInMonths, reason]),
    ).toEqual([
      // Known to 31 March 2024: twelve months from 31 March 2023 end that day, and are judged.
      ['2023-09-30', 12, 'ends-after-what-is-known'],
      ['2024-06-30', 6, 'ends-after-what-is-known'],
      ['2024-06-30', 12, 'ends-after-what-is-known'],
    ])
    expect(result.leftOut[0]!.detail).toBe(
      '12 months after 2023-09-30 is 2024-09-30; returns cover the days to 2024-03-31',
    )
    expect(new Set(result.forecasts.map((one) => `${one.origin} ${one.horizonInMonths}`))).toEqual(
      new Set(['2023-03-31 6', '2023-03-31 12', '2023-09-30 6']),
    )
  })

  test('an origin with less history than is asked for', () => {
    const origins = [day('2020-03-30'), day('2020-03-31')]
    const result = backtest(growing, [told()], { ...asked, origins })
    expect(result.leftOut).toEqual([
      {
        origin: '2020-03-30',
        horizonInMonths: null,
        reason: 'too-little-history',
        detail: '24 months to 2020-03-30 begin on 2018-03-31; returns cover the days from 2018-04-01',
      },
    ])
  })

  test('an origin on which nobody was in care', () => {
    const result = backtest(aHistory([]), [told()], asked)
    expect(result.leftOut.map(({ reason }) => reason)).toEqual(asked.origins.map(() => 'nobody-in-care'))
    expect(result.forecasts).toEqual([])
  })
})

test('a method is told nothing of what came later, and is asked about the days that are judged', () => {
  const told: [CareHistory, ForecastQuestion][] = []
  const listening: ForecastMethod = {
    name: 'listening',
    forecast: (history, question) => {
      told.push([history, question])
      return toldProjection(question.atDays, () => certainly(0))
    },
  }
  const origin = day('2021-03-31')
  backtest(growing, [listening], { ...asked, origins: [origin], horizonsInMonths: [12, 6, 12, 60] })
  const [history, question] = told[0]!
  expect(question).toEqual({
    startsOn: origin,
    referenceFrom: '2019-04-01',
    referenceTo: origin,
    atDays: [183, 365], // 30 September 2021 and 31 March 2022
    simulations: 100,
    seed: 7,
  })
  expect(history.knownTo).toBe(origin)
  expect(history.episodes.every(({ startedOn }) => startedOn <= origin)).toBe(true)

  const future = growing.episodes.map((one) =>
    one.startedOn > origin
      ? { ...one, startedOn: addDays(one.startedOn, 3) as Day }
      : { ...one, ceasedOn: day('2021-04-02'), endsPeriod: true, reasonCeased: 'E3' },
  )
  backtest({ ...growing, episodes: future }, [listening], { ...asked, origins: [origin] })
  expect(told[1]![0]).toEqual(history)
})

test('of a number that grows by one a month the trend is nearer than today', () => {
  const { accuracy } = backtest(growing, [asToday, linearTrend], {
    ...asked,
    origins: defaultOrigins(growing),
  })
  const error = (method: string) =>
    accuracy.find((one) => one.method === method && one.horizonInMonths === 12 && one.placement === 'all')!
  expect(error('as-today').bias).toBeLessThan(-8)
  expect(error('linear-trend').meanAbsoluteError).toBeLessThan(error('as-today').meanAbsoluteError)
})

describe('the days from which past forecasts are made', () => {
  test('are ends of quarters with enough before and after', () => {
    // 24 months from 1 April 2018 end on 31 March 2020; six months before 31 December 2021 is 30 June.
    const history = aHistory([], day('2018-04-01'), day('2021-12-31'))
    expect(defaultOrigins(history)).toEqual([
      '2020-03-31',
      '2020-06-30',
      '2020-09-30',
      '2020-12-31',
      '2021-03-31',
      '2021-06-30',
    ])
    expect(defaultOrigins(history, { referenceMonths: 36 })).toEqual(['2021-03-31', '2021-06-30'])
  })

  test('count months by the day: six from 30 June end on 30 December', () => {
    const lastOf = (knownTo: string) => defaultOrigins(aHistory([], day('2018-04-01'), day(knownTo))).at(-1)
    expect(lastOf('2021-12-30')).toBe('2021-06-30')
    expect(lastOf('2021-12-29')).toBe('2021-03-31')
  })

  test('are at most twelve, the first and the last among them, evenly spread', () => {
    // There are 43 ends of quarters from 31 March 2015 to 30 September 2025; the middle one is the 22nd.
    const history = aHistory([], day('2013-04-01'), day('2026-03-31'))
    const origins = defaultOrigins(history)
    expect(origins).toHaveLength(12)
    expect([origins[0], origins[11]]).toEqual(['2015-03-31', '2025-09-30'])
    expect(new Set(origins).size).toBe(12)
    expect(defaultOrigins(history, { atMost: 1 })).toEqual(['2025-09-30'])
    expect(defaultOrigins(history, { atMost: 3 })).toEqual(['2015-03-31', '2020-06-30', '2025-09-30'])
  })

  test('are none where the history is short', () => {
    expect(defaultOrigins(aHistory([], day('2022-04-01'), day('2024-03-31')))).toEqual([])
  })
})
