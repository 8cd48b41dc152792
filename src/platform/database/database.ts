import { setTimeout as wait } from 'node:timers/promises'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import type pg from 'pg'
import { Refusal } from '../../vocabulary/refusal.ts'
import { isMigrated, SERVICE_ROLE } from './migrate.ts'
import { away, isUnanswered, newPool, type Pool } from './pool.ts'
import { newReplica } from './replica.ts'

/**
 * The way to the data: transactions that run as the service's role and see the rows of the authorities they name,
 * and no others. Nothing outlives a transaction on a connection, so a transaction pooler can stand in between.
 */
export interface Database {
  /** Reads, from one snapshot; from the replica where there is one that knows all that this process has seen. */
  read<T>(authorities: readonly string[], work: (transaction: Transaction) => Promise<T>): Promise<T>
  /**
   * Writes; commits when `work` is done, and rolls back when it throws. `work` runs a second time where the database
   * asks for it (a deadlock), so it has no effect but what it writes.
   */
  write<T>(authorities: readonly string[], work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Like `write`, from connections of its own, without a limit of time, and once: loads must not starve the readers. */
  load<T>(authorities: readonly string[], work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Whether the database answers and its schema is complete. */
  isReady(): Promise<boolean>
  /** The connections of each pool at this moment, for whoever watches. */
  connections(): readonly PoolState[]
  close(): Promise<void>
}

export interface PoolState {
  readonly pool: string
  readonly busy: number
  readonly idle: number
  /** Who waits for a connection. */
  readonly waiting: number
}

export interface Transaction {
  /** Runs one statement; its name says in logs and plans whose it is. */
  query<Row extends pg.QueryResultRow>(
    name: string,
    text: string,
    values?: readonly unknown[],
  ): Promise<Row[]>
  /** Plain reads and writes by Drizzle. */
  readonly orm: NodePgDatabase
  /** The connection, for COPY. */
  readonly client: pg.PoolClient
  /**
   * Runs work on a second connection that sees the very same snapshot, so that two statements can run at once. Null in
   * a transaction that writes, whose rows no other connection sees, and where no connection is free: then there is
   * nothing to gain.
   */
  alongside<T>(work: (other: Transaction) => Promise<T>): Promise<T> | null
}

export interface DatabaseOptions {
  readonly url: string
  /** A replica to read from while it is fresh. */
  readonly readUrl?: string | null
  /** Connections for reads and small writes. */
  readonly connections?: number
  /** Returns that may load side by side. */
  readonly loads?: number
  /** Takes what is worth a line in the log: that the replica is left, and that it is back. */
  readonly onRemark?: (remark: string) => void
}

const WAIT_FOR_CONNECTION_MS = 5_000
const WAITING_PER_CONNECTION = 25
const LOAD_WAITS_MS = 10 * 60_000
const LOADS_WAITING = 100

/** How a transaction begins, and what may take how long in it. */
interface Kind {
  readonly begin: string
  readonly statementMs: number
  /** Waiting for a row or a table that another transaction holds. */
  readonly lockMs: number
  /** Between two statements: a process that hangs must not keep its locks. */
  readonly idleMs: number
}

const STATEMENT_MS = 20_000
const READ: Kind = {
  begin: 'begin isolation level repeatable read read only',
  statementMs: STATEMENT_MS,
  lockMs: 5_000,
  idleMs: 60_000,
}
const WRITE: Kind = { begin: 'begin', statementMs: STATEMENT_MS, lockMs: 10_000, idleMs: 60_000 }
// A return may come over a slow line, and waits for those before it.
const LOAD: Kind = { begin: 'begin', statementMs: 0, lockMs: 15 * 60_000, idleMs: 15 * 60_000 }

export function openDatabase(options: DatabaseOptions): Database {
  const connections = options.connections ?? 10
  const small = {
    connections,
    waitMs: WAIT_FOR_CONNECTION_MS,
    mostWaiting: connections * WAITING_PER_CONNECTION,
    // The server gives a statement up first, and says so in words.
    answerMs: STATEMENT_MS + 3_000,
  }
  const pool = newPool({ ...small, url: options.url, name: 'corporate-parenting-api' })
  const loadPool = newPool({
    url: options.url,
    connections: options.loads ?? 4,
    name: 'corporate-parenting-load',
    waitMs: LOAD_WAITS_MS,
    mostWaiting: LOADS_WAITING,
    answerMs: null,
  })
  const replica = options.readUrl
    ? newReplica({
        primaryUrl: options.url,
        pool: newPool({ ...small, url: options.readUrl, name: 'corporate-parenting-read' }),
        onRemark: options.onRemark ?? (() => {}),
      })
    : null

  const written = async <T>(
    from: Pool,
    kind: Kind,
    authorities: readonly string[],
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> => {
    let at = 0
    const result = await transaction(from, kind, authorities, work, {
      ...(replica && {
        afterCommit: async (client) => {
          at = await flushedOn(client)
        },
      }),
    })
    if (replica) await replica.follows(at)
    return result
  }

  return {
    async read(authorities, work) {
      if (replica && (await replica.mayAnswer())) {
        try {
          return await transaction(replica.pool, READ, authorities, work)
        } catch (fault) {
          if (!isOfReplica(fault)) throw fault
          replica.failed(fault)
        }
      }
      return transaction(pool, READ, authorities, work, {
        ...(replica && { onSnapshot: async (client) => replica.seen(await flushedOn(client)) }),
      })
    },
    async write(authorities, work) {
      try {
        return await written(pool, WRITE, authorities, work)
      } catch (fault) {
        if (!RUN_AGAIN.includes(codeOf(fault))) throw fault
        // Two that waited for each other should not meet again at once.
        await wait(10 + Math.random() * 40)
        return written(pool, WRITE, authorities, work)
      }
    },
    load: (authorities, work) => written(loadPool, LOAD, authorities, work),
    async isReady() {
      return transaction(pool, READ, [], ({ client }) => isMigrated(client))
    },
    connections: () => [
      stateOf('calls', pool),
      stateOf('loads', loadPool),
      ...(replica ? [stateOf('replica', replica.pool)] : []),
    ],
    async close() {
      await Promise.all([pool.end(), loadPool.end(), replica?.close()])
    },
  }
}

const stateOf = (name: string, pool: Pool): PoolState => {
  const { total, idle, waiting } = pool.counts()
  return { pool: name, busy: total - idle, idle, waiting }
}

interface Besides {
  /** Another transaction's snapshot, to see what it sees. */
  readonly snapshot?: string
  /** Called when the snapshot is taken, before the work. */
  readonly onSnapshot?: (client: pg.PoolClient) => Promise<void>
  readonly afterCommit?: (client: pg.PoolClient) => Promise<void>
}

async function transaction<T>(
  pool: Pool,
  kind: Kind,
  authorities: readonly string[],
  work: (transaction: Transaction) => Promise<T>,
  besides: Besides = {},
): Promise<T> {
  const client = await pool.connect()
  // A connection that breaks while idle inside the transaction fails the next statement; that is enough.
  const ignore = () => {}
  client.on('error', ignore)
  let lost: Error | undefined
  let committing = false
  try {
    await client.query(beginning(client, kind, authorities, besides))
    await besides.onSnapshot?.(client)
    const result = await work(
      newTransaction(client, (other) => {
        if (kind !== READ || !pool.hasToSpare()) return null
        return client
          .query<{ snapshot: string }>('select pg_export_snapshot() as snapshot')
          .then(({ rows }) => transaction(pool, READ, authorities, other, { snapshot: rows[0]!.snapshot }))
      }),
    )
    committing = kind !== READ
    await client.query('commit')
    committing = false
    await besides.afterCommit?.(client)
    return result
  } catch (fault) {
    if (isUnanswered(fault)) {
      lost = fault as Error
      if (!committing) throw new Refusal('timeout', 'The database did not answer within the time allowed.')
    } else
      await client.query('rollback').catch((rollbackFault: Error) => {
        lost = rollbackFault
      })
    if (lost === undefined || fault instanceof Refusal) throw fault
    throw away(committing ? UNKNOWN_OUTCOME : 'The connection to the database was lost.', fault)
  } finally {
    client.removeListener('error', ignore)
    client.release(lost)
  }
}

/**
 * The statements that a transaction begins with, in one message: every call waits for them. What they set is local to
 * the transaction: nothing of one caller is left on the connection for the next.
 */
function beginning(
  client: pg.PoolClient,
  { begin, statementMs, lockMs, idleMs }: Kind,
  authorities: readonly string[],
  { snapshot }: Besides,
): string {
  // Compiling expressions (jit) costs more than these statements take.
  const settings = {
    role: SERVICE_ROLE,
    'app.authorities': authorities.join(','),
    statement_timeout: `${statementMs}`,
    lock_timeout: `${lockMs}`,
    idle_in_transaction_session_timeout: `${idleMs}`,
    jit: 'off',
  }
  const set = Object.entries(settings).map(
    ([name, value]) => `set_config('${name}', ${client.escapeLiteral(value)}, true)`,
  )
  const follow = snapshot === undefined ? '' : `set transaction snapshot ${client.escapeLiteral(snapshot)}; `
  return `${begin}; ${follow}select ${set.join(', ')}`
}

const UNKNOWN_OUTCOME =
  'The connection to the database was lost while the change was being kept: it may have been made. Look, or repeat the call with the same Idempotency-Key.'

/** The database asks to run the transaction again: it could not be put in order with another, or each waited for the other. */
const RUN_AGAIN = ['40001', '40P01']

const codeOf = (fault: unknown): string => {
  const { code, cause } = (fault ?? {}) as { code?: unknown; cause?: unknown }
  return typeof code === 'string' ? code : cause ? codeOf(cause) : ''
}

/** The replica's trouble and not the question's: it is away, or what it replays took away what was being read. */
const isOfReplica = (fault: unknown): boolean =>
  (fault instanceof Refusal && fault.reason === 'unavailable') ||
  RUN_AGAIN.includes(codeOf(fault)) ||
  /^(?:08|57P|53)/.test(codeOf(fault))

/** Up to where the log is safe on disk, as bytes: all that a snapshot taken before shows, and all that was committed. */
async function flushedOn(client: Pick<pg.ClientBase, 'query'>): Promise<number> {
  const { rows } = await client.query<{ at: string }>(
    `select pg_current_wal_flush_lsn() - '0/0'::pg_lsn as at`,
  )
  return Number(rows[0]!.at)
}

function newTransaction(client: pg.PoolClient, alongside: Transaction['alongside']): Transaction {
  let orm: NodePgDatabase | undefined
  return {
    client,
    alongside,
    get orm() {
      orm ??= drizzle(client)
      return orm
    },
    async query<Row extends pg.QueryResultRow>(name: string, text: string, values: readonly unknown[] = []) {
      const result = await client.query<Row>(`/* ${name} */ ${text}`, [...values])
      return result.rows
    },
  }
}
