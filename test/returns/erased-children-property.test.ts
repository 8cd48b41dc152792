import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newMasterKey, subjectOf as subjectWith } from '../../src/platform/access/master-key.ts'
import { eraseChildren } from '../../src/rights/erasure.ts'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import type { DimensionId } from '../../src/vocabulary/dimension.ts'
import { yearLabel } from '../../src/vocabulary/period.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { council } from '../support/random-council.ts'
import { cutReturn, INDICATORS, load, observe, type YearlyReturn } from '../support/records.ts'

/** More runs than a build has time for: `PROPERTY_RUNS=100 npx vitest run test/returns/erased`. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 4)

const indicators = INDICATORS.filter(
  ({ kind, population, reference = [], records = [] }) =>
    kind !== 'rate' && !population.fromRecordsAlone && reference.length === 0 && records.length === 0,
)
const DIMENSIONS: readonly DimensionId[] = ['age-band', 'sex', 'placement-type']
const YEARS = [2022, 2023, 2024]

const master = newMasterKey('of the tests')
const subjectOf = (authority: string, child: string) => subjectWith(master, authority, child)

let base: TestDatabase
beforeAll(async () => {
  base = await newDatabase()
})
afterAll(() => base?.drop())

let next = 0
const freshAuthority = () => AUTHORITIES[next++]!.code

/** A return as it would be without some children. */
const without = (sent: YearlyReturn, gone: ReadonlySet<string>): YearlyReturn => ({
  ...sent,
  tables: new Map([...sent.tables].map(([table, rows]) => [table, rows.filter(([id]) => !gone.has(id!))])),
})

test(
  'erased children leave the figures of a council that never had them',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        council({ least: 4, most: 12 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
        async (records, choices) => {
          const ids = records.children.map(({ id }) => id)
          const gone = new Set(choices.map((choice) => ids[choice % ids.length]!))
          const [erased, never] = [freshAuthority(), freshAuthority()]
          for (const year of YEARS) {
            const sent = cutReturn(records, year)
            await load(base.database, erased, sent)
            await load(base.database, never, without(sent, gone))
          }
          await base.database.load([erased], (transaction) =>
            eraseChildren(transaction, {
              authority: erased,
              children: [...gone],
              reason: 'tests',
              by: 'tests',
              subjectOf,
            }),
          )
          const periods = YEARS.map(yearLabel)
          const figures = async (authority: string) =>
            (await observe(base.database, authority, indicators, periods, DIMENSIONS)).map(
              ({ authority: _authority, ...figure }) => figure,
            )
          expect(await figures(erased)).toEqual(await figures(never))
        },
      ),
      { numRuns: RUNS },
    )
  },
  60_000 + RUNS * 10_000,
)

test('whoever loads without knowing the pseudonyms is stopped, rather than bring a child back', async () => {
  const authority = freshAuthority()
  const [records] = fc.sample(council({ least: 2, most: 2 }), { numRuns: 1, seed: 1 })
  const sent = cutReturn(records!, 2024)
  await load(base.database, authority, sent)
  await base.database.load([authority], (transaction) =>
    eraseChildren(transaction, {
      authority,
      children: [records!.children[0]!.id],
      reason: 'tests',
      by: 'tests',
      subjectOf,
    }),
  )
  await expect(load(base.database, authority, cutReturn(records!, 2023))).rejects.toThrow('pseudonyms')
})
