import type { Type } from 'typebox'
import { readComparators } from '../../comparison/comparators-query.ts'
import type { BesideAsk } from '../../comparison/comparisons.ts'
import { type Breakdown, breakdownLabel, readBreakdowns } from '../../indicators/breakdown.ts'
import type { Catalogue } from '../../indicators/catalogue.ts'
import type { IndicatorDefinition } from '../../indicators/definition.ts'
import type { EveryFault } from '../../indicators/every-fault.ts'
import { eachOnce, type Question } from '../../indicators/figures.ts'
import type { Audience } from '../../indicators/observation.ts'
import { readPeriods } from '../../indicators/period-query.ts'
import { notPublished } from '../../indicators/publication/profile.ts'
import { refuseOtherPeriods } from '../../indicators/publication/public-figures.ts'
import { listOf, refuseQuery } from '../../platform/http/parameters.ts'
import { type Representation, representationFor } from '../../platform/http/representation.ts'
import type { Period } from '../../vocabulary/period.ts'
import { MOST_COMPARED, type OfAuthorityQuery, STANDARD_LIMIT } from './observations-schemas.ts'

const MOST_PERIODS = 120
/** Rows of a CSV that are measured together; the stream asks for the next when these are written. */
const CSV_ROWS_AT_ONCE = 20_000

export type Query = Type.Static<typeof OfAuthorityQuery>

/** A query as read, once for all requests that write it alike; whom it is about is looked at anew each time. */
export interface Asked {
  readonly indicators: readonly IndicatorDefinition[]
  readonly periods: readonly Period[] | null
  readonly breakdowns: readonly Breakdown[]
  readonly audience: Audience
  readonly beside: Pick<BesideAsk, 'comparators' | 'trend'>
  readonly decimals: number | null
  readonly representation: Representation
  /** Null as CSV: all. */
  readonly limit: number | null
  readonly cursor: string | undefined
  /** All of the above but the page, in one text, the same however the query was written. */
  readonly text: string
  /** The last validator made: as long as the versions of the data are the same, so is it. */
  validator: { readonly basis: string; readonly etag: string } | null
}

export const questionOf = ({
  indicators,
  periods,
  breakdowns,
  audience,
}: Asked): Omit<Question, 'authorities'> => ({
  indicators,
  periods,
  breakdowns,
  audience,
})

/** Reads what is asked; `faults` gathers all that can't be given. */
export function readQuery(
  catalogue: Catalogue,
  query: Query,
  accept: string | undefined,
  audience: Audience,
  faults: EveryFault,
): Asked | undefined {
  const ids = givenList(query.indicator, 'indicator', faults)
  const labels = givenList(query.period, 'period', faults)
  const crossings = givenList(query.breakdown, 'breakdown', faults)
  const representation = faults.reading(() => representationFor(accept, query.format))
  const named = ids === null ? null : faults.reading(() => catalogue.named(ids, '/query/indicator'))
  const periods = labels === null ? null : faults.reading(() => periodsFor(labels))
  const isNamed = named !== null && named !== undefined
  // Where an indicator is unknown the breakdowns are held against the whole catalogue, to name their faults too.
  const breakdowns = faults.reading(() =>
    eachOnce(readBreakdowns(crossings ?? [], isNamed ? named : catalogue.indicators, isNamed)),
  )
  if (audience === 'public') {
    faults.reading(() => refuseOtherPeriods(periods ?? []))
    // `all` is all that is published; what was named has to be.
    const spelledOut = crossings?.filter((text) => text !== 'all') ?? []
    if (isNamed && breakdowns)
      faults.reading(() => notPublished(named, readBreakdowns(spelledOut, named, true)))
  }
  const comparators = faults.reading(() => readComparators(givenList(query.comparison, 'comparison', faults)))
  const beside = { comparators: comparators ?? [], trend: query.trend ?? 0 }
  const limit = faults.reading(() => limitFor(query.limit, representation, beside))
  if (representation === undefined || named === undefined || periods === undefined || !breakdowns) return
  if (limit === undefined) return
  const wanted = named === null ? catalogue.indicators : inOrder(catalogue, named)
  const decimals = query.decimals ?? null
  return {
    indicators: wanted,
    periods,
    breakdowns,
    audience,
    decimals,
    representation,
    beside,
    limit,
    cursor: query.cursor,
    text: JSON.stringify([
      wanted.map(({ id }) => id),
      periods?.map(({ label }) => label) ?? null,
      breakdowns.map(breakdownLabel),
      decimals,
      beside,
      audience,
    ]),
    validator: null,
  }
}

const isCompared = ({ comparators, trend }: Asked['beside']): boolean => comparators.length > 0 || trend > 0

export const rowsAtOnce = ({ beside }: Asked): number =>
  isCompared(beside) ? MOST_COMPARED : CSV_ROWS_AT_ONCE

function limitFor(
  limit: number | undefined,
  representation: Representation | undefined,
  beside: Asked['beside'],
): number | null {
  if (limit !== undefined && limit > MOST_COMPARED && isCompared(beside))
    refuseQuery(
      'limit',
      'too-many',
      `With \`comparison\` or \`trend\` a page holds at the most ${MOST_COMPARED} observations.`,
    )
  if (limit !== undefined || representation === 'csv') return limit ?? null
  return isCompared(beside) ? MOST_COMPARED : STANDARD_LIMIT
}

/** Texts of a list; null where the parameter is absent. One that is there but empty would give all for nothing. */
function givenList(value: readonly string[] | undefined, name: string, faults: EveryFault): string[] | null {
  if (value === undefined) return null
  const texts = listOf(value)
  if (texts.length === 0) faults.reading(() => refuseQuery(name, 'missing', `\`${name}\` names nothing.`))
  return texts
}

function periodsFor(labels: readonly string[]): Period[] {
  const periods = readPeriods(labels)
  if (periods.length > MOST_PERIODS)
    refuseQuery('period', 'too-many', `At the most ${MOST_PERIODS} periods can be asked for at once.`)
  return periods
}

const inOrder = (catalogue: Catalogue, named: readonly IndicatorDefinition[]): IndicatorDefinition[] => {
  const wanted = new Set(named)
  return catalogue.indicators.filter((indicator) => wanted.has(indicator))
}
