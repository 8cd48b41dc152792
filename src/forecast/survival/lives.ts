import type { RandomStream } from '../random.ts'
import {
  AGES,
  bandOf,
  CARE_STARTS,
  CELLS,
  cellsOf,
  FOSTERING,
  MOVE_BANDS,
  MOVE_STARTS,
  PLACEMENTS,
  REPORT_AGE_OF,
  REPORT_AGES,
} from './bands.ts'
import { CELL_COLUMNS, DESTINATIONS, LEAVING, MOVING, type Rates, WAIT } from './rates.ts'

/** Columns of birthdays: one for each start of a band of age, and the 18th. */
export const BIRTHDAYS = AGES + 1

const REPORTED = Uint8Array.from(REPORT_AGE_OF)

/**
 * What happens in a simulation, one number for each happening: what it is, the state and the day, packed. Written down
 * in passing and read by the tally once the simulation is over, for the walk through lives has no time to count.
 */
export interface Log {
  happenings: Int32Array
  length: number
}

export const ENTERS = 0
export const LEAVES = 1
export const TURNS_18 = 2
export const COMES_FROM = 3
export const GOES_TO = 4
export const STAYS_PUT = 5
/** Three bits say what happened, five the state, the others the day. */
export const happening = (what: number, state: number, day: number): number =>
  (day << 8) | (state << 3) | what

/** More than one child's life can hold: room for so many is kept in the log. */
export const MOST_HAPPENINGS = 4096

/** Lives the rest of a child's time in care from a day on; its birthdays start at an index. */
export type Follow = (
  day: number,
  uasc: number,
  placement: number,
  age: number,
  enteredOn: number,
  movedOn: number,
  birthdays: Int32Array,
  at: number,
) => void

/** Bands by the number of days, as parts of a cell's number: looked up, for a search costs more than all the rest. */
const LAST_CARE = CARE_STARTS.at(-1)!
const LAST_MOVE = MOVE_STARTS.at(-1)!
const CARE_AT = Uint8Array.from(
  { length: LAST_CARE + 1 },
  (_, days) => bandOf(CARE_STARTS, days) * MOVE_BANDS,
)
const MOVE_AT = Uint8Array.from({ length: LAST_MOVE + 1 }, (_, days) => bandOf(MOVE_STARTS, days))
const timeAt = (inCare: number, inPlacement: number): number =>
  CARE_AT[Math.min(inCare, LAST_CARE)]! + MOVE_AT[Math.min(inPlacement, LAST_MOVE)]!

/**
 * A life is a row of waiting times. Each is drawn with the highest rate that the child can still come to in its band of
 * age and its placement; when it is over, the rate of that day is set against the highest, and by chance in that
 * proportion the child leaves or moves, or nothing happens and the next is drawn (thinning; Lewis and Shedler, Naval
 * Research Logistics 26 (1979), 403-413). That is exact, and far quicker than to walk from band to band. On the 18th
 * birthday care ends.
 */
export function livesOf(
  rates: Rates,
  epochEnds: Int32Array,
  horizon: number,
  random: RandomStream,
  log: Log,
  stayingPutShare: number,
): Follow {
  const { ofCell, destination } = rates

  return (startsOn, uasc, startsIn, startAge, enteredOn, startedOn, birthdays, at) => {
    const { happenings } = log
    let { length } = log
    let day = startsOn
    let placement = startsIn
    let age = startAge
    let movedOn = startedOn
    let epoch = 0
    while (day >= epochEnds[epoch]!) epoch++
    for (;;) {
      // The band of 17 ends on the eve of the 18th birthday, after which nothing is left to chance.
      const ageEnd = age === AGES - 1 ? birthdays[at + AGES]! - 1 : birthdays[at + age + 1]!
      const end = Math.min(ageEnd, epochEnds[epoch]!, horizon)
      let cells = epoch * CELLS + cellsOf(uasc, placement, age)
      let cell = (cells + timeAt(day - enteredOn, day - movedOn)) * CELL_COLUMNS
      let time = day
      for (;;) {
        const wait = ofCell[cell + WAIT]!
        time += random.exponential() * wait
        if (time >= end) break
        day = time | 0
        cell = (cells + timeAt(day - enteredOn, day - movedOn)) * CELL_COLUMNS
        const drawn = random.next()
        if (drawn >= ofCell[cell + LEAVING]! * wait) continue
        day++
        const state = placement * REPORT_AGES + REPORTED[age]!
        if (drawn >= ofCell[cell + MOVING]! * wait) {
          happenings[length] = happening(LEAVES, state, day)
          log.length = length + 1
          return
        }
        const first = epoch * DESTINATIONS + (placement * AGES + age) * PLACEMENTS
        const where = random.next()
        let to = 0
        while (where >= destination[first + to]!) to++
        if (to !== placement) {
          happenings[length++] = happening(COMES_FROM, state, day)
          happenings[length++] = happening(GOES_TO, to * REPORT_AGES + REPORTED[age]!, day)
          placement = to
          cells = epoch * CELLS + cellsOf(uasc, placement, age)
        }
        time = movedOn = day
        cell = (cells + timeAt(day - enteredOn, 0)) * CELL_COLUMNS
      }
      if (end === horizon && end < ageEnd) break
      day = end
      if (end === ageEnd) {
        const state = placement * REPORT_AGES + REPORTED[age]!
        if (age === AGES - 1) {
          if (end === horizon) break
          if (placement === FOSTERING && random.next() < stayingPutShare)
            happenings[length++] = happening(STAYS_PUT, state, day + 1)
          happenings[length++] = happening(TURNS_18, state, day + 1)
          break
        }
        age++
        if (REPORTED[age] !== REPORTED[age - 1]) {
          happenings[length++] = happening(COMES_FROM, state, day)
          happenings[length++] = happening(GOES_TO, state + 1, day)
        }
      }
      if (end === horizon) break
      if (end === epochEnds[epoch]) epoch++
    }
    log.length = length
  }
}
