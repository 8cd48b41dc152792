import type { Static } from 'typebox'
import { defaultOrigins } from '../../forecast/backtest/origins.ts'
import type { CareHistory } from '../../forecast/care-history.ts'
import { BACKTEST_METHODS } from '../../forecast/make-backtest.ts'
import { listOf } from '../../platform/http/parameters.ts'
import { type Day, parseIsoDay } from '../../vocabulary/day.ts'
import { nearMatches } from '../../vocabulary/near-match.ts'
import { type Fault, Refusal } from '../../vocabulary/refusal.ts'
import { repeated } from '../../vocabulary/repeated.ts'
import type { BacktestQuery } from './forecast-answer-schemas.ts'

const MOST_ORIGINS = 24
const MOST_HORIZONS = 6
const LONGEST_HORIZON = 60

/** What is asked of a backtest, with what was left out filled in; every fault of it at once. */
export function readBacktestQuestion(query: Static<typeof BacktestQuery>) {
  const faults: Fault[] = []
  const methods = query.method === undefined ? BACKTEST_METHODS : listOf(query.method)
  for (const method of methods)
    if (!BACKTEST_METHODS.includes(method)) {
      const didYouMean = nearMatches(method, BACKTEST_METHODS)
      faults.push({
        pointer: '/query/method',
        code: 'not-allowed',
        detail: `${repeated(method, didYouMean)} is no method of forecasting.`,
        allowed: BACKTEST_METHODS,
        ...(didYouMean.length > 0 && { didYouMean }),
      })
    }
  const horizonsInMonths = (query.horizon === undefined ? ['6', '12', '24'] : listOf(query.horizon)).map(
    (text) => {
      const months = /^\d{1,3}$/.test(text) ? Number(text) : 0
      if (months < 1 || months > LONGEST_HORIZON)
        faults.push({
          pointer: '/query/horizon',
          code: 'out-of-range',
          detail: `${repeated(text)} is no number of months that can be forecast.`,
          allowed: [`1 to ${LONGEST_HORIZON}`],
        })
      return months
    },
  )
  const origins = query.origin === undefined ? null : listOf(query.origin).map((text) => dayOf(text, faults))
  tooMany(faults, '/query/horizon', horizonsInMonths.length, MOST_HORIZONS)
  tooMany(faults, '/query/origin', origins?.length ?? 0, MOST_ORIGINS)
  if (faults.length > 0) {
    const detail = `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in the query of the request.`
    throw new Refusal('invalid-request', detail, faults)
  }
  const { referenceMonths = 24, simulations = 500, seed = 1 } = query
  return {
    methods,
    horizonsInMonths: [...new Set(horizonsInMonths)].sort((a, b) => a - b),
    origins: origins && ([...new Set(origins)].sort() as Day[]),
    referenceMonths,
    simulations,
    seed,
    originsIn: (history: CareHistory): Day[] => defaultOrigins(history, { referenceMonths }),
  }
}

function dayOf(text: string, faults: Fault[]): Day | null {
  const day = parseIsoDay(text)
  if (!day)
    faults.push({
      pointer: '/query/origin',
      code: 'wrong-form',
      detail: `${repeated(text)} is not a day.`,
      allowed: ['YYYY-MM-DD'],
    })
  return day
}

function tooMany(faults: Fault[], pointer: string, number: number, most: number): void {
  if (number > most)
    faults.push({
      pointer,
      code: 'too-many',
      detail: `${number} are asked for.`,
      allowed: [`at most ${most}`],
    })
}
