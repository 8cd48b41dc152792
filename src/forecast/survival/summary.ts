import { FORECAST_PLACEMENTS } from '../placement-groups.ts'
import {
  AGE_STARTS,
  bandOf,
  CARE_STARTS,
  cellsOf,
  EXIT_KINDS,
  MOVE,
  MOVE_BANDS,
  MOVE_STARTS,
  OUTCOMES,
  PLACEMENTS,
} from './bands.ts'
import { DAYS_A_YEAR } from './calendar.ts'
import { levelsOf, rateIn } from './hazards.ts'
import { estimatedLevels } from './levels.ts'
import type { SummaryRate, SurvivalModel, SurvivalSummary } from './model.ts'

const DAYS_A_MONTH = DAYS_A_YEAR / 12

export function summaryOf(model: Omit<SurvivalModel, 'summary'>, observedEntries: number): SurvivalSummary {
  const { entries, stock, window } = model
  const levels = estimatedLevels(model.hazards, window)
  return {
    childrenInCare: stock.placement.length,
    childYears: window.days.reduce((sum, days) => sum + days, 0) / DAYS_A_YEAR,
    entries: {
      perYear: (entries.events / entries.days) * DAYS_A_YEAR,
      observed: observedEntries,
      dispersion: entries.dispersion,
      yearToYear: Math.sqrt(entries.yearlyVariance),
      season: [...entries.season],
    },
    exits: { dispersion: window.exitDispersion, yearToYear: Math.sqrt(window.exitYearlyVariance) },
    rates: summaryRates(model, levels),
    medianStayMonths: medianStay(model, levels),
  }
}

function summaryRates(
  { hazards, window }: Omit<SurvivalModel, 'summary'>,
  levels: Float64Array,
): SummaryRate[] {
  const daysOf = new Float64Array(PLACEMENTS)
  const expected = new Float64Array(OUTCOMES * PLACEMENTS)
  window.cell.forEach((cell, at) => {
    const placement = levelsOf(cell)[0]
    const days = window.days[at]!
    daysOf[placement]! += days
    for (let outcome = 0; outcome < OUTCOMES; outcome++) {
      const which = outcome * PLACEMENTS + placement
      expected[which]! += days * rateIn(hazards, outcome, cell) * levels[which]!
    }
  })
  const rate = (outcome: number, placements: readonly number[]): Omit<SummaryRate, 'placement'> => {
    const over = (values: Float64Array, first: number): number =>
      placements.reduce((sum, placement) => sum + values[first + placement]!, 0)
    const childYears = over(daysOf, 0) / DAYS_A_YEAR
    return {
      outcome: outcome === MOVE ? 'move' : EXIT_KINDS[outcome]!,
      events: over(window.events, outcome * PLACEMENTS),
      childYears,
      perChildYear: childYears > 0 ? over(expected, outcome * PLACEMENTS) / childYears : 0,
    }
  }
  const every = FORECAST_PLACEMENTS.map((_, at) => at)
  return Array.from({ length: OUTCOMES }, (_, outcome) => outcome).flatMap((outcome) => [
    { placement: 'all' as const, ...rate(outcome, every) },
    ...FORECAST_PLACEMENTS.map((placement, at) => ({ placement, ...rate(outcome, [at]) })),
  ])
}

/**
 * Half of the entrants are gone after this long, were each to stay in the placement of entry: moves are left out, for
 * the factor of a placement's exits is its own. Followed day by day in steps of a week.
 */
function medianStay(
  { hazards, entries }: Omit<SurvivalModel, 'summary'>,
  levels: Float64Array,
): number | null {
  const { ageInDays, placement, uasc } = entries.entrants
  const rates = new Map<number, number>()
  const rateOf = (cell: number): number => {
    let rate = rates.get(cell)
    if (rate === undefined) {
      rate = 0
      const group = levelsOf(cell)[0]
      for (let outcome = 0; outcome < MOVE; outcome++)
        rate += rateIn(hazards, outcome, cell) * levels[outcome * PLACEMENTS + group]!
      rates.set(cell, rate)
    }
    return rate
  }
  // A sample of the entrants is enough for a median, and bounds the work.
  const step = Math.max(1, Math.floor(ageInDays.length / 50))
  const followed: number[] = []
  for (let at = 0; at < ageInDays.length; at += step) followed.push(at)
  const staying = new Float64Array(followed.length).fill(1)
  for (let day = 0; day < 18 * DAYS_A_YEAR; day += 7) {
    let left = 0
    followed.forEach((entrant, at) => {
      const age = ageInDays[entrant]! + day
      const band = bandOf(AGE_STARTS, age / DAYS_A_YEAR)
      const time = bandOf(CARE_STARTS, day) * MOVE_BANDS + bandOf(MOVE_STARTS, day)
      const rate = rateOf(cellsOf(uasc[entrant]!, placement[entrant]!, band) + time)
      if (age >= 18 * DAYS_A_YEAR) staying[at] = 0
      left += staying[at]!
      staying[at]! *= Math.exp(-7 * rate)
    })
    if (left <= followed.length / 2) return day / DAYS_A_MONTH
  }
  return null
}
