import type { Transaction } from '../platform/database/database.ts'
import type { Day } from '../vocabulary/day.ts'
import { DIMENSIONS, type DimensionId } from '../vocabulary/dimension.ts'
import { nearMatches } from '../vocabulary/near-match.ts'
import type { Period } from '../vocabulary/period.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import { repeated } from '../vocabulary/repeated.ts'
import {
  type CoveredPeriod,
  coverFor,
  isUnavailable,
  type Unavailable,
  whatDimensionLacks,
  whatLacks,
} from './availability.ts'
import type { IndicatorDefinition } from './definition.ts'
import type { Holdings } from './holdings.ts'
import { PERIOD } from './populations/columns.ts'

/** Which of a figure's rows are listed: those of its numerator, or those of its denominator. */
export type Counted = 'numerator' | 'denominator'

/** Only rows of this category of this dimension. */
export interface InCategory {
  readonly dimension: DimensionId
  readonly category: string
}

/** Sort key of a row; the number tells rows of one child and day apart. */
export interface RowKey {
  readonly child: string
  readonly day: string
  readonly number: number
}

export interface CountedAsk {
  readonly indicator: IndicatorDefinition
  readonly authority: string
  readonly period: Period
  readonly counted: Counted
  readonly categories: readonly InCategory[]
  /** The last row of the page before. */
  readonly after: RowKey | null
  readonly limit: number
}

/** One row of the population behind a figure. */
export interface CountedRow {
  /** The authority's own pseudonymous identifier. */
  readonly child: string
  /** The day on which the row is described: that of the stock, of the start, of the end, of the move. */
  readonly day: Day
  readonly categories: Readonly<Partial<Record<DimensionId, string>>>
  /** What makes the row what it is, by the population's names for it. */
  readonly facts: Readonly<Record<string, number | boolean | null>>
  readonly inNumerator: boolean
  /** Of an indicator that is a mean or a ratio, or a count of gains less losses: the row's own number. */
  readonly measured: number | null
  /** Of an indicator that is a ratio: the row's part of what it is set against. */
  readonly against: number | null
}

export interface CountedPage {
  readonly rows: readonly CountedRow[]
  readonly next: RowKey | null
  /** Set where the figure is not available; there are no rows then. */
  readonly unavailable: Unavailable | null
  /** The period as far as it is covered; null where it is not. */
  readonly covered: CoveredPeriod | null
}

/**
 * The rows behind one figure, a page at a time. Over all pages there are as many as the figure's numerator or
 * denominator says (a count's value; a mean's denominator for either; of a ratio, and of a count of gains less losses, the
 * rows that are added up), since the conditions are the indicator's own.
 */
export async function listCounted(
  transaction: Transaction,
  ask: CountedAsk,
  holdings: Holdings,
): Promise<CountedPage> {
  const covered = coverFor(ask.indicator.population, ask.period, holdings)
  if (isUnavailable(covered)) return nothing(covered, null)
  const lacking =
    whatLacks(ask.indicator, covered, holdings) ??
    whatDimensionLacks(
      ask.categories.map(({ dimension }) => dimension),
      covered,
      holdings,
    )
  if (lacking) return nothing(lacking, covered)

  const statement = listingOf(ask.indicator, ask.counted, ask.categories)
  // As `compute` does: without statistics the planner would take nested loops.
  await transaction.query('figures.plan', `select set_config('enable_nestloop', 'off', true)`)
  const listed = await transaction.query<ListedRow>(
    `children.${ask.indicator.population.id}`,
    statement.text,
    [
      [ask.authority],
      [covered.period.label],
      [covered.period.firstDay],
      [covered.lastDay],
      ...ask.categories.map(({ category }) => category),
      ask.after?.child ?? null,
      ask.after?.day ?? null,
      ask.after?.number ?? null,
      ask.limit + 1,
    ],
  )
  const page = listed.slice(0, ask.limit)
  const last = page.at(-1)
  return {
    rows: page.map((row) => rowOf(ask.indicator, row)),
    next: listed.length > ask.limit && last ? keyOf(last) : null,
    unavailable: null,
    covered,
  }
}

const nothing = (unavailable: Unavailable, covered: CoveredPeriod | null): CountedPage => ({
  rows: [],
  next: null,
  unavailable,
  covered,
})

interface ListedRow {
  readonly child: string
  readonly day: string
  readonly number: number
  readonly in_numerator: boolean
  readonly measured: number | null
  readonly against: number | null
  readonly [column: string]: string | number | boolean | null
}

const keyOf = ({ child, day, number }: ListedRow): RowKey => ({ child, day, number })

const columnOf = (dimension: DimensionId): string => dimension.replaceAll('-', '_')

/** Conditions of an indicator over a row of its population; what it leaves out is true of every row. */
function conditionsOf(indicator: IndicatorDefinition): { numerator: string; denominator: string } {
  switch (indicator.kind) {
    case 'count':
    case 'ratio':
      return { numerator: indicator.counted ?? 'true', denominator: indicator.counted ?? 'true' }
    case 'percentage':
      return { numerator: indicator.numerator, denominator: indicator.denominator ?? 'true' }
    case 'mean':
      return { numerator: 'true', denominator: indicator.denominator ?? 'true' }
    case 'rate':
      throw new Error(`${indicator.id} counts nothing that the returns hold`)
  }
}

/** What a row adds to its figure, where that is more than itself. */
function measureOf(indicator: IndicatorDefinition): string | null {
  if (indicator.kind === 'count') return indicator.weight ?? null
  return 'measure' in indicator ? indicator.measure : null
}

/**
 * The statement behind a list, pasteable into psql but for the parameters: $1 authorities, $2 labels, $3 first days
 * and $4 last days of the periods; then the categories, the key of the last row given, and how many rows to give.
 */
export function listingOf(
  indicator: IndicatorDefinition,
  counted: Counted,
  categories: readonly InCategory[],
): { text: string } {
  const { population } = indicator
  const { numerator, denominator } = conditionsOf(indicator)
  const category = (dimension: DimensionId): string => `lower(counted.${columnOf(dimension)}::text)`
  const where = [
    'counted.authority = any($1::text[])',
    `(${denominator})`,
    ...(counted === 'numerator' ? [`(${numerator})`] : []),
    ...categories.map(({ dimension }, index) => `${category(dimension)} = $${5 + index}::text`),
  ]
  const columns = [
    ...population.dimensions.map((dimension) => `${category(dimension)} as ${dimensionAlias(dimension)}`),
    ...population.facts.map((fact) => `counted.${fact} as ${factAlias(fact)}`),
  ]
  const number = (expression: string | null) =>
    expression === null ? 'null::float8' : `(${expression})::float8`
  const measured = number(measureOf(indicator))
  const against = number('divisor' in indicator ? indicator.divisor : null)
  const next = 5 + categories.length
  const isOnce = indicator.kind === 'count' && indicator.eachChildOnce === true
  return {
    text: `
with ${PERIOD.trimStart()},
counted as (${population.text}
)
select listed.*
  from (select ${isOnce ? 'distinct on (counted.child) ' : ''}counted.child, counted.day,
               -- Two placements of one child may change on one day: the whole row tells them apart.
               row_number() over (partition by counted.child, counted.day order by counted)::int as number,
               (${numerator}) is true as in_numerator,
               ${measured} as measured,
               ${against} as against${columns.map((column) => `,\n               ${column}`).join('')}
          from counted
         where ${where.join('\n           and ')}${isOnce ? '\n         order by counted.child, counted.day' : ''}) listed
 where $${next}::text is null
    or (listed.child, listed.day, listed.number) > ($${next}::text, $${next + 1}::date, $${next + 2}::int)
 order by listed.child, listed.day, listed.number
 limit $${next + 3}::int`,
  }
}

// A dimension may have the name of a fact or of a column of the key.
const dimensionAlias = (dimension: DimensionId): string => `d_${columnOf(dimension)}`
const factAlias = (fact: string): string => `f_${fact}`

function rowOf(indicator: IndicatorDefinition, row: ListedRow): CountedRow {
  const { dimensions, facts } = indicator.population
  return {
    child: row.child,
    day: row.day as Day,
    categories: Object.fromEntries(
      dimensions.flatMap((dimension) => {
        const category = row[dimensionAlias(dimension)]
        return typeof category === 'string' ? [[dimension, category]] : []
      }),
    ),
    facts: Object.fromEntries(facts.map((fact) => [fact, row[factAlias(fact)] as number | boolean | null])),
    inNumerator: row.in_numerator,
    measured: row.measured,
    against: row.against,
  }
}

/* ---- reading what is asked for ------------------------------------------------------------------------------- */

const MOST_CATEGORIES = 2

/** Reads `age-band:10-to-15,sex:male`; one problem names every category that the indicator can't be narrowed to. */
export function readCategories(
  texts: readonly string[],
  indicator: IndicatorDefinition,
  pointer = '/query/category',
): InCategory[] {
  const faults: Fault[] = []
  const read = new Map<DimensionId, InCategory>()
  for (const text of texts) {
    const [name = '', ...rest] = text.split(':')
    const category = rest.join(':')
    const dimension = DIMENSIONS.get(name as DimensionId)
    if (dimension === undefined || !indicator.dimensions.includes(dimension.id)) {
      const near = nearMatches(name, indicator.dimensions)
      faults.push({
        pointer,
        code: 'unknown-breakdown',
        detail: `${repeated(name, near)} is not a dimension of ${indicator.id}; write dimension:category`,
        allowed: indicator.dimensions,
        ...(near.length > 0 && { didYouMean: near }),
      })
      continue
    }
    const allowed = categoriesOf(dimension.id)
    if (!allowed.includes(category) && !(dimension.open && category !== '')) {
      const near = nearMatches(category, allowed)
      faults.push({
        pointer,
        code: 'unknown-category',
        detail: `${repeated(category, near)} is not a category of ${dimension.id}`,
        allowed,
        ...(near.length > 0 && { didYouMean: near.map((one) => `${dimension.id}:${one}`) }),
      })
    } else if (read.has(dimension.id)) {
      faults.push({
        pointer,
        code: 'repeated',
        detail: `${dimension.id} is given twice; a row has one category of each dimension`,
      })
    } else read.set(dimension.id, { dimension: dimension.id, category })
  }
  if (read.size > MOST_CATEGORIES) {
    faults.push({
      pointer,
      code: 'too-many',
      detail: `At the most ${MOST_CATEGORIES} categories can be given, each of another dimension.`,
    })
  }
  if (faults.length > 0) {
    throw new Refusal('unknown-breakdown', 'The request names a category that can not be given', faults)
  }
  return [...read.values()]
}

/** Categories of a dimension, and those that a return may bring about besides. */
function categoriesOf(dimension: DimensionId): string[] {
  const listed = DIMENSIONS.get(dimension)!.categories.map(({ id }) => id)
  const others = dimension === 'category-of-need' ? ['not-reported'] : []
  return [...new Set([...listed, ...others])]
}
