import { type Authority, findAuthority, REGIONS } from '../vocabulary/authority.ts'
import { type Period, type PeriodKind, parsePeriod } from '../vocabulary/period.ts'
import type { Observation } from './observation.ts'

type Cell = string | number | boolean | null | undefined

/**
 * Columns of the tidy tables that say which figure it is. Time and place are named as the DfE's open data standards
 * name them, so that a file stands beside those of Explore Education Statistics without renaming.
 */
export const WHAT_A_FIGURE_IS = [
  'time_period',
  'time_identifier',
  'geographic_level',
  'country_code',
  'country_name',
  'region_code',
  'region_name',
  'old_la_code',
  'new_la_code',
  'la_name',
  'period',
  'indicator',
  'indicator_title',
  'dimension_1',
  'category_1',
  'dimension_2',
  'category_2',
  'unit',
] as const

/** Columns of the table of observations. */
export const CSV_COLUMNS = [
  ...WHAT_A_FIGURE_IS,
  'value',
  'status',
  'numerator',
  'denominator',
  'interval_lower',
  'interval_upper',
  'share',
  'incomplete',
  'as_at',
  'reason',
] as const

const TIME_IDENTIFIERS: Readonly<Record<PeriodKind, string>> = {
  year: 'Reporting year',
  quarter: 'Reporting year quarter',
  month: 'Month',
  day: 'Day',
}

/**
 * Writes observations as rows of the table; what is said of a place or a period is looked up once. The indicators give
 * the titles: today's catalogue, or the definitions that were frozen with the observations.
 */
export function csvRowsOf({
  indicators,
}: {
  readonly indicators: readonly { readonly id: string; readonly title: string }[]
}): (observation: Observation) => Cell[] {
  const places = new Map<string, Cell[]>()
  const times = new Map<string, Cell[]>()
  const titles = new Map(indicators.map(({ id, title }) => [id, title]))
  return (observation) => {
    const [first, second] = Object.entries(observation.breakdown)
    return [
      ...once(times, observation.period, () => timeCells(parsePeriod(observation.period)!)),
      ...once(places, observation.authority, () => placeCells(findAuthority(observation.authority)!)),
      observation.period,
      observation.indicator,
      titles.get(observation.indicator),
      first?.[0],
      first?.[1],
      second?.[0],
      second?.[1],
      observation.unit,
      observation.value,
      observation.status,
      observation.numerator,
      observation.denominator,
      observation.interval?.lower,
      observation.interval?.upper,
      observation.share,
      observation.incomplete === true,
      observation.asAt,
      observation.reason,
    ]
  }
}

function once(known: Map<string, Cell[]>, key: string, make: () => Cell[]): Cell[] {
  const cells = known.get(key) ?? make()
  // Days asked for one by one would otherwise stay for ever.
  if (known.size < 1000) known.set(key, cells)
  return cells
}

const timeCells = ({ kind, label }: Period): Cell[] => [
  kind === 'year' ? label.replace('-', '') : label,
  TIME_IDENTIFIERS[kind],
]

const placeCells = ({ code, dfeCode, name, region }: Authority): Cell[] => [
  'Local authority',
  'E92000001',
  'England',
  region,
  region === null ? null : REGIONS[region],
  dfeCode,
  code,
  name,
]
