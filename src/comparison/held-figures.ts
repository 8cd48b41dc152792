import { LRUCache } from 'lru-cache'
import type { Transaction } from '../platform/database/database.ts'
import { type Mapping, mapSeries, type Series } from './map-series.ts'
import type { PublishedFigure } from './published-figures.ts'

/** A published value, as it is held. */
export interface Cell {
  readonly value: number | null
  readonly status: string | null
  readonly decimals: number | null
}

/** The values of a series, by period and area. */
export interface SeriesCells {
  at(period: string, area: string): Cell | undefined
  readonly periods: readonly string[]
  /** The last period that it reaches: of two releases the later. */
  readonly until: string
}

/** Where a figure comes from: its value, and what stands beside it in the same table. */
export interface FigureSource {
  readonly value: SeriesCells
  readonly numerator: SeriesCells | null
  readonly denominator: SeriesCells | null
  readonly source: PublishedFigure['source']
}

/** A category of an indicator that something is published for. */
export interface PublishedCategory {
  readonly indicator: string
  readonly breakdown: Readonly<Record<string, string>>
  /** The dimensions of the breakdown in alphabetical order, with asterisks; empty for the total. */
  readonly dimensions: string
  readonly sources: readonly TableSource[]
}

/** The series of one table, or of the tool, that a figure is made of; of each several, where releases differ in form. */
interface TableSource {
  readonly layout: string
  readonly rank: number
  readonly value: Mapped[]
  readonly numerator: Mapped[]
  readonly denominator: Mapped[]
}

type Mapped = Series & Mapping

export interface HeldFigures {
  readonly byIndicator: ReadonlyMap<string, readonly PublishedCategory[]>
  /** Reads the series of these categories, those that have not been read. */
  load(transaction: Transaction, categories: readonly PublishedCategory[]): Promise<void>
  /** The figure of a category that was read; null where none is published. */
  figureOf(category: PublishedCategory, period: string, area: string): PublishedFigure | null
  /** The periods that something is published for, of categories that were read. */
  periodsOf(categories: readonly PublishedCategory[]): string[]
}

/** A version names one content for ever, so what was read of it stays right; of these many it is kept. */
const VERSIONS_KEPT = 4
const kept = new LRUCache<string, HeldFigures>({ max: VERSIONS_KEPT })

/** What is held at a version of the comparators. The series are read as they are asked for, and once. */
export async function heldFigures(transaction: Transaction, version: string): Promise<HeldFigures> {
  const known = kept.get(version)
  if (known) return known
  const held = newHeldFigures(mapSeries(await readSeries(transaction)))
  kept.set(version, held)
  return held
}

function newHeldFigures(series: readonly Mapped[]): HeldFigures {
  const byIndicator = categoriesOf(series)
  const cells = new Map<Mapped, SeriesCells>()
  const ordered = new Map<PublishedCategory, FigureSource[]>()
  // Made once: a question about every authority is tens of thousands of them.
  const figures = new Map<PublishedCategory, Map<string, Map<string, PublishedFigure>>>()

  const latest = (several: readonly Mapped[]): Mapped[] =>
    several
      .filter((one) => cells.has(one))
      .sort((a, b) => (cells.get(a)!.until < cells.get(b)!.until ? 1 : -1))

  return {
    byIndicator,
    async load(transaction, categories) {
      const wanted = categories.flatMap(({ sources }) =>
        sources.flatMap(({ value, numerator, denominator }) => [...value, ...numerator, ...denominator]),
      )
      const missing = [...new Set(wanted)].filter((one) => !cells.has(one))
      if (missing.length === 0) return
      for (const [one, read] of await readCells(transaction, missing)) cells.set(one, read)
    },
    figureOf(category, period, area) {
      const known = figures.get(category)?.get(period)?.get(area)
      if (known) return known
      const figure = newFigure(category, inOrderOfTrust(category), period, area)
      if (figure) within(within(figures, category), period).set(area, figure)
      return figure
    },
    periodsOf: (categories) =>
      [
        ...new Set(
          categories.flatMap((category) => inOrderOfTrust(category).flatMap(({ value }) => value.periods)),
        ),
      ].sort(),
  }

  /** Sources with their values, the most trusted first. */
  function inOrderOfTrust(category: PublishedCategory): FigureSource[] {
    const known = ordered.get(category)
    if (known) return known
    const inOrder = [...category.sources]
      .sort((a, b) => a.rank - b.rank)
      .flatMap(({ value, numerator, denominator }) =>
        latest(value).map((one) => ({
          value: cells.get(one)!,
          numerator: together(latest(numerator).map((each) => cells.get(each)!)),
          denominator: together(latest(denominator).map((each) => cells.get(each)!)),
          source: { ...one.source!, layout: one.layout },
        })),
      )
    ordered.set(category, inOrder)
    return inOrder
  }
}

function within<Key, Inner, Value>(maps: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  let inner = maps.get(key)
  if (!inner) {
    inner = new Map()
    maps.set(key, inner)
  }
  return inner
}

/** What the most trusted source says; what that one has not available, the next may have. */
function newFigure(
  { indicator, breakdown }: PublishedCategory,
  sources: readonly FigureSource[],
  period: string,
  area: string,
): PublishedFigure | null {
  const having = sources.filter(({ value }) => value.at(period, area))
  const from = having.find(({ value }) => value.at(period, area)!.status !== 'x') ?? having[0]
  if (!from) return null
  const { value, status, decimals } = from.value.at(period, area)!
  return {
    indicator,
    breakdown,
    area,
    areaLevel: levelOf(area),
    period,
    value,
    status,
    numerator: from.numerator?.at(period, area)?.value ?? null,
    denominator: from.denominator?.at(period, area)?.value ?? null,
    decimals,
    source: from.source,
  }
}

const levelOf = (area: string): PublishedFigure['areaLevel'] =>
  area.startsWith('E92') ? 'national' : /^E1[23]/.test(area) ? 'regional' : 'local-authority'

/** Several releases as one: the later where both have a value. */
const together = (several: readonly SeriesCells[]): SeriesCells | null =>
  several.length < 2
    ? (several[0] ?? null)
    : {
        until: several[0]!.until,
        periods: several.flatMap(({ periods }) => periods),
        at(period, area) {
          for (const one of several) {
            const cell = one.at(period, area)
            if (cell) return cell
          }
          return undefined
        },
      }

function categoriesOf(series: readonly Mapped[]): Map<string, PublishedCategory[]> {
  const categories = new Map<string, PublishedCategory & { readonly sources: TableSource[] }>()
  for (const one of series) {
    for (const { indicator, member, breakdown } of one.targets) {
      const key = JSON.stringify([indicator, Object.entries(breakdown).sort()])
      const dimensions = Object.keys(breakdown).sort().join('*')
      const category = categories.get(key) ?? { indicator, breakdown, dimensions, sources: [] }
      categories.set(key, category)
      let source = category.sources.find(({ layout, rank }) => layout === one.layout && rank === one.rank)
      if (!source) {
        source = { layout: one.layout, rank: one.rank, value: [], numerator: [], denominator: [] }
        category.sources.push(source)
      }
      source[member].push(one)
    }
  }
  const byIndicator = new Map<string, PublishedCategory[]>()
  for (const category of categories.values()) {
    // Of some categories only a total is published, which no value stands beside.
    if (category.sources.every(({ value }) => value.length === 0)) continue
    byIndicator.set(category.indicator, [...(byIndicator.get(category.indicator) ?? []), category])
  }
  for (const each of byIndicator.values()) each.sort((a, b) => (a.dimensions < b.dimensions ? -1 : 1))
  return byIndicator
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

/** The series that are held, by stepping through the primary key: hundreds of steps, where the rows are thousands. */
const readSeries = (transaction: Transaction): Promise<Series[]> =>
  transaction.query<Series & { layout: string }>(
    'comparison.series',
    `with recursive step as (
       (select published.layout, published.series, published.category
          from care.comparator as published
         order by published.layout, published.series, published.category limit 1)
       union all
       select following.layout, following.series, following.category
         from step
        cross join lateral (
          select published.layout, published.series, published.category
            from care.comparator as published
           where (published.layout, published.series, published.category)
               > (step.layout, step.series, step.category)
           order by published.layout, published.series, published.category limit 1) as following
     )
     select step.layout, step.series, step.category from step`,
  )

/**
 * All values of series. Each comes as one text (area, period, value, status, decimals): tens of thousands of rows take
 * the driver ten times as long.
 */
async function readCells(
  transaction: Transaction,
  series: readonly Mapped[],
): Promise<[Mapped, SeriesCells][]> {
  const rows = await transaction.query<{ place: number; cells: string }>(
    'comparison.cells',
    `select asked.place::int as place,
            string_agg(concat_ws(' ', published.area, published.period, coalesce(published.value::text, '-'),
                                 coalesce(published.status, '-'), coalesce(published.decimals::text, '-')),
                       ',') as cells
       from unnest($1::text[], $2::text[], $3::text[]) with ordinality as asked (layout, series, category, place)
       join care.comparator as published
         on published.layout = asked.layout and published.series = asked.series
        and published.category = asked.category::jsonb
      group by asked.place`,
    [
      series.map(({ layout }) => layout),
      series.map((one) => one.series),
      series.map(({ category }) => JSON.stringify(category)),
    ],
  )
  return rows.map(({ place, cells }) => {
    const one = series[place - 1]!
    return [one, cellsOf(cells, new Set(one.exceptPeriods))]
  })
}

function cellsOf(text: string, except: ReadonlySet<string>): SeriesCells {
  const byPeriod = new Map<string, Map<string, Cell>>()
  let until = ''
  for (const written of text.split(',')) {
    const [area, period, value, status, decimals] = written.split(' ') as [
      string,
      string,
      string,
      string,
      string,
    ]
    if (except.has(period)) continue
    if (period > until) until = period
    let ofPeriod = byPeriod.get(period)
    if (!ofPeriod) {
      ofPeriod = new Map()
      byPeriod.set(period, ofPeriod)
    }
    ofPeriod.set(area, {
      value: value === '-' ? null : Number(value),
      status: status === '-' ? null : status,
      decimals: decimals === '-' ? null : Number(decimals),
    })
  }
  return { until, periods: [...byPeriod.keys()], at: (period, area) => byPeriod.get(period)?.get(area) }
}
