import type { ColumnKind } from './wording.ts'

/** What of an indicator a published series is. */
export interface Target {
  readonly indicator: string
  readonly member: 'value' | 'numerator' | 'denominator'
  /** The category of ours; none for the total. */
  readonly breakdown: Readonly<Record<string, string>>
}

/** A category as it is worded, or the wordings that it has had. */
export type Wording = string | readonly string[]

/** A row of a published table: the categories that it is known by, and what its columns are. */
export interface DeclaredRow {
  readonly categories: readonly Wording[]
  readonly is: Partial<Record<ColumnKind, readonly Target[]>>
  /** Of a wide table what each column is by its own name, or why it is none of ours. */
  readonly columns?: Readonly<Record<string, readonly Target[] | string>>
  /** A total: it stands in many tables with the same words, and so tells nothing of which table it is in. */
  readonly isTotal?: true
  /** Why it is none of ours, where that is known. */
  readonly notOurs?: string
}

/** A published table, whatever its columns are called. */
export interface PublishedTable {
  /** The name of its file at the publisher. */
  readonly table: string
  readonly publication: string
  readonly rows: readonly DeclaredRow[]
  /** Its rows stand in other tables with the same words; the load tells it from them (`published-tables.ts`). */
  readonly toldAtLoad?: true
}

/** A measure of the Local Authority Interactive Tool, by its short name. */
export interface DeclaredMeasure {
  readonly is?: readonly Target[]
  readonly notOurs?: string
  /** Figures that are known to be wrong there. */
  readonly exceptPeriods?: readonly string[]
  readonly exceptBecause?: string
}

export type Breakdown = Readonly<Record<string, string>>

export const target = (
  indicator: string,
  member: Target['member'] = 'value',
  breakdown: Breakdown = {},
): Target => ({ indicator, member, breakdown })

/** A percentage: its value is the percentage of the row, its numerator the count, its denominator that of the total. */
export const percentage = (
  indicator: string,
  of: readonly Wording[],
  total: readonly Wording[],
  breakdown: Breakdown = {},
): DeclaredRow[] => [
  {
    categories: of,
    is: {
      percent: [target(indicator, 'value', breakdown)],
      count: [target(indicator, 'numerator', breakdown)],
    },
  },
  { categories: total, is: { count: [target(indicator, 'denominator', breakdown)] }, isTotal: true },
]

/** A count of a row. */
export const count = (
  indicator: string,
  categories: readonly Wording[],
  breakdown: Breakdown = {},
): DeclaredRow => ({ categories, is: { count: [target(indicator, 'value', breakdown)] } })

/** A count that is the total of its table. */
export const total = (
  indicator: string,
  categories: readonly Wording[],
  breakdown: Breakdown = {},
): DeclaredRow => ({ ...count(indicator, categories, breakdown), isTotal: true })

/** A row whose figure stands in whichever column the release puts it: an average, a duration, a percentage. */
export const figure = (
  indicator: string,
  categories: readonly Wording[],
  breakdown: Breakdown = {},
): DeclaredRow => {
  const is = [target(indicator, 'value', breakdown)]
  return { categories, is: { count: is, average: is } }
}

export const notOurs = (categories: readonly Wording[], reason: string): DeclaredRow => ({
  categories,
  is: {},
  notOurs: reason,
})

/** Rows with the same categories are one row. */
export function table(
  publication: string,
  name: string,
  rows: readonly DeclaredRow[],
  more: Pick<PublishedTable, 'toldAtLoad'> = {},
): PublishedTable {
  const merged = new Map<string, DeclaredRow>()
  for (const row of rows) {
    const key = JSON.stringify(row.categories)
    const before = merged.get(key)
    if (!before) merged.set(key, row)
    else merged.set(key, asOne(before, row))
  }
  return { table: name, publication, rows: [...merged.values()], ...more }
}

/** What is a total for one and a figure for another is no mere total. */
function asOne(one: DeclaredRow, other: DeclaredRow): DeclaredRow {
  const { categories, notOurs } = { ...one, ...other }
  return {
    categories,
    is: both(one.is, other.is),
    ...(one.isTotal && other.isTotal && { isTotal: true }),
    ...(notOurs !== undefined && { notOurs }),
  }
}

function both(one: DeclaredRow['is'], other: DeclaredRow['is']): DeclaredRow['is'] {
  const is: Partial<Record<ColumnKind, readonly Target[]>> = { ...one }
  for (const [kind, targets] of Object.entries(other) as [ColumnKind, readonly Target[]][]) {
    const known = is[kind] ?? []
    const news = targets.filter((one) => !known.some((each) => JSON.stringify(each) === JSON.stringify(one)))
    is[kind] = [...known, ...news]
  }
  return is
}
