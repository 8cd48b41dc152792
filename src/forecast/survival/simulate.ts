import { mixed, RandomStream } from '../random.ts'
import { arrivalsOf } from './arrivals.ts'
import { AGE_STARTS, AGES, bandOf, CARE_STARTS, MOVE_STARTS, REPORT_AGE_OF, REPORT_AGES } from './bands.ts'
import { NEVER } from './calendar.ts'
import { epochsOf, type SurvivalChanges } from './changes.ts'
import { type SimulationCounts, STATES } from './counts.ts'
import { MOST_SIMULATIONS } from './histogram.ts'
import { BIRTHDAYS, livesOf, type Standing } from './lives.ts'
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

const DAYS_A_YEAR = 365.25
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
  const children = standings(model.stock)
  const { birthdays } = model.stock
  const stayed = stayingPut === undefined ? [] : stillStaying(model, stayingPut)
  const tally = tallyOf(model, atDays, statesOf(children), stayingPut === undefined ? null : stayed.length)
  const random = new RandomStream()
  const epochEnds = Int32Array.from(epochs, (_, at) => epochs[at + 1]?.fromDay ?? NEVER)
  const { follow } = livesOf(rates, epochEnds, horizon, random, tally, stayingPut)
  const entrantsBirthdays = new Int32Array(BIRTHDAYS)
  const entrant: Standing = {
    day: 0,
    uasc: 0,
    placement: 0,
    age: 0,
    care: 0,
    move: 0,
    enteredOn: 0,
    movedOn: 0,
  }

  for (let simulation = simulations.from; simulation < simulations.to; simulation++) {
    const key = mixed(seed, simulation)
    rates.draw(random.start(key, RATES))
    for (let child = 0; child < children.length; child++) {
      random.start(key, child)
      follow(children[child]!, birthdays, child * BIRTHDAYS)
    }
    const { column } = arrivals
    const arrived = arrivals.draw(key)
    for (let at = 0; at < arrived; at++) {
      const day = column.day[at]!
      const born = day - column.ageInDays[at]!
      for (let birthday = 0; birthday < BIRTHDAYS; birthday++)
        entrantsBirthdays[birthday] = born + AGE_DAYS[birthday]!
      let age = 0
      while (age < AGES - 1 && day >= entrantsBirthdays[age + 1]!) age++
      entrant.day = entrant.enteredOn = entrant.movedOn = day
      entrant.uasc = column.uasc[at]!
      entrant.placement = column.placement[at]!
      entrant.age = age
      tally.enter(stateOf(entrant), day)
      if (day < horizon) {
        random.start(key, ENTRANTS_FROM + column.id[at]!)
        follow(entrant, entrantsBirthdays, 0)
      }
    }
    for (const until of stayed) tally.stayPut(0, until)
    tally.endSimulation()
  }
  return tally.counts(number)
}

const stateOf = ({ placement, age }: Standing): number => placement * REPORT_AGES + REPORT_AGE_OF[age]!

function standings({ placement, uasc, enteredOn, movedOn, birthdays }: Stock): Standing[] {
  return Array.from(placement, (group, child) => {
    let age = 0
    while (age < AGES - 1 && birthdays[child * BIRTHDAYS + age + 1]! <= 0) age++
    return {
      day: 0,
      uasc: uasc[child]!,
      placement: group,
      age,
      care: bandOf(CARE_STARTS, -enteredOn[child]!),
      move: bandOf(MOVE_STARTS, -movedOn[child]!),
      enteredOn: enteredOn[child]!,
      movedOn: movedOn[child]!,
    }
  })
}

function statesOf(children: readonly Standing[]): Int32Array {
  const states = new Int32Array(STATES)
  for (const child of children) states[stateOf(child)]! += 1
  return states
}

/** When those who stay put on day 0 will have stayed for as long as is asked. */
const stillStaying = ({ stayedPut }: SurvivalModel, { months }: StayingPut): number[] =>
  Array.from(stayedPut.since, (since) => since + Math.round(months * DAYS_A_MONTH)).filter(
    (until) => until > 0,
  )
