import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { poissonCounts, poissonRates, twoProportions, twoSided } from '../../src/statistics/significance.ts'

describe('the two tails of the normal distribution', () => {
  test.each([
    [0, 1],
    [1, 0.317310507862914],
    [1.959963984540054, 0.05],
    [2.5758293035489, 0.01],
    [3.2905267314919, 0.001],
    [3.5355339059327378, 0.00040695201744495],
    [5, 5.73303143758387e-7],
    [8, 1.24419211485436e-15],
  ])('beyond %s lie %s', (z, p) => {
    expect(twoSided(z) / p).toBeCloseTo(1, 10)
    expect(twoSided(-z)).toBe(twoSided(z))
  })

  test('grow smaller further out, without a step where the method changes', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 8, noNaN: true }), (z) => {
        const [here, further] = [twoSided(z), twoSided(z + 0.001)]
        expect(further).toBeLessThan(here)
        expect(further / here).toBeGreaterThan(0.985)
      }),
    )
  })
})

describe('two proportions', () => {
  test('are tested pooled and two-sided', () => {
    // R: prop.test(c(15, 5), c(100, 100), correct = FALSE) gives X-squared = 5.5556, p = 0.01842.
    expect(twoProportions({ numerator: 15, denominator: 100 }, { numerator: 5, denominator: 100 })).toEqual({
      test: 'two-proportion-z',
      p: expect.closeTo(0.0184221, 6),
      level: 0.05,
      significant: true,
    })
  })

  test('need five expected in each of the four groups', () => {
    // Pooled 10/100: 0.1 x 50 = 5 in each of the smaller groups.
    const half = { numerator: 7, denominator: 50 }
    expect(twoProportions(half, { numerator: 3, denominator: 50 })).not.toBeNull()
    expect(twoProportions(half, { numerator: 2, denominator: 50 })).toBeNull()
    // The complement is too small.
    expect(twoProportions({ numerator: 43, denominator: 50 }, { numerator: 48, denominator: 50 })).toBeNull()
    expect(twoProportions({ numerator: 0, denominator: 0 }, half)).toBeNull()
    expect(twoProportions({ numerator: 60, denominator: 50 }, half)).toBeNull()
  })

  const proportion = fc
    .tuple(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([denominator, share]) => ({ numerator: Math.round(denominator * share), denominator }))

  test('give the same whichever is named first, and whether those with or those without are counted', () => {
    const without = ({ numerator, denominator }: { numerator: number; denominator: number }) => ({
      numerator: denominator - numerator,
      denominator,
    })
    fc.assert(
      fc.property(proportion, proportion, (one, other) => {
        const result = twoProportions(one, other)
        const turned = twoProportions(other, one)
        const complement = twoProportions(without(one), without(other))
        expect(turned === null).toBe(result === null)
        if (result === null) return
        expect(turned!.p).toBeCloseTo(result.p, 9)
        if (complement !== null) expect(complement.p).toBeCloseTo(result.p, 9)
        expect(result.p).toBeGreaterThanOrEqual(0)
        expect(result.p).toBeLessThanOrEqual(1)
        expect(result.significant).toBe(result.p < 0.05)
      }),
    )
  })

  test('tell more where ten times as many are counted', () => {
    fc.assert(
      fc.property(proportion, proportion, (one, other) => {
        const tenfold = (part: typeof one) => ({
          numerator: part.numerator * 10,
          denominator: part.denominator * 10,
        })
        const result = twoProportions(one, other)
        if (result !== null)
          expect(twoProportions(tenfold(one), tenfold(other))!.p).toBeLessThanOrEqual(result.p + 1e-12)
      }),
    )
  })
})

describe('two Poisson rates', () => {
  test('are tested by the share of the events that falls to each', () => {
    // 30 events in 1,000 and 20 in 1,500: 50 together, of which 40 % = 20 were to be expected; variance 12.
    // z = 10 / sqrt(12) = 2.88675, p = 0.003892.
    expect(poissonRates({ events: 30, exposure: 1000 }, { events: 20, exposure: 1500 })).toEqual({
      test: 'poisson-rates',
      p: expect.closeTo(0.0038924, 6),
      level: 0.05,
      significant: true,
    })
  })

  test('are counts where the exposure is the same', () => {
    // (60 - 40) / sqrt(100) = 2.
    expect(poissonCounts(60, 40)!.p).toBeCloseTo(0.0455003, 6)
    expect(poissonCounts(60, 40)!.test).toBe('poisson-counts')
    expect(poissonCounts(50, 50)!.p).toBe(1)
    expect(poissonCounts(10, 0)!.p).toBeCloseTo(0.0015654, 6)
    // 4.5 expected in each.
    expect(poissonCounts(9, 0)).toBeNull()
  })

  test('need an exposure, and five expected of each', () => {
    expect(poissonRates({ events: 30, exposure: 0 }, { events: 20, exposure: 100 })).toBeNull()
    expect(poissonRates({ events: 3, exposure: 10 }, { events: 400, exposure: 1000 })).toBeNull()
  })
})
