import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quarterly, quartersOf } from '../../src/forecast/quarterly.ts'
import { addDays } from '../../src/vocabulary/day.ts'
import { parsePeriod } from '../../src/vocabulary/period.ts'
import { between, daily, day, toldProjection } from '../support/care-histories.ts'

test('quarters are named as periods are, and say what of them is forecast', () => {
  // From 1 January 2025 to 14 May 2025: a quarter of 90 days and 44 of the next.
  expect(quartersOf(day('2024-12-31'), daily(134))).toEqual([
    {
      label: '2024-25Q4',
      firstDay: '2025-01-01',
      lastDay: '2025-03-31',
      isWhole: true,
      firstAt: 0,
      lastAt: 89,
      lastForecastDay: '2025-03-31',
    },
    {
      label: '2025-26Q1',
      firstDay: '2025-04-01',
      lastDay: '2025-06-30',
      isWhole: false,
      firstAt: 90,
      lastAt: 133,
      lastForecastDay: '2025-05-14',
    },
  ])
  expect(quartersOf(day('2024-12-31'), [])).toEqual([])
})

test('every day is in the quarter that its period names, once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2000 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 1100 }), { minLength: 1 }),
      (start, ahead) => {
        const startsOn = addDays(day('2020-01-01'), start)
        const atDays = ahead.toSorted((a, b) => a - b)
        const quarters = quartersOf(startsOn, atDays)
        const places: number[] = []
        for (const { label, firstDay, lastDay, firstAt, lastAt } of quarters) {
          expect(parsePeriod(label)).toMatchObject({ kind: 'quarter', firstDay, lastDay })
          for (let at = firstAt; at <= lastAt; at++) {
            places.push(at)
            const on = addDays(startsOn, atDays[at]!)
            expect(firstDay <= on && on <= lastDay).toBe(true)
          }
        }
        expect(places).toEqual(atDays.map((_, at) => at))
        expect(new Set(quarters.map(({ label }) => label)).size).toBe(quarters.length)
      },
    ),
  )
})

test('a quarter has the mean of its days, and its last day', () => {
  const startsOn = day('2025-03-29')
  // Two days of March with 10 and 20 children, three of April with 30, 40 and 50; give or take 1, 3, 2, 2, 5.
  const projection = toldProjection(daily(5), (placement, at) =>
    placement === 'fostering' ? between([10, 20, 30, 40, 50][at]!, [1, 3, 2, 2, 5][at]!) : between(0, 0),
  )
  const [march, april] = quarterly(projection, quartersOf(startsOn, daily(5)), 'fostering', 'all')
  expect(march!.meanOfDays).toEqual({
    mean: 15,
    variance: 4,
    lower80: 13,
    upper80: 17,
    lower95: 11,
    upper95: 19,
  })
  expect(march!.lastDay).toEqual(between(20, 3))
  expect(april!.quarter.label).toBe('2025-26Q1')
  expect(april!.meanOfDays).toMatchObject({ mean: 40, variance: 9, lower80: 37, upper95: 46 })
  expect(april!.lastDay).toEqual(between(50, 5))
})
