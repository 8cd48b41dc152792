import type { Observation } from '../../indicators/observation.ts'
import { rounded } from '../../indicators/rounded.ts'
import { roundTo } from '../../statistics/interval.ts'
import type { FrozenDefinition } from '../content.ts'
import { type Html, html } from './html.ts'

/** The symbols that stand where no number does, as government statistics use them. */
export const SYMBOLS: Readonly<Record<string, { readonly inShort: string; readonly meaning: string }>> = {
  c: {
    inShort: 'withheld',
    meaning: 'Withheld, so that no child can be known from a small number, here or by working it out.',
  },
  k: { inShort: 'rounds to zero', meaning: 'More than zero, but rounds to zero.' },
  x: {
    inShort: 'not available',
    meaning: 'Not available: the records that it would be made from are not held.',
  },
  z: {
    inShort: 'not applicable',
    meaning: 'Not applicable: there was nobody to take a share or an average of.',
  },
  u: { inShort: 'low reliability', meaning: 'Of low reliability: too uncertain to rely on.' },
}

/** One for each number of decimals: making one takes longer than writing a thousand numbers. */
const FORMATS = [0, 1, 2, 3, 4, 5, 6].map(
  (decimals) =>
    new Intl.NumberFormat('en-GB', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
)

/** A number as it is read in Britain, with up to six decimals: 1,234.5. */
export const numberText = (value: number, decimals = 0): string =>
  // The minus sign, which screen readers say; a hyphen they may pass over.
  // Adding 0 makes 0 of the −0 that a small number below zero rounds to.
  FORMATS[Math.min(decimals, 6)]!.format(roundTo(value, decimals) + 0).replace(/^-/, '−')

type Measured = Pick<FrozenDefinition, 'unit' | 'decimals'>

const UNITS: Readonly<Record<string, string>> = {
  'rate-per-10000': 'per 10,000 children',
  days: 'days',
  months: 'months',
  placements: 'placements',
  periods: 'periods',
  incidents: 'incidents',
  children: 'children',
  cases: 'cases',
  places: 'places',
  'pounds-per-week': '£ per week',
}

/** What a value is measured in; nothing for a count or a score. */
export const unitText = ({ unit }: Measured): string =>
  unit === 'percentage' ? 'percent' : (UNITS[unit] ?? '')

/** A value with its sign of percent; other units stand in the heading of the table. */
export const valueText = (value: number, { unit, decimals }: Measured): string =>
  `${numberText(value, decimals)}${unit === 'percentage' ? '%' : ''}`

/** What stands for a figure where there is no number to print; null where there is one. */
export function symbolOf(observation: Observation, definition: Measured): string | null {
  const { value, status } = rounded(observation, definition.decimals)
  if (status !== null) return status
  return value === null ? 'x' : null
}

/** A figure as plain text: `12%`, or the symbol with what it stands for. */
export function figureText(observation: Observation | undefined, definition: Measured): string {
  if (!observation) return 'not given'
  const symbol = symbolOf(observation, definition)
  return symbol === null
    ? valueText(observation.value!, definition)
    : `${symbol} (${SYMBOLS[symbol]?.inShort ?? 'see symbols'})`
}

/** A figure for a cell of a table; a symbol says what it stands for to whoever points at it or listens. */
export function figureCell(observation: Observation | undefined, definition: Measured): Html {
  if (!observation) return html`<span class="quiet">not given</span>`
  const symbol = symbolOf(observation, definition)
  const running =
    observation.incomplete === true && observation.asAt !== undefined
      ? html` <span class="quiet">(to ${dayText(observation.asAt)})</span>`
      : null
  if (symbol === null) return html`${valueText(observation.value!, definition)}${running}`
  return html`${symbolCell(symbol)}${running}`
}

export const symbolCell = (symbol: string): Html =>
  html`<abbr title="${SYMBOLS[symbol]?.inShort ?? 'see symbols'}">${symbol}</abbr>`

/**
 * By how much a figure moved, in words that need no colour. Of what is no count with a decimal more than the figures
 * are printed with: 10.6 and 11.4 are both 11, and yet it moved.
 */
export function changeText(
  from: Observation | undefined,
  to: Observation | undefined,
  definition: Measured,
): string {
  if (!from || !to || symbolOf(from, definition) !== null || symbolOf(to, definition) !== null)
    return 'not known'
  const decimals = definition.unit === 'count' ? definition.decimals : definition.decimals + 1
  const moved = roundTo(to.value! - from.value!, decimals)
  if (moved === 0) return 'no change'
  const points = definition.unit === 'percentage' ? ' percentage points' : ''
  return `${moved > 0 ? 'up' : 'down'} ${numberText(Math.abs(moved), decimals)}${points}`
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** `2025-03-31` as 31 March 2025; a moment by its day in universal time. */
export const dayText = (day: string): string =>
  `${Number(day.slice(8, 10))} ${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`

/** `2025-06-01T09:30:00.000Z` as 1 June 2025, 09:30 UTC. */
export const momentText = (moment: string): string => `${dayText(moment)}, ${moment.slice(11, 16)} UTC`
