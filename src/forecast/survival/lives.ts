import type { RandomStream } from '../random.ts'
import {
  AGES,
  CARE_STARTS,
  CELLS,
  cellsOf,
  MOVE_BANDS,
  MOVE_STARTS,
  PLACEMENTS,
  REPORT_AGE_OF,
  REPORT_AGES,
} from './bands.ts'
import { NEVER } from './calendar.ts'
import { DESTINATIONS, type Rates } from './rates.ts'
import type { StayingPut } from './simulate.ts'
import type { Tally } from './tally.ts'

/** Columns of birthdays: one for each start of a band of age, and the 18th. */
export const BIRTHDAYS = AGES + 1
export const FOSTERING = 0
const DAYS_A_MONTH = 365.25 / 12

const REPORTED = Uint8Array.from(REPORT_AGE_OF)
const CARE_ENDS = Int32Array.from(CARE_STARTS, (_, band) => CARE_STARTS[band + 1] ?? NEVER)
const MOVE_ENDS = Int32Array.from(MOVE_STARTS, (_, band) => MOVE_STARTS[band + 1] ?? NEVER)

/** A child where it stands on a day: what the rest of its life in care depends on. */
export interface Standing {
  day: number
  uasc: number
  placement: number
  age: number
  care: number
  move: number
  enteredOn: number
  movedOn: number
}

export interface Lives {
  /** Lives the rest of a child's time in care, the birthdays of which start at an index. */
  readonly follow: (child: Standing, birthdays: Int32Array, at: number) => void
}

/**
 * A life is a walk through cells of constant rates. A waiting time with mean 1 is drawn and used up, the faster the
 * higher the rate, until it is gone: then the child leaves or moves, and after a move the next is drawn. Bands of age
 * and time change on their days; on the 18th birthday care ends.
 */
export function livesOf(
  rates: Rates,
  epochEnds: Int32Array,
  horizon: number,
  random: RandomStream,
  tally: Tally,
  stayingPut: StayingPut | undefined,
): Lives {
  const { leaving, moving, destination } = rates

  function follow(child: Standing, birthdays: Int32Array, at: number): void {
    const { uasc, enteredOn } = child
    let { day, placement, age, care, move } = child
    let epoch = 0
    while (day >= epochEnds[epoch]!) epoch++
    let ageEnd = ageEndOf(birthdays, at, age)
    let careEnd = enteredOn + CARE_ENDS[care]!
    let { movedOn } = child
    let moveEnd = movedOn + MOVE_ENDS[move]!
    let cells = epoch * CELLS + cellsOf(uasc, placement, age)
    let rest = random.exponential()
    for (;;) {
      const cell = cells + care * MOVE_BANDS + move
      const rate = leaving[cell]!
      let end = ageEnd < careEnd ? ageEnd : careEnd
      if (moveEnd < end) end = moveEnd
      if (epochEnds[epoch]! < end) end = epochEnds[epoch]!
      if (horizon < end) end = horizon
      const used = rate * (end - day)
      if (used > rest) {
        const on = Math.min(end, day + Math.floor(rest / rate) + 1)
        const state = placement * REPORT_AGES + REPORTED[age]!
        if (random.next() >= moving[cell]!) {
          tally.leave(state, on, false)
          return
        }
        const to = destinationOf(epoch, placement, age)
        if (to !== placement) {
          tally.shift(state, on, -1)
          placement = to
          tally.shift(placement * REPORT_AGES + REPORTED[age]!, on, 1)
          cells = epoch * CELLS + cellsOf(uasc, placement, age)
        }
        if (on === horizon) return
        day = on
        move = 0
        movedOn = on
        moveEnd = on + MOVE_ENDS[0]!
        rest = random.exponential()
        continue
      }
      rest -= used
      day = end
      if (end === ageEnd) {
        if (age === AGES - 1) {
          turn18(placement, birthdays[at + AGES]!)
          return
        }
        grow(placement, age, end)
        age++
        ageEnd = ageEndOf(birthdays, at, age)
        cells = epoch * CELLS + cellsOf(uasc, placement, age)
      }
      if (end === careEnd) careEnd = enteredOn + CARE_ENDS[++care]!
      if (end === moveEnd) moveEnd = movedOn + MOVE_ENDS[++move]!
      if (end === horizon) return
      if (end === epochEnds[epoch]!) cells = ++epoch * CELLS + cellsOf(uasc, placement, age)
    }
  }

  function destinationOf(epoch: number, placement: number, age: number): number {
    const first = epoch * DESTINATIONS + (placement * AGES + age) * PLACEMENTS
    const drawn = random.next()
    let to = 0
    while (to < PLACEMENTS - 1 && drawn >= destination[first + to]!) to++
    return to
  }

  function grow(placement: number, age: number, day: number): void {
    const [before, after] = [REPORTED[age]!, REPORTED[age + 1]!]
    if (before === after) return
    tally.shift(placement * REPORT_AGES + before, day, -1)
    tally.shift(placement * REPORT_AGES + after, day, 1)
  }

  function turn18(placement: number, day: number): void {
    const staysPut = stayingPut !== undefined && placement === FOSTERING && random.next() < stayingPut.share
    if (day > horizon) return
    tally.leave(placement * REPORT_AGES + REPORT_AGES - 1, day, true)
    if (staysPut) tally.stayPut(day, day + Math.round(stayingPut.months * DAYS_A_MONTH))
  }

  return { follow }
}

/** The band of 17 ends on the eve of the 18th birthday, after which nothing is left to chance. */
const ageEndOf = (birthdays: Int32Array, at: number, age: number): number =>
  age === AGES - 1 ? birthdays[at + AGES]! - 1 : birthdays[at + age + 1]!
