import { setTimeout as wait } from 'node:timers/promises'
import { Refusal } from '../../../vocabulary/refusal.ts'
import type { Database } from '../../database/database.ts'
import { type KeptAccess, readKeptAccess, readRevision } from './kept-access.ts'

/** As old as what a process knows of access may be before it asks whether anything has changed. */
const ASKS_AFTER_MS = 2_000
/** As old as it may be at all: a revocation acts within this time, or nobody is let in. */
const GOOD_FOR_MS = 5_000
/** How long a call waits for the database to say whether anything has changed. */
const PATIENCE_MS = 3_000
/** After this a question that hangs is given up, so that the next call asks anew. */
const GIVEN_UP_AFTER_MS = 10_000
/** A token that nobody is known by is looked for once more in what is kept now, but no oftener than this. */
const STRANGER_ASKS_AFTER_MS = 250

/** What a process knows of who may call: as of a moment that is at most five seconds ago. */
export interface AccessState {
  /** Throws `unavailable` where the database could not confirm it lately enough. */
  current(): Promise<KeptAccess>
  /** As `current`, but confirmed a moment ago: for what another process may just have made. */
  latest(): Promise<KeptAccess>
  /** After a change by this process, which must act at once here. */
  forget(): void
}

interface Held {
  readonly access: KeptAccess
  /** When the question was asked that it is the answer to: it tells nothing of what came later. */
  readonly asOf: number
}

export function newAccessState(database: Database, now: () => Date): AccessState {
  let held: Held | undefined
  let asking: Promise<Held> | undefined
  let forgotten = 0

  const ask = async (): Promise<Held> => {
    const asOf = now().getTime()
    const [known, before] = [held, forgotten]
    const access = await database.read([], async (transaction) => {
      if (known && (await readRevision(transaction)) === known.access.revision) return known.access
      return readKeptAccess(transaction)
    })
    const answer = { access, asOf }
    // What was asked before a change of our own may not stand for what holds after it.
    if (before === forgotten) held = answer
    return answer
  }

  /** One question at a time, which all who call meanwhile wait for. */
  const shared = (): Promise<Held> => {
    if (asking) return asking
    const question = Promise.race([
      ask(),
      wait(GIVEN_UP_AFTER_MS, undefined, { ref: false }).then(() => {
        throw unconfirmed()
      }),
    ]).finally(() => {
      if (asking === question) asking = undefined
    })
    asking = question
    // Whoever waits hears of a failure; where nobody waits any more it must not end the process.
    question.catch(() => {})
    return question
  }

  /** A clock that was set back makes everything old: nothing may be good for longer than it was meant to be. */
  const ageOf = ({ asOf }: Held): number => {
    const age = now().getTime() - asOf
    return age < 0 ? Number.POSITIVE_INFINITY : age
  }

  const confirmedWithin = async (milliseconds: number): Promise<KeptAccess> => {
    if (held && ageOf(held) < milliseconds) return held.access
    const answer = await Promise.race([
      shared().catch(() => undefined),
      wait(PATIENCE_MS, undefined, { ref: false }),
    ])
    const best = answer ?? held
    if (best && ageOf(best) < GOOD_FOR_MS) return best.access
    throw unconfirmed()
  }

  return {
    current: () => confirmedWithin(ASKS_AFTER_MS),
    latest: () => confirmedWithin(STRANGER_ASKS_AFTER_MS),
    forget() {
      forgotten++
      held = undefined
      asking = undefined
    },
  }
}

const unconfirmed = (): Refusal =>
  new Refusal('unavailable', 'Who may call can’t be asked of the database at the moment.')
