import { describe, expect, test } from 'vitest'
import type { ForecastQuestion } from '../../src/forecast/method.ts'
import { FORECAST_PLACEMENTS, type ForecastPlacement } from '../../src/forecast/placement-groups.ts'
import { fitSurvival } from '../../src/forecast/survival/fit.ts'
import { projectionOf } from '../../src/forecast/survival/projection.ts'
import { simulate } from '../../src/forecast/survival/simulate.ts'
import { survivalMethod } from '../../src/forecast/survival/survival-method.ts'
import { addDays } from '../../src/vocabulary/day.ts'
import { LivingCouncil, ORIGIN, plainRandom } from '../support/known-dynamics.ts'

/**
 * Whether the intervals hold what they promise, on councils whose truth is known. So many councils as a build has time
 * for; `FORECAST_COUNCILS=200 npx vitest run test/forecast/survival-coverage.test.ts` takes minutes and leaves chance
 * little room.
 */
const COUNCILS = Number(process.env.FORECAST_COUNCILS ?? 24)
const LONG = COUNCILS >= 150
const DAYS = [182, 365, 730]

interface Outcome {
  readonly group: ForecastPlacement | 'all'
  readonly day: number
  readonly now: number
  readonly truth: number
  readonly mean: number
  readonly in80: boolean
  readonly in95: boolean
}

const asked = (years: number, with_: Partial<ForecastQuestion> = {}): ForecastQuestion => ({
  startsOn: ORIGIN,
  referenceFrom: addDays(ORIGIN, 1 - Math.round(years * 365.25)),
  referenceTo: ORIGIN,
  atDays: DAYS,
  simulations: 400,
  seed: 20240331,
  ...with_,
})

/** Forecasts a council and then leaves it to live the two years. */
function outcomesOf(seed: number): Outcome[] {
  const council = new LivingCouncil({
    seed,
    entriesPerYear: LONG ? 250 : 110,
    // Most councils are on their way up or down: entries were 40 % fewer to 40 % more before the known years.
    entriesBefore: 0.6 + 0.8 * plainRandom(seed + 77)(),
    seasonality: 0.2,
    monthlyVariance: 0.03,
    yearsKnown: 4,
  }).liveUntil(0)
  const groups = ['all', ...FORECAST_PLACEMENTS] as const
  const inCare = () => groups.map((group) => council.inCare(group === 'all' ? undefined : group))
  const now = inCare()
  const projection = survivalMethod.forecast(council.history(), asked(4, { seed }))
  return DAYS.flatMap((day, at) => {
    council.liveUntil(day)
    const truths = inCare()
    return groups.flatMap((group, which) => {
      const { mean, lower80, upper80, lower95, upper95 } = projection.expected(group, 'all', at)
      const truth = truths[which]!
      const in80 = truth >= lower80 && truth <= upper80
      const in95 = truth >= lower95 && truth <= upper95
      return mean <= 20 ? [] : [{ group, day, now: now[which]!, truth, mean, in80, in95 }]
    })
  })
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
const shareOf = (outcomes: readonly Outcome[], of: (outcome: Outcome) => boolean): number =>
  average(outcomes.map((outcome) => (of(outcome) ? 1 : 0)))

describe('on councils with known dynamics', () => {
  const outcomes = Array.from({ length: COUNCILS }, (_, seed) => outcomesOf(seed)).flat()

  test.each([
    ['all children', (outcome: Outcome) => outcome.group === 'all'],
    ['each group of over 20 children', (outcome: Outcome) => outcome.group !== 'all'],
    ...DAYS.map((day) => [`day ${day}`, (outcome: Outcome) => outcome.day === day] as const),
  ] as const)('the intervals of %s hold as many truths as they promise', (_, chosen) => {
    const some = outcomes.filter(chosen)
    // One council's outcomes hang together: they count as if only one of them were there. Of few councils, chance
    // alone may take three standard errors off.
    const chance = (share: number) => (LONG ? 0 : 3 * Math.sqrt((share * (1 - share)) / COUNCILS))
    const in80 = shareOf(some, ({ in80 }) => in80)
    const in95 = shareOf(some, ({ in95 }) => in95)
    expect(in80).toBeGreaterThan(0.75 - chance(0.8))
    expect(in80).toBeLessThan(0.85 + chance(0.8))
    expect(in95).toBeGreaterThan(0.92 - chance(0.95))
    expect(in95).toBeLessThan(0.98 + chance(0.95))
  })

  test('forecasts err as often upward as downward', () => {
    const errors = outcomes.filter(({ group, day }) => group === 'all' && day === 730)
    const bias = average(errors.map(({ mean, truth }) => mean - truth))
    const spread = Math.sqrt(average(errors.map(({ mean, truth }) => (mean - truth) ** 2)))
    expect(Math.abs(bias)).toBeLessThan((3 * spread) / Math.sqrt(COUNCILS))
  })

  test('and less than "as today" does', () => {
    const all = outcomes.filter(({ group }) => group === 'all')
    const error = average(all.map(({ mean, truth }) => Math.abs(mean - truth)))
    expect(error).toBeLessThan(average(all.map(({ now, truth }) => Math.abs(now - truth))))
  })
})

test('with a long history the forecast is nearly what the true dynamics give', () => {
  const council = new LivingCouncil({
    seed: 11,
    entriesPerYear: 140,
    entriesBefore: 0.8,
    seasonality: 0.2,
    monthlyVariance: 0,
    yearsKnown: 9,
  }).liveUntil(0)
  const model = fitSurvival(council.history(), asked(9))
  const { mean, variance } = projectionOf(
    simulate(model, { atDays: [365], simulations: { from: 0, to: 2_000 }, seed: 3 }),
  ).expected('all', 'all', 0)
  const futures = Array.from({ length: LONG ? 400 : 60 }, (_, seed) =>
    council
      .fork(1_000 + seed)
      .liveUntil(365)
      .inCare(),
  )
  const trueMean = average(futures)
  const trueVariance = average(futures.map((future) => (future - trueMean) ** 2))
  // Nine years tell rates to some per cent: what is left of an error is within what the forecast owns to.
  expect(Math.abs(mean - trueMean)).toBeLessThan(0.03 * trueMean)
  expect(Math.sqrt(variance / trueVariance)).toBeGreaterThan(0.8)
  expect(Math.sqrt(variance / trueVariance)).toBeLessThan(1.5)
})
