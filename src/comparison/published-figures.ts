import type { Transaction } from '../platform/database/database.ts'

/** A figure that others have published, as one of our indicators. */
export interface PublishedFigure {
  readonly indicator: string
  readonly breakdown: Readonly<Record<string, string>>
  /** GSS code. */
  readonly area: string
  readonly areaLevel: 'national' | 'regional' | 'local-authority'
  readonly period: string
  readonly value: number | null
  readonly status: string | null
  readonly numerator: number | null
  readonly denominator: number | null
  readonly decimals: number | null
  readonly source: { readonly title: string; readonly table: string; readonly layout: string }
}

export interface PublishedAsk {
  readonly indicators: readonly string[]
  readonly areas: readonly string[]
  readonly periods: readonly string[]
  readonly breakdowns?: readonly string[]
}

interface Series {
  readonly indicator: string
  readonly table: string
  readonly value: string
  readonly numerator: readonly [series: string, category: Readonly<Record<string, string>>] | null
  readonly denominator: readonly [series: string, category: Readonly<Record<string, string>>] | null
  readonly category: Readonly<Record<string, string>>
}

const onThe31st = { population_type: 'Children looked after on 31 March each year' }
const threeOrMore = {
  cla_group: 'CLA on 31 March',
  placement_stability: 'With 3 or more placements during the year',
}
const allOfThem = { cla_group: 'CLA on 31 March', placement_stability: 'Total children' }

const SERIES: readonly Series[] = [
  {
    indicator: 'cla-count',
    table: 'Children looked after on 31 March, number and rate',
    value: 'children_count',
    numerator: null,
    denominator: null,
    category: onThe31st,
  },
  {
    indicator: 'cla-rate-per-10k',
    table: 'Children looked after on 31 March, number and rate',
    value: 'rate_per_10000',
    numerator: ['children_count', onThe31st],
    denominator: ['population_estimate', onThe31st],
    category: onThe31st,
  },
  {
    indicator: 'three-plus-placements-pct',
    table: 'Placement stability',
    value: 'children_percent',
    numerator: ['children_count', threeOrMore],
    denominator: ['children_count', allOfThem],
    category: threeOrMore,
  },
]

type Row = {
  readonly series: string
  readonly category: Record<string, string>
  readonly area: string
  readonly areaLevel: PublishedFigure['areaLevel']
  readonly period: string
  readonly value: number | null
  readonly status: string | null
  readonly decimals: number | null
}

/** The published figures of these indicators, areas and periods, each with the counts behind it where they are published. */
export async function readPublished(transaction: Transaction, ask: PublishedAsk): Promise<PublishedFigure[]> {
  const wanted = SERIES.filter(({ indicator }) => ask.indicators.includes(indicator))
  if (wanted.length === 0) return []
  const rows = await transaction.query<Row>(
    'comparison.published',
    `select c.series, c.category, c.area, c.area_level as "areaLevel", c.period, c.value::float8 as value, c.status, c.decimals
       from care.comparator c
      where c.layout = 'explore-education-statistics' and c.area = any($1::text[]) and c.period = any($2::text[])`,
    [ask.areas, ask.periods],
  )
  const keyOf = (series: string, category: object, area: string, period: string) =>
    `${series} ${JSON.stringify(Object.entries(category).sort())} ${area} ${period}`
  const found = new Map(rows.map((row) => [keyOf(row.series, row.category, row.area, row.period), row]))
  return wanted.flatMap((one) =>
    ask.areas.flatMap((area) =>
      ask.periods.flatMap((period): PublishedFigure[] => {
        const row = found.get(keyOf(one.value, one.category, area, period))
        if (!row) return []
        const count = (part: Series['numerator']) =>
          part === null ? null : (found.get(keyOf(part[0], part[1], area, period))?.value ?? null)
        return [
          {
            indicator: one.indicator,
            breakdown: {},
            area,
            areaLevel: row.areaLevel,
            period,
            value: row.value,
            status: row.status,
            numerator: count(one.numerator),
            denominator: count(one.denominator),
            decimals: row.decimals,
            source: {
              title: 'Children looked after in England including adoptions',
              table: one.table,
              layout: 'explore-education-statistics',
            },
          },
        ]
      }),
    ),
  )
}
