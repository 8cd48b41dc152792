import { Worker } from 'node:worker_threads'
import type { BacktestResult } from './backtest/backtest.ts'
import type { ForecastWork, WorkAnswer } from './forecast-worker.ts'
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

interface Waiting {
  resolve(made: unknown): void
  reject(error: Error): void
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

/** A thread that starts with the first piece of work, and does not keep the process from ending. */
function newThread(name: string): (work: ForecastWork) => Promise<unknown> {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let asked = 0

  function start(): Worker {
    const started = new Worker(new URL('./forecast-worker.ts', import.meta.url), { name })
    started.unref()
    started.on('message', (answer: WorkAnswer) => {
      const { resolve, reject } = waiting.get(answer.number)!
      waiting.delete(answer.number)
      if (waiting.size === 0) started.unref()
      if ('made' in answer) resolve(answer.made)
      else if ('unmeasurable' in answer)
        reject(new CannotForecast(answer.unmeasurable.code, answer.unmeasurable.detail))
      else reject(new Error(`a forecast could not be made: ${answer.fault}`))
    })
    const failed = (error: Error): void => {
      if (worker === started) worker = null
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    started.on('error', failed)
    started.on('exit', () => failed(new Error(`the thread that makes ${name} has ended`)))
    return started
  }

  return (work) =>
    new Promise((resolve, reject) => {
      worker ??= start()
      const number = ++asked
      waiting.set(number, { resolve, reject })
      worker.ref()
      worker.postMessage({ number, work })
    })
}
