import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listCounted, readCategories } from '../../src/indicators/counted-children.ts'
import { holdingsOf, readHoldings } from '../../src/indicators/holdings.ts'
import { readCoverage } from '../../src/returns/return-store.ts'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import type { DimensionId } from '../../src/vocabulary/dimension.ts'
import { parsePeriod } from '../../src/vocabulary/period.ts'
import type { RecordKindName } from '../../src/vocabulary/record-kinds.ts'
import { keepRecords } from '../support/kept-records.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { figure, INDICATORS, load, observe, type RecordKeeper, records } from '../support/records.ts'
import type { SampleRecord } from '../support/sample-records.ts'

/** Figures over the records beside the return: none without records, and what hand-made rows say. */
const YEARS = [2023, 2024, 2025]

let base: TestDatabase
beforeAll(async () => {
  base = await newDatabase()
})
afterAll(() => base?.drop())

let next = 0
/** A council of its own, which has returned these histories and keeps these records. */
async function councilWith(
  kept: RecordKeeper,
  beside: Partial<Record<RecordKindName, readonly SampleRecord[]>>,
) {
  const { code } = AUTHORITIES[next++]!
  for (const year of YEARS) await load(base.database, code, kept.return(year))
  for (const [kind, rows] of Object.entries(beside)) {
    await keepRecords(base.database, code, kind as RecordKindName, rows)
  }
  const get = (indicator: string, period = '2024-25', breakdown: Partial<Record<DimensionId, string>> = {}) =>
    figure(base.database, code, indicator, period, breakdown)
  return {
    code,
    get,
    value: async (...asked: Parameters<typeof get>) => (await get(...asked)).value,
    /** Numerator and denominator. */
    parts: async (...asked: Parameters<typeof get>) => {
      const { numerator, denominator } = await get(...asked)
      return [numerator, denominator]
    },
  }
}

/** Looked after all along, one for each age on 31 March 2025. */
const settled = (...ages: readonly number[]): RecordKeeper =>
  ages.reduce(
    (kept, age) =>
      kept
        .child(`C${age}`, { born: `01/10/${2024 - age}` })
        .episode(`C${age}`, `01/12/${Math.max(2021, 2024 - age)}`, 'S', 'C2', 'U6', 'PR1'),
    records(),
  )

describe('without records', () => {
  test('no figure that needs them is given, and none is 0', async () => {
    const { code } = await councilWith(settled(4, 10, 17), {})
    const needing = INDICATORS.filter((indicator) => indicator.records)
    expect(needing.length).toBeGreaterThan(45)
    const observed = await observe(base.database, code, needing, ['2024-25', '2024-25Q2', '2024-12-01'], [])
    expect(observed).toHaveLength(3 * needing.length)
    for (const { indicator, status, value, reason } of observed) {
      expect([indicator, status, value]).toEqual([indicator, 'x', null])
      expect(reason).toMatch(
        /no record of the kind|no SWEpisodes table|collected once a year|not held: the postcodes/,
      )
    }
  })

  test('nor with records of other days than it looks at', async () => {
    const council = await councilWith(settled(10), {
      'return-home-interviews': [
        {
          miss_person_id: 'C10',
          miss_missing_episode_start_date: '2024-06-05',
          miss_missing_episode_type: 'M',
          miss_missing_episode_end_date: '2024-06-07',
        },
      ],
    })
    expect((await council.get('rhi-offered-pct', '2024-25Q2')).status).toBe('x')
    expect(await council.parts('rhi-offered-pct', '2024-25Q1')).toEqual([0, 1])
    expect((await council.get('rhi-accepted-pct', '2024-25Q1')).status).toBe('z')
  })
})

describe('return home interviews', () => {
  const incident = (ended: string | null, rest: SampleRecord = {}): SampleRecord => ({
    miss_person_id: 'C10',
    miss_missing_episode_start_date: '2024-06-05',
    miss_missing_episode_type: 'M',
    miss_missing_episode_end_date: ended,
    ...rest,
  })

  test('are counted by incident, and by theme', async () => {
    const council = await councilWith(settled(10), {
      'return-home-interviews': [
        incident('2024-06-07', {
          miss_missing_rhi_offered: 'Y',
          miss_missing_rhi_accepted: 'Y',
          miss_missing_rhi_date: '2024-06-10',
          miss_missing_rhi_outcome: 'Family Contact',
        }),
        incident('2024-06-07', { miss_missing_rhi_offered: 'Y', miss_missing_rhi_accepted: 'N' }),
        incident('2024-06-07', { miss_missing_rhi_offered: 'N' }),
        incident('2024-06-07', { miss_missing_rhi_accepted: 'Y', miss_missing_rhi_date: '2024-06-11' }),
        incident(null, { miss_missing_rhi_offered: 'Y' }),
        incident('2024-06-07', { miss_missing_episode_type: 'A', miss_missing_rhi_offered: 'Y' }),
      ],
    })
    expect(await council.parts('rhi-offered-pct')).toEqual([3, 4])
    expect(await council.parts('rhi-accepted-pct')).toEqual([2, 3])
    expect(await council.parts('rhi-within-72-hours-pct')).toEqual([1, 4])
    expect(await council.parts('rhi-held-within-72-hours-pct')).toEqual([1, 2])
    expect(await council.value('rhi-outcomes')).toBe(2)
    expect(await council.value('rhi-outcomes', '2024-25', { 'rhi-outcome': 'family-contact' })).toBe(1)
    expect(await council.value('rhi-outcomes', '2024-25', { 'rhi-outcome': 'not-recorded' })).toBe(1)
    expect(await council.value('rhi-outcomes', '2024-25', { 'age-band': '5-to-9' })).toBe(2)
  })

  test('are timed by the clock where it is known, across its change too', async () => {
    const at = (ended: string, held: string) =>
      incident(ended, { miss_missing_rhi_accepted: 'Y', miss_missing_rhi_date: held })
    const council = await councilWith(settled(10), {
      'return-home-interviews': [
        at('2024-06-07T22:00', '2024-06-10T22:00'),
        at('2024-06-07T22:00', '2024-06-10T22:01'),
        // On 27 October clocks go back: 72 hours later it is an hour earlier.
        at('2024-10-25T22:00', '2024-10-28T21:00'),
        at('2024-10-25T22:00', '2024-10-28T22:00'),
      ],
    })
    expect(await council.parts('rhi-within-72-hours-pct')).toEqual([2, 4])
  })
})

describe('visits and visitors', () => {
  test('independent visitors: matched, of those offered one and still looked after', async () => {
    const offer = (child: string, matched: string | null, ended: string | null = null) => ({
      indv_person_id: child,
      indv_offered_date: '2024-05-01',
      indv_matched_date: matched,
      indv_end_date: ended,
    })
    const kept = settled(9, 10, 11, 12).episode(
      'GONE',
      '01/12/2022',
      'S',
      'C2',
      'U6',
      'PR1',
      '01/02/2025',
      'E4A',
    )
    const council = await councilWith(kept, {
      'independent-visitors': [
        offer('C9', '2024-07-01'),
        offer('C10', null),
        offer('C10', '2025-04-10'),
        offer('C11', '2024-06-01', '2024-06-30'),
        offer('GONE', '2024-07-01'),
      ],
    })
    expect(await council.parts('independent-visitor-take-up')).toEqual([2, 3])
    expect(await council.parts('independent-visitor-take-up', '2024-25Q4')).toEqual([1, 2])
  })

  test('visits on which the child was seen alone', async () => {
    const visit = (seen: string, alone: string | null) => ({
      clav_person_id: 'C10',
      clav_cla_visit_date: '2024-11-05',
      clav_cla_visit_seen: seen,
      clav_cla_visit_seen_alone: alone,
    })
    const council = await councilWith(settled(10), {
      'statutory-visits': [visit('Y', 'Y'), visit('Y', 'N'), visit('Y', null), visit('N', null)],
    })
    expect(await council.parts('visits-seen-alone-pct', '2024-11')).toEqual([1, 4])
  })
})

describe('health assessments', () => {
  const check = (child: string, type: string, date: string, status = 'COMPLETED') => ({
    clah_person_id: child,
    clah_health_check_type: type,
    clah_health_check_date: date,
    clah_health_check_status: status,
  })

  test('the initial one within twenty working days, bank holidays left out', async () => {
    // From Monday 29 April 2024: the holidays of 6 and 27 May make it 29 May, not 27.
    const kept = records()
    for (const child of ['ON', 'LATE', 'NONE', 'REFUSED', 'BEFORE']) {
      kept.episode(child, '29/04/2024', 'S', 'V2', 'U6', 'PR1')
    }
    kept.episode('GONE', '29/04/2024', 'S', 'V2', 'U6', 'PR1', '29/05/2024', 'E4A')
    const council = await councilWith(kept, {
      'health-assessments': [
        check('ON', 'IHA', '2024-05-28'),
        check('LATE', 'IHA', '2024-05-30'),
        check('REFUSED', 'IHA', '2024-05-10', 'REFUSED'),
        check('BEFORE', 'IHA', '2024-04-20'),
        check('NONE', 'RHA', '2024-05-10'),
        check('GONE', 'IHA', '2024-05-10'),
      ],
    })
    expect(await council.parts('initial-health-assessment-on-time-pct', '2024-05')).toEqual([2, 5])
    const { code } = council
    const [due] = await observe(
      base.database,
      code,
      INDICATORS.filter(({ id }) => id === 'initial-health-assessment-on-time-pct'),
      ['2024-05-28'],
      [],
    )
    expect(due!.denominator).toBe(0)
  })

  test('the review within six months under 5, twelve months from 5', async () => {
    const kept = settled(3, 4, 7, 8, 9).episode('NEW', '01/10/2024', 'S', 'C2', 'U6', 'PR1')
    const council = await councilWith(kept, {
      'health-assessments': [
        check('C3', 'RHA', '2024-10-01'),
        check('C4', 'RHA', '2024-09-01'),
        check('C7', 'RHA', '2024-04-02'),
        check('C8', 'IHA', '2024-03-30'),
        check('C9', 'RHA', '2025-01-01', 'NOT-ATTENDED'),
      ],
    })
    expect(await council.parts('review-health-assessment-on-time-pct')).toEqual([2, 5])
  })
})

describe('education', () => {
  test('plans of children aged 4 to 17, reviewed in the last four months', async () => {
    const plan = (child: string, date: string) => ({ pepl_person_id: child, pepl_review_date: date })
    const council = await councilWith(settled(3, 4, 10, 16, 17), {
      'personal-education-plans': [
        plan('C3', '2025-03-01'),
        plan('C4', '2024-12-01'),
        plan('C10', '2024-11-15'),
        plan('C16', '2024-04-01'),
        plan('C16', '2025-02-01'),
      ],
    })
    expect(await council.parts('pep-up-to-date-pct')).toEqual([2, 4])
  })

  test('absence is a share of sessions, persistent and severe absence one of children', async () => {
    const term = (child: string, missed: number, end = '2024-12-20', unauthorised: number | null = null) => ({
      satt_person_id: child,
      satt_start_date: '2024-09-04',
      satt_end_date: end,
      satt_sessions_possible: 140,
      satt_sessions_missed: missed,
      satt_sessions_unauthorised: unauthorised,
    })
    const kept = settled(4, 9, 10, 11).episode('NEW', '01/05/2024', 'S', 'C2', 'U6', 'PR1')
    const council = await councilWith(kept, {
      'school-attendance': [
        term('C9', 14, undefined, 7),
        term('C10', 13),
        term('C11', 60),
        term('C11', 80, '2025-03-28'),
        term('C11', 140, '2025-04-04'),
        term('C4', 140),
        term('NEW', 140),
      ],
    })
    expect(await council.parts('absence-overall-pct')).toEqual([167, 560])
    expect(await council.value('absence-overall-pct')).toBeCloseTo(29.821, 3)
    expect(await council.parts('absence-unauthorised-pct')).toEqual([7, 140])
    expect(await council.parts('persistent-absence-pct')).toEqual([2, 3])
    expect(await council.parts('severe-absence-pct')).toEqual([1, 3])
    const { status, interval } = await council.get('absence-overall-pct', '2024-25', {
      'age-band': '16-and-over',
    })
    expect([status, interval]).toEqual(['z', null])
  })

  test('suspensions and exclusions of children of school age', async () => {
    const council = await councilWith(settled(4, 10, 11, 12), {
      suspensions: [
        { susp_person_id: 'C10', susp_category: 'SUSP', susp_start_date: '2024-10-01', susp_sessions: 2 },
        { susp_person_id: 'C10', susp_category: 'SUSP', susp_start_date: '2024-11-01', susp_sessions: 2 },
        { susp_person_id: 'C11', susp_category: 'PERM', susp_start_date: '2024-11-01' },
        { susp_person_id: 'C12', susp_category: 'SUSP', susp_start_date: '2024-03-01' },
      ],
    })
    expect(await council.parts('suspension-one-or-more-pct')).toEqual([1, 3])
    expect(await council.parts('permanent-exclusion-pct')).toEqual([1, 3])
  })

  test('results of the academic year that ended in the year', async () => {
    const result = (child: string, stage: string, rest: SampleRecord, year = '2023-24') => ({
      ksre_person_id: child,
      ksre_stage: stage,
      ksre_academic_year: year,
      ...rest,
    })
    const council = await councilWith(settled(5, 6, 11, 12, 16, 17), {
      'key-stage-results': [
        result('C5', 'EYFS', { ksre_good_level_of_development: 'Y' }),
        result('C6', 'EYFS', { ksre_good_level_of_development: 'N' }),
        result('C11', 'KS2', { ksre_reading_writing_maths: 'Y' }),
        result('C12', 'KS2', { ksre_reading_writing_maths: 'Y' }, '2022-23'),
        result('C16', 'KS4', {
          ksre_attainment_8: 31.5,
          ksre_progress_8: -1.21,
          ksre_english_maths_grade: 4,
        }),
        result('C17', 'KS4', { ksre_attainment_8: 10 }),
      ],
    })
    expect(await council.parts('eyfs-good-level-of-development-pct')).toEqual([1, 2])
    expect(await council.parts('ks2-rwm-expected-pct')).toEqual([1, 1])
    expect(await council.value('ks4-attainment-8')).toBe(20.75)
    expect(await council.parts('ks4-progress-8')).toEqual([-1.21, 1])
    expect(await council.parts('ks4-english-maths-9-4-pct')).toEqual([1, 2])
    expect(await council.parts('ks4-english-maths-9-5-pct')).toEqual([0, 2])
  })

  test('special educational needs hold on from the day that they are recorded for', async () => {
    const need = (child: string, provision: string, start: string, end: string | null = null) => ({
      senp_person_id: child,
      senp_provision: provision,
      senp_start_date: start,
      senp_end_date: end,
    })
    const council = await councilWith(settled(3, 4, 10, 11, 12), {
      'special-educational-needs': [
        need('C3', 'E', '2021-01-01'),
        need('C10', 'K', '2019-09-01'),
        need('C10', 'E', '2021-05-01'),
        need('C11', 'K', '2020-09-01'),
        need('C12', 'K', '2020-09-01', '2023-01-01'),
      ],
    })
    expect(await council.parts('sen-ehcp-pct')).toEqual([1, 4])
    expect(await council.parts('sen-support-pct')).toEqual([1, 4])
  })

  test('instability on all three: placements, schools and social workers', async () => {
    const kept = settled(10, 11)
      .rows(`
        D | 01/12/2021 | S | C2 | U6 | PR1 | 01/05/2024 | X1 | CREQB | | P1
        D | 01/05/2024 | P | C2 | U6 | PR4 | 01/09/2024 | X1 | CREQB | | P2
        D | 01/09/2024 | P | C2 | K2 | PR4 | | | | | P3`)
      .socialWorker('D', 'SW1', '01/04/2024', '01/09/2024')
      .socialWorker('D', 'SW2', '01/09/2024', '01/01/2025')
      .socialWorker('D', 'SW3', '01/01/2025')
      .socialWorker('C10', 'SW3', '01/01/2025')
    const school = (child: string, urn: string, start: string) => ({
      enro_person_id: child,
      enro_school_urn: urn,
      enro_start_date: start,
    })
    const council = await councilWith(kept, {
      'school-enrolments': [
        school('D', '100001', '2020-09-01'),
        school('D', '100002', '2024-11-04'),
        school('C10', '100001', '2020-09-01'),
        school('C11', '100001', '2020-09-01'),
      ],
    })
    expect(await council.parts('all-three-instability-pct')).toEqual([1, 2])
    expect(await council.parts('mid-year-school-move-pct')).toEqual([1, 3])
  })
})

describe('care leavers', () => {
  // Looked after from 14, left at 17 and 18: relevant, former relevant; and one who is still looked after.
  const kept = () =>
    records()
      .child('REL', { born: '01/06/2007' })
      .episode('REL', '01/07/2021', 'S', 'C2', 'U6', 'PR1', '01/08/2024', 'E4A')
      .child('FOR', { born: '01/02/2006' })
      .episode('FOR', '01/07/2020', 'S', 'C2', 'U6', 'PR1', '01/02/2024', 'E15')
      .child('ELI', { born: '01/06/2007' })
      .episode('ELI', '01/07/2021', 'S', 'C2', 'U6', 'PR1')
      .child('QUA', { born: '01/06/2007' })
      .episode('QUA', '01/07/2023', 'S', 'V2', 'U6', 'PR1', '20/07/2023', 'E4A')
      .child('OLD', { born: '01/09/2002' })
      .episode('OLD', '01/12/2019', 'S', 'C2', 'U6', 'PR1', '01/09/2020', 'E15')

  test('what the latest record of each says by the day', async () => {
    const status = (child: string, date: string, rest: SampleRecord) => ({
      clea_person_id: child,
      clea_status_date: date,
      ...rest,
    })
    const council = await councilWith(kept(), {
      'care-leavers': [
        status('REL', '2024-09-01', { clea_care_leaver_in_touch: 'NO', clea_staying_close: 'Y' }),
        status('REL', '2025-03-01', {
          clea_care_leaver_in_touch: 'YES',
          clea_care_leaver_personal_advisor: 'PA1',
          clea_care_leaver_latest_contact: '2025-02-20',
          clea_pathway_plan_review_date: '2024-09-29',
          clea_care_leaver_parent: 'Y',
          clea_care_leaver_children_with_them: 'N',
          clea_staying_close: 'Y',
        }),
        status('FOR', '2025-01-15', {
          clea_care_leaver_in_touch: 'NO',
          clea_care_leaver_latest_contact: '2024-12-01',
          clea_pathway_plan_review_date: '2024-10-01',
          clea_care_leaver_parent: 'N',
        }),
        status('FOR', '2025-04-15', { clea_care_leaver_in_touch: 'YES' }),
        status('ELI', '2025-02-01', { clea_pathway_plan_review_date: '2025-01-05' }),
      ],
    })
    expect(await council.value('care-leavers-entitlement-count')).toBe(4)
    expect(await council.parts('personal-adviser-allocated-pct')).toEqual([1, 2])
    expect(await council.parts('pathway-plan-up-to-date-pct')).toEqual([2, 3])
    expect(await council.parts('care-leavers-contact-within-8-weeks-pct')).toEqual([1, 2])
    expect(await council.parts('care-leavers-lost-contact-pct')).toEqual([1, 2])
    expect(await council.parts('care-leavers-lost-contact-pct', '2024-12-31')).toEqual([1, 1])
    expect(await council.parts('care-leavers-parents-pct')).toEqual([1, 2])
    expect(await council.parts('care-leavers-parents-with-children-pct')).toEqual([0, 1])
    expect(await council.value('staying-close-count')).toBe(1)
    expect(await council.value('staying-close-count', '2024-25', { entitlement: 'relevant' })).toBe(1)
  })
})

describe('adoption', () => {
  test('siblings placed together', async () => {
    const placed = (child: string, together: number | null, apart: number | null, group = 'Y') => ({
      perm_person_id: child,
      perm_placed_for_adoption_date: '2024-08-01',
      perm_part_of_sibling_group: group,
      perm_siblings_placed_together: together,
      perm_siblings_placed_apart: apart,
    })
    const council = await councilWith(settled(1, 2, 3, 4, 5, 6), {
      permanence: [
        placed('C1', 2, 0),
        placed('C2', 2, null),
        placed('C3', 2, 1),
        placed('C4', 1, 1),
        placed('C5', null, null),
        placed('C6', null, null, 'N'),
      ],
    })
    expect(await council.parts('siblings-placed-together-adoption-pct')).toEqual([2, 4])
  })
})

describe('workforce', () => {
  test('ratios of the latest census of the year', async () => {
    const council = await councilWith(settled(10), {
      'workforce-census': [
        { wcen_census_date: '2023-09-30', wcen_fte_in_post: 1, wcen_fte_leavers: 1 },
        {
          wcen_census_date: '2024-09-30',
          wcen_fte_in_post: 80.5,
          wcen_fte_leavers: 12.1,
          wcen_fte_agency: 9.5,
          wcen_fte_vacancies: 19.5,
          wcen_days_lost_to_sickness: 613.41,
          wcen_cases_held: 1200,
          wcen_fte_holding_cases: 75,
          wcen_personal_adviser_fte: 24,
          wcen_care_leavers_allocated: 452,
        },
      ],
    })
    expect(await council.parts('sw-turnover-rate-pct')).toEqual([12.1, 80.5])
    expect(await council.value('sw-turnover-rate-pct')).toBeCloseTo(15.031, 3)
    expect(await council.parts('sw-agency-rate-pct')).toEqual([9.5, 90])
    expect(await council.parts('sw-vacancy-rate-pct')).toEqual([19.5, 100])
    // A leap year: 254 days.
    expect(await council.parts('sw-sickness-absence-rate-pct')).toEqual([613.41, 20447])
    expect(await council.value('sw-sickness-absence-rate-pct')).toBeCloseTo(3, 6)
    expect(await council.value('sw-average-caseload-census')).toBe(16)
    const advisers = await council.get('pa-caseload')
    expect([advisers.unit, advisers.interval]).toEqual(['cases', null])
    expect(advisers.value).toBeCloseTo(18.833, 3)
    // What the census leaves blank is not applicable; what is too old says nothing of the day.
    expect((await council.get('sw-agency-rate-pct', '2023-24')).status).toBe('z')
    expect((await council.get('sw-agency-rate-pct', '2022-23')).status).toBe('x')
  })
})

describe('the rows behind a figure', () => {
  /** As a caller asks for them, with categories as they are written. */
  const rowsOf = (code: string, id: string, categories: readonly string[] = []) =>
    base.database.read([code], async (transaction) => {
      const indicator = INDICATORS.find((one) => one.id === id)!
      const { rows } = await listCounted(
        transaction,
        {
          indicator,
          authority: code,
          period: parsePeriod('2024-25')!,
          counted: 'numerator',
          categories: readCategories(categories, indicator),
          after: null,
          limit: 100,
        },
        holdingsOf(await readHoldings(transaction, [code], readCoverage), code),
      )
      return rows
    })

  test('of a ratio: what each adds to either sum', async () => {
    const worker = (id: string, cases: number, share: number) => ({
      prof_professional_id: id,
      prof_status_date: '2024-09-30',
      prof_professional_caseload: cases,
      prof_full_time_equivalency: share,
    })
    const { code } = await councilWith(settled(10), {
      'social-workers': [worker('W1', 12, 0.6), worker('W2', 18, 1), worker('W3', 0, 1)],
    })
    const rows = await rowsOf(code, 'sw-average-caseload')
    expect(rows.map(({ child, measured, against }) => [child, measured, against])).toEqual([
      ['W1', 12, 0.6],
      ['W2', 18, 1],
    ])
  })

  test('of a theme that only the authority knows', async () => {
    const incident = (theme: string) => ({
      miss_person_id: 'C10',
      miss_missing_episode_start_date: '2024-06-05',
      miss_missing_episode_type: 'M',
      miss_missing_episode_end_date: '2024-06-07',
      miss_missing_rhi_accepted: 'Y',
      miss_missing_rhi_date: '2024-06-10',
      miss_missing_rhi_outcome: theme,
    })
    const { code } = await councilWith(settled(10), {
      'return-home-interviews': [incident('T1'), incident('T2'), incident('T1')],
    })
    const rows = await rowsOf(code, 'rhi-outcomes', ['rhi-outcome:t1'])
    expect(rows.map(({ facts }) => facts)).toEqual(
      Array(2).fill({
        rhi_offered: true,
        rhi_held_on: '2024-06-10',
        rhi_within_72_hours: true,
        rhi_precision: 'date',
      }),
    )
  })
})
