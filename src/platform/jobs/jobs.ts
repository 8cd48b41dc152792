import { setInterval } from 'node:timers'
import { setTimeout as wait } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import type { Database, Transaction } from '../database/database.ts'
import { JOB_SCHEMA } from '../database/job-schema.ts'

/** Work to be done once a day, by whichever process comes to it. To do it twice must do no harm. */
export interface DailyJob {
  readonly name: string
  readonly run: () => Promise<void>
}

/**
 * Work that stands in a table of ours until it is done. What is due is claimed there, in the transaction that makes
 * the jobs: so whoever writes down what is to be done, within a transaction of its own, need not know of jobs, and
 * a process that dies in between leaves either both or neither. Work whose job is lost is claimed again when the
 * claim lapses; to do it twice must do no harm.
 */
export interface WaitingWork<Item extends object = object> {
  readonly name: string
  /** Whose rows the claim must see. */
  readonly authorities: readonly string[]
  /** Claims what is due, and says by ids what that is. */
  readonly claim: (transaction: Transaction) => Promise<readonly Item[]>
  run(item: Item): Promise<void>
  /** How many may be under way at once in one process. */
  readonly atOnce: number
}

export interface JobDefinitions {
  readonly daily: readonly DailyJob[]
  readonly waiting: readonly WaitingWork[]
}

/** Where what goes wrong is told. */
export interface JobLog {
  warn(about: object, message: string): void
  error(about: object, message: string): void
}

export interface Jobs {
  /** Whether the queue is there and worked at. */
  isRunning(): boolean
  /** Waits for work under way, and leaves the rest for other processes and the next start. */
  stop(): Promise<void>
}

const POLL_SECONDS = 2
const DAILY_POLL_SECONDS = 30
const HOUR_MS = 3_600_000
const DAY_SECONDS = 86_400
/** As long as work is waited for at a stop; less than a supervisor's patience. */
const GRACE_MS = 5_000
const START_AGAIN_MS = 5_000
/** Workers of one kind of work: while one waits for slow ones, another takes what else there is. */
const WORKERS = 2

/**
 * Runs jobs on pg-boss, over the service's own connections and as its own role. Polls rather than listens, so that a
 * transaction pooler can stand in between. Comes back at once; until the queue can be worked at `isRunning` is false,
 * and the start is tried again.
 */
export function startJobs(database: Database, { daily, waiting }: JobDefinitions, log: JobLog): Jobs {
  let boss: PgBoss | undefined
  let running = false
  let stopping = false
  const timers: NodeJS.Timeout[] = []
  const every = (milliseconds: number, work: () => Promise<void>): void => {
    timers.push(setInterval(() => void work(), milliseconds).unref())
  }

  const clear = (): void => {
    for (const timer of timers.splice(0)) clearInterval(timer)
  }

  const start = async (): Promise<void> => {
    const { PgBoss } = await import('pg-boss')
    boss = new PgBoss({
      db: { executeSql: (text, values) => execute(database, text, values) },
      schema: JOB_SCHEMA,
      // Its tables are made and changed by the owner, with the migrations. What it would do beside work needs the
      // owner as well (rebuilding indexes), or nobody reads it here: left out, an idle service asks little.
      migrate: false,
      createSchema: false,
      supervise: true,
      reindex: false,
      monitorVacuum: false,
      registerInstance: false,
      // Daily work is sent with a slot of a day, which needs no clock among the processes.
      schedule: false,
    })
    // Without a listener the first failing poll would end the process.
    boss.on('error', (error) => log.error({ err: error }, 'jobs: something failed, and is tried again'))
    boss.on('warning', ({ message }) => log.warn({}, `jobs: ${message}`))
    await boss.start()
    for (const job of daily) await workDaily(boss, job, log)
    for (const work of waiting) await workAt(boss, work)
    running = true
  }

  /** Sent every hour, and at every start: of one name there is one in a day, whoever sends it. */
  async function workDaily(boss: PgBoss, { name, run }: DailyJob, log: JobLog): Promise<void> {
    await boss.createQueue(name, { retryLimit: 3, retryDelay: 60, retryBackoff: true })
    const send = async (): Promise<void> => {
      try {
        await boss.send(name, null, { singletonSeconds: DAY_SECONDS })
      } catch (error) {
        log.warn({ err: error }, `jobs: ${name} could not be sent; it is in an hour`)
      }
    }
    await send()
    every(HOUR_MS, send)
    await boss.work(name, { pollingIntervalSeconds: DAILY_POLL_SECONDS }, async () => run())
  }

  async function workAt(boss: PgBoss, { name, authorities, claim, run, atOnce }: WaitingWork): Promise<void> {
    // A job that fails is not tried again as such: its claim lapses.
    await boss.createQueue(name, { retryLimit: 0, expireInSeconds: 60, deleteAfterSeconds: 3_600 })
    const workers = await Promise.all(
      Array.from({ length: WORKERS }, () =>
        boss.work(
          name,
          { batchSize: Math.ceil(atOnce / WORKERS), pollingIntervalSeconds: POLL_SECONDS },
          async (jobs) => {
            const ended = await Promise.allSettled(jobs.map(({ data }) => run(data as object)))
            for (const end of ended)
              if (end.status === 'rejected') log.error({ err: end.reason }, `jobs: ${name} failed`)
          },
        ),
      ),
    )
    let claiming = false
    every(POLL_SECONDS * 1000, async () => {
      if (claiming) return
      claiming = true
      try {
        const found = await database.write(authorities, async (transaction) => {
          const items = await claim(transaction)
          if (items.length > 0)
            await boss.insert(
              name,
              items.map((data) => ({ data })),
              {
                db: {
                  executeSql: (text, values) => transaction.client.query(text, values as unknown[]),
                },
              },
            )
          return items.length
        })
        if (found > 0) for (const worker of workers) boss.notifyWorker(worker)
      } catch (error) {
        log.error({ err: error }, `jobs: could not look for ${name}`)
      } finally {
        claiming = false
      }
    })
  }

  const startAtLast = async (): Promise<void> => {
    while (!stopping) {
      try {
        return await start()
      } catch (error) {
        log.error({ err: error }, 'jobs: could not start, so the service is not ready; trying again')
        clear()
        await boss?.stop({ graceful: false }).catch(() => {})
        await wait(START_AGAIN_MS, undefined, { ref: false })
      }
    }
  }
  const started = startAtLast()
  return {
    isRunning: () => running && !stopping,
    async stop() {
      stopping = true
      clear()
      await Promise.race([started, wait(GRACE_MS, undefined, { ref: false })])
      await boss?.stop({ graceful: true, timeout: GRACE_MS })
    },
  }
}

/**
 * One statement of pg-boss as a transaction of the service's role. Some of its texts bring a BEGIN and a COMMIT of
 * their own: the first changes nothing in ours, and the second ends it, as ours would.
 */
const execute = (
  database: Database,
  text: string,
  values: unknown[] | undefined,
  // biome-ignore lint/suspicious/noExplicitAny: the rows of pg-boss's own statements, which it alone knows
): Promise<{ rows: any[] }> =>
  database.write([], ({ client }) => client.query(text, values as unknown[] | undefined))
