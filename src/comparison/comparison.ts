import type { IndicatorDefinition } from '../indicators/definition.ts'
import type { Observation } from '../indicators/observation.ts'
import { meanOf, medianOf } from '../statistics/average.ts'
import { roundTo } from '../statistics/interval.ts'
import type { SignificanceTest } from '../statistics/significance.ts'
import { type Band, quartileBand, type Rank, rankAmong } from '../statistics/standing.ts'
import { type Tested, testBetween } from './difference-test.ts'

/** What a figure can be compared with. */
export const COMPARATORS = ['statistical-neighbours', 'region', 'england'] as const
export type Comparator = (typeof COMPARATORS)[number]

/** Members of a comparison that may be missing, each for a reason of its own. */
export type Missing = 'value' | 'difference' | 'rank' | 'band' | 'significance'

/** A figure beside those of others, and how it stands among them. */
export interface Comparison {
  readonly with: Comparator
  /** GSS codes: the ten neighbours, the region, or England. */
  readonly areas: readonly string[]
  /** Year of the set of statistical neighbours. */
  readonly setYear: number | null
  readonly value: number | null
  /** Of statistical neighbours: their median. */
  readonly median: number | null
  readonly period: string | null
  readonly status: string | null
  readonly basis: 'published' | 'computed' | null
  readonly method: 'published' | 'mean' | null
  /** Authorities of the set, this one left out, that have a value. */
  readonly authoritiesWithValue: number | null
  readonly source: ComparisonSource | null
  /** Decimals to which the authority's own figure is rounded before it is held beside the others. */
  readonly decimals: number | null
  readonly difference: number | null
  readonly rank: Rank | null
  readonly band: Band | null
  readonly significance: SignificanceTest | null
  readonly reasons: Readonly<Partial<Record<Missing, string>>>
}

export interface ComparisonSource {
  readonly title: string
  readonly table: string
  readonly layout: string
}

/** Another area's figure, published or computed. */
export interface OthersFigure {
  readonly value: number | null
  readonly status: string | null
  readonly numerator: number | null
  readonly denominator: number | null
  readonly decimals: number | null
}

/** What a figure is held against, as it was found. */
export interface Against {
  readonly with: Comparator
  readonly areas: readonly string[]
  readonly setYear: number | null
  /** The area's own figure: of a region and of England. Undefined where there is none; of neighbours the mean is taken. */
  readonly figure: OthersFigure | undefined
  /** Figures of the authorities that it is ranked among, its own left out. */
  readonly authorities: readonly OthersFigure[]
  readonly period: string
  /** Whether that is the period, or the day, of the figure itself. */
  readonly samePeriod: boolean
  readonly basis: 'published' | 'computed'
  readonly source: ComparisonSource | null
}

/** Symbols that say that there is a figure, but it is not shown: nothing may be made of it. */
const KEPT_BACK = new Set(['c', 'k', 'u', 'low'])

/**
 * Holds a figure against what was found. Published figures are rounded and ours is not: so ours is rounded, half away
 * from zero, to the decimals of theirs first, and equals rank as equals; figures that are computed are all rounded as
 * they would be published. Where either is withheld nothing is derived from it: no difference, rank, band or test.
 */
export function compareWith(own: Observation, definition: IndicatorDefinition, against: Against): Comparison {
  const { figure, authorities, basis } = against
  const known = authorities.filter((other) => other.value !== null)
  const isMean = against.with === 'statistical-neighbours'
  const decimals = decimalsOf(definition, figure === undefined ? known : [figure, ...known])
  const exact = known.map((other) => other.value!)
  const values = exact.map((value) => roundTo(value, decimals))
  const average = (value: number | null) => (value === null ? null : roundTo(value, decimals + 1))
  const value = isMean ? average(meanOf(exact)) : (figure?.value ?? null)
  const status = value !== null ? null : isMean ? statusOfAll(authorities) : (figure?.status ?? 'x')
  const reasons: Partial<Record<Missing, string>> = {}
  if (value === null) reasons.value = whyNoValue(status, isMean)
  const found = {
    with: against.with,
    areas: against.areas,
    setYear: against.setYear,
    value,
    median: isMean ? average(medianOf(exact)) : null,
    period: against.period,
    status,
    basis,
    method: value === null ? null : isMean ? 'mean' : 'published',
    authoritiesWithValue: known.length,
    source: against.source,
    decimals,
    reasons,
  } as const
  const withheld =
    whyNotHeldAgainst(own, definition) ?? (KEPT_BACK.has(status ?? '') ? reasons.value : undefined)
  if (withheld !== undefined) {
    for (const missing of ['difference', 'rank', 'band', 'significance'] as const) reasons[missing] = withheld
    return { ...found, difference: null, rank: null, band: null, significance: null }
  }

  const rounded = roundTo(own.value!, decimals)
  const difference = differenceFrom(rounded, value, definition, against, decimals)
  if (difference === null) reasons.difference = reasons.value ?? COUNT_OF_MANY
  const rank = values.length === 0 ? null : rankAmong(rounded, values, definition.polarity)
  if (rank === null) reasons.rank = NOBODY_TO_RANK
  const band = quartileBand(rounded, values, definition.polarity)
  if (band === null) reasons.band = definition.polarity === 'neutral' ? NO_POLARITY : TOO_FEW_FOR_BANDS
  const { result, reason } =
    value === null
      ? { result: null, reason: reasons.value! }
      : significanceOf(own, definition, against, isMean ? known : [figure!])
  if (reason !== null) reasons.significance = reason
  return { ...found, difference, rank, band, significance: result }
}

/** Nothing to be held against: the comparison says why, and what it looked for. */
export const nothingAgainst = (
  comparator: Comparator,
  areas: readonly string[],
  setYear: number | null,
  reason: string,
): Comparison => ({
  with: comparator,
  areas,
  setYear,
  value: null,
  median: null,
  period: null,
  status: 'x',
  basis: null,
  method: null,
  authoritiesWithValue: null,
  source: null,
  decimals: null,
  difference: null,
  rank: null,
  band: null,
  significance: null,
  reasons: { value: reason, difference: reason, rank: reason, band: reason, significance: reason },
})

const COUNT_OF_MANY = 'A count of a larger area is no measure for one authority’s.'
const NOBODY_TO_RANK = 'No other authority has a value to be ranked among.'
const NO_POLARITY = 'Neither way is good, so no quarter is the best.'
const TOO_FEW_FOR_BANDS = 'Fewer than four authorities have a value.'
const OTHER_PERIOD =
  'The periods differ: a test would not tell the difference of the places from that of the years.'

/** Why a figure of ours can't be held against anything; undefined where it can. */
export function whyNotHeldAgainst(own: Observation, definition: IndicatorDefinition): string | undefined {
  if (own.value === null) {
    return own.status === 'c'
      ? 'The authority’s own figure is withheld.'
      : 'The authority’s own figure is not available.'
  }
  return isPartOnly(own, definition) ? PART_OF_PERIOD : undefined
}

const PART_OF_PERIOD = 'The period is covered in part only, so its count is not that of a whole one.'

/** Whether a count, or what a rate counts, has gathered over a part of its period only. */
export const isPartOnly = (own: Observation, { kind, population }: IndicatorDefinition): boolean =>
  own.incomplete === true && population.kind === 'flow' && (kind === 'count' || kind === 'rate')

function whyNoValue(status: string | null, isMean: boolean): string {
  if (status === 'x') return isMean ? 'No neighbour has a figure.' : 'The area has no published figure.'
  if (status === 'z') return 'The figure does not apply to the area.'
  return isMean ? 'The figures of all neighbours are suppressed.' : 'The published figure is suppressed.'
}

/** What to say of many figures of which none has a value: suppressed where any is. */
function statusOfAll(figures: readonly OthersFigure[]): string {
  const keptBack = figures.find(({ status }) => KEPT_BACK.has(status ?? ''))
  return keptBack?.status ?? (figures.some(({ status }) => status === 'z') ? 'z' : 'x')
}

/** The most decimals among the others: a zero at the end is often left out. */
function decimalsOf(definition: IndicatorDefinition, others: readonly OthersFigure[]): number {
  const told = others.flatMap(({ decimals }) => decimals ?? [])
  return told.length === 0 ? definition.decimals : Math.max(...told)
}

function differenceFrom(
  rounded: number,
  value: number | null,
  definition: IndicatorDefinition,
  against: Against,
  decimals: number,
): number | null {
  if (value === null || (definition.unit === 'count' && against.with !== 'statistical-neighbours'))
    return null
  return roundTo(rounded - value, decimals + 1)
}

function significanceOf(
  own: Observation,
  definition: IndicatorDefinition,
  against: Against,
  others: readonly OthersFigure[],
): Tested {
  if (!against.samePeriod) return { result: null, reason: OTHER_PERIOD }
  if (definition.kind === 'count')
    return { result: null, reason: 'Counts of areas of different size are not tested against each other.' }
  const sum = (part: 'numerator' | 'denominator') =>
    others.reduce<number | null>(
      (total, one) => (total === null || one[part] === null ? null : total + one[part]),
      0,
    )
  const together = { value: null, numerator: sum('numerator'), denominator: sum('denominator') }
  const isRounded = against.basis === 'published' && against.with !== 'statistical-neighbours'
  if (isRounded && isLostInRounding(definition, together))
    return { result: null, reason: 'The published counts are rounded to 10, which is too much for so few.' }
  return testBetween(definition, own, together)
}

/** Counts of regions and England are rounded to 10: up to 5 of 100 at the most may be so lost. */
const LEAST_ROUNDED = 100

function isLostInRounding(
  { kind }: IndicatorDefinition,
  { numerator, denominator }: { numerator: number | null; denominator: number | null },
): boolean {
  if (numerator === null || denominator === null) return false
  return numerator < LEAST_ROUNDED || (kind === 'percentage' && denominator - numerator < LEAST_ROUNDED)
}
