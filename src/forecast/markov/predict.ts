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
  const moves = movesOf(supposed.rates)
  const wanted = new Set(atDays)
  const mean = new Map<number, ByState>()
  const variance = new Map<number, ByState>()
  let [children, spread] = [Float64Array.from(startStock), zeroByState()]
  for (let day = 0; ; day += 1) {
    if (wanted.has(day)) {
      mean.set(day, children)
      variance.set(day, spread)
    }
    if (day >= days) break
    const next = entrants.slice()
    const nextSpread = spread.slice()
    for (let state = 0; state < next.length; state += 1) nextSpread[state]! += entrants[state]!
    for (let move = 0; move < moves.share.length; move += 1) {
      const there = children[moves.from[move]!]!
      const to = moves.to[move]!
      next[to]! += moves.share[move]! * there
      nextSpread[to]! += moves.spreadPerChild[move]! * there
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

/** What moves on a day, one entry a move in columns: three years of days go through them a thousand times over. */
interface DailyMoves {
  readonly from: Uint8Array
  readonly to: Uint8Array
  readonly share: Float64Array
  readonly spreadPerChild: Float64Array
}

/** The shares of a state that move, and of each the share that stays: what is left over, moves within it included. */
function movesOf(rates: readonly TransitionRate[]): DailyMoves {
  const leaving = zeroByState()
  for (const { from, to, daily } of rates) if (to !== from) leaving[from]! += daily
  const staying = MARKOV_STATES.map((_, state) => ({ from: state, to: state, daily: 1 - leaving[state]! }))
  const moves = [...rates.filter(({ from, to }) => from !== to), ...staying].filter(
    ({ daily }) => daily !== 0,
  )
  return {
    from: Uint8Array.from(moves, ({ from }) => from),
    to: Uint8Array.from(moves, ({ to }) => to),
    share: Float64Array.from(moves, ({ daily }) => daily),
    spreadPerChild: Float64Array.from(moves, ({ daily }) => daily * (1 - daily)),
  }
}
