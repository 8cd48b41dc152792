import { expect, test } from 'vitest'
import { type Wishes, withholdCounts } from '../../src/statistics/disclosure/withheld-counts.ts'
import { marks, RULE, tableOf } from '../support/additive-tables.ts'

/**
 * The same table is withheld alike, by every release: whoever kept an answer with another pattern would combine the two,
 * and what the one withholds the other may show. So where a pattern below changes, what was published before is at stake;
 * a change to the search that does this needs a reason, and a word to those who publish.
 */
const patternOf = (rows: readonly (readonly number[])[], wishes?: Wishes): string[] => {
  const [height, width] = [rows.length, rows[0]!.length]
  const counts = tableOf(rows)
  const { withheld, gone } = withholdCounts(counts, RULE, wishes)
  const written = (count: number): string =>
    (gone[count] ? '-' : withheld[count] ? 'c' : String(counts.values[count])).padStart(3)
  const line = (first: number, total: number): string =>
    `${rows[0]!.map((_, column) => written(first + column)).join(' ')} |${written(total)}`
  const cells = height * width
  return [
    ...rows.map((_, row) => line(row * width, cells + row)),
    line(cells + height, cells + height + width),
  ]
}

/** Children by placement and age band, in a council of some 300. */
const MIDDLING = [
  [7, 6, 26, 0, 27],
  [21, 16, 0, 3, 33],
  [14, 6, 0, 30, 0],
  [9, 6, 1, 1, 0],
  [3, 26, 2, 13, 14],
  [30, 16, 4, 0, 10],
]
/** In one of 150. */
const SMALL = [
  [3, 0, 1, 0, 4, 2],
  [0, 2, 6, 8, 3, 3],
  [2, 3, 5, 0, 1, 1],
  [1, 0, 0, 10, 2, 3],
  [0, 0, 5, 7, 1, 0],
  [6, 0, 3, 8, 7, 4],
  [0, 0, 0, 0, 7, 7],
  [11, 6, 8, 2, 11, 0],
]
/** By codes and single years, where most are small. */
const SPARSE = [
  [2, 0, 0, 7, 0, 5, 2, 4],
  [7, 2, 6, 3, 3, 3, 0, 2],
  [6, 0, 7, 4, 3, 4, 0, 4],
  [5, 0, 5, 0, 0, 0, 2, 0],
  [0, 7, 5, 3, 6, 0, 0, 2],
  [0, 0, 0, 0, 2, 7, 0, 3],
  [3, 7, 0, 2, 0, 0, 0, 1],
  [4, 2, 0, 3, 7, 0, 2, 5],
  [0, 0, 2, 3, 7, 0, 0, 3],
  [0, 0, 0, 0, 0, 1, 3, 1],
  [1, 0, 5, 5, 4, 4, 0, 0],
  [0, 0, 1, 7, 2, 0, 3, 0],
]

test.each([
  [
    'a middling council',
    MIDDLING,
    [
      '  c   c   c   0  27 | 66',
      ' 21   c   0   c  33 | 73',
      ' 14   6   0  30   0 | 50',
      '  9   c   c   c   0 | 17',
      '  c  26   c   c  14 | 58',
      ' 30   c   c   0  10 | 60',
      ' 84  76  33  47  84 |324',
    ],
  ],
  [
    'a small council',
    SMALL,
    [
      '  c   0   c   0   c   c | 10',
      '  0   c   6   8   c   c | 22',
      '  c   c   c   0   c   c | 12',
      '  c   0   0   c   c   c | 16',
      '  0   0   c   c   c   0 | 13',
      '  6   0   c   8   7   c | 28',
      '  0   0   0   0   7   7 | 14',
      '  c   c   8   c  11   0 | 38',
      ' 23  11  28  35  36  20 |153',
    ],
  ],
  [
    'codes and single years',
    SPARSE,
    [
      '  c   0   0   7   0   c   c   c | 20',
      '  7   c   6   c   c   c   0   c | 26',
      '  6   0   7   c   c   c   0   c | 28',
      '  c   0   c   0   0   0   c   0 | 12',
      '  0   7   c   c   6   0   0   c | 23',
      '  0   0   0   0   c   c   0   c | 12',
      '  c   c   0   c   0   0   0   c | 13',
      '  c   c   0   c   7   0   c   c | 23',
      '  0   0   c   c   7   0   0   c |  c',
      '  0   0   0   0   0   c   c   c |  c',
      '  c   0   c   c   c   c   0   0 | 19',
      '  0   0   c   c   c   0   c   0 | 13',
      ' 28  18  31  37  34  24  12  25 |209',
    ],
  ],
] as const)('the same pattern of the same table, by every release: %s', (_, rows, expected) => {
  expect(patternOf(rows)).toEqual(expected)
})

test('the same pattern where some is worth more: a headline column, and the total of all', () => {
  const { values } = tableOf(MIDDLING)
  const worth = values.map((_, count) =>
    count === values.length - 1 ? 12 : count < MIDDLING.flat().length && count % 5 === 2 ? 6 : 1,
  )
  expect(patternOf(MIDDLING, { worth })).toEqual([
    '  7   6  26   0  27 | 66',
    ' 21   c   0   c  33 | 73',
    ' 14   6   0  30   0 | 50',
    '  c   c   c   c   0 | 17',
    '  c  26   c   c  14 | 58',
    ' 30   c   c   0  10 | 60',
    ' 84   c   c  47  84 |324',
  ])
})

test('the same pattern where counts are worth this and that', () => {
  const worth = tableOf(SPARSE).values.map((_, count) => 1 + ((count * 7) % 5))
  expect(patternOf(SPARSE, { worth })).toEqual([
    '  c   0   0   7   0   c   c   c | 20',
    '  7   c   6   c   c   c   0   c | 26',
    '  6   0   7   c   c   c   0   c | 28',
    '  c   0   c   0   0   0   c   0 | 12',
    '  0   7   c   c   6   0   0   c |  c',
    '  0   0   0   0   c   c   0   c | 12',
    '  c   c   0   c   0   0   0   c | 13',
    '  c   c   0   c   7   0   c   c | 23',
    '  0   0   c   c   7   0   0   c | 15',
    '  0   0   0   0   0   c   c   c |  c',
    '  c   0   c   c   c   c   0   0 | 19',
    '  0   0   c   c   c   0   c   0 | 13',
    ' 28  18  31  37  34  24  12  25 |209',
  ])
})

test('the same pattern where some was decided before and is to be kept', () => {
  const counts = tableOf(MIDDLING)
  const isEarlier = (count: number): boolean => count >= MIDDLING.flat().length || count % 5 === 1
  const shown = marks(
    counts,
    [...counts.values.keys()].filter((count) => isEarlier(count) && counts.values[count] !== 0),
  )
  expect(patternOf(MIDDLING, { shown })).toEqual([
    '  c   6   c   0  27 | 66',
    '  c  16   0   c  33 | 73',
    ' 14   6   0  30   0 | 50',
    '  c   6   c   c   0 | 17',
    '  c  26   c   c  14 | 58',
    '  c  16   c   0  10 | 60',
    ' 84  76  33  47  84 |324',
  ])
})

test('the same rows are left out where they can’t be protected beside totals that are to be kept', () => {
  const { values } = tableOf(SPARSE)
  const [cells, width] = [SPARSE.flat().length, SPARSE[0]!.length]
  const worth = values.map((_, count) => (count < cells ? 1 : 12))
  const shown = Uint8Array.from(values, (value, count) => Number(count >= cells && value > 5))
  const rowOf = (count: number): number => (count < cells ? Math.floor(count / width) : count - cells)
  const leaveOut = (count: number): number[] =>
    SPARSE[0]!.map((_, column) => rowOf(count) * width + column).filter((cell) => cell < cells)
  expect(patternOf(SPARSE, { shown, worth, leaveOut })).toEqual([
    '  c   0   0   7   0   c   c   c | 20',
    '  7   c   6   c   c   c   0   c | 26',
    '  6   0   7   c   c   c   0   c | 28',
    '  c   0   c   0   0   0   c   0 | 12',
    '  0   7   c   c   6   0   0   c | 23',
    '  0   0   0   0   c   c   0   c |  c',
    '  c   c   0   c   0   0   0   c | 13',
    '  c   c   0   c   7   0   c   c | 23',
    '  0   0   c   c   7   0   0   c | 15',
    '  -   -   -   -   -   -   -   - |  c',
    '  c   0   c   c   c   c   0   0 | 19',
    '  0   0   c   c   c   0   c   0 | 13',
    ' 28  18  31  37  34  24  12  25 |209',
  ])
})

test('nor does it matter what was asked before: each table is decided afresh', () => {
  const before = patternOf(SPARSE)
  patternOf(MIDDLING)
  expect(patternOf(SPARSE)).toEqual(before)
})
