import fc from 'fast-check'
import { addDays, type Day } from '../../src/vocabulary/day.ts'
import { pick, URNS } from './random-council.ts'
import type { Records } from './records.ts'
import type { SampleRecord } from './sample-records.ts'

/** What a council keeps of placements, needs, siblings and providers, beside a history at random. */
export interface PlacementRecords {
  readonly details: readonly Detail[]
  readonly providers: readonly Provider[]
  readonly needs: readonly Need[]
  readonly siblings: readonly Sibling[]
}
interface Detail {
  readonly id: string
  readonly child: string
  readonly start: Day
  readonly end: Day | null
  readonly household: string | null
  readonly registration: string | null
  readonly cost: number | null
  readonly emergency: boolean
  readonly approved: Day | null
  readonly notified: Day | null
  readonly placeNeeded: boolean
  readonly placeFound: Day | null
}
interface Provider {
  readonly id: string
  readonly urn: string
  readonly from: Day
  readonly registered: 'Y' | 'N' | 'NA'
}
interface Need {
  readonly id: string
  readonly child: string
  readonly kind: string
  readonly complex: boolean
  readonly specialist: boolean
  readonly from: Day
  readonly to: Day | null
}
interface Sibling {
  readonly id: string
  readonly child: string
  readonly group: string
  readonly from: Day
  readonly to: Day | null
  readonly apart: boolean
}

/** No record is dated after the day on which the tests write. */
const TODAY = '2026-06-30' as Day
/** Days from a start to what is done for it: about the limits of five and twenty working days. */
const after = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.constantFrom(-3, 0, 0, 1) },
  { weight: 2, arbitrary: fc.integer({ min: 5, max: 12 }) },
  { weight: 2, arbitrary: fc.integer({ min: 26, max: 36 }) },
)
const registration = fc.constantFrom('unregistered', 'registered', 'not-required', 'court-ordered', null)

const choices = fc.record({
  details: fc.array(
    fc.record({
      late: fc.constantFrom(0, 0, 0, 0, 1, 20, -2, null),
      lasts: fc.constantFrom(null, null, 0, 30, 200),
      household: fc.constantFrom('H1', 'H1', 'H2', null),
      registration,
      cost: fc.constantFrom(0, 650.25, 4_000, null),
      emergency: fc.boolean(),
      approved: after,
      notified: after,
      placeNeeded: fc.boolean(),
      placeFound: after,
    }),
    { minLength: 1, maxLength: 40 },
  ),
  providers: fc.array(
    fc.record({
      urn: fc.constantFrom(...URNS.filter((urn) => /\d/.test(urn))),
      day: fc.nat(1_800),
      registered: fc.constantFrom('Y' as const, 'N' as const, 'NA' as const),
    }),
    { maxLength: 6 },
  ),
  needs: fc.array(
    fc.record({
      child: fc.nat(30),
      kind: fc.constantFrom('emotional', 'behavioural', 'education', 'health'),
      complex: fc.boolean(),
      specialist: fc.boolean(),
      day: fc.nat(1_800),
      lasts: fc.constantFrom(null, null, 0, 400),
    }),
    { maxLength: 40 },
  ),
  siblings: fc.array(
    fc.record({
      child: fc.nat(30),
      group: fc.constantFrom('G1', 'G1', 'G2', 'G3'),
      day: fc.nat(900),
      lasts: fc.constantFrom(null, null, null, 500),
      apart: fc.nat(6).map((one) => one === 0),
    }),
    { maxLength: 40 },
  ),
})

const id = (index: number): string => `R${String(index).padStart(5, '0')}`
const from2020 = (days: number): Day => addDays('2020-04-01' as Day, days)
const orNull = (start: Day, days: number | null): Day | null => (days === null ? null : addDays(start, days))

/** A detail for most episodes, a day of its own for some of them; needs and siblings among the children. */
export const placementRecordsOf = ({ children, episodes }: Records): fc.Arbitrary<PlacementRecords> =>
  choices.map((chosen) => ({
    details: episodes.flatMap(({ child, decom }, index) => {
      const { late, lasts, approved, notified, placeFound, ...rest } = pick(chosen.details, index)
      const start = late === null ? TODAY : addDays(decom, late)
      const done = [approved, notified, placeFound].map((days) => orNull(start, days))
      if (late === null || [start, ...done].some((day) => day !== null && day > TODAY)) return []
      return [
        {
          id: id(index),
          child,
          start,
          end: orNull(start, lasts),
          ...rest,
          approved: done[0]!,
          notified: done[1]!,
          placeFound: done[2]!,
        },
      ]
    }),
    providers: chosen.providers.map(({ urn, day, registered }, index) => ({
      id: id(index),
      urn,
      from: from2020(day),
      registered,
    })),
    needs: chosen.needs.map(({ child, day, lasts, ...rest }, index) => ({
      id: id(index),
      child: pick(children, child).id,
      from: from2020(day),
      to: orNull(from2020(day), lasts),
      ...rest,
    })),
    siblings: chosen.siblings.map(({ child, day, lasts, ...rest }, index) => ({
      id: id(index),
      child: pick(children, child).id,
      from: from2020(day),
      to: orNull(from2020(day), lasts),
      ...rest,
    })),
  }))

const yesNo = (is: boolean) => (is ? 'Y' : 'N')

/** The records as a council would send them, by their kinds. */
export const asSent = ({ details, providers, needs, siblings }: PlacementRecords) =>
  ({
    'placement-details': details.map((one) => ({
      plde_table_id: one.id,
      plde_person_id: one.child,
      plde_start_date: one.start,
      plde_end_date: one.end,
      plde_household_id: one.household,
      plde_registration: one.registration,
      plde_weekly_cost: one.cost,
      plde_emergency: yesNo(one.emergency),
      plde_distance_approved_date: one.approved,
      plde_host_notified_date: one.notified,
      plde_education_place_needed: yesNo(one.placeNeeded),
      plde_education_place_date: one.placeFound,
    })),
    providers: providers.map((one) => ({
      prov_table_id: one.id,
      prov_urn: one.urn,
      prov_status_date: one.from,
      prov_type: 'childrens-home',
      prov_registered: one.registered,
    })),
    'child-needs': needs.map((one) => ({
      need_table_id: one.id,
      need_person_id: one.child,
      need_category: one.kind,
      need_complex: yesNo(one.complex),
      need_specialist_support: yesNo(one.specialist),
      need_start_date: one.from,
      need_end_date: one.to,
    })),
    'sibling-groups': siblings.map((one) => ({
      sibl_table_id: one.id,
      sibl_person_id: one.child,
      sibl_group_id: one.group,
      sibl_start_date: one.from,
      sibl_end_date: one.to,
      sibl_assessed_apart: yesNo(one.apart),
    })),
  }) satisfies Record<string, readonly SampleRecord[]>
