import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CareEpisode, CareHistory } from '../../src/forecast/care-history.ts'
import type { ForecastQuestion } from '../../src/forecast/method.ts'
import { FORECAST_AGES, FORECAST_PLACEMENTS } from '../../src/forecast/placement-groups.ts'
import type { SurvivalChanges } from '../../src/forecast/survival/changes.ts'
import { addCounts } from '../../src/forecast/survival/counts.ts'
import { fitSurvival } from '../../src/forecast/survival/fit.ts'
import type { SurvivalModel } from '../../src/forecast/survival/model.ts'
import { projectionOf, type SurvivalProjection } from '../../src/forecast/survival/projection.ts'
import { type SimulationRequest, simulate } from '../../src/forecast/survival/simulate.ts'
import { survivalMethod } from '../../src/forecast/survival/survival-method.ts'
import { addDays, type Day } from '../../src/vocabulary/day.ts'
import { LivingCouncil, ORIGIN, plainRandom } from '../support/known-dynamics.ts'
import { naiveSimulator } from '../support/naive-survival.ts'

const YEAR = 365.25
const council = new LivingCouncil({
  seed: 4,
  entriesPerYear: 40,
  entriesBefore: 1,
  seasonality: 0.3,
  monthlyVariance: 0,
  yearsKnown: 4,
})
const history = council.liveUntil(0).history()
const later = council.liveUntil(400).history()

const asked = (with_: Partial<ForecastQuestion> = {}): ForecastQuestion => ({
  startsOn: ORIGIN,
  referenceFrom: addDays(ORIGIN, -729),
  referenceTo: ORIGIN,
  atDays: [1, 100, 200, 365],
  simulations: 200,
  seed: 1,
  ...with_,
})

const run = (model: SurvivalModel, with_: Partial<SimulationRequest> = {}): SurvivalProjection =>
  projectionOf(
    simulate(model, { atDays: [1, 100, 200, 365], simulations: { from: 0, to: 200 }, seed: 1, ...with_ }),
  )

/** Everything that a projection says. */
const told = (projection: SurvivalProjection) => ({
  expected: projection.atDays.flatMap((_, at) =>
    (['all', ...FORECAST_PLACEMENTS] as const).flatMap((placement) =>
      (['all', ...FORECAST_AGES] as const).map((age) => projection.expected(placement, age, at)),
    ),
  ),
  over: projection.atDays.map((_, at) => projection.probabilityOver('fostering', at, 100)),
  flows: projection.flows,
  stayingPut: projection.stayingPut && projection.atDays.map((_, at) => projection.stayingPut!(at)),
})

const episode = (with_: Partial<CareEpisode> & Pick<CareEpisode, 'born' | 'startedOn'>): CareEpisode => ({
  child: 1,
  uasc: false,
  ceasedOn: null,
  periodStartedOn: with_.startedOn,
  placementStartedOn: with_.startedOn,
  placement: 'fostering',
  costItem: 'fostering-agency',
  endsPeriod: false,
  reasonCeased: null,
  ...with_,
})
const known = (episodes: readonly CareEpisode[]): CareHistory => ({
  episodes,
  knownFrom: addDays(ORIGIN, -Math.round(4 * YEAR)),
  knownTo: ORIGIN,
})

describe('simulating', () => {
  const model = fitSurvival(history, asked())

  test('the same seed gives the same answer, another seed another', () => {
    expect(told(run(model))).toEqual(told(run(model)))
    expect(told(run(model, { seed: 2 }))).not.toEqual(told(run(model)))
  })

  test('simulations run apart and added are those run together', () => {
    const part = (from: number, to: number) =>
      simulate(structuredClone(model), { atDays: [1, 100, 200, 365], simulations: { from, to }, seed: 1 })
    const added = addCounts(addCounts(part(0, 30), part(120, 200)), part(30, 120))
    expect(told(projectionOf(added))).toEqual(told(run(model)))
  })

  test('the days that are asked for do not change what happens on them', () => {
    const often = run(model, { atDays: Array.from({ length: 365 }, (_, at) => at + 1) })
    const seldom = run(model)
    seldom.atDays.forEach((day, at) => {
      expect(often.expected('all', 'all', day - 1).mean).toBe(seldom.expected('all', 'all', at).mean)
      expect(often.expected('residential', '10-to-15', day - 1).mean).toBe(
        seldom.expected('residential', '10-to-15', at).mean,
      )
    })
    expect(often.expected('all', 'all', 364)).toEqual(seldom.expected('all', 'all', 3))
    // Day 100 lies between two days for which the distribution is kept.
    expect(often.expected('all', 'all', 99).lower80).toBeCloseTo(seldom.expected('all', 'all', 1).lower80, -1)
  })

  test('groups and ages add up, and who is there is who was there and came, less who left', () => {
    // The year after the origin, so that whole months are asked for.
    const projection = run(model)
    projection.atDays.forEach((_, at) => {
      const all = projection.expected('all', 'all', at).mean
      const sum = (means: readonly number[]) => means.reduce((total, mean) => total + mean, 0)
      expect(sum(FORECAST_PLACEMENTS.map((p) => projection.expected(p, 'all', at).mean))).toBeCloseTo(all, 9)
      expect(sum(FORECAST_AGES.map((age) => projection.expected('all', age, at).mean))).toBeCloseTo(all, 9)
    })
    const flow = (of: 'entries' | 'exits') => projection.flows.reduce((sum, month) => sum + month[of].mean, 0)
    expect(model.stock.placement.length + flow('entries') - flow('exits')).toBeCloseTo(
      projection.expected('all', 'all', 3).mean,
      9,
    )
  })

  test('gives what asking every child on every day gives', () => {
    // With a million times the history the rates are certain, which is all that the slow way knows.
    const much = 1e6
    const certain: SurvivalModel = {
      ...model,
      hazards: { ...model.hazards, events: model.hazards.events.map((events) => events * much) },
      window: {
        ...model.window,
        days: model.window.days.map((days) => days * much),
        events: model.window.events.map((events) => events * much),
        exitDispersion: 1,
        exitYearlyVariance: 0,
      },
      destinations: model.destinations.map((weight) => weight * much),
      entries: {
        ...model.entries,
        events: model.entries.events * much,
        days: model.entries.days * much,
        dispersion: 1,
        monthlyVariance: 0,
        yearlyVariance: 0,
      },
    }
    const [days, runs] = [150, 120]
    const fast = run(certain, { atDays: [days], simulations: { from: 0, to: 3_000 } })
    const slow = Array.from({ length: runs }, naiveSimulator(certain, days, plainRandom(9)))
    const compare = (of: (result: (typeof slow)[number]) => number, mean: number) => {
      const values = slow.map(of)
      const average = values.reduce((sum, value) => sum + value, 0) / runs
      const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (runs - 1)
      expect(Math.abs(average - mean)).toBeLessThan(3.5 * Math.sqrt(variance / runs) * Math.sqrt(1.1) + 0.01)
      return variance
    }
    const total = ({ byState }: (typeof slow)[number]) => byState.reduce((sum, here) => sum + here, 0)
    const variance = compare(total, fast.expected('all', 'all', 0).mean)
    expect(fast.expected('all', 'all', 0).variance / variance).toBeGreaterThan(0.75)
    expect(fast.expected('all', 'all', 0).variance / variance).toBeLessThan(1.35)
    compare(
      ({ exits }) => exits,
      fast.flows.reduce((sum, { exits }) => sum + exits.mean, 0),
    )
    FORECAST_PLACEMENTS.forEach((placement, p) => {
      FORECAST_AGES.forEach((age, a) => {
        compare(
          ({ byState }) => byState[p * FORECAST_AGES.length + a]!,
          fast.expected(placement, age, 0).mean,
        )
      })
    })
  }, 90_000)
})

describe('what may be known', () => {
  test('nothing of what happened after the start is used', () => {
    expect(fitSurvival(later, asked())).toEqual(fitSurvival(history, asked()))
  })

  test('whatever the later records say', () => {
    const model = fitSurvival(history, asked())
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.constantFrom('E12', 'E4A', 'E17'),
        (days, reasonCeased) => {
          const episodes = history.episodes.map((open) =>
            open.ceasedOn === null
              ? { ...open, ceasedOn: addDays(ORIGIN, days), endsPeriod: true, reasonCeased }
              : open,
          )
          const come = episode({
            child: 1_000_000,
            born: addDays(ORIGIN, -900),
            startedOn: addDays(ORIGIN, days),
          })
          expect(fitSurvival({ ...history, episodes: [...episodes, come] }, asked())).toEqual(model)
        },
      ),
      { numRuns: 6 },
    )
  })

  test('a reference window that no return covers is refused', () => {
    const before = { referenceFrom: '1990-04-01' as Day, referenceTo: '1991-03-31' as Day }
    expect(() => fitSurvival(history, asked(before))).toThrow('reference window')
  })
})

describe('the fitted model', () => {
  test('is told in rates that people can follow, with what they rest on', () => {
    const { summary } = fitSurvival(history, asked())
    const days = { from: addDays(ORIGIN, -729), to: ORIGIN }
    const entries = history.episodes.filter(
      ({ startedOn, periodStartedOn }) => startedOn === periodStartedOn && startedOn >= days.from,
    )
    expect(summary.entries.observed).toBe(entries.length)
    expect(summary.entries.perYear).toBeCloseTo(entries.length / 2, -0.5)
    expect(summary.entries.season).toHaveLength(12)
    expect(summary.entries.yearToYear).toBe(0)
    expect(summary.childrenInCare).toBe(history.episodes.filter(({ ceasedOn }) => ceasedOn === null).length)
    const moves = summary.rates.find(({ placement, outcome }) => placement === 'all' && outcome === 'move')!
    expect(moves.events).toBe(
      history.episodes.filter(({ ceasedOn, reasonCeased }) => reasonCeased === 'X1' && ceasedOn! >= days.from)
        .length,
    )
    expect(moves.perChildYear).toBeCloseTo(moves.events / moves.childYears, 1)
    expect(summary.medianStayMonths).toBeGreaterThan(4)
    expect(summary.medianStayMonths).toBeLessThan(40)
  })

  test('entries that come by chance alone are not said to vary more', () => {
    const fitted = Array.from({ length: 40 }, (_, seed) => entriesFitted(seed, () => 25))
    // Where chance alone is at work, half of the estimates are cut to 1 and the others are a little above it.
    expect(average(fitted.map(({ dispersion }) => dispersion))).toBeLessThan(1.15)
    expect(fitted.filter(({ yearToYear }) => yearToYear > 0).length).toBeLessThan(9)
    expect(average(fitted.map(({ season }) => Math.max(...season)))).toBeLessThan(1.06)
  })

  test('a season and months that vary are found', () => {
    const random = plainRandom(5)
    const fitted = Array.from({ length: 40 }, (_, seed) =>
      // Every other month 40 % up or down, by the toss of a coin: a variance of 0.16 about the level.
      entriesFitted(seed, (month) => 25 * (month < 6 ? 1.3 : 0.7) * (random() < 0.5 ? 0.6 : 1.4)),
    )
    // A month's 25 entries have 1 + 0.16 * 25 times the variance of chance.
    expect(average(fitted.map(({ dispersion }) => dispersion))).toBeGreaterThan(3.8)
    expect(average(fitted.map(({ dispersion }) => dispersion))).toBeLessThan(6.2)
    expect(average(fitted.map(({ season }) => season[3]!))).toBeGreaterThan(1.15)
    expect(average(fitted.map(({ season }) => season[9]!))).toBeLessThan(0.85)
  })

  test('a level that changes from year to year is found', () => {
    const fitted = Array.from({ length: 40 }, (_, seed) =>
      entriesFitted(seed, (_, year) => 25 * (year % 2 === 0 ? 0.75 : 1.25)),
    )
    expect(fitted.filter(({ yearToYear }) => yearToYear > 0.2).length).toBeGreaterThan(35)
  })

  test('is drawn toward what the region says, the more the heavier that weighs', () => {
    const fitted = (weightInChildYears: number) =>
      fitSurvival(history, asked(), { yearlyExitRate: 0.9, yearlyEntries: 200, weightInChildYears }).summary
    const exitRate = ({ rates }: ReturnType<typeof fitted>) =>
      rates
        .filter(({ placement, outcome }) => placement === 'all' && outcome !== 'move')
        .reduce((sum, { perChildYear }) => sum + perChildYear, 0)
    expect(exitRate(fitted(300))).toBeGreaterThan(exitRate(fitted(30)))
    expect(exitRate(fitted(30))).toBeGreaterThan(exitRate(fitted(1)))
    expect(exitRate(fitted(1e6))).toBeCloseTo(0.9, 1)
    expect(fitted(300).entries.perYear).toBeGreaterThan(fitted(30).entries.perYear)
  })
})

/** The entries that a model finds where each month has so many on average, and nothing else happens. */
function entriesFitted(seed: number, mean: (month: number, year: number) => number) {
  const random = plainRandom(seed)
  const episodes: CareEpisode[] = []
  const first = addDays(ORIGIN, -5 * 365 - 1)
  let [month, level] = ['', 0]
  for (let day = 1; day <= 5 * 365 + 1; day++) {
    const startedOn = addDays(first, day)
    if (startedOn.slice(0, 7) !== month) {
      month = startedOn.slice(0, 7)
      // Years from April on, as far as the history goes back.
      level = mean(Number(month.slice(5)) - 1, Math.floor((day - 1) / 365.2)) / 30.4
    }
    for (let left = Math.exp(-level), drawn = random(); drawn > left; drawn *= random())
      episodes.push(
        episode({
          child: episodes.length,
          born: addDays(startedOn, -4_000),
          startedOn,
          ceasedOn: addDays(startedOn, 9),
          endsPeriod: true,
          reasonCeased: 'E4A',
        }),
      )
  }
  return fitSurvival({ episodes, knownFrom: addDays(first, 1), knownTo: ORIGIN }, asked()).summary.entries
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('councils at the edge', () => {
  test('nobody is in care past the 18th birthday', () => {
    const born = ['2006-04-10', '2006-05-01', '2006-09-30', '2008-02-29'] as Day[]
    const episodes = born.map((day, child) => episode({ child, born: day, startedOn: '2022-01-01' as Day }))
    const model = fitSurvival(known(episodes), asked())
    const never: SurvivalChanges = {
      entries: [{ multiplyBy: 0, fromDay: 0 }],
      exits: [{ multiplyBy: 0, fromDay: 0 }],
    }
    const atDays = [9, 10, 30, 31, 182, 183, 366 + 334 - 1, 366 + 334]
    const projection = run(model, { atDays, changes: never })
    // The last is born on 29 February: 18 on 1 March 2026, 700 days after the origin.
    expect(atDays.map((_, at) => projection.expected('all', 'all', at).mean)).toEqual([
      4, 3, 3, 2, 2, 1, 1, 0,
    ])
    expect(projection.expected('all', 'all', 7).upper95).toBeLessThanOrEqual(0.5)
  })

  test('children whom the records have in care past 18 have left', () => {
    const model = fitSurvival(
      known([episode({ born: '2005-01-01' as Day, startedOn: '2022-01-01' as Day })]),
      asked(),
    )
    expect(model.stock.placement).toHaveLength(0)
  })

  test('where nobody ever was in care, few are expected, and it is said how little is known', () => {
    const projection = survivalMethod.forecast(known([]), asked())
    const { mean, lower95, upper95 } = projection.expected('all', 'all', 3)
    expect(mean).toBeGreaterThan(0)
    expect(mean).toBeLessThan(2)
    expect(lower95).toBe(0)
    expect(upper95).toBeGreaterThan(1)
  })

  test('five children can be forecast', () => {
    const episodes = Array.from({ length: 5 }, (_, child) =>
      episode({
        child,
        born: addDays('2010-01-01' as Day, 400 * child),
        startedOn: addDays('2021-06-01' as Day, 90 * child),
      }),
    )
    const { mean, lower95, upper95 } = survivalMethod
      .forecast(known(episodes), asked())
      .expected('all', 'all', 3)
    expect(mean).toBeGreaterThan(3)
    expect(mean).toBeLessThan(7)
    expect(lower95).toBeLessThan(4)
    expect(upper95).toBeGreaterThan(6)
  })

  test('a window without an exit does not mean that nobody will leave', () => {
    const window = { referenceFrom: addDays(ORIGIN, -89), referenceTo: ORIGIN }
    const leavers = new Set(
      history.episodes
        .filter(({ ceasedOn, endsPeriod }) => endsPeriod && ceasedOn! >= window.referenceFrom)
        .map(({ child }) => child),
    )
    const episodes = history.episodes.filter(({ child }) => !leavers.has(child))
    const model = fitSurvival({ ...history, episodes }, asked(window))
    const exits = model.summary.rates.filter(
      ({ placement, outcome }) => placement === 'all' && outcome !== 'move',
    )
    expect(exits.map(({ events }) => events)).toEqual([0, 0, 0, 0])
    for (const { perChildYear } of exits) expect(perChildYear).toBeGreaterThan(0)
    const { exits: expected, turned18 } = run(model).flows[6]!
    expect(expected.mean - turned18.mean).toBeGreaterThan(0.2)
    expect(expected.upper95).toBeGreaterThan(turned18.upper95)
  })
})
