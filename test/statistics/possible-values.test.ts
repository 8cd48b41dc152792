import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AdditiveCounts, relationsOfCounts } from '../../src/statistics/disclosure/additive-counts.ts'
import { newPossibleValues, type Protection } from '../../src/statistics/disclosure/possible-values.ts'
import { marks, partly, sum, tableOf, valuesByTrying, widthByTrying } from '../support/additive-tables.ts'

/** What is possible where these counts are withheld. */
function possibleOf(counts: AdditiveCounts, places: readonly number[], protection: Partial<Protection> = {}) {
  const withheld = marks(counts, places)
  const possible = newPossibleValues(counts, withheld, {
    width: 6,
    mustShow: new Uint8Array(counts.values.length),
    ...protection,
  })
  return { ...possible, withheld: () => [...withheld.keys()].filter((count) => withheld[count]) }
}

test('each count stands in the sums that it is a part of and in those that it is the whole of', () => {
  const table = tableOf([
    [1, 2],
    [3, 4],
  ])
  // Rows, columns, and what both add up to.
  expect(relationsOfCounts(table)).toEqual([
    [0, 2],
    [0, 3],
    [1, 2],
    [1, 3],
    [0, 4],
    [1, 4],
    [2, 5],
    [3, 5],
    [4, 5],
  ])
})

describe('how many values are possible', () => {
  test('is one of a count of which nothing is known yet, and as many as were looked for once they are found', () => {
    const possible = possibleOf(sum(10, 20), [1, 2])
    expect([1, 2].map(possible.widthOf)).toEqual([1, 1])
    expect(possible.widen(1, 0)).toEqual([])
    // Whatever the one has more, the other has less: it needs no search of its own.
    expect([1, 2].map(possible.widthOf)).toEqual([6, 6])
    expect(possible.widthOf(0)).toBe(1)
  })

  test.each([
    ['a withheld count is not zero, for a zero is shown', sum(1, 4), [1, 2], null],
    ['nor is what it leans on', sum(3, 3), [1, 2], null],
    ['six are enough', sum(3, 4), [1, 2], []],
    ['up and down together', sum(4, 3), [1, 2], []],
    ['all of them up', sum(1, 30), [1, 2], []],
    ['all of them down', sum(30, 1), [1, 2], []],
    ['the total leaves all open', sum(1, 1), [0, 1, 2], []],
    ['nothing beside it: it is the total less the others', sum(10, 20), [1], null],
    ['a count in no sum may be anything', { values: [3], relations: [] }, [0], []],
    ['what is left over makes up for it', partly([3, 20], 9), [1], []],
    ['as long as anybody is left over', partly([3, 20], 3), [1], null],
    ['up to the last but one', partly([3, 20], 4), [1], []],
    ['down to one who is left over', partly([5, 20], 2), [1], []],
    ['but more than none of none can be taken', partly([3, 20], 0), [1], null],
    ['and what is left over may be more', partly([7, 20], 0), [1], []],
  ] as const)('%s', (_, counts, places, expected) => {
    expect(possibleOf(counts, places).widen(1 % counts.values.length, 0)).toEqual(expected)
  })

  test('what is not published at all may be zero, also where it is some now', () => {
    const counts = sum(2, 4)
    expect(possibleOf(counts, [1, 2]).widen(1, 0)).toBeNull()
    const between = { ...counts, unpublished: Uint8Array.from([0, 0, 1]) }
    expect(possibleOf(between, [1, 2]).widen(1, 0)).toEqual([])
  })

  test('what is left out later may be zero from then on', () => {
    const possible = possibleOf(sum(2, 4), [1, 2])
    expect(possible.widen(1, 0)).toBeNull()
    possible.isGone(2)
    expect(possible.widen(1, 0)).toEqual([])
  })

  test('what was found is kept where a later search starts afresh from the counts as they are', () => {
    const counts = tableOf([
      [3, 20, 30],
      [20, 3, 30],
    ])
    const possible = possibleOf(counts, [0, 1, 3, 4])
    expect(possible.widen(0, 0)).toEqual([])
    const first = [0, 1, 3, 4].map(possible.widthOf)
    expect(possible.widen(4, 0)).toEqual([])
    expect([0, 1, 3, 4].map(possible.widthOf)).toEqual(first)
    expect(first).toEqual([6, 6, 6, 6])
  })

  test('is remembered where it was too few: the examples hold as long as nothing more was withheld for them', () => {
    const possible = possibleOf(sum(2, 4), [1, 2])
    expect(possible.widen(1, 0)).toBeNull()
    expect([1, 2].map(possible.widthOf)).toEqual([5, 5])
  })

  test('can be forgotten: back to what was known', () => {
    const possible = possibleOf(sum(10, 20), [1, 2])
    const before = possible.known()
    possible.widen(1, 0)
    const after = possible.known()
    possible.comeBackTo(before)
    expect(possible.widthOf(1)).toBe(1)
    possible.comeBackTo(after)
    expect([possible.widthOf(1), possible.widthOf(2)]).toEqual([6, 6])
  })
})

describe('withholding more', () => {
  test('is of no more than may be lost', () => {
    const worth = [9, 1, 4, 3, 5]
    for (const [allowance, expected] of [
      [0, null],
      [2, null],
      [3, [3]],
      [50, [3]],
    ] as const) {
      const possible = possibleOf(sum(4, 20, 30, 40), [1], { worth })
      expect(possible.widen(1, allowance)).toEqual(expected)
      expect(possible.withheld()).toEqual([1, ...(expected ?? [])])
    }
  })

  test('of two that are worth the same takes the smallest, for it is missed least', () => {
    expect(possibleOf(sum(4, 30, 20, 40), [1]).widen(1, 1)).toEqual([3])
  })

  test('is never of what must be shown, nor of a zero', () => {
    const counts = sum(4, 0, 20, 30)
    expect(possibleOf(counts, [1], { mustShow: marks(counts, [3]) }).widen(1, 1)).toEqual([4])
    expect(possibleOf(counts, [1], { mustShow: marks(counts, [0, 3, 4]) }).widen(1, 50)).toBeNull()
  })

  test('is not done where what is withheld already will do', () => {
    expect(possibleOf(sum(4, 20, 30), [1, 3]).widen(1, 50)).toEqual([])
  })

  test('is taken back where it does not lead far enough, and so are the examples that it gave', () => {
    // Six can be lost, and by five the other is gone: both parts together are six.
    const counts = sum(2, 4)
    const possible = possibleOf(counts, [1], { mustShow: marks(counts, [0]) })
    expect(possible.widen(1, 50)).toBeNull()
    expect(possible.withheld()).toEqual([1])
    expect([0, 1, 2].map(possible.widthOf)).toEqual([1, 1, 1])
  })

  test('adds to what is withheld for one step what the next needs', () => {
    // Of 2 and 3 beside the 4, neither suffices alone.
    const counts = sum(4, 2, 3)
    const possible = possibleOf(counts, [1], { mustShow: marks(counts, [0]) })
    expect(possible.widen(1, 2)).toEqual([2, 3])
    expect(possible.withheld()).toEqual([1, 2, 3])
    // What the first took of the allowance the second does not have.
    const little = possibleOf(counts, [1], { mustShow: marks(counts, [0]) })
    expect(little.widen(1, 1)).toBeNull()
    expect(little.withheld()).toEqual([1])
  })

  test('costs nothing where it was tried in vain', () => {
    // The 20 would be missed least, but the sum it is also in has nothing else to give; the 30 leans on the 50.
    const counts: AdditiveCounts = {
      values: [54, 4, 20, 30, 60, 40, 80, 50],
      relations: [
        { whole: 0, parts: [1, 2, 3], rest: null },
        { whole: 4, parts: [2, 5], rest: null },
        { whole: 6, parts: [3, 7], rest: null },
      ],
    }
    const mustShow = marks(counts, [0, 4, 5, 6])
    expect(possibleOf(counts, [1], { mustShow }).widen(1, 1)).toBeNull()
    expect(possibleOf(counts, [1], { mustShow }).widen(1, 2)).toEqual([3, 7])
  })

  test('goes through more than one sum, down as well as up', () => {
    const counts = tableOf([
      [4, 60, 60],
      [70, 80, 80],
      [50, 90, 90],
    ])
    // One of the row, one of the column, and the one where these two meet.
    expect(possibleOf(counts, [0]).widen(0, 2)).toBeNull()
    expect(new Set(possibleOf(counts, [0]).widen(0, 3))).toEqual(new Set([1, 6, 7]))
  })
})

describe('a search that has no end in sight', () => {
  /** 4 and 60 withheld in one sum; what the 60 loses would be found only behind this many forks, and is nowhere. */
  function thicket(forks: number, wayOut: boolean): { counts: AdditiveCounts; places: number[] } {
    const values = wayOut ? [94, 4, 60, 30] : [64, 4, 60]
    const relations = [{ whole: 0, parts: wayOut ? [1, 2, 3] : [1, 2], rest: null }]
    const places = wayOut ? [1, 2, 3] : [1, 2]
    const grow = (from: number, left: number): void => {
      const [first, second, whole] = [values.length, values.length + 1, values.length + 2]
      values.push(60, 60, values[from]! + 120)
      relations.push({ whole, parts: [from, first, second], rest: null })
      if (left === 0) return
      places.push(first, second)
      for (const branch of [first, second]) grow(branch, left - 1)
    }
    grow(2, forks)
    return { counts: { values, relations }, places }
  }

  test('is given up, and then too few values are known', () => {
    const { counts, places } = thicket(7, false)
    const possible = possibleOf(counts, places)
    expect(possible.widen(1, 0)).toBeNull()
    expect(possible.widthOf(1)).toBe(1)
    expect(possible.withheld()).toEqual(places)
  })

  test('is begun again in another order, which finds the way that the first passed by', () => {
    const { counts, places } = thicket(7, true)
    const possible = possibleOf(counts, places)
    expect(possible.widen(1, 0)).toEqual([])
    expect([1, 2, 3].map(possible.widthOf)).toEqual([6, 1, 6])
  })

  test('is looked through to the end where that is near', () => {
    const { counts, places } = thicket(4, true)
    expect(possibleOf(counts, places).widen(1, 0)).toEqual([])
  })
})

/** Some counts of those that are not zero; not many, for all their values are tried. */
const someOf = ({ values }: AdditiveCounts, most: number) =>
  fc
    .array(fc.boolean(), { minLength: values.length, maxLength: values.length })
    .map((is) => [...values.keys()].filter((count) => is[count] && values[count]! > 0).slice(-most))

/** A table of cells with its margins. */
const tables = fc
  .array(fc.array(fc.nat(8), { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 2 })
  .map(tableOf)
/** Parts within groups within a total; something is left over of the second group, or it only stands between. */
const groups = fc
  .record({
    cells: fc.tuple(fc.nat(8), fc.nat(8), fc.nat(8), fc.nat(8), fc.nat(8)),
    rest: fc.constantFrom(null, 0, 1, 2, 4),
    isBetween: fc.boolean(),
  })
  .map(({ cells: [a, b, c, d, e], rest, isBetween }): AdditiveCounts => {
    const [first, second] = [a + b, c + d + (rest ?? 0)]
    return {
      values: [a, b, c, d, e, first, second, first + second + e],
      relations: [
        { whole: 5, parts: [0, 1], rest: null },
        { whole: 6, parts: [2, 3], rest },
        { whole: 7, parts: [5, 6, 4], rest: null },
      ],
      unpublished: Uint8Array.from([0, 0, 0, 0, 0, 0, Number(isBetween), 0]),
    }
  })

test.each([
  ['tables', tables],
  ['groups', groups],
] as const)(
  'in %s the search finds six values wherever there are six, and never more than there are',
  (_, some) => {
    const withPlaces = some.chain((counts) => fc.tuple(fc.constant(counts), someOf(counts, 4)))
    fc.assert(
      fc.property(withPlaces, ([counts, chosen]) => {
        const between = [...(counts.unpublished ?? []).keys()].filter((count) => counts.unpublished![count])
        const places = [...new Set([...chosen, ...between])]
        const possible = possibleOf(counts, places)
        const byTrying = valuesByTrying(counts, marks(counts, places), Math.max(...counts.values) + 7)
        const widthOf = (count: number): number =>
          places.includes(count) ? widthByTrying(byTrying[count]!, counts.values[count]!) : 1
        for (const count of places)
          expect(possible.widen(count, 0, true)).toEqual(widthOf(count) >= 6 ? [] : null)
        for (const count of counts.values.keys())
          expect(possible.widthOf(count)).toBeLessThanOrEqual(widthOf(count))
      }),
      { numRuns: 60, seed: 2017 },
    )
  },
)
