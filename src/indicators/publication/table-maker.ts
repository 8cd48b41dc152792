import { Worker } from 'node:worker_threads'
import type { IndicatorDefinition } from '../definition.ts'
import type { Observation } from '../observation.ts'
import type { PublicTable } from './public-table.ts'

type Answer = { readonly number: number } & ({ readonly table: PublicTable } | { readonly fault: string })

interface Waiting {
  resolve(table: PublicTable): void
  reject(error: Error): void
}

/** Makes figures safe on a thread of its own: it takes up to a second, in which others must be answered. */
export type MakeTable = (figures: readonly Observation[]) => Promise<PublicTable>

/** The thread starts with the first table, and does not keep the process from ending. */
export function newTableMaker(indicators: readonly IndicatorDefinition[]): MakeTable {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let asked = 0

  function start(): Worker {
    const started = new Worker(new URL('./public-table-worker.ts', import.meta.url), {
      workerData: indicators,
    })
    started.unref()
    started.on('message', (answer: Answer) => {
      const { resolve, reject } = waiting.get(answer.number)!
      waiting.delete(answer.number)
      if (waiting.size === 0) started.unref()
      if ('table' in answer) resolve(answer.table)
      else reject(new Error(`a public table could not be made: ${answer.fault}`))
    })
    const failed = (error: Error): void => {
      if (worker === started) worker = null
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    started.on('error', failed)
    started.on('exit', () => failed(new Error('the thread that makes public tables has ended')))
    return started
  }

  return (figures) =>
    new Promise((resolve, reject) => {
      worker ??= start()
      const number = ++asked
      waiting.set(number, { resolve, reject })
      worker.ref()
      worker.postMessage({ number, figures })
    })
}
