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
  TIMES,
} from './bands.ts'
import { CELL_COLUMNS, DESTINATIONS, LEAVING, MOVING, type Rates } from './rates.ts'
import type { Happenings } from './tally.ts'

/** Columns of birthdays: one for each start of a band of age, and the 18th. */
export const BIRTHDAYS = AGES + 1

const REPORTED = Uint8Array.from(REPORT_AGE_OF)

const FOSTERED_AT_17 = FOSTERING * REPORT_AGES + REPORT_AGES - 1

/** A wait of more days than any forecast has. */
const LONG = 0x7fff

/** For each number of days since something: the band it is in, as part of a cell's number, and the days until the next. */
interface Clock {
  readonly at: Uint8Array
  readonly left: Int16Array
  /** From so many days on, nothing changes any more. */
  readonly last: number
}

function clockOf(starts: readonly number[], step: number, horizon: number): Clock {
  const last = starts.at(-1)!
  const days = Array.from({ length: last + horizon + 1 }, (_, day) => bandOf(starts, day))
  return {
    at: Uint8Array.from(days, (band) => band * step),
    left: Int16Array.from(days, (band, day) => (starts[band + 1] ?? day + LONG) - day),
    last,
  }
}

/** The lesser of two whole numbers. No branch: these are not to be foreseen, and a wrong guess costs more than the rest. */
const lesser = (one: number, other: number): number => other + ((one - other) & ((one - other) >> 31))

/**
 * Lives the rest of a child's time in care from a day on. Its birthdays are found in a table from an index on, counted
 * from the day `born`; 0 for a table of the child's own.
 */
export type Follow = (
  day: number,
  uasc: number,
  placement: number,
  age: number,
  enteredOn: number,
  movedOn: number,
  born: number,
  birthdays: Int32Array,
  at: number,
) => void

/**
 * A life is a row of waiting times. How much risk a child outlives until the next thing happens to it is drawn; each
 * stretch of days in one cell spends its rate times its days of that, and where the rest does not last to the end of the
 * stretch, the child leaves or moves on the day on which it is spent. On the 18th birthday care ends. What happens is
 * counted in passing.
 */
export function livesOf(
  rates: Rates,
  epochEnds: Int32Array,
  horizon: number,
  random: RandomStream,
  happenings: Happenings,
  stayingPutShare: number,
): Follow {
  const { ofCell, destination } = rates
  const { sumChanges, keptChanges, keptAt, left, turned18, stayPut } = happenings
  const [row, keptRow] = [happenings.days, happenings.kept]
  const inCare = clockOf(CARE_STARTS, MOVE_BANDS, horizon)
  const inPlace = clockOf(MOVE_STARTS, 1, horizon)
  const [careAt, careLeft, placeAt, placeLeft] = [inCare.at, inCare.left, inPlace.at, inPlace.left]

  function changeState(from: number, to: number, day: number): void {
    const kept = keptAt[day]!
    sumChanges[from * row + day]! -= 1
    sumChanges[to * row + day]! += 1
    keptChanges[from * keptRow + kept]! -= 1
    keptChanges[to * keptRow + kept]! += 1
  }

  function leave(from: number, day: number): void {
    sumChanges[from * row + day]! -= 1
    keptChanges[from * keptRow + keptAt[day]!]! -= 1
    left[day]! += 1
  }

  return (startsOn, uasc, startsIn, startAge, entered, moved, born, birthdays, at) => {
    const enteredOn = entered < -inCare.last ? -inCare.last : entered
    let movedOn = moved < -inPlace.last ? -inPlace.last : moved
    let day = startsOn
    let age = startAge
    let state = startsIn * REPORT_AGES + REPORTED[age]!
    let epoch = 0
    while (day >= epochEnds[epoch]!) epoch++
    // The band of 17 ends on the eve of the 18th birthday, after which nothing is left to chance.
    let ageEnd = born + birthdays[at + age + 1]! - Number(age === AGES - 1)
    let stop = lesser(lesser(ageEnd, epochEnds[epoch]!), horizon)
    let cells = epoch * CELLS + cellsOf(uasc, startsIn, age)
    let rest = random.exponential()
    for (;;) {
      const [careDays, placeDays] = [day - enteredOn, day - movedOn]
      const days = lesser(lesser(careLeft[careDays]!, placeLeft[placeDays]!), stop - day)
      const cell = (cells + careAt[careDays]! + placeAt[placeDays]!) * CELL_COLUMNS
      const rate = ofCell[cell + LEAVING]!
      const spent = rate * days
      if (rest < spent) {
        // Rounded up, the last day may seem to be a day further.
        day += lesser(((rest / rate) | 0) + 1, days)
        const drawn = random.next() * rate
        const moving = ofCell[cell + MOVING]!
        if (drawn >= moving) {
          leave(state, day)
          return
        }
        const placement = (state / REPORT_AGES) | 0
        const first = epoch * DESTINATIONS + (placement * AGES + age) * PLACEMENTS
        let to = 0
        for (let next = first; next < first + PLACEMENTS - 1; next++)
          to += Number(drawn >= destination[next]! * moving)
        const reached = state + (to - placement) * REPORT_AGES
        changeState(state, reached, day)
        state = reached
        cells += (to - placement) * AGES * TIMES
        movedOn = day
        rest = random.exponential()
        continue
      }
      rest -= spent
      day += days
      if (day < stop) continue
      if (day === ageEnd) {
        if (age === AGES - 1) {
          if (day === horizon) return
          day++
          if (state === FOSTERED_AT_17 && random.next() < stayingPutShare) stayPut(day)
          turned18[day]! += 1
          leave(state, day)
          return
        }
        age++
        cells += TIMES
        ageEnd = born + birthdays[at + age + 1]! - Number(age === AGES - 1)
        const older = state + REPORTED[age]! - REPORTED[age - 1]!
        changeState(state, older, day)
        state = older
      }
      if (day === horizon) return
      if (day === epochEnds[epoch]) {
        epoch++
        cells += CELLS
      }
      stop = lesser(lesser(ageEnd, epochEnds[epoch]!), horizon)
    }
  }
}
