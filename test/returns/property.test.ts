import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Observation } from '../../src/indicators/observation.ts'
import { PLACE_DIMENSIONS } from '../../src/indicators/populations/places.ts'
import { listReturns, withdrawReturn } from '../../src/returns/return-store.ts'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import { addDays, type Day, daysBetween } from '../../src/vocabulary/day.ts'
import type { DimensionId } from '../../src/vocabulary/dimension.ts'
import { firstDayOfYear, lastDayOfYear, parsePeriod, yearLabel } from '../../src/vocabulary/period.ts'
import { type Held, NAIVE_INDICATORS, type NaiveFigure, NaiveOracle } from '../support/naive-oracle.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { council } from '../support/random-council.ts'
import {
  cutReturn,
  INDICATORS,
  load,
  observe,
  type Records,
  SOCIAL_WORKERS_SINCE,
} from '../support/records.ts'

/** More runs than a build has time for: `PROPERTY_RUNS=500 npx vitest run test/returns`. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 24)
const SEED = process.env.PROPERTY_SEED
const LIMIT_MS = 60_000 + RUNS * 2_000

/** What the returns alone give: no reference data, no records beside them. */
const indicators = INDICATORS.filter(
  ({ kind, population, reference = [], records = [] }) =>
    kind !== 'rate' && !population.fromRecordsAlone && reference.length === 0 && records.length === 0,
)
/** Where homes lie needs postcodes, which a council at random has none of. */
const OF_POSTCODES: readonly DimensionId[] = ['placement-location', 'placement-distance', ...PLACE_DIMENSIONS]
const dimensions: DimensionId[] = [
  ...new Set(indicators.flatMap((indicator) => indicator.dimensions)),
].filter((dimension) => !OF_POSTCODES.includes(dimension))

let base: TestDatabase
beforeAll(async () => {
  base = await newDatabase()
})
afterAll(() => base?.drop())

/** A council at random, the years it has returned, the order in which they come, and days to ask about besides. */
const asked = fc.record({
  records: council({ least: 3, most: 25 }),
  years: fc
    .tuple(fc.constantFrom(2021, 2022, 2023), fc.constantFrom(3, 4))
    .map(([first, many]) => Array.from({ length: many }, (_, index) => first + index)),
  order: fc.infiniteStream(fc.nat()),
  moments: fc.array(fc.nat(1_090), { minLength: 3, maxLength: 3 }),
})

/** All years held, a quarter, a month and a day among them. */
function periodsOf(years: readonly number[], moments: readonly number[]): string[] {
  const first = firstDayOfYear(years[0]!)
  const within = (moment: number) => addDays(first, moment % daysBetween(first, lastDayOfYear(years.at(-1)!)))
  const [quarter, month, day] = moments.map(within) as [Day, Day, Day]
  const ofYear = years.find((year) => quarter <= lastDayOfYear(year))!
  return [
    ...years.map(yearLabel),
    `${yearLabel(ofYear)}Q${1 + Math.floor(((Number(quarter.slice(5, 7)) + 8) % 12) / 3)}`,
    month.slice(0, 7),
    // What a year that ends on 28 February of a leap year begins on is not for an oracle to say.
    day.endsWith('-02-28') ? addDays(day, 5) : day,
  ]
}

let next = 0
/** An authority with nothing in it: there are more of them than a build has runs. */
async function freshAuthority(): Promise<string> {
  const { code } = AUTHORITIES[next++ % AUTHORITIES.length]!
  await base.database.write([code], async (transaction) => {
    for (const { id } of await listReturns(transaction, code, { limit: 100, before: null })) {
      await withdrawReturn(transaction, code, id, 'tests')
    }
  })
  return code
}

async function loadInAnyOrder(
  authority: string,
  records: Records,
  years: readonly number[],
  order: Iterator<number>,
): Promise<void> {
  const left = [...years]
  while (left.length > 0) {
    const [year] = left.splice(order.next().value % left.length, 1)
    const sent = cutReturn(records, year!)
    const { result } = await load(base.database, authority, sent)
    expect(result).toBe('loaded')
  }
}

const words = ({ value, numerator, denominator }: NaiveFigure) =>
  numerator === null ? `${value}` : `${value} (${numerator} of ${denominator})`

/** A mean of months is no whole number, and neither is the sum. */
const areClose = (one: number | null, other: number | null) =>
  one === other || (one !== null && other !== null && Math.abs(one - other) < 1e-6)

/** What the service says otherwise than the oracle; empty where they agree. */
function disagreements(observed: readonly Observation[], oracle: NaiveOracle): string[] {
  const found: string[] = []
  const groups = Map.groupBy(
    observed,
    ({ indicator, period, breakdown }) => `${indicator}|${period}|${Object.keys(breakdown)[0] ?? ''}`,
  )
  for (const [key, observations] of groups) {
    const [indicator, period, dimension] = key.split('|') as [string, string, string]
    const expected = oracle.figures(indicator, parsePeriod(period)!, dimension || null)
    const got = new Map(
      observations.map((observation) => [Object.values(observation.breakdown)[0] ?? '', observation]),
    )
    if (expected === null) {
      if (observations.some(({ status }) => status !== 'x')) found.push(`${key}: should not be available`)
      continue
    }
    for (const category of new Set([...expected.keys(), ...got.keys()])) {
      const nobody = NAIVE_INDICATORS[indicator]!.kind === 'count' ? [0, null, null] : [null, 0, 0]
      const [value, numerator, denominator] = nobody as [number | null, number | null, number | null]
      const right = expected.get(category) ?? { value, numerator, denominator }
      const given = got.get(category) ?? { value, numerator, denominator, status: null }
      if (
        given.status === 'x' ||
        !areClose(right.value, given.value) ||
        !areClose(right.numerator, given.numerator) ||
        right.denominator !== given.denominator
      ) {
        found.push(
          `${key}=${category}: oracle ${words(right)}, service ${words(given)} ${given.status ?? ''}`,
        )
      }
    }
  }
  return found
}

test('the oracle knows every indicator that the returns alone give', () => {
  expect(Object.keys(NAIVE_INDICATORS).sort()).toEqual(indicators.map(({ id }) => id).sort())
})

test('the figures of any council, returned in any order, are those of counting child by child', {
  timeout: LIMIT_MS + 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(asked, async ({ records, years, order, moments }) => {
      const authority = await freshAuthority()
      await loadInAnyOrder(authority, records, years, order)
      const held: Held = {
        firstDay: firstDayOfYear(years[0]!),
        lastDay: lastDayOfYear(years.at(-1)!),
        workersSince: firstDayOfYear(Math.max(years[0]!, SOCIAL_WORKERS_SINCE)),
      }
      const periods = periodsOf(years, moments)
      const observed = await observe(base.database, authority, indicators, periods, dimensions)
      expect(disagreements(observed, new NaiveOracle(records, held)).slice(0, 40)).toEqual([])
    }),
    {
      numRuns: RUNS,
      // So long for finding a fault and making it small, too.
      interruptAfterTimeLimit: LIMIT_MS,
      ...(SEED ? { seed: Number(SEED) } : {}),
    },
  )
})
