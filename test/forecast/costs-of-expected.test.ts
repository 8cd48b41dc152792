import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adjustedProportions, itemsOf, proportionsOf } from '../../src/forecast/cost-item-proportions.ts'
import { type CostQuestion, costsOfExpected } from '../../src/forecast/costs-of-expected.ts'
import { COST_ITEMS, FORECAST_PLACEMENTS } from '../../src/forecast/placement-groups.ts'
import { addDays } from '../../src/vocabulary/day.ts'
import {
  aHistory,
  anEpisode,
  between,
  certainly,
  daily,
  day,
  histories,
  toldProjection,
} from '../support/care-histories.ts'

describe('proportions', () => {
  const history = aHistory([
    // In house for 30 days of September, with an agency for 10, with a relative for 20 before the days of reference.
    anEpisode({ startedOn: day('2022-08-01') }),
    anEpisode({
      child: 1,
      startedOn: day('2022-09-21'),
      ceasedOn: day('2022-10-15'),
      costItem: 'fostering-agency',
    }),
    anEpisode({
      child: 2,
      startedOn: day('2022-08-01'),
      ceasedOn: day('2022-09-01'),
      costItem: 'fostering-friend-or-relative',
    }),
    // A foster placement whose provider is not known, for five days.
    anEpisode({ child: 3, startedOn: day('2022-09-01'), ceasedOn: day('2022-09-06'), costItem: 'other' }),
    anEpisode({ child: 4, startedOn: day('2022-09-30'), placement: 'other', costItem: 'other' }),
  ])
  const { proportions, daysWithoutItem } = proportionsOf(history, day('2022-09-01'), day('2022-09-30'))

  test('are of the days of care, both ends included', () => {
    expect(proportions).toEqual({
      'fostering-friend-or-relative': 0,
      'fostering-in-house': 30 / 40,
      'fostering-agency': 10 / 40,
      'residential-in-house': null,
      'residential-external': null,
      'supported-accommodation': null,
      'secure-home': 0,
      'placed-with-family': 0,
      other: 1,
    })
  })

  test('leave out what has no item of its group, and say how much', () => {
    expect(daysWithoutItem).toEqual({ fostering: 5, residential: 0, supported: 0, other: 0 })
  })

  test('are what a count of every day gives', () => {
    const span = fc.record({ from: fc.nat(1400), length: fc.integer({ min: 1, max: 60 }) })
    fc.assert(
      fc.property(histories(), span, (random, { from, length }) => {
        const first = addDays(random.knownFrom, from)
        const measured = proportionsOf(random, first, addDays(first, length - 1)).proportions
        const days = new Map<string, number>()
        for (let ahead = 0; ahead < length; ahead++)
          for (const { startedOn, ceasedOn, placement, costItem } of random.episodes) {
            const on = addDays(first, ahead)
            const isThere = startedOn <= on && (ceasedOn === null || on < ceasedOn)
            if (isThere && itemsOf(placement).includes(costItem))
              days.set(costItem, (days.get(costItem) ?? 0) + 1)
          }
        for (const placement of FORECAST_PLACEMENTS) {
          const items = itemsOf(placement)
          const whole = items.reduce((sum, item) => sum + (days.get(item) ?? 0), 0)
          for (const item of items)
            if (whole === 0) expect(measured[item]).toBeNull()
            else expect(measured[item]).toBeCloseTo((days.get(item) ?? 0) / whole, 12)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('every cost item is of one group', () => {
    expect(FORECAST_PLACEMENTS.flatMap(itemsOf).toSorted()).toEqual([...COST_ITEMS].toSorted())
  })
})

describe('proportions that are set', () => {
  const { proportions } = proportionsOf(
    aHistory([
      anEpisode({ startedOn: day('2022-01-01'), ceasedOn: day('2022-01-11') }),
      anEpisode({
        child: 1,
        startedOn: day('2022-01-01'),
        ceasedOn: day('2022-01-31'),
        costItem: 'fostering-agency',
      }),
      anEpisode({
        child: 2,
        startedOn: day('2022-01-01'),
        ceasedOn: day('2022-01-11'),
        costItem: 'fostering-friend-or-relative',
      }),
    ]),
    day('2022-01-01'),
    day('2022-01-31'),
  )

  test('stand, and the others share the rest as before', () => {
    // Before: friends and relatives 0.2, in house 0.2, agency 0.6. With in house at 0.4, 0.6 is shared one to three.
    const adjusted = adjustedProportions(proportions, { 'fostering-in-house': 0.4 })
    expect(adjusted['fostering-in-house']).toBe(0.4)
    expect(adjusted['fostering-friend-or-relative']).toBeCloseTo(0.15, 12)
    expect(adjusted['fostering-agency']).toBeCloseTo(0.45, 12)
    expect(adjusted['residential-external']).toBeNull()
  })

  test('are scaled to the whole where they come to more, and the others are nothing', () => {
    const adjusted = adjustedProportions(proportions, { 'fostering-in-house': 0.75, 'fostering-agency': 0.5 })
    expect(adjusted).toMatchObject({
      'fostering-friend-or-relative': 0,
      'fostering-in-house': 0.6,
      'fostering-agency': 0.4,
    })
    expect(adjustedProportions(proportions, { 'fostering-agency': 1 })).toMatchObject({
      'fostering-friend-or-relative': 0,
      'fostering-in-house': 0,
      'fostering-agency': 1,
    })
  })

  test('are scaled to the whole where nobody is there to take the rest', () => {
    expect(adjustedProportions(proportions, { 'residential-external': 0.5 })).toMatchObject({
      'residential-in-house': 0,
      'residential-external': 1,
    })
    expect(
      adjustedProportions(proportions, {
        'fostering-friend-or-relative': 0.1,
        'fostering-in-house': 0.1,
        'fostering-agency': 0.2,
      }),
    ).toMatchObject({
      'fostering-friend-or-relative': 0.25,
      'fostering-in-house': 0.25,
      'fostering-agency': 0.5,
    })
    // Nothing of nothing is nothing that one can divide.
    expect(
      adjustedProportions(proportions, { 'supported-accommodation': 0 })['supported-accommodation'],
    ).toBeNull()
  })
})

/** Ten fostered children give or take one, and one in a children's home give or take one. */
const fostered = toldProjection(daily(460), (placement) => {
  if (placement === 'fostering') return between(10, 1)
  return placement === 'residential' ? between(1, 0.5) : certainly(0)
})
const question: CostQuestion = {
  startsOn: day('2025-03-31'),
  projection: fostered,
  proportions: {
    'fostering-friend-or-relative': 0,
    'fostering-in-house': 0.6,
    'fostering-agency': 0.4,
    'residential-in-house': 0,
    'residential-external': 1,
    'supported-accommodation': null,
    'secure-home': 0,
    'placed-with-family': 0,
    other: null,
  },
  weeklyPrices: { 'fostering-in-house': 700, 'fostering-agency': 1400, 'residential-external': 7000 },
  inflationPerYear: 0.1,
}

describe('costs of expected children', () => {
  const { quarters, missing, notKnown } = costsOfExpected(question)

  test('are days of care at a seventh of the weekly price, by the share of the item', () => {
    // April to June, 91 days. In house: 910 days of care, 60% at £100; agency: 40% at £200. Residential: 91 at £1,000.
    const { quarter, items } = quarters[0]!
    expect(quarter).toMatchObject({ label: '2025-26Q1', isWhole: true })
    expect(items['fostering-in-house']).toEqual({
      mean: 54_600,
      lower80: 49_140,
      upper80: 60_060,
      lower95: 43_680,
      upper95: 65_520,
    })
    expect(items['fostering-agency']).toMatchObject({ mean: 72_800, lower80: 65_520 })
    expect(items['residential-external']).toMatchObject({ mean: 91_000, upper80: 136_500 })
  })

  test('add up to a total whose groups vary independently', () => {
    // Fostering 127,400 ± 12,740 (its items together), residential 91,000 ± 45,500: ± the root of both squares.
    const reach = Math.sqrt(12_740 ** 2 + 45_500 ** 2)
    const { total } = quarters[0]!
    expect(total!.mean).toBe(218_400)
    expect(total!.lower80).toBeCloseTo(218_400 - reach, 2)
    expect(total!.upper95).toBeCloseTo(218_400 + 2 * reach, 2)
  })

  test('rise on each anniversary of the first day', () => {
    // From 1 April 2026, 10% on the first quarter of the year before, both of 91 days; 4 July 2026 is the last day.
    const byLabel = new Map(quarters.map((one) => [one.quarter.label, one]))
    expect([...byLabel.keys()]).toEqual([
      '2025-26Q1',
      '2025-26Q2',
      '2025-26Q3',
      '2025-26Q4',
      '2026-27Q1',
      '2026-27Q2',
    ])
    // January to March 2026 have 90 days.
    expect(byLabel.get('2025-26Q4')!.total!.mean).toBe(216_000)
    expect(byLabel.get('2026-27Q1')!.total!.mean).toBe(240_240)
    expect(byLabel.get('2026-27Q2')!.quarter).toMatchObject({ isWhole: false, lastForecastDay: '2026-07-04' })
    expect(byLabel.get('2026-27Q2')!.total!.mean).toBe(4 * 2400 * 1.1)
  })

  test('need no price and no share of an item in which nobody is expected', () => {
    expect(quarters[0]!.items['secure-home']).toMatchObject({ mean: 0, upper95: 0 })
    expect(quarters[0]!.items.other).toMatchObject({ mean: 0, upper95: 0 })
    expect(missing).toEqual([])
    expect(notKnown.length).toBeGreaterThan(0)
  })

  test('are not known without a price, and neither is the total', () => {
    const { 'fostering-agency': _, ...weeklyPrices } = question.weeklyPrices
    const without = costsOfExpected({ ...question, weeklyPrices })
    expect(without.quarters.map(({ total }) => total)).toEqual(without.quarters.map(() => null))
    expect(without.quarters[0]!.items['fostering-agency']).toBeNull()
    expect(without.quarters[0]!.items['fostering-in-house']).toMatchObject({ mean: 54_600 })
    expect(without.missing).toMatchObject([{ item: 'fostering-agency', code: 'no-price' }])
  })

  test('are not known without a price where somebody may come, though most likely nobody does', () => {
    const maybe = toldProjection(daily(91), (placement) =>
      placement === 'other' ? { ...certainly(0), upper95: 1 } : certainly(0),
    )
    const proportions = { ...question.proportions, other: 1 }
    const result = costsOfExpected({ ...question, projection: maybe, proportions })
    expect(result.quarters[0]).toMatchObject({ total: null, items: { other: null } })
  })

  test('are not known where children are expected in a group that had nobody', () => {
    const supported = toldProjection(daily(91), (placement) =>
      certainly(placement === 'supported' ? 0.25 : 0),
    )
    const weeklyPrices = { 'supported-accommodation': 900 }
    const result = costsOfExpected({ ...question, projection: supported, weeklyPrices })
    expect(result.quarters[0]).toMatchObject({ total: null, items: { 'supported-accommodation': null } })
    expect(result.missing).toMatchObject([{ item: 'supported-accommodation', code: 'no-proportion' }])
  })

  test('need every day', () => {
    const weekly = toldProjection([7, 14], () => certainly(1))
    expect(() => costsOfExpected({ ...question, projection: weekly })).toThrow(/every day/)
  })
})
