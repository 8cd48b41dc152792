import type { Relation } from '../../statistics/disclosure/additive-counts.ts'
import { testsOf, type ValueTest } from './conditions.ts'
import { countedRows, NEVER_MORE } from './same-rows.ts'

/** Which rows are counted: the values let through of each column that is looked at, as bits. */
export type Rows = ReadonlyMap<string, bigint>

export interface Counted {
  readonly population: string
  readonly rows: Rows
  readonly value: number
}

/** The rows that tests let through of a population; null where none can be, or where nothing published looks at that. */
export type FindRows = (population: string, tests: readonly [string, ValueTest][]) => Rows | null

const keyOf = (population: string, rows: Iterable<readonly [string, bigint]>): string =>
  `${population}|${[...rows]
    .map(([column, mask]) => `${column}=${mask.toString(36)}`)
    .sort()
    .join('|')}`

const without = (rows: Rows, column: string): [string, bigint][] =>
  [...rows].filter(([name]) => name !== column)

/**
 * Counts that no figure shows but that stand between those that are shown: of care leavers of some age, those who refuse
 * contact and those who need no more services are published apart, and both together for all ages. So both together for
 * that age is a part of the one and made up of the others.
 */
export function sumsInBetween(
  counts: readonly Counted[],
  allOf: (population: string, column: string) => bigint,
): Counted[] {
  const families = new Map<
    string,
    { population: string; column: string; rest: [string, bigint][]; sets: Map<bigint, number> }
  >()
  for (const { population, rows, value } of counts) {
    for (const [column, mask] of rows) {
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
    // All the values of a column between them: then the sum is that of everybody.
    const everybody = keyOf(population, rest)
    const total = known.has(everybody) ? null : sumOf(allOf(population, column), sets)
    if (total !== null) found.set(everybody, { population, rows: new Map(rest), value: total })
    for (const [other] of rest) {
      const wider = families.get(
        `${keyOf(
          population,
          rest.filter(([name]) => name !== other),
        )} by ${column}`,
      )
      for (const whole of wider?.sets.keys() ?? []) {
        if (sets.has(whole)) continue
        const value = sumOf(whole, sets)
        const rows = new Map([...rest, [column, whole]])
        const key = keyOf(population, rows)
        if (value !== null && !known.has(key)) found.set(key, { population, rows, value })
      }
    }
  }
  return [...found.values()]
}

/** The sum of counts that make up a whole between them and have nothing in common; null where they do not. */
function sumOf(whole: bigint, sets: ReadonlyMap<bigint, number>): number | null {
  let covered = 0n
  let sum = 0
  const inside = [...sets].filter(([mask]) => (mask & ~whole) === 0n)
  for (const [mask, value] of inside.sort(([a], [b]) => (a < b ? 1 : -1))) {
    if ((mask & covered) !== 0n) continue
    covered |= mask
    sum += value
  }
  return covered === whole ? sum : null
}

/** What is never more than something else, by what the definitions say of the same children. */
export function relationsByDefinition(
  counts: readonly Counted[],
  findRows: FindRows,
): { readonly sums: readonly Counted[]; readonly relations: readonly Relation[] } {
  const places = new Map<string, number>()
  for (const [place, { population, rows }] of counts.entries()) {
    const key = keyOf(population, rows)
    if (!places.has(key)) places.set(key, place)
  }
  const sums: Counted[] = []
  const relations: Relation[] = []
  for (const { less, more, by } of NEVER_MORE) {
    const rowsOf = ({ population, where }: { population: string; where?: string }) => {
      const counted = countedRows(population, testsOf(where))
      return { population: counted.population, rows: findRows(counted.population, counted.tests) }
    }
    const [smaller, larger] = [less.map(rowsOf), more.map(rowsOf)]
    const [first] = larger
    if (first === undefined || larger.some(({ rows }) => rows === null)) continue
    for (const extra of categoriesOf(counts, first.population, first.rows!, by)) {
      const placeOf = ({
        population,
        rows,
      }: {
        population: string
        rows: Rows | null
      }): number | undefined =>
        rows === null || extra.some(([column]) => rows.has(column))
          ? undefined
          : places.get(keyOf(population, [...rows, ...extra]))
      const above = larger.map(placeOf)
      const below = smaller.map(placeOf).filter((place) => place !== undefined)
      if (below.length === 0 || above.some((place) => place === undefined)) continue
      const total = above.reduce((sum: number, place) => sum + counts[place!]!.value, 0)
      const rest = total - below.reduce((sum, place) => sum + counts[place]!.value, 0)
      // Then the records do not say what the definitions would have them say, and nothing follows.
      if (rest < 0) continue
      let whole = above[0]!
      if (above.length > 1) {
        whole = counts.length + sums.length
        sums.push({ population: first.population, rows: first.rows!, value: total })
        relations.push({ whole, parts: above.map((place) => place!), rest: null })
      }
      relations.push({ whole, parts: below, rest, restTellsNothing: true })
    }
  }
  return { sums, relations }
}

/** The categories of what is allowed, one at a time, in which the counts of a population are published; and all of them. */
function categoriesOf(
  counts: readonly Counted[],
  population: string,
  rows: Rows,
  by: readonly string[],
): [string, bigint][][] {
  const found = new Map<string, [string, bigint][]>([['', []]])
  for (const count of counts) {
    if (count.population !== population) continue
    const extra = [...count.rows].filter(([column]) => !rows.has(column))
    if (extra.length !== 1 || !by.includes(extra[0]![0])) continue
    if ([...rows].some(([column, mask]) => count.rows.get(column) !== mask)) continue
    found.set(`${extra[0]}`, extra)
  }
  return [...found.values()]
}
