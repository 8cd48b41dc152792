import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withholdCounts } from '../../src/statistics/disclosure/withheld-counts.ts'
import { publishedOf, RULE, share, sum, tableOf, valuesByTrying } from '../support/additive-tables.ts'

/** Examples by the numbers that they have in the catalogue of disclosure control (D1 to D14). */
test.each([
  ['D1: 4 of 61', share(4, 61), [61, 'c']],
  ['D2: 0 of 61, a true zero', share(0, 61), [61, 0]],
  ['D3: 58 of 61, for 3 are without', share(58, 61), [61, 'c']],
  ['D4: 1 of 400', share(1, 400), [400, 'c']],
  ['D5: 6 of 1,900', share(6, 1_900), [1_900, 6]],
  ['D6: the next smallest goes with the small one', sum(18, 4, 7, 11), [40, 18, 'c', 'c', 11]],
  ['D7: the zeros stay', sum(18, 4, 0, 0), [22, 'c', 'c', 0, 0]],
  ['D9: a count on its own', { values: [3], relations: [] }, ['c']],
  ['D12: 1 of 8', share(1, 8), [8, 'c']],
] as const)('%s', (_, counts, expected) => {
  expect(publishedOf(counts)).toEqual(expected)
})

test('D14: of regions that add up to England, no small one is told by the others', () => {
  const [, ...regions] = publishedOf(sum(12, 3, 9))
  expect(regions.filter((region) => region === 'c').length).toBeGreaterThanOrEqual(2)
  expect(regions[1]).toBe('c')
})

test('what should be shown gives way where nothing else protects a child', () => {
  const counts = sum(18, 4)
  const { withheld } = withholdCounts(counts, RULE, { shown: Uint8Array.from([1, 1, 0]) })
  expect(withheld[2]).toBe(1)
  expect([...withheld].filter((is) => is === 1).length).toBeGreaterThanOrEqual(2)
})

test('of every count that is withheld in a small table, six are possible', { timeout: 60_000 }, () => {
  const small = fc.array(fc.array(fc.nat(9), { minLength: 2, maxLength: 2 }), { minLength: 2, maxLength: 2 })
  fc.assert(
    fc.property(small, (rows) => {
      const counts = tableOf(rows)
      const { withheld } = withholdCounts(counts, RULE)
      for (const [count, value] of counts.values.entries()) {
        if (value === 0) expect(withheld[count]).toBe(0)
        else if (value <= 5) expect(withheld[count]).toBe(1)
      }
      const possible = valuesByTrying(counts, withheld, 24)
      for (const count of withheld.keys())
        if (withheld[count]) expect(possible[count]!.size).toBeGreaterThanOrEqual(6)
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 150) },
  )
})
