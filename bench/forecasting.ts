import { readConfig } from '../src/config.ts'
import { findAdmin } from '../src/platform/access/admin-key.ts'
import { buildService } from '../src/service.ts'
import { csvFiles, syntheticReturns } from '../src/synthetic/synthetic-council.ts'
import { SYNTHETIC_AUTHORITY } from '../src/vocabulary/authority.ts'
import { loadOne } from './loading.ts'
import {
  type Bench,
  type BenchDatabase,
  bestAndMedian,
  type Measured,
  median,
  say,
  thousands,
  timesOf,
} from './machine.ts'

const KEY = 'the-admin-key-of-the-bench'
const AIM_MS = 200
const WARM_UPS = 3
const RUNS = 10
const URL_PATH = `/v1/authorities/${SYNTHETIC_AUTHORITY.code}/forecasts`

/** A council of 770 children in care with eight years of returns. */
export async function loadForecastCouncil(bench: Bench): Promise<BenchDatabase> {
  const held = await bench.newDatabase()
  const childrenInCare = bench.quick ? 120 : 770
  for (const made of syntheticReturns({ seed: 903, firstYear: 2018, lastYear: 2025, childrenInCare }))
    await loadOne(
      held.database,
      made,
      csvFiles(made).map(({ name, text }) => ({ name, bytes: Buffer.from(text) })),
    )
  return held
}

/**
 * (g) A forecast of 36 months by day from 1,000 simulations, the whole request: the history read, fitted, simulated and
 * answered, and the answer kept. Against the same by the existing models' method, which simulates nothing.
 */
export async function measureForecasting({ url, database, admin }: BenchDatabase): Promise<Measured> {
  await admin.query('vacuum analyze')
  const app = await buildService({
    config: readConfig({ ADMIN_API_KEY: KEY }),
    database,
    callers: findAdmin(KEY),
    logger: false,
  })
  const ask = async (method: 'survival' | 'markov'): Promise<number> => {
    const answer = await app.inject({
      method: 'POST',
      url: URL_PATH,
      headers: { authorization: `Bearer ${KEY}` },
      payload: { method, horizonMonths: 36, step: 'day', simulations: 1_000, seed: 1 },
    })
    if (answer.statusCode !== 201)
      throw new Error(`${url}: ${answer.statusCode} ${answer.body.slice(0, 500)}`)
    return answer.body.length
  }
  const times = async (method: 'survival' | 'markov'): Promise<number[]> => {
    await timesOf(WARM_UPS, () => ask(method))
    return timesOf(RUNS, () => ask(method))
  }
  const survival = await times('survival')
  const markov = await times('markov')
  const bytes = await ask('survival')
  say(`(g) forecast: ${bestAndMedian(survival)}, by markov ${bestAndMedian(markov)}`)
  await app.close()
  return {
    what: `(g) A forecast of 36 months by day, 1,000 simulations, by POST (${thousands(bytes)} bytes), against the method markov`,
    measured: bestAndMedian(survival),
    baseline: bestAndMedian(markov),
    ratio: median(survival) / median(markov),
    aim: `median < ${AIM_MS} ms`,
    met: median(survival) < AIM_MS,
  }
}
