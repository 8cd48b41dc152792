import { expect, test } from 'vitest'
import { backtest, pool } from '../../../src/forecast/backtest/backtest.ts'
import { defaultOrigins } from '../../../src/forecast/backtest/origins.ts'
import { asToday } from '../../../src/forecast/baselines/as-today.ts'
import { linearTrend } from '../../../src/forecast/baselines/linear-trend.ts'
import type { CareHistory } from '../../../src/forecast/care-history.ts'
import { Random } from '../../../src/synthetic/random.ts'
import { addDays } from '../../../src/vocabulary/day.ts'
import { aHistory, anEpisode, day } from '../../support/care-histories.ts'

const KNOWN_FROM = day('2014-04-01')
const KNOWN_DAYS = 4017 // to 30 March 2025

/**
 * A council whose children come at random, one every three days, and stay for 600 days on average, whoever they are: about
 * two hundred in care at any time, and no trend.
 */
function councilWithoutTrend(seed: number): CareHistory {
  const random = new Random(seed)
  const episodes = []
  // From long before what is known, so that it begins as it goes on.
  for (let at = -6000 + random.exponential(3); at < KNOWN_DAYS; at += random.exponential(3)) {
    const startedOn = addDays(KNOWN_FROM, Math.floor(at))
    const ceasedOn = addDays(startedOn, Math.floor(random.exponential(600)))
    if (ceasedOn <= KNOWN_FROM) continue
    const born = addDays(startedOn, -random.int(0, 6000))
    episodes.push(anEpisode({ child: episodes.length, born, startedOn, ceasedOn }))
  }
  return aHistory(episodes, KNOWN_FROM, addDays(KNOWN_FROM, KNOWN_DAYS))
}

test('where nothing has a trend, the interval of as-today holds about what it says', () => {
  const results = Array.from({ length: 25 }, (_, seed) => {
    const council = councilWithoutTrend(seed + 1)
    const question = { horizonsInMonths: [6, 12], referenceMonths: 24, simulations: 1, seed: 1 }
    return backtest(council, [asToday, linearTrend], { ...question, origins: defaultOrigins(council) })
  })
  const totals = pool(results).accuracy.filter(({ placement, age }) => placement === 'all' && age === 'all')
  // The last of the twelve origins is only six months before the end.
  for (const [horizonInMonths, origins] of [
    [6, 12],
    [12, 11],
  ] as const) {
    const of = (method: string) =>
      totals.find((one) => one.method === method && one.horizonInMonths === horizonInMonths)!
    expect(of('as-today').forecasts).toBe(25 * origins)
    expect(of('as-today').coverage80).toBeGreaterThan(75)
    expect(of('as-today').coverage80).toBeLessThan(85)
    expect(of('as-today').coverage95).toBeGreaterThan(88)
    expect(Math.abs(of('as-today').bias)).toBeLessThan(2)
    // A line is drawn through what was chance.
    expect(of('linear-trend').meanAbsoluteError).toBeGreaterThan(of('as-today').meanAbsoluteError)
  }
})
