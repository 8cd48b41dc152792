import { COMPARATORS } from '../../comparison/comparison.ts'
import type { Beside, BesideAsk, Comparisons } from '../../comparison/comparisons.ts'
import { periodsBehind } from '../../comparison/trend.ts'
import type { IndicatorDefinition } from '../../indicators/definition.ts'
import type { Audience, Observation } from '../../indicators/observation.ts'
import type { Transaction } from '../../platform/database/database.ts'
import { type Rag, ragOf } from '../../statistics/rag.ts'
import type { Target } from '../../targets/target-store.ts'
import type { Period } from '../../vocabulary/period.ts'

export type ReadTargets = (
  transaction: Transaction,
  authority: string,
  periods: readonly string[],
) => Promise<readonly Target[]>

/** Periods before that a scorecard shows. */
export const PERIODS_BEFORE = 2

export interface ScorecardAsk {
  readonly authority: string
  readonly period: Period
  readonly indicators: readonly IndicatorDefinition[]
  readonly audience: Audience
  readonly mayRead: (authority: string) => boolean
}

/** One line of the board's table. */
export interface ScorecardLine {
  readonly indicator: IndicatorDefinition
  readonly observation: Observation
  readonly beside: Beside
  readonly target: Target | null
  readonly rag: Rag | null
  /** Why there is no colour. */
  readonly ragReason: string | null
}

export interface Scorecard {
  readonly lines: readonly ScorecardLine[]
  readonly version: string
  readonly targets: readonly Target[]
  /** What the comparisons were made from. */
  readonly state: string
}

/** What stands beside each figure of a scorecard. */
export const besideAsk = ({ audience, mayRead }: Pick<ScorecardAsk, 'audience' | 'mayRead'>): BesideAsk => ({
  comparators: COMPARATORS,
  trend: PERIODS_BEFORE,
  audience,
  mayRead,
})

/** The board's table, from one snapshot: the figures of all its periods are measured in one question. */
export function takeScorecard(
  comparisons: Comparisons,
  readTargets: ReadTargets,
  ask: ScorecardAsk,
): Promise<Scorecard> {
  const { authority, period, indicators, audience } = ask
  return comparisons.read([authority], besideAsk(ask), async ({ reading, state, besides }) => {
    const targets = await readTargets(reading.transaction, authority, [period.label])
    const measured = await reading.compute({
      indicators,
      authorities: [authority],
      periods: [period, ...periodsBehind(period, PERIODS_BEFORE)],
      breakdowns: [],
      audience,
    })
    const observations = measured.filter((one) => one.period === period.label)
    const beside = await besides(observations, measured)
    const targetOf = new Map(targets.map((target) => [target.indicator, target]))
    const definitionOf = new Map(indicators.map((indicator) => [indicator.id, indicator]))
    return {
      version: reading.versions.get(authority)!,
      targets,
      state,
      lines: observations.map((observation, index) => {
        const indicator = definitionOf.get(observation.indicator)!
        const target = targetOf.get(observation.indicator) ?? null
        const colour = colourOf(observation, indicator, target)
        return { indicator, observation, beside: beside[index]!, target, ...colour }
      }),
    }
  })
}

function colourOf(
  { value, status }: Observation,
  { polarity }: IndicatorDefinition,
  target: Target | null,
): Pick<ScorecardLine, 'rag' | 'ragReason'> {
  const none = (ragReason: string) => ({ rag: null, ragReason })
  if (target === null || target.value === null) return none('No target is set for the period.')
  if (value === null) return none(status === 'c' ? 'The figure is withheld.' : 'The figure is not available.')
  const rag = ragOf(value, target.value, target.amber, polarity)
  return rag === null ? none('Neither way is good, so no side of a target is.') : { rag, ragReason: null }
}
