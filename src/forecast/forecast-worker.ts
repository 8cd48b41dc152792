import { parentPort } from 'node:worker_threads'
import { type BacktestTask, makeBacktest } from './make-backtest.ts'
import { type ForecastTask, makeForecast } from './make-forecast.ts'
import { Unmeasurable } from './markov/unmeasurable.ts'
import { type PackedHistory, unpackHistory } from './packed-history.ts'
import { simulateTogether } from './survival/simulate-together.ts'

/** What is asked of the worker. */
export type ForecastWork =
  | { readonly kind: 'forecast'; readonly task: Packed<ForecastTask> }
  | { readonly kind: 'backtest'; readonly task: Packed<BacktestTask> }

type Packed<Task> = Omit<Task, 'history'> & { readonly history: PackedHistory }

export interface WorkMessage {
  readonly number: number
  readonly work: ForecastWork
}

/** What it answers: what was made, why nothing could be measured, or what went wrong. */
export type WorkAnswer = { readonly number: number } & (
  | { readonly made: unknown }
  | { readonly unmeasurable: { readonly code: string; readonly detail: string } }
  | { readonly fault: string }
)

const simulate = simulateTogether()
const make = ({ kind, task }: ForecastWork): unknown =>
  kind === 'forecast'
    ? makeForecast({ ...task, history: unpackHistory(task.history) }, simulate)
    : makeBacktest({ ...task, history: unpackHistory(task.history) })

parentPort?.on('message', async ({ number, work }: WorkMessage) => {
  const answer = (of: Omit<WorkAnswer, 'number'>): void => parentPort!.postMessage({ number, ...of })
  try {
    answer({ made: await make(work) })
  } catch (error) {
    if (error instanceof Unmeasurable) answer({ unmeasurable: { code: error.code, detail: error.message } })
    else answer({ fault: error instanceof Error ? error.message : 'unknown' })
  }
})
