import { expect, test } from 'vitest'
import { costsByQuarter } from '../../src/forecast/markov/costs.ts'
import { predict } from '../../src/forecast/markov/predict.ts'
import { prepare } from '../../src/forecast/markov/prepare.ts'
import { measure } from '../../src/forecast/markov/statistics.ts'
import { addDays, type Day, daysBetween } from '../../src/vocabulary/day.ts'
import {
  COST_ITEMS_OF_MODEL_B,
  expectedOf,
  PRICES_OF_MODEL_B,
  sampleOfModelB,
  stateNamed,
} from '../support/existing-models.ts'

/** What the existing model B gives for its own sample. Every number of it is held here. */
type Numbers = Readonly<Record<string, number>>
interface Expected {
  readonly data_window: [Day, Day]
  readonly reference: [Day, Day]
  readonly episodes_after_cleaning: number
  readonly episodes_enriched: number
  readonly stock_at: Numbers
  readonly daily_transition_rates: Numbers
  readonly daily_entrants: Numbers
  readonly placement_proportions: Numbers
  readonly prediction: Readonly<Record<Day, Numbers>>
  readonly variance: Readonly<Record<Day, Numbers>>
  readonly cost_by_quarter: Readonly<Record<Day, Numbers>>
}
const expected = expectedOf<Expected>('b')
const [from, to] = expected.reference
const prepared = prepare(sampleOfModelB())
const model = measure(prepared, { from, to })

const byState = (values: Numbers): [state: number, value: number][] =>
  Object.entries(values).map(([name, value]) => [stateNamed(name), value])

function expectStates(actual: Float64Array, values: Numbers): void {
  const named = new Map(byState(values))
  for (const [state, value] of actual.entries()) expect(value).toBeCloseTo(named.get(state) ?? 0, 9)
}

test('as many episodes are left by cleaning, and by merging and splitting, as in the existing model', () => {
  expect(prepared.cleanedCount).toBe(expected.episodes_after_cleaning)
  expect(prepared.episodes).toHaveLength(expected.episodes_enriched)
  expect(prepared.impossibleAges).toBe(0)
  expect([prepared.dataFrom, prepared.dataTo]).toEqual(expected.data_window)
})

test('as many children are in each state on the last day', () => {
  expectStates(model.stockOn(to), expected.stock_at)
})

test('every daily rate is the same, and there are no others', () => {
  const rates = new Map(model.rates.map((rate) => [`${rate.from} ${rate.to}`, rate.daily]))
  const named = Object.entries(expected.daily_transition_rates).map(([name, daily]) => {
    const [origin = '', target = ''] = name.split(' -> ')
    return [`${stateNamed(origin)} ${stateNamed(target)}`, daily] as const
  })
  expect([...rates.keys()].sort()).toEqual(named.map(([pair]) => pair).sort())
  for (const [pair, daily] of named) expect(rates.get(pair), pair).toBeCloseTo(daily, 12)
})

test('as many children come in a day', () => {
  expectStates(model.entrants, expected.daily_entrants)
})

const days = Object.keys(expected.prediction) as Day[]
test.each(days.map((day) => [day]))('mean and variance of every state on %s are the same', (day) => {
  const after = daysBetween(to, day)
  const { mean, variance } = predict(model, model.stockOn(to), after, [after])
  expectStates(mean[0]!, expected.prediction[day]!)
  expectStates(variance[0]!, expected.variance[day]!)
})

test('placements are shared out alike among the kinds with a price', () => {
  for (const [name, item] of COST_ITEMS_OF_MODEL_B)
    expect(model.proportions.get(item), name).toBeCloseTo(expected.placement_proportions[name]!, 9)
  expect(Object.keys(expected.placement_proportions)).toHaveLength(model.proportions.size)
})

test('every quarter costs the same, to the penny', () => {
  const daily = Array.from({ length: 365 }, (_, index) => index + 1)
  const { mean } = predict(model, model.stockOn(to), 365, daily)
  const quarters = costsByQuarter(addDays(to, 1), mean, {
    perWeek: PRICES_OF_MODEL_B,
    proportions: model.proportions,
  })
  expect(
    Object.fromEntries(
      quarters.map((quarter) => [
        quarter.to,
        Object.fromEntries(COST_ITEMS_OF_MODEL_B.map(([name, item]) => [name, quarter.costs.get(item)])),
      ]),
    ),
  ).toEqual(expected.cost_by_quarter)
})
