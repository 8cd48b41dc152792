import { PUBLISHED_TABLE } from '../reference/published-tables.ts'
import type { LoadedSeries } from '../reference/reference-kind.ts'
import { mapSeries } from './map-series.ts'
import type { Target } from './series/declaration.ts'

/** A series as callers are told of it. */
export interface ToldSeries extends LoadedSeries {
  readonly isMapped: boolean
  /** The figures of ours that it gives; none where it is not mapped. */
  readonly figures: readonly Target[]
  /** Why it is not mapped, or which of its figures are left out and why; null where neither is so. */
  readonly reason: string | null
  readonly source: { readonly title: string; readonly table: string } | null
}

/** What became of series: the figures that each gives, or why it gives none. None is left out. */
export const toldSeries = (series: readonly LoadedSeries[]): ToldSeries[] =>
  mapSeries(series).map(({ layout, series: name, category, rows, targets, source, ...told }) => ({
    layout,
    series: name,
    category: Object.fromEntries(Object.entries(category).filter(([column]) => column !== PUBLISHED_TABLE)),
    rows,
    isMapped: targets.length > 0,
    figures: targets,
    reason:
      told.exceptBecause === null
        ? told.reason
        : `without ${told.exceptPeriods.join(' and ')}: ${told.exceptBecause}`,
    source,
  }))
