import { DIMENSIONS, type DimensionId } from '../vocabulary/dimension.ts'
import { nearMatches } from '../vocabulary/near-match.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import { repeated } from '../vocabulary/repeated.ts'
import type { IndicatorDefinition } from './definition.ts'

/** One dimension, or two crossed. */
export type Breakdown = readonly [DimensionId] | readonly [DimensionId, DimensionId]

export const breakdownLabel = (breakdown: Breakdown): string => breakdown.join('*')

export const hasBreakdown = (indicator: IndicatorDefinition, breakdown: Breakdown): boolean =>
  breakdown.every((dimension) => indicator.dimensions.includes(dimension))

/** Every dimension of the indicators, each on its own. */
export const everySingleBreakdown = (indicators: readonly IndicatorDefinition[]): Breakdown[] =>
  [...new Set(indicators.flatMap((indicator) => indicator.dimensions))].map(
    (dimension): Breakdown => [dimension],
  )

/**
 * Reads `age-band,sex,age-band*sex`, or `all` for every single dimension. A breakdown that nothing asked for has is
 * refused, and so is one that an indicator asked for by name does not have: an answer without it would look like
 * an unfiltered figure.
 */
export function readBreakdowns(
  texts: readonly string[],
  indicators: readonly IndicatorDefinition[],
  indicatorsAreNamed: boolean,
): Breakdown[] {
  const faults: Fault[] = []
  const read = new Map<string, Breakdown>()
  for (const text of texts) {
    if (text === 'all') {
      for (const single of everySingleBreakdown(indicators)) read.set(breakdownLabel(single), single)
      continue
    }
    const parts = text.split('*')
    const unknown = parts.filter((part) => !DIMENSIONS.has(part as DimensionId))
    if (unknown.length > 0) {
      for (const part of unknown) faults.push(unknownDimension(part))
      continue
    }
    if (parts.length > 2 || new Set(parts).size !== parts.length) {
      faults.push({
        pointer: '/query/breakdown',
        code: 'unknown-breakdown',
        detail: `${repeated(text)} does not cross two different dimensions; at the most two can be crossed`,
      })
      continue
    }
    const breakdown = parts as unknown as Breakdown
    const without = indicators.filter((indicator) => !hasBreakdown(indicator, breakdown))
    if (without.length === indicators.length || (indicatorsAreNamed && without.length > 0)) {
      for (const indicator of indicatorsAreNamed ? without : []) faults.push(notOf(indicator, text))
      if (!indicatorsAreNamed) faults.push(unknownDimension(text))
      continue
    }
    read.set(breakdownLabel(breakdown), breakdown)
  }
  if (faults.length > 0) {
    throw new Refusal('unknown-breakdown', 'The request names a breakdown that can not be given', faults)
  }
  return [...read.values()]
}

function unknownDimension(part: string): Fault {
  const near = nearMatches(part, DIMENSIONS.keys())
  return {
    pointer: '/query/breakdown',
    code: 'unknown-breakdown',
    detail: `${repeated(part, near)} is not a dimension that the figures asked for have`,
    allowed: [...DIMENSIONS.keys(), 'all'],
    ...(near.length > 0 ? { didYouMean: near } : {}),
  }
}

const notOf = (indicator: IndicatorDefinition, text: string): Fault => ({
  pointer: '/query/breakdown',
  code: 'unknown-breakdown',
  detail: `${indicator.id} can't be broken down by ${text}`,
  allowed: indicator.dimensions,
})
