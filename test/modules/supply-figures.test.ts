import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import type { DimensionId } from '../../src/vocabulary/dimension.ts'
import type { RecordKindName } from '../../src/vocabulary/record-kinds.ts'
import { keepRecords } from '../support/kept-records.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { figure, load, type RecordKeeper, records } from '../support/records.ts'
import type { SampleRecord } from '../support/sample-records.ts'
import { bought, home, household, placesOf } from '../support/sample-supply.ts'

/** Figures of homes, beds and carers, by hand-made records: indicators.md 4.5, E48. */

let base: TestDatabase
beforeAll(async () => {
  base = await newDatabase()
})
afterAll(() => base?.drop())

type Beside = Partial<Record<RecordKindName, readonly SampleRecord[]>>

let next = 0
/** A council of its own that keeps these records; they may name the council itself. */
async function councilWith(beside: Beside | ((code: string) => Beside), kept: RecordKeeper | null = null) {
  const { code } = AUTHORITIES[next++]!
  for (const year of kept ? [2024, 2025] : []) await load(base.database, code, kept!.return(year))
  for (const [kind, rows] of Object.entries(typeof beside === 'function' ? beside(code) : beside))
    await keepRecords(base.database, code, kind as RecordKindName, rows)
  const get = (indicator: string, period = '2024-25', breakdown: Partial<Record<DimensionId, string>> = {}) =>
    figure(base.database, code, indicator, period, breakdown)
  return {
    get,
    value: async (...asked: Parameters<typeof get>) => (await get(...asked)).value,
    /** Numerator and denominator. */
    parts: async (...asked: Parameters<typeof get>) => {
      const { numerator, denominator } = await get(...asked)
      return [numerator, denominator]
    },
  }
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

describe('E48: placements per carer, and carers who grow old', () => {
  test('221 places of 169 carers are 1.3, and 39 of 169 are 23 percent', async () => {
    // 84 couples and one who fosters alone: 169 carers; 221 places; 39 were born in 1969 or before.
    const birth = (carer: number) => (carer < 39 ? 1969 : 1970)
    const council = await councilWith({
      'fostering-households': times(85, (index) =>
        household(`H${index}`, {
          fohh_approved_places: index < 51 ? 3 : 2,
          fohh_carers: index === 84 ? 1 : 2,
          fohh_carer_1_birth_year: birth(2 * index),
          fohh_carer_2_birth_year: index === 84 ? null : birth(2 * index + 1),
        }),
      ),
    })
    expect(await council.parts('places-per-carer')).toEqual([221, 169])
    expect(await council.value('places-per-carer')).toBeCloseTo(1.3, 1)
    expect(await council.parts('carers-aged-56-plus-pct')).toEqual([39, 169])
    expect(await council.value('carers-aged-56-plus-pct')).toBeCloseTo(23, 0)
    expect(await council.parts('foster-places-per-household')).toEqual([221, 85])
    // Those born in 1970 reach 56 in 2026, and are not there yet on 31 December 2025.
    expect(await council.parts('carers-aged-56-plus-pct', '2025-12-31')).toEqual([39, 169])
    expect(await council.parts('carers-aged-56-plus-pct', '2026-01-01')).toEqual([169, 169])
  })

  test('carers are as many as years of birth where their number is not told, or not known', async () => {
    const council = await councilWith({
      'fostering-households': [
        household('A', { fohh_carer_1_birth_year: 1970, fohh_carer_2_birth_year: 1971 }),
        household('B', { fohh_approved_places: 20 }),
      ],
    })
    expect(await council.parts('places-per-carer')).toEqual([2, 2])
  })
})

describe('fostering households and their places', () => {
  test('are approved from the first day up to the day before the last, on the terms of the day', async () => {
    const council = await councilWith({
      'fostering-households': [
        household('A', { fohh_approved_date: '2024-06-10', fohh_ended_date: '2025-02-01' }),
        household('B', { fohh_approved_places: 1 }),
        household('B', { fohh_terms_start_date: '2024-12-01', fohh_approved_places: 3 }),
        household('F', { fohh_type: 'family-and-friends', fohh_approved_places: 9 }),
        household('S', { fohh_type: 'supported-lodgings', fohh_approved_places: 9 }),
        // Approved long ago, and only the terms of today are sent.
        household('T', { fohh_approved_date: '2010-05-01', fohh_terms_start_date: '2025-01-01' }),
      ],
    })
    const on = async (day: string) => [
      await council.value('foster-households-count', day),
      await council.value('foster-places-count', day),
    ]
    expect(await on('2024-06-09')).toEqual([3, 3])
    expect(await on('2024-06-10')).toEqual([4, 5])
    expect(await on('2024-11-30')).toEqual([4, 5])
    expect(await on('2024-12-01')).toEqual([4, 7])
    expect(await on('2025-01-31')).toEqual([4, 7])
    expect(await on('2025-02-01')).toEqual([3, 5])
    expect(await council.value('supported-lodgings-households-count')).toBe(1)
    expect(
      await council.value('foster-households-count', '2024-25', { 'fostering-type': 'family-and-friends' }),
    ).toBe(1)
    // Before the first approval nothing is known.
    expect((await council.get('foster-households-count', '2010-04-30')).status).toBe('x')
    expect(await council.value('foster-households-count', '2010-05-01')).toBe(1)
  })

  test('places are filled, not available, vacant, or of a household that does not tell', async () => {
    const council = await councilWith({
      'fostering-households': [
        household('A', { fohh_approved_places: 3 }),
        household('B', { fohh_approved_places: 2 }),
        household('C', { fohh_approved_places: 2 }),
        household('D', { fohh_approved_places: 1 }),
      ],
      'fostering-places': [
        placesOf('A', 3, { fopl_start_date: '2023-01-01' }),
        placesOf('A', 1, { fopl_places_not_available: 1, fopl_not_available_reason: 'carers-request' }),
        // More than approved: nothing is vacant, and no place is there that is not approved.
        placesOf('B', 2, { fopl_places_not_available: 2, fopl_not_available_reason: 'other' }),
        placesOf('D', 0, { fopl_start_date: '2024-09-01' }),
      ],
    })
    const states = async (period: string) =>
      Promise.all(
        ['filled', 'vacant', 'not-available', 'not-known'].map((state) =>
          council.value('foster-places-count', period, { 'place-state': state }),
        ),
      )
    expect(await states('2024-25')).toEqual([3, 2, 1, 2])
    expect(await states('2024-08-31')).toEqual([3, 1, 1, 3])
    expect(await states('2023-12-31')).toEqual([3, 0, 0, 5])
    expect(await states('2022-12-31')).toEqual([0, 0, 0, 8])
    expect(await council.parts('foster-places-filled-pct')).toEqual([3, 6])
    expect(await council.value('foster-places-vacant-count')).toBe(2)
    expect(await council.parts('foster-places-not-available-pct')).toEqual([1, 6])
    expect(
      await council.value('foster-places-not-available-count', '2024-25', {
        'not-available-reason': 'carers-request',
      }),
    ).toBe(1)
    expect((await council.get('foster-places-vacant-count', '2022-12-31')).status).toBe('x')
  })

  test('are gained and lost; new terms are neither', async () => {
    const council = await councilWith({
      'fostering-households': [
        household('A', { fohh_approved_date: '2024-05-01' }),
        household('A', { fohh_approved_date: '2024-05-01', fohh_terms_start_date: '2024-08-01' }),
        household('B', { fohh_ended_date: '2024-07-01', fohh_leaving_reason: 'retired' }),
        // The end of old terms, where new ones go on, is no end.
        household('C', { fohh_ended_date: '2024-09-01' }),
        household('C', { fohh_terms_start_date: '2024-09-01' }),
        household('D', { fohh_ended_date: '2024-10-01' }),
        household('D', { fohh_terms_start_date: '2023-01-01', fohh_ended_date: '2024-10-01' }),
        // Left, and came back.
        household('E', { fohh_ended_date: '2024-04-01' }),
        household('E', { fohh_approved_date: '2025-03-31' }),
        household('G', { fohh_ended_date: '2025-03-31' }),
        household('S', { fohh_type: 'supported-lodgings', fohh_approved_date: '2024-06-01' }),
      ],
    })
    expect(await council.value('foster-households-approved-count')).toBe(2)
    expect(await council.value('foster-households-deregistered-count')).toBe(4)
    expect(
      await council.value('foster-households-deregistered-count', '2024-25', { 'leaving-reason': 'retired' }),
    ).toBe(1)
    expect(await council.value('carer-recruitment-net')).toBe(-2)
    const net = await council.get('carer-recruitment-net', '2024-25', { 'fostering-type': 'mainstream' })
    expect([net.value, net.share, net.status]).toEqual([-2, undefined, null])
    // What is gained less what is lost is what there is more or less at the end.
    expect(await council.value('foster-households-count', '2024-03-31')).toBe(5)
    expect(await council.value('foster-households-count', '2025-03-31')).toBe(3)
    // A quarter in which nothing happened, of a register that is held.
    expect(await council.value('carer-recruitment-net', '2024-25Q3')).toBe(-1)
    expect(await council.value('carer-recruitment-net', '2025-02')).toBe(0)
  })

  test('have a training plan in date for twelve months', async () => {
    const plan = (id: string, day: string | null) => household(id, { fohh_training_plan_date: day })
    const council = await councilWith({
      'fostering-households': [
        plan('A', '2024-04-01'),
        plan('B', '2024-03-31'),
        plan('C', null),
        plan('D', '2025-03-31'),
      ],
    })
    expect(await council.parts('foster-carer-training-plan-pct')).toEqual([2, 4])
  })

  test('are recruited from enquiries', async () => {
    const enquiry = (day: string, rest: SampleRecord = {}) => ({ recr_enquiry_date: day, ...rest })
    const council = await councilWith({
      'carer-recruitment': [
        enquiry('2024-04-01', { recr_type: 'mainstream' }),
        enquiry('2024-04-01', {
          recr_application_date: '2024-05-01',
          recr_decision_date: '2024-10-08',
          recr_outcome: 'approved',
        }),
        enquiry('2023-04-01', {
          recr_application_date: '2023-06-01',
          recr_decision_date: '2024-04-10',
          recr_outcome: 'not-approved',
        }),
        enquiry('2025-03-31', { recr_outcome: 'withdrawn', recr_ended_date: '2025-03-31' }),
        enquiry('2024-07-01', { recr_outcome: 'closed' }),
      ],
    })
    expect(await council.value('foster-enquiries-count')).toBe(4)
    expect(await council.value('foster-enquiries-count', '2024-25', { 'fostering-type': 'mainstream' })).toBe(
      1,
    )
    expect(await council.value('foster-applications-count')).toBe(1)
    expect(await council.value('foster-applications-approved-count')).toBe(1)
    expect(await council.parts('foster-enquiries-approved-pct')).toEqual([1, 3])
    expect(await council.parts('foster-enquiry-to-decision-days')).toEqual([190 + 375, 2])
  })
})

describe('homes and beds', () => {
  test('are in the area by the authority of their record, and own by who runs them', async () => {
    const council = await councilWith((code) => ({
      providers: [
        home('SC000001', { prov_local_authority: code, prov_sector: 'local-authority', prov_capacity: 4 }),
        home('SC000002', { prov_local_authority: code, prov_sector: 'local-authority', prov_capacity: 5 }),
        home('SC000003', { prov_local_authority: code, prov_judgement: 'good', prov_capacity: 2 }),
        home('SC000004', { prov_local_authority: code, prov_capacity: null }),
        home('SC000005', { prov_local_authority: code, prov_registered: 'N' }),
        home('SC000006', { prov_local_authority: code, prov_type: 'supported-accommodation' }),
        home('SC000007', { prov_local_authority: code, prov_type: 'independent-fostering-agency' }),
        home('SC000008', { prov_local_authority: 'E09000001' }),
        // Outside the area, and by its provider code the authority's own.
        home('SC000009', {
          prov_local_authority: 'E09000001',
          prov_sector: 'local-authority',
          prov_provider_codes: 'PR1',
          prov_capacity: 1,
        }),
        home('SC000010', {
          prov_local_authority: 'E09000001',
          prov_sector: 'local-authority',
          prov_provider_codes: 'PR1 PR2',
        }),
        home('SC000011', { prov_postcode: 'ZZ1 1ZZ' }),
        home('SC000012', {
          prov_local_authority: code,
          prov_registration_date: '2024-07-01',
          prov_closed_date: '2025-01-01',
        }),
      ],
    }))
    const homes = (period: string) => council.value('childrens-homes-in-area-count', period)
    expect(await homes('2024-06-30')).toBe(4)
    expect(await homes('2024-07-01')).toBe(5)
    expect(await homes('2024-12-31')).toBe(5)
    expect(await homes('2025-01-01')).toBe(4)
    expect(
      await council.value('childrens-homes-in-area-count', '2024-25', { 'home-size': 'not-known' }),
    ).toBe(1)
    expect(
      await council.value('childrens-homes-in-area-count', '2024-25', { 'provider-sector': 'private' }),
    ).toBe(2)
    expect(await council.value('beds-in-area-count')).toBe(4 + 5 + 2 + 4)
    expect(
      await council.value('beds-in-area-count', '2024-25', { 'provider-type': 'supported-accommodation' }),
    ).toBe(4)
    expect(await council.value('own-childrens-homes-count')).toBe(3)
    expect(await council.value('small-children-homes-count')).toBe(2)
    expect(await council.value('homes-area-not-known-count')).toBe(1)
    expect((await council.get('beds-in-area-count', '2023-12-31')).status).toBe('x')
  })

  test('are as the latest record by the day says, or else the first after it', async () => {
    const council = await councilWith((code) => {
      const known = (urn: string, day: string, beds: number, rest: SampleRecord = {}) =>
        home(urn, { prov_local_authority: code, prov_status_date: day, prov_capacity: beds, ...rest })
      return {
        providers: [
          known('SC000001', '2024-01-01', 3),
          known('SC000001', '2024-07-01', 5),
          known('SC000001', '2025-07-01', 7),
          known('SC000002', '2025-09-01', 10, { prov_registration_date: '2024-10-01' }),
          known('SC000002', '2026-02-01', 20),
        ],
      }
    })
    const beds = (day: string) => council.value('beds-in-area-count', day)
    expect(await Promise.all(['2024-06-30', '2024-09-30', '2024-10-01', '2025-07-01'].map(beds))).toEqual([
      3, 5, 15, 17,
    ])
    expect((await council.get('beds-in-area-count', '2023-12-31')).status).toBe('x')
  })

  test('of the authority are held against the children in them', async () => {
    const kept = records()
      .rows(`
        A | 01/06/2023 | S | C2 | K2 | PR1 | | | | | P1
        B | 01/06/2023 | S | C2 | K2 | PR1 | | | | | P1
        C | 01/06/2023 | S | C2 | K2 | PR4 | | | | | P2
        D | 01/06/2023 | S | C2 | K1 | PR4 | | | | | P3
        E | 01/06/2023 | S | C2 | U6 | PR1 | | | | | P4`)
      .livesAt({ A: 'SC000001', B: 'sc000001', C: 'SC000002', D: 'SC000099', E: 'SC000001' })
    const council = await councilWith(
      (code) => ({
        providers: [
          home('SC000001', {
            prov_local_authority: code,
            prov_sector: 'local-authority',
            prov_capacity: 4,
            prov_judgement: 'inadequate',
          }),
          home('SC000003', { prov_local_authority: code, prov_sector: 'local-authority', prov_capacity: 2 }),
          home('SC000002', { prov_judgement: 'good' }),
        ],
        'fostering-households': [household('A'), household('F', { fohh_type: 'family-and-friends' })],
      }),
      kept,
    )
    expect(await council.parts('own-homes-occupancy-pct')).toEqual([3, 6])
    expect(await council.value('own-homes-occupancy-pct')).toBe(50)
    expect(await council.parts('homes-judged-good-or-outstanding-pct')).toEqual([1, 2])
    expect(await council.parts('children-in-homes-judged-good-or-outstanding-pct')).toEqual([1, 3])
    expect(await council.value('children-in-homes-judged-less-than-good-count')).toBe(2)
    expect(await council.parts('children-in-homes-not-on-record-pct')).toEqual([1, 4])
    expect(await council.value('in-house-places-count')).toBe(6 + 2)
    expect(
      await council.value('in-house-places-count', '2024-25', {
        'provider-type': 'local-authority-fostering',
      }),
    ).toBe(2)
    // Homes are known, children are not.
    expect((await council.get('own-homes-occupancy-pct', '2025-26')).status).toBe('x')
    expect(await council.value('own-childrens-homes-count', '2025-26')).toBe(2)
  })

  test('are bought by the bed', async () => {
    const council = await councilWith({
      'commissioned-beds': [
        bought(3, 4000),
        bought(1, 8000, { cobe_contract: 'spot' }),
        bought(5, null, { cobe_placement_type: 'fostering', cobe_contract: 'framework' }),
        bought(2, 0),
        bought(7, 100, { cobe_end_date: '2025-03-30' }),
      ],
    })
    expect(await council.value('commissioned-beds-count')).toBe(11)
    expect(await council.value('commissioned-beds-count', '2025-03-30')).toBe(18)
    expect(
      await council.value('commissioned-beds-count', '2024-25', { 'commissioned-type': 'fostering' }),
    ).toBe(5)
    expect(await council.parts('commissioned-bed-weekly-price')).toEqual([20_000, 4])
    expect((await council.get('commissioned-bed-weekly-price')).unit).toBe('pounds-per-week')
    expect(
      (await council.get('commissioned-bed-weekly-price', '2024-25', { contract: 'framework' })).status,
    ).toBe('z')
  })

  test('are visited each month, as far as records reach', async () => {
    const visit = (urn: string, day: string) => ({ re44_urn: urn, re44_visit_date: day })
    const council = await councilWith((code) => {
      const own = (urn: string, rest: SampleRecord = {}) =>
        home(urn, { prov_local_authority: code, prov_sector: 'local-authority', ...rest })
      return {
        providers: [
          own('SC000001'),
          own('SC000002', { prov_registration_date: '2024-05-02' }),
          home('SC000003', { prov_local_authority: code }),
        ],
        'regulation-44-visits': [
          visit('SC000001', '2024-04-30'),
          visit('SC000001', '2024-06-01'),
          visit('SC000001', '2024-06-30'),
          visit('SC000002', '2024-06-15'),
          visit('SC000002', '2024-05-15'),
          visit('SC000003', '2024-04-15'),
        ],
      }
    })
    // April and June of the one, June of the other; May of the one is missing; nothing is known from July on.
    expect(await council.parts('reg44-visits-monthly-pct', '2024-25Q1')).toEqual([3, 4])
    expect(await council.parts('reg44-visits-monthly-pct')).toEqual([3, 4])
    expect((await council.get('reg44-visits-monthly-pct', '2024-25Q2')).status).toBe('z')
    expect((await council.get('reg44-visits-monthly-pct', '2023-24')).status).toBe('x')
  })
})

describe('others', () => {
  test('children of other authorities come, own ones go', async () => {
    const here = (start: string, end: string | null = null) => ({
      chph_placing_authority: 'E09000001',
      chph_start_date: start,
      chph_end_date: end,
    })
    const council = await councilWith({
      'children-placed-here': [here('2024-05-01'), here('2024-05-01', '2025-03-31'), here('2025-03-31')],
    })
    const count = (day: string) => council.value('cla-placed-here-by-other-las-count', day)
    expect(await Promise.all(['2024-05-01', '2025-03-30', '2025-03-31'].map(count))).toEqual([2, 2, 2])
    expect((await council.get('cla-placed-here-by-other-las-count', '2024-04-30')).status).toBe('x')
    expect((await council.get('cla-net-gain')).reason).toMatch(/postcodes|returns held/)
  })

  test('families are supported, each once', async () => {
    const support = (family: string, kind: string, start: string, end: string | null = null) => ({
      kins_family_id: family,
      kins_support: kind,
      kins_start_date: start,
      kins_end_date: end,
    })
    const council = await councilWith({
      'kinship-support': [
        support('A', 'special-guardianship-allowance', '2020-01-01'),
        support('A', 'family-group-conference', '2024-05-01'),
        support('B', 'family-group-conference', '2023-05-01'),
        support('C', 'child-arrangements-allowance', '2023-05-01', '2024-04-01'),
        support('D', 'other', '2023-05-01', '2024-03-31'),
      ],
    })
    expect(await council.value('kinship-support-count')).toBe(2)
    expect(await council.value('kinship-special-guardianship-allowance-count')).toBe(1)
    expect(await council.value('kinship-family-group-conference-count')).toBe(1)
    expect(await council.value('kinship-family-group-conference-count', '2023-24')).toBe(1)
    expect(await council.value('kinship-child-arrangements-allowance-count')).toBe(1)
    expect(await council.value('kinship-other-support-count')).toBe(0)
  })

  test('surveys are shares of answers, with the response beside them', async () => {
    const survey = (name: string, day: string, asked: number, answered: number, positive: number) => ({
      surv_survey: name,
      surv_date: day,
      surv_asked: asked,
      surv_answered: answered,
      surv_positive: positive,
    })
    const council = await councilWith({
      surveys: [
        survey('children-placement', '2024-12-01', 165, 20, 17),
        survey('children-placement', '2023-12-01', 100, 50, 1),
        survey('partners-early-help', '2024-06-01', 40, 30, 20),
        survey('partners-joint-working', '2024-07-01', 40, 10, 4),
      ],
    })
    expect(await council.parts('child-placement-survey')).toEqual([17, 20])
    expect(await council.parts('child-placement-survey-response-pct')).toEqual([20, 165])
    expect(await council.value('child-placement-survey-response-pct')).toBeCloseTo(12, 0)
    expect(await council.parts('partner-confidence-pct')).toEqual([24, 40])
    expect(
      await council.parts('partner-confidence-pct', '2024-25', { survey: 'partners-early-help' }),
    ).toEqual([20, 30])
    // For any day of the twelve months after it.
    expect(await council.parts('child-placement-survey', '2025-11-30')).toEqual([17, 20])
    expect((await council.get('child-placement-survey', '2025-12-31')).status).toBe('x')
  })
})
