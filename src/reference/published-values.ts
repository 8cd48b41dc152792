import { yearLabel } from '../vocabulary/period.ts'

/** A published value: a number, or the reason why there is none. */
export interface PublishedValue {
  readonly value: string | null
  readonly status: string | null
  /** Decimals that it was published with. */
  readonly decimals: string | null
}

/**
 * Symbols of government statistics, and the older ones that still stand in files, as the ones of today: `c` withheld,
 * `k` and `low` too small to show, `u` of low reliability, `x` not available, `z` not applicable.
 */
const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ['c', 'c'],
  ['k', 'k'],
  ['u', 'u'],
  ['x', 'x'],
  ['z', 'z'],
  ['low', 'low'],
  ['*', 'c'],
  ['~', 'k'],
  [':', 'x'],
  ['..', 'x'],
  ['.', 'z'],
  ['n/a', 'x'],
  ['na', 'x'],
  ['', 'x'],
])

export const isSymbol = (cell: string): boolean => SYMBOLS.has(cell.trim().toLowerCase())

const NUMBER = /^-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,2})?%?$/
/** Years and months: the form in which durations are published. */
const DURATION = /^(\d{1,2}):(\d{2})$/

/** Reads a published value; null where it is none. `dash`: what a lone dash stands for. A duration is in months. */
export function publishedValue(cell: string, dash: 'k' | 'x'): PublishedValue | null {
  const text = cell.trim()
  const symbol = text === '-' ? dash : SYMBOLS.get(text.toLowerCase())
  if (symbol !== undefined) return { value: null, status: symbol, decimals: null }
  const duration = DURATION.exec(text)
  if (duration && Number(duration[2]) < 12)
    return { value: String(Number(duration[1]) * 12 + Number(duration[2])), status: null, decimals: '0' }
  if (!NUMBER.test(text)) return null
  // A workbook writes 0.07 as 7.0000000000000007E-2: the shortest number that is the same is what was meant.
  const number = String(Number(text.replaceAll(/[,%]/g, '')))
  return { value: number, status: null, decimals: String(decimalsOf(text, number)) }
}

function decimalsOf(text: string, number: string): number {
  const written = /\.(\d+)%?$/.exec(text)?.[1]?.length ?? 0
  // Written out by a machine to its last digit, it was not published so.
  return written <= 6 && !/[eE]/.test(text) ? written : (/\.(\d+)$/.exec(number)?.[1]?.length ?? 0)
}

const YEAR = /^(\d{4})$/
const TWO_YEARS = /^(\d{4})[-/]?(\d{2})$/

/**
 * A period as ours: a year that ends in 2025 is `2024-25`, also a school year; a calendar year is `2025`. Null where
 * the words name no period.
 */
export function publishedPeriod(period: string, kind: string): string | null {
  const quarter = /\bQ([1-4])\b/i.exec(kind)?.[1]
  const suffix = quarter === undefined ? '' : `Q${quarter}`
  const year = YEAR.exec(period)
  if (year) return /^calendar/i.test(kind) ? `${year[1]}${suffix}` : `${yearLabel(Number(year[1]))}${suffix}`
  const both = TWO_YEARS.exec(period)
  if (!both || (Number(both[1]) + 1) % 100 !== Number(both[2])) return null
  return `${yearLabel(Number(both[1]) + 1)}${suffix}`
}
