import type { IndicatorDefinition } from '../indicators/definition.ts'
import {
  poissonCounts,
  poissonRates,
  type SignificanceTest,
  twoProportions,
} from '../statistics/significance.ts'

/** The result of a test, or why there is none. */
export type Tested =
  | { readonly result: SignificanceTest; readonly reason: null }
  | { readonly result: null; readonly reason: string }

/** What a figure is made from. */
interface Made {
  readonly value: number | null
  readonly numerator: number | null
  readonly denominator: number | null
}

const none = (reason: string): Tested => ({ result: null, reason })

/**
 * Whether two figures of one indicator differ by more than chance: percentages by two proportions, rates by two
 * Poisson rates, counts by two Poisson counts. A mean, a ratio of sums or a difference has none: how far its single
 * values lie apart is not known.
 */
export function testBetween(definition: IndicatorDefinition, one: Made, other: Made): Tested {
  const result = resultOf(definition, one, other)
  if (result === 'spread-unknown')
    return none(
      'How far the single values lie apart is not known, so a mean, a ratio or a difference can’t be tested.',
    )
  if (result === 'counts-unknown') return none('The counts behind the figures are not all known.')
  return result === null
    ? none('Too few are counted: fewer than five would be expected in one of the groups.')
    : { result, reason: null }
}

function resultOf(
  definition: IndicatorDefinition,
  one: Made,
  other: Made,
): SignificanceTest | null | 'spread-unknown' | 'counts-unknown' {
  const { kind } = definition
  if (kind === 'mean' || kind === 'ratio') return 'spread-unknown'
  // What is gained less what is lost is no count of events.
  if (kind === 'count' && definition.weight !== undefined) return 'spread-unknown'
  if (kind === 'count')
    return one.value === null || other.value === null
      ? 'counts-unknown'
      : poissonCounts(one.value, other.value)
  if (one.numerator === null || other.numerator === null) return 'counts-unknown'
  if (one.denominator === null || other.denominator === null) return 'counts-unknown'
  const [first, second] = [
    { numerator: one.numerator, denominator: one.denominator },
    { numerator: other.numerator, denominator: other.denominator },
  ]
  if (kind === 'percentage') return twoProportions(first, second)
  return poissonRates(
    { events: first.numerator, exposure: first.denominator },
    { events: second.numerator, exposure: second.denominator },
  )
}
