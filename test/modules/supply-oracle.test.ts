import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { supplyIndicators } from '../../src/modules/sufficiency/supply-indicators.ts'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import { parsePeriod } from '../../src/vocabulary/period.ts'
import type { RecordKindName } from '../../src/vocabulary/record-kinds.ts'
import { keepRecords } from '../support/kept-records.ts'
import { Council, measured, NAIVE_SUPPLY, naiveSupply } from '../support/naive-supply.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { supplyOf } from '../support/random-supply.ts'
import { observe } from '../support/records.ts'

/** Figures of supply against plain sums over the same records, whatever these are. */

let base: TestDatabase
beforeAll(async () => {
  base = await newDatabase()
})
afterAll(() => base?.drop())

/** Each run has a council of its own. */
const RUNS = Math.min(Number(process.env.PROPERTY_RUNS ?? 8), AUTHORITIES.length)

const PERIODS = ['2023-24', '2024-25', '2024-25Q1', '2024-06', '2024-12-15', '2025-03-31']

test('figures of supply are what their definitions say', { timeout: 300_000 }, async () => {
  const indicators = supplyIndicators.filter(({ population }) => population.fromRecordsAlone)
  expect(Object.keys(NAIVE_SUPPLY).sort()).toEqual(indicators.map(({ id }) => id).sort())
  let next = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constant(null).chain(() => {
        const { code } = AUTHORITIES[next++]!
        return fc.tuple(fc.constant(code), supplyOf(code))
      }),
      async ([code, supply]) => {
        for (const [kind, rows] of Object.entries(supply))
          if (rows.length > 0) await keepRecords(base.database, code, kind as RecordKindName, rows)
        const council = new Council(code, supply)
        for (const dimension of [null, ...new Set(indicators.flatMap(({ dimensions }) => dimensions))]) {
          const asked = indicators.filter((one) => dimension === null || one.dimensions.includes(dimension))
          const observed = await observe(base.database, code, asked, PERIODS, dimension ? [dimension] : [])
          for (const { indicator, period, breakdown, value, status } of observed) {
            const category = dimension ? breakdown[dimension] : ''
            if (category === undefined) continue
            const expected = naiveSupply(council, indicator, parsePeriod(period)!, dimension)
            const wanted =
              expected === null
                ? { value: null, status: 'x' }
                : (expected.get(category) ?? measured(NAIVE_SUPPLY[indicator]!, []))
            const name = [indicator, period, breakdown]
            expect([name, status]).toEqual([name, wanted.status])
            if (wanted.value === null) expect([name, value]).toEqual([name, null])
            else expect(value, JSON.stringify(name)).toBeCloseTo(wanted.value, 9)
          }
          // And no category is left out in which there is something.
          for (const { id } of asked) {
            for (const period of PERIODS) {
              const expected = naiveSupply(council, id, parsePeriod(period)!, dimension)
              const given = observed.filter((one) => one.indicator === id && one.period === period)
              for (const category of expected?.keys() ?? [])
                expect(
                  given.map(({ breakdown }) => (dimension ? (breakdown[dimension] ?? '') : '')),
                ).toContain(category)
            }
          }
        }
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  )
})
