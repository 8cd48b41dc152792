import { PUBLISHED_TABLE } from '../reference/published-tables.ts'
import type { DeclaredRow, PublishedTable, Target } from './series/declaration.ts'
import { LAIT_MEASURES } from './series/lait.ts'
import { TOOL } from './series/publications.ts'
import { PUBLISHED_TABLES } from './series/published-series.ts'
import { type ColumnKind, choosesNothing, kindOfColumn, wordingOf } from './series/wording.ts'

/** A series as it is held: a column of values in one category of a table, or a measure of the tool. */
export interface Series {
  readonly layout: string
  readonly series: string
  readonly category: Readonly<Record<string, string>>
}

/** What a series is to us. */
export interface Mapping {
  /** The figures of ours that it is; none where it is not mapped. */
  readonly targets: readonly Target[]
  /** Why it is none of ours; null where it is. */
  readonly reason: string | null
  readonly source: { readonly title: string; readonly table: string } | null
  /** Its place in the order of trust: the lower goes first. */
  readonly rank: number
  /** Periods in which it is known to be wrong, and why. */
  readonly exceptPeriods: readonly string[]
  readonly exceptBecause: string | null
}

const UNKNOWN = 'no indicator is declared for this series'
const TOTAL = 'the percentage of a total, which is always 100'
const SHARE = 'the share that the category has of the total: it follows from the counts, which are mapped'
const NO_KIND = 'the column of values is not known to hold counts, percentages, rates or averages'
const SEVERAL =
  'the same words stand in several tables, of other children each; name the table when the file is loaded'

const notMapped = (reason: string, source: Mapping['source'] = null): Mapping => ({
  targets: [],
  reason,
  source,
  rank: Number.POSITIVE_INFINITY,
  exceptPeriods: [],
  exceptBecause: null,
})

interface Candidate {
  readonly table: PublishedTable
  readonly row: DeclaredRow
}

/** Declared rows by their categories; a row whose wording has changed is found by each. */
const DECLARED: ReadonlyMap<string, readonly Candidate[]> = (() => {
  const declared = new Map<string, Candidate[]>()
  for (const table of PUBLISHED_TABLES) {
    for (const row of table.rows) {
      for (const key of new Set(everyWording(row).map(keyOf))) {
        const found = declared.get(key) ?? []
        declared.set(key, [...found, { table, row }])
      }
    }
  }
  return declared
})()

function everyWording({ categories }: DeclaredRow): string[][] {
  return categories.reduce<string[][]>(
    (begun, wording) =>
      begun.flatMap((words) =>
        (typeof wording === 'string' ? [wording] : wording).map((one) => [...words, wordingOf(one)]),
      ),
    [[]],
  )
}

function keyOf(words: readonly string[]): string {
  return [...words].sort().join(' | ')
}

/**
 * The declared rows that categories name, whichever columns they stand in. A column in which nothing is chosen is no
 * reason not to know them, unless a row says just that: a total is known as one.
 */
function candidatesFor(words: readonly string[]): readonly Candidate[] {
  const chosen = words.filter((word) => !choosesNothing(word))
  const nothing = words.filter(choosesNothing)
  for (let kept = nothing.length; kept >= 0; kept--) {
    const found = DECLARED.get(keyOf([...chosen, ...nothing.slice(0, kept)]))
    if (found) return found
  }
  return []
}

/** What each series is to us. They are looked at together: beside which others one stands tells whose it is. */
export function mapSeries<S extends Series>(held: readonly S[]): (S & Mapping)[] {
  const families = new Map<string, { readonly series: S; readonly candidates: readonly Candidate[] }[]>()
  for (const series of held) {
    const family = series.layout === 'lait' ? 'lait' : familyOf(series)
    const candidates = series.layout === 'lait' ? [] : candidatesFor(wordsOf(series))
    families.set(family, [...(families.get(family) ?? []), { series, candidates }])
  }
  const mapped = new Map<S, Mapping>()
  for (const members of families.values()) {
    // A total is worded alike in many tables; the family is of those that other rows of it are of.
    const tables = new Set(
      members.flatMap(({ candidates }) =>
        candidates.filter(({ row }) => !row.isTotal).map(({ table }) => table),
      ),
    )
    for (const { series, candidates } of members) {
      const own = candidates.filter(({ table }) => tables.has(table))
      mapped.set(series, series.layout === 'lait' ? measureOf(series) : seriesOf(series, own))
    }
  }
  return held.map((series) => ({ ...series, ...mapped.get(series)! }))
}

/** Series with the same columns stand in one table, or in tables that are one form. */
const familyOf = ({ category }: Series): string =>
  JSON.stringify([Object.keys(category).sort(), category[PUBLISHED_TABLE] ?? null])

const wordsOf = ({ category }: Series): string[] =>
  Object.entries(category)
    .filter(([column]) => column !== PUBLISHED_TABLE)
    .map(([, word]) => wordingOf(word))

function seriesOf({ series, category }: Series, found: readonly Candidate[]): Mapping {
  const told = category[PUBLISHED_TABLE]
  const candidates = told === undefined ? found : found.filter(({ table }) => table.table === told)
  const [first] = candidates
  if (!first) return notMapped(UNKNOWN)
  const source = { title: first.table.publication, table: first.table.table }
  if (told === undefined && candidates.filter(({ table }) => table.toldAtLoad).length > 1)
    return notMapped(SEVERAL)
  const rank = PUBLISHED_TABLES.indexOf(first.table)
  const mapped = (targets: readonly Target[]): Mapping => ({
    targets,
    reason: null,
    source,
    rank,
    exceptPeriods: [],
    exceptBecause: null,
  })
  if (first.row.columns) {
    const column = first.row.columns[series.toLowerCase()] ?? UNKNOWN
    return typeof column === 'string' ? notMapped(column, source) : mapped(column)
  }
  const kind = kindOfColumn(series)
  if (kind === null) return notMapped(NO_KIND, source)
  const targets = candidates.flatMap(({ row }) => row.is[kind] ?? [])
  if (targets.length === 0) return notMapped(reasonFor(first.row, kind), source)
  return mapped(targets)
}

function reasonFor({ notOurs, isTotal, is }: DeclaredRow, kind: ColumnKind): string {
  if (notOurs !== undefined) return notOurs
  if (kind === 'percent') return isTotal ? TOTAL : is.average ? 'it is an average, and no percentage' : SHARE
  return UNKNOWN
}

function measureOf({ series }: Series): Mapping {
  const measure = LAIT_MEASURES[series]
  if (!measure) return notMapped(UNKNOWN)
  const source = { title: TOOL, table: series }
  if (!measure.is) return notMapped(measure.notOurs!, source)
  const { exceptPeriods = [], exceptBecause = null } = measure
  // The tool repeats what others publish: they go first.
  return {
    targets: measure.is,
    reason: null,
    source,
    rank: PUBLISHED_TABLES.length,
    exceptPeriods,
    exceptBecause,
  }
}
