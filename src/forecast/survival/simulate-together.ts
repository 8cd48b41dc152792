import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { keptThread } from '../../platform/threads/kept-thread.ts'
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

/** A thread of its own; one that dies has counted nothing. */
export function newHelper(): Helper {
  const ask = keptThread<Omit<SimulationWork, 'number'>, SimulationAnswer>(
    'simulations',
    () => new Worker(new URL('./simulation-worker.ts', import.meta.url), { name: 'simulations' }),
  )
  return {
    run: (model, request) =>
      ask({ model, request }).then(
        ({ counts }) => counts,
        () => null,
      ),
  }
}
