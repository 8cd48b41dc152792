import type { SampleRecord } from './sample-records.ts'

/** Records of supply with what they must have; only what a test is about is named. */

export const household = (id: string, rest: SampleRecord = {}): SampleRecord => ({
  fohh_household_id: id,
  fohh_type: 'mainstream',
  fohh_approved_date: '2020-01-01',
  fohh_approved_places: 2,
  ...rest,
})

export const placesOf = (id: string, filled: number, rest: SampleRecord = {}): SampleRecord => ({
  fopl_household_id: id,
  fopl_start_date: '2024-01-01',
  fopl_places_filled: filled,
  ...rest,
})

export const home = (urn: string, rest: SampleRecord = {}): SampleRecord => ({
  prov_urn: urn,
  prov_status_date: '2024-01-01',
  prov_type: 'childrens-home',
  prov_sector: 'private',
  prov_capacity: 4,
  ...rest,
})

export const bought = (beds: number, price: number | null, rest: SampleRecord = {}): SampleRecord => ({
  cobe_contract: 'block',
  cobe_placement_type: 'residential',
  cobe_beds: beds,
  cobe_weekly_price: price,
  cobe_start_date: '2024-01-01',
  ...rest,
})
