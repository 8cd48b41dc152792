import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Database } from '../src/platform/database/database.ts'
import { type IncomingFile, loadReturn } from '../src/returns/load-return.ts'
import { csvFiles, type SyntheticReturn, syntheticReturns } from '../src/synthetic/synthetic-council.ts'
import { SYNTHETIC_AUTHORITY } from '../src/vocabulary/authority.ts'
import { firstDayOfYear, lastDayOfYear } from '../src/vocabulary/period.ts'
import { TABLES } from '../src/vocabulary/ssda903.ts'
import { type Bench, best, type Measured, median, say, thousands, timeOf } from './machine.ts'

const PIECE = 64 * 1024
/** Children in care whose return of a year has half a million rows. */
const LARGE = 44_600

/**
 * (a) A whole load from CSV in memory, all checks and derivations and the commit, against PostgreSQL's own COPY of
 * the rows that it kept into tables with the same columns and keys, committed as well. In turns, so that a slow
 * moment of the machine meets both.
 */
export async function measureLoading(bench: Bench): Promise<Measured[]> {
  const childrenInCare = bench.quick ? LARGE / 20 : LARGE
  const [made] = syntheticReturns({ seed: 903, firstYear: 2025, lastYear: 2025, childrenInCare })
  const loads: number[] = []
  const copies: number[] = []
  let rows = 0
  for (let run = 0; run < 3; run++) {
    const { database, admin, drop } = await bench.newDatabase()
    const files = csvFiles(made!).map(({ name, text }) => ({ name, bytes: Buffer.from(text) }))
    const load = await timeOf(async () => {
      rows = await loadOne(database, made!, files)
    })
    const texts = await textsOf(admin)
    const copy = await timeOf(() => copyInto(admin, texts))
    say(`(a) ${thousands(rows)} rows: load ${Math.round(load)} ms, COPY ${Math.round(copy)} ms`)
    loads.push(load)
    copies.push(copy)
    await drop()
  }
  loads.sort((a, b) => a - b)
  copies.sort((a, b) => a - b)
  const ratio = best(copies) / best(loads)
  const perSecond = (times: number[]): string =>
    `${thousands((rows / best(times)) * 1000)} rows/s (median ${thousands((rows / median(times)) * 1000)})`
  return [
    {
      what: `(a) Load of a return of ${thousands(rows)} rows, against COPY of them`,
      measured: perSecond(loads),
      baseline: perSecond(copies),
      ratio,
      aim: '≥ 0.2 (goal 0.5)',
      met: ratio >= 0.2,
    },
  ]
}

/** Loads a return of the synthetic council, and gives the number of its rows. */
export async function loadOne(
  database: Database,
  { year }: SyntheticReturn,
  files: readonly { name: string; bytes: Buffer }[],
): Promise<number> {
  const { record } = await loadReturn(
    database,
    {
      authority: SYNTHETIC_AUTHORITY,
      year,
      coversFrom: firstDayOfYear(year),
      coversTo: lastDayOfYear(year),
      partially: false,
      dryRun: false,
      loadedBy: 'bench',
    },
    incoming(files),
  )
  return record.summary.rowsRead
}

async function* incoming(files: readonly { name: string; bytes: Buffer }[]): AsyncGenerator<IncomingFile> {
  for (const { name, bytes } of files) yield { name, bytes: piecesOf(bytes) }
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += PIECE) yield bytes.subarray(start, start + PIECE)
}

/** The rows of a return as COPY's text, by table. */
async function textsOf(admin: pg.Client): Promise<Map<string, Buffer>> {
  const texts = new Map<string, Buffer>()
  for (const { relation } of TABLES) {
    const chunks: Buffer[] = []
    for await (const chunk of admin.query(copyTo(`copy care.${relation} to stdout`))) chunks.push(chunk)
    texts.set(relation, Buffer.concat(chunks))
  }
  // Tables like the service's own, but for row-level security, with which COPY does not go together.
  await admin.query('create schema plain')
  for (const { relation } of TABLES) {
    await admin.query(`create table plain.${relation} (like care.${relation} including indexes)`)
  }
  return texts
}

async function copyInto(admin: pg.Client, texts: ReadonlyMap<string, Buffer>): Promise<void> {
  await admin.query('begin')
  for (const [relation, text] of texts) {
    await pipeline(Readable.from(piecesOf(text)), admin.query(copyFrom(`copy plain.${relation} from stdin`)))
  }
  await admin.query('commit')
}
