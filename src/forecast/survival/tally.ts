import { PLACEMENTS, REPORT_AGES } from './bands.ts'
import { monthsOf } from './calendar.ts'
import { keptOf, type SimulationCounts, STATES } from './counts.ts'
import { countEach, type Histogram, histogram } from './histogram.ts'
import type { SurvivalModel } from './model.ts'

/**
 * Where a simulation writes down what happens, in passing: how many more or fewer children are in a state from a day
 * on, and who comes and leaves.
 */
export interface Happenings {
  /** By state and day, summed over the simulations: `state * days + day`. */
  readonly sumChanges: Int32Array
  readonly days: number
  /** Of this simulation, by state and the first kept day that is not before it: `state * kept + keptAt[day]`. */
  readonly keptChanges: Int16Array
  readonly kept: number
  readonly keptAt: Int16Array
  /** By day, of this simulation. */
  readonly entered: Int32Array
  readonly left: Int32Array
  readonly turned18: Int32Array
  /** A young adult stays put from a day on. */
  readonly stayPut: (day: number) => void
}

/**
 * Makes of what happened in a simulation the children on each day; these it counts and forgets.
 */
export interface Tally {
  readonly happenings: Happenings
  readonly endSimulation: () => void
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
  const [days, keptDays] = [horizon + 1, kept.length]
  const sumChanges = new Int32Array(STATES * days)
  const keptChanges = new Int16Array(STATES * keptDays)
  const keptAt = firstAtOrAfter(
    Array.from(kept, (at) => atDays[at]!),
    horizon,
  )
  const months = monthsOf(startsOn + 1, startsOn + horizon + 1)
  const byDay = (): Int32Array => new Int32Array(days)
  const [entered, left, turned18] = [byDay(), byDay(), byDay()]
  const inMonths = new Int32Array(months.length)

  const total = startsIn.reduce((sum, here) => sum + here, 0)
  const numbers = (): Int32Array => new Int32Array(keptDays)
  const inPlacement = numbers()
  const inAges = Array.from({ length: REPORT_AGES }, numbers)
  const [inState, everyone, inFoster] = [numbers(), numbers(), numbers()]
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
  const flows = [entered, left, turned18].map((on) => ({ on, counted: histogram(months.length, 0) }))

  function stayPut(day: number): void {
    stayingChange[keptAt[day]!]! += 1
    const until = day + (staying?.days ?? 0)
    if (until <= horizon) stayingChange[keptAt[until]!]! -= 1
  }

  function endSimulation(): void {
    for (const counted of inAges) counted.fill(0)
    everyone.fill(0)
    for (let placement = 0; placement < PLACEMENTS; placement++) {
      inPlacement.fill(0)
      for (let age = 0; age < REPORT_AGES; age++) {
        const state = placement * REPORT_AGES + age
        addUp(keptChanges, state * keptDays, startsIn[state]!, inState, inPlacement, inAges[age]!)
        countEach(states[state]!, inState)
      }
      for (let at = 0; at < keptDays; at++) everyone[at]! += inPlacement[at]!
      countEach(placements[placement]!, inPlacement)
    }
    for (let age = 0; age < REPORT_AGES; age++) countEach(ages[age]!, inAges[age]!)
    countEach(all, everyone)
    keptChanges.fill(0)
    if (stayingPut !== null) {
      for (let at = 0, here = stillStaying.length; at < keptDays; at++)
        inFoster[at] = here += stayingChange[at]!
      stayingChange.set(stayingEnds)
      countEach(stayingPut, inFoster)
    }
    for (const { on, counted } of flows) {
      addMonths(on)
      countEach(counted, inMonths)
      on.fill(0)
    }
  }

  function addMonths(on: Int32Array): void {
    for (let month = 0, day = 1; month < months.length; month++) {
      const until = months[month]!.until - startsOn
      let sum = 0
      for (; day < until; day++) sum += on[day]!
      inMonths[month] = sum
    }
  }

  function counts(simulations: number): SimulationCounts {
    const sums = new Float64Array(STATES * atDays.length)
    for (let state = 0; state < STATES; state++) {
      let here = startsIn[state]! * simulations
      let day = 0
      atDays.forEach((until, at) => {
        for (; day <= until; day++) here += sumChanges[state * days + day]!
        sums[state * atDays.length + at] = here
      })
    }
    const [entries, exits, birthdays] = flows.map(({ counted }) => counted) as [
      Histogram,
      Histogram,
      Histogram,
    ]
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
      turned18: birthdays,
    }
  }

  return {
    happenings: {
      sumChanges,
      days,
      keptChanges,
      kept: keptDays,
      keptAt,
      entered,
      left,
      turned18,
      stayPut,
    },
    endSimulation,
    counts,
  }
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
