import type { Transaction } from '../platform/database/database.ts'
import { readState } from '../reference/reference-state.ts'
import { type FigureSource, heldFigures } from './held-figures.ts'

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
  const state = await readState(transaction, 'comparators')
  if (!state) return []
  const held = await heldFigures(transaction, state.version)
  const wanted = new Set(['', ...(ask.breakdowns ?? []).map(sorted)])
  const asked = [...new Set(ask.indicators)].flatMap((indicator) =>
    (held.byIndicator.get(indicator) ?? []).filter(({ dimensions }) => wanted.has(dimensions)),
  )
  await held.load(transaction, asked)
  const [areas, periods] = [new Set(ask.areas), new Set(ask.periods)]
  const figures: PublishedFigure[] = []
  for (const { indicator, breakdown, sources } of asked) {
    const inOrder = held.inOrderOfTrust(sources)
    for (const area of areas) {
      const areaLevel = levelOf(area)
      for (const period of periods) {
        const figure = firstOf(inOrder, area, period)
        if (figure) figures.push({ indicator, breakdown, area, areaLevel, period, ...figure })
      }
    }
  }
  return figures
}

type OfSource = Pick<
  PublishedFigure,
  'value' | 'status' | 'numerator' | 'denominator' | 'decimals' | 'source'
>

function firstOf(sources: readonly FigureSource[], area: string, period: string): OfSource | null {
  let notAvailable: OfSource | null = null
  for (const { value, numerator, denominator, source } of sources) {
    const cell = value.at(period, area)
    if (!cell) continue
    const figure = {
      value: cell.value,
      status: cell.status,
      numerator: valueOf(numerator, period, area),
      denominator: valueOf(denominator, period, area),
      decimals: cell.decimals,
      source,
    }
    if (cell.status !== 'x') return figure
    notAvailable ??= figure
  }
  return notAvailable
}

const valueOf = (series: FigureSource['numerator'], period: string, area: string): number | null =>
  series?.at(period, area)?.value ?? null

const sorted = (breakdown: string): string => breakdown.split('*').sort().join('*')

const levelOf = (area: string): PublishedFigure['areaLevel'] =>
  area.startsWith('E92') ? 'national' : /^E1[23]/.test(area) ? 'regional' : 'local-authority'
