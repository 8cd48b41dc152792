import type { AdjustedRates } from './adjust.ts'
import { type Adjustments, adjust } from './adjust.ts'
import { type ByState, MARKOV_STATES, zeroByState } from './states.ts'
import type { MarkovModel, TransitionRate } from './statistics.ts'

/** Children expected in each state, day by day as asked. */
export interface MarkovPrediction {
  readonly atDays: readonly number[]
  /** For each day of `atDays`, by state. Those who left care since the start are in the states that are not in care. */
  readonly mean: readonly ByState[]
  readonly variance: readonly ByState[]
  readonly supposed: AdjustedRates
}

/**
 * Moves the children of `startStock` on for `days` days: each day a share of each state goes to others, and new
 * children come. The variance adds what a day's moves, each on its own by its rate, and entries by Poisson add to it;
 * it leaves out that rates are only measured, and that what a state gains another loses.
 */
export function predict(
  model: MarkovModel,
  startStock: ByState,
  days: number,
  atDays: readonly number[],
  adjustments: Adjustments = {},
): MarkovPrediction {
  const supposed = adjust(model, adjustments)
  const { entrants } = supposed
  const moves = matrixOf(supposed.rates)
  const wanted = new Set(atDays)
  const mean = new Map<number, ByState>()
  const variance = new Map<number, ByState>()
  let children = Float64Array.from(startStock)
  let spread = zeroByState()

  for (let day = 0; ; day += 1) {
    if (wanted.has(day)) {
      mean.set(day, children.slice())
      variance.set(day, spread.slice())
    }
    if (day >= days) break
    const next = entrants.slice()
    const nextSpread = spread.map((value, state) => value + entrants[state]!)
    for (let index = 0; index < moves.length; index += 1) {
      const { from, to, share, spreadPerChild } = moves[index]!
      next[to]! += share * children[from]!
      nextSpread[to]! += spreadPerChild * children[from]!
    }
    children = next
    spread = nextSpread
  }
  const missing = atDays.find((day) => !mean.has(day))
  if (missing !== undefined) throw new RangeError(`Day ${missing} is not a day from 0 to ${days}.`)
  return {
    atDays,
    mean: atDays.map((day) => mean.get(day)!),
    variance: atDays.map((day) => variance.get(day)!),
    supposed,
  }
}

interface DailyMove {
  readonly from: number
  readonly to: number
  readonly share: number
  readonly spreadPerChild: number
}

/** The shares of a state that move, and of each the share that stays: what is left over, moves within it included. */
function matrixOf(rates: readonly TransitionRate[]): DailyMove[] {
  const leaving = zeroByState()
  for (const { from, to, daily } of rates) if (to !== from) leaving[from]! += daily
  const staying = MARKOV_STATES.map((_, state) => ({ from: state, to: state, daily: 1 - leaving[state]! }))
  return [...rates.filter(({ from, to }) => from !== to), ...staying]
    .filter(({ daily }) => daily !== 0)
    .map(({ from, to, daily }) => ({ from, to, share: daily, spreadPerChild: daily * (1 - daily) }))
}
