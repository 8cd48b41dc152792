export type Queue = <T>(key: string, work: () => Promise<T>) => Promise<T>

/**
 * Lets work for the same key run one after the other, in the order in which it came, and work for different keys side
 * by side. The database would queue it too, but each that waits there holds one of the few connections for loads.
 */
export function newQueue(): Queue {
  const last = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const before = last.get(key) ?? Promise.resolve()
    const mine = before.then(work)
    // Whoever comes next waits for the end of this one, not for its success.
    const ended = mine.catch(() => {})
    last.set(key, ended)
    try {
      return await mine
    } finally {
      if (last.get(key) === ended) last.delete(key)
    }
  }
}
