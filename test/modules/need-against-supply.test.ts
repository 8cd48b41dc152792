import { afterAll, beforeAll, expect, test } from 'vitest'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { AUTHORITY, loadSample, type PublicationsApp, publicationsApp } from '../support/publications-app.ts'
import { SAMPLE, withRows } from '../support/sample-return.ts'

interface Row {
  placement: string
  by: string
  category: string
  children: number | null
  withRelatives: number | null
  places: number | null
  gap: number | null
  reason: string | null
}

/** Beside ADA1, a girl of twelve with an agency: CLEO4, a girl of eleven with her aunt, and DAN5, a boy of sixteen in a home. */
const COUNCIL = withRows({
  Header: [...SAMPLE.Header!, 'CLEO4,F,01/02/2014,WBRI,,,', 'DAN5,M,01/02/2009,WBRI,,,'],
  Episodes: [
    ...SAMPLE.Episodes!,
    'CLEO4,01/09/2024,S,C2,N1,U1,PR1,,,,LS6 1AB,LS7 2CD,SC123456',
    'DAN5,01/09/2024,S,C2,N1,K2,PR4,,,,LS6 1AB,LS7 2CD,SC123457',
  ],
})

let database: TestDatabase
let service: PublicationsApp
beforeAll(async () => {
  database = await newDatabase()
  service = await publicationsApp(database)
  await loadSample(service, COUNCIL, '2024-25')
})
afterAll(async () => {
  await service?.close()
  await database?.drop()
})

const put = async (kind: string, id: string, record: Record<string, unknown>) => {
  const answer = await service.client.inject({
    method: 'PUT',
    url: `/v1/authorities/${AUTHORITY}/records/${kind}/${id}`,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(record),
  })
  expect(answer.statusCode, answer.body).toBe(201)
}
const page = async (period = '2024-25') => {
  const answer = await service.client.get(`/v1/authorities/${AUTHORITY}/sufficiency?period=${period}`)
  expect(answer.statusCode, answer.body).toBe(200)
  const { needAgainstSupply } = answer.json()
  const row = (placement: string, category: string): Row =>
    needAgainstSupply.rows.find((one: Row) => one.placement === placement && one.category === category)
  return { needAgainstSupply, row }
}

test('places that nobody has told of are not known, and nor is where children are without postcodes', async () => {
  const { needAgainstSupply, row } = await page()
  expect(needAgainstSupply.onDay).toBe('2025-03-31')
  expect(row('fostering', 'all')).toMatchObject({ children: 2, withRelatives: 1, places: null, gap: null })
  expect(row('fostering', 'all').reason).toMatch(/no record of the kind fostering-households/)
  expect(row('fostering', 'inside')).toMatchObject({ children: null, places: null, gap: null })
  expect(needAgainstSupply.transferScheme).toMatchObject({ headroom: null, thresholdPercentage: 0.1 })
})

test('children stand against the places that take them, by kind, age and sex, on the day', async () => {
  await put('fostering-households', 'A', {
    fohh_household_id: 'A',
    fohh_type: 'mainstream',
    fohh_approved_date: '2020-01-01',
    fohh_approved_places: 2,
    fohh_age_from: 10,
    fohh_age_to: 15,
    fohh_child_sex: 'F',
  })
  // Approved for the child who is there: no place for another.
  await put('fostering-households', 'B', {
    fohh_household_id: 'B',
    fohh_type: 'family-and-friends',
    fohh_approved_date: '2024-09-01',
    fohh_approved_places: 1,
  })
  await put('fostering-places', 'A1', {
    fopl_household_id: 'A',
    fopl_start_date: '2024-06-01',
    fopl_places_filled: 1,
    fopl_places_not_available: 1,
    fopl_not_available_reason: 'carers-request',
  })
  await put('providers', 'OWN', {
    prov_urn: 'SC700001',
    prov_status_date: '2024-04-01',
    prov_type: 'childrens-home',
    prov_sector: 'local-authority',
    prov_local_authority: AUTHORITY,
    prov_capacity: 4,
    prov_registration_date: '2015-01-01',
    prov_closed_date: '2025-02-01',
  })
  await put('commissioned-beds', 'C', {
    cobe_contract: 'block',
    cobe_placement_type: 'residential',
    cobe_urn: 'SC123457',
    cobe_beds: 3,
    cobe_weekly_price: 5200,
    cobe_start_date: '2024-04-01',
    cobe_age_from: 12,
  })
  const { row } = await page()
  expect(row('fostering', 'all')).toMatchObject({ children: 2, withRelatives: 1, places: 1, gap: 0 })
  expect(row('fostering', '10-to-15')).toMatchObject({ children: 2, places: 1, gap: 0 })
  expect(row('fostering', '16-and-over')).toMatchObject({ children: 0, places: 0, gap: 0 })
  expect(row('fostering', 'male')).toMatchObject({ children: 0, places: 0 })
  // The own home had closed by the end of March; in January it was there.
  expect(row('residential', 'all')).toMatchObject({ children: 1, places: 3, gap: 2 })
  expect(row('residential', '5-to-9')).toMatchObject({ children: 0, places: 0 })
  expect((await page('2025-01-31')).row('residential', 'all')).toMatchObject({ places: 7 })
  expect(row('residential', 'outside').reason).toMatch(/3 commissioned places it is not known where/)
})

test('a forecast knows the same places, and what records plan', async () => {
  const answer = await service.client.inject({
    method: 'POST',
    url: `/v1/authorities/${AUTHORITY}/forecasts`,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ startsOn: '2025-01-31', horizonMonths: 6, simulations: 100, seed: 1 }),
  })
  expect(answer.statusCode, answer.body.slice(0, 400)).toBe(201)
  const { supply, baseline } = answer.json()
  expect(supply[1]).toMatchObject({ placement: 'residential', places: 7, own: 4, commissioned: 3 })
  const residential = baseline.gap.filter((one: Row) => one.placement === 'residential')
  expect(residential.map((one: Row) => one.places)).toEqual([3, 3, 3])
  expect(answer.body).not.toMatch(/LS6|LS7|ADA1|CLEO4|DAN5/)
})

test('an own home is one and the same for the page, the forecast and the figures', async () => {
  await put('providers', 'FAR', {
    prov_urn: 'SC700002',
    prov_status_date: '2024-04-01',
    prov_type: 'childrens-home',
    prov_sector: 'local-authority',
    prov_local_authority: 'E08000036',
    prov_provider_codes: 'PR1',
    prov_capacity: 2,
    prov_registration_date: '2015-01-01',
  })
  const { row } = await page()
  expect(row('residential', 'all')).toMatchObject({ places: 5 })
  const figure = await service.client.get(
    `/v1/authorities/${AUTHORITY}/observations?indicator=small-children-homes-count&period=2024-25`,
  )
  expect(figure.json().data[0].value).toBe(1)
})
