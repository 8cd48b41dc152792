import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Observation } from '../../src/indicators/observation.ts'
import { siblingIndicators } from '../../src/modules/stability/sibling-indicators.ts'
import { placementDetailIndicators } from '../../src/modules/sufficiency/placement-detail-indicators.ts'
import { kindNamed } from '../../src/reference/kinds.ts'
import { loadReference } from '../../src/reference/load-reference.ts'
import { listReturns, withdrawReturn } from '../../src/returns/return-store.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import { firstDayOfYear, lastDayOfYear, type Period, parsePeriod } from '../../src/vocabulary/period.ts'
import type { RecordKindName } from '../../src/vocabulary/record-kinds.ts'
import { keepRecords } from '../support/kept-records.ts'
import { careOf } from '../support/naive-care.ts'
import { type NaiveParts, naivePlacementFigures, type Where } from '../support/naive-placement-details.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { council } from '../support/random-council.ts'
import { asSent, type PlacementRecords, placementRecordsOf } from '../support/random-placement-details.ts'
import { cutReturn, load, observe } from '../support/records.ts'

const RUNS = Number(process.env.PROPERTY_RUNS ?? 6)
const LIMIT_MS = 60_000 + RUNS * 3_000

const HERE = 'E08000034'
const NEXT_DOOR = 'E08000033'
const FAR_AWAY = 'E06000052'
const YEARS = [2021, 2022, 2023, 2024]
const PERIODS = ['2020-21', '2022-23', '2023-24', '2022-23Q3', '2023-05', '2023-09-14']

/** The homes of a council at random: HD1, a digit, an A and a letter. A third each here, next door and far away. */
const where: Where = (post) => (['inside', 'next-door', 'far'] as const)[Number(post[4]) % 3]!
const DISTRICTS = { inside: HERE, 'next-door': NEXT_DOOR, far: FAR_AWAY }

let base: TestDatabase
beforeAll(async () => {
  base = await newDatabase()
  const posts = Array.from('0123456789').flatMap((digit) =>
    Array.from('ABDEFGHJLN').map((letter) => `HD1 ${digit}A${letter}`),
  )
  const give = (kind: string, lines: readonly string[]) =>
    loadReference(
      base.database,
      { kind: kindNamed(kind), set: null, table: null, dryRun: false, loadedBy: 'tests' },
      Readable.from([Buffer.from(`${lines.join('\n')}\n`)]),
      {},
    )
  await give('postcodes', [
    'pcds,oseast1m,osnrth1m,oslaua',
    'HD9 9ZZ,400000,400000,E08000034',
    ...posts.map((post) => `${post},410000,410000,${DISTRICTS[where(post)]}`),
  ])
  await give('adjacent', ['authority,adjacent_authority', `${HERE},${NEXT_DOOR}`, `${NEXT_DOOR},${HERE}`])
})
afterAll(() => base?.drop())

const asked = council({ least: 3, most: 20 }).chain((records) =>
  fc.record({ records: fc.constant(records), beside: placementRecordsOf(records) }),
)

async function startAfresh(): Promise<void> {
  await base.database.write([HERE], async (transaction) => {
    for (const { id } of await listReturns(transaction, HERE, { limit: 100, before: null }))
      await withdrawReturn(transaction, HERE, id, 'tests')
    for (const kind of ['placement_details', 'providers', 'child_needs', 'sibling_groups'])
      await transaction.query('tests.clear', `delete from care.record_${kind} where authority = $1`, [HERE])
    await transaction.query('tests.clear', 'delete from care.record_coverage where authority = $1', [HERE])
  })
}

/** Without a record of the kind by the day, or in the period, nothing is known. */
function isKnown(
  id: string,
  { details, providers, needs, siblings }: PlacementRecords,
  period: Period,
): boolean {
  const byLastDay = (days: readonly Day[]) => days.some((day) => `${day.slice(0, 7)}-01` <= period.lastDay)
  const started = details.map(({ start }) => start)
  if (id.startsWith('sibling')) return byLastDay(siblings.map(({ from }) => from))
  switch (id) {
    case 'placements-without-urn-count':
      return true
    case 'provider-matched-pct':
      return byLastDay(providers.map(({ from }) => from))
    case 'complex-needs-moved-out-count':
    case 'specialist-need-pct':
      return byLastDay(needs.map(({ from }) => from))
    case 'placed-at-distance-approved-pct':
    case 'notification-to-host-la-pct':
    case 'education-place-within-20-days-pct':
      return byLastDay(started.filter((day) => day.slice(0, 7) >= period.firstDay.slice(0, 7)))
    default:
      return byLastDay(started)
  }
}

const said = ({ status, value, numerator, denominator }: Observation): string =>
  status === 'x' ? 'x' : denominator === null ? `${value}` : `${rounded(numerator!)} of ${denominator}`
const expected = (parts: NaiveParts): string =>
  typeof parts === 'number' ? `${parts}` : `${rounded(parts[0])} of ${parts[1]}`
const rounded = (sum: number): number => Math.round(sum * 10_000) / 10_000

test('what stands beside a placement is as counting child by child and day by day has it', {
  timeout: LIMIT_MS + 60_000,
}, async () => {
  const indicators = [...placementDetailIndicators, ...siblingIndicators]
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(asked, async ({ records, beside }) => {
      await startAfresh()
      for (const year of YEARS) {
        const { result } = await load(base.database, HERE, cutReturn(records, year))
        expect(result).toBe('loaded')
      }
      for (const [kind, rows] of Object.entries(asSent(beside)))
        if (rows.length > 0) await keepRecords(base.database, HERE, kind as RecordKindName, rows)
      const held = {
        firstDay: firstDayOfYear(YEARS[0]!),
        lastDay: lastDayOfYear(YEARS.at(-1)!),
        workersSince: firstDayOfYear(YEARS[0]!),
      }
      const all = records.children.map((child) => careOf(child, records, held))
      const observed = await observe(base.database, HERE, indicators, PERIODS, [
        'age-under-16',
        'days-in-placement',
        'need-category',
      ])
      const got = new Map(
        observed.map((one) => {
          const category = Object.entries(one.breakdown).map(([name, value]) => ` ${name}:${value}`)
          return [`${one.period} ${one.indicator}${category}`, said(one)]
        }),
      )
      for (const label of PERIODS) {
        const period = parsePeriod(label)!
        for (const [figure, parts] of Object.entries(naivePlacementFigures(all, beside, period, where))) {
          const right = isKnown(figure.split(' ')[0]!, beside, period) ? expected(parts) : 'x'
          expect(`${label} ${figure}: ${got.get(`${label} ${figure}`)}`).toBe(`${label} ${figure}: ${right}`)
          if (right !== 'x' && right !== '0' && !right.endsWith(' of 0')) seen.add(figure)
        }
      }
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS },
  )
  // The councils are not too small for it: nearly every figure has had something to count.
  expect(indicators.filter(({ id }) => seen.has(id)).length).toBeGreaterThan(indicators.length * 0.75)
})
