import type { Worker } from 'node:worker_threads'

/** What a thread answers: to which piece of work, and what came of it. */
export interface ThreadAnswer {
  readonly number: number
}

interface Waiting<Answer> {
  resolve(answer: Answer): void
  reject(error: Error): void
}

/**
 * A thread that starts with the first piece of work, does one after the other, and does not keep the process from ending.
 * When it dies, all who wait are told, and the next piece of work starts another.
 */
export function keptThread<Work extends object, Answer extends ThreadAnswer>(
  what: string,
  newWorker: () => Worker,
): (work: Work) => Promise<Answer> {
  const waiting = new Map<number, Waiting<Answer>>()
  let worker: Worker | null = null
  let asked = 0

  function start(): Worker {
    const started = newWorker()
    started.unref()
    started.on('message', (answer: Answer) => {
      waiting.get(answer.number)?.resolve(answer)
      waiting.delete(answer.number)
      if (waiting.size === 0) started.unref()
    })
    const failed = (error: Error): void => {
      if (worker !== started) return
      worker = null
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    started.on('error', failed)
    started.on('exit', () => failed(new Error(`the thread that makes ${what} has ended`)))
    return started
  }

  return (work) =>
    new Promise((resolve, reject) => {
      worker ??= start()
      const number = ++asked
      waiting.set(number, { resolve, reject })
      worker.ref()
      worker.postMessage({ number, ...work })
    })
}
