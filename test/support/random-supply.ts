import fc from 'fast-check'
import type { RecordKindName } from '../../src/vocabulary/record-kinds.ts'
import type { SampleRecord } from './sample-records.ts'

/** Records of supply as a council may keep them, few and close together, so that they meet each other. */

export type Supply = Readonly<Partial<Record<RecordKindName, readonly SampleRecord[]>>>

const DAY = 86_400_000
const FIRST = Date.parse('2023-11-01')

/** Days of twenty months, ends and beginnings of months among them more often. */
const day = fc.oneof(
  fc.integer({ min: 0, max: 600 }).map((days) => new Date(FIRST + days * DAY).toISOString().slice(0, 10)),
  fc.constantFrom(
    '2024-03-31',
    '2024-04-01',
    '2024-06-30',
    '2024-07-01',
    '2024-09-30',
    '2024-12-15',
    '2025-03-31',
  ),
)
const maybe = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some, { freq: 2 })
/** Days in order, the later ones perhaps not there. */
const inOrder = (count: number): fc.Arbitrary<(string | null)[]> =>
  fc
    .tuple(
      fc.array(day, { minLength: count, maxLength: count }),
      fc.array(fc.boolean(), { minLength: count, maxLength: count }),
    )
    .map(([days, there]) => days.sort().map((one, index) => (index === 0 || there[index] ? one : null)))
const few = <T>(one: fc.Arbitrary<T>, most: number): fc.Arbitrary<T[]> => fc.array(one, { maxLength: most })

const type = fc.constantFrom('mainstream', 'mainstream', 'family-and-friends', 'supported-lodgings')
const householdId = fc.constantFrom('A', 'B', 'C', 'D')
const urn = fc.constantFrom('SC000001', 'SC000002', 'SC000003', '2600004')
const birthYear = maybe(fc.integer({ min: 1960, max: 1975 }))

const households = few(
  fc
    .record({
      id: householdId,
      type,
      days: inOrder(3),
      reason: maybe(fc.constantFrom('retired', 'died')),
      places: fc.integer({ min: 0, max: 4 }),
      carers: maybe(fc.constant(2)),
      first: birthYear,
      second: birthYear,
      plan: maybe(day),
    })
    .map(
      (it): SampleRecord => ({
        fohh_household_id: it.id,
        fohh_type: it.type,
        fohh_approved_date: it.days[0]!,
        fohh_terms_start_date: it.days[1]!,
        fohh_ended_date: it.days[2]!,
        fohh_leaving_reason: it.reason,
        fohh_approved_places: it.places,
        fohh_carers: it.carers,
        fohh_carer_1_birth_year: it.first,
        fohh_carer_2_birth_year: it.second,
        fohh_training_plan_date: it.plan,
      }),
    ),
  8,
)

const places = few(
  fc
    .record({
      id: householdId,
      start: day,
      filled: fc.integer({ min: 0, max: 4 }),
      not: maybe(fc.integer({ min: 0, max: 2 })),
      reason: maybe(fc.constantFrom('carers-request', 'under-investigation')),
    })
    .map(
      (it): SampleRecord => ({
        fopl_household_id: it.id,
        fopl_start_date: it.start,
        fopl_places_filled: it.filled,
        fopl_places_not_available: it.not,
        fopl_not_available_reason: it.reason,
      }),
    ),
  8,
)

/** Of the council itself, of another, or of nobody knows whom. */
const providers = (code: string) =>
  few(
    fc
      .record({
        urn,
        status: day,
        type: fc.constantFrom(
          'childrens-home',
          'childrens-home',
          'secure-childrens-home',
          'supported-accommodation',
        ),
        sector: maybe(fc.constantFrom('local-authority', 'local-authority', 'private')),
        registered: fc.constantFrom('Y', 'Y', 'Y', 'N'),
        days: inOrder(2),
        dated: fc.boolean(),
        capacity: maybe(fc.integer({ min: 0, max: 8 })),
        area: maybe(fc.constantFrom(code, code, 'E09000001')),
        codes: maybe(fc.constantFrom('PR1', 'PR1 PR2', 'PR4')),
        judgement: maybe(fc.constantFrom('good', 'inadequate')),
      })
      .map(
        (it): SampleRecord => ({
          prov_urn: it.urn,
          prov_status_date: it.status,
          prov_type: it.type,
          prov_sector: it.sector,
          prov_registered: it.registered,
          prov_registration_date: it.dated ? it.days[0]! : null,
          prov_closed_date: it.days[1]!,
          prov_capacity: it.capacity,
          prov_local_authority: it.area,
          prov_provider_codes: it.codes,
          prov_judgement: it.judgement,
        }),
      ),
    10,
  )

const beds = few(
  fc
    .record({
      contract: fc.constantFrom('block', 'framework', 'spot'),
      type: fc.constantFrom('fostering', 'residential'),
      beds: fc.integer({ min: 0, max: 4 }),
      price: maybe(fc.integer({ min: 0, max: 5000 })),
      days: inOrder(2),
    })
    .map(
      (it): SampleRecord => ({
        cobe_contract: it.contract,
        cobe_placement_type: it.type,
        cobe_beds: it.beds,
        cobe_weekly_price: it.price,
        cobe_start_date: it.days[0]!,
        cobe_end_date: it.days[1]!,
      }),
    ),
  6,
)

const recruitment = few(
  fc
    .record({
      type: maybe(type),
      days: inOrder(3),
      outcome: maybe(fc.constantFrom('approved', 'not-approved', 'withdrawn')),
      ended: fc.boolean(),
    })
    .map(({ type: asWhat, days: [enquiry, application, last], outcome, ended }): SampleRecord => {
      const isDecided = outcome !== null && outcome !== 'withdrawn'
      return {
        recr_type: asWhat,
        recr_enquiry_date: enquiry!,
        recr_application_date: application!,
        recr_decision_date: isDecided ? last! : null,
        recr_outcome: outcome,
        recr_ended_date: !isDecided && ended ? last! : null,
      }
    }),
  8,
)

const placedHere = few(
  inOrder(2).map(
    ([start, end]): SampleRecord => ({
      chph_placing_authority: 'S12000036',
      chph_start_date: start!,
      chph_end_date: end!,
    }),
  ),
  6,
)

const visits = few(
  fc.record({ urn, day }).map((it): SampleRecord => ({ re44_urn: it.urn, re44_visit_date: it.day })),
  12,
)

const kinship = few(
  fc
    .record({
      family: fc.constantFrom('A', 'B', 'C'),
      support: fc.constantFrom(
        'special-guardianship-allowance',
        'child-arrangements-allowance',
        'family-group-conference',
        'other',
      ),
      days: inOrder(2),
    })
    .map(
      (it): SampleRecord => ({
        kins_family_id: it.family,
        kins_support: it.support,
        kins_start_date: it.days[0]!,
        kins_end_date: it.days[1]!,
      }),
    ),
  6,
)

const surveys = few(
  fc
    .record({
      survey: fc.constantFrom('children-placement', 'partners-early-help', 'partners-joint-working'),
      day,
      answers: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 3, maxLength: 3 }),
    })
    .map(({ survey, day: closed, answers }): SampleRecord => {
      const [positive, answered, asked] = answers.sort((a, b) => a - b)
      return {
        surv_survey: survey,
        surv_date: closed,
        surv_asked: asked!,
        surv_answered: answered!,
        surv_positive: positive!,
      }
    }),
  5,
)

export const supplyOf = (code: string): fc.Arbitrary<Supply> =>
  fc.record({
    'fostering-households': households,
    'fostering-places': places,
    providers: providers(code),
    'commissioned-beds': beds,
    'carer-recruitment': recruitment,
    'children-placed-here': placedHere,
    'regulation-44-visits': visits,
    'kinship-support': kinship,
    surveys,
  })
