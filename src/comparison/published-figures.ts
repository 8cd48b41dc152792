import type { Transaction } from '../platform/database/database.ts'
import { readState } from '../reference/reference-state.ts'
import { heldFigures } from './held-figures.ts'

/** A figure that others have published, in our terms. */
export interface PublishedFigure {
  readonly indicator: string
  readonly breakdown: Readonly<Record<string, string>>
  readonly area: string // GSS code
  readonly areaLevel: 'national' | 'regional' | 'local-authority'
  readonly period: string // our label, `2024-25`
  readonly value: number | null
  /** c k u x z low, or null */
  readonly status: string | null
  readonly numerator: number | null // null where not published or withheld
  readonly denominator: number | null
  readonly decimals: number | null
  readonly source: { readonly title: string; readonly table: string; readonly layout: string }
}

export interface PublishedAsk {
  readonly indicators: readonly string[]
  readonly areas: readonly string[]
  readonly periods: readonly string[]
  /** Dimensions such as `age-band`, or two crossed; absent: totals only. */
  readonly breakdowns?: readonly string[]
}

/**
 * The published figures for indicators, areas and periods, by indicator, breakdown, area and period: never two for one.
 * Where two sources have it, the one that is trusted more gives it; what that one says is not available is taken from the
 * next. A withheld figure is never taken from elsewhere.
 */
export async function readPublished(transaction: Transaction, ask: PublishedAsk): Promise<PublishedFigure[]> {
  const found = await categoriesAsked(transaction, ask.indicators, ask.breakdowns)
  if (!found) return []
  const { held, categories } = found
  const [areas, periods] = [[...new Set(ask.areas)], [...new Set(ask.periods)]]
  const figures: PublishedFigure[] = []
  for (const category of categories) {
    for (const area of areas) {
      for (const period of periods) {
        const figure = held.figureOf(category, period, area)
        if (figure) figures.push(figure)
      }
    }
  }
  return figures
}

/** The periods for which something is published of indicators, the earliest first. */
export async function readPublishedPeriods(
  transaction: Transaction,
  ask: Pick<PublishedAsk, 'indicators' | 'breakdowns'>,
): Promise<string[]> {
  const found = await categoriesAsked(transaction, ask.indicators, ask.breakdowns)
  return found ? found.held.periodsOf(found.categories) : []
}

async function categoriesAsked(
  transaction: Transaction,
  indicators: readonly string[],
  breakdowns: readonly string[] = [],
) {
  const state = await readState(transaction, 'comparators')
  if (!state) return null
  const held = await heldFigures(transaction, state.version)
  const wanted = new Set(['', ...breakdowns.map(sorted)])
  const categories = [...new Set(indicators)].flatMap((indicator) =>
    (held.byIndicator.get(indicator) ?? []).filter(({ dimensions }) => wanted.has(dimensions)),
  )
  await held.load(transaction, categories)
  return { held, categories }
}

const sorted = (breakdown: string): string => breakdown.split('*').sort().join('*')
