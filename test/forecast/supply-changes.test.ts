import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PlannedSupply, placesOn } from '../../src/forecast/supply-changes.ts'
import { addDays } from '../../src/vocabulary/day.ts'
import { daily, day } from '../support/care-histories.ts'

const startsOn = day('2025-03-31')
const days = (...texts: string[]) => texts.map(day)
const change = (places: number, from: string, placement: 'fostering' | 'residential' = 'residential') => ({
  placement,
  places,
  from: day(from),
  what: `${places} places`,
})
const only = (changes: PlannedSupply['changes']): PlannedSupply => ({ changes, recruitment: [] })

test('a change counts from its day on, and in its group alone', () => {
  const plan = only([change(-2, '2025-06-01'), change(4, '2025-04-10'), change(9, '2025-04-10', 'fostering')])
  const { places, faults } = placesOn(
    days('2025-04-09', '2025-04-10', '2025-05-31', '2025-06-01'),
    'residential',
    { startsOn, places: 3 },
    plan,
  )
  expect(places).toEqual([3, 7, 7, 5])
  expect(faults).toEqual([])
})

test('a closure of more places than there are leaves none, and is told', () => {
  const plan = only([change(-5, '2025-05-01'), change(2, '2025-07-01')])
  const { places, faults } = placesOn(
    days('2025-04-30', '2025-05-01', '2025-07-01'),
    'residential',
    { startsOn, places: 3 },
    plan,
  )
  expect(places).toEqual([3, 0, 2])
  expect(faults).toEqual([
    {
      code: 'closes-more-than-there-are',
      in: 'changes',
      at: 0,
      placement: 'residential',
      day: '2025-05-01',
      detail: '-5 places: takes 5 places on 2025-05-01, when there are 3; none are left',
    },
  ])
})

test('what opens on a day is there for what closes on it', () => {
  const plan = only([change(-5, '2025-05-01'), change(2, '2025-05-01')])
  expect(placesOn(days('2025-05-01'), 'residential', { startsOn, places: 3 }, plan)).toEqual({
    places: [0],
    faults: [],
  })
})

test('what is dated outside the forecast is not counted, and is told', () => {
  const plan = only([change(5, '2025-03-31'), change(7, '2025-07-01'), change(1, '2025-06-30')])
  const { places, faults } = placesOn(days('2025-06-30'), 'residential', { startsOn, places: 3 }, plan)
  expect(places).toEqual([4])
  expect(faults.map(({ code, at }) => [code, at])).toEqual([
    ['not-after-start', 0],
    ['after-forecast-ends', 1],
  ])
})

test('a month of recruitment counts from its last day on', () => {
  // Net half a household of three places a month: 1.5 places from 30 April, 31 May, 30 June.
  const recruitment = [
    {
      householdsGainedPerMonth: 2,
      householdsLostPerMonth: 1.5,
      placesPerHousehold: 3,
      from: day('2025-04-01'),
    },
  ]
  const plan: PlannedSupply = { changes: [], recruitment }
  const asked = days('2025-04-29', '2025-04-30', '2025-05-30', '2025-06-30')
  expect(placesOn(asked, 'fostering', { startsOn, places: 10 }, plan).places).toEqual([10, 11.5, 11.5, 14.5])
  expect(placesOn(asked, 'residential', { startsOn, places: 10 }, plan).places).toEqual([10, 10, 10, 10])
  // Months that were over when the forecast starts stand in its supply.
  const earlier = { changes: [], recruitment: [{ ...recruitment[0]!, from: day('2025-02-01') }] }
  expect(placesOn(asked, 'fostering', { startsOn, places: 10 }, earlier).places).toEqual([
    10, 11.5, 11.5, 14.5,
  ])
})

test('households that can no longer be lost are told once', () => {
  const losing = { householdsGainedPerMonth: 0, householdsLostPerMonth: 1, placesPerHousehold: 2 }
  const plan: PlannedSupply = { changes: [], recruitment: [{ ...losing, from: day('2025-04-01') }] }
  const { places, faults } = placesOn(
    days('2025-04-30', '2025-05-31', '2025-08-31'),
    'fostering',
    { startsOn, places: 3 },
    plan,
  )
  expect(places).toEqual([1, 0, 0])
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatchObject({
    code: 'loses-more-than-there-are',
    in: 'recruitment',
    at: 0,
    day: '2025-05-31',
  })
})

test('fractions of households add up to whole ones', () => {
  const thirds = { householdsGainedPerMonth: 1 / 3, householdsLostPerMonth: 0, placesPerHousehold: 1 }
  const plan: PlannedSupply = { changes: [], recruitment: [{ ...thirds, from: day('2025-04-01') }] }
  expect(placesOn(days('2026-03-31'), 'fostering', { startsOn, places: 0 }, plan).places).toEqual([4])
})

test('places are what was there and what was planned, unless that is less than none', () => {
  const planned = fc.array(
    fc.record({ places: fc.integer({ min: -6, max: 6 }), on: fc.integer({ min: 1, max: 60 }) }),
  )
  fc.assert(
    fc.property(fc.nat(20), planned, (atStart, changes) => {
      const plan = only(changes.map(({ places, on }) => change(places, addDays(startsOn, on))))
      const asked = daily(60).map((ahead) => addDays(startsOn, ahead))
      const { places, faults } = placesOn(asked, 'residential', { startsOn, places: atStart }, plan)
      let naive = atStart
      for (const [index, ahead] of daily(60).entries()) {
        const today = changes.filter(({ on }) => on === ahead).map((one) => one.places)
        naive = Math.max(0, naive + today.reduce((sum, one) => sum + one, 0))
        expect(places[index]).toBe(naive)
      }
      const closed = changes.reduce((sum, one) => sum + one.places, atStart)
      if (faults.length === 0) expect(places.at(-1)).toBe(closed)
      else expect(places.at(-1)).toBeGreaterThan(closed)
    }),
  )
})
