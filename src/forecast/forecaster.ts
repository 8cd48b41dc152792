import { Worker } from 'node:worker_threads'
import { keptThread } from '../platform/threads/kept-thread.ts'
import type { BacktestResult } from './backtest/backtest.ts'
import type { ForecastWork, WorkAnswer, WorkMessage } from './forecast-worker.ts'
import type { BacktestTask } from './make-backtest.ts'
import type { ForecastTask, MadeForecast } from './make-forecast.ts'
import { packHistory } from './packed-history.ts'

/** Why a forecast can't be made from what is there, in words for the caller. */
export class CannotForecast extends Error {
  readonly code: string
  constructor(code: string, detail: string) {
    super(detail)
    this.name = 'CannotForecast'
    this.code = code
  }
}

/** Makes forecasts on a thread of its own: a forecast takes half a second, a backtest some seconds. */
export interface Forecaster {
  forecast(task: ForecastTask): Promise<MadeForecast>
  backtest(task: BacktestTask): Promise<BacktestResult>
}

/** Forecasts and backtests have a thread each, so that the quick ones never wait for the slow. */
export function newForecaster(): Forecaster {
  const forecasts = newThread('forecasts')
  const backtests = newThread('backtests')
  return {
    forecast: (task) =>
      forecasts({
        kind: 'forecast',
        task: { ...task, history: packHistory(task.history) },
      }) as Promise<MadeForecast>,
    backtest: (task) =>
      backtests({
        kind: 'backtest',
        task: { ...task, history: packHistory(task.history) },
      }) as Promise<BacktestResult>,
  }
}

/** Asks a thread of its own for what is made, or says why it can't be. */
function newThread(name: string): (work: ForecastWork) => Promise<unknown> {
  const ask = keptThread<Omit<WorkMessage, 'number'>, WorkAnswer>(
    name,
    () => new Worker(new URL('./forecast-worker.ts', import.meta.url), { name }),
  )
  return async (work) => {
    const answer = await ask({ work })
    if ('made' in answer) return answer.made
    if ('unmeasurable' in answer)
      throw new CannotForecast(answer.unmeasurable.code, answer.unmeasurable.detail)
    throw new Error(`a forecast could not be made: ${answer.fault}`)
  }
}
