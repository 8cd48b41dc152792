import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { SERVICE_ROLE } from './migrate.ts'

/**
 * The way to the data: transactions that run as the service's role and see the rows of the authorities they name,
 * and no others. Nothing outlives a transaction on a connection, so a transaction pooler can stand in between.
 */
export interface Database {
  /** Reads, from one snapshot. */
  read<T>(authorities: readonly string[], work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Writes; commits when `work` is done, and rolls back when it throws. */
  write<T>(authorities: readonly string[], work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Like `write`, from connections of its own and without a limit of time: loads must not starve the readers. */
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
  /** Connections for reads and small writes. */
  readonly connections?: number
  /** Returns that may load side by side. */
  readonly loads?: number
}

const READ_TIMEOUT_MS = 20_000
const WAIT_FOR_CONNECTION_MS = 10_000

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

export function openDatabase(options: DatabaseOptions): Database {
  const pool = newPool(
    options.url,
    options.connections ?? 10,
    'corporate-parenting-api',
    WAIT_FOR_CONNECTION_MS,
  )
  // A load waits its turn, however long the ones before it take.
  const loadPool = newPool(options.url, options.loads ?? 4, 'corporate-parenting-load', 0)
  return {
    read: (authorities, work) =>
      transaction(
        pool,
        'begin isolation level repeatable read read only',
        authorities,
        READ_TIMEOUT_MS,
        work,
      ),
    write: (authorities, work) => transaction(pool, WRITE, authorities, READ_TIMEOUT_MS, work),
    load: (authorities, work) => transaction(loadPool, WRITE, authorities, 0, work),
    async isReady() {
      const result = await pool.query(`select to_regclass('care.episode') is not null as complete`)
      return result.rows[0]?.complete === true
    },
    connections: () => [stateOf('calls', pool), stateOf('loads', loadPool)],
    async close() {
      await Promise.all([pool.end(), loadPool.end()])
    },
  }
}

const stateOf = (pool: string, { totalCount, idleCount, waitingCount }: pg.Pool): PoolState => ({
  pool,
  busy: totalCount - idleCount,
  idle: idleCount,
  waiting: waitingCount,
})

function newPool(connectionString: string, max: number, name: string, waitMs: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    types,
    application_name: name,
    connectionTimeoutMillis: waitMs,
    idleTimeoutMillis: 30_000,
  })
  // A server that goes away ends idle connections; without a listener that would end the process.
  pool.on('error', () => {})
  return pool
}

const READ = 'begin isolation level repeatable read read only'
const WRITE = 'begin'

async function transaction<T>(
  pool: pg.Pool,
  begin: string,
  authorities: readonly string[],
  timeoutMs: number,
  work: (transaction: Transaction) => Promise<T>,
  snapshot: string | null = null,
): Promise<T> {
  const client = await pool.connect()
  // A connection that breaks while idle inside the transaction fails the next statement; that is enough.
  const ignore = () => {}
  client.on('error', ignore)
  let broken: Error | undefined
  try {
    await client.query(begin)
    if (snapshot !== null) await client.query(`set transaction snapshot ${client.escapeLiteral(snapshot)}`)
    // Local to the transaction: nothing of one caller is left on the connection for the next.
    // Compiling expressions (jit) costs more than these statements take.
    await client.query(
      `select set_config('role', $1, true), set_config('app.authorities', $2, true),
              set_config('statement_timeout', $3, true), set_config('jit', 'off', true)`,
      [SERVICE_ROLE, authorities.join(','), String(timeoutMs)],
    )
    const result = await work(
      newTransaction(client, (other) => {
        if (begin !== READ || !hasConnectionToSpare(pool)) return null
        return client
          .query<{ snapshot: string }>('select pg_export_snapshot() as snapshot')
          .then(({ rows }) => transaction(pool, READ, authorities, timeoutMs, other, rows[0]!.snapshot))
      }),
    )
    await client.query('commit')
    return result
  } catch (fault) {
    await client.query('rollback').catch((rollbackFault: Error) => {
      broken = rollbackFault
    })
    throw fault
  } finally {
    client.removeListener('error', ignore)
    client.release(broken)
  }
}

/** Half of the connections stay for those who ask for one at all. */
const hasConnectionToSpare = (pool: pg.Pool): boolean =>
  pool.waitingCount === 0 && pool.totalCount - pool.idleCount < pool.options.max / 2

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
