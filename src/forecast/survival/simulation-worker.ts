import { parentPort } from 'node:worker_threads'
import type { SimulationCounts } from './counts.ts'
import type { SurvivalModel } from './model.ts'
import { type SimulationRequest, simulate } from './simulate.ts'

/** A range of simulations to run. */
export interface SimulationWork {
  readonly number: number
  readonly model: SurvivalModel
  readonly request: SimulationRequest
}

export interface SimulationAnswer {
  readonly number: number
  readonly counts: SimulationCounts
}

// A fault ends the thread: who asked then runs the simulations itself, and tells of the fault.
parentPort?.on('message', ({ number, model, request }: SimulationWork) => {
  const answer: SimulationAnswer = { number, counts: simulate(model, request) }
  parentPort!.postMessage(answer)
})
