import type { AdditiveCounts, Relation } from '../../src/statistics/disclosure/additive-counts.ts'
import { type Wishes, withholdCounts } from '../../src/statistics/disclosure/withheld-counts.ts'

/** The rule of what is published: counts from one to five are withheld, and six values of them remain possible. */
export const RULE = { threshold: 5, width: 6 }

/** A numerator beside its denominator. */
export const share = (numerator: number, denominator: number): AdditiveCounts => ({
  values: [denominator, numerator],
  relations: [{ whole: 0, parts: [1], rest: denominator - numerator }],
})

/** A total and its parts. */
export const sum = (...parts: number[]): AdditiveCounts => partly(parts, null)

/** A total, some of its parts, and what is left over, which is published nowhere. */
export const partly = (parts: readonly number[], rest: number | null): AdditiveCounts => ({
  values: [parts.reduce((all, part) => all + part, rest ?? 0), ...parts],
  relations: [{ whole: 0, parts: parts.map((_, index) => index + 1), rest }],
})

/** A table of two dimensions with its margins and its total. */
export function tableOf(rows: readonly (readonly number[])[]): AdditiveCounts {
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

/** The counts as they are published. */
export function publishedOf(counts: AdditiveCounts, wishes?: Wishes): (number | 'c')[] {
  const { withheld } = withholdCounts(counts, RULE, wishes)
  return counts.values.map((value, count) => (withheld[count] ? 'c' : value))
}

/** A mark for each count: 1 for these. */
export function marks({ values }: AdditiveCounts, marked: readonly number[]): Uint8Array {
  return Uint8Array.from(values, (_, count) => Number(marked.includes(count)))
}

/**
 * All values up to `most` that a withheld count has in any table that agrees with what is shown; by trying. No withheld
 * count is zero, for a zero is shown; one that is not published at all may be.
 */
export function valuesByTrying(
  { values, relations, unpublished }: AdditiveCounts,
  withheld: Uint8Array,
  most: number,
): Set<number>[] {
  const free = [...withheld.keys()].filter((count) => withheld[count])
  const found = values.map(() => new Set<number>())
  const now = [...values]
  const settledBy = relations.map(({ whole, parts }) =>
    Math.max(...[whole, ...parts].map((count) => free.indexOf(count))),
  )
  const leftOver = ({ whole, parts }: Relation): number =>
    now[whole]! - parts.reduce((all, part) => all + now[part]!, 0)
  const isRight = (relation: Relation): boolean =>
    relation.rest === null ? leftOver(relation) === 0 : leftOver(relation) >= Math.min(1, relation.rest)
  const tryAll = (index: number): void => {
    if (index === free.length) {
      for (const count of free) found[count]!.add(now[count]!)
      return
    }
    const count = free[index]!
    const settled = relations.filter((_, which) => settledBy[which] === index)
    const telling = settled.find(({ rest }) => rest === null)
    const least = unpublished?.[count] ? 0 : Math.min(1, values[count]!)
    const isPossible = (value: number): boolean => {
      now[count] = value
      return value >= least && value <= most && settled.every(isRight)
    }
    if (telling) {
      // All else in this sum is settled: only one value can be right.
      now[count] = 0
      const missing = leftOver(telling)
      if (isPossible(telling.whole === count ? -missing : missing)) tryAll(index + 1)
      return
    }
    for (let value = least; value <= most; value++) if (isPossible(value)) tryAll(index + 1)
  }
  tryAll(0)
  return found
}

/** How many possible values lie in a row, the true one among them. */
export function widthByTrying(possible: ReadonlySet<number>, value: number): number {
  let [low, high] = [value, value]
  while (possible.has(low - 1)) low--
  while (possible.has(high + 1)) high++
  return high - low + 1
}
