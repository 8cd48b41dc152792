import { besideCells } from '../../comparison/comparison-columns.ts'
import type { Beside } from '../../comparison/comparisons.ts'
import type { Catalogue } from '../../indicators/catalogue.ts'
import type { Observation } from '../../indicators/observation.ts'
import type { Cell } from '../../platform/http/csv.ts'
import { type Authority, findAuthority, REGIONS } from '../../vocabulary/authority.ts'
import { type Period, type PeriodKind, parsePeriod } from '../../vocabulary/period.ts'

/**
 * Columns of the tidy table. Time and place are named as the DfE's open data standards name them, so that a file
 * stands beside those of Explore Education Statistics without renaming.
 */
export const CSV_COLUMNS = [
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

/** Writes observations as rows of the table; what is said of a place or a period is looked up once. */
export function csvRowsOf(
  catalogue: Catalogue,
  decimals: number | null = null,
): (observation: Observation, beside?: Beside) => Cell[] {
  const places = new Map<string, Cell[]>()
  const times = new Map<string, Cell[]>()
  const titles = new Map(catalogue.indicators.map(({ id, title }) => [id, title]))
  return (observation, beside) => {
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
      ...(beside ? besideCells(beside, decimals) : []),
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
