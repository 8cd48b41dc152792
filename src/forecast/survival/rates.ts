import type { RandomStream } from '../random.ts'
import { AGES, CELLS, cellsOf, MEETING_TIMES, MOVE, MOVE_BANDS, OUTCOMES, PLACEMENTS } from './bands.ts'
import type { Epoch } from './changes.ts'
import { MOVER_AGE_OF, MOVER_AGES } from './exposure.ts'
import { FACTOR_AT, LEVELS } from './hazards.ts'
import { expectedEvents, setLevels, timesOf, windowCells } from './levels.ts'
import type { SurvivalModel } from './model.ts'

/** What is known of a cell, side by side, for it is looked up together: the daily rate of leaving the placement, and what of that are moves. */
export const CELL_COLUMNS = 2
export const LEAVING = 0
export const MOVING = 1

/** The rates of one simulation. */
export interface Rates {
  /** By epoch, cell and column. */
  readonly ofCell: Float32Array
  /** Cumulative shares of where moves lead: by epoch, placement left, band of age, placement reached. */
  readonly destination: Float64Array
  /** Draws the rates of another simulation into these arrays. */
  readonly draw: (random: RandomStream) => void
}

export const DESTINATIONS = PLACEMENTS * AGES * PLACEMENTS
const TIMES_AT = MEETING_TIMES.map(({ care, move }) => care * MOVE_BANDS + move)

/**
 * Rates as uncertain as what they rest on. Each factor is drawn from a gamma distribution with the weight of its
 * events; then the level of each outcome and placement is set anew by what the window saw, so that the uncertainty of
 * a placement's exits is that of their number, however many factors make it up.
 */
export function ratesOf(model: SurvivalModel, epochs: readonly Epoch[], yearsAhead: number): Rates {
  const { hazards, window, destinations, stock, entries } = model
  const ofCell = new Float32Array(epochs.length * CELLS * CELL_COLUMNS)
  const destination = new Float64Array(epochs.length * DESTINATIONS)
  const cells = windowCells(window)
  const statuses = stock.uasc.some(Boolean) || entries.entrants.uasc.some(Boolean) ? 2 : 1
  const factor = new Float64Array(OUTCOMES * LEVELS)
  const times = Array.from({ length: OUTCOMES }, () => new Float64Array(MEETING_TIMES.length))
  const expected = new Float64Array(PLACEMENTS)
  const levels = new Float64Array(OUTCOMES * PLACEMENTS)
  const shares = new Float64Array(PLACEMENTS * MOVER_AGES * PLACEMENTS)
  const byOutcome = new Float64Array(OUTCOMES)
  const sharedVariance = sharedExitVariance(model, yearsAhead)

  function draw(random: RandomStream): void {
    for (let outcome = 0; outcome < OUTCOMES; outcome++) {
      const at = outcome * LEVELS
      // Placements have levels of their own, set below.
      for (let level = 0; level < LEVELS; level++) {
        const events = hazards.events[at + level]!
        const about1 = level < PLACEMENTS ? 1 : random.gamma(events) / events
        factor[at + level] = hazards.factor[at + level]! * about1
      }
      const own = factor.subarray(at, at + LEVELS)
      timesOf(own, times[outcome]!)
      expectedEvents(cells, hazards.base[outcome]!, own, times[outcome]!, expected)
      const dispersion = outcome === MOVE ? 1 : window.exitDispersion
      const vary = (events: number): number => random.around1(dispersion / events)
      setLevels(outcome, expected, window, vary, levels)
    }
    const shared = random.around1(sharedVariance)
    drawDestinations(random)
    for (let epoch = 0; epoch < epochs.length; epoch++) fill(epoch, shared)
  }

  function drawDestinations(random: RandomStream): void {
    for (let at = 0; at < shares.length; at += PLACEMENTS) {
      let sum = 0
      for (let to = 0; to < PLACEMENTS; to++) {
        shares[at + to] = random.gamma(destinations[at + to]!)
        sum += shares[at + to]!
      }
      for (let to = 0; to < PLACEMENTS; to++) shares[at + to]! /= sum
    }
  }

  function fill(epoch: number, shared: number): void {
    const { exits, moves } = epochs[epoch]!
    const [t0, t1, t2, t3, t4] = [times[0]!, times[1]!, times[2]!, times[3]!, times[4]!]
    for (let placement = 0; placement < PLACEMENTS; placement++)
      for (let age = 0; age < AGES; age++) {
        const more = cumulate(epoch, placement, age, moves)
        for (let uasc = 0; uasc < statuses; uasc++) {
          for (let outcome = 0; outcome < OUTCOMES; outcome++) {
            const at = outcome * LEVELS
            const changed =
              outcome === MOVE ? more : shared * exits[(outcome * PLACEMENTS + placement) * AGES + age]!
            byOutcome[outcome] =
              hazards.base[outcome]! *
              levels[outcome * PLACEMENTS + placement]! *
              factor[at + placement]! *
              factor[at + FACTOR_AT[1]! + age]! *
              factor[at + FACTOR_AT[4]! + uasc]! *
              changed
          }
          const [c0, c1, c2, c3, c4] = [
            byOutcome[0]!,
            byOutcome[1]!,
            byOutcome[2]!,
            byOutcome[3]!,
            byOutcome[4]!,
          ]
          const first = epoch * CELLS + cellsOf(uasc, placement, age)
          for (let time = 0; time < TIMES_AT.length; time++) {
            const move = c4 * t4[time]!
            const rate = c0 * t0[time]! + c1 * t1[time]! + c2 * t2[time]! + c3 * t3[time]! + move
            // Measured by the day, a rate is the chance of a day; a waiting time wants its force.
            const force = 1 + rate / 2
            const cell = (first + TIMES_AT[time]!) * CELL_COLUMNS
            ofCell[cell + LEAVING] = rate * force
            ofCell[cell + MOVING] = move * force
          }
        }
      }
  }

  /** Where moves lead under the changes of an epoch; gives how many times as many there are as without. */
  function cumulate(epoch: number, placement: number, age: number, moves: Float64Array): number {
    const drawnAt = (placement * MOVER_AGES + MOVER_AGE_OF[age]!) * PLACEMENTS
    const at = (placement * AGES + age) * PLACEMENTS
    const into = epoch * DESTINATIONS + at
    let sum = 0
    for (let to = 0; to < PLACEMENTS; to++) {
      sum += shares[drawnAt + to]! * moves[at + to]!
      destination[into + to] = sum
    }
    for (let to = 0; to < PLACEMENTS; to++)
      destination[into + to] = sum > 0 && to < PLACEMENTS - 1 ? destination[into + to]! / sum : 1
    return sum
  }

  return { ofCell, destination, draw }
}

/**
 * What exits have in common over the forecast beyond the chance of each child: siblings who leave together, and a level
 * that changes from year to year. Spread over the months in truth; drawn once here, with the variance that it comes to
 * by the middle of the forecast.
 */
function sharedExitVariance({ window, summary }: SurvivalModel, yearsAhead: number): number {
  const { exitDispersion, exitYearlyVariance, years } = window
  let perYear = 0
  for (let at = 0; at < MOVE * PLACEMENTS; at++) perYear += window.events[at]! / years
  const together =
    perYear > 0 && summary.childYears > 0 ? (2 * (exitDispersion - 1)) / (perYear * yearsAhead) : 0
  return together + (exitYearlyVariance * (years + yearsAhead)) / 3
}
