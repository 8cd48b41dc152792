import { earlierOf, laterOf } from '../../vocabulary/day.ts'
import type { CareHistory } from '../care-history.ts'
import type { ForecastQuestion } from '../method.ts'
import { AGE_STARTS, CELLS, FOSTERING, MOVE, OUTCOMES, PLACEMENTS } from './bands.ts'
import { DAYS_A_YEAR, type DayNumber, dayNumber } from './calendar.ts'
import { fitEntries } from './entries.ts'
import { type Observed, observe } from './exposure.ts'
import { destinationsOf, fitHazards, type Hazards, levelsOf, priorRates, rateIn } from './hazards.ts'
import type { StayedPut, Stock, SurvivalModel, WindowLevels } from './model.ts'
import { EIGHTEEN, type Stay, staysOf, TURNED_18 } from './stays.ts'
import { summaryOf } from './summary.ts'
import { knownMonths, type Variation, variationOf } from './variation.ts'

/** What a region or England says about a council of its kind, beside which its own history is weighed. */
export interface SurvivalPriors {
  /** Children who leave care in a year other than by turning 18, for each child in care. */
  readonly yearlyExitRate?: number
  /** Children who enter care in a year. */
  readonly yearlyEntries?: number
  /** How many years of a child in care the prior weighs; as much as the same number of the council's own. */
  readonly weightInChildYears: number
}

/** A stretch of days, both ends included. */
interface Days {
  readonly from: DayNumber
  readonly to: DayNumber
}

/**
 * Learns the rates of a council from its history up to the day on which the forecast starts. Effects of age, of time in
 * care and since a move, and the season of entries, are learned from the whole history; their levels, and who enters,
 * from the reference window. A forecast that starts after the last day known takes those who were in care then to be
 * there still.
 */
export function fitSurvival(
  history: CareHistory,
  question: ForecastQuestion,
  priors?: SurvivalPriors,
): SurvivalModel {
  const lastDay = earlierOf(question.startsOn, history.knownTo)
  const startsOn = dayNumber(question.startsOn)
  const known: Days = { from: dayNumber(history.knownFrom), to: dayNumber(lastDay) }
  const window: Days = {
    from: dayNumber(laterOf(question.referenceFrom, history.knownFrom)),
    to: dayNumber(earlierOf(question.referenceTo, lastDay)),
  }
  if (window.to < window.from) throw new RangeError('The reference window has no day that the returns cover.')

  const stays = staysOf(history, lastDay)
  const observed = observe(stays, known, window)
  const assumed = priorRates(priors?.yearlyExitRate, priors?.weightInChildYears ?? 0)
  const hazards = fitHazards(observed.whole, assumed)
  const levels = levelsIn(observed, hazards, known, window, assumed, priors)
  const windowYears = (window.to + 1 - window.from) / DAYS_A_YEAR
  const inCare = daysIn(levels) / DAYS_A_YEAR / windowYears
  const entries = fitEntries(stays, known, window, entriesPrior(priors, inCare))
  const model = {
    startsOn,
    entries,
    hazards,
    window: levels,
    destinations: destinationsOf(observed.whole, observed.window),
    stock: stockOf(stays, startsOn),
    stayedPut: stayedPutOf(stays, startsOn, window),
  }
  return { ...model, summary: summaryOf(model, observedEntries(stays, known, window)) }
}

const daysIn = ({ days }: WindowLevels): number => days.reduce((sum, day) => sum + day, 0)

/** A prior that weighs the child years of one year of the council says as much about its entries as one year's. */
const entriesPrior = (
  priors: SurvivalPriors | undefined,
  inCare: number,
): { readonly yearly: number; readonly years: number } | null =>
  priors?.yearlyEntries === undefined
    ? null
    : {
        yearly: priors.yearlyEntries,
        years: priors.weightInChildYears / Math.max(inCare, priors.weightInChildYears, 1),
      }

function levelsIn(
  { window, stretches, exits }: Observed,
  hazards: Hazards,
  known: Days,
  { from, to }: Days,
  assumed: ReturnType<typeof priorRates>,
  priors: SurvivalPriors | undefined,
): WindowLevels {
  const cells: number[] = []
  for (let cell = 0; cell < CELLS; cell++) if (window.days[cell]! > 0) cells.push(cell)
  const events = new Float64Array(OUTCOMES * PLACEMENTS)
  for (let outcome = 0; outcome < OUTCOMES; outcome++)
    for (const cell of cells)
      events[outcome * PLACEMENTS + levelsOf(cell)[0]]! += window.events[outcome * CELLS + cell]!
  const told = (outcome: number): boolean => outcome !== MOVE && priors?.yearlyExitRate !== undefined
  const { dispersion, yearly } = exitVariation(stretches, exits, hazards, known)
  return {
    cell: Int32Array.from(cells),
    days: Float64Array.from(cells, (cell) => window.days[cell]!),
    events,
    priorEvents: Float64Array.from(assumed, ({ daily, days }, outcome) => (told(outcome) ? daily * days : 0)),
    priorDays: Float64Array.from(assumed, ({ days }, outcome) => (told(outcome) ? days : 0)),
    exitDispersion: dispersion,
    exitYearlyVariance: yearly,
    years: (to + 1 - from) / DAYS_A_YEAR,
  }
}

/** How exits vary from month to month and year to year beyond what the children in care at the time explain. */
function exitVariation(
  { cell, from, until }: Observed['stretches'],
  exits: Observed['exits'],
  hazards: Hazards,
  known: Days,
): Variation {
  // A day at risk leads to the next: the first day known is never an exit's, the last is at risk of nothing known.
  const months = knownMonths(known.from, known.to - 1)
  const rate = Float64Array.from({ length: CELLS }, () => -1)
  const rateOf = (at: number): number => {
    if (rate[at]! < 0) {
      rate[at] = 0
      for (let outcome = 0; outcome < MOVE; outcome++) rate[at]! += rateIn(hazards, outcome, at)
    }
    return rate[at]!
  }
  const first = months.months[0]!.from
  const monthAt = new Int32Array(known.to - first + 1)
  months.months.forEach((stretch, at) => {
    monthAt.fill(at, stretch.from - first, stretch.until - first)
  })
  const [seen, expected] = [new Float64Array(months.months.length), new Float64Array(months.months.length)]
  for (const { day } of exits) if (day >= first) seen[monthAt[day - first]!]! += 1
  for (let at = 0; at < cell.length; at++) {
    const daily = rateOf(cell[at]!)
    for (let day = Math.max(from[at]!, first); day < until[at]!; ) {
      const month = monthAt[day - first]!
      const end = Math.min(until[at]!, months.months[month]!.until)
      expected[month]! += daily * (end - day)
      day = end
    }
  }
  return variationOf({ months: months.months, seen, expected }, months, 0)
}

const AGE_DAYS = AGE_STARTS.length + 1

function stockOf(stays: readonly Stay[], day: DayNumber): Stock {
  const here = stays.filter(
    ({ from, until, birthdays }) => from <= day && until > day && birthdays[EIGHTEEN]! > day,
  )
  const birthdays = new Int32Array(here.length * AGE_DAYS)
  here.forEach((stay, at) => {
    birthdays.set(
      stay.birthdays.map((birthday) => birthday - day),
      at * AGE_DAYS,
    )
  })
  return {
    placement: Uint8Array.from(here, ({ placement }) => placement),
    uasc: Uint8Array.from(here, ({ uasc }) => uasc),
    enteredOn: Int32Array.from(here, ({ enteredOn }) => enteredOn - day),
    movedOn: Int32Array.from(here, ({ movedOn }) => movedOn - day),
    birthdays,
  }
}

/** The longest that anyone may stay put: from 18 to 25. */
const LONGEST_STAY_DAYS = 7 * 366

function stayedPutOf(stays: readonly Stay[], day: DayNumber, window: Days): StayedPut {
  const left = stays.filter(({ outcome, placement }) => outcome === TURNED_18 && placement === FOSTERING)
  const inWindow = left.filter(({ until }) => until >= window.from && until <= window.to)
  return {
    since: Int32Array.from(
      left.filter(({ stayedPut, until }) => stayedPut && until > day - LONGEST_STAY_DAYS),
      ({ until }) => until - day,
    ),
    left: inWindow.length,
    stayed: inWindow.filter(({ stayedPut }) => stayedPut).length,
  }
}

const observedEntries = (stays: readonly Stay[], known: Days, { from, to }: Days): number =>
  stays.filter((stay) => stay.enters && stay.from >= Math.max(from, known.from) && stay.from <= to).length
