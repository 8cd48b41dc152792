import type pg from 'pg'
import { everySingleBreakdown } from '../src/indicators/breakdown.ts'
import { newDataVersions } from '../src/indicators/data-versions.ts'
import { type Figures, newFigures, type Question } from '../src/indicators/figures.ts'
import type { Database } from '../src/platform/database/database.ts'
import { readCoverage } from '../src/returns/return-store.ts'
import { catalogue } from '../src/service.ts'
import { csvFiles, syntheticReturns } from '../src/synthetic/synthetic-council.ts'
import { AUTHORITIES, SYNTHETIC_AUTHORITY } from '../src/vocabulary/authority.ts'
import { yearPeriod } from '../src/vocabulary/period.ts'
import { loadOne } from './loading.ts'
import {
  type Bench,
  type BenchDatabase,
  best,
  bestAndMedian,
  type Measured,
  median,
  say,
  thousands,
  timesOf,
} from './machine.ts'

const RUNS = 15
const COUNCILS = 150
const YEARS = [2021, 2022, 2023, 2024, 2025]
const AIM_MS = 250

/** A council of 1,200 children in care with ten years of returns. */
export async function loadCouncil(bench: Bench): Promise<BenchDatabase> {
  const held = await bench.newDatabase()
  const childrenInCare = bench.quick ? 120 : 1_200
  for (const made of syntheticReturns({ seed: 903, firstYear: 2016, lastYear: 2025, childrenInCare })) {
    await loadOne(
      held.database,
      made,
      csvFiles(made).map(({ name, text }) => ({ name, bytes: Buffer.from(text) })),
    )
  }
  return held
}

/**
 * (b) Every indicator with every single breakdown for five reporting years of one council, the way a request takes
 * (a transaction of its own, versions and coverage read), by a service that has not been asked before, against one
 * sequential count of the same episodes. (c) The same with 149 other councils in the tables, at first and again, as for
 * the next page of the answer: then what the statements gave is still kept.
 */
export async function measureComputing(
  bench: Bench,
  { database, admin }: BenchDatabase,
  which: ReadonlySet<string>,
): Promise<Measured[]> {
  const newService = () =>
    newFigures(
      database,
      catalogue,
      newDataVersions(
        database,
        AUTHORITIES.map(({ code }) => code),
      ),
      readCoverage,
    )
  // What autovacuum does within minutes of a load.
  await admin.query('vacuum analyze')
  const alone = await timesOf(RUNS, () => observe(newService()))
  const observations = await observe(newService())
  const counting = await timesOf(RUNS, () => countEpisodes(database))
  say(`(b) ${thousands(observations)} observations: ${bestAndMedian(alone)}`)
  const results: Measured[] = []
  if (which.has('b')) {
    results.push({
      what: `(b) All ${catalogue.indicators.length} indicators with every single breakdown, five years (${thousands(observations)} observations), not asked before, against a sequential count(*) of the council's episodes`,
      measured: bestAndMedian(alone),
      baseline: bestAndMedian(counting),
      ratio: best(alone) / best(counting),
      aim: `median < ${AIM_MS} ms`,
      met: median(alone) < AIM_MS,
    })
  }
  if (which.has('c')) {
    const episodes = await addOtherCouncils(bench, { admin })
    const among = await timesOf(RUNS, () => observe(newService()))
    const figures = newService()
    const again = await timesOf(RUNS, () => observe(figures))
    say(`(c) among ${thousands(episodes)} episodes: ${bestAndMedian(among)}, again ${bestAndMedian(again)}`)
    results.push({
      what: `(c) The same with ${bench.quick ? 10 : COUNCILS} councils in the database (${thousands(episodes)} episodes), against (b)`,
      measured: bestAndMedian(among),
      baseline: bestAndMedian(alone),
      ratio: best(among) / best(alone),
      aim: '≤ 1.5',
      met: best(among) / best(alone) <= 1.5,
    })
    results.push({
      what: '(c) The same asked again of the same service, as for the next page, against the first time',
      measured: bestAndMedian(again),
      baseline: bestAndMedian(among),
      ratio: median(again) / median(among),
      aim: `median < ${AIM_MS} ms`,
      met: median(again) < AIM_MS,
    })
  }
  return results
}

const QUESTION: Question = {
  indicators: catalogue.indicators,
  authorities: [SYNTHETIC_AUTHORITY.code],
  periods: YEARS.map(yearPeriod),
  breakdowns: everySingleBreakdown(catalogue.indicators),
}

async function observe(figures: Figures): Promise<number> {
  const { observations } = await figures.observe(QUESTION, { from: null, limit: 1_000_000 })
  return observations.length
}

async function countEpisodes(database: Database): Promise<void> {
  await database.read([SYNTHETIC_AUTHORITY.code], async (transaction) => {
    await transaction.query(
      'bench.sequential',
      `select set_config('enable_indexscan', 'off', true), set_config('enable_indexonlyscan', 'off', true),
              set_config('enable_bitmapscan', 'off', true)`,
    )
    await transaction.query('bench.count', 'select count(*) from care.episode e where e.authority = $1', [
      SYNTHETIC_AUTHORITY.code,
    ])
  })
}

/** What figures are made from. */
const FIGURE_TABLES = [
  'return',
  'authority_state',
  'child',
  'episode',
  'placement',
  'period_of_care',
  'social_worker_episode',
  'returned_placed_adoption',
  'missing_incident',
  'outcome',
  'deprivation_of_liberty',
  'care_leaver_history',
  'care_leaver',
  'review',
  'review_due',
  'adoption_step',
  'adopted_child',
]

/** The other councils' records beside those of the one; gives the number of episodes then. */
export async function addOtherCouncils(
  { quick }: Pick<Bench, 'quick'>,
  { admin }: Pick<BenchDatabase, 'admin'>,
): Promise<number> {
  const episodes = await addCouncils(admin, quick ? 10 : COUNCILS)
  // What autovacuum does within minutes of a load.
  await admin.query('vacuum analyze')
  return episodes
}

/** Fills the tables with copies of the one council under other councils' codes; gives the number of episodes then. */
async function addCouncils(admin: pg.Client, councils: number): Promise<number> {
  const others = AUTHORITIES.map(({ code }) => code)
    .filter((code) => code !== SYNTHETIC_AUTHORITY.code)
    .slice(0, councils - 1)
  for (const table of FIGURE_TABLES) {
    const columns = await admin.query<{ names: string }>(
      `select string_agg(quote_ident(c.column_name), ', ' order by c.ordinal_position) as names
         from information_schema.columns c
        where c.table_schema = 'care' and c.table_name = $1 and c.column_name <> 'authority'`,
      [table],
    )
    const { names } = columns.rows[0]!
    await admin.query(
      `insert into care.${table} (authority, ${names})
       select other.authority_code, ${names}
         from unnest($1::text[]) as other(authority_code)
        cross join (select ${names} from care.${table} where authority = $2) own`,
      [others, SYNTHETIC_AUTHORITY.code],
    )
  }
  const counted = await admin.query<{ episodes: number }>(
    'select count(*)::int as episodes from care.episode',
  )
  return counted.rows[0]!.episodes
}
