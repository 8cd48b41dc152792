import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Database, openDatabase } from '../src/platform/database/database.ts'
import { joinEmbeddedServer } from '../src/platform/database/embedded-server.ts'
import { migrate } from '../src/platform/database/migrate.ts'

/** A PostgreSQL server of the run's own, as `npm start` starts it, that leaves nothing behind. */
export interface Bench {
  readonly quick: boolean
  /** The machine in words, for the line above the table. */
  readonly machine: string
  /** A migrated, empty database. */
  newDatabase(): Promise<BenchDatabase>
  end(): Promise<void>
}

export interface BenchDatabase {
  readonly url: string
  /** As the service reaches it: under its role and row-level security. */
  readonly database: Database
  /** As the superuser, for what the service does not do. */
  readonly admin: pg.Client
  drop(): Promise<void>
}

/** One line of the table. */
export interface Measured {
  readonly what: string
  readonly measured: string
  readonly baseline: string
  readonly ratio: number
  readonly aim: string
  readonly met: boolean
}

export async function openBench(quick: boolean): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'corporate-parenting-bench-'))
  const server = await joinEmbeddedServer(folder)
  let made = 0
  return {
    quick,
    machine: await describe(server.adminUrl),
    async newDatabase() {
      const name = `bench_${++made}`
      await asAdmin(server.adminUrl, (admin) => admin.query(`create database ${name}`))
      const url = new URL(server.adminUrl)
      url.pathname = `/${name}`
      await migrate(url.href)
      const admin = new pg.Client({ connectionString: url.href })
      // When a measurement fails, the server stops under this connection: what is told then is why it failed.
      admin.on('error', () => {})
      await admin.connect()
      const database = openDatabase({ url: url.href })
      return {
        url: url.href,
        database,
        admin,
        async drop() {
          await database.close()
          await admin.end()
          await asAdmin(server.adminUrl, (other) => other.query(`drop database ${name} with (force)`))
        },
      }
    },
    async end() {
      await server.leave()
      await rm(folder, { recursive: true, force: true })
      // As root the server lies beside the folder, where its system user can reach it.
      if (!server.folder.startsWith(folder)) await rm(server.folder, { recursive: true, force: true })
    },
  }
}

async function describe(adminUrl: string): Promise<string> {
  const version = await asAdmin(adminUrl, async (admin) => {
    const result = await admin.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    )
    return result.rows[0]!.version
  })
  const processors = cpus()
  return [
    `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores`,
    `${Math.round(totalmem() / 1024 ** 3)} GB of memory`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    `PostgreSQL ${version} (embedded)`,
  ].join(' · ')
}

async function asAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

/** Runs some work several times and gives how long each took, in milliseconds, in ascending order. */
export async function timesOf(runs: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) times.push(await timeOf(work))
  return times.sort((a, b) => a - b)
}

export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Of times in ascending order. */
export const best = (times: readonly number[]): number => times[0]!
export const median = (times: readonly number[]): number => times[Math.floor(times.length / 2)]!

export const inMs = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
export const bestAndMedian = (times: readonly number[]): string =>
  `${inMs(best(times))} (median ${inMs(median(times))})`
export const thousands = (number: number): string => Math.round(number).toLocaleString('en-GB')

/** What is going on, beside the table: to the terminal and not into it. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
