import type { PublishedFigure } from '../../comparison/published-figures.ts'
import type { Catalogue } from '../../indicators/catalogue.ts'
import { WHAT_A_FIGURE_IS } from '../../indicators/observations-csv.ts'
import type { Cell } from '../../platform/http/csv.ts'
import { findAuthority, REGIONS } from '../../vocabulary/authority.ts'
import { parseYearLabel } from '../../vocabulary/period.ts'
import { ENGLAND, nameAbove } from './comparators-areas.ts'

/** Columns of the table, named as those of the figures of the authorities, so that the two can be joined. */
export const CSV_COLUMNS = [
  ...WHAT_A_FIGURE_IS,
  'value',
  'status',
  'numerator',
  'denominator',
  'decimals',
  'source_title',
  'source_table',
  'source_layout',
] as const

export const csvRowsOf =
  (catalogue: Catalogue) =>
  (figure: PublishedFigure): Cell[] => {
    const [first, second] = Object.entries(figure.breakdown)
    const indicator = catalogue.find(figure.indicator)
    return [
      ...(parseYearLabel(figure.period) === null
        ? [figure.period, null]
        : [figure.period.replace('-', ''), 'Reporting year']),
      ...placeCells(figure.area),
      figure.period,
      figure.indicator,
      indicator?.title,
      first?.[0],
      first?.[1],
      second?.[0],
      second?.[1],
      indicator?.unit,
      figure.value,
      figure.status,
      figure.numerator,
      figure.denominator,
      figure.decimals,
      figure.source.title,
      figure.source.table,
      figure.source.layout,
    ]
  }

function placeCells(area: string): Cell[] {
  if (area === ENGLAND) return ['National', ENGLAND, 'England', null, null, null, null, null]
  const region = nameAbove(area)
  if (region !== undefined) return ['Regional', ENGLAND, 'England', area, region, null, null, null]
  const authority = findAuthority(area)
  const its = authority?.region ?? null
  return [
    'Local authority',
    ENGLAND,
    'England',
    its,
    its === null ? null : REGIONS[its],
    authority?.dfeCode,
    area,
    authority?.name,
  ]
}
