import Fastify from 'fastify'
import type { Ahead } from '../src/comparison/ahead.ts'
import { readConfig } from '../src/config.ts'
import { findAdmin } from '../src/platform/access/admin-key.ts'
import { callerWith } from '../src/platform/access/caller.ts'
import type { Database } from '../src/platform/database/database.ts'
import { kindNamed } from '../src/reference/kinds.ts'
import { loadReference } from '../src/reference/load-reference.ts'
import { buildService } from '../src/service.ts'
import { AUTHORITIES, REGIONS } from '../src/vocabulary/authority.ts'
import {
  type BenchDatabase,
  best,
  bestAndMedian,
  type Measured,
  median,
  say,
  timeOf,
  timesOf,
} from './machine.ts'

const KEY = 'the-admin-key-of-the-bench'
const AIM_MS = 150
const RUNS = 30

/**
 * (e) The scorecard of one council after the other: all headline indicators, three years, comparisons, none of them asked
 * for before; against a bare route of the same framework that sends the same bytes. Asked by each council itself, whose
 * grant covers no other; and by a caller who may see all, for whom what nobody has published is computed from the records
 * of the ten neighbours. And both again as a table, which is not kept: put together anew from what the statements gave.
 */
export async function measureComparing({ database }: BenchDatabase): Promise<Measured[]> {
  await publish(database)
  const cold = await scorecards(database, (code) => `council-${code}`, false)
  const itself = await scorecards(database, (code) => `council-${code}`, true)
  const everybody = await scorecards(database, () => KEY, true)

  const bare = Fastify()
  bare.get('/', async () => itself.body)
  const sent = await timesOf(RUNS, () => bare.inject({ url: '/' }))
  await bare.close()
  const line = (what: string, times: readonly number[]): Measured => ({
    what,
    measured: bestAndMedian(times),
    baseline: bestAndMedian(sent),
    ratio: best(times) / best(sent),
    aim: `median < ${AIM_MS} ms`,
    met: median(times) < AIM_MS,
  })
  const size = `${Math.round(itself.body.length / 1024)} kB`
  return [
    line(
      `(e) The scorecard of a council among 150, asked by itself and not asked before: all headline indicators, three years, comparisons; against sending its ${size}`,
      itself.times,
    ),
    line('(e) The same by a service that has only just started, before it has measured anything', cold.times),
    line(
      '(e) The same asked by one who may see every council: what is not published is computed from the neighbours’ records',
      everybody.times,
    ),
    line(
      '(e) As the first, asked again as CSV: put together anew from what the statements gave',
      itself.again,
    ),
    line('(e) As the second, asked again as CSV', everybody.again),
  ]
}

/**
 * How long the scorecards of some councils take, one after the other, from a service that has not been asked before; once
 * it has measured the headlines ahead, as it does when things are quiet, or when it has only just started.
 */
async function scorecards(
  database: Database,
  tokenFor: (code: string) => string,
  isSettled: boolean,
): Promise<{ readonly times: readonly number[]; readonly again: readonly number[]; readonly body: string }> {
  const admin = findAdmin(KEY)
  let ahead: Ahead | undefined
  const app = await buildService({
    config: readConfig({ ADMIN_API_KEY: KEY }),
    database,
    callers: async (token) => {
      const [, code] = /^council-(.+)$/.exec(token) ?? []
      return code ? callerWith('council', ['observations:read'], [code]) : admin(token)
    },
    now: () => new Date('2025-06-01T12:00:00Z'),
    logger: false,
    withAhead: (one) => {
      ahead = one
    },
  })
  if (isSettled) {
    ahead!.changed()
    say(
      `(e) headlines of all councils, measured ahead: ${Math.round(await timeOf(() => ahead!.settled()))} ms`,
    )
  }
  let body = ''
  const ask = async (code: string, format = 'json'): Promise<void> => {
    const url = `/v1/authorities/${code}/scorecard?period=2024-25&format=${format}`
    const answer = await app.inject({ url, headers: { authorization: `Bearer ${tokenFor(code)}` } })
    if (answer.statusCode !== 200)
      throw new Error(`${url} answers ${answer.statusCode}: ${answer.body.slice(0, 500)}`)
    if (format === 'json') body = answer.body
  }
  const [first, ...others] = OF_ENGLAND.slice(0, RUNS + 1)
  // The first one of all reads the published figures, once for as long as they are what they are.
  const start = await timeOf(() => ask(first!.code))
  const times: number[] = []
  for (const { code } of others) times.push(await timeOf(() => ask(code)))
  const again: number[] = []
  for (const { code } of others) again.push(await timeOf(() => ask(code, 'csv')))
  for (const measured of [times, again]) measured.sort((a, b) => a - b)
  await app.close()
  say(
    `(e) scorecards: the first ${Math.round(start)} ms, then ${bestAndMedian(times)}, again ${bestAndMedian(again)}`,
  )
  return { times, again, body }
}

const OF_ENGLAND = AUTHORITIES.filter(({ type, until }) => type !== 'synthetic' && until === undefined)

/** Two tables in the form in which the DfE publishes them, of every area and three years; the figures are invented. */
async function publish(database: Database): Promise<void> {
  const areas = [
    'National,E92000001,England,,,,,',
    ...Object.keys(REGIONS).map((code) => `Regional,E92000001,England,${code},,,,`),
    ...OF_ENGLAND.map(({ code }) => `Local authority,E92000001,England,,,,,${code}`),
  ]
  const where =
    'time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,la_name,new_la_code'
  const file = (columns: string, rows: (number: number) => readonly string[]): string =>
    [
      `${where},${columns}`,
      ...[2023, 2024, 2025].flatMap((year) =>
        areas.flatMap((area, number) => rows(number).map((row) => `${year},Reporting year,${area},${row}`)),
      ),
      '',
    ].join('\n')
  const stability = file('cla_group,placement_stability,children_count,children_percent', (number) => [
    `CLA on 31 March,With 3 or more placements during the year,${300 + number},${6 + (number % 9)}`,
    'CLA on 31 March,Total children,4000,100',
  ])
  const numbers = file('population_type,population_estimate,children_count,rate_per_10000', (number) => [
    `Children looked after on 31 March each year,98000,${500 + number},${50 + (number % 40)}`,
    `Children starting to be looked after each year,98000,${200 + number},${20 + (number % 20)}`,
  ])
  for (const text of [stability, numbers]) {
    const request = { kind: kindNamed('comparators'), set: null, dryRun: false, loadedBy: 'bench' }
    await loadReference(database, request, bytesOf(text))
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
