import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { addCounts, type SimulationCounts } from './counts.ts'
import type { SurvivalModel } from './model.ts'
import { type SimulationRequest, simulate } from './simulate.ts'
import type { SimulationAnswer, SimulationWork } from './simulation-worker.ts'

/** Runs simulations; the answer does not depend on where and in what company. */
export type Simulate = (model: SurvivalModel, request: SimulationRequest) => Promise<SimulationCounts>

/** Fewer than this are run sooner than they are handed over. */
const LEAST_APART = 50
/** More threads would wait for memory and for those who answer requests. */
const MOST_THREADS = 4

/** Another thread: what it counted, or null where it can't any more. */
export interface Helper {
  readonly run: (model: SurvivalModel, request: SimulationRequest) => Promise<SimulationCounts | null>
}

/**
 * Divides the simulations over this thread and helpers, one to a further processor. What a helper can't do is done
 * here: a thread that dies makes an answer late, and never wrong or missing.
 */
export function simulateTogether(
  helpers: readonly Helper[] = Array.from(
    { length: Math.min(availableParallelism(), MOST_THREADS) - 1 },
    newHelper,
  ),
): Simulate {
  return async (model, request) => {
    const [own, ...others] = partsOf(request, helpers.length + 1)
    const handedOver = others.map((part, at) => helpers[at]!.run(model, part))
    let counts = simulate(model, own!)
    for (const [at, answer] of handedOver.entries())
      counts = addCounts(counts, (await answer) ?? simulate(model, others[at]!))
    return counts
  }
}

function partsOf(request: SimulationRequest, most: number): SimulationRequest[] {
  const { from, to } = request.simulations
  const parts = Math.max(1, Math.min(most, Math.floor((to - from) / LEAST_APART)))
  const start = (part: number): number => from + Math.round(((to - from) * part) / parts)
  return Array.from({ length: parts }, (_, part) => ({
    ...request,
    simulations: { from: start(part), to: start(part + 1) },
  }))
}

/** A thread that starts with the first piece of work, and does not keep the process from ending. */
export function newHelper(): Helper {
  const waiting = new Map<number, (counts: SimulationCounts | null) => void>()
  let worker: Worker | null = null
  let asked = 0

  function start(): Worker {
    const started = new Worker(new URL('./simulation-worker.ts', import.meta.url), { name: 'simulations' })
    started.unref()
    started.on('message', ({ number, counts }: SimulationAnswer) => {
      waiting.get(number)?.(counts)
      waiting.delete(number)
      if (waiting.size === 0) started.unref()
    })
    const ended = (): void => {
      if (worker !== started) return
      worker = null
      for (const answer of waiting.values()) answer(null)
      waiting.clear()
    }
    started.on('error', ended)
    started.on('exit', ended)
    return started
  }

  return {
    run: (model, request) =>
      new Promise((resolve) => {
        worker ??= start()
        const number = ++asked
        waiting.set(number, resolve)
        worker.ref()
        worker.postMessage({ number, model, request } satisfies SimulationWork)
      }),
  }
}
