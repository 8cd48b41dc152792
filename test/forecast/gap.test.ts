import { describe, expect, test } from 'vitest'
import { type GapQuestion, gapsOf, type Known } from '../../src/forecast/gap.ts'
import { quartersOf } from '../../src/forecast/quarterly.ts'
import { between, certainly, daily, day, toldProjection } from '../support/care-histories.ts'

const known = (value: number): Known => ({ value, reason: null })
const unknown = (reason: string): Known => ({ value: null, reason })

/**
 * Two quarters of forecast. In foster placements 40 children, as likely 31 as 32 and so on to 50: twenty numbers of 5% each.
 * In residential ones 6 for certain, in supported accommodation nobody.
 */
const startsOn = day('2025-03-31')
const atDays = daily(183) // to 30 September 2025
const projection = toldProjection(
  atDays,
  (placement) => {
    if (placement === 'fostering') return between(40, 5)
    return certainly(placement === 'residential' ? 6 : 0)
  },
  (placement, _, places) => {
    if (placement === 'fostering')
      return (
        Array.from({ length: 20 }, (_, index) => 31 + index).filter((number) => number > places).length / 20
      )
    return (placement === 'residential' ? 6 : 0) > places ? 1 : 0
  },
)
const question: GapQuestion = {
  startsOn,
  projection,
  quarters: quartersOf(startsOn, atDays),
  supply: {
    fostering: { places: known(21), share: known(0.7) },
    residential: { places: known(8), share: known(1) },
    supported: { places: known(0), share: known(1) },
  },
  plan: {
    changes: [
      { placement: 'fostering', places: 9, from: day('2025-07-01'), what: 'agency block' },
      { placement: 'residential', places: -3, from: day('2025-06-30'), what: 'Elm House' },
    ],
    recruitment: [],
  },
}
const gapIn = (asked: GapQuestion, placement: string, quarter: number) =>
  gapsOf(asked).gaps.filter((one) => one.placement === placement)[quarter]!

describe('demand against supply', () => {
  test('demand is the share that the places are for, and the gap is places less demand', () => {
    // 70% of 40 ± 5 are 28 ± 3.5, at 95% ± 7; of 21 places 7 are missing.
    const { quarter, children, demand, places, gap } = gapIn(question, 'fostering', 0)
    expect(quarter.lastForecastDay).toBe('2025-06-30')
    expect(children).toEqual({ mean: 40, lower80: 35, upper80: 45, lower95: 30, upper95: 50 })
    expect(demand).toEqual({
      mean: 28,
      lower80: 24.5,
      upper80: expect.closeTo(31.5, 9),
      lower95: 21,
      upper95: 35,
    })
    expect(places).toBe(21)
    expect(gap).toEqual({
      mean: -7,
      lower80: expect.closeTo(-10.5, 9),
      upper80: -3.5,
      lower95: -14,
      upper95: 0,
    })
  })

  test('a shortfall is as likely as more children than the places hold at that share', () => {
    // 21 places of 70% are enough for 30 children: always more. 30 are for 42: 43 to 50 are eight of twenty.
    expect(gapIn(question, 'fostering', 0).probabilityOfShortfall).toBe(1)
    expect(gapIn(question, 'fostering', 1)).toMatchObject({ places: 30, probabilityOfShortfall: 0.4 })
  })

  test('the places needed are the least with which it is unlikely enough', () => {
    // Below 20%: at most three of the twenty numbers, so enough for 47 children: 32.9 places, that is 33.
    // Below 5%: none of them, for one is 5%: 50 children, 35 places.
    expect(gapIn(question, 'fostering', 0).placesNeeded).toEqual({ below20: 33, below5: 35 })
    // With places for all: with 46 a shortfall is 20% likely, and with 49 5%, neither of which is less.
    const forAll = { ...question.supply, fostering: { places: known(21), share: known(1) } }
    expect(gapIn({ ...question, supply: forAll }, 'fostering', 0).placesNeeded).toEqual({
      below20: 47,
      below5: 50,
    })
    expect(gapIn(question, 'residential', 0).placesNeeded).toEqual({ below20: 6, below5: 6 })
    expect(gapIn(question, 'supported', 0).placesNeeded).toEqual({ below20: 0, below5: 0 })
  })

  test('as many places as children are no shortfall', () => {
    // Eight homes' places less three are five for six children. With one more there is none.
    expect(gapIn(question, 'residential', 0)).toMatchObject({ places: 5, probabilityOfShortfall: 1 })
    const six = {
      ...question,
      supply: { ...question.supply, residential: { places: known(9), share: known(1) } },
    }
    expect(gapIn(six, 'residential', 0)).toMatchObject({ places: 6, probabilityOfShortfall: 0 })
    // None for nobody.
    expect(gapIn(question, 'supported', 0)).toMatchObject({
      places: 0,
      gap: { mean: 0 },
      probabilityOfShortfall: 0,
    })
  })

  test('a share that divides in decimals does not err in binary fractions', () => {
    // 28 places at 56% are for 50 children, and there are never more; 28 / 0.56 is written 49.99999999999999.
    const supply = { ...question.supply, fostering: { places: known(28), share: known(0.56) } }
    expect(gapIn({ ...question, supply }, 'fostering', 0)).toMatchObject({
      probabilityOfShortfall: 0,
      placesNeeded: { below5: 28 },
    })
  })

  test('places for none of the children are never short', () => {
    const none = {
      ...question,
      supply: { ...question.supply, fostering: { places: known(0), share: known(0) } },
    }
    expect(gapIn(none, 'fostering', 0)).toMatchObject({
      demand: { mean: 0 },
      probabilityOfShortfall: 0,
      placesNeeded: { below20: 0, below5: 0 },
    })
  })
})

describe('what is not known', () => {
  test('places that are not known leave the gap unknown, and not the demand', () => {
    const reason = 'no fostering households are recorded'
    const asked = {
      ...question,
      supply: { ...question.supply, fostering: { places: unknown(reason), share: known(0.7) } },
    }
    // Nine planned places come to a number that nobody knows.
    expect(gapIn(asked, 'fostering', 1)).toMatchObject({
      demand: { mean: 28 },
      places: null,
      gap: null,
      probabilityOfShortfall: null,
      placesNeeded: { below20: 33, below5: 35 },
      reasons: [reason],
    })
  })

  test('a share that is not known leaves the demand unknown as well', () => {
    const reason = 'nobody was fostered over the days of reference'
    const asked = {
      ...question,
      supply: { ...question.supply, fostering: { places: known(21), share: unknown(reason) } },
    }
    expect(gapIn(asked, 'fostering', 0)).toMatchObject({
      children: { mean: 40 },
      demand: null,
      places: 21,
      gap: null,
      probabilityOfShortfall: null,
      placesNeeded: null,
      reasons: [reason],
    })
  })
})

test('a plan that can not come about is told beside the gaps', () => {
  const plan = { ...question.plan, changes: [{ ...question.plan.changes[1]!, places: -9 }] }
  const { gaps, faults } = gapsOf({ ...question, plan })
  expect(faults).toMatchObject([{ code: 'closes-more-than-there-are', placement: 'residential', at: 0 }])
  expect(gaps.filter(({ placement }) => placement === 'residential').map(({ places }) => places)).toEqual([
    0, 0,
  ])
  expect(gaps).toHaveLength(6)
})
