import type { Observation } from '../../indicators/observation.ts'
import { roundTo } from '../../statistics/interval.ts'
import type { FrozenDefinition } from '../content.ts'
import { figureText, numberText, SYMBOLS, symbolOf, valueText } from './figure-text.ts'
import { type Html, html } from './html.ts'

/** A period on the chart: its figure, where there is one. */
export interface ChartPoint {
  readonly period: string
  readonly observation: Observation | undefined
}

const WIDTH = 640
const HEIGHT = 250
const PLOT = { left: 64, right: 620, top: 24, bottom: 200 }
const INK = '#0b0c0c'
const LINE = '#1d4f91'
const GRID = '#b1b4b6'

/**
 * A line over the periods. Where there is no number to print the line has a gap and the symbol stands on the axis. The
 * scale begins at zero and ends above the largest number that is printed: it can't tell of one that is withheld. Where a
 * number is below zero it reaches as far down as up. Every number is written beside its point, so that nothing is to be
 * read from position or colour alone.
 */
export function trendChart(definition: FrozenDefinition, points: readonly ChartPoint[]): Html {
  const shown = points.map(({ period, observation }, index) => {
    const symbol = observation ? symbolOf(observation, definition) : 'x'
    return {
      period,
      observation,
      symbol,
      value: symbol === null ? observation!.value! : null,
      x: xOf(index, points.length),
    }
  })
  const values = shown.flatMap(({ value }) => value ?? [])
  const top = scaleTop(values, definition)
  const foot = values.some((value) => value < 0) ? -top : 0
  const yOf = (value: number): number =>
    hundredth(PLOT.bottom - ((value - foot) / (top - foot)) * (PLOT.bottom - PLOT.top))
  const ticks = [0, 1, 2, 3, 4].map((quarter) => foot + ((top - foot) * quarter) / 4)
  const decimals = tickDecimals((top - foot) / 4)
  const id = `chart-${definition.id}`
  const lines = runsOf(shown).map(
    (run) =>
      html`<polyline fill="none" stroke="${LINE}" stroke-width="2.5" points="${run.map(({ x, value }) => `${x},${yOf(value)}`).join(' ')}"/>`,
  )
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-desc" font-family="sans-serif" font-size="14" fill="${INK}">
<title id="${id}-title">${definition.title}: trend</title>
<desc id="${id}-desc">${describe(definition, points)}</desc>
${ticks.map(
  (tick) =>
    html`<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${yOf(tick)}" y2="${yOf(tick)}" stroke="${tick === 0 ? INK : GRID}"/><text x="${PLOT.left - 8}" y="${yOf(tick) + 5}" text-anchor="end">${numberText(tick, decimals)}</text>`,
)}
${lines}
${shown.map(({ period, symbol, value, x }) =>
  value === null
    ? html`<text x="${x}" y="${PLOT.bottom - 8}" text-anchor="middle" font-weight="bold">${symbol}</text>${periodLabel(period, x)}`
    : html`<circle cx="${x}" cy="${yOf(value)}" r="5" fill="${LINE}"/><text x="${x}" y="${yOf(value) - 10}" text-anchor="middle" font-weight="bold">${valueText(value, definition)}</text>${periodLabel(period, x)}`,
)}
</svg>`
}

const periodLabel = (period: string, x: number): Html =>
  html`<text x="${x}" y="${PLOT.bottom + 24}" text-anchor="middle">${period}</text>`

/** The chart in words: every period with its number, or why there is none. */
function describe(definition: FrozenDefinition, points: readonly ChartPoint[]): string {
  const parts = points.map(({ period, observation }) => {
    const text = observation ? figureText(observation, definition) : `x (${SYMBOLS.x!.inShort})`
    return `${period}: ${text}`
  })
  return `A line from left to right. ${parts.join('; ')}.`
}

const hundredth = (value: number): number => Math.round(value * 100) / 100

const xOf = (index: number, count: number): number =>
  hundredth(PLOT.left + ((index + 0.5) * (PLOT.right - PLOT.left)) / Math.max(1, count))

/** A round number above the largest that is printed, below zero or above; a percentage ends at 100. */
function scaleTop(values: readonly number[], { unit }: FrozenDefinition): number {
  const largest = Math.max(0, ...values.map(Math.abs))
  if (largest === 0) return unit === 'percentage' ? 100 : 4
  const magnitude = 10 ** Math.floor(Math.log10(largest))
  const step = [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].find((one) => one * magnitude >= largest)! * magnitude
  return unit === 'percentage' ? Math.min(100, step) : step
}

/** Decimals with which the ticks are written as they are. */
function tickDecimals(step: number): number {
  return [0, 1, 2].find((decimals) => Math.abs(roundTo(step, decimals) - step) < 1e-9) ?? 3
}

interface Shown {
  readonly x: number
  readonly value: number | null
}

/** Stretches of neighbouring periods that have a number: a line is drawn along each, and none across a gap. */
function runsOf(points: readonly Shown[]): { readonly x: number; readonly value: number }[][] {
  const runs: { x: number; value: number }[][] = [[]]
  for (const { x, value } of points) {
    if (value === null) runs.push([])
    else runs.at(-1)!.push({ x, value })
  }
  return runs.filter((run) => run.length > 1)
}
