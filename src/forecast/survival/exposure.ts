import {
  AGE_STARTS,
  bandOf,
  CARE_STARTS,
  CELLS,
  cellsOf,
  MOVE,
  MOVE_BANDS,
  MOVE_STARTS,
  OUTCOMES,
  PLACEMENTS,
} from './bands.ts'
import type { DayNumber } from './calendar.ts'
import { EIGHTEEN, type Stay } from './stays.ts'

/** Bands of age that where children move to is told apart by: under 10, 10 to 15, 16 and 17. */
export const MOVER_AGES = 3
export const MOVER_AGE_OF = [0, 0, 0, 1, 2, 2] as const

/** Days at risk and what happened in them, by cell: all that the rates rest on. */
export interface Exposure {
  readonly days: Float64Array
  /** By outcome and cell: `outcome * CELLS + cell`. */
  readonly events: Float64Array
  /** By placement left, age of the mover and placement reached. */
  readonly moves: Float64Array
}

/** The stretches of days that children spent in one cell, in three columns. */
export interface Stretches {
  readonly cell: number[]
  readonly from: DayNumber[]
  readonly until: DayNumber[]
}

export interface ExitEvent {
  readonly outcome: number
  readonly cell: number
  /** The last day in care. */
  readonly day: DayNumber
}

export interface Observed {
  readonly whole: Exposure
  readonly window: Exposure
  readonly stretches: Stretches
  readonly exits: readonly ExitEvent[]
}

const emptyExposure = (): Exposure => ({
  days: new Float64Array(CELLS),
  events: new Float64Array(OUTCOMES * CELLS),
  moves: new Float64Array(PLACEMENTS * MOVER_AGES * PLACEMENTS),
})

/**
 * Counts days at risk and events. A child is at risk on day d of being elsewhere on day d + 1; risk starts with what
 * is known and ends with it, so neither children who came before nor those who are still there bias a rate. Nobody is
 * at risk on the eve of the 18th birthday: what happens then is certain.
 */
export function observe(
  stays: readonly Stay[],
  known: { readonly from: DayNumber; readonly to: DayNumber },
  window: { readonly from: DayNumber; readonly to: DayNumber },
): Observed {
  const [whole, inWindow] = [emptyExposure(), emptyExposure()]
  const stretches: Stretches = { cell: [], from: [], until: [] }
  const exits: ExitEvent[] = []
  // Day d counts where day d + 1 is in the window.
  const [windowFrom, windowUntil] = [window.from - 1, window.to]

  for (const stay of stays) {
    const { birthdays, enteredOn, movedOn, outcome, until } = stay
    const atRiskUntil = Math.min(until, known.to, birthdays[EIGHTEEN]! - 1)
    let day = Math.max(stay.from, known.from)
    if (day >= atRiskUntil) continue
    let age = 0
    while (age + 1 < AGE_STARTS.length && day >= birthdays[age + 1]!) age++
    let care = bandOf(CARE_STARTS, day - enteredOn)
    let move = bandOf(MOVE_STARTS, day - movedOn)
    for (;;) {
      const nextAge = birthdays[age + 1]!
      const nextCare = enteredOn + (CARE_STARTS[care + 1] ?? Number.POSITIVE_INFINITY)
      const nextMove = movedOn + (MOVE_STARTS[move + 1] ?? Number.POSITIVE_INFINITY)
      const end = Math.min(nextAge, nextCare, nextMove, atRiskUntil)
      const cell = cellsOf(stay.uasc, stay.placement, age) + care * MOVE_BANDS + move
      whole.days[cell]! += end - day
      const inside = Math.min(end, windowUntil) - Math.max(day, windowFrom)
      if (inside > 0) inWindow.days[cell]! += inside
      stretches.cell.push(cell)
      stretches.from.push(day)
      stretches.until.push(end)
      if (end === atRiskUntil) {
        if (end === until && outcome >= 0) {
          const mover = (stay.placement * MOVER_AGES + MOVER_AGE_OF[age]!) * PLACEMENTS + stay.movedTo
          for (const counted of end - 1 >= windowFrom && end - 1 < windowUntil
            ? [whole, inWindow]
            : [whole]) {
            counted.events[outcome * CELLS + cell]! += 1
            if (outcome === MOVE) counted.moves[mover]! += 1
          }
          if (outcome !== MOVE) exits.push({ outcome, cell, day: end - 1 })
        }
        break
      }
      if (end === nextAge) age++
      if (end === nextCare) care++
      if (end === nextMove) move++
      day = end
    }
  }
  return { whole, window: inWindow, stretches, exits }
}
