import { LRUCache } from 'lru-cache'
import type { Transaction } from '../platform/database/database.ts'
import { AUTHORITIES, REGIONS } from '../vocabulary/authority.ts'
import { type PublishedFigure, readPublished } from './published-figures.ts'

export const ENGLAND = 'E92000001'

/** Published figures of one indicator and period, by breakdown and area. */
export type PublishedOfPeriod = ReadonlyMap<string, ReadonlyMap<string, PublishedFigure>>

/** A few hundred bytes each: so many take some 30 MB. */
const MOST_FIGURES = 100_000

const EVERY_AREA: readonly string[] = [
  ENGLAND,
  ...Object.keys(REGIONS),
  ...AUTHORITIES.filter(({ type }) => type !== 'synthetic').map(({ code }) => code),
]

/** A breakdown as one text, in whichever order its dimensions stand. */
export const breakdownKey = (breakdown: Readonly<Record<string, string>>): string =>
  Object.entries(breakdown)
    .map(([dimension, category]) => `${dimension}=${category}`)
    .sort()
    .join('|')

/**
 * Reads published figures, and keeps what it read by the version of the comparators: they change once a year, and every
 * authority's comparison needs the figures of all authorities.
 */
export interface PublishedBook {
  /** Of each indicator what is published for the period, nothing being a map of nothing. */
  of(
    transaction: Transaction,
    version: string,
    ask: {
      readonly indicators: readonly string[]
      readonly period: string
      readonly breakdowns: readonly string[]
    },
  ): Promise<ReadonlyMap<string, PublishedOfPeriod>>
}

export function newPublishedBook(read: typeof readPublished = readPublished): PublishedBook {
  const kept = new LRUCache<string, PublishedOfPeriod>({
    maxSize: MOST_FIGURES,
    sizeCalculation: (figures) => {
      let size = 1
      for (const areas of figures.values()) size += areas.size
      return size
    },
  })
  return {
    async of(transaction, version, { indicators, period, breakdowns }) {
      const about = `${version} ${period} ${breakdowns.toSorted().join()}`
      const found = new Map<string, PublishedOfPeriod>()
      const missing = indicators.filter((indicator) => {
        const figures = kept.get(`${indicator} ${about}`)
        if (figures) found.set(indicator, figures)
        return !figures
      })
      if (missing.length === 0) return found
      const rows = await read(transaction, {
        indicators: missing,
        areas: EVERY_AREA,
        periods: [period],
        ...(breakdowns.length > 0 && { breakdowns }),
      })
      const byIndicator = Map.groupBy(rows, ({ indicator }) => indicator)
      for (const indicator of missing) {
        const figures = inPlace(byIndicator.get(indicator) ?? [])
        kept.set(`${indicator} ${about}`, figures)
        found.set(indicator, figures)
      }
      return found
    },
  }
}

function inPlace(rows: readonly PublishedFigure[]): PublishedOfPeriod {
  const figures = new Map<string, Map<string, PublishedFigure>>()
  for (const row of rows) {
    const key = breakdownKey(row.breakdown)
    let areas = figures.get(key)
    if (!areas) {
      areas = new Map()
      figures.set(key, areas)
    }
    // Of two that publish the same the first goes: the one that the reviewed table prefers.
    if (!areas.has(row.area)) areas.set(row.area, row)
  }
  return figures
}
