import { Worker } from 'node:worker_threads'
import { keptThread } from '../../platform/threads/kept-thread.ts'
import type { IndicatorDefinition } from '../definition.ts'
import type { Observation } from '../observation.ts'
import type { PublicTable } from './public-table.ts'
import type { TableAsk } from './public-table-worker.ts'

type Answer = { readonly number: number } & ({ readonly table: PublicTable } | { readonly fault: string })

/** Makes figures safe on a thread of its own: it takes up to a second, in which others must be answered. */
export type MakeTable = (figures: readonly Observation[]) => Promise<PublicTable>

export function newTableMaker(indicators: readonly IndicatorDefinition[]): MakeTable {
  const ask = keptThread<Omit<TableAsk, 'number'>, Answer>(
    'public tables',
    () => new Worker(new URL('./public-table-worker.ts', import.meta.url), { workerData: indicators }),
  )
  return async (figures) => {
    const answer = await ask({ figures })
    if ('table' in answer) return answer.table
    throw new Error(`a public table could not be made: ${answer.fault}`)
  }
}
