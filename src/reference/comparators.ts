import type { Transaction } from '../platform/database/database.ts'
import { findAuthority, REGIONS } from '../vocabulary/authority.ts'
import { CellFault } from './cells.ts'
import { keepRows } from './keep-rows.ts'
import type { Layout, RowOutput, RowReader } from './layout.ts'
import { readLoadedSeries } from './loaded-series.ts'
import { tellTable } from './published-tables.ts'
import { isSymbol, publishedPeriod, publishedValue } from './published-values.ts'
import type { ReferenceKind } from './reference-kind.ts'

const GSS = /^[A-Z]\d{8}$/
const SEVERAL_GSS = /^[A-Z]\d{8}(?:\s*[/,;&]\s*[A-Z]\d{8})+$/

const NOT_A_VALUE = new CellFault('this is neither a number nor a symbol of published statistics', [
  'a number',
  'c',
  'k',
  'u',
  'x',
  'z',
  'low',
])
const NO_PERIOD = new CellFault('this is no period', ['2025', '202425', '2024-25'])
const NO_AREA = new CellFault('this is no area of England that is known', [
  'the code of England, of a region or of a local authority',
])

/* ---- Explore Education Statistics -------------------------------------------------------------------------- */

/** Columns that say when and where; what else a file has says what, or how many. */
const WHEN_AND_WHERE = new Set([
  'time_period',
  'time_identifier',
  'geographic_level',
  'country_code',
  'country_name',
  'region_code',
  'region_name',
  'old_la_code',
  'la_name',
  'new_la_code',
])

/** Columns with these words say what is counted, even where all that stands in them are numbers. */
const SAYS_WHAT =
  /(?:^|_)(?:age|ages|year|sex|group|type|category|breakdown|characteristic|code|urn|ukprn|laestab)(?:_|$)/
/** And columns with these how many. */
const SAYS_HOW_MANY =
  /(?:count|number|num|percent|percentage|pct|rate|estimate|average|mean|median|score|value)/

const LEVELS: ReadonlyMap<string, string> = new Map([
  ['national', 'national'],
  ['regional', 'regional'],
  ['local authority', 'local-authority'],
])

const exploreEducationStatistics: Layout = {
  id: 'explore-education-statistics',
  looksFor: ['time_period', 'geographic_level', 'country_code', 'columns of values'],
  recognise(header, sample) {
    const names = header.map((name) => name.trim().toLowerCase())
    const at = (name: string) => names.indexOf(name)
    if ([at('time_period'), at('geographic_level'), at('country_code')].includes(-1)) return null
    const others = names.flatMap((name, place) => (name === '' || WHEN_AND_WHERE.has(name) ? [] : [place]))
    const values = others.filter(
      (place) => !SAYS_WHAT.test(names[place]!) && holdsValues(sample, place, names[place]!),
    )
    if (values.length === 0) return null
    const categories = others.filter((place) => !values.includes(place))
    return exploreReader(header, names, at, values, categories)
  },
}

/**
 * Whether what stands in a column are values: numbers or symbols throughout. A misprint or two must not turn a column of
 * numbers into a category: it is told when it is read. Where nothing stands in it yet, its name decides.
 */
function holdsValues(sample: readonly (readonly string[])[], place: number, name: string): boolean {
  const cells = sample.map((row) => row[place] ?? '').filter((cell) => cell.trim() !== '')
  const values = cells.filter((cell) => publishedValue(cell, 'k') !== null)
  return cells.length === 0 ? SAYS_HOW_MANY.test(name) : values.length * 10 >= cells.length * 9
}

function exploreReader(
  header: readonly string[],
  names: readonly string[],
  at: (name: string) => number,
  values: readonly number[],
  categories: readonly number[],
): RowReader {
  const [time, identifier, level, country] = [
    at('time_period'),
    at('time_identifier'),
    at('geographic_level'),
    at('country_code'),
  ]
  const [region, newCode, oldCode] = [at('region_code'), at('new_la_code'), at('old_la_code')]
  const title = (place: number) => header[place]!.trim()
  const cellAt = (cells: readonly string[], place: number) => (place === -1 ? '' : cells[place]!.trim())

  const placeOfArea = { national: country, regional: region, 'local-authority': newCode }
  const areaOf = (areaLevel: string, cells: readonly string[]): string | null => {
    const code = cellAt(cells, placeOfArea[areaLevel as keyof typeof placeOfArea]).toUpperCase()
    const known = areaLevel === 'local-authority' ? findAuthority(code || cellAt(cells, oldCode)) : undefined
    return known?.code ?? (GSS.test(code) ? code : null)
  }

  return (cells, row) => {
    const areaLevel = LEVELS.get(cellAt(cells, level).toLowerCase())
    // Schools, wards and constituencies are not compared with.
    if (areaLevel === undefined) return row.passOver()
    const [period, kind] = [cellAt(cells, time), cellAt(cells, identifier)]
    const label = publishedPeriod(period, kind)
    if (label === null) return row.fault(title(time), NO_PERIOD)
    const area = areaOf(areaLevel, cells)
    if (area === null) {
      const place = placeOfArea[areaLevel as keyof typeof placeOfArea]
      // A symbol in the place of the code: what belongs to no area; or several codes, of areas told together.
      const code = cellAt(cells, place)
      if (code !== '' && (isSymbol(code) || SEVERAL_GSS.test(code))) return row.passOver()
      return row.fault(place === -1 ? null : title(place), NO_AREA)
    }
    const category = JSON.stringify(
      Object.fromEntries(categories.map((place) => [names[place]!, cellAt(cells, place)])),
    )
    for (const place of values) {
      keepValue(row, title(place), cells[place]!, 'k', [
        'explore-education-statistics',
        names[place]!,
        category,
        areaLevel,
        area,
        label,
        kind === '' ? period : `${period} ${kind}`,
      ])
    }
  }
}

/* ---- the Local Authority Interactive Tool ------------------------------------------------------------------- */

/** The numbers that LAIT gives areas above authorities. */
const LAIT_AREAS: ReadonlyMap<string, readonly [level: string, area: string]> = new Map([
  ['970', ['national', 'E92000001']],
  ['980', ['regional', 'E12000001']],
  ['981', ['regional', 'E12000002']],
  ['982', ['regional', 'E12000003']],
  ['983', ['regional', 'E12000004']],
  ['984', ['regional', 'E12000005']],
  ['985', ['regional', 'E12000006']],
  ['986', ['regional', 'E12000007']],
  ['987', ['regional', 'E13000001']],
  ['988', ['regional', 'E13000002']],
  ['989', ['regional', 'E12000008']],
  ['990', ['regional', 'E12000009']],
])

const LAIT_COLUMNS = ['Short Desc', 'Years', 'LA and Regions', 'Values', 'LA Number']

const localAuthorityInteractiveTool: Layout = {
  id: 'lait',
  looksFor: LAIT_COLUMNS,
  recognise(header) {
    const names = header.map((name) => name.trim().toLowerCase())
    const places = LAIT_COLUMNS.map((name) => names.indexOf(name.toLowerCase()))
    if (places.includes(-1)) return null
    const [measure, years, name, value, number] = places as [number, number, number, number, number]
    const title = (place: number) => header[place]!.trim()
    return (cells, row) => {
      const area = laitArea(cells[number]!.trim(), cells[name]!.trim())
      if (!area) return row.fault(title(number), NO_AREA)
      const series = cells[measure]!.trim()
      if (series === '')
        return row.fault(title(measure), new CellFault('the measure is missing', ['its short name']))
      const period = cells[years]!.trim()
      // `(OT)` says that it is the outturn.
      const label = publishedPeriod(period.replace(/\s*\([A-Z]+\)$/i, ''), '')
      if (label === null) return row.fault(title(years), NO_PERIOD)
      keepValue(row, title(value), cells[value]!, 'x', ['lait', series, '{}', ...area, label, period])
    }
  },
}

function laitArea(number: string, name: string): readonly [level: string, area: string] | null {
  const authority = findAuthority(number)
  if (authority && authority.type !== 'synthetic') return ['local-authority', authority.code]
  const known = LAIT_AREAS.get(number)
  if (known) return known
  const region = Object.entries(REGIONS).find(([, one]) => one.toLowerCase() === name.toLowerCase())
  return region ? ['regional', region[0]] : null
}

/* ---- both --------------------------------------------------------------------------------------------------- */

function keepValue(
  row: RowOutput,
  column: string,
  cell: string,
  dash: 'k' | 'x',
  of: readonly string[],
): void {
  const published = publishedValue(cell, dash)
  if (published) {
    const { value, status, decimals } = published
    row.keep([...of, value, status, decimals, value === null ? cell.trim().toLowerCase() : null])
  } else row.fault(column, NOT_A_VALUE)
}

/**
 * Until the release of 2018 an `x` stood for what was withheld, and `..` for what was not available; since that of 2019
 * an `x` is what is not available. A file is of the release of its last year.
 */
const readOlderSymbols = (transaction: Transaction) =>
  transaction.query(
    'reference.comparators.older-symbols',
    `update incoming set status = 'c'
      where incoming.symbol = 'x' and incoming.layout = 'explore-education-statistics'
        and (select max(left(dated.period, 4)) from incoming as dated) < '2018'`,
  )

const KEY = ['layout', 'series', 'category', 'area_level', 'area', 'period_as_published']

/**
 * Figures that others have published. Each file brings some of them and leaves the others; one that was published anew
 * takes the place of what it was. Values are kept as they are: what they are compared with is not decided here.
 */
export const comparators: ReferenceKind = {
  name: 'comparators',
  adds: true,
  layouts: [exploreEducationStatistics, localAuthorityInteractiveTool],
  staged: [
    { name: 'layout', type: 'text' },
    { name: 'series', type: 'text' },
    { name: 'category', type: 'jsonb' },
    { name: 'area_level', type: 'text' },
    { name: 'area', type: 'text' },
    { name: 'period', type: 'text' },
    { name: 'period_as_published', type: 'text' },
    { name: 'value', type: 'numeric' },
    { name: 'status', type: 'text' },
    { name: 'decimals', type: 'integer' },
    { name: 'symbol', type: 'text' },
  ],
  key: KEY,
  keyInWords: 'series, category, area and period',
  async prepare(transaction, { table }) {
    await tellTable(transaction, table)
    await readOlderSymbols(transaction)
  },
  series: readLoadedSeries,
  keep: (transaction, { source }) =>
    keepRows(transaction, {
      name: 'comparators',
      table: 'care.comparator',
      key: KEY,
      values: ['period', 'value', 'status', 'decimals', 'source'],
      // The same value from another file is not another value.
      indifferent: ['source'],
      keepsOthers: true,
      from: `select incoming.layout, incoming.series, incoming.category, incoming.area_level, incoming.area, incoming.period,
                    incoming.period_as_published, incoming.value, incoming.status, incoming.decimals::smallint as decimals,
                    '${source}' as source
               from incoming`,
    }),
}
