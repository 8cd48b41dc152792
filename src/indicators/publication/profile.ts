import type { DimensionId } from '../../vocabulary/dimension.ts'
import type { Period } from '../../vocabulary/period.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { type Breakdown, hasBreakdown } from '../breakdown.ts'
import type { IndicatorDefinition } from '../definition.ts'
import { isPartOfAnother } from './same-rows.ts'

/**
 * What is published, and how it is made safe: the profile of `audience=public`. Figures of this profile can be shown to
 * anybody, for nothing that may be asked for tells of one child, nor what is left when answers are subtracted.
 */
export const PUBLICATION_PROFILE = {
  name: 'publication',
  /** Counts from one to five are withheld: the rule of the DfE's statistics. */
  threshold: 5,
  /** As many values of a withheld count remain possible, whatever is put together of what is shown. */
  width: 6,
  /** So many are looked for: what two figures have to do with each other that no declaration says must not use up the six. */
  widthSought: 7,
  /** A crossed table is given where each category of both its dimensions counts at the least so many, or nobody. */
  crossedFrom: 10,
} as const

/** Dimensions by which headline figures are broken down: who the children are. */
const OF_THE_CHILD: ReadonlySet<DimensionId> = new Set([
  'age-band',
  'age-group',
  'sex',
  'ethnicity',
  'entitlement',
])

/**
 * Figures that are given by fewer dimensions: who was missing on a day, in the year, and how often, stand between bounds
 * that the one sets the other in each group of children.
 */
const BY_LESS: ReadonlyMap<string, readonly DimensionId[]> = new Map<string, readonly DimensionId[]>([
  ['missing-incidents', ['placement-type', 'placement-provider', 'duration']],
  ['missing-at-31-march', []],
  ['missing-children-pct', []],
  ['away-children-pct', []],
  ['sdq-average-score', []],
  ['staying-put-19-20-pct', []],
  // Where they live bounds who of them stays with former foster carers.
  ['care-leavers-cohort', ['age', 'sex', 'ethnicity', 'ethnicity-code', 'age-group', 'activity']],
])

/** Dimensions that are crossed with one another: of those with codes or single years too little would be left to show. */
const CROSSED: ReadonlySet<DimensionId> = new Set([
  ...OF_THE_CHILD,
  'uasc',
  'legal-status',
  'category-of-need',
  'placement-type',
  'placement-provider',
  'placement-location',
  'placement-distance',
  'time-in-care',
  'activity',
])

/** Dimensions with so many categories that hardly anything would be left to show of a part of the children. */
const FINE: ReadonlySet<DimensionId> = new Set([
  'age',
  'ethnicity-code',
  'legal-status-code',
  'placement-code',
])

/** Whether an indicator counts everybody of its population, who are not part of another one: all children looked after. */
const countsAll = (indicator: IndicatorDefinition): boolean =>
  indicator.kind === 'count' &&
  indicator.counted === undefined &&
  !indicator.internalOnly &&
  !isPartOfAnother(indicator.population.id)

/** The dimensions by which an indicator is published, each on its own: a whole population's by all, a headline's by few. */
export function publicDimensions(indicator: IndicatorDefinition): readonly DimensionId[] {
  const { id, dimensions, headline } = indicator
  if (indicator.internalOnly) return []
  const fewer = BY_LESS.get(id)
  if (fewer) return fewer
  if (countsAll(indicator)) return dimensions
  return headline ? dimensions.filter((dimension) => OF_THE_CHILD.has(dimension)) : []
}

/** Whether a table goes into detail: crossed, or by codes or single years. It gives way to those that do not. */
export const isDetailed = (dimensions: readonly string[]): boolean =>
  dimensions.length > 1 || dimensions.some((dimension) => FINE.has(dimension as DimensionId))

/** Whether an indicator is published in a breakdown. Two dimensions are crossed for counts of a whole population. */
export function isPublished(indicator: IndicatorDefinition, breakdown: Breakdown): boolean {
  if (!hasBreakdown(indicator, breakdown)) return false
  return breakdown.length === 1
    ? publicDimensions(indicator).includes(breakdown[0])
    : breakdown.every((dimension) => crossedDimensions(indicator).includes(dimension))
}

/** The dimensions of which any two are crossed when an indicator is published. */
export const crossedDimensions = (indicator: IndicatorDefinition): DimensionId[] =>
  countsAll(indicator) ? indicator.dimensions.filter((dimension) => CROSSED.has(dimension)) : []

/** All breakdowns in which any of the indicators is published. */
export function publishedBreakdowns(indicators: readonly IndicatorDefinition[]): {
  readonly single: readonly Breakdown[]
  readonly crossed: readonly Breakdown[]
} {
  const single = [...new Set(indicators.flatMap(publicDimensions))]
  const crossed: Breakdown[] = []
  for (const [index, first] of single.entries()) {
    for (const second of single.slice(index + 1)) {
      const breakdown: Breakdown = [first, second]
      if (indicators.some((indicator) => isPublished(indicator, breakdown))) crossed.push(breakdown)
    }
  }
  return { single: single.map((dimension): Breakdown => [dimension]), crossed }
}

/** Only whole reporting years are published: figures of days or months apart would tell of the children in between. */
export const isPublishedPeriod = ({ kind }: Period): boolean => kind === 'year'

/** Refuses breakdowns in which a named indicator is not published. */
export function notPublished(
  indicators: readonly IndicatorDefinition[],
  breakdowns: readonly Breakdown[],
): void {
  const faults = indicators.flatMap((indicator) =>
    breakdowns
      .filter((breakdown) => !isPublished(indicator, breakdown))
      .map((breakdown) => ({
        pointer: '/query/breakdown',
        code: 'breakdown-not-published',
        detail: `${indicator.id} is not published by ${breakdown.join('*')}`,
        allowed: publicDimensions(indicator),
      })),
  )
  if (faults.length > 0)
    throw new Refusal('unknown-breakdown', 'The request names a breakdown that is not published.', faults)
}
