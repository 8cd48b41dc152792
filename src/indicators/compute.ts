import type { Transaction } from '../platform/database/database.ts'
import { roundTo, wilson } from '../statistics/interval.ts'
import { DIMENSIONS, type DimensionId, FINER_DIMENSIONS } from '../vocabulary/dimension.ts'
import type { Period } from '../vocabulary/period.ts'
import {
  type CoveredPeriod,
  childPopulationFor,
  coverFor,
  isCovered,
  isUnavailable,
  type Unavailable,
  whatDimensionLacks,
  whatLacks,
} from './availability.ts'
import { type Breakdown, breakdownLabel, hasBreakdown } from './breakdown.ts'
import type { IndicatorDefinition, Population, RateDefinition } from './definition.ts'
import { type Holdings, holdingsOf } from './holdings.ts'
import { type Cells, KEEPS_NOTHING, type KeptCells, type Measured, type Row } from './kept-cells.ts'
import type { Observation } from './observation.ts'
import { PERIOD } from './populations/columns.ts'

/** What is asked for: these indicators, for these authorities and periods, in total and by these breakdowns. */
export interface Ask {
  readonly indicators: readonly IndicatorDefinition[]
  readonly authorities: readonly string[]
  readonly periods: readonly Period[]
  readonly breakdowns: readonly Breakdown[]
}

/**
 * Computes observations. Indicators that share a population are got from one statement, for all periods and all
 * breakdowns; what the returns do not cover is not available, with the reason, and never a guess.
 */
export async function compute(
  transaction: Transaction,
  ask: Ask,
  held: ReadonlyMap<string, Holdings>,
  versions: ReadonlyMap<string, string> = new Map(),
  kept: KeptCells = KEEPS_NOTHING,
): Promise<Observation[]> {
  const cells = new Map<string, Cells>()
  const take = (measured: Measured) => {
    for (const [figure, found] of measured) cells.set(figure, found)
  }
  const waiting = groupsOf(ask, held).flatMap((group): Group[] => {
    const columns = columnsOfGroup(group)
    const authorities = group.authorities.filter((authority) => {
      const version = versions.get(authority) ?? ''
      const found = group.periods.map((period) =>
        kept.find(version, authority, nameOf(group, period, ask), columns),
      )
      for (const measured of found) if (measured) take(measured)
      return found.includes(undefined)
    })
    return authorities.length > 0 ? [{ ...group, authorities }] : []
  })
  const measureThem = async (connection: Transaction) => {
    if (waiting.length === 0) return
    // Just after a load the planner has no statistics; a nested loop between the parts of a population is then
    // chosen for rows that seem few, and takes seconds where a hash join takes milliseconds. With little memory in
    // sight it would sort texts for every second grouping set, though the groups take a few hundred kilobytes.
    await connection.query(
      'figures.plan',
      `select set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true)`,
    )
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      const columns = columnsOfGroup(group)
      for (const [authority, ofPeriods] of await measure(connection, group, ask)) {
        const version = versions.get(authority)
        for (const [index, measured] of ofPeriods.entries()) {
          take(measured)
          const name = nameOf(group, group.periods[index]!, ask)
          if (version) kept.keep(version, authority, name, columns, measured)
        }
      }
    }
  }
  const setsOfCells = (ask.breakdowns.length + 1) * ask.periods.length * ask.authorities.length
  const isHeavy = waiting.length > 1 && waiting.length * setsOfCells >= HEAVY
  const helper = isHeavy ? transaction.alongside(measureThem) : null
  await Promise.all([measureThem(transaction), helper])
  return assemble(ask, held, cells)
}

/** What a statement counts in a period, but for whom, and which of its aggregates. */
const nameOf = ({ population }: Group, { period, lastDay }: CoveredPeriod, { breakdowns }: Ask): string =>
  `${population.id} ${period.label}:${lastDay} ${breakdowns.map(breakdownLabel).join()}`

const columnsOfGroup = ({ indicators }: Group): ReadonlySet<string> =>
  new Set(
    indicators.flatMap((indicator) => Object.values(aggregatesOf(indicator)).map(({ column }) => column)),
  )

/** Sets of cells, over all statements, from which on a second connection is worth its opening. */
const HEAVY = 24

/* ---- one statement for a population ------------------------------------------------------------------------ */

/** Authorities and indicators of one population that are covered alike: they can share a statement. */
interface Group {
  readonly population: Population
  readonly indicators: readonly IndicatorDefinition[]
  readonly authorities: readonly string[]
  readonly periods: readonly CoveredPeriod[]
}

function groupsOf(ask: Ask, held: ReadonlyMap<string, Holdings>): Group[] {
  const byPopulation = Map.groupBy(ask.indicators, (indicator) => indicator.population)
  const groups = new Map<
    string,
    {
      population: Population
      indicators: IndicatorDefinition[]
      authorities: string[]
      periods: CoveredPeriod[]
    }
  >()
  for (const [population, indicators] of byPopulation) {
    for (const authority of ask.authorities) {
      const holdings = holdingsOf(held, authority)
      const periods = ask.periods
        .map((period) => coverFor(population, period, holdings))
        .filter(isCovered)
        .filter((covered) => indicators.some((indicator) => whatLacks(indicator, covered, holdings) === null))
      if (periods.length === 0) continue
      const key = `${population.id}|${periods.map((covered) => `${covered.period.label}:${covered.lastDay}`).join('|')}`
      const known = groups.get(key)
      if (known) known.authorities.push(authority)
      else groups.set(key, { population, indicators, authorities: [authority], periods })
    }
  }
  return [...groups.values()]
}

const columnOf = (dimension: DimensionId): string => dimension.replaceAll('-', '_')

/** An aggregate over the rows of a population, and the column of the statement that it is given in. */
interface Aggregate {
  readonly sql: string
  readonly column: string
}
interface Aggregates {
  readonly numerator: Aggregate
  readonly denominator: Aggregate
  /** Of a ratio: the rows that its sums are over. */
  readonly rows?: Aggregate
}

const columnOfAggregate = new Map<string, string>()

/** The same SQL is always the same column: indicators share it, and what was kept can be read by another question. */
function aggregate(sql: string): Aggregate {
  let column = columnOfAggregate.get(sql)
  if (!column) {
    column = `n${columnOfAggregate.size}`
    columnOfAggregate.set(sql, column)
  }
  return { sql, column }
}

const aggregatesOfIndicator = new WeakMap<IndicatorDefinition, Aggregates>()

function aggregatesOf(indicator: IndicatorDefinition): Aggregates {
  let aggregates = aggregatesOfIndicator.get(indicator)
  if (!aggregates) {
    const { numerator, denominator } = sqlOf(indicator)
    aggregates = {
      numerator: aggregate(numerator),
      denominator: aggregate(denominator),
      ...(indicator.kind === 'ratio' && { rows: aggregate(countOf(indicator.counted)) }),
    }
    aggregatesOfIndicator.set(indicator, aggregates)
  }
  return aggregates
}

const countOf = (condition?: string, counted = '*'): string =>
  condition ? `count(${counted}) filter (where ${condition})::int` : `count(${counted})::int`

const sumOf = (weight: string, condition?: string): string =>
  `coalesce(sum(${weight})${condition ? ` filter (where ${condition})` : ''}, 0)::int`

/** The aggregates of an indicator, as SQL. */
function sqlOf(indicator: IndicatorDefinition): { numerator: string; denominator: string } {
  switch (indicator.kind) {
    case 'count':
    case 'rate': {
      const { counted } = indicator
      const eachOnce = indicator.kind === 'count' && indicator.eachChildOnce
      const rows = countOf(counted, eachOnce ? 'distinct counted.child' : undefined)
      const weight = indicator.kind === 'count' ? indicator.weight : undefined
      return { numerator: weight === undefined ? rows : sumOf(weight, counted), denominator: rows }
    }
    case 'percentage': {
      const both = [indicator.denominator, indicator.numerator].filter((part) => part !== undefined)
      return {
        numerator: countOf(both.map((part) => `(${part})`).join(' and ')),
        denominator: countOf(indicator.denominator),
      }
    }
    case 'mean': {
      const where = indicator.denominator ? ` filter (where ${indicator.denominator})` : ''
      return {
        numerator: `coalesce(sum(${indicator.measure})${where}, 0)::float8`,
        denominator: countOf(indicator.denominator),
      }
    }
    case 'ratio': {
      const where = indicator.counted ? ` filter (where ${indicator.counted})` : ''
      // Added up as decimals: tenths of a post must not become what they nearly are.
      const sum = (number: string) => `coalesce(sum((${number})::numeric)${where}, 0)::float8`
      return { numerator: sum(indicator.measure), denominator: sum(indicator.divisor) }
    }
  }
}

/** The sets that one statement groups by; null is the total. */
type GroupingSet = Breakdown | null

/**
 * The statement behind the figures of one population: pasteable into psql, but for the parameters. Grouping is what
 * it costs: so it groups by the authority only where there are several, and not by what finer groups add up to.
 */
export function statementOf(
  population: Population,
  indicators: readonly IndicatorDefinition[],
  breakdowns: readonly Breakdown[],
  byAuthority: boolean,
): {
  text: string
  aggregates: readonly Aggregate[]
  sets: readonly GroupingSet[]
  columns: readonly DimensionId[]
} {
  const wanted = breakdowns.filter((breakdown) =>
    indicators.some((indicator) => hasBreakdown(indicator, breakdown)),
  )
  const sets: GroupingSet[] = [null, ...wanted.filter((breakdown) => finerOf(breakdown, wanted) === null)]
  const columns = [...new Set(sets.flatMap((set) => set ?? []))]
  const byColumn = new Map<string, Aggregate>()
  for (const indicator of indicators) {
    for (const needed of Object.values(aggregatesOf(indicator))) byColumn.set(needed.column, needed)
  }
  const aggregates = [...byColumn.values()]
  const always = byAuthority ? ['counted.authority', 'counted.ordinal'] : ['counted.ordinal']
  const named = (dimension: DimensionId) => `counted.${columnOf(dimension)}`
  const selected = [
    ...always,
    ...columns.map(named),
    columns.length > 0 ? `grouping(${columns.map(named).join(', ')})::int as grouped` : '0 as grouped',
    ...aggregates.map(({ sql, column }) => `${sql} as ${column}`),
  ]
  const groupingSets = sets.map((set) => `(${[...always, ...(set ?? []).map(named)].join(', ')})`)
  const text = `
with ${PERIOD.trimStart()},
counted as (${population.text}
)
select ${selected.join(',\n       ')}
  from counted
 group by grouping sets (${groupingSets.join(', ')})`
  return { text, aggregates, sets, columns }
}

/** The finer breakdown among those wanted whose groups add up to the groups of this one; null where there is none. */
function finerOf(breakdown: Breakdown, wanted: readonly Breakdown[]): Breakdown | null {
  if (breakdown.length !== 1) return null
  const finer = FINER_DIMENSIONS[breakdown[0]]?.dimension
  return wanted.find((other) => other.length === 1 && other[0] === finer) ?? null
}

async function measure(
  transaction: Transaction,
  group: Group,
  ask: Ask,
): Promise<ReadonlyMap<string, readonly Measured[]>> {
  const [only, ...others] = group.authorities
  const statement = statementOf(group.population, group.indicators, ask.breakdowns, others.length > 0)
  const rows = await transaction.query<Row>(`figures.${group.population.id}`, statement.text, [
    group.authorities,
    group.periods.map((covered) => covered.period.label),
    group.periods.map((covered) => covered.period.firstDay),
    group.periods.map((covered) => covered.lastDay),
  ])
  // grouping() has a bit for each column, the first the highest: set where the row is not grouped by it.
  const setOf = new Map(
    statement.sets.map((set) => [
      statement.columns.reduce((bits, column) => bits * 2 + (set?.includes(column) ? 0 : 1), 0),
      set,
    ]),
  )
  const columns = statement.aggregates.map(({ column }) => column)
  // Also who has no row of the population: that is known then, and need not be asked again.
  const byAuthority = new Map(
    group.authorities.map((authority) => [authority, group.periods.map(() => new Map<string, Cells>())]),
  )
  const cellsAt = (authority: string, ordinal: number, set: GroupingSet): Cells => {
    const byFigure = byAuthority.get(authority)![ordinal - 1]!
    const { label } = group.periods[ordinal - 1]!.period
    const key = cellsKey(group.population.id, authority, label, set)
    let cells = byFigure.get(key)
    if (!cells) {
      cells = new Map()
      byFigure.set(key, cells)
    }
    return cells
  }
  const coarser = ask.breakdowns.filter((breakdown) => finerOf(breakdown, ask.breakdowns) !== null)
  for (const row of rows) {
    const set = setOf.get(row.grouped as number) ?? null
    const authority = (row.authority as string | undefined) ?? only!
    const ordinal = row.ordinal as number
    const category = set
      ? set.map((dimension) => categoryOf(dimension, row[columnOf(dimension)]!)).join('|')
      : ''
    cellsAt(authority, ordinal, set).set(category, row)
    if (set?.length !== 1) continue
    for (const [dimension] of coarser) {
      const finer = FINER_DIMENSIONS[dimension]!
      if (finer.dimension === set[0])
        addUp(cellsAt(authority, ordinal, [dimension]), finer.groupOf(category), row, columns)
    }
  }
  return byAuthority
}

function addUp(cells: Cells, category: string, row: Row, columns: readonly string[]): void {
  const sums = cells.get(category)
  if (!sums) cells.set(category, { ...row })
  else for (const column of columns) sums[column] = (sums[column] as number) + (row[column] as number)
}

/** Codes are categories in lower case; ages are numbers. */
const categoryOf = (dimension: DimensionId, value: string | number): string =>
  dimension.endsWith('-code') ? String(value).toLowerCase() : String(value)

const cellsKey = (population: string, authority: string, period: string, set: GroupingSet): string =>
  `${population} ${authority} ${period} ${set ? breakdownLabel(set) : ''}`

/* ---- observations ------------------------------------------------------------------------------------------ */

function assemble(
  ask: Ask,
  held: ReadonlyMap<string, Holdings>,
  cells: ReadonlyMap<string, Cells>,
): Observation[] {
  const observations: Observation[] = []
  for (const authority of ask.authorities) {
    const holdings = holdingsOf(held, authority)
    for (const indicator of ask.indicators) {
      const aggregates = aggregatesOf(indicator)
      const covers = ask.periods.map((period) => ({
        period,
        covered: coverFor(indicator.population, period, holdings),
      }))
      const breakdowns = ask.breakdowns.filter((breakdown) => hasBreakdown(indicator, breakdown))
      for (const { period, covered } of covers) {
        const lacking = isUnavailable(covered) ? covered : whatLacks(indicator, covered, holdings)
        if (lacking || isUnavailable(covered)) {
          observations.push(notAvailable(indicator, authority, period.label, {}, lacking!))
          for (const breakdown of breakdowns) {
            for (const category of knownCategories(breakdown)) {
              observations.push(notAvailable(indicator, authority, period.label, category, lacking!))
            }
          }
          continue
        }
        const cellsOf = (set: Breakdown | null) =>
          cells.get(cellsKey(indicator.population.id, authority, period.label, set))
        const row = cellsOf(null)?.get('')
        const total =
          indicator.kind === 'rate'
            ? observeRate(
                indicator,
                authority,
                covered,
                Number(row?.[aggregates.numerator.column] ?? 0),
                holdings,
              )
            : observe(indicator, authority, covered, {}, row, aggregates, null)
        observations.push(total)
        for (const breakdown of breakdowns) {
          const unknown = whatDimensionLacks(breakdown, covered, holdings)
          if (unknown) {
            for (const category of knownCategories(breakdown)) {
              observations.push(notAvailable(indicator, authority, period.label, category, unknown))
            }
            continue
          }
          const found = cellsOf(breakdown)
          for (const category of categoriesOf(breakdown, found)) {
            const named = Object.fromEntries(
              breakdown.map((dimension, index) => [dimension, category.split('|')[index]!]),
            )
            observations.push(
              observe(indicator, authority, covered, named, found?.get(category), aggregates, total.value),
            )
          }
        }
      }
    }
  }
  return observations
}

/** The categories to give: all of a closed list, in its order, and what is found besides. */
function categoriesOf(breakdown: Breakdown, found: Cells | undefined): string[] {
  const [first, second] = breakdown.map((dimension) => DIMENSIONS.get(dimension)!)
  const present = [...(found?.keys() ?? [])]
  const order = (dimension: typeof first, category: string) => {
    const index = dimension!.categories.findIndex(({ id }) => id === category)
    return index === -1 ? Number.MAX_SAFE_INTEGER : index
  }
  if (second === undefined) {
    const wanted = first!.complete ? first!.categories.map(({ id }) => id) : []
    const others = present.filter((category) => !wanted.includes(category))
    return [...wanted, ...others.sort((a, b) => order(first, a) - order(first, b) || (a < b ? -1 : 1))]
  }
  return present.sort((a, b) => {
    const [[a1, a2], [b1, b2]] = [a.split('|') as [string, string], b.split('|') as [string, string]]
    return order(first, a1) - order(first, b1) || order(second, a2) - order(second, b2) || (a < b ? -1 : 1)
  })
}

function observe(
  indicator: IndicatorDefinition,
  authority: string,
  covered: CoveredPeriod,
  breakdown: Record<string, string>,
  row: Row | undefined,
  aggregates: Aggregates,
  total: number | null,
): Observation {
  // Fractions of finer categories that are added up leave something behind the sixth decimal.
  const number = (value: number) => (indicator.kind === 'ratio' ? roundTo(value, 6) : value)
  const numerator = number(Number(row?.[aggregates.numerator.column] ?? 0))
  const denominator = number(Number(row?.[aggregates.denominator.column] ?? 0))
  const head = {
    indicator: indicator.id,
    authority,
    period: covered.period.label,
    breakdown,
    unit: indicator.unit,
  }
  const running = covered.incomplete ? { incomplete: true as const, asAt: covered.lastDay } : {}
  if (indicator.kind === 'count') {
    // What is gained less what is lost has no shares.
    const inBreakdown = total !== null && indicator.weight === undefined
    return {
      ...head,
      value: numerator,
      numerator: null,
      denominator: null,
      status: null,
      ...(inBreakdown ? { share: total > 0 ? (100 * numerator) / total : null } : {}),
      interval: null,
      ...running,
    }
  }
  const nobody = denominator === 0
  const scale = indicator.unit === 'percentage' ? 100 : 1
  return {
    ...head,
    value: nobody ? null : (scale * numerator) / denominator,
    numerator,
    denominator,
    status: nobody ? 'z' : null,
    interval: indicator.kind === 'percentage' ? wilson(numerator, denominator) : null,
    ...(aggregates.rows && { rows: Number(row?.[aggregates.rows.column] ?? 0) }),
    ...running,
  }
}

/** Rows of the population against the children of the authority, whom no row describes. */
function observeRate(
  indicator: RateDefinition,
  authority: string,
  covered: CoveredPeriod,
  numerator: number,
  holdings: Holdings,
): Observation {
  const children = childPopulationFor(covered, holdings)!
  return {
    indicator: indicator.id,
    authority,
    period: covered.period.label,
    breakdown: {},
    unit: indicator.unit,
    value: children === 0 ? null : ((indicator.unit === 'percentage' ? 100 : 10_000) * numerator) / children,
    numerator,
    denominator: children,
    status: children === 0 ? 'z' : null,
    interval: null,
    ...(covered.incomplete ? { incomplete: true as const, asAt: covered.lastDay } : {}),
  }
}

/** The categories that are given whatever is held: where a figure is not available, each of them is not. */
function knownCategories(breakdown: Breakdown): Record<string, string>[] {
  const [dimension, crossed] = breakdown
  if (crossed !== undefined || !DIMENSIONS.get(dimension)!.complete) return []
  return DIMENSIONS.get(dimension)!.categories.map(({ id }) => ({ [dimension]: id }))
}

function notAvailable(
  indicator: IndicatorDefinition,
  authority: string,
  period: string,
  breakdown: Record<string, string>,
  lacking: Unavailable,
): Observation {
  return {
    indicator: indicator.id,
    authority,
    period,
    breakdown,
    unit: indicator.unit,
    value: null,
    numerator: null,
    denominator: null,
    status: 'x',
    interval: null,
    reason: lacking.reason,
    wouldBeSuppliedBy: lacking.wouldBeSuppliedBy,
  }
}
