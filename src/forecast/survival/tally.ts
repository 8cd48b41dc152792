import { PLACEMENTS, REPORT_AGES } from './bands.ts'
import { monthsOf } from './calendar.ts'
import { keptOf, type SimulationCounts, STATES } from './counts.ts'
import { countEach, type Histogram, histogram } from './histogram.ts'
import { COMES_FROM, ENTERS, GOES_TO, LEAVES, type Log, STAYS_PUT, TURNS_18 } from './lives.ts'
import type { SurvivalModel } from './model.ts'

/** What each happening adds to the children in its state. */
const BY = new Int8Array(8)
BY[ENTERS] = BY[GOES_TO] = 1
BY[LEAVES] = BY[TURNS_18] = BY[COMES_FROM] = -1

/**
 * Makes of what happened in a simulation the children on each day; these it counts and forgets.
 */
export interface Tally {
  readonly endSimulation: (log: Log) => void
  readonly counts: (simulations: number) => SimulationCounts
}

/** How many months, and from when on, young adults stay with their carers who did so before the start. */
export interface StayingPutTally {
  readonly days: number
  readonly startedOn: readonly number[]
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

/** `startsIn` is the number of children in each state on day 0, `staying` says who stays put then. */
export function tallyOf(
  { startsOn }: SurvivalModel,
  atDays: readonly number[],
  startsIn: Int32Array,
  staying: StayingPutTally | null,
): Tally {
  const horizon = atDays.at(-1) ?? 0
  const kept = keptOf(atDays)
  const [days, keptDays] = [atDays.length, kept.length]
  const sumChange = new Int32Array(STATES * days)
  const change = new Int16Array(STATES * keptDays)
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
  const [inState, everyone, inFoster] = numbers(3, () => 0) as [Int32Array, Int32Array, Int32Array]
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
  const stillStaying = (staying?.startedOn ?? [])
    .map((day) => day + staying!.days)
    .filter((until) => until > 0)
  const stayingEnds = new Int16Array(keptDays)
  for (const until of stillStaying) if (until <= horizon) stayingEnds[keptAt[until]!]! -= 1
  const stayingChange = stayingEnds.slice()
  const stayingPut = staying === null ? null : held(stillStaying.length)
  const [entries, exits, turned18] = [entered, left, left18].map((by) => histogram(by.length, 0)) as [
    Histogram,
    Histogram,
    Histogram,
  ]

  function read({ happenings, length }: Log): void {
    for (let at = 0; at < length; at++) {
      const happening = happenings[at]!
      const what = happening & 7
      const day = happening >> 8
      const kept = keptAt[day]!
      if (what === STAYS_PUT) {
        stayPut(kept, day)
        continue
      }
      const state = (happening >> 3) & 31
      const by = BY[what]!
      sumChange[state * days + dayAt[day]!]! += by
      change[state * keptDays + kept]! += by
      if (what <= TURNS_18) {
        const flows = what === ENTERS ? entered : left
        flows[monthAt[day]!]! += 1
        if (what === TURNS_18) left18[monthAt[day]!]! += 1
      }
    }
  }

  function stayPut(kept: number, day: number): void {
    stayingChange[kept]! += 1
    const until = day + (staying?.days ?? 0)
    if (until <= horizon) stayingChange[keptAt[until]!]! -= 1
  }

  function endSimulation(log: Log): void {
    read(log)
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
      for (let at = 0, here = stillStaying.length; at < keptDays; at++)
        inFoster[at] = here += stayingChange[at]!
      stayingChange.set(stayingEnds)
      countEach(stayingPut, inFoster)
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

  return { endSimulation, counts }
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
