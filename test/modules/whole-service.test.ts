import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { bringHistoriesUpToDate } from '../../src/returns/follow-reference.ts'
import { buildService } from '../../src/service.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

/** The service as it runs, from what comes in to the figures that change with it. */
const KEY = 'the-admin-key-of-the-tests'
const AUTHORITY = 'E08000034'

const RETURN: Record<string, string> = {
  'header.csv':
    'CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,M,01/06/2012,WBRI,UN2,,\nA2,F,01/06/2010,WBRI,UN2,0,\n',
  'episodes.csv':
    'CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n' +
    'A1,01/06/2024,S,C2,N1,U4,PR1,,,,HD1 1AA,HD1 2AA,SC000001\n' +
    'A2,01/06/2024,S,C2,N1,K2,PR4,,,,HD1 1AA,YO1 7HH,SC000002\n',
  'missing.csv': 'CHILD,DOB,MISSING,MIS_START,MIS_END\nA2,01/06/2010,M,07/06/2024,10/06/2024\n',
}

let held: TestDatabase
let app: Awaited<ReturnType<typeof buildService>>
beforeAll(async () => {
  held = await newDatabase()
  app = await buildService({
    config: readConfig({ ADMIN_API_KEY: KEY }),
    database: held.database,
    callers: findAdmin(KEY),
    now: () => new Date('2025-06-01T12:00:00Z'),
    logger: false,
  })
})
afterAll(async () => {
  await app?.close()
  await held?.drop()
})

const headers = { authorization: `Bearer ${KEY}` }

async function observed(indicator: string, breakdown = '') {
  const answer = await app.inject({
    url: `/v1/authorities/${AUTHORITY}/observations?indicator=${indicator}&period=2024-25${breakdown && `&breakdown=${breakdown}`}`,
    headers,
  })
  expect(answer.statusCode).toBe(200)
  return { data: answer.json().data, etag: answer.headers.etag }
}

async function putReference(kind: string, text: string) {
  const answer = await app.inject({
    method: 'PUT',
    url: `/v1/reference/${kind}`,
    headers: { ...headers, 'content-type': 'text/csv' },
    payload: text,
  })
  expect(answer.statusCode).toBe(200)
}

async function postReturn(): Promise<void> {
  const boundary = 'of-the-tests'
  const parts = Object.entries(RETURN).map(
    ([name, text]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="f"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n${text}\r\n`,
  )
  const answer = await app.inject({
    method: 'POST',
    url: `/v1/authorities/${AUTHORITY}/returns?year=2024-25`,
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: `${parts.join('')}--${boundary}--\r\n`,
  })
  expect(answer.statusCode, answer.body).toBe(201)
}

const POSTCODES =
  'pcds,oseast1m,osnrth1m,oslaua\nHD1 1AA,414000,416000,E08000034\nHD1 2AA,415000,416000,E08000034\nYO1 7HH,460000,452000,E06000014\n'

describe('what comes in changes the figures, and their validators', () => {
  test('a return gives what needs nothing else; the rest is x, and says what is missing', async () => {
    await postReturn()
    expect((await observed('cla-count')).data[0]).toMatchObject({ value: 2, status: null })
    for (const [indicator, lacks] of [
      ['placed-outside-la-pct', 'postcodes'],
      ['cla-rate-per-10k', 'population'],
      ['rhi-offered-pct', 'return-home-interviews'],
    ] as const) {
      const [figure] = (await observed(indicator)).data
      expect(figure).toMatchObject({ value: null, status: 'x' })
      expect(figure.reason).toContain(lacks)
    }
  })

  test('postcodes tell where children live, also those placed before', async () => {
    const before = await observed('cla-count', 'placement-location')
    expect(before.data[1]).toMatchObject({ status: 'x' })
    await putReference('postcodes', POSTCODES)
    const after = await observed('cla-count', 'placement-location')
    expect(after.etag).not.toBe(before.etag)
    expect(after.data.map((one: { value: number }) => one.value)).toEqual([2, 1, 1, 0])
    expect((await observed('placed-over-20-miles-pct')).data[0]).toMatchObject({
      numerator: 1,
      denominator: 2,
    })
    // York does not border on Kirklees.
    expect((await observed('placed-at-a-distance-pct')).data[0]).toMatchObject({ numerator: 1 })
  })

  test('a later edition moves a home, and borders make it near', async () => {
    await putReference('postcodes', POSTCODES.replace('E06000014', 'E08000035'))
    expect((await observed('placed-at-a-distance-pct')).data[0]).toMatchObject({ numerator: 0 })
    expect((await observed('placed-outside-la-pct')).data[0]).toMatchObject({ numerator: 1 })
  })

  test('the estimate of the calendar year before the end of the period makes the rate', async () => {
    const head =
      'time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,age_group,population_estimate\n'
    const row = (year: number, children: number) =>
      `${year},Reporting year,Local authority,E92000001,England,E12000003,Yorkshire and The Humber,382,${AUTHORITY},Kirklees,Children aged 0 to 17 years,${children}\n`
    await putReference('population', head + row(2023, 50_000) + row(2024, 100_000) + row(2025, 1))
    expect((await observed('cla-rate-per-10k')).data[0]).toMatchObject({
      value: 0.2,
      numerator: 2,
      denominator: 100_000,
    })
  })

  test('a record makes a figure known', async () => {
    const before = await observed('rhi-within-72-hours-pct')
    const written = await app.inject({
      method: 'PUT',
      url: `/v1/authorities/${AUTHORITY}/records/return-home-interviews/1`,
      headers,
      payload: {
        miss_person_id: 'A2',
        miss_missing_episode_start_date: '2024-06-05T18:30',
        miss_missing_episode_type: 'M',
        miss_missing_episode_end_date: '2024-06-07T22:00',
        miss_missing_rhi_offered: 'Y',
        miss_missing_rhi_accepted: 'Y',
        miss_missing_rhi_date: '2024-06-10T21:00',
      },
    })
    expect(written.statusCode, written.body).toBe(201)
    const after = await observed('rhi-within-72-hours-pct')
    expect(after.etag).not.toBe(before.etag)
    expect(after.data[0]).toMatchObject({ value: 100, numerator: 1, denominator: 1 })
  })

  test('homes are told by their postcode, and children of others who come from those who go', async () => {
    const putRecord = async (path: string, payload: unknown) => {
      const answer = await app.inject({
        method: 'PUT',
        url: `/v1/authorities/${AUTHORITY}/records/${path}`,
        headers,
        payload: payload as object,
      })
      expect(answer.statusCode, answer.body).toBe(201)
    }
    const told = { prov_type: 'childrens-home', prov_status_date: '2025-01-01', prov_capacity: 3 }
    await putRecord('providers/1', { ...told, prov_urn: 'SC000001', prov_postcode: 'HD1 2AA' })
    await putRecord('providers/2', { ...told, prov_urn: 'SC000002', prov_postcode: 'YO1 7HH' })
    await putRecord('providers/3', { ...told, prov_urn: 'SC000003', prov_postcode: 'ZZ1 1ZZ' })
    expect((await observed('childrens-homes-in-area-count')).data[0]).toMatchObject({ value: 1 })
    expect((await observed('beds-in-area-count')).data[0]).toMatchObject({ value: 3 })
    expect((await observed('homes-area-not-known-count')).data[0]).toMatchObject({ value: 1 })
    expect((await observed('children-in-homes-not-on-record-pct')).data[0]).toMatchObject({
      numerator: 0,
      denominator: 1,
    })

    const here = { chph_placing_authority: 'E08000035', chph_start_date: '2025-01-01' }
    for (const number of [1, 2, 3]) await putRecord(`children-placed-here/${number}`, here)
    expect((await observed('cla-placed-here-by-other-las-count')).data[0]).toMatchObject({ value: 3 })
    // Three came, and one of the authority's own went.
    expect((await observed('cla-net-gain')).data[0]).toMatchObject({ value: 2, status: null })
  })

  test('what is on record of supply is not published', async () => {
    const answer = await app.inject({
      url: `/v1/authorities/${AUTHORITY}/observations?indicator=beds-in-area-count&indicator=cla-count&period=2024-25&audience=public`,
      headers,
    })
    expect(answer.statusCode, answer.body).toBe(200)
    const beds = answer
      .json()
      .data.find((one: { indicator: string }) => one.indicator === 'beds-in-area-count')
    expect(beds).toMatchObject({ value: null, status: 'x', reason: expect.stringContaining('not published') })
  })

  test('a history that an earlier release derived is made anew', async () => {
    const authorities = [AUTHORITY]
    expect(await bringHistoriesUpToDate(held.database, authorities)).toBe(0)
    await held.database.write(authorities, async (transaction) => {
      await transaction.query('test.older', 'update care.authority_state set history_version = 1')
      await transaction.query('test.gone', 'delete from care.missing_incident')
    })
    expect(await bringHistoriesUpToDate(held.database, authorities)).toBe(1)
    expect((await observed('missing-incidents')).data[0]).toMatchObject({ value: 1 })
  })
})
