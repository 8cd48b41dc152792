import type { Day } from '../vocabulary/day.ts'
import { type BacktestResult, backtest } from './backtest/backtest.ts'
import { asToday } from './baselines/as-today.ts'
import { linearTrend } from './baselines/linear-trend.ts'
import type { CareHistory } from './care-history.ts'
import { markovMethod } from './markov/markov-method.ts'
import type { ForecastMethod } from './method.ts'
import { survivalMethod } from './survival/survival-method.ts'

/** The methods that are held beside each other, the service's own first. */
const METHODS: readonly ForecastMethod[] = [survivalMethod, markovMethod, asToday, linearTrend]
export const BACKTEST_METHODS = METHODS.map(({ name }) => name)

export interface BacktestTask {
  readonly history: CareHistory
  readonly methods: readonly string[]
  readonly origins: readonly Day[]
  readonly horizonsInMonths: readonly number[]
  readonly referenceMonths: number
  readonly simulations: number
  readonly seed: number
}

/** What each method would have forecast on past days, and what came. */
export function makeBacktest({ history, methods, ...ask }: BacktestTask): BacktestResult {
  return backtest(
    history,
    METHODS.filter(({ name }) => methods.includes(name)),
    ask,
  )
}
