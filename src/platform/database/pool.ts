import pg from 'pg'
import { Refusal } from '../../vocabulary/refusal.ts'

export interface PoolOptions {
  readonly url: string
  readonly connections: number
  /** What the server's list of connections calls these. */
  readonly name: string
  /** How long a call waits for a connection to be free. */
  readonly waitMs: number
  /** How many may wait at once: whoever comes after them would be answered too late, so is refused at once. */
  readonly mostWaiting: number
  /** How long a statement may take as seen from here: the server's own limit is no help where its answers stop. */
  readonly answerMs: number | null
}

/** Connections that are given up at known times, whatever becomes of the server or the network. */
export interface Pool {
  readonly options: PoolOptions
  /** A connection, or a refusal that says `unavailable` where there is none in time. */
  connect(): Promise<pg.PoolClient>
  /** Whether more than half of the connections are free. */
  hasToSpare(): boolean
  /** How many connections there are, how many of them are free, and how many calls wait for one. */
  counts(): { readonly total: number; readonly idle: number; readonly waiting: number }
  end(): Promise<void>
}

const CONNECT_MS = 5_000

const DATE = 1082
const TIMESTAMPTZ = 1184
const BIGINT = 20
/** Days stay text (`YYYY-MM-DD`): a JS Date would move them across time zones. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === DATE) return (text: string) => text
    if (oid === TIMESTAMPTZ) return (text: string) => new Date(text).toISOString()
    if (oid === BIGINT) return Number
    return pg.types.getTypeParser(oid, format as 'text')
  }) as pg.CustomTypesConfig['getTypeParser'],
}

export function newPool(options: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections,
    types,
    application_name: options.name,
    connectionTimeoutMillis: options.waitMs,
    idleTimeoutMillis: 30_000,
    // A peer that vanished without a word is noticed by the system, also while nothing is sent.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(options.answerMs !== null && { query_timeout: options.answerMs }),
    // The pool hands its own patience down to the connection; to open one must not take as long as to wait for one.
    Client: class extends pg.Client {
      constructor(config?: pg.ClientConfig) {
        super({ ...config, connectionTimeoutMillis: Math.min(options.waitMs, CONNECT_MS) })
      }
    },
  })
  // A server that goes away ends idle connections; without a listener that would end the process.
  pool.on('error', () => {})
  return {
    options,
    async connect() {
      if (pool.waitingCount >= options.mostWaiting)
        throw away('More calls wait for the database than it can answer in time.')
      try {
        return await pool.connect()
      } catch (fault) {
        // Whatever kept it from coming about, a code or none: there is no database for this call.
        throw away('The database can’t be reached at the moment, or all connections to it are in use.', fault)
      }
    },
    hasToSpare: () => pool.waitingCount === 0 && pool.totalCount - pool.idleCount < options.connections / 2,
    counts: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    end: () => pool.end(),
  }
}

/** A refusal of a call that no database answers; the cause is for the log. */
export function away(detail: string, cause?: unknown): Refusal {
  const refusal = new Refusal('unavailable', detail)
  if (cause !== undefined) refusal.cause = cause
  return refusal
}

/** The driver's own limit of time passed; it gives that error no code. The connection is of no more use then. */
export const isUnanswered = (fault: unknown): boolean =>
  fault instanceof Error && fault.message === 'Query read timeout'
