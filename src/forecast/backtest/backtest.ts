import { addMonths, type Day, daysBetween } from '../../vocabulary/day.ts'
import type { CareHistory } from '../care-history.ts'
import type { ForecastMethod, Projection } from '../method.ts'
import { FORECAST_AGES, FORECAST_PLACEMENTS } from '../placement-groups.ts'
import { type Accuracy, accuracyOf, type PastForecast, type Series } from './accuracy.ts'
import { cutAt } from './cut-at.ts'
import { referenceFromOf } from './origins.ts'
import { type Stock, stockOn } from './stock-on.ts'

export interface BacktestQuestion {
  /** Last days of what a method is told. */
  readonly origins: readonly Day[]
  readonly horizonsInMonths: readonly number[]
  /** Months up to the origin over which a method measures rates and entries. */
  readonly referenceMonths: number
  readonly simulations: number
  /** The same at every origin, so that a past forecast is the one that the service would have given then. */
  readonly seed: number
}

/** A forecast that could not be made or could not be judged. */
export interface LeftOut {
  readonly origin: Day
  /** Null where no horizon of the origin was forecast. */
  readonly horizonInMonths: number | null
  readonly reason: LeftOutReason
  readonly detail: string
}
export type LeftOutReason = 'too-little-history' | 'nobody-in-care' | 'ends-after-what-is-known'

export interface BacktestResult {
  readonly forecasts: readonly PastForecast[]
  readonly accuracy: readonly Accuracy[]
  readonly leftOut: readonly LeftOut[]
}

/** The total, each group of placements, each age band. */
export const BACKTEST_SERIES: readonly Series[] = [
  { placement: 'all', age: 'all' },
  ...FORECAST_PLACEMENTS.map((placement) => ({ placement, age: 'all' }) as const),
  ...FORECAST_AGES.map((age) => ({ placement: 'all', age }) as const),
]

/**
 * Makes the forecasts that each method would have made on past days, told what was known then, and holds them against
 * what happened. Every method is asked the same questions, so that their figures compare.
 */
export function backtest(
  history: CareHistory,
  methods: readonly ForecastMethod[],
  question: BacktestQuestion,
): BacktestResult {
  const leftOut: LeftOut[] = []
  const forecasts: PastForecast[] = []
  for (const origin of question.origins) {
    const known = cutAt(history, origin)
    const fault = faultOfOrigin(known, origin, question)
    if (fault !== null) {
      leftOut.push({ origin, horizonInMonths: null, ...fault })
      continue
    }
    const targets = targetsOf(origin, question.horizonsInMonths)
    const judged = targets.filter(({ day }) => day <= history.knownTo)
    for (const { months, day } of targets.slice(judged.length))
      leftOut.push({
        origin,
        horizonInMonths: months,
        reason: 'ends-after-what-is-known',
        detail: `${months} months after ${origin} is ${day}; returns cover the days to ${history.knownTo}`,
      })
    if (judged.length === 0) continue
    const happened = stockOn(
      history,
      judged.map(({ day }) => day),
    )
    for (const method of methods) {
      const projection = method.forecast(known, {
        startsOn: origin,
        referenceFrom: referenceFromOf(origin, question.referenceMonths),
        referenceTo: origin,
        atDays: judged.map(({ day }) => daysBetween(origin, day)),
        simulations: question.simulations,
        seed: question.seed,
      })
      forecasts.push(...pastForecasts(method.name, origin, judged, projection, happened))
    }
  }
  return { forecasts, accuracy: accuracyOf(forecasts), leftOut }
}

/** The backtests of several councils as one: every forecast counts the same, whoever's it is. */
export function pool(results: readonly BacktestResult[]): BacktestResult {
  const forecasts = results.flatMap((result) => result.forecasts)
  return { forecasts, accuracy: accuracyOf(forecasts), leftOut: results.flatMap((result) => result.leftOut) }
}

function faultOfOrigin(
  known: CareHistory,
  origin: Day,
  { referenceMonths }: BacktestQuestion,
): Pick<LeftOut, 'reason' | 'detail'> | null {
  const referenceFrom = referenceFromOf(origin, referenceMonths)
  if (referenceFrom < known.knownFrom)
    return {
      reason: 'too-little-history',
      detail: `${referenceMonths} months to ${origin} begin on ${referenceFrom}; returns cover the days from ${known.knownFrom}`,
    }
  if (known.knownTo >= origin && stockOn(known, [origin]).children('all', 'all', 0) === 0)
    return { reason: 'nobody-in-care', detail: `nobody was in care on ${origin}` }
  return null
}

interface Target {
  readonly months: number
  readonly day: Day
}

/** Each horizon once, the nearest first. */
const targetsOf = (origin: Day, horizonsInMonths: readonly number[]): Target[] =>
  [...new Set(horizonsInMonths)]
    .sort((a, b) => a - b)
    .map((months) => ({ months, day: addMonths(origin, months) }))

const pastForecasts = (
  method: string,
  origin: Day,
  targets: readonly Target[],
  projection: Projection,
  happened: Stock,
): PastForecast[] =>
  targets.flatMap(({ months, day }, at) =>
    BACKTEST_SERIES.map(({ placement, age }) => ({
      method,
      origin,
      horizonInMonths: months,
      day,
      placement,
      age,
      ...projection.expected(placement, age, at),
      actual: happened.children(placement, age, at),
    })),
  )
