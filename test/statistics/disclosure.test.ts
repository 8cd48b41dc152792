import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AdditiveCounts, Relation } from '../../src/statistics/disclosure/additive-counts.ts'
import { withholdCounts } from '../../src/statistics/disclosure/withheld-counts.ts'

/** Examples by the numbers that they have in the catalogue of disclosure control (D1 to D14). */
const RULE = { threshold: 5, width: 6 }
const shown = (counts: AdditiveCounts): (number | 'c')[] => {
  const { withheld } = withholdCounts(counts, RULE)
  return counts.values.map((value, count) => (withheld[count] ? 'c' : value))
}
const share = (numerator: number, denominator: number): AdditiveCounts => ({
  values: [denominator, numerator],
  relations: [{ whole: 0, parts: [1], rest: denominator - numerator }],
})
const sum = (...parts: number[]): AdditiveCounts => ({
  values: [parts.reduce((all, part) => all + part, 0), ...parts],
  relations: [{ whole: 0, parts: parts.map((_, index) => index + 1), rest: null }],
})

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
  expect(shown(counts)).toEqual(expected)
})

test('D14: of regions that add up to England, no small one is told by the others', () => {
  const [, ...regions] = shown(sum(12, 3, 9))
  expect(regions.filter((region) => region === 'c').length).toBeGreaterThanOrEqual(2)
  expect(regions[1]).toBe('c')
})

test('what should be shown gives way where nothing else protects a child', () => {
  const counts = sum(18, 4)
  const { withheld } = withholdCounts(counts, RULE, { shown: Uint8Array.from([1, 1, 0]) })
  expect(withheld[2]).toBe(1)
  expect([...withheld].filter((is) => is === 1).length).toBeGreaterThanOrEqual(2)
})

/** A table of two dimensions with its margins and its total. */
function tableOf(rows: readonly (readonly number[])[]): AdditiveCounts {
  const width = rows[0]!.length
  const values = rows.flat()
  const place = (row: number, column: number): number => row * width + column
  const relations: Relation[] = []
  const across = rows.map((row, index) => {
    relations.push({ whole: values.length, parts: row.map((_, column) => place(index, column)), rest: null })
    return values.push(row.reduce((all, one) => all + one, 0)) - 1
  })
  const down = rows[0]!.map((_, column) => {
    relations.push({ whole: values.length, parts: rows.map((_, index) => place(index, column)), rest: null })
    return values.push(rows.reduce((all, row) => all + row[column]!, 0)) - 1
  })
  for (const parts of [across, down]) relations.push({ whole: values.length, parts, rest: null })
  values.push(rows.flat().reduce((all, one) => all + one, 0))
  return { values, relations }
}

/** All values that a withheld cell has in any table that agrees with what is shown; by trying. */
function possibleOf(
  { values, relations }: AdditiveCounts,
  withheld: Uint8Array,
  most: number,
): Set<number>[] {
  const free = [...withheld.keys()].filter((count) => withheld[count])
  const found = values.map(() => new Set<number>())
  const now = [...values]
  const settledBy = relations.map(({ whole, parts }) =>
    Math.max(...[whole, ...parts].map((count) => free.indexOf(count))),
  )
  const isRight = ({ whole, parts }: Relation): boolean =>
    now[whole] === parts.reduce((all, part) => all + now[part]!, 0)
  const tryAll = (index: number): void => {
    if (index === free.length) {
      for (const count of free) found[count]!.add(now[count]!)
      return
    }
    for (let value = 1; value <= most; value++) {
      now[free[index]!] = value
      if (relations.every((relation, which) => settledBy[which] !== index || isRight(relation)))
        tryAll(index + 1)
    }
  }
  tryAll(0)
  return found
}

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
      const possible = possibleOf(counts, withheld, 24)
      for (const count of withheld.keys())
        if (withheld[count]) expect(possible[count]!.size).toBeGreaterThanOrEqual(6)
    }),
    { numRuns: 150 },
  )
})
