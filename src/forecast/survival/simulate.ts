import { mixed, RandomStream } from '../random.ts'
import { arrivalsOf } from './arrivals.ts'
import { AGE_STARTS, AGES, bandOf, REPORT_AGE_OF, REPORT_AGES } from './bands.ts'
import { DAYS_A_YEAR, NEVER } from './calendar.ts'
import { epochsOf, type SurvivalChanges } from './changes.ts'
import { type SimulationCounts, STATES } from './counts.ts'
import { MOST_SIMULATIONS } from './histogram.ts'
import { BIRTHDAYS, livesOf } from './lives.ts'
import type { Stock, SurvivalModel } from './model.ts'
import { ratesOf } from './rates.ts'
import { tallyOf } from './tally.ts'

export interface SimulationRequest {
  readonly atDays: readonly number[]
  /** Which simulations to run, `[from, to)`: the same number gives the same simulation in whatever range. */
  readonly simulations: { readonly from: number; readonly to: number }
  readonly seed: number
  readonly changes?: SurvivalChanges
  readonly stayingPut?: StayingPut
}

/** Young adults who stay with their foster carers after 18: what share of them, and for how many months. */
export interface StayingPut {
  readonly share: number
  readonly months: number
}

const DAYS_A_MONTH = DAYS_A_YEAR / 12
/** The stream of a simulation from which its rates are drawn; children have the numbers from 0. */
const RATES = -1
/** Where the numbers of entrants start, after those of the children who are in care. */
const ENTRANTS_FROM = 1 << 20
const AGE_DAYS = Int32Array.from([...AGE_STARTS, 18], (age) => Math.round(age * DAYS_A_YEAR))

/**
 * Simulates the children in care from day 0 on: those who are there and those who will come, each from band to band of
 * its rates until it leaves, moves or turns 18. Depends on nothing but its arguments, and each simulation on its number
 * alone: ranges may be run apart and added. What changes a rate changes the lives that it touches and no other.
 */
export function simulate(model: SurvivalModel, request: SimulationRequest): SimulationCounts {
  const { atDays, seed, simulations, changes = {}, stayingPut } = request
  const number = simulations.to - simulations.from
  if (number > MOST_SIMULATIONS)
    throw new RangeError(`At most ${MOST_SIMULATIONS} simulations can be counted.`)
  const horizon = atDays.at(-1) ?? 0
  const epochs = epochsOf(changes, horizon)
  const rates = ratesOf(model, epochs, Math.max(horizon, 1) / DAYS_A_YEAR)
  const arrivals = arrivalsOf(model, epochs, horizon)
  const { stock } = model
  const ages = agesOnDay0(stock)
  const staying = stayingPut && {
    days: Math.round(stayingPut.months * DAYS_A_MONTH),
    startedOn: [...model.stayedPut.since],
  }
  const tally = tallyOf(model, atDays, statesOf(stock.placement, ages), staying ?? null)
  const random = new RandomStream()
  const epochEnds = Int32Array.from(epochs, (_, at) => epochs[at + 1]?.fromDay ?? NEVER)
  const { entered, sumChanges, keptChanges, keptAt, days: row, kept: keptRow } = tally.happenings
  const follow = livesOf(rates, epochEnds, horizon, random, tally.happenings, stayingPut?.share ?? 0)

  function liveStock(key: number): void {
    const { placement, uasc, enteredOn, movedOn, birthdays } = stock
    for (let child = 0; child < placement.length; child++) {
      random.start(key, child)
      follow(
        0,
        uasc[child]!,
        placement[child]!,
        ages[child]!,
        enteredOn[child]!,
        movedOn[child]!,
        0,
        birthdays,
        child * BIRTHDAYS,
      )
    }
  }

  function liveEntrants(key: number): void {
    const arrived = arrivals.draw(key)
    const { id, day: days, ageInDays, placement, uasc } = arrivals.column
    for (let at = 0; at < arrived; at++) {
      const day = days[at]!
      const age = AGE_AT[ageInDays[at]!]!
      const state = stateOf(placement[at]!, age)
      sumChanges[state * row + day]! += 1
      keptChanges[state * keptRow + keptAt[day]!]! += 1
      entered[day]! += 1
      if (day === horizon) continue
      random.start(key, ENTRANTS_FROM + id[at]!)
      follow(day, uasc[at]!, placement[at]!, age, day, day, day - ageInDays[at]!, AGE_DAYS, 0)
    }
  }

  for (let simulation = simulations.from; simulation < simulations.to; simulation++) {
    const key = mixed(seed, simulation)
    rates.draw(random.start(key, RATES))
    liveStock(key)
    liveEntrants(key)
    tally.endSimulation()
  }
  return tally.counts(number)
}

const stateOf = (placement: number, age: number): number => placement * REPORT_AGES + REPORT_AGE_OF[age]!

/** The band of each age in days, looked up: a search would go wrong for most entrants. */
const AGE_AT = Uint8Array.from({ length: AGE_DAYS[AGES]! }, (_, days) =>
  bandOf([...AGE_DAYS.subarray(0, AGES)], days),
)

function agesOnDay0({ placement, birthdays }: Stock): Uint8Array {
  return placement.map((_, child) => {
    let age = 0
    while (age < AGES - 1 && birthdays[child * BIRTHDAYS + age + 1]! <= 0) age++
    return age
  })
}

function statesOf(placement: Uint8Array, ages: Uint8Array): Int32Array {
  const states = new Int32Array(STATES)
  placement.forEach((group, child) => {
    states[stateOf(group, ages[child]!)]! += 1
  })
  return states
}
