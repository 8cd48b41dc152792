import { CARE_BANDS, MEETING_TIMES, MOVE_BANDS, OUTCOMES, PLACEMENTS } from './bands.ts'
import { FACTOR_AT, type Hazards, LEVELS, levelsOf } from './hazards.ts'
import type { WindowLevels } from './model.ts'
import { sum } from './variation.ts'

/** Events that the council's rate over all placements weighs when the rate of one placement is set. */
export const POOLED_EVENTS = 15
/** Events that the longer history weighs when the level of the window is set. */
export const HISTORY_EVENTS = 1

/** The cells of the window, laid out for the loop that runs in each simulation. */
export interface WindowCells {
  readonly days: Float64Array
  /** Which pair of times in care and since the last move. */
  readonly time: Uint8Array
  /** Stretches of cells that differ in time alone. */
  readonly groups: readonly WindowGroup[]
}

interface WindowGroup {
  readonly placement: number
  readonly age: number
  readonly uasc: number
  readonly from: number
  until: number
}

const TIME_OF: readonly number[] = Array.from({ length: CARE_BANDS * MOVE_BANDS }, (_, at) =>
  MEETING_TIMES.findIndex(
    ({ care, move }) => care === Math.floor(at / MOVE_BANDS) && move === at % MOVE_BANDS,
  ),
)

export function windowCells({ cell, days }: WindowLevels): WindowCells {
  const groups: WindowGroup[] = []
  const time = new Uint8Array(cell.length)
  cell.forEach((number, at) => {
    const [placement, age, care, move, uasc] = levelsOf(number)
    time[at] = TIME_OF[care * MOVE_BANDS + move]!
    const last = groups.at(-1)
    if (last?.placement === placement && last.age === age && last.uasc === uasc) last.until = at + 1
    else groups.push({ placement, age, uasc, from: at, until: at + 1 })
  })
  return { days, time, groups }
}

/**
 * Sets the level of one outcome in each placement: what the window saw, and what the caller assumes beside it, against
 * what the factors make of the window; drawn toward the council's level over all placements, and that toward the longer
 * history. `vary(events)` gives a number about 1 as uncertain as one that rests on so many events; 1 for the best
 * estimate.
 */
export function setLevels(
  outcome: number,
  expected: Float64Array,
  window: WindowLevels,
  vary: (events: number) => number,
  levels: Float64Array,
): void {
  const ofDays = window.priorDays[outcome]! > 0 ? 1 / sum(window.days) : 0
  const all = sum(expected)
  /** The events of a placement with its part of those assumed, and what is expected of the days of both. */
  const seen = (placement: number): number => {
    const part = ofDays > 0 && all > 0 ? (window.priorEvents[outcome]! * expected[placement]!) / all : 0
    return window.events[outcome * PLACEMENTS + placement]! + part
  }
  const more = 1 + window.priorDays[outcome]! * ofDays
  let [events, reach] = [HISTORY_EVENTS, HISTORY_EVENTS]
  for (let placement = 0; placement < PLACEMENTS; placement++) {
    const reached = expected[placement]! * more
    // A placement that stands on its own tells little of the council's level: the weight of what is pooled is left.
    const pooled = POOLED_EVENTS / (reached + POOLED_EVENTS)
    events += seen(placement) * pooled
    reach += reached * pooled
  }
  const council = (events / reach) * vary(events)
  for (let placement = 0; placement < PLACEMENTS; placement++) {
    const own = seen(placement) + POOLED_EVENTS * council
    levels[outcome * PLACEMENTS + placement] =
      (own / (expected[placement]! * more + POOLED_EVENTS)) * vary(own)
  }
}

/** What the factors of an outcome make of the window's days, by placement, with level 1. */
export function expectedEvents(
  cells: WindowCells,
  base: number,
  factor: Float64Array,
  times: Float64Array,
  expected: Float64Array,
): void {
  expected.fill(0)
  const { days, time, groups } = cells
  const [agesAt, uascAt] = [FACTOR_AT[1]!, FACTOR_AT[4]!]
  for (const { placement, age, uasc, from, until } of groups) {
    let risk = 0
    for (let at = from; at < until; at++) risk += days[at]! * times[time[at]!]!
    expected[placement]! += risk * factor[agesAt + age]! * factor[uascAt + uasc]!
  }
  for (let group = 0; group < PLACEMENTS; group++) expected[group]! *= base * factor[group]!
}

/** The factors of time in care and since the last move, multiplied, for the pairs of them that can meet. */
export function timesOf(factor: Float64Array, times: Float64Array): void {
  const [careAt, moveAt] = [FACTOR_AT[2]!, FACTOR_AT[3]!]
  for (let at = 0; at < MEETING_TIMES.length; at++) {
    const { care, move } = MEETING_TIMES[at]!
    times[at] = factor[careAt + care]! * factor[moveAt + move]!
  }
}

/** The best estimate of every level, with no chance in it. */
export function estimatedLevels(hazards: Hazards, window: WindowLevels): Float64Array {
  const cells = windowCells(window)
  const levels = new Float64Array(OUTCOMES * PLACEMENTS)
  const times = new Float64Array(MEETING_TIMES.length)
  const expected = new Float64Array(PLACEMENTS)
  for (let outcome = 0; outcome < OUTCOMES; outcome++) {
    const factor = hazards.factor.subarray(outcome * LEVELS, (outcome + 1) * LEVELS)
    timesOf(factor, times)
    expectedEvents(cells, hazards.base[outcome]!, factor, times, expected)
    setLevels(outcome, expected, window, () => 1, levels)
  }
  return levels
}
