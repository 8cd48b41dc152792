import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stockOn } from '../../../src/forecast/backtest/stock-on.ts'
import type { CareHistory } from '../../../src/forecast/care-history.ts'
import {
  FORECAST_AGES,
  FORECAST_PLACEMENTS,
  type ForecastAge,
  type ForecastPlacement,
} from '../../../src/forecast/placement-groups.ts'
import { addDays, ageOn, type Day } from '../../../src/vocabulary/day.ts'
import { aHistory, anEpisode, day, histories } from '../../support/care-histories.ts'

test('an episode counts from its first day on, and not on the day on which it ceased', () => {
  const history = aHistory([
    anEpisode({ startedOn: day('2022-01-10'), ceasedOn: day('2022-01-20'), endsPeriod: false }),
    anEpisode({ startedOn: day('2022-01-20'), placement: 'residential' }),
    // Came and went on one day: counted on none.
    anEpisode({ child: 1, startedOn: day('2022-01-15'), ceasedOn: day('2022-01-15') }),
  ])
  const days = ['2022-01-09', '2022-01-10', '2022-01-19', '2022-01-20', '2024-03-31'].map(day)
  const stock = stockOn(history, days)
  expect([...stock.series('all', 'all')]).toEqual([0, 1, 1, 1, 1])
  expect([...stock.series('fostering', 'all')]).toEqual([0, 1, 1, 0, 0])
  expect([...stock.series('residential', '10-to-15')]).toEqual([0, 0, 0, 1, 1])
  expect(stock.children('residential', '10-to-15', 3)).toBe(1)
})

test('a child comes into a band on the birthday; born on 29 February, on 1 March', () => {
  const history = aHistory([
    anEpisode({ born: day('2008-02-29'), startedOn: day('2022-01-01') }), // ten in 2018; sixteen on 29 February 2024
    anEpisode({ child: 1, born: day('2018-02-28'), startedOn: day('2022-01-01') }), // five on 28 February 2023
    anEpisode({ child: 2, born: day('2018-03-01'), startedOn: day('2022-01-01') }),
    anEpisode({ child: 3, born: day('2022-03-01'), startedOn: day('2022-03-01') }),
    anEpisode({ child: 4, born: day('2012-02-29'), startedOn: day('2022-01-01') }), // ten on 1 March 2022
  ])
  const days = [
    '2022-02-28',
    '2022-03-01',
    '2023-02-27',
    '2023-02-28',
    '2023-03-01',
    '2024-02-28',
    '2024-02-29',
  ]
  const stock = stockOn(history, days.map(day))
  expect([...stock.series('all', 'under-1')]).toEqual([0, 1, 1, 1, 0, 0, 0])
  expect([...stock.series('all', '1-to-4')]).toEqual([2, 2, 2, 1, 1, 1, 1])
  expect([...stock.series('all', '5-to-9')]).toEqual([1, 0, 0, 1, 2, 2, 2])
  expect([...stock.series('all', '10-to-15')]).toEqual([1, 2, 2, 2, 2, 2, 1])
  expect([...stock.series('all', '16-and-over')]).toEqual([0, 0, 0, 0, 0, 0, 1])
})

test('a place without a day is refused', () => {
  const stock = stockOn(aHistory([]), [day('2022-01-01')])
  expect(stock.children('all', 'all', 0)).toBe(0)
  expect(() => stock.children('all', 'all', 1)).toThrow(RangeError)
})

/** As one would count by hand: everybody, on one day. */
function counted(
  { episodes }: CareHistory,
  on: Day,
  placement: ForecastPlacement | 'all',
  age: ForecastAge | 'all',
): number {
  const bandOf = (years: number): ForecastAge => {
    if (years < 1) return 'under-1'
    if (years < 5) return '1-to-4'
    if (years < 10) return '5-to-9'
    return years < 16 ? '10-to-15' : '16-and-over'
  }
  return episodes.filter(
    (one) =>
      one.startedOn <= on &&
      (one.ceasedOn === null || one.ceasedOn > on) &&
      (placement === 'all' || one.placement === placement) &&
      (age === 'all' || bandOf(ageOn(on, one.born)) === age),
  ).length
}

test('it counts what a count of everybody, day by day, does', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(histories(), gaps, (history, between) => {
      let on = addDays(history.knownFrom, -10)
      const days = between.map((gap) => {
        on = addDays(on, gap)
        return on
      })
      const stock = stockOn(history, days)
      for (const placement of ['all', ...FORECAST_PLACEMENTS] as const)
        for (const age of ['all', ...FORECAST_AGES] as const)
          expect([...stock.series(placement, age)]).toEqual(
            days.map((one) => counted(history, one, placement, age)),
          )
    }),
    { numRuns: 150 },
  )
})
