import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { meanOf, medianOf, quantileOf } from '../../src/statistics/average.ts'
import { directionOf } from '../../src/statistics/direction.ts'
import { poissonCounts } from '../../src/statistics/significance.ts'
import { quartileBand, rankAmong } from '../../src/statistics/standing.ts'

const values = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 160 })

describe('averages', () => {
  test('skip what is missing', () => {
    expect(meanOf([10, null, 13, 10])).toBe(11)
    expect(medianOf([10, null, 13, 10])).toBe(10)
    expect(medianOf([4, 1, 3, 2])).toBe(2.5)
    expect(meanOf([null, null])).toBeNull()
    expect(medianOf([])).toBeNull()
  })

  test('quantiles are those of R and of Excel’s QUARTILE.INC', () => {
    // R: quantile(c(7, 15, 36, 39, 40, 41)) gives 7, 20.25, 37.5, 39.75, 41.
    const six = [40, 7, 41, 15, 39, 36]
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantileOf(six, share))).toEqual([
      7, 20.25, 37.5, 39.75, 41,
    ])
  })

  test('lie between the least and the greatest, in whichever order the values come', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (some, share) => {
        const quantile = quantileOf(some, share)!
        expect(quantile).toBeGreaterThanOrEqual(Math.min(...some))
        expect(quantile).toBeLessThanOrEqual(Math.max(...some))
        expect(quantileOf(some.toReversed(), share)).toBe(quantile)
      }),
    )
  })
})

describe('a rank', () => {
  test('has the best first, and a place for all who are equal', () => {
    const others = [9, 11, 11, 12]
    expect(rankAmong(11, others, 'lower-is-better')).toEqual({ position: 2, of: 5 })
    expect(rankAmong(12, others, 'lower-is-better')).toEqual({ position: 4, of: 5 })
    expect(rankAmong(11, others, 'higher-is-better')).toEqual({ position: 2, of: 5 })
    expect(rankAmong(20, [], 'higher-is-better')).toEqual({ position: 1, of: 1 })
  })

  test('has the highest first where neither way is good', () => {
    expect(rankAmong(9, [12, 11], 'neutral')).toEqual({ position: 3, of: 3 })
  })

  test('is that of the place in the sorted list, and turns round with the polarity', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 40 }), (others, value) => {
        const low = rankAmong(value, others, 'lower-is-better')
        const high = rankAmong(value, others, 'higher-is-better')
        expect(low.position).toBe([value, ...others].sort((a, b) => a - b).indexOf(value) + 1)
        const equal = others.filter((other) => other === value).length
        expect(low.position + high.position + equal).toBe(low.of + 1)
      }),
    )
  })
})

describe('a quartile band', () => {
  test('is A for the best quarter, by the polarity', () => {
    const others = [2, 3, 4, 5, 6, 7, 8]
    expect(quartileBand(1, others, 'lower-is-better')).toBe('A')
    expect(quartileBand(1, others, 'higher-is-better')).toBe('D')
    // Of 1 to 8 the quartiles are 2.75, 4.5 and 6.25.
    expect([2, 3, 4, 5, 6, 7].map((value) => bandOf(value, 'lower-is-better')).join('')).toBe('ABBCCD')
    expect([2, 3, 4, 5, 6, 7].map((value) => bandOf(value, 'higher-is-better')).join('')).toBe('DCCBBA')
  })

  const bandOf = (value: number, polarity: 'lower-is-better' | 'higher-is-better') =>
    quartileBand(
      value,
      [1, 2, 3, 4, 5, 6, 7, 8].filter((other) => other !== value),
      polarity,
    )

  test('is the better of two on their border', () => {
    // Of 1 to 5 the quartiles are 2, 3 and 4.
    expect(quartileBand(2, [1, 3, 4, 5], 'lower-is-better')).toBe('A')
    expect(quartileBand(4, [1, 2, 3, 5], 'lower-is-better')).toBe('C')
    expect(quartileBand(7, [7, 7, 7], 'higher-is-better')).toBe('A')
  })

  test('is none where neither way is good, or of fewer than four', () => {
    expect(quartileBand(1, [2, 3, 4], 'neutral')).toBeNull()
    expect(quartileBand(1, [2, 3], 'lower-is-better')).toBeNull()
  })

  test('is never better than that of a better value', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), (rest, a, b) => {
        fc.pre(rest.length >= 3)
        const [lower, higher] = [Math.min(a, b), Math.max(a, b)]
        const ofLower = quartileBand(lower, [higher, ...rest], 'lower-is-better')!
        const ofHigher = quartileBand(higher, [lower, ...rest], 'lower-is-better')!
        expect(ofLower <= ofHigher).toBe(true)
      }),
    )
  })
})

describe('a direction', () => {
  const [clear, unclear] = [poissonCounts(100, 50)!, poissonCounts(51, 50)!]
  test('goes by the polarity', () => {
    expect(directionOf(50, 'higher-is-better', clear)).toBe('improving')
    expect(directionOf(-50, 'higher-is-better', clear)).toBe('worsening')
    expect(directionOf(50, 'lower-is-better', clear)).toBe('worsening')
    expect(directionOf(-50, 'lower-is-better', clear)).toBe('improving')
    expect(directionOf(50, 'neutral', clear)).toBe('rising')
    expect(directionOf(-50, 'neutral', clear)).toBe('falling')
  })
  test('is none where chance may have made the change', () => {
    for (const polarity of ['higher-is-better', 'lower-is-better', 'neutral'] as const)
      expect(directionOf(1, polarity, unclear)).toBe('no-significant-change')
  })
})
