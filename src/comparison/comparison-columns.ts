import { roundTo } from '../statistics/interval.ts'
import type { Comparator, Comparison } from './comparison.ts'
import type { Beside } from './comparisons.ts'
import type { Trend } from './trend.ts'

type Cell = string | number | boolean | null | undefined
type Column<T> = readonly [name: string, cell: (of: T, decimals: number | null) => Cell]

const rounded = (value: number | null, decimals: number | null): number | null =>
  value === null || decimals === null ? value : roundTo(value, decimals)

const COMPARISON: readonly Column<Comparison>[] = [
  ['value', ({ value }, decimals) => rounded(value, decimals)],
  ['period', ({ period }) => period],
  ['status', ({ status }) => status],
  ['basis', ({ basis }) => basis],
  ['method', ({ method }) => method],
  ['authorities_with_value', ({ authoritiesWithValue }) => authoritiesWithValue],
  ['difference', ({ difference }, decimals) => rounded(difference, decimals)],
  ['rank', ({ rank }) => rank?.position],
  ['rank_of', ({ rank }) => rank?.of],
  ['band', ({ band }) => band],
  ['test', ({ significance }) => significance?.test],
  ['p', ({ significance }) => significance?.p],
  ['significant', ({ significance }) => significance?.significant],
  ['source', ({ source }) => source && `${source.title}: ${source.table}`],
  ['reason', ({ reasons }) => [...new Set(Object.values(reasons))].join(' ')],
]

/** What only neighbours have. */
const OF_NEIGHBOURS: readonly Column<Comparison>[] = [
  ['median', ({ median }, decimals) => rounded(median, decimals)],
  ['set_year', ({ setYear }) => setYear],
]

const columnsOf = (comparator: Comparator): readonly Column<Comparison>[] =>
  comparator === 'statistical-neighbours' ? [...COMPARISON, ...OF_NEIGHBOURS] : COMPARISON

const TREND: readonly Column<Trend>[] = [
  ['trend_change_from_previous', (trend, decimals) => rounded(trend.changeFromPrevious, decimals)],
  ['trend_change_from_year_before', (trend, decimals) => rounded(trend.changeFromYearBefore, decimals)],
  ['trend_direction', ({ direction }) => direction],
  ['trend_test', ({ significance }) => significance?.test],
  ['trend_p', ({ significance }) => significance?.p],
  ['trend_reason', ({ reason }) => reason],
]

const OF_A_PERIOD = ['period', 'value', 'status'] as const

/** Columns of what was asked to stand beside figures: `england_value`, `region_rank`, `trend_direction`, `trend_1_value`. */
export const besideColumns = (comparators: readonly Comparator[], trend: number): string[] => [
  ...comparators.flatMap((comparator) =>
    columnsOf(comparator).map(([name]) => `${comparator.replaceAll('-', '_')}_${name}`),
  ),
  ...(trend > 0 ? TREND.map(([name]) => name) : []),
  ...Array.from({ length: trend }, (_, index) =>
    OF_A_PERIOD.map((name) => `trend_${index + 1}_${name}`),
  ).flat(),
]

/** The cells of those columns. */
export const besideCells = ({ comparison = [], trend }: Beside, decimals: number | null): Cell[] => [
  ...comparison.flatMap((one) => columnsOf(one.with).map(([, cell]) => cell(one, decimals))),
  ...(trend ? TREND.map(([, cell]) => cell(trend, decimals)) : []),
  ...(trend?.periods ?? []).flatMap(({ period, value, status }) => [
    period,
    rounded(value, decimals),
    status,
  ]),
]
