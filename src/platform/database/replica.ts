import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { newPool, type Pool } from './pool.ts'
import { refuseUnsafeLogin } from './service-login.ts'

/**
 * A replica to read from while it is fresh, such that whoever has written reads what it wrote, by whichever process:
 *
 * - A process uses it only as long as it has replayed what the primary had written at most `FRESH_MS` ago, asked at
 *   most `TRUSTED_MS` ago. Having left it, a process comes back only when it has replayed all of this moment.
 * - Whoever writes answers when the replica has replayed the write, or `FOLLOWS_MS` later: longer than the two
 *   together, so by then nobody reads from a replica that does not have it.
 * - A process never goes back in time: having seen a state on the primary, it uses the replica when that has it.
 *
 * Places in the primary's log are numbers of bytes. The primary commits synchronously, as it does unless told otherwise.
 */
export interface Replica {
  readonly pool: Pool
  /** Whether a read may run on it now. */
  mayAnswer(): Promise<boolean>
  /** What this process has seen on the primary. */
  seen(at: number): void
  /** Done when no process reads from the replica without what was written up to there. */
  follows(at: number): Promise<void>
  /** A read failed by the replica's fault: it is left until it has been asked again. */
  failed(fault: unknown): void
  close(): Promise<void>
}

const EVERY_MS = 500
const FRESH_MS = 1_500
const TRUSTED_MS = 1_000
const FOLLOWS_MS = 3_000
const ASK_AGAIN_MS = 15

interface Sample {
  /** When it was asked, by this process's clock. */
  readonly time: number
  readonly at: number
}

export function newReplica(parts: {
  readonly primaryUrl: string
  readonly pool: Pool
  readonly onRemark: (remark: string) => void
}): Replica {
  // Connections of their own: to learn how the replica does must not wait behind those who read.
  const own = { connections: 2, waitMs: 2_000, mostWaiting: 50, answerMs: 2_000 }
  const primary = newPool({ ...own, url: parts.primaryUrl, name: 'corporate-parenting-lag' })
  const replica = newPool({ ...own, url: parts.pool.options.url, name: 'corporate-parenting-lag' })

  let written: Sample[] = []
  let replayed: Sample = { time: Number.NEGATIVE_INFINITY, at: -1 }
  let inUse = false
  let isGone = false
  let isChecked = false
  let highest = 0
  let asking: Promise<void> | null = null
  const closing = new AbortController()

  const askReplica = async (): Promise<void> => {
    const time = performance.now()
    const client = await replica.connect()
    try {
      if (!isChecked) await refuseUnsafeLogin(client)
      isChecked = true
      const at = await placeOf(
        client,
        `select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() - '0/0'::pg_lsn end as at`,
      )
      replayed = { time, at }
      isGone = false
    } finally {
      client.release()
    }
  }
  /** Those who ask at the same moment share one question. */
  const askOnce = (): Promise<void> => {
    asking ??= askReplica().finally(() => {
      asking = null
    })
    return asking
  }

  const sample = async (): Promise<void> => {
    const time = performance.now()
    const client = await primary.connect()
    try {
      const at = await placeOf(client, `select pg_current_wal_flush_lsn() - '0/0'::pg_lsn as at`)
      written = [...written.filter((one) => time - one.time < FRESH_MS + TRUSTED_MS), { time, at }]
    } finally {
      client.release()
    }
    await askOnce()
    const now = performance.now()
    const has = written.findLast((one) => one.at <= replayed.at)
    if (inUse && !(has && now - has.time <= FRESH_MS)) leave('it is behind')
    else if (!inUse && replayed.at >= written.at(-1)!.at) {
      inUse = true
      parts.onRemark('the replica is fresh: figures are read from it')
    }
  }
  const leave = (why: string): void => {
    if (inUse) parts.onRemark(`the replica is not read from: ${why}`)
    inUse = false
  }

  const sampling = (async () => {
    while (!closing.signal.aborted) {
      await sample().catch((fault: unknown) => {
        // Nothing listens there, so nobody else reads from it either.
        isGone = codesOf(fault).some((code) => code === 'ECONNREFUSED' || code.startsWith('57P'))
        leave('it can’t be asked')
      })
      await wait(EVERY_MS, undefined, { signal: closing.signal, ref: false }).catch(() => {})
    }
  })()

  return {
    pool: parts.pool,
    async mayAnswer() {
      if (!inUse || performance.now() - replayed.time > TRUSTED_MS) return false
      if (replayed.at >= highest) return true
      const needed = highest
      await askOnce().catch(() => {})
      return inUse && replayed.at >= needed
    },
    seen(at) {
      highest = Math.max(highest, at)
    },
    async follows(at) {
      highest = Math.max(highest, at)
      const until = performance.now() + FOLLOWS_MS
      while (replayed.at < at && !isGone && !closing.signal.aborted && performance.now() < until) {
        await askOnce().catch(() => {})
        if (replayed.at < at) await wait(ASK_AGAIN_MS)
      }
    },
    failed() {
      leave('a read failed there')
    },
    async close() {
      closing.abort()
      await sampling
      await Promise.all([primary.end(), replica.end(), parts.pool.end()])
    },
  }
}

async function placeOf(client: pg.PoolClient, text: string): Promise<number> {
  const { rows } = await client.query<{ at: string | null }>(text)
  const at = rows[0]?.at
  // Not a replica, or one that has been made the primary: then its places are of another log.
  if (at == null) throw new Error('DATABASE_READ_URL is no replica')
  return Number(at)
}

const codesOf = (fault: unknown): string[] => {
  if (typeof fault !== 'object' || fault === null) return []
  const { code, cause } = fault as { code?: unknown; cause?: unknown }
  return [
    ...(typeof code === 'string' ? [code] : []),
    ...codesOf(cause),
    ...(fault instanceof AggregateError ? fault.errors.flatMap(codesOf) : []),
  ]
}
