import type { AdditiveCounts, Relation } from '../../statistics/disclosure/additive-counts.ts'
import { DIMENSIONS, type DimensionId } from '../../vocabulary/dimension.ts'
import type { IndicatorDefinition } from '../definition.ts'
import type { Observation } from '../observation.ts'
import { testOfCategory, testsOf as testsOfCondition, type ValueTest } from './conditions.ts'
import {
  COUNTS_TOLD_BY_MEANS,
  countedRows,
  inOtherWords,
  ONLY_VALUES,
  SUMS_THAT_ARE_COUNTS,
} from './same-rows.ts'
import { byColumn, type Counted, type Rows, sumsInBetween, textOf } from './sums-in-between.ts'

/** The counts that an observation shows, by their place among all; -1 where it shows none of the kind. */
export interface ShownCounts {
  readonly numerator: number
  readonly denominator: number
  /** The sum of a mean, where that is a count which is published too. */
  readonly sum: number
}

export interface PublishedCounts extends AdditiveCounts {
  /** By the place of the observation. */
  readonly shownBy: readonly ShownCounts[]
  /** Further counts that an observation tells of: those that a mean bounds. By the place of the observation. */
  readonly toldBy: readonly (readonly number[])[]
}

/**
 * The counts behind observations, and how they add up. Which count is part of which follows from what each figure
 * declares: the same rows are the same count, whichever figures show it, and counts that differ in one column only are
 * parts of what they have in common.
 */
export function publishedCounts(
  observations: readonly Observation[],
  find: (indicator: string) => IndicatorDefinition,
): PublishedCounts {
  const tested = observations.map((observation) => testsOf(observation, find(observation.indicator)))
  const columns = columnsOf(
    new Set(tested.flatMap(({ numerator, denominator, sum }) => [numerator, denominator, sum])),
  )
  const known = new Map<Tests, Rows | null>()
  const rowsOfTests = (tests: Tests): Rows | null => {
    let rows = known.get(tests)
    if (rows === undefined) {
      rows = rowsOf(tests, columns)
      known.set(tests, rows)
    }
    return rows
  }
  const counts: Counted[] = []
  const placeOf = new Map<string, number>()
  const place = (tests: Tests | null, value: number | null): number => {
    if (tests === null || value === null) return -1
    const rows = rowsOfTests(tests)
    if (rows === null) return -1
    // Two figures that should agree and do not are two counts.
    const key = `${tests.population}|${keyOf(rows)}|${value}`
    let found = placeOf.get(key)
    if (found === undefined) {
      found = counts.length
      placeOf.set(key, found)
      counts.push({ population: tests.population, rows, value })
    }
    return found
  }
  const shownBy = observations.map((observation, index): ShownCounts => {
    const { numerator, denominator, sum } = tested[index]!
    const isCount = find(observation.indicator).kind === 'count'
    return {
      numerator: place(numerator, isCount ? observation.value : observation.numerator),
      denominator: place(denominator, observation.denominator),
      sum: place(sum, sum === null ? null : observation.numerator),
    }
  })
  const anyPlaceOf = new Map(
    counts.map(({ population, rows }, place) => [`${population}|${keyOf(rows)}`, place]),
  )
  const toldBy = tested.map(({ told }) =>
    told.flatMap((tests) => {
      if (tests.tests.some(([name]) => !columns.has(`${tests.population} ${name}`))) return []
      const rows = rowsOf(tests, columns)
      return rows === null ? [] : (anyPlaceOf.get(`${tests.population}|${keyOf(rows)}`) ?? [])
    }),
  )
  const published = counts.length
  const zeros = zerosOf(observations, tested, columns, rowsOfTests)
  // What is in between may itself be a part of what is.
  for (let time = 0; time < 2; time++)
    counts.push(
      ...sumsInBetween(
        counts,
        (population, column) => columns.get(`${population} ${column}`)!.all,
        (population, rows, column) => zeros.get(siblingsKey(population, rows, column)) ?? 0n,
      ),
    )
  return {
    values: counts.map(({ value }) => value),
    relations: relationsBetween(counts, columns, zeros),
    unpublished: Uint8Array.from(counts, (_, place) => Number(place >= published)),
    shownBy,
    toldBy,
  }
}

/* ---- what a figure counts ------------------------------------------------------------------------------------ */

interface Tests {
  readonly population: string
  readonly tests: readonly [string, ValueTest][]
}
interface TestsOfFigure {
  readonly numerator: Tests | null
  readonly denominator: Tests | null
  readonly sum: Tests | null
  /** What a mean tells of besides. */
  readonly told: readonly Tests[]
}

const testsKnown = new WeakMap<IndicatorDefinition, Map<string, TestsOfFigure>>()

/** The tests of a figure in a category are the same for every authority and period: they are read once. */
function testsOf(observation: Observation, indicator: IndicatorDefinition): TestsOfFigure {
  let known = testsKnown.get(indicator)
  if (!known) {
    known = new Map()
    testsKnown.set(indicator, known)
  }
  const category = Object.entries(observation.breakdown).join()
  let tests = known.get(category)
  if (!tests) {
    tests = testsOfFigure(observation, indicator)
    known.set(category, tests)
  }
  return tests
}

function testsOfFigure(observation: Observation, indicator: IndicatorDefinition): TestsOfFigure {
  const category = Object.entries(observation.breakdown).map(([dimension, value]) =>
    testOfCategory(dimension, value),
  )
  const over = (population: string, ...conditions: (string | undefined)[]): Tests =>
    countedRows(population, [
      ...conditions.flatMap((condition) => testsOfCondition(condition, inOtherWords)),
      ...category,
    ])
  const { id } = indicator.population
  switch (indicator.kind) {
    case 'count':
      return { numerator: over(id, indicator.counted), denominator: null, sum: null, told: [] }
    case 'rate':
      // The children of the authority are no count of ours: how many there are is published by the ONS.
      return { numerator: over(id, indicator.counted), denominator: null, sum: null, told: [] }
    case 'percentage':
      return {
        numerator: over(id, indicator.denominator, indicator.numerator),
        denominator: over(id, indicator.denominator),
        sum: null,
        told: [],
      }
    case 'mean': {
      const added = SUMS_THAT_ARE_COUNTS.get(indicator.measure)
      return {
        numerator: null,
        denominator: over(id, indicator.denominator),
        sum: added ? over(added.population, added.counted) : null,
        told: (COUNTS_TOLD_BY_MEANS.get(indicator.measure) ?? []).map((condition) =>
          over(id, indicator.denominator, condition),
        ),
      }
    }
    case 'ratio':
      return { numerator: null, denominator: null, sum: null, told: [] }
  }
}

/* ---- values of columns as bits --------------------------------------------------------------------------------- */

interface Column {
  readonly elements: ReadonlyMap<string, bigint>
  readonly all: bigint
  mask(test: ValueTest): bigint
}

type Columns = ReadonlyMap<string, Column>

const OTHER = 'any other value'
const NOTHING = 'no value'

/** The values of every column that a test looks at: those of its dimension, those named, and any others. */
function columnsOf(all: ReadonlySet<Tests | null>): Columns {
  const byColumn = new Map<string, ValueTest[]>()
  for (const counted of all) {
    for (const [column, test] of counted?.tests ?? []) {
      const name = `${counted!.population} ${column}`
      const known = byColumn.get(name)
      if (known) known.push(test)
      else byColumn.set(name, [test])
    }
  }
  return new Map([...byColumn].map(([name, tests]) => [name, newColumn(name, tests)]))
}

function newColumn(name: string, tests: readonly ValueTest[]): Column {
  const dimension = DIMENSIONS.get(name.split(' ')[1]!.replaceAll('_', '-') as DimensionId)
  const only = ONLY_VALUES.get(name)
  const closed = only ?? dimension?.categories.map(({ id }) => id)
  const named = tests.flatMap((test) =>
    test.kind === 'values' && (!only || test.values.length === 1)
      ? test.values.map((value) => value ?? NOTHING)
      : [],
  )
  const bounds = tests.flatMap((test) => (test.kind === 'numbers' ? [test.from, test.to] : []))
  const steps = bounds.flatMap((bound) => (Number.isFinite(bound) ? [bound - 1, bound, bound + 1] : []))
  // What is so or is not: a row that does not say is not.
  const isFact = tests.every(
    (test) => test.kind === 'values' && test.values.every((value) => value === 'true'),
  )
  const open = bounds.length > 0 ? [...steps.map(String), NOTHING] : isFact ? [OTHER] : [OTHER, NOTHING]
  const elements = new Map(
    [...new Set([...(closed ?? open), ...named])].map((value, index) => [value, 1n << BigInt(index)]),
  )
  const all = (1n << BigInt(elements.size)) - 1n
  const kept = new Map<ValueTest, bigint>()
  return {
    elements,
    all,
    mask(test) {
      let mask = kept.get(test)
      if (mask === undefined) {
        mask = maskOf(test, elements, all)
        kept.set(test, mask)
      }
      return mask
    },
  }
}

function maskOf(test: ValueTest, elements: ReadonlyMap<string, bigint>, all: bigint): bigint {
  let mask = 0n
  if (test.kind === 'numbers') {
    for (const [value, bit] of elements) {
      if (value !== NOTHING && Number(value) >= test.from && Number(value) <= test.to) mask |= bit
    }
    return mask
  }
  for (const value of test.values) mask |= elements.get(value ?? NOTHING) ?? 0n
  // Of no value nothing is true, and so a row without one is not let through by what excludes another.
  const nothing = elements.get(NOTHING) ?? 0n
  return test.areExcluded ? all & ~mask & ~nothing : mask
}

/** The rows that tests let through; null where none can be. */
function rowsOf({ population, tests }: Tests, columns: Columns): Rows | null {
  const masks = new Map<string, bigint>()
  for (const [name, test] of tests) {
    const column = columns.get(`${population} ${name}`)!
    const mask = (masks.get(name) ?? column.all) & column.mask(test)
    if (mask === 0n) return null
    masks.set(name, mask)
  }
  const rows: Rows[number][] = []
  for (const [column, mask] of masks) {
    if (mask !== columns.get(`${population} ${column}`)!.all) rows.push({ column, mask, text: textOf(mask) })
  }
  return rows.sort(byColumn)
}

function keyOf(rows: Rows, without = ''): string {
  let key = ''
  for (const { column, text } of rows) if (column !== without) key += `${column}=${text}|`
  return key
}

/* ---- how counts add up ----------------------------------------------------------------------------------------- */

/** Values of a column that nobody has, among rows that are alike else: they are shown by not being there. */
type Zeros = ReadonlyMap<string, bigint>

const siblingsKey = (population: string, rows: Rows, column: string): string =>
  `${population}|${keyOf(rows, column)}${column}`

/** A breakdown gives every category that somebody is in: those that are missing from it are empty. */
function zerosOf(
  observations: readonly Observation[],
  tested: readonly TestsOfFigure[],
  columns: Columns,
  rowsOfTests: (tests: Tests) => Rows | null,
): Zeros {
  const seen = new Map<string, { whole: bigint; found: bigint }>()
  for (const [index, { indicator, breakdown }] of observations.entries()) {
    for (const dimension of Object.keys(breakdown)) {
      const [name] = testOfCategory(dimension, '')
      for (const counted of [tested[index]!.numerator, tested[index]!.denominator]) {
        if (counted === null) continue
        const rows = rowsOfTests(counted)
        if (rows === null) continue
        const column = columns.get(`${counted.population} ${name}`)
        if (!column) continue
        // Each table by itself: one by bands says nothing of single years.
        const key = `${siblingsKey(counted.population, rows, name)}|${indicator} ${dimension}`
        const table = seen.get(key) ?? { whole: wholeOf(counted, name, column), found: 0n }
        table.found |= rows.find((one) => one.column === name)?.mask ?? column.all
        seen.set(key, table)
      }
    }
  }
  const zeros = new Map<string, bigint>()
  for (const [key, { whole, found }] of seen) {
    const siblings = key.slice(0, key.lastIndexOf('|'))
    zeros.set(siblings, (zeros.get(siblings) ?? 0n) | (whole & ~found))
  }
  return zeros
}

/** What a figure lets through of a column before it is broken down by it: the test of the category comes last. */
function wholeOf({ tests }: Tests, name: string, column: Column): bigint {
  const ofColumn = tests.filter(([one]) => one === name)
  return ofColumn.slice(0, -1).reduce((mask, [, test]) => mask & column.mask(test), column.all)
}

interface Sibling {
  readonly count: number
  readonly mask: bigint
  readonly size: number
}

function relationsBetween(counts: readonly Counted[], columns: Columns, zeros: Zeros): Relation[] {
  const empty = new Map(zeros)
  const families = new Map<string, Sibling[]>()
  const wholes = new Map<string, number[]>()
  const columnsOfPopulation = new Map<string, Column>()
  for (const [count, { population, rows, value }] of counts.entries()) {
    // A zero is shown, and adds nothing.
    if (value === 0) {
      for (const { column, mask } of rows) {
        const key = siblingsKey(population, rows, column)
        empty.set(key, (empty.get(key) ?? 0n) | mask)
      }
      continue
    }
    const own = `${population}|${keyOf(rows)}`
    wholes.set(own, [...(wholes.get(own) ?? []), count])
    for (const { column, mask } of rows) {
      const key = siblingsKey(population, rows, column)
      columnsOfPopulation.set(key, columns.get(`${population} ${column}`)!)
      const family = families.get(key)
      const sibling = { count, mask, size: bits(mask) }
      if (family) family.push(sibling)
      else families.set(key, [sibling])
    }
  }
  const relations = new Map<string, Relation>()
  for (const [key, family] of families) {
    const column = columnsOfPopulation.get(key)!
    const above = wholes.get(key.slice(0, key.lastIndexOf('|') + 1)) ?? []
    const all = [
      ...above.map((count) => ({ count, mask: column.all, size: column.elements.size })),
      ...family,
    ]
    all.sort((a, b) => b.size - a.size)
    for (const [index, whole] of all.entries()) {
      for (const parts of coversOf(whole, all.slice(index + 1))) {
        const covered = parts.reduce((mask, part) => mask | part.mask, 0n)
        const sum = parts.reduce((total, part) => total + counts[part.count]!.value, 0)
        const rest = counts[whole.count]!.value - sum
        const isAll = (whole.mask & ~covered & ~(empty.get(key) ?? 0n)) === 0n
        // Two figures count the same children differently: then nothing follows from the one for the other.
        if (rest < 0 || (isAll && rest !== 0)) continue
        const places = parts.map(({ count }) => count).sort((a, b) => a - b)
        const relation = { whole: whole.count, parts: places, rest: isAll ? null : rest }
        relations.set(`${whole.count}=${places.join('+')}`, relation)
      }
    }
  }
  return [...relations.values()]
}

/**
 * Ways in which smaller sets make up a bigger one, as far as they do: one for each of the biggest that it has, so that
 * sets which overlap each stand in a sum of their own.
 */
function coversOf(whole: Sibling, smaller: readonly Sibling[]): Sibling[][] {
  const inside = smaller.filter(({ mask }) => mask !== whole.mask && (mask & ~whole.mask) === 0n)
  // The same rows, counted twice over, must come out alike.
  const same = smaller.filter(({ mask }) => mask === whole.mask)
  const covers: Sibling[][] = same.map((one) => [one])
  const taken = new Set<Sibling>()
  for (const first of inside) {
    if (taken.has(first)) continue
    const isWithin = inside.some(
      (other) => other.mask !== first.mask && other.size > first.size && (first.mask & ~other.mask) === 0n,
    )
    if (isWithin) continue
    const cover = [first]
    let covered = first.mask
    for (const next of inside) {
      if ((next.mask & covered) === 0n) {
        cover.push(next)
        covered |= next.mask
      }
    }
    for (const part of cover) taken.add(part)
    covers.push(cover)
  }
  return covers
}

/** The sets are those of declared figures and categories: they are few. */
const MOST_SETS = 10_000
const sizes = new Map<bigint, number>()

/** How many values a set has. */
function bits(mask: bigint): number {
  let count = sizes.get(mask)
  if (count === undefined) {
    count = 0
    for (let rest = mask; rest !== 0n; rest &= rest - 1n) count++
    if (sizes.size < MOST_SETS) sizes.set(mask, count)
  }
  return count
}
