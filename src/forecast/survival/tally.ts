import { PLACEMENTS, REPORT_AGES } from './bands.ts'
import { monthsOf } from './calendar.ts'
import { keptOf, type SimulationCounts, STATES } from './counts.ts'
import { countEach, type Histogram, histogram } from './histogram.ts'
import type { SurvivalModel } from './model.ts'

/**
 * Notes what happens in a simulation as changes of numbers on days, and makes of them, once the simulation is over,
 * the children on each day; these it counts and forgets.
 */
export interface Tally {
  /** Puts one child more (or less, by -1) into a state from a day on. */
  readonly shift: (state: number, day: number, by: 1 | -1) => void
  readonly enter: (state: number, day: number) => void
  readonly leave: (state: number, day: number, by18: boolean) => void
  readonly stayPut: (from: number, until: number) => void
  readonly endSimulation: () => void
  readonly counts: (simulations: number) => SimulationCounts
}

/** For each day up to the horizon, the index of the first of these days that is not before it. */
function firstAtOrAfter(days: readonly number[], horizon: number): Int16Array {
  const first = new Int16Array(horizon + 1)
  for (let day = 0, at = 0; day <= horizon; day++) {
    while (days[at]! < day) at++
    first[day] = at
  }
  return first
}

/** `startsIn` is the number of children in each state on day 0, `stayingPutAtStart` that of young adults. */
export function tallyOf(
  { startsOn }: SurvivalModel,
  atDays: readonly number[],
  startsIn: Int32Array,
  stayingPutAtStart: number | null,
): Tally {
  const horizon = atDays.at(-1) ?? 0
  const kept = keptOf(atDays)
  const [days, keptDays] = [atDays.length, kept.length]
  const sumChange = new Float64Array(STATES * days)
  const change = new Int16Array(STATES * keptDays)
  const stayingChange = new Int16Array(keptDays)
  const dayAt = firstAtOrAfter(atDays, horizon)
  const keptAt = firstAtOrAfter(
    Array.from(kept, (at) => atDays[at]!),
    horizon,
  )

  const months = monthsOf(startsOn + 1, startsOn + horizon + 1)
  const monthAt = new Uint8Array(horizon + 1)
  for (const [at, { from, until }] of months.entries()) monthAt.fill(at, from - startsOn, until - startsOn)
  const flow = (): Int32Array => new Int32Array(months.length)
  const [entered, left, left18] = [flow(), flow(), flow()]

  const total = startsIn.reduce((sum, here) => sum + here, 0)
  const numbers = (count: number, start: (at: number) => number): Int32Array[] =>
    Array.from({ length: count }, (_, at) => new Int32Array(keptDays).fill(start(at)))
  const inPlacements = numbers(PLACEMENTS, () => 0)
  const inAges = numbers(REPORT_AGES, () => 0)
  const [inState, everyone, staying] = numbers(3, () => 0) as [Int32Array, Int32Array, Int32Array]
  const held = (around: number): Histogram => histogram(keptDays, around)
  const states = Array.from(startsIn, held)
  const all = held(total)
  const placements = Array.from({ length: PLACEMENTS }, (_, placement) =>
    held(
      startsIn.subarray(placement * REPORT_AGES, (placement + 1) * REPORT_AGES).reduce((a, b) => a + b, 0),
    ),
  )
  const ages = Array.from({ length: REPORT_AGES }, (_, age) =>
    held(startsIn.reduce((sum, here, state) => sum + (state % REPORT_AGES === age ? here : 0), 0)),
  )
  const stayingPut = stayingPutAtStart === null ? null : held(stayingPutAtStart)
  const [entries, exits, turned18] = [entered, left, left18].map((by) => histogram(by.length, 0)) as [
    Histogram,
    Histogram,
    Histogram,
  ]

  function shift(state: number, day: number, by: 1 | -1): void {
    sumChange[state * days + dayAt[day]!]! += by
    change[state * keptDays + keptAt[day]!]! += by
  }

  function enter(state: number, day: number): void {
    entered[monthAt[day]!]! += 1
    shift(state, day, 1)
  }

  function leave(state: number, day: number, by18: boolean): void {
    left[monthAt[day]!]! += 1
    if (by18) left18[monthAt[day]!]! += 1
    shift(state, day, -1)
  }

  function stayPut(from: number, until: number): void {
    if (from > 0) stayingChange[keptAt[from]!]! += 1
    if (until <= horizon) stayingChange[keptAt[until]!]! -= 1
  }

  function endSimulation(): void {
    for (const counted of inAges) counted.fill(0)
    everyone.fill(0)
    for (let placement = 0; placement < PLACEMENTS; placement++) {
      const inPlacement = inPlacements[placement]!
      inPlacement.fill(0)
      for (let age = 0; age < REPORT_AGES; age++) {
        const state = placement * REPORT_AGES + age
        addUp(change, state * keptDays, startsIn[state]!, inState, inPlacement, inAges[age]!)
        countEach(states[state]!, inState)
      }
      for (let at = 0; at < keptDays; at++) everyone[at]! += inPlacement[at]!
      countEach(placements[placement]!, inPlacement)
    }
    for (let age = 0; age < REPORT_AGES; age++) countEach(ages[age]!, inAges[age]!)
    countEach(all, everyone)
    change.fill(0)
    if (stayingPut !== null) {
      for (let at = 0, here = stayingPutAtStart!; at < keptDays; at++)
        staying[at] = here += stayingChange[at]!
      stayingChange.fill(0)
      countEach(stayingPut, staying)
    }
    for (const [counted, by] of [
      [entries, entered],
      [exits, left],
      [turned18, left18],
    ] as const) {
      countEach(counted, by)
      by.fill(0)
    }
  }

  function counts(simulations: number): SimulationCounts {
    const sums = new Float64Array(STATES * days)
    for (let state = 0; state < STATES; state++) {
      let here = startsIn[state]! * simulations
      for (let at = 0; at < days; at++) sums[state * days + at] = here += sumChange[state * days + at]!
    }
    return {
      simulations,
      atDays,
      kept,
      sums,
      all,
      placements,
      ages,
      states,
      stayingPut,
      entries,
      exits,
      turned18,
    }
  }

  return { shift, enter, leave, stayPut, endSimulation, counts }
}

function addUp(
  change: Int16Array,
  first: number,
  start: number,
  inState: Int32Array,
  inPlacement: Int32Array,
  inAge: Int32Array,
): void {
  let here = start
  for (let at = 0; at < inState.length; at++) {
    here += change[first + at]!
    inState[at] = here
    inPlacement[at]! += here
    inAge[at]! += here
  }
}
