import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listCounted, readCategories } from '../../src/indicators/counted-children.ts'
import { holdingsOf, readHoldings } from '../../src/indicators/holdings.ts'
import { newPublicFigures } from '../../src/indicators/publication/public-figures.ts'
import { siblingIndicators } from '../../src/modules/stability/sibling-indicators.ts'
import { placementDetailIndicators } from '../../src/modules/sufficiency/placement-detail-indicators.ts'
import { kindNamed } from '../../src/reference/kinds.ts'
import { loadReference } from '../../src/reference/load-reference.ts'
import { readCoverage } from '../../src/returns/return-store.ts'
import { catalogue } from '../../src/service.ts'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import type { DimensionId } from '../../src/vocabulary/dimension.ts'
import { parsePeriod } from '../../src/vocabulary/period.ts'
import type { RecordKindName } from '../../src/vocabulary/record-kinds.ts'
import { keepRecords } from '../support/kept-records.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { figure, load, observe, postcode, type RecordKeeper, records } from '../support/records.ts'
import type { SampleRecord } from '../support/sample-records.ts'

/** What stands beside a placement: E47 and E50 of the examples, and what hand-made records say. */

/** The authority that the postcodes lie in or about. */
const HERE = 'E08000034'
const PLACES = { HOME: HERE, NEAR: HERE, NEXTDOOR: 'E08000033', FAR: 'E06000052' }

let base: TestDatabase
beforeAll(async () => {
  base = await newDatabase()
  const give = (kind: string, lines: readonly string[]) =>
    loadReference(
      base.database,
      { kind: kindNamed(kind), set: null, table: null, dryRun: false, loadedBy: 'tests' },
      Readable.from([Buffer.from(`${lines.join('\n')}\n`)]),
      {},
    )
  const posts = Object.entries(PLACES).map(
    ([place, district]) => `${postcode(place)},400000,400000,${district}`,
  )
  expect(new Set(posts.map((line) => line.split(',')[0])).size).toBe(posts.length)
  await give('postcodes', ['pcds,oseast1m,osnrth1m,oslaua', ...posts])
  await give('adjacent', [
    'authority,adjacent_authority',
    `${HERE},${PLACES.NEXTDOOR}`,
    `${PLACES.NEXTDOOR},${HERE}`,
  ])
})
afterAll(() => base?.drop())

type Beside = Partial<Record<RecordKindName, readonly SampleRecord[]>>

let next = 60
async function councilWith(kept: RecordKeeper, beside: Beside, code = AUTHORITIES[next++]!.code) {
  await load(base.database, code, kept.return(2025))
  for (const [kind, rows] of Object.entries(beside))
    await keepRecords(base.database, code, kind as RecordKindName, rows)
  const get = (indicator: string, period = '2024-25', breakdown: Partial<Record<DimensionId, string>> = {}) =>
    figure(base.database, code, indicator, period, breakdown)
  return {
    code,
    get,
    value: async (...asked: Parameters<typeof get>) => (await get(...asked)).value,
    parts: async (...asked: Parameters<typeof get>) => {
      const { numerator, denominator } = await get(...asked)
      return [numerator, denominator]
    },
  }
}

const detail = (child: string, rest: SampleRecord = {}, start = '2024-06-03'): SampleRecord => ({
  plde_person_id: child,
  plde_start_date: start,
  ...rest,
})
const unregistered = { plde_registration: 'unregistered' }

describe('unregistered settings', () => {
  test('E50: by the records and not by the code; an accepted registration is none', async () => {
    const kept = records()
      .child('A', { born: '01/06/2009' })
      .child('B', { born: '01/06/2007' })
      .child('C', { born: '01/06/2009' })
      .rows(`
        A | 03/06/2024 | S | C2 | Z1
        B | 03/06/2024 | S | C2 | K3 | PR4
        C | 03/06/2024 | S | C2 | K3 | PR4
        D | 03/06/2024 | S | C2 | Z1
        E | 03/06/2024 | S | C2 | Z1
        F | 03/06/2024 | S | C2 | Z1`)
    const council = await councilWith(kept, {
      'placement-details': [
        detail('A', unregistered),
        detail('B', { plde_registration: 'registered' }),
        detail('D', { plde_registration: 'not-required' }),
        detail('E', { plde_registration: 'court-ordered' }),
      ],
    })
    expect(await council.value('unregistered-placements-count')).toBe(1)
    for (const [category, many] of [
      ['under-16', 1],
      ['16-and-over', 0],
    ] as const)
      expect(
        await council.value('unregistered-placements-count', '2024-25', { 'age-under-16': category }),
      ).toBe(many)
    expect(
      await council.value('unregistered-placements-count', '2024-06-20', {
        'days-in-placement': '8-to-28-days',
      }),
    ).toBe(1)
    expect(await council.value('under-16-supported-accommodation-count')).toBe(1)
    expect(await council.parts('placement-registration-known-pct')).toEqual([4, 6])
  })

  test('the provider says so where the detail does not; what others inspect never is', async () => {
    const kept = records().rows(`
      A | 03/06/2024 | S | C2 | K2 | PR4 | | | | | | SC000001
      B | 03/06/2024 | S | C2 | K2 | PR4 | | | | | | SC000001
      C | 03/06/2024 | S | C2 | K2 | PR4 | | | | | | XXXXXXX`)
    const council = await councilWith(kept, {
      'placement-details': [detail('B', { plde_registration: 'registered' }), detail('C', unregistered)],
      providers: [
        { prov_urn: 'SC000001', prov_status_date: '2024-01-01', prov_type: 'childrens-home' },
        {
          prov_urn: 'SC000001',
          prov_status_date: '2024-09-01',
          prov_type: 'childrens-home',
          prov_registered: 'N',
        },
      ],
    })
    expect(await council.value('unregistered-placements-count', '2024-08-31')).toBe(0)
    expect(await council.value('unregistered-placements-count', '2024-09-01')).toBe(1)
    // From 1 September to 31 March.
    expect(await council.value('unregistered-placement-days')).toBe(212)
  })

  test('days of all children add up, to the day before the move', async () => {
    const kept = records().rows(`
      A | 03/06/2024 | S | C2 | Z1 | | 10/06/2024 | X1 | CARPL
      A | 10/06/2024 | P | C2 | U6 | PR1
      B | 29/06/2024 | S | C2 | Z1`)
    const council = await councilWith(kept, {
      'placement-details': [detail('A', unregistered), detail('B', unregistered, '2024-06-29')],
    })
    expect(await council.value('unregistered-placement-days', '2024-25Q1')).toBe(7 + 2)
    // Which hold on: in the quarter none is dated.
    expect(await council.value('unregistered-placement-days', '2024-25Q2')).toBe(92)
    expect((await council.get('unregistered-placement-days', '2024-05')).status).toBe('x')
    expect(await council.value('unregistered-placements-count')).toBe(1)
  })

  test('a detail holds until it ends or the next, through a temporary stay, and for no other placement', async () => {
    const kept = records().rows(`
      A | 03/06/2024 | S | C2 | Z1 | | 01/08/2024 | X1 | CARPL | HOME | NEAR
      A | 01/08/2024 | P | C2 | T1 | | 10/08/2024 | X1 | | HOME | FAR
      A | 10/08/2024 | P | C2 | Z1 | | 01/10/2024 | X1 | CARPL | HOME | NEAR
      A | 01/10/2024 | P | C2 | U6 | PR1
      B | 03/06/2024 | S | C2 | Z1
      C | 03/06/2024 | S | C2 | Z1`)
    const council = await councilWith(kept, {
      'placement-details': [
        detail('A', unregistered),
        detail('B', unregistered),
        detail('B', { plde_registration: 'registered' }, '2024-08-05'),
        detail('C', { ...unregistered, plde_end_date: '2024-08-05' }),
      ],
    })
    expect(await council.value('unregistered-placements-count', '2024-08-04')).toBe(3)
    expect(await council.value('unregistered-placements-count', '2024-08-05')).toBe(1)
    expect(await council.value('unregistered-placements-count', '2024-09-30')).toBe(1)
    expect(await council.value('unregistered-placements-count', '2024-10-01')).toBe(0)
  })
})

describe('what must be done for a placement', () => {
  test('E47: approved before it starts, where neither parent, friend nor own carer has the child', async () => {
    const kept = records().rows(`
      NEXT    | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | NEXTDOOR
      BEFORE  | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | FAR
      AFTER   | 03/06/2024 | S | C2 | K2 | PR4 | | | | HOME | FAR
      NONE    | 03/06/2024 | S | C2 | K2 | PR4 | | | | HOME | FAR
      PARENT  | 03/06/2024 | S | C2 | P1 | PR0 | | | | HOME | FAR
      FRIEND  | 03/06/2024 | S | C2 | U3 | PR1 | | | | HOME | FAR
      OWN     | 03/06/2024 | S | C2 | U4 | PR1 | | | | HOME | FAR`)
    const approved = (child: string, day: string) => detail(child, { plde_distance_approved_date: day })
    const council = await councilWith(
      kept,
      {
        'placement-details': [
          approved('NEXT', '2024-06-01'),
          approved('BEFORE', '2024-06-03'),
          approved('AFTER', '2024-06-04'),
          approved('OWN', '2024-06-01'),
        ],
      },
      HERE,
    )
    expect(await council.parts('placed-at-distance-approved-pct')).toEqual([1, 3])
    expect(await council.parts('placed-outside-la-pct')).toEqual([7, 7])
    // No record is dated in the quarter.
    expect((await council.get('placed-at-distance-approved-pct', '2024-25Q2')).reason).toMatch(
      /no record of the kind placement-details is dated between/,
    )
  })

  test('the host is told by the start; in an emergency within five working days', async () => {
    // Thursday 22 August 2024: the bank holiday of Monday 26 makes the fifth working day Friday 30.
    const kept = records()
    for (const child of ['ON', 'LATE', 'FRI', 'SAT', 'NONE'])
      kept.episode(child, '22/08/2024', 'S', 'C2', 'K2', 'PR4', '', '', '', 'HOME', 'NEXTDOOR')
    kept.episode('INSIDE', '22/08/2024', 'S', 'C2', 'K2', 'PR4', '', '', '', 'HOME', 'NEAR')
    const told = (child: string, day: string, emergency = 'Y') =>
      detail(child, { plde_host_notified_date: day, plde_emergency: emergency }, '2024-08-22')
    const council = await councilWith(
      kept,
      {
        'placement-details': [
          told('ON', '2024-08-22', 'N'),
          told('LATE', '2024-08-23', 'N'),
          told('FRI', '2024-08-30'),
          told('SAT', '2024-08-31'),
          told('INSIDE', '2024-08-22'),
        ],
      },
      PLACES.HOME,
    )
    expect(await council.parts('notification-to-host-la-pct', '2024-08')).toEqual([2, 5])
  })

  test('education within twenty working days, of children of school age who need a place', async () => {
    const kept = records().child('FOUR', { born: '01/10/2019' }).child('SIXTEEN', { born: '01/04/2008' })
    const children = ['DAY20', 'DAY21', 'NONE', 'FOUR', 'SIXTEEN', 'PLANNED', 'SETTLED']
    for (const child of children) kept.episode(child, '29/04/2024', 'S', 'C2', 'U6', 'PR1')
    const found = (child: string, day: string | null, rest: SampleRecord = {}) =>
      detail(
        child,
        {
          plde_emergency: 'Y',
          plde_education_place_needed: 'Y',
          plde_education_place_date: day,
          ...rest,
        },
        '2024-04-29',
      )
    const council = await councilWith(kept, {
      // From Monday 29 April 2024, past the holidays of 6 and 27 May: Wednesday 29.
      'placement-details': [
        found('DAY20', '2024-05-29'),
        found('DAY21', '2024-05-30'),
        found('NONE', null),
        found('FOUR', '2024-05-01'),
        found('SIXTEEN', '2024-05-01'),
        found('PLANNED', '2024-05-01', { plde_emergency: 'N' }),
        found('SETTLED', null, { plde_education_place_needed: 'N' }),
      ],
    })
    expect(await council.parts('education-place-within-20-days-pct', '2024-25Q1')).toEqual([1, 3])
  })
})

describe('needs', () => {
  const kept = records().rows(`
    TWO   | 03/06/2024 | S | C2 | U6 | PR4 | 01/09/2024 | X1 | CARPL | HOME | FAR
    TWO   | 01/09/2024 | P | C2 | U6 | PR4 | | | | HOME | NEXTDOOR
    PAST  | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | FAR
    PLAIN | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | FAR
    HERE  | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | NEAR`)
  const need = (child: string, category: string, complex: string, rest: SampleRecord = {}): SampleRecord => ({
    need_person_id: child,
    need_category: category,
    need_complex: complex,
    need_start_date: '2024-05-01',
    ...rest,
  })
  const needs = [
    need('TWO', 'health', 'Y', { need_specialist_support: 'Y' }),
    need('TWO', 'education', 'Y', { need_end_date: '2024-06-03' }),
    need('PAST', 'health', 'Y', { need_end_date: '2024-06-02', need_specialist_support: 'Y' }),
    need('PLAIN', 'emotional', 'N'),
    need('HERE', 'health', 'Y'),
  ]

  test('a child with two needs who moves twice counts once, and once in each kind', async () => {
    const council = await councilWith(kept, { 'child-needs': needs }, HERE)
    expect(await council.value('complex-needs-moved-out-count')).toBe(1)
    const kinds = ['emotional', 'behavioural', 'education', 'health'].map((kind) =>
      council.value('complex-needs-moved-out-count', '2024-25', { 'need-category': kind }),
    )
    expect(await Promise.all(kinds)).toEqual([0, 0, 1, 1])
    expect(await council.value('complex-needs-moved-out-count', '2024-25Q2')).toBe(1)
    expect(await council.parts('specialist-need-pct')).toEqual([1, 4])

    const rows = await base.database.read([HERE], async (transaction) => {
      const indicator = catalogue.find('complex-needs-moved-out-count')!
      const held = holdingsOf(await readHoldings(transaction, [HERE], readCoverage), HERE)
      const ask = {
        indicator,
        authority: HERE,
        period: parsePeriod('2024-25')!,
        counted: 'numerator',
      } as const
      const page = { after: null, limit: 10 }
      const all = await listCounted(transaction, { ...ask, ...page, categories: [] }, held)
      const categories = readCategories(['need-category:health'], indicator)
      const health = await listCounted(transaction, { ...ask, ...page, categories }, held)
      return [all, health].map((list) => list.rows.map(({ child }) => child))
    })
    expect(rows).toEqual([['TWO'], ['TWO']])
  })
})

describe('costs, households and providers', () => {
  test('the mean of what is recorded, and how much is', async () => {
    const kept = records().rows(`
      A | 03/06/2024 | S | C2 | U6 | PR1
      B | 03/06/2024 | S | C2 | U6 | PR4
      C | 03/06/2024 | S | C2 | K2 | PR4
      D | 03/06/2024 | S | C2 | K2 | PR4
      E | 03/06/2024 | S | C2 | P1 | PR0`)
    const cost = (child: string, pounds: number) => detail(child, { plde_weekly_cost: pounds })
    const council = await councilWith(kept, {
      'placement-details': [cost('A', 450.5), cost('B', 900), cost('C', 5_000), detail('D'), cost('E', 0)],
    })
    expect(await council.get('placement-unit-cost')).toMatchObject({
      value: 6350.5 / 4,
      numerator: 6350.5,
      denominator: 4,
      unit: 'pounds-per-week',
    })
    expect(await council.value('placement-unit-cost', '2024-25', { 'placement-provider': 'private' })).toBe(
      2950,
    )
    expect(await council.value('placement-unit-cost-foster')).toBe(675.25)
    expect(await council.parts('placement-unit-cost-residential')).toEqual([5_000, 1])
    expect(await council.parts('placement-cost-recorded-pct')).toEqual([4, 5])
    expect((await council.get('placement-unit-cost', '2024-05-31')).status).toBe('x')
  })

  test('children in a household with any', async () => {
    const kept = records()
    for (const child of ['A', 'B', 'C', 'D']) kept.episode(child, '03/06/2024', 'S', 'C2', 'U6', 'PR1')
    const at = (child: string, household: string) => detail(child, { plde_household_id: household })
    const council = await councilWith(kept, {
      'placement-details': [at('A', 'H1'), at('B', 'H1'), at('C', 'H2'), detail('D')],
    })
    expect(await council.parts('children-per-foster-household')).toEqual([3, 2])
    expect(await council.value('children-per-foster-household')).toBe(1.5)
  })

  test('a placement meets its provider by URN, from the day of the record', async () => {
    const kept = records().rows(`
      MET   | 03/06/2024 | S | C2 | K2 | PR4 | | | | HOME | NEAR | SC000001
      OTHER | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | NEAR | SC000009
      BLANK | 03/06/2024 | S | C2 | U6 | PR1 | | | | HOME | NEAR
      X     | 03/06/2024 | S | C2 | K3 | PR4 | | | | HOME | NEAR | XXXXXXX
      P     | 03/06/2024 | S | C2 | P1 | PR0 | | | | HOME | NEAR
      Z     | 03/06/2024 | S | C2 | Z1`)
    const council = await councilWith(kept, {
      providers: [
        { prov_urn: 'SC000001', prov_status_date: '2024-09-01', prov_type: 'childrens-home' },
        { prov_urn: 'SC000005', prov_status_date: '2024-06-01', prov_type: 'childrens-home' },
      ],
    })
    expect(await council.parts('provider-matched-pct')).toEqual([1, 3])
    expect(await council.parts('provider-matched-pct', '2024-08-31')).toEqual([0, 3])
    expect(await council.value('placements-without-urn-count')).toBe(1)
  })
})

describe('siblings', () => {
  const member = (child: string, group: string, rest: SampleRecord = {}): SampleRecord => ({
    sibl_person_id: child,
    sibl_group_id: group,
    sibl_start_date: '2024-01-01',
    ...rest,
  })

  test('together by household, by URN and postcode, or with parents; not where nothing tells', async () => {
    const kept = records().rows(`
      H1 | 03/06/2024 | S | C2 | U6 | PR1 | | | | HOME | NEAR
      H2 | 03/06/2024 | S | C2 | U6 | PR1 | | | | HOME | FAR
      U1 | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | NEAR | SC000001
      U2 | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | NEAR | SC000001
      A1 | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | NEAR | SC000001
      A2 | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | FAR | SC000001
      P1 | 03/06/2024 | S | C2 | P1 | PR0 | | | | HOME | NEAR
      P2 | 03/06/2024 | S | C2 | P1 | PR0 | | | | HOME | NEAR
      N1 | 03/06/2024 | S | C2 | U6 | PR1 | | | | HOME | NEAR
      N2 | 03/06/2024 | S | C2 | U6 | PR1 | | | | HOME | NEAR
      D1 | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | NEAR | SC000001
      D2 | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | NEAR | SC000001
      ALONE | 03/06/2024 | S | C2 | U6 | PR1`)
    const at = (child: string, household: string) => detail(child, { plde_household_id: household })
    const pairs = ['H', 'U', 'A', 'P', 'N', 'D'].flatMap((group) => [
      member(`${group}1`, group),
      member(`${group}2`, group),
    ])
    const council = await councilWith(kept, {
      'sibling-groups': [...pairs, member('ALONE', 'S'), member('HOME', 'S')],
      'placement-details': [at('H1', 'HH1'), at('H2', 'HH1'), at('D1', 'HH2'), at('D2', 'HH3')],
    })
    expect(await council.parts('sibling-placed-together-pct')).toEqual([3, 6])
    expect(await council.parts('sibling-groups-all-together-pct')).toEqual([3, 6])
  })

  test('who is assessed apart is in no pair; the others are still a group', async () => {
    const kept = records().rows(`
      A | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | NEAR | SC000001
      B | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | NEAR | SC000001
      C | 03/06/2024 | S | C2 | U6 | PR4 | | | | HOME | FAR | SC000001
      D | 03/06/2024 | S | C2 | U6 | PR4 | 01/10/2024 | E4A | | HOME | FAR | SC000001`)
    const group = ['A', 'B', 'D'].map((child) => member(child, 'G'))
    const until = (day: string | null) => ({ sibl_end_date: day })
    const council = await councilWith(kept, {
      'sibling-groups': [
        ...group,
        member('C', 'G', { ...until('2024-12-31'), sibl_assessed_apart: 'N' }),
        member('C', 'G', { sibl_start_date: '2025-01-01', sibl_assessed_apart: 'Y' }),
      ],
    })
    // D has left: A, B and C are three pairs, and then one.
    expect(await council.parts('sibling-placed-together-pct', '2024-12-31')).toEqual([1, 3])
    expect(await council.parts('sibling-groups-all-together-pct', '2024-12-31')).toEqual([0, 1])
    expect(await council.parts('sibling-placed-together-pct', '2025-01-01')).toEqual([1, 1])
    expect(await council.parts('sibling-groups-all-together-pct', '2025-01-01')).toEqual([1, 1])
    expect(await council.parts('sibling-placed-together-pct', '2024-09-30')).toEqual([2, 6])
  })
})

describe('for the public', () => {
  test('nothing of them is given, and the answer says so', async () => {
    const kept = records().rows('A | 03/06/2024 | S | C2 | Z1')
    const council = await councilWith(kept, { 'placement-details': [detail('A', unregistered)] })
    const indicators = [...placementDetailIndicators, ...siblingIndicators]
    const period = parsePeriod('2024-25')!
    const measured: string[] = []
    const observed = await newPublicFigures(catalogue).observe(
      { indicators, authorities: [council.code], periods: [period], breakdowns: [['age-band']] },
      new Map([[council.code, '1']]),
      async (ask) => {
        for (const { id } of ask.indicators) measured.push(id)
        return []
      },
    )
    expect(observed.map(({ indicator }) => indicator)).toEqual(indicators.map(({ id }) => id))
    for (const { value, numerator, denominator, status, reason, breakdown } of observed) {
      expect([value, numerator, denominator, status, breakdown]).toEqual([null, null, null, 'x', {}])
      expect(reason).toMatch(/^This figure is not published: /)
    }
    expect(measured.length).toBeGreaterThan(100)
    expect(measured.filter((id) => indicators.some((indicator) => indicator.id === id))).toEqual([])
    // To those who may see it, it is there.
    const [internal] = await observe(base.database, council.code, [indicators[0]!], ['2024-25'], [])
    expect(internal!.value).toBe(1)
  })
})
