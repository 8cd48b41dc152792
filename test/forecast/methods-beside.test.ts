import { describe, expect, test } from 'vitest'
import type { Accuracy } from '../../src/forecast/backtest/accuracy.ts'
import { pool } from '../../src/forecast/backtest/backtest.ts'
import { defaultOrigins } from '../../src/forecast/backtest/origins.ts'
import { BACKTEST_METHODS, makeBacktest } from '../../src/forecast/make-backtest.ts'
import { LivingCouncil, plainRandom } from '../support/known-dynamics.ts'

/**
 * The methods beside each other, as `GET …/forecasts/backtest` holds them, over councils that live by rates that no
 * method knows. `BACKTEST_COUNCILS=60 npx vitest run test/forecast/methods-beside.test.ts` prints a table worth citing.
 */
const COUNCILS = Number(process.env.BACKTEST_COUNCILS ?? 4)
const HORIZONS = [6, 12, 24]

const results = Array.from({ length: COUNCILS }, (_, seed) => {
  const history = new LivingCouncil({
    seed: 500 + seed,
    entriesPerYear: 120,
    // Some councils stand still, others are on their way up or down.
    entriesBefore: 0.6 + 0.8 * plainRandom(seed + 77)(),
    seasonality: 0.2,
    monthlyVariance: 0.03,
    yearsKnown: 7,
  })
    .liveUntil(0)
    .history()
  return makeBacktest({
    history,
    methods: BACKTEST_METHODS,
    origins: defaultOrigins(history, { referenceMonths: 24, atMost: 6 }),
    horizonsInMonths: HORIZONS,
    referenceMonths: 24,
    simulations: 300,
    seed: 1,
  })
})
const { accuracy } = pool(results)
const of = (method: string, months: number, placement: Accuracy['placement'] = 'all'): Accuracy =>
  accuracy.find(
    (one) =>
      one.method === method &&
      one.horizonInMonths === months &&
      one.placement === placement &&
      one.age === 'all',
  )!

if (COUNCILS > 4)
  for (const placement of ['all', 'fostering', 'residential', 'supported'] as const)
    for (const months of HORIZONS)
      for (const method of BACKTEST_METHODS) {
        const one = of(method, months, placement)
        console.log(
          `| ${placement} | ${months} | ${method} | ${one.forecasts} | ${one.meanAbsoluteError.toFixed(1)} | ${one.bias.toFixed(1)} | ${one.coverage80.toFixed(0)} | ${one.coverage95.toFixed(0)} |`,
        )
      }

describe('on councils with known dynamics', () => {
  // Markov comes near, two years ahead above all: with few councils it may be luckier.
  const NEAR = COUNCILS < 20 ? 1.25 : 1.05

  test.each(HORIZONS)('survival errs no more than the others %i months ahead', (months) => {
    const [survival, ...others] = BACKTEST_METHODS.map((method) => of(method, months))
    for (const other of others)
      expect(survival!.meanAbsoluteError, other.method).toBeLessThan(
        other.meanAbsoluteError * (other.method === 'markov' ? NEAR : 1.05),
      )
  })

  test('its intervals hold what they promise, and those of markov do not', () => {
    const mean = (method: string, of80: (one: Accuracy) => number) =>
      HORIZONS.reduce((sum, months) => sum + of80(of(method, months)), 0) / HORIZONS.length
    // Origins of one council share most of their days, so few councils leave much room to chance.
    expect(mean('survival', ({ coverage80 }) => coverage80)).toBeGreaterThan(65)
    expect(mean('survival', ({ coverage95 }) => coverage95)).toBeGreaterThan(85)
  })
})
