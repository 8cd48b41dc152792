import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { PoolState } from '../database/database.ts'

/** What is measured of a running service, for Prometheus. No label ever holds an address, an id or a child's value. */
export interface Metrics {
  requestBegan(): void
  requestEnded(): void
  answered(answer: {
    readonly method: string
    /** The template of the route; null where there is none. */
    readonly route: string | null
    readonly status: number
    readonly seconds: number
    /** Why it was refused; null where it was not. */
    readonly reason: string | null
  }): void
  statement(name: string, seconds: number): void
  transaction(kind: TransactionKind, seconds: number): void
  loaded(load: {
    readonly kind: string
    readonly result: string
    readonly seconds: number
    readonly rows: number
  }): void
  /** Times what takes seconds, such as a forecast. */
  timed<Asked extends readonly unknown[], Made>(
    work: string,
    make: (...asked: Asked) => Promise<Made>,
  ): (...asked: Asked) => Promise<Made>
  /** Has figures of the moment (connections, ages) measured whenever somebody asks for the metrics. */
  measureWhenAsked(measure: () => Promise<Momentary>): void
  /** Everything in the text format of Prometheus. */
  text(): Promise<string>
}

export type TransactionKind = 'read' | 'write' | 'load'

/** What is true at the moment of asking. */
export interface Momentary {
  readonly connections: readonly PoolState[]
  /** When the data of each authority last changed; null where the database can't be asked. */
  readonly changed: ReadonlyMap<string, Date> | null
}

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE

/** Around the promise of 150 ms, and up to what a load of a large return takes. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120]

export function newMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from a request to the end of its answer, by method, route template and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  })
  const inFlight = new Gauge({
    name: 'http_server_requests_in_flight',
    help: 'Requests that are being answered.',
    registers,
  })
  const problems = new Counter({
    name: 'http_server_problems_total',
    help: 'Requests that were refused or failed, by reason, as the pages under /problems name them.',
    labelNames: ['reason'],
    registers,
  })
  const statements = new Histogram({
    name: 'database_statement_duration_seconds',
    help: 'Time of a statement, by its name; the wait for a connection is not in it.',
    labelNames: ['statement'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60],
    registers,
  })
  const transactions = new Histogram({
    name: 'database_transaction_duration_seconds',
    help: 'Time of a transaction (read, write, load), the wait for a connection included.',
    labelNames: ['kind'],
    buckets: SECONDS,
    registers,
  })
  const loads = new Histogram({
    name: 'load_duration_seconds',
    help: 'Time of a load, by what was loaded (returns, records, reference) and how it ended.',
    labelNames: ['kind', 'result'],
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900],
    registers,
  })
  const rows = new Counter({
    name: 'load_rows_total',
    help: 'Rows that loads have read, by what was loaded.',
    labelNames: ['kind'],
    registers,
  })
  const works = new Histogram({
    name: 'work_duration_seconds',
    help: 'Time of what is made on a thread of its own (forecast, backtest), the wait for the thread included.',
    labelNames: ['work', 'result'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  })
  const connections = new Gauge({
    name: 'database_connections',
    help: 'Connections of each pool that are busy or idle, and who waits for one.',
    labelNames: ['pool', 'state'],
    registers,
  })
  const up = new Gauge({
    name: 'database_up',
    help: '1 when the database answered as these metrics were asked for, else 0.',
    registers,
  })
  const ages = new Gauge({
    name: 'data_age_seconds',
    help: 'Seconds since the data of an authority last changed, by GSS code; only authorities that have data.',
    labelNames: ['authority'],
    registers,
  })
  let measure: (() => Promise<Momentary>) | null = null

  function show({ connections: pools, changed }: Momentary): void {
    for (const { pool, ...states } of pools)
      for (const [state, count] of Object.entries(states)) connections.set({ pool, state }, count)
    up.set(changed === null ? 0 : 1)
    // Of an age that is not known nothing is said: a gauge that stands still would look young.
    ages.reset()
    for (const [authority, at] of changed ?? []) ages.set({ authority }, (Date.now() - at.getTime()) / 1000)
  }

  return {
    requestBegan: () => inFlight.inc(),
    requestEnded: () => inFlight.dec(),
    answered({ method, route, status, seconds, reason }) {
      requests.observe({ method, route: route ?? 'none', status }, seconds)
      if (reason !== null) problems.inc({ reason })
    },
    statement: (name, seconds) => statements.observe({ statement: name }, seconds),
    transaction: (kind, seconds) => transactions.observe({ kind }, seconds),
    loaded({ kind, result, seconds, rows: read }) {
      loads.observe({ kind, result }, seconds)
      rows.inc({ kind }, read)
    },
    timed:
      (work, make) =>
      async (...asked) => {
        const began = performance.now()
        let result = 'failed'
        try {
          const made = await make(...asked)
          result = 'made'
          return made
        } finally {
          works.observe({ work, result }, (performance.now() - began) / 1000)
        }
      },
    measureWhenAsked(another) {
      measure = another
    },
    async text() {
      if (measure) show(await measure())
      return `${await registry.metrics()}\n${await ofProcess().metrics()}`
    },
  }
}

let processRegistry: Registry | undefined

/** Memory, processor, event loop and garbage collection: one set for the process, however many services it holds. */
function ofProcess(): Registry {
  if (processRegistry) return processRegistry
  processRegistry = new Registry()
  collectDefaultMetrics({ register: processRegistry })
  return processRegistry
}
