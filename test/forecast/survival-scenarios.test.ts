import { expect, test } from 'vitest'
import { FORECAST_AGES, FORECAST_PLACEMENTS } from '../../src/forecast/placement-groups.ts'
import type { SurvivalChanges } from '../../src/forecast/survival/changes.ts'
import { fitSurvival } from '../../src/forecast/survival/fit.ts'
import { projectionOf } from '../../src/forecast/survival/projection.ts'
import { type StayingPut, simulate } from '../../src/forecast/survival/simulate.ts'
import { addDays } from '../../src/vocabulary/day.ts'
import { LivingCouncil, ORIGIN } from '../support/known-dynamics.ts'

const DAYS = [30, 200, 400]
const history = new LivingCouncil({
  seed: 8,
  entriesPerYear: 100,
  entriesBefore: 1,
  seasonality: 0.2,
  monthlyVariance: 0.02,
  yearsKnown: 4,
})
  .liveUntil(0)
  .history()
const model = fitSurvival(history, {
  startsOn: ORIGIN,
  referenceFrom: addDays(ORIGIN, -729),
  referenceTo: ORIGIN,
  atDays: DAYS,
  simulations: 0,
  seed: 1,
})
const run = (changes?: SurvivalChanges, stayingPut?: StayingPut) =>
  projectionOf(
    simulate(model, {
      atDays: DAYS,
      simulations: { from: 0, to: 300 },
      seed: 1,
      ...(changes && { changes }),
      ...(stayingPut && { stayingPut }),
    }),
  )
const means = (projection: ReturnType<typeof run>) =>
  DAYS.map((_, at) =>
    (['all', ...FORECAST_PLACEMENTS] as const).map((placement) =>
      (['all', ...FORECAST_AGES] as const).map((age) => projection.expected(placement, age, at)),
    ),
  )
const inAll = (projection: ReturnType<typeof run>, at: number) => projection.expected('all', 'all', at).mean
const exitsOf = (projection: ReturnType<typeof run>) =>
  projection.flows.reduce((sum, { exits, turned18 }) => sum + exits.mean - turned18.mean, 0)
const entriesOf = (projection: ReturnType<typeof run>) =>
  projection.flows.reduce((sum, { entries }) => sum + entries.mean, 0)
const baseline = run()

test('a scenario that changes nothing is the baseline', () => {
  const nothing = { multiplyBy: 1, fromDay: 0 }
  expect(means(run({}))).toEqual(means(baseline))
  expect(means(run({ entries: [nothing], exits: [nothing], moves: [nothing] }))).toEqual(means(baseline))
})

test('what changes from a day on changes nothing before it', () => {
  const changed = run({
    entries: [{ multiplyBy: 1.5, fromDay: 200 }],
    exits: [{ multiplyBy: 0.2, fromDay: 200 }],
    moves: [{ multiplyBy: 3, fromDay: 200 }],
  })
  expect(inAll(changed, 0)).toBeCloseTo(inAll(baseline, 0), 0)
  expect(inAll(changed, 2)).toBeGreaterThan(inAll(baseline, 2) + 20)
  expect(run({ entries: [{ multiplyBy: 1.5, fromDay: 200 }] }).expected('all', 'all', 1)).toEqual(
    baseline.expected('all', 'all', 1),
  )
})

test.each([0, 0.5, 1.3, 2.5])('%f times the entries', (multiplyBy) => {
  expect(entriesOf(run({ entries: [{ multiplyBy, fromDay: 0 }] })) / entriesOf(baseline)).toBeCloseTo(
    multiplyBy,
    1,
  )
})

test('entries of one age and placement alone', () => {
  const changed = run({
    entries: [{ age: '16-and-over', placement: 'supported', multiplyBy: 3, fromDay: 0 }],
  })
  expect(changed.expected('supported', '16-and-over', 2).mean).toBeGreaterThan(
    1.4 * baseline.expected('supported', '16-and-over', 2).mean,
  )
  // Nobody else is touched, for the others are the same children.
  expect(changed.expected('fostering', 'under-1', 2)).toEqual(baseline.expected('fostering', 'under-1', 2))
})

test('changes of exits, by kind, age and placement', () => {
  const none = run({ exits: [{ multiplyBy: 0, fromDay: 0 }] })
  expect(exitsOf(none)).toBe(0)
  const kinds = ['reunification', 'special-guardianship', 'adoption', 'other'] as const
  const spared = kinds.map(
    (kind) => exitsOf(baseline) - exitsOf(run({ exits: [{ kind, multiplyBy: 0, fromDay: 0 }] })),
  )
  for (const exits of spared) expect(exits).toBeGreaterThan(1)
  const twice = run({ exits: [{ placement: 'residential', age: '10-to-15', multiplyBy: 2, fromDay: 0 }] })
  expect(twice.expected('residential', '10-to-15', 2).mean).toBeLessThan(
    0.95 * baseline.expected('residential', '10-to-15', 2).mean,
  )
  expect(twice.expected('fostering', 'under-1', 2)).toEqual(baseline.expected('fostering', 'under-1', 2))
})

test('changes of moves, by where from, where to and age', () => {
  const toFostering = run({ moves: [{ from: 'residential', to: 'fostering', multiplyBy: 5, fromDay: 0 }] })
  expect(toFostering.expected('residential', 'all', 2).mean).toBeLessThan(
    0.85 * baseline.expected('residential', 'all', 2).mean,
  )
  const none = run({ moves: [{ to: 'residential', multiplyBy: 0, fromDay: 0 }] })
  expect(none.expected('residential', 'all', 2).mean).toBeLessThan(
    0.8 * baseline.expected('residential', 'all', 2).mean,
  )
  const still = run({ moves: [{ multiplyBy: 0, fromDay: 0 }], entries: [{ multiplyBy: 0, fromDay: 0 }] })
  expect(still.expected('residential', '5-to-9', 2).mean).toBeLessThanOrEqual(
    still.expected('residential', '5-to-9', 0).mean + still.expected('residential', '1-to-4', 0).mean,
  )
})

test('young adults staying put are counted beside the children in care', () => {
  expect(baseline.stayingPut).toBeNull()
  const all = run({}, { share: 1, months: 6 })
  const none = run({}, { share: 0, months: 6 })
  expect(means(all)).toEqual(means(baseline))
  // Those who stayed before the start are still there on day 30, and gone after their half year.
  expect(none.stayingPut!(0).mean).toBeGreaterThan(0)
  expect(none.stayingPut!(1).mean).toBe(0)
  // After a year, those are there who turned 18 in foster placements in the half year before.
  const half = run({}, { share: 0.5, months: 6 })
  expect(all.stayingPut!(2).mean).toBeGreaterThan(3)
  expect(half.stayingPut!(2).mean / all.stayingPut!(2).mean).toBeCloseTo(0.5, 1)
})

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('a rate is not multiplied by %f', (multiplyBy) => {
  expect(() => run({ exits: [{ multiplyBy, fromDay: 0 }] })).toThrow(RangeError)
})
