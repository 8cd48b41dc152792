import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AdditiveCounts } from '../../src/statistics/disclosure/additive-counts.ts'
import { withholdCounts } from '../../src/statistics/disclosure/withheld-counts.ts'
import {
  marks,
  partly,
  publishedOf,
  RULE,
  sum,
  tableOf,
  valuesByTrying,
  widthByTrying,
} from '../support/additive-tables.ts'

/** Counts that nothing adds up. */
const alone = (...values: number[]): AdditiveCounts => ({ values, relations: [] })
/** Where the marks are. */
const placesOf = (marked: Uint8Array): number[] => [...marked.keys()].filter((count) => marked[count])

describe('for its own sake', () => {
  test('a count from one to five is withheld; none, and six, are shown', () => {
    expect(publishedOf(alone(0, 1, 2, 3, 4, 5, 6, 7))).toEqual([0, 'c', 'c', 'c', 'c', 'c', 6, 7])
  })

  test('up to which count is the rule’s to say', () => {
    const { withheld } = withholdCounts(alone(0, 1, 9, 10, 11), { threshold: 10, width: 6 })
    expect(placesOf(withheld)).toEqual([1, 2, 3])
  })

  test.each([
    // The total less what is shown is what is left over.
    ['one to five left over', [20, 12, 8], 1, [41, 20, 12, 'c']],
    ['', [20, 12, 8], 5, [45, 20, 12, 'c']],
    ['nobody left over: that nobody is, may be known', [20, 12, 8], 0, [40, 20, 12, 8]],
    ['six left over', [20, 12, 8], 6, [46, 20, 12, 8]],
    ['the smallest part goes, wherever it stands', [8, 20, 12], 3, [43, 'c', 20, 12]],
    ['of equal parts the first, every time', [20, 8, 8], 3, [39, 20, 'c', 8]],
    ['a zero is no part to withhold', [0, 20, 0], 3, [23, 0, 'c', 0]],
    ['with all parts zero the total is what is left over', [0, 0], 3, ['c', 0, 0]],
  ] as const)('what is left over of a sum is told by the rest of it: %s', (_, parts, rest, expected) => {
    expect(publishedOf(partly(parts, rest))).toEqual(expected)
  })

  test('what goes for what is left over counts as withheld for its own sake', () => {
    expect(placesOf(withholdCounts(partly([20, 12, 8], 3), RULE).primary)).toEqual([3])
    expect(placesOf(withholdCounts(partly([0, 0], 3), RULE).primary)).toEqual([0])
  })

  test('what is left over is not told where some of the sum is withheld: nothing more goes for its own sake', () => {
    const ofPart = withholdCounts(partly([4, 30, 7], 3), RULE)
    expect(placesOf(ofPart.primary)).toEqual([1])
    // 4 and 3 are 7 together: six values are possible of the part that is withheld already.
    expect(placesOf(ofPart.withheld)).toEqual([1])
    const ofBiggest = withholdCounts(partly([20, 12, 8], 3), RULE, {
      withheld: Uint8Array.from([0, 1, 0, 0]),
    })
    expect(placesOf(ofBiggest.primary)).toEqual([])
    expect(placesOf(ofBiggest.withheld)).toEqual([1])
    const wished = { withheld: Uint8Array.from([1, 0, 0, 0]) }
    const ofWhole = withholdCounts(partly([20, 12, 8], 3), RULE, wished)
    expect(placesOf(ofWhole.primary)).toEqual([])
    expect(placesOf(ofWhole.withheld)).toEqual([0])
  })

  test('what is left over gives way to two sides: of 3 and 2 besides nothing more is needed than one part', () => {
    expect(publishedOf(partly([20, 3], 40))).toEqual([63, 20, 'c'])
    expect(publishedOf(partly([20, 3], 2))).toEqual([25, 'c', 'c'])
  })

  test('each small count is primary, what goes to protect it is not', () => {
    const { withheld, primary, gone } = withholdCounts(sum(18, 4, 7, 11), RULE)
    expect(placesOf(primary)).toEqual([2])
    expect(placesOf(withheld)).toEqual([2, 3])
    expect(placesOf(gone)).toEqual([])
  })

  test('a count that is not published needs no protection and is not counted as primary', () => {
    // 13 shown; it is 9 shown and 4 that stand between and are published nowhere.
    const counts = { ...sum(9, 4), unpublished: Uint8Array.from([0, 0, 1]) }
    const { withheld, primary } = withholdCounts(counts, RULE)
    expect(placesOf(withheld)).toEqual([2])
    expect(placesOf(primary)).toEqual([])
  })
})

describe('what was decided before', () => {
  test('what was withheld is withheld, and protected', () => {
    const wishes = { withheld: marks(sum(20, 30, 40), [3]) }
    expect(publishedOf(sum(20, 30, 40), wishes)).toEqual([90, 'c', 30, 'c'])
    expect(placesOf(withholdCounts(sum(20, 30, 40), RULE, wishes).primary)).toEqual([])
  })

  test('what was shown is shown, also where it is small: it is known already', () => {
    const wishes = { shown: marks(alone(3, 4), [1]) }
    expect(publishedOf(alone(3, 4), wishes)).toEqual(['c', 4])
    expect(placesOf(withholdCounts(alone(3, 4), RULE, wishes).primary)).toEqual([0])
  })

  test('what was shown is not withheld on a further wish', () => {
    const wishes = { shown: marks(alone(30, 40), [0]), withheld: marks(alone(30, 40), [0, 1]) }
    expect(publishedOf(alone(30, 40), wishes)).toEqual([30, 'c'])
  })

  test('another protects a small count where the next smallest is to be shown', () => {
    expect(publishedOf(sum(18, 4, 7, 11), { shown: marks(sum(18, 4, 7, 11), [3]) })).toEqual([
      40,
      18,
      'c',
      7,
      'c',
    ])
  })

  test('what should be shown gives way where nothing else does, and no more of it than is needed', () => {
    const counts = sum(18, 4, 7, 11)
    const shown = marks(counts, [0, 1, 3, 4])
    expect(publishedOf(counts, { shown })).toEqual([40, 18, 'c', 'c', 11])
    // The wish stays what it was for whoever had it.
    expect(placesOf(shown)).toEqual([0, 1, 3, 4])
  })

  test('of what should be shown, what is worth least gives way first', () => {
    const counts = sum(18, 4, 7, 11)
    const wishes = { shown: marks(counts, [0, 1, 3, 4]), worth: [12, 3, 1, 6, 12] }
    expect(publishedOf(counts, wishes)).toEqual([40, 'c', 'c', 7, 11])
  })

  test('rather several of little worth give way than one that is dear', () => {
    // 74 = 4 + 30 + 40, all to be shown but the 4; of 40 are 20 and 20. The 30 alone would do, but is dear.
    const counts: AdditiveCounts = {
      values: [74, 4, 30, 40, 20, 20],
      relations: [
        { whole: 0, parts: [1, 2, 3], rest: null },
        { whole: 3, parts: [4, 5], rest: null },
      ],
    }
    const wishes = { shown: marks(counts, [0, 2, 3, 4, 5]), worth: [12, 1, 6, 5, 5, 12] }
    expect(publishedOf(counts, wishes)).toEqual([74, 'c', 30, 'c', 'c', 20])
  })

  test('where something gave way for one count, all the rest is kept for the others', () => {
    const [first, second] = [sum(3, 30), sum(4, 9, 20)]
    const counts: AdditiveCounts = {
      values: [...first.values, ...second.values],
      relations: [...first.relations, { whole: 3, parts: [4, 5, 6], rest: null }],
    }
    // The 3 comes first, and nothing protects it but what is to be shown. The 9 of the second sum is to be shown
    // too, though it is the next smallest: the 20 will do.
    expect(publishedOf(counts, { shown: marks(counts, [0, 2, 3, 5]) })).toEqual([
      33,
      'c',
      'c',
      33,
      'c',
      9,
      'c',
    ])
  })

  test('what gave way is protected too, and what did not is kept', () => {
    // The first column was decided with its total; the second is new, and its small count leans on the first.
    const counts = tableOf([
      [20, 3],
      [30, 40],
    ])
    const shown = marks(counts, [0, 2, 4, 5, 6, 7, 8])
    const { withheld } = withholdCounts(counts, RULE, { shown })
    const possible = valuesByTrying(counts, withheld, 100)
    expect(withheld[1]).toBe(1)
    for (const count of placesOf(withheld))
      expect(widthByTrying(possible[count]!, counts.values[count]!)).toBeGreaterThanOrEqual(6)
    expect(placesOf(withheld)).toEqual([0, 1, 2, 3])
  })
})

describe('for another’s sake', () => {
  test.each([
    ['nothing where nothing is small', sum(6, 6), [12, 6, 6]],
    ['a zero is always shown, so the total goes', sum(5, 0, 0), ['c', 'c', 0, 0]],
    ['two that are small keep each other where six values are left', sum(3, 4, 20), [27, 'c', 'c', 20]],
    ['and not where there are five', sum(3, 3, 30, 40), [76, 'c', 'c', 'c', 40]],
    ['of one and one, the total tells', sum(1, 1), ['c', 'c', 'c']],
    ['of two and four, too', sum(2, 4), ['c', 'c', 'c']],
    ['three small ones', sum(1, 1, 1, 30), [33, 'c', 'c', 'c', 'c']],
    ['of equal counts the first, every time', sum(4, 9, 9, 30), [52, 'c', 'c', 9, 30]],
    ['the same, wherever they stand', sum(30, 9, 9, 4), [52, 30, 'c', 9, 'c']],
    ['a part rather than the total', sum(4, 30), [34, 'c', 'c']],
    ['the only part is its total', sum(4), ['c', 'c']],
  ] as const)('%s', (_, counts, expected) => {
    expect(publishedOf(counts)).toEqual(expected)
  })

  test('what is worth most is shown: rather the total than a part of a worth', () => {
    expect(publishedOf(sum(4, 30), { worth: [1, 1, 6] })).toEqual(['c', 'c', 30])
    expect(publishedOf(sum(4, 30, 31), { worth: [9, 1, 6, 3] })).toEqual([65, 'c', 30, 'c'])
  })

  test('two that are worth little go before one that is worth more than both', () => {
    const counts = tableOf([
      [4, 60],
      [70, 80],
    ])
    // Cells of a table are worth little, its margins much.
    expect(publishedOf(counts, { worth: [1, 1, 1, 1, 12, 12, 12, 12, 12] })).toEqual([
      'c',
      'c',
      'c',
      'c',
      64,
      150,
      74,
      140,
      214,
    ])
    // And the other way about: whatever its row, its column and both totals lose.
    expect(publishedOf(counts, { worth: [1, 12, 12, 12, 1, 1, 1, 1, 1] })).toEqual([
      'c',
      60,
      70,
      80,
      'c',
      150,
      'c',
      140,
      'c',
    ])
  })

  test('what turns out to be spare is shown again, the total before a margin', () => {
    const cells = [1, 3, 5, 2]
    const margins = [3, 3, 3, 3, 3]
    // All four cells are small. The way found first withholds the total of the first row as well, without need.
    const small = tableOf([
      [5, 4],
      [1, 4],
    ])
    expect(publishedOf(small, { worth: [...cells, ...margins] })).toEqual([
      'c',
      'c',
      'c',
      'c',
      9,
      'c',
      'c',
      8,
      'c',
    ])
    // And here that of all: worth the same as what could be shown in its stead, and bigger.
    const three = tableOf([
      [4, 2],
      [7, 4],
    ])
    expect(publishedOf(three, { worth: [...cells, ...margins] })).toEqual([
      'c',
      'c',
      7,
      'c',
      'c',
      'c',
      'c',
      'c',
      17,
    ])
  })

  test('and of what is spare, what is worth most is shown again first', () => {
    const counts = tableOf([
      [4, 3, 0],
      [4, 7, 1],
    ])
    // The 10 is worth more than the 7 of the first row, which stays withheld with the total.
    expect(publishedOf(counts, { worth: [1, 3, 5, 2, 4, 1, 3, 5, 2, 4, 1, 3] })).toEqual([
      'c',
      'c',
      0,
      'c',
      'c',
      'c',
      'c',
      12,
      8,
      10,
      'c',
      'c',
    ])
  })

  test('a count of which every way out is dear beyond all bounds is protected nevertheless', () => {
    // All around it is withheld; the biggest gives way furthest, and the rest can be shown again.
    expect(publishedOf(sum(4, 30), { worth: [1_000, 1, 1_000] })).toEqual(['c', 'c', 30])
    const counts = tableOf([
      [4, 60],
      [70, 80],
    ])
    const { withheld } = withholdCounts(counts, RULE, { worth: counts.values.map(() => 1_000) })
    const possible = valuesByTrying(counts, withheld, 230)
    for (const count of placesOf(withheld))
      expect(widthByTrying(possible[count]!, counts.values[count]!)).toBeGreaterThanOrEqual(6)
    // What need not have been otherwise is shown.
    expect(placesOf(withheld).length).toBeLessThan(counts.values.length)
  })

  test('a count that no example was found for loses all that it could be added up from, but no zero', () => {
    // Half of 8 is 4, and the other half is as many: one more of each takes two more of both, which is not looked for.
    const counts: AdditiveCounts = {
      values: [8, 4, 4, 38, 30, 0, 50, 20, 30],
      relations: [
        { whole: 0, parts: [1, 2], rest: null },
        { whole: 1, parts: [2], rest: null },
        { whole: 3, parts: [0, 4, 5], rest: null },
        // Nothing to do with it.
        { whole: 6, parts: [7, 8], rest: null },
      ],
    }
    expect(publishedOf(counts)).toEqual(['c', 'c', 'c', 'c', 'c', 0, 50, 20, 30])
  })
})

describe('what can’t be protected is left out', () => {
  /** The second table of the same children, by another dimension, of which each part is dear. */
  const counts = sum(4, 30, 40)
  const worth = [60, 60, 60, 60]

  test('as the table it is in, which is then not published at all', () => {
    const asked: number[] = []
    const { withheld, gone } = withholdCounts(counts, RULE, {
      worth,
      leaveOut: (count) => {
        asked.push(count)
        return [1, 2, 3]
      },
    })
    expect(asked).toEqual([1])
    expect(placesOf(gone)).toEqual([1, 2, 3])
    // Gone is withheld: whatever is derived of it goes too. The total is of no use to anybody without its parts.
    expect(placesOf(withheld)).toEqual([1, 2, 3])
  })

  test('after less was tried than where nothing can be left out', () => {
    const cheap = [60, 1, 13, 14]
    expect(placesOf(withholdCounts(counts, RULE, { worth: cheap, leaveOut: () => [1] }).gone)).toEqual([])
    const dear = [60, 1, 14, 14]
    expect(placesOf(withholdCounts(counts, RULE, { worth: dear, leaveOut: () => [1, 2, 3] }).gone)).toEqual([
      1, 2, 3,
    ])
    expect(publishedOf(counts, { worth: dear })).toEqual([74, 'c', 'c', 40])
  })

  test('and where nothing can be, a count is withheld beside it after all', () => {
    expect(publishedOf(counts, { worth, leaveOut: () => [] })).toEqual(['c', 'c', 30, 40])
  })

  test('once: what is left out already is no way out for the next', () => {
    // The first has 30 left out, which keeps it; then nothing is left to leave out.
    const { withheld, gone } = withholdCounts(sum(4, 30), RULE, {
      worth: [60, 60, 60],
      leaveOut: () => [2],
    })
    expect(placesOf(gone)).toEqual([2])
    expect(placesOf(withheld)).toEqual([1, 2])
  })

  test('what is left out may be nobody at all: that there is somebody is no longer told', () => {
    // Two and four of six: five values are possible while both are known to be some, six when one may be none.
    const six = sum(2, 4)
    const dear = { worth: [60, 60, 60], leaveOut: () => [2] }
    expect(placesOf(withholdCounts(six, RULE, dear).withheld)).toEqual([1, 2])
  })
})

test('of a sum of a few counts no less could be withheld', () => {
  const parts = fc.array(fc.nat(9), { minLength: 1, maxLength: 4 })
  const lossOf = (withheld: Uint8Array): number => withheld.reduce((all, is) => all + is, 0)
  const isSafe = (counts: AdditiveCounts, withheld: Uint8Array): boolean => {
    const possible = valuesByTrying(counts, withheld, 45)
    return placesOf(withheld).every(
      (count) => widthByTrying(possible[count]!, counts.values[count]!) >= RULE.width,
    )
  }
  fc.assert(
    fc.property(parts, (of) => {
      const counts = sum(...of)
      const { withheld, primary } = withholdCounts(counts, RULE)
      expect(isSafe(counts, withheld)).toBe(true)
      for (let choice = 0; choice < 2 ** counts.values.length; choice++) {
        const other = Uint8Array.from(counts.values, (_, count) => (choice >> count) & 1)
        if (placesOf(primary).some((count) => !other[count])) continue
        if (placesOf(other).some((count) => counts.values[count] === 0)) continue
        if (lossOf(other) < lossOf(withheld)) expect(isSafe(counts, other)).toBe(false)
      }
    }),
    { numRuns: 25, seed: 2017 },
  )
})
