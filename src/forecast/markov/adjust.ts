import { type ByState, indexOfState, MARKOV_STATES, type MarkovState } from './states.ts'
import type { MarkovModel, TransitionRate } from './statistics.ts'

/** How a scenario changes a daily figure: by a factor where it is given and not 1, else by what is added, down to 0. */
export interface Change {
  /** Not negative. */
  readonly multiplyBy?: number
  readonly add?: number
}

export interface RateAdjustment extends Change {
  readonly from: MarkovState
  readonly to: MarkovState
}

export interface EntrantAdjustment extends Change {
  readonly to: MarkovState
}

/** What a scenario supposes. Each move and each state is named once; of two that name it the later holds. */
export interface Adjustments {
  readonly rates?: readonly RateAdjustment[]
  readonly entrants?: readonly EntrantAdjustment[]
}

export interface AdjustedRates {
  readonly rates: readonly TransitionRate[]
  readonly entrants: ByState
  /** States out of which more children would have moved than are there: their rates were scaled down to all of them. */
  readonly scaledDown: readonly MarkovState[]
  /** Adjusted moves that nobody ever made within what the model knows: they change nothing. */
  readonly unknownMoves: readonly RateAdjustment[]
  /** Adjusted entries into states in which nobody ever was, and from which no way on is known: they change nothing. */
  readonly unknownEntries: readonly EntrantAdjustment[]
}

/** The rates and entries of a model as a scenario supposes them. Without adjustments of rates they stay as measured. */
export function adjust(model: MarkovModel, { rates = [], entrants = [] }: Adjustments): AdjustedRates {
  const changes = new Map(rates.map((change) => [moveKey(change), change]))
  const known = new Set(model.rates.map(({ from, to }) => `${from} ${to}`))
  const adjusted = model.rates.map((rate): AdjustedRate => {
    const change = changes.get(`${rate.from} ${rate.to}`)
    return { ...rate, daily: changed(rate.daily, change), isAdjusted: changesAnything(change) }
  })
  const within = rates.length === 0 ? { rates: adjusted, scaledDown: [] } : withinWhole(adjusted)

  const seen = new Set(model.rates.map(({ from }) => from))
  const newEntrants = model.entrants.slice()
  for (const [state, change] of new Map(entrants.map((entry) => [indexOfState(entry.to), entry])))
    if (seen.has(state)) newEntrants[state] = changed(newEntrants[state]!, change)
  return {
    rates: within.rates.map(({ from, to, daily }) => ({ from, to, daily })),
    entrants: newEntrants,
    scaledDown: within.scaledDown.map((state) => MARKOV_STATES[state]!),
    unknownMoves: rates.filter((change) => !known.has(moveKey(change))),
    unknownEntries: entrants.filter(({ to }) => !seen.has(indexOfState(to))),
  }
}

interface AdjustedRate extends TransitionRate {
  readonly isAdjusted: boolean
}

const moveKey = ({ from, to }: RateAdjustment): string => `${indexOfState(from)} ${indexOfState(to)}`

function changed(value: number, { multiplyBy = 1, add = 0 }: Change = {}): number {
  return multiplyBy === 1 ? Math.max(0, value + add) : value * multiplyBy
}

const changesAnything = ({ multiplyBy = 1, add = 0 }: Change = {}): boolean => multiplyBy !== 1 || add !== 0

/**
 * Where more than everybody would move out of a state, what the scenario supposes is kept as far as it can be: the
 * other moves share what it leaves. Moves within a state count as well.
 */
function withinWhole(rates: readonly AdjustedRate[]): { rates: AdjustedRate[]; scaledDown: number[] } {
  const scaledDown: number[] = []
  const scales = new Map<number, { readonly adjusted: number; readonly other: number }>()
  for (const state of new Set(rates.map(({ from }) => from))) {
    const out = rates.filter(({ from }) => from === state)
    const adjusted = total(out.filter(({ isAdjusted }) => isAdjusted))
    const other = total(out.filter(({ isAdjusted }) => !isAdjusted))
    if (total(out) <= 1) continue
    scaledDown.push(state)
    scales.set(
      state,
      adjusted >= 1 ? { adjusted: 1 / adjusted, other: 0 } : { adjusted: 1, other: (1 - adjusted) / other },
    )
  }
  return {
    rates: rates.map((rate) => {
      const scale = scales.get(rate.from)
      if (scale === undefined) return rate
      return { ...rate, daily: rate.daily * (rate.isAdjusted ? scale.adjusted : scale.other) }
    }),
    scaledDown,
  }
}

const total = (rates: readonly TransitionRate[]): number => rates.reduce((sum, { daily }) => sum + daily, 0)
