/** Which rows are counted: the values let through of each column that is looked at, by the names of the columns. */
export type Rows = readonly RowsOfColumn[]

interface RowsOfColumn {
  readonly column: string
  /** Values as bits, and the same as a text. */
  readonly mask: bigint
  readonly text: string
}

export interface Counted {
  readonly population: string
  readonly rows: Rows
  readonly value: number
}

export const byColumn = (a: RowsOfColumn, b: RowsOfColumn): number => (a.column < b.column ? -1 : 1)

/** The sets are those of declared figures and categories: they are few. */
const MOST_SETS = 10_000
const texts = new Map<bigint, string>()

export function textOf(mask: bigint): string {
  let text = texts.get(mask)
  if (text === undefined) {
    text = mask.toString(36)
    if (texts.size < MOST_SETS) texts.set(mask, text)
  }
  return text
}

const keyOf = (population: string, rows: Rows): string =>
  `${population}|${rows.map(({ column, text }) => `${column}=${text}`).join('|')}`

const without = (rows: Rows, column: string): Rows => rows.filter((one) => one.column !== column)

/**
 * Counts that no figure shows but that stand between those that are shown: of care leavers of some age, those who refuse
 * contact and those who need no more services are published apart, and both together for all ages. So both together for
 * that age is a part of the one and made up of the others.
 */
export function sumsInBetween(
  counts: readonly Counted[],
  allOf: (population: string, column: string) => bigint,
  emptyOf: (population: string, rows: Rows, column: string) => bigint,
): Counted[] {
  const families = new Map<
    string,
    { population: string; column: string; rest: Rows; sets: Map<bigint, number> }
  >()
  for (const { population, rows, value } of counts) {
    for (const { column, mask } of rows) {
      const rest = without(rows, column)
      const key = `${keyOf(population, rest)} by ${column}`
      let family = families.get(key)
      if (!family) {
        family = { population, column, rest, sets: new Map() }
        families.set(key, family)
      }
      family.sets.set(mask, value)
    }
  }
  const known = new Set(counts.map(({ population, rows }) => keyOf(population, rows)))
  const found = new Map<string, Counted>()
  for (const { population, column, rest, sets } of families.values()) {
    if (sets.size < 2) continue
    const empty = emptyOf(population, rest, column)
    // All the values of a column between them: then the sum is that of everybody.
    const everybody = keyOf(population, rest)
    const total = known.has(everybody) ? null : sumOf(allOf(population, column), sets, empty)
    if (total !== null) found.set(everybody, { population, rows: rest, value: total })
    for (const { column: other } of rest) {
      const wider = families.get(`${keyOf(population, without(rest, other))} by ${column}`)
      if (!wider) continue
      // And what is published of some of them only: of those it is a part of what makes it up.
      for (const part of sets.keys()) {
        if (wider.sets.has(part)) continue
        const value = sumOf(part, wider.sets, emptyOf(population, wider.rest, column))
        const rows = [...wider.rest, { column, mask: part, text: textOf(part) }].sort(byColumn)
        const key = keyOf(population, rows)
        if (value !== null && !known.has(key)) found.set(key, { population, rows, value })
      }
      for (const whole of wider.sets.keys()) {
        if (sets.has(whole)) continue
        const value = sumOf(whole, sets, empty)
        const rows = [...rest, { column, mask: whole, text: textOf(whole) }].sort(byColumn)
        const key = keyOf(population, rows)
        if (value !== null && !known.has(key)) found.set(key, { population, rows, value })
      }
    }
  }
  return [...found.values()]
}

/** The sum of counts that make up a whole between them and have nothing in common; null where they do not. */
function sumOf(whole: bigint, sets: ReadonlyMap<bigint, number>, empty: bigint): number | null {
  let covered = 0n
  let sum = 0
  const inside = [...sets].filter(([mask]) => (mask & ~whole) === 0n)
  for (const [mask, value] of inside.sort(([a], [b]) => (a < b ? 1 : -1))) {
    if ((mask & covered & ~empty) !== 0n) continue
    covered |= mask
    sum += value
  }
  return (whole & ~covered & ~empty) === 0n ? sum : null
}
