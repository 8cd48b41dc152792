import { expect, test } from 'vitest'
import { packHistory, unpackHistory } from '../../src/forecast/packed-history.ts'
import { fitSurvival } from '../../src/forecast/survival/fit.ts'
import { projectionOf } from '../../src/forecast/survival/projection.ts'
import { simulate } from '../../src/forecast/survival/simulate.ts'
import { type Helper, newHelper, simulateTogether } from '../../src/forecast/survival/simulate-together.ts'
import { addDays } from '../../src/vocabulary/day.ts'
import { LivingCouncil, ORIGIN } from '../support/known-dynamics.ts'

const history = new LivingCouncil({
  seed: 3,
  entriesPerYear: 20,
  entriesBefore: 1,
  seasonality: 0.2,
  monthlyVariance: 0.02,
  yearsKnown: 3,
})
  .liveUntil(0)
  .history()
const atDays = [30, 200, 400]
const model = fitSurvival(history, {
  startsOn: ORIGIN,
  referenceFrom: addDays(ORIGIN, -729),
  referenceTo: ORIGIN,
  atDays,
  simulations: 0,
  seed: 1,
})
const request = { atDays, seed: 5, simulations: { from: 0, to: 211 } }
const told = (counts: ReturnType<typeof simulate>) => {
  const projection = projectionOf(counts)
  return [
    atDays.map((_, at) => [
      projection.expected('all', 'all', at),
      projection.expected('residential', '10-to-15', at),
    ]),
    projection.flows,
  ]
}
const alone = told(simulate(model, request))
/** A helper that counts rightly and says of which simulations it was asked. */
const asked: { from: number; to: number }[] = []
const willing: Helper = {
  run: async (given, part) => {
    asked.push(part.simulations)
    return simulate(given, part)
  },
}
const dead: Helper = { run: async () => null }

test('however many help, the answer is the same', async () => {
  for (const helpers of [[], [willing], [willing, willing, willing]])
    expect(told(await simulateTogether(helpers)(model, request))).toEqual(alone)
  expect(asked).toHaveLength(4)
  expect(asked[0]).toEqual({ from: 106, to: 211 })
})

test('few simulations are not handed over', async () => {
  const few = { ...request, simulations: { from: 7, to: 60 } }
  const before = asked.length
  expect(told(await simulateTogether([willing])(model, few))).toEqual(told(simulate(model, few)))
  expect(asked).toHaveLength(before)
})

test('what a helper can no longer do is done without it', async () => {
  expect(told(await simulateTogether([dead, willing])(model, request))).toEqual(alone)
})

test('a thread answers as its own does, and when it dies that is told to all who wait', async () => {
  const helper = newHelper()
  const counts = await helper.run(model, request)
  expect(told(counts!)).toEqual(alone)
  const broken = { ...request, atDays: null as never }
  const answers = await Promise.all([helper.run(model, broken), helper.run(model, request)])
  expect(answers).toEqual([null, null])
  // The next is asked of a new thread.
  expect(told((await helper.run(model, request))!)).toEqual(alone)
})

test('a history arrives in another thread as it was', () => {
  expect(unpackHistory(structuredClone(packHistory(history)))).toEqual(history)
})
