import { Refusal } from '../vocabulary/refusal.ts'

/**
 * Gathers what the readers of a request refuse, so that a caller with a wrong indicator and a wrong period learns of
 * both at once. The first refusal gives the reason.
 */
export class EveryFault {
  readonly #refusals: Refusal[] = []

  /** What `read` gives; undefined where it refuses. */
  reading<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#refusals.push(error)
      return undefined
    }
  }

  /** Refuses the request where anything was refused; after it, whatever was read is there. */
  refuse(): void {
    const [first, ...others] = this.#refusals
    if (!first) return
    if (others.length === 0) throw first
    throw new Refusal(
      first.reason,
      'The request names several things that can not be given; `errors` names each.',
      this.#refusals.flatMap(({ faults }) => faults),
    )
  }
}
