import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listReturns, withdrawReturn } from '../../src/returns/return-store.ts'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { council } from '../support/random-council.ts'
import { cutReturn, load, type Records, type YearlyReturn } from '../support/records.ts'

/** More runs than a build has time for: `PROPERTY_RUNS=200 npx vitest run test/returns`. */
const RUNS = Math.ceil(Number(process.env.PROPERTY_RUNS ?? 24) / 4)
/** A fault is made small for half a minute, not for ever. */
const CHECKS = { numRuns: RUNS, interruptAfterTimeLimit: 30_000 + RUNS * 1_000 }
const TIMEOUT_MS = CHECKS.interruptAfterTimeLimit + 30_000
const YEARS = [2022, 2023, 2024, 2025]
const HISTORY = ['child', 'episode', 'placement', 'period_of_care', 'social_worker_episode']

let base: TestDatabase
beforeAll(async () => {
  base = await newDatabase()
})
afterAll(() => base?.drop())

let next = 0
const nextAuthority = (): string => AUTHORITIES[next++ % AUTHORITIES.length]!.code

interface State {
  readonly dataVersion: string
  readonly history: Readonly<Record<string, readonly string[]>>
}

/** All that figures are made from, but for whose it is. */
async function stateOf(authority: string): Promise<State> {
  return base.database.read([authority], async (transaction) => {
    const history: Record<string, string[]> = {}
    for (const table of HISTORY) {
      const rows = await transaction.query<{ row: string }>(
        `test.${table}`,
        `select (to_jsonb(t) - 'authority')::text as row from care.${table} t where t.authority = $1`,
        [authority],
      )
      history[table] = rows.map(({ row }) => row).sort()
    }
    const [state] = await transaction.query<{ dataVersion: string }>(
      'test.state',
      'select s.data_version as "dataVersion" from care.authority_state s where s.authority = $1',
      [authority],
    )
    return { dataVersion: state?.dataVersion ?? '', history }
  })
}

const withdraw = (authority: string, id: string): Promise<boolean> =>
  base.database.write([authority], (transaction) => withdrawReturn(transaction, authority, id, 'tests'))

const returnsOf = (authority: string) =>
  base.database.read([authority], (transaction) =>
    listReturns(transaction, authority, { limit: 100, before: null }),
  )

/** An authority that holds these returns, loaded in the order given. */
async function authorityWith(sent: readonly YearlyReturn[]): Promise<string> {
  const authority = nextAuthority()
  for (const { id } of await returnsOf(authority)) await withdraw(authority, id)
  for (const one of sent) await load(base.database, authority, one)
  return authority
}

const cut = (all: Records) => YEARS.map((year) => cutReturn(all, year))
const some = council({ least: 2, most: 8 })
const anyOrder = fc.shuffledSubarray(YEARS, { minLength: 2, maxLength: YEARS.length })

describe('the history', () => {
  test('is the same in whichever order the returns came, years that are missing included', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(some, anyOrder, async (all, order) => {
        const sent = cut(all)
        const inOrder = await authorityWith(sent.filter(({ year }) => order.includes(year)))
        const expected = await stateOf(inOrder)
        const shuffled = await authorityWith(order.map((year) => sent.find((one) => one.year === year)!))
        expect(await stateOf(shuffled)).toEqual(expected)
      }),
      CHECKS,
    )
  })

  test('is that of the new return where a year came again, and that of the old one when it is withdrawn', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(some, some, fc.constantFrom(...YEARS), async (all, others, year) => {
        const [sent, corrected] = [cut(all), cutReturn(others, year)]
        const authority = await authorityWith(sent)
        const before = await stateOf(authority)

        const again = await load(base.database, authority, corrected)
        const fresh = await authorityWith(sent.map((one) => (one.year === year ? corrected : one)))
        expect(await stateOf(authority)).toEqual(await stateOf(fresh))

        // A council can be the same by chance: then there is nothing to withdraw.
        if (again.result === 'loaded') expect(await withdraw(authority, again.record.id)).toBe(true)
        expect(await stateOf(authority)).toEqual(before)
      }),
      CHECKS,
    )
  })

  test('is as if a return had never come when it is withdrawn', { timeout: TIMEOUT_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(some, fc.constantFrom(...YEARS), async (all, year) => {
        const sent = cut(all)
        const without = await stateOf(await authorityWith(sent.filter((one) => one.year !== year)))
        const authority = await authorityWith(sent)
        const withdrawn = (await returnsOf(authority)).find((one) => one.year === year)!
        await withdraw(authority, withdrawn.id)
        expect(await stateOf(authority)).toEqual(without)
      }),
      CHECKS,
    )
  })
})

test('the same bytes again change nothing, and say so', async () => {
  const [all] = fc.sample(some, { numRuns: 1, seed: 903 })
  const [first, second] = cut(all!) as [YearlyReturn, YearlyReturn]
  const authority = await authorityWith([first, second])
  const before = await stateOf(authority)
  const again = await load(base.database, authority, first)
  expect(again.result).toBe('unchanged')
  expect((await returnsOf(authority)).map(({ year }) => year)).toEqual([2023, 2022])
  expect(await stateOf(authority)).toEqual(before)
})

test('a return that was withdrawn is gone: a second time there is nothing to withdraw', async () => {
  const [all] = fc.sample(some, { numRuns: 1, seed: 903 })
  const authority = await authorityWith([cutReturn(all!, 2024)])
  const [only] = await returnsOf(authority)
  expect(await withdraw(authority, only!.id)).toBe(true)
  expect(await withdraw(authority, only!.id)).toBe(false)
  expect((await stateOf(authority)).history).toEqual(Object.fromEntries(HISTORY.map((table) => [table, []])))
})
