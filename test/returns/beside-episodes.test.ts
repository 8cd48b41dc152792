import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { figure, load, type RecordKeeper, records } from '../support/records.ts'

/** What the oracle and the service once said differently of the tables beside the episodes, as small as it gets. */
const YEARS = [2022, 2023, 2024, 2025]

let base: TestDatabase
beforeAll(async () => {
  base = await newDatabase()
})
afterAll(() => base?.drop())

let next = 0
/** A council of its own, which has returned these records; a question about one of its figures. */
async function councilWith(kept: RecordKeeper) {
  const { code } = AUTHORITIES[next++]!
  for (const year of YEARS) {
    const { result } = await load(base.database, code, kept.return(year))
    expect(result).toBe('loaded')
  }
  return (indicator: string, period = '2024-25', breakdown = {}) =>
    figure(base.database, code, indicator, period, breakdown)
}

test('who is missing on a day is described by the placement on that day, not by the one that was left', async () => {
  const council = await councilWith(
    records()
      .rows(`
        A | 10/05/2024 | S | C2 | K2 | PR4 | 01/02/2025 | X1 | CARPL | | P1
        A | 01/02/2025 | P | C2 | U6 | PR1 | | | | | P2`)
      .incident('A', 'M', '20/01/2025'),
  )
  const of = async (type: string) =>
    (await council('missing-at-31-march', '2024-25', { 'placement-type': type })).value
  expect([await of('foster'), await of('residential')]).toEqual([1, 0])
  // The incident itself is one from the children's home.
  expect((await council('missing-incidents-childrens-homes')).value).toBe(1)
})

describe('young people owed duties who are missing from OC3', () => {
  const ID = 'care-leavers-owed-duties-not-in-oc3-count'
  const leftCare = (on: string) =>
    records()
      .child('A', { born: '10/08/2006' })
      .rows(`A | 01/05/2020 | S | C2 | U6 | PR1 | ${on} | E4A | | | P1`)

  test('nobody is to return who was still looked after on the birthday (E37)', async () => {
    // 17 on 10 August 2023, and relevant since October.
    const still = await councilWith(leftCare('01/10/2023'))
    expect((await still(ID, '2023-24')).value).toBe(0)
    expect((await still('care-leavers-entitlement-count', '2023-24')).value).toBe(1)
    // 18 in August 2024, and no longer looked after.
    expect((await still(ID, '2024-25')).value).toBe(1)

    const gone = await councilWith(leftCare('10/08/2023'))
    expect((await gone(ID, '2023-24')).value).toBe(1)
  })

  test('the return that would hold the birthday must be held', async () => {
    const council = await councilWith(leftCare('01/10/2023'))
    // A birthday may lie in 2020-21, of which there is no return.
    expect((await council(ID, '2021-22Q1')).status).toBe('x')
    expect((await council(ID, '2021-22')).status).not.toBe('x')
  })
})

describe('two adoptions of one child', () => {
  // Adopted in 2022-23 and, after coming back, in 2024-25.
  const TWICE = `
    A | 01/05/2021 | S | E1 | U6 | PR1 | 01/03/2022 | X1 | CARPL | | P1
    A | 01/03/2022 | P | E1 | A6 | PR1 | 01/09/2022 | E11 | | | P2
    A | 01/05/2023 | S | C2 | U6 | PR1 | 01/11/2023 | X1 | | | P3
    A | 01/11/2023 | L | E1 | U6 | PR1 | 01/04/2024 | X1 | CARPL | | P3
    A | 01/04/2024 | P | E1 | A6 | PR1 | 01/12/2024 | E12 | | | P4`

  test('A2: each has the match that its own year returns', async () => {
    const council = await councilWith(
      records().rows(TWICE).matched('A', 2023, '01/02/2022').matched('A', 2025, '01/03/2024'),
    )
    // 1 May 2021 to 1 February 2022, and 1 November 2023 to 1 March 2024.
    expect((await council('adoption-a2-days-in-year', '2022-23')).value).toBe(276)
    expect((await council('adoption-a2-days-in-year', '2024-25')).value).toBe(121)
  })

  test('a decision of the first period of care is not the one of the second', async () => {
    const council = await councilWith(records().rows(TWICE).decidedForAdoption('A', '01/10/2021'))
    expect((await council('adoption-stage-decision-months', '2022-23')).denominator).toBe(1)
    expect((await council('adoption-stage-decision-months', '2024-25')).denominator).toBe(0)
    expect((await council('adopted-placed-within-12-months-count', '2024-25')).value).toBe(0)
  })
})

test('a temporary stay that began before the first return is one of the placement that it leads to, whatever its legal status', async () => {
  const council = await councilWith(
    records().rows(`
      A | 01/05/2020 | S | E1 | A5 | PR1 | 30/03/2021 | X1 | | | P1
      A | 30/03/2021 | P | E1 | T0 |     | 09/04/2021 | X1 | | | T
      A | 09/04/2021 | L | C1 | T0 |     | 05/05/2021 | X1 | | | T
      A | 05/05/2021 | P | C1 | A5 | PR1 | | | | | P1`),
  )
  expect((await council('cla-count', '2021-04-05', { 'placement-type': 'adoption' })).value).toBe(1)
  expect((await council('children-placed-for-adoption', '2021-22')).value).toBe(0)
})

test('an adoptive placement that broke down in an earlier period of care broke down', async () => {
  const rows = (rec: string) => `
    A | 01/05/2021 | S | E1 | A6 | PR1 | 01/03/2022 | ${rec} | | | P1
    A | 01/05/2023 | S | E1 | U6 | PR1 | 01/11/2023 | X1 | CARPL | | P2
    A | 01/11/2023 | P | E1 | A6 | PR1 | 01/12/2024 | E11 | | | P3`
  const decided = (rec: string) => records().rows(rows(rec)).decidedForAdoption('A', '01/06/2023')
  const brokeDown = await councilWith(decided('E4A'))
  expect((await brokeDown('adoption-disruptions', '2021-22')).value).toBe(1)
  expect((await brokeDown('adopted-placed-within-12-months-count')).value).toBe(0)
  const adoptedBefore = await councilWith(decided('E12'))
  expect((await adoptedBefore('adopted-placed-within-12-months-count')).value).toBe(1)
})

test('of two decisions reversed on one day, the later one gives the reason', async () => {
  const kept = records().rows('A | 01/05/2021 | S | C2 | U6 | PR1 | | | | | P1')
  kept
    .decidedForAdoption('A', '01/06/2023', '01/06/2024')
    .decidedForAdoption('A', '01/02/2024', '01/06/2024', 'RD3')
  const council = await councilWith(kept)
  const of = async (reason: string) =>
    (await council('adoption-decision-reversed', '2024-25', { 'reversal-reason': reason })).value
  expect([await of('rd1'), await of('rd3')]).toEqual([0, 1])
  expect((await council('adoption-decision-reversed')).value).toBe(1)
})

test('of two reviews on the last days of August, the next are both due on the last of February', async () => {
  const council = await councilWith(
    records()
      .rows('A | 03/06/2024 | S | C2 | U6 | PR1 | | | | | P1')
      .review('A', '28/06/2024')
      .review('A', '30/08/2024')
      .review('A', '31/08/2024'),
  )
  const { numerator, denominator } = await council('reviews-on-time-reviews-pct')
  // On time: the first, the second, and the third on the day after it; none by 28 February.
  expect([numerator, denominator]).toEqual([3, 4])
})

test('a deprivation of liberty that began in a secure home does not hide one that did not', async () => {
  const council = await councilWith(
    records()
      .rows(`
        A | 01/05/2024 | S | C2 | K2 | PR4 | 01/09/2024 | X1 | CARPL | | P1
        A | 01/09/2024 | P | C2 | K1 | PR4 | | | | | P2`)
      .deprived('A', '01/06/2024', '01/07/2024')
      .deprived('A', '01/10/2024', '01/11/2024'),
  )
  const id = 'deprivation-of-liberty-orders-count'
  expect((await council(id)).value).toBe(1)
  expect((await council(id, '2024-25', { 'placement-type': 'residential' })).value).toBe(1)
  expect((await council(id, '2024-25Q3')).value).toBe(0)
})

test('special guardianship entitles who left care for it, and not who has been looked after since', async () => {
  const council = await councilWith(
    records()
      .child('A', { born: '01/06/2008' })
      .child('B', { born: '01/06/2008' })
      .rows(`
        A | 01/05/2021 | S | C2 | U6 | PR1 | 01/05/2024 | E46 | | | P1
        B | 01/05/2021 | S | C2 | U6 | PR1 | 10/04/2024 | E46 | | | P1
        B | 20/04/2024 | S | V2 | U6 | PR1 | 20/05/2024 | E4A | | | P2`),
  )
  const id = 'care-leavers-entitlement-count'
  expect((await council(id, '2024-25', { entitlement: 'qualifying' })).value).toBe(1)
})
