import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mean } from '../../src/indicators/definition.ts'
import { lookedAfterAt } from '../../src/indicators/populations/looked-after-at.ts'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import type { DimensionId } from '../../src/vocabulary/dimension.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { figure, load, observe, type RecordKeeper, records } from '../support/records.ts'

/**
 * The worked examples of the definitions, E01 to E28, by their numbers. E08 and E09 need the child population, which
 * is not in a return. The year is 2024-25; the returns from 2021-22 on are held.
 */
const YEARS = [2022, 2023, 2024, 2025]

let base: TestDatabase
beforeAll(async () => {
  base = await newDatabase()
})
afterAll(() => base?.drop())

type Breakdown = Partial<Record<DimensionId, string>>
interface Council {
  readonly authority: string
  /** A count, or a percentage or mean; of 2024-25 where no period is named. */
  value(indicator: string, period?: string, breakdown?: Breakdown): Promise<number | null>
  /** Numerator and denominator. */
  share(indicator: string, period?: string): Promise<[number | null, number | null]>
}

let next = 0
/** Each example is a council of its own, which has returned these records. */
async function councilWith(kept: RecordKeeper): Promise<Council> {
  const { code } = AUTHORITIES[next++]!
  for (const year of YEARS) await load(base.database, code, kept.return(year))
  const get = (indicator: string, period = '2024-25', breakdown: Breakdown = {}) =>
    figure(base.database, code, indicator, period, breakdown)
  return {
    authority: code,
    value: async (...asked) => (await get(...asked)).value,
    share: async (...asked) => {
      const { numerator, denominator } = await get(...asked)
      return [numerator, denominator]
    },
  }
}
const rows = (text: string) => councilWith(records().rows(text))

/** A fact about the only child looked after at the end of the year, read as the mean over all such children. */
const factOf = (measure: string) =>
  mean({
    id: `mean-${measure.replaceAll('_', '-')}`,
    title: measure,
    subject: 'stability',
    population: lookedAfterAt,
    unit: 'placements',
    measure,
    numeratorInWords: measure,
    denominatorInWords: 'Children looked after on the last day of the period.',
    polarity: 'neutral',
    definition: measure,
    exclusions: '',
    source: { title: 'Worked examples', year: 2025 },
    dimensions: [],
    lookBack: 'year',
  })

async function fact(council: Council, measure: string): Promise<number | null> {
  const [found] = await observe(base.database, council.authority, [factOf(measure)], ['2024-25'], [])
  expect(found!.denominator, 'one child is looked after at the end of the year').toBe(1)
  return found!.value
}
const placementsInYear = (council: Council) => fact(council, 'placements_in_year')

describe('cohort', () => {
  test('E01: an open episode counts on 31 March', async () => {
    const council = await rows('A | 10/05/2024 | S | V2 | U6 | PR1 | | | | H1 | P1')
    expect(await council.value('cla-count')).toBe(1)
  })

  test('E02: short breaks are care in no figure but their own', async () => {
    const council = await rows(`
      A | 01/02/2025 | S | V3 | U6 | PR1 | 08/02/2025 | E4A
      A | 01/03/2025 | S | V3 | U6 | PR1 | 08/03/2025 | E4A`)
    expect(await council.value('cla-count', '2025-02-05')).toBe(0)
    expect(await council.value('cla-starters')).toBe(0)
    expect(await council.value('cla-leavers')).toBe(0)
    expect(await council.value('cla-short-breaks-only')).toBe(1)
  })

  test('E03: who ceases on 31 March is not looked after on it, but has been for twelve months', async () => {
    const council = await rows('A | 01/01/2023 | S | V2 | U6 | PR1 | 31/03/2025 | E4A')
    expect(await council.value('cla-count')).toBe(0)
    expect(await council.value('cla-12-months-count')).toBe(1)
  })

  test('E04: a start on 1 April counts as twelve months, one on 2 April does not', async () => {
    const first = await rows('A | 01/04/2024 | S | V2 | U6 | PR1 | | | | | P1')
    expect(await first.value('cla-12-months-count')).toBe(1)
    const second = await rows('A | 02/04/2024 | S | V2 | U6 | PR1 | | | | | P1')
    expect(await second.value('cla-12-months-count')).toBe(0)
  })

  const TWO_DAY_GAP = `
    A | 01/01/2023 | S | V2 | U6 | PR1 | 10/06/2024 | E4A | | | P1
    A | 12/06/2024 | S | V2 | U6 | PR1 | | | | | P1`

  test('E05: a gap of two days breaks the twelve months, and makes a starter and a leaver', async () => {
    const council = await rows(TWO_DAY_GAP)
    expect(await council.value('cla-count')).toBe(1)
    expect(await council.value('cla-12-months-count')).toBe(0)
    expect(await council.value('cla-starters')).toBe(1)
    expect(await council.value('cla-leavers')).toBe(1)
  })

  test('E06: of several starts and ends of a child one each counts', async () => {
    const council = await rows(`
      A | 01/05/2024 | S | V2 | U6 | PR1 | 10/05/2024 | E4A
      A | 01/07/2024 | S | V2 | U6 | PR1 | 20/07/2024 | E4A
      A | 01/10/2024 | S | V2 | U6 | PR1`)
    expect(await council.value('cla-starters')).toBe(1)
    expect(await council.value('cla-leavers')).toBe(1)
    expect(await council.value('cla-periods-of-care-per-child')).toBe(3)
  })

  test('E07: a child taken over by another authority leaves here and starts there', async () => {
    const here = await rows('A | 01/02/2023 | S | V2 | U6 | PR1 | 01/09/2024 | E3')
    const there = await rows('A | 01/09/2024 | S | V2 | U6 | PR4')
    expect(await here.value('cla-leavers')).toBe(1)
    expect(await here.value('ceased-other-la-pct')).toBe(100)
    expect(await there.value('cla-starters')).toBe(1)
  })

  test('E10: whose status as an unaccompanied child has ceased is one no more, but was', async () => {
    const council = await councilWith(
      records()
        .child('A', { born: '01/01/2008', uascUntil: '01/12/2024' })
        .rows('A | 10/05/2024 | S | V2 | U6 | PR1 | | | | | P1'),
    )
    expect(await council.value('uasc-count')).toBe(0)
    expect(await council.value('uasc-count', '2024-11-30')).toBe(1)
    expect(await council.value('uasc-count', '2024-12-01')).toBe(0)
    expect(await council.value('starters-uasc-pct')).toBe(100)
  })

  test('E26: who comes back into care has another placement, also with the same carer', async () => {
    const council = await rows(TWO_DAY_GAP)
    expect(await placementsInYear(council)).toBe(2)
    // One change, of the two that the Stability Index asks for.
    expect(await council.share('placement-changes-cco')).toEqual([0, 1])
  })
})

describe('placements in the year', () => {
  test('E11: a change of legal status is no placement', async () => {
    const council = await rows(`
      A | 01/06/2023 | S | C1 | U6 | PR1 | 10/09/2024 | X1 | | | P1
      A | 10/09/2024 | L | C2 | U6 | PR1 | | | | | P1`)
    expect(await placementsInYear(council)).toBe(1)
  })

  test('E12: two moves are three placements', async () => {
    const council = await rows(`
      A | 01/06/2023 | S | C2 | U6 | PR1 | 01/05/2024 | X1 | CREQB | | P1
      A | 01/05/2024 | P | C2 | U6 | PR4 | 01/09/2024 | X1 | CREQB | | P2
      A | 01/09/2024 | P | C2 | K2 | PR4 | | | | | P3`)
    expect(await placementsInYear(council)).toBe(3)
    expect(await council.value('placement-changes')).toBe(2)
  })

  test('E13: a stay in hospital is bridged, but a change for the Stability Index', async () => {
    const council = await rows(`
      A | 01/06/2023 | S | C2 | U6 | PR1 | 01/07/2024 | X1 | | | P1
      A | 01/07/2024 | P | C2 | T1 | | 15/07/2024 | X1 | | | HOSP
      A | 15/07/2024 | P | C2 | U6 | PR1 | 01/12/2024 | X1 | CARPL | | P1
      A | 01/12/2024 | P | C2 | U4 | PR1 | | | | | P2`)
    expect(await placementsInYear(council)).toBe(2)
    expect(await council.share('placement-changes-cco')).toEqual([1, 1])
  })

  test('E14: after a temporary stay, another place is a new placement', async () => {
    const council = await rows(`
      A | 01/06/2023 | S | C2 | U6 | PR1 | 15/08/2024 | X1 | | | P1
      A | 15/08/2024 | P | C2 | T3 | | 29/08/2024 | X1 | | | P5
      A | 29/08/2024 | P | C2 | U6 | PR1 | | | | | P2`)
    expect(await placementsInYear(council)).toBe(2)
  })

  test('E15: another provider and a move with the same carer are changes, but no placements', async () => {
    const council = await rows(`
      A | 01/06/2023 | S | C2 | U6 | PR4 | 01/07/2024 | X1 | PLACE | | P1
      A | 01/07/2024 | T | C2 | U6 | PR1 | 01/10/2024 | X1 | PLACE | | P1
      A | 01/10/2024 | T | C2 | U6 | PR1 | | | | | P9`)
    expect(await placementsInYear(council)).toBe(1)
    expect(await council.value('new-placements')).toBe(2)
    expect(await council.value('placement-changes', '2024-25', { 'placement-change-reason': 'place' })).toBe(
      2,
    )
  })

  test('E23: a placement that ended on 1 April is none of the year', async () => {
    const council = await rows(`
      A | 01/06/2023 | S | C2 | U6 | PR1 | 01/04/2024 | X1 | | | P1
      A | 01/04/2024 | P | C2 | U6 | PR1 | 01/10/2024 | X1 | | | P2
      A | 01/10/2024 | P | C2 | U6 | PR1 | | | | | P3`)
    expect(await placementsInYear(council)).toBe(2)
    // One change after the first day of the year: not two.
    expect(await council.share('placement-changes-cco')).toEqual([0, 1])
  })

  test('E24: an episode of no days is no placement, and the next one is the start', async () => {
    const council = await rows(`
      A | 10/05/2024 | S | V2 | U6 | PR1 | 10/05/2024 | X1 | | | P1
      A | 10/05/2024 | P | V2 | U6 | PR1 | | | | | P2`)
    expect(await placementsInYear(council)).toBe(1)
    expect(await council.value('cla-starters')).toBe(1)
  })

  test('E24: that is so a year later as well, when the return holds the second episode alone', async () => {
    const council = await rows(`
      A | 10/05/2023 | S | V2 | U6 | PR1 | 10/05/2023 | X1 | | | P1
      A | 10/05/2023 | P | V2 | U6 | PR1 | | | | | P2`)
    expect(await council.value('cla-starters', '2023-24')).toBe(1)
  })

  test('E25: moves before the year do not count in it', async () => {
    const council = await rows(`
      A | 01/06/2023 | S | C2 | U6 | PR1 | 01/02/2024 | X1 | | | P1
      A | 01/02/2024 | P | C2 | U6 | PR1 | 31/03/2024 | X1 | | | P2
      A | 31/03/2024 | P | C2 | U6 | PR1 | | | | | P3`)
    expect(await placementsInYear(council)).toBe(1)
    expect(await council.share('three-plus-placements-pct', '2023-24')).toEqual([1, 1])
    expect(await council.value('placement-changes')).toBe(0)
  })

  test('E27: two years are no two years of care, but a day in the year before', async () => {
    const before = await rows('A | 15/03/2024 | S | V2 | U6 | PR1 | | | | | P1')
    expect(await before.share('three-plus-placements-two-years-pct')).toEqual([0, 1])
    const after = await rows('A | 02/04/2024 | S | V2 | U6 | PR1 | | | | | P1')
    expect(await after.share('three-plus-placements-two-years-pct')).toEqual([0, 0])
  })
})

describe('long-term stability', () => {
  const FIRST_CARER = 'A | 01/06/2021 | S | C2 | U6 | PR1 | 01/02/2025 | X1 | CARPL | | P1'
  const bornIn2020 = (text: string) =>
    councilWith(records().child('A', { born: '01/01/2020' }).rows(`${FIRST_CARER}\n${text}`))
  const sameCarer = (council: Council) => council.share('same-carer-two-years-pct')

  test('E16: placed for adoption with the foster carer, the child stays in the placement', async () => {
    const council = await bornIn2020('A | 01/02/2025 | U | E1 | A5 | PR1 | | | | | P1')
    expect(await placementsInYear(council)).toBe(1)
    expect(await sameCarer(council)).toEqual([1, 1])
  })

  test('E17: placed for adoption with others, the placement before counts too', async () => {
    const council = await bornIn2020('A | 01/02/2025 | B | E1 | A6 | PR4 | | | | | P2')
    expect(await placementsInYear(council)).toBe(2)
    expect(await sameCarer(council)).toEqual([1, 1])
  })

  test('E18: only one placement before the adoptive one is added', async () => {
    const council = await rows(`
      A | 01/06/2022 | S | C2 | U6 | PR1 | 01/05/2024 | X1 | | | P1
      A | 01/05/2024 | P | C2 | U6 | PR1 | 01/12/2024 | X1 | | | P2
      A | 01/12/2024 | B | E1 | A6 | PR4 | | | | | P3`)
    expect(await sameCarer(council)).toEqual([0, 1])
  })

  const settled = (born: string, started: string, moved: string) =>
    councilWith(
      records()
        .child('A', { born })
        .rows(`
        A | ${started} | S | C2 | U4 | PR1 | ${moved} | X1 | CARPL | | P1
        A | ${moved} | P | C2 | U4 | PR1 | | | | | P2`),
    )

  test('E19: two and a half years of care reach back to 30 September, two with the carer to 31 March', async () => {
    expect(await sameCarer(await settled('01/01/2014', '30/09/2022', '31/03/2023'))).toEqual([1, 1])
    expect(await sameCarer(await settled('01/01/2014', '01/10/2022', '31/03/2023'))).toEqual([0, 0])
    expect(await sameCarer(await settled('01/01/2014', '30/09/2022', '01/04/2023'))).toEqual([0, 1])
  })

  test('E20: who turns 16 on 31 March is not under 16, who does so the day after is', async () => {
    expect(await sameCarer(await settled('31/03/2009', '30/09/2022', '31/03/2023'))).toEqual([0, 0])
    expect(await sameCarer(await settled('01/04/2009', '30/09/2022', '31/03/2023'))).toEqual([1, 1])
  })

  test('E21: care that began as short breaks is not counted', async () => {
    const council = await rows(`
      A | 01/01/2022 | S | V3 | U6 | PR1 | 08/01/2022 | X1
      A | 08/01/2022 | L | V2 | U6 | PR1 | | | | | P1`)
    expect(await council.value('cla-count')).toBe(1)
    expect(await sameCarer(council)).toEqual([0, 0])
  })

  test('E22: a move to fostering for adoption is a change, also with the same carer', async () => {
    const council = await rows(`
      A | 01/01/2021 | S | C2 | U6 | PR1 | 01/06/2024 | X1 | CARPL | | P1
      A | 01/06/2024 | T | C2 | U5 | PR1 | | | | | P1`)
    expect(await sameCarer(council)).toEqual([0, 1])
  })
})

describe('social workers', () => {
  test('E28: workers are different people, those before care included', async () => {
    const council = await councilWith(
      records()
        .rows('A | 01/01/2025 | S | V2 | U6 | PR1 | | | | | P1')
        .socialWorker('A', 'SW1', '01/04/2024', '01/09/2024')
        .socialWorker('A', 'SW2', '01/09/2024', '01/01/2025')
        .socialWorker('A', 'SW1', '01/01/2025'),
    )
    expect(await fact(council, 'social_workers')).toBe(2)
    expect(await council.share('three-plus-social-workers-pct')).toEqual([0, 1])
    // From the first to the second and back are two changes of two workers.
    expect(await council.share('social-worker-changes-cco')).toEqual([1, 1])
  })
})
