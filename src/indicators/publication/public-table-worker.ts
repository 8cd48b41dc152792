import { parentPort, workerData } from 'node:worker_threads'
import type { IndicatorDefinition } from '../definition.ts'
import type { Observation } from '../observation.ts'
import { makePublic } from './public-table.ts'

/** What is asked of the worker, and what it answers: a table, or what went wrong. */
export interface TableAsk {
  readonly number: number
  readonly figures: readonly Observation[]
}

const indicators = new Map(
  (workerData as readonly IndicatorDefinition[]).map((indicator) => [indicator.id, indicator]),
)

parentPort?.on('message', ({ number, figures }: TableAsk) => {
  try {
    parentPort!.postMessage({ number, table: makePublic(figures, (id) => indicators.get(id)!) })
  } catch (error) {
    parentPort!.postMessage({ number, fault: error instanceof Error ? error.message : 'unknown' })
  }
})
