import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Observation } from '../../src/indicators/observation.ts'
import { readPeriods } from '../../src/indicators/period-query.ts'
import type { DimensionId } from '../../src/vocabulary/dimension.ts'
import type { Refusal } from '../../src/vocabulary/refusal.ts'
import {
  catalogue,
  type FiguresApp,
  figuresApp,
  loadCouncil,
  READER_KEY,
  SMALL_COUNCIL,
} from '../support/figures-app.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
let figures: FiguresApp

/** A second authority, with a latest year of its own. */
const OTHER = 'E09000023'

beforeAll(async () => {
  database = await newDatabase()
  await loadCouncil(database.database)
  await loadCouncil(database.database, OTHER, {
    seed: 7,
    firstYear: 2023,
    lastYear: 2024,
    childrenInCare: 40,
  })
  figures = await figuresApp(database.database)
})
afterAll(async () => {
  await figures?.app.close()
  await database?.drop()
})

const HERE = '/v1/authorities/E10999999/observations'
const EVERYWHERE = '/v1/observations'

interface Page {
  readonly data: readonly Observation[]
  readonly next: string | null
  readonly dataVersion: string
  readonly dataVersions: readonly { authority: string; dataVersion: string }[]
}
interface Fault {
  readonly pointer: string
  readonly code: string
  readonly detail: string
  readonly allowed?: string[]
  readonly didYouMean?: string[]
}

async function page(url: string): Promise<Page> {
  const response = await figures.client.get(url)
  expect(response.statusCode, response.body.slice(0, 1000)).toBe(200)
  return response.json<Page>()
}

const faultsAt = async (url: string): Promise<readonly [number, string, Fault[]]> => {
  const response = await figures.client.get(url)
  const { type, errors } = response.json<{ type: string; errors: Fault[] }>()
  return [response.statusCode, type.split('/').at(-1)!, errors]
}

const isTotal = ({ breakdown }: Observation): boolean => Object.keys(breakdown).length === 0

describe('an authority’s observations', () => {
  test('are all indicators of the latest year unless told otherwise, each with a total', async () => {
    const { data, next } = await page(HERE)
    expect(next).toBeNull()
    expect(data.map(({ indicator }) => indicator)).toEqual(catalogue.indicators.map(({ id }) => id))
    expect(new Set(data.map(({ period }) => period))).toEqual(new Set(['2024-25']))
    expect(data.every(isTotal)).toBe(true)
    for (const { status, reason } of data) expect(status === 'x').toBe(reason !== undefined)
  })

  test('add up: the categories of every dimension of every indicator make the total', async () => {
    const { data } = await page(`${HERE}?period=2024-25&breakdown=all`)
    for (const indicator of catalogue.indicators) {
      const own = data.filter((one) => one.indicator === indicator.id)
      const total = own.find(isTotal)!
      if (total.status === 'x') continue
      for (const dimension of indicator.dimensions) {
        const parts = own.filter(({ breakdown }) => breakdown[dimension] !== undefined)
        if (parts.some(({ status }) => status === 'x')) continue
        const sum = (key: 'value' | 'numerator' | 'denominator') =>
          parts.reduce((added, part) => added + (part[key] ?? 0), 0)
        const sums = indicator.kind === 'count' ? [sum('value')] : [sum('numerator'), sum('denominator')]
        const totals = indicator.kind === 'count' ? [total.value] : [total.numerator, total.denominator]
        expect(sums, `${indicator.id} by ${dimension}`).toEqual(totals)
      }
    }
  })

  test('can be crossed, and the crossed parts make the total too', async () => {
    const { data } = await page(`${HERE}?indicator=cla-count&breakdown=age-band*sex&period=2024-25`)
    const [total, ...parts] = data
    expect(parts.every(({ breakdown }) => Object.keys(breakdown).join() === 'age-band,sex')).toBe(true)
    expect(parts.reduce((sum, { value }) => sum + value!, 0)).toBe(total!.value)
  })

  test('come whatever the order and form of the query, and in one order', async () => {
    const one = await page(
      `${HERE}?indicator=cla-leavers,cla-count&period=2024-25,2023-24&breakdown=sex,age-band*sex`,
    )
    const other = await page(
      `${HERE}?breakdown=sex*age-band&breakdown=sex&breakdown=age-band*sex&period=2023-24&indicator=cla-count&period=2024-25&indicator=cla-leavers`,
    )
    const sorted = ({ data }: Page) => data.map((one) => JSON.stringify(one)).sort()
    expect(sorted(other).length).toBe(sorted(one).length)
    expect(one.data.filter(isTotal).map(({ indicator, period }) => [indicator, period])).toEqual([
      ['cla-count', '2023-24'],
      ['cla-count', '2024-25'],
      ['cla-leavers', '2023-24'],
      ['cla-leavers', '2024-25'],
    ])
  })

  test('take the DfE’s code as well', async () => {
    const { data } = await page('/v1/authorities/209/observations?indicator=cla-count')
    expect(data[0]).toMatchObject({ authority: OTHER, period: '2023-24' })
  })

  test('say why a figure is not available and what would supply it', async () => {
    const { data } = await page(`${HERE}?indicator=same-carer-two-years-pct,cla-rate-per-10k&period=2023-24`)
    expect(data).toMatchObject([
      { indicator: 'cla-rate-per-10k', status: 'x', value: null, wouldBeSuppliedBy: [] },
      { indicator: 'same-carer-two-years-pct', status: 'x', value: null, wouldBeSuppliedBy: ['2021-22'] },
    ])
    const nobody = await page('/v1/authorities/E09000007/observations?indicator=cla-count')
    expect(nobody.data).toMatchObject([{ period: '2025-26', status: 'x' }])
  })

  test('are rounded only when asked, and what rounds to zero says so', async () => {
    const url = `${HERE}?indicator=uasc-pct,cla-count,cla-length-of-time-in-care&breakdown=age&period=2024-25`
    const [exact, rounded] = [await page(url), await page(`${url}&decimals=0`)]
    expect(exact.data.some(({ value }) => value !== null && !Number.isInteger(value))).toBe(true)
    for (const [index, observation] of rounded.data.entries()) {
      const { value, numerator, denominator } = exact.data[index]!
      expect([observation.numerator, observation.denominator]).toEqual([numerator, denominator])
      if (value === null) expect(observation.value).toBeNull()
      else expect(Math.abs(observation.value! - value)).toBeLessThanOrEqual(0.5)
      if (observation.value !== null) expect(Number.isInteger(observation.value)).toBe(true)
      if (observation.value === 0) expect(observation.status).toBe(value === 0 ? null : 'k')
    }
  })
})

describe('observations of several authorities', () => {
  test('are those of all who have sent returns, each for its latest year', async () => {
    const { data, dataVersions } = await page(`${EVERYWHERE}?indicator=cla-count`)
    expect(data.map(({ authority, period }) => [authority, period])).toEqual([
      [OTHER, '2023-24'],
      ['E10999999', '2024-25'],
    ])
    expect(dataVersions.map(({ authority }) => authority)).toEqual([OTHER, 'E10999999'])
  })

  test('are those of the authorities named, also where one has sent nothing', async () => {
    const { data } = await page(
      `${EVERYWHERE}?authority=E10999999,209&authority=E09000007&indicator=cla-count`,
    )
    expect(data.map(({ authority, status }) => [authority, status])).toEqual([
      ['E09000007', 'x'],
      [OTHER, null],
      ['E10999999', null],
    ])
  })

  test('are the same as each authority’s own', async () => {
    const query = 'breakdown=sex,age-band*sex&period=2023-24'
    const both = await page(`${EVERYWHERE}?${query}`)
    const own = await Promise.all(
      [OTHER, 'E10999999'].map((code) => page(`/v1/authorities/${code}/observations?${query}`)),
    )
    expect(both.data).toEqual(own.flatMap(({ data }) => data))
  })

  test('keep to the authorities that the caller may see', async () => {
    const reader = figures.client.as(READER_KEY)
    const all = (await reader.get(`${EVERYWHERE}?indicator=cla-count`)).json<Page>()
    expect(all.data.map(({ authority }) => authority)).toEqual(['E10999999'])
    const refused = await reader.get(`${EVERYWHERE}?authority=${OTHER}&indicator=cla-count`)
    expect(refused.statusCode).toBe(404)
    // What the administrator was given of the same address is not the reader's.
    await figures.client.get(`/v1/authorities/${OTHER}/observations`)
    expect((await reader.get(`/v1/authorities/${OTHER}/observations`)).statusCode).toBe(404)
  })
})

describe('pages', () => {
  test.each([
    [`${HERE}?breakdown=age-band&period=2023-24,2024-25`, 97],
    [`${EVERYWHERE}?breakdown=sex`, 41],
    [`${EVERYWHERE}?indicator=cla-count`, 1],
  ])('of %s, %i at a time, make up the whole', async (url, limit) => {
    const whole = await page(url)
    const paged: Observation[] = []
    for (let cursor = ''; ; ) {
      const { data, next } = await page(`${url}&limit=${limit}${cursor}`)
      expect(data.length).toBeLessThanOrEqual(limit)
      paged.push(...data)
      if (next === null) break
      expect(data.length).toBe(limit)
      cursor = `&cursor=${next}`
    }
    expect(paged).toEqual(whole.data)
  })

  test('belong to their query', async () => {
    const { next } = await page(`${HERE}?limit=3`)
    const [status, problem] = await faultsAt(`${HERE}?limit=3&period=2023-24&cursor=${next}`)
    expect([status, problem]).toEqual([400, 'invalid-cursor'])
    const elsewhere = await faultsAt(`/v1/authorities/209/observations?limit=3&cursor=${next}`)
    expect(elsewhere.slice(0, 2)).toEqual([400, 'invalid-cursor'])
    expect((await faultsAt(`${HERE}?cursor=abc`)).slice(0, 2)).toEqual([400, 'invalid-cursor'])
  })
})

/* ---- CSV ------------------------------------------------------------------------------------------------------- */

/** Reads RFC 4180. */
function readTable(text: string): Record<string, string>[] {
  const rows: string[][] = [[]]
  for (const [whole, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n)/g)) {
    expect(whole).not.toBe('')
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!)
    if (end !== ',') rows.push([])
  }
  const [header, ...lines] = rows.slice(0, -1)
  return lines.map((cells) => Object.fromEntries(header!.map((name, index) => [name, cells[index]!])))
}

const text = (value: number | string | null | undefined): string => String(value ?? '')

describe('the same as CSV', () => {
  test.each([
    [
      `${HERE}?period=2023-24,2024-25Q1,2024-12,2025-03-31&breakdown=age-band,age-band*sex`,
      '&format=csv',
      {},
    ],
    [`${EVERYWHERE}?breakdown=all&decimals=1`, '', { accept: 'text/csv' }],
  ])('of %s', async (url, format, headers) => {
    const { data } = await page(url)
    const response = await figures.client.get(`${url}${format}`, headers)
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    const table = readTable(response.body)
    expect(table).toHaveLength(data.length)
    for (const [index, row] of table.entries()) {
      const one = data[index]!
      const [first, second] = Object.entries(one.breakdown)
      expect(row).toMatchObject({
        new_la_code: one.authority,
        period: one.period,
        indicator: one.indicator,
        indicator_title: catalogue.find(one.indicator)!.title,
        dimension_1: text(first?.[0]),
        category_1: text(first?.[1]),
        dimension_2: text(second?.[0]),
        category_2: text(second?.[1]),
        unit: one.unit,
        value: text(one.value),
        status: text(one.status),
        numerator: text(one.numerator),
        denominator: text(one.denominator),
        interval_lower: text(one.interval?.lower),
        interval_upper: text(one.interval?.upper),
        share: text(one.share),
        incomplete: String(one.incomplete === true),
        as_at: text(one.asAt),
        reason: text(one.reason),
      })
    }
  })

  test('names time and place as the DfE’s tables do', async () => {
    const url = '/v1/authorities/209/observations?indicator=cla-count&format=csv&period='
    const rows = await Promise.all(
      ['2023-24', '2023-24Q4', '2024-03', '2024-03-31'].map(
        async (period) => readTable((await figures.client.get(`${url}${period}`)).body)[0]!,
      ),
    )
    expect(rows.map(({ time_period, time_identifier }) => [time_period, time_identifier])).toEqual([
      ['202324', 'Reporting year'],
      ['2023-24Q4', 'Reporting year quarter'],
      ['2024-03', 'Month'],
      ['2024-03-31', 'Day'],
    ])
    expect(rows[0]).toMatchObject({
      geographic_level: 'Local authority',
      country_code: 'E92000001',
      country_name: 'England',
      region_code: 'E12000007',
      region_name: 'London',
      old_la_code: '209',
      new_la_code: OTHER,
      la_name: 'Lewisham',
    })
    // A stock at one day is the same whatever the period that ends on it.
    expect(new Set(rows.map(({ value }) => value)).size).toBe(1)
  })

  test('comes in pages where a limit is given, the next one in the Link header', async () => {
    const whole = readTable((await figures.client.get(`${HERE}?breakdown=sex&format=csv`)).body)
    const paged: unknown[] = []
    for (let url = `${HERE}?breakdown=sex&format=csv&limit=50`; ; ) {
      const response = await figures.client.get(url)
      paged.push(...readTable(response.body))
      const link = response.headers.link as string | undefined
      if (link === undefined) break
      url = /^<(.+)>; rel="next"$/.exec(link)![1]!
    }
    expect(paged).toEqual(whole)
  })

  test('is not mistaken for the JSON', async () => {
    const [json, csv] = [
      await figures.client.get(HERE),
      await figures.client.get(HERE, { accept: 'text/csv' }),
    ]
    expect(csv.headers.etag).not.toBe(json.headers.etag)
    expect(csv.headers.vary).toContain('Accept')
    const again = await figures.client.get(HERE, {
      accept: 'text/csv',
      'if-none-match': csv.headers.etag as string,
    })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    expect((await figures.client.get(HERE, { accept: 'image/png' })).statusCode).toBe(406)
  })
})

/* ---- refusals -------------------------------------------------------------------------------------------------- */

describe('a query is refused', () => {
  test.each([
    ['indicator=cla-cont', 404, 'unknown-indicator', '/query/indicator', 'cla-count'],
    [
      'indicator=cla-count,three-plus-placement-pct',
      404,
      'unknown-indicator',
      '/query/indicator',
      'three-plus-placements-pct',
    ],
    ['period=2024/25', 400, 'unknown-period', '/query/period', '2024-25'],
    ['period=2024-25Q5', 400, 'unknown-period', '/query/period', '2024-25Q4'],
    ['breakdown=age-bands', 400, 'unknown-breakdown', '/query/breakdown', 'age-band'],
    ['breakdown=age-band*sx', 400, 'unknown-breakdown', '/query/breakdown', 'sex'],
    ['perod=2024-25', 400, 'unknown-member', '/query/perod', 'period'],
    ['indicators=cla-count', 400, 'unknown-member', '/query/indicators', 'indicator'],
  ])('with %s', async (query, status, code, pointer, near) => {
    const [answered, , errors] = await faultsAt(`${HERE}?${query}`)
    expect(answered).toBe(status)
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatchObject({ code, pointer })
    expect(errors[0]!.didYouMean).toContain(near)
    expect(errors[0]!.allowed!.length).toBeGreaterThan(0)
  })

  test.each([
    ['indicator=cla-rate-per-10k&breakdown=sex', 'unknown-breakdown'],
    ['breakdown=age*sex*uasc', 'unknown-breakdown'],
    ['breakdown=sex*sex', 'unknown-breakdown'],
    ['decimals=7', 'out-of-range'],
    ['limit=0', 'out-of-range'],
    ['limit=100001', 'out-of-range'],
    ['format=xlsx', 'not-allowed'],
    ['indicator=,', 'missing'],
    ['period=', 'wrong-length'],
    ['authority=E10999999', 'unknown-member'],
  ])('with %s', async (query, code) => {
    const [status, , errors] = await faultsAt(`${HERE}?${query}`)
    expect(status).toBe(400)
    expect(errors[0]!.code).toBe(code)
  })

  test('with every fault at once', async () => {
    const [status, , errors] = await faultsAt(
      `${EVERYWHERE}?authority=E10999998,E10999999,999&indicator=cla-cont,cla-count,x&period=2024,2024-25&breakdown=age-bnd`,
    )
    expect(status).toBe(404)
    expect(errors.map(({ pointer }) => pointer)).toEqual([
      '/query/authority',
      '/query/authority',
      '/query/indicator',
      '/query/indicator',
      '/query/period',
      '/query/breakdown',
    ])
  })

  test('again where it was refused before', async () => {
    for (const _ of [1, 2]) expect((await faultsAt(`${HERE}?indicator=cla-cont`))[0]).toBe(404)
  })
})

/* ---- validators ------------------------------------------------------------------------------------------------ */

describe('an answer that the caller holds', () => {
  test.each([HERE, `${EVERYWHERE}?breakdown=sex`])(
    'at %s is answered 304, and a kept one sent again, without reading figures',
    async (url) => {
      const first = await figures.client.get(url)
      expect(first.headers['cache-control']).toBe('private, no-cache')
      const etag = first.headers.etag as string
      figures.statements()
      const fresh = await figures.client.get(url, { 'if-none-match': etag })
      const again = await figures.client.get(url)
      expect([fresh.statusCode, fresh.body, fresh.headers.etag]).toEqual([304, '', etag])
      expect(fresh.headers).not.toHaveProperty('content-length')
      expect([again.statusCode, again.headers.etag]).toEqual([200, etag])
      expect(again.body).toBe(first.body)
      expect(figures.statements().filter((name) => name !== 'dataVersions.read')).toEqual([])
    },
  )

  test('is another for each query, page and form', async () => {
    const urls = ['', '?limit=5', '?decimals=1', '?period=2023-24', '?breakdown=sex', '?indicator=cla-count']
    const etags = await Promise.all(
      urls.map(async (query) => (await figures.client.get(HERE + query)).headers.etag),
    )
    expect(new Set(etags).size).toBe(urls.length)
  })

  test('of one authority is not that of several which are one', async () => {
    const [one, several] = [
      await figures.client.get(`${HERE}?indicator=cla-count`),
      await figures.client.get(`${EVERYWHERE}?authority=E10999999&indicator=cla-count`),
    ]
    expect(several.headers.etag).not.toBe(one.headers.etag)
    expect(several.json<Page>().data).toEqual(one.json<Page>().data)
  })

  test('is measured once for requests that come together', async () => {
    const url = `${HERE}?breakdown=ethnicity&period=2024-11`
    figures.statements()
    const answers = await Promise.all(Array.from({ length: 5 }, () => figures.client.get(url)))
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect(figures.statements().filter((name) => name === 'returns.coverage').length).toBeLessThanOrEqual(1)
  })

  // The last test: it changes the data.
  test('is given anew when a return changes the data, and its cursors are no good', async () => {
    const url = `${HERE}?limit=10`
    const [first, elsewhere] = [
      await figures.client.get(url),
      await figures.client.get(`/v1/authorities/${OTHER}/observations`),
    ]
    await loadCouncil(database.database, 'E10999999', { ...SMALL_COUNCIL, seed: 11 })
    figures.versions.forget()
    const changed = await figures.client.get(url, { 'if-none-match': first.headers.etag as string })
    expect(changed.statusCode).toBe(200)
    expect(changed.json<Page>().dataVersion).not.toBe(first.json<Page>().dataVersion)
    const [status, problem, errors] = await faultsAt(`${url}&cursor=${first.json<Page>().next}`)
    expect([status, problem, errors[0]!.code]).toEqual([400, 'invalid-cursor', 'data-changed'])
    const unmoved = await figures.client.get(`/v1/authorities/${OTHER}/observations`, {
      'if-none-match': elsewhere.headers.etag as string,
    })
    expect(unmoved.statusCode).toBe(304)
  })
})

/* ---- periods --------------------------------------------------------------------------------------------------- */

test.each([
  ['2024/25', ['2024-25']],
  ['2024-2025', ['2024-25']],
  ['24-25', ['2024-25']],
  ['202425', ['2024-25']],
  ['FY 2024/25', ['2024-25']],
  ['2024-25Q5', ['2024-25Q4', '2024-25Q3', '2024-25Q2', '2024-25Q1']],
  ['2024-25 q2', ['2024-25Q2']],
  ['2024-26', ['2024-25', '2025-26']],
  ['2024', ['2023-24', '2024-25']],
  ['31/03/2025', ['2025-03-31', '2025-03', '2024-25']],
  ['03/2025', ['2025-03']],
  ['2025-02-30', []],
  ['last year', []],
])('for the period %s the caller probably meant %j', (written, meant) => {
  let refusal: Refusal | undefined
  try {
    readPeriods([written])
  } catch (error) {
    refusal = error as Refusal
  }
  expect(refusal?.reason).toBe('unknown-period')
  expect(refusal!.faults[0]!.didYouMean ?? []).toEqual(meant)
})

test('every period that is none is named', () => {
  expect(() => readPeriods(['2024-25', 'x', 'y'])).toThrow(
    expect.objectContaining({ faults: [expect.anything(), expect.anything()] }),
  )
})

test('a dimension has the same id in the catalogue and in a breakdown', async () => {
  const { data } = await page(`${HERE}?indicator=cla-count&breakdown=all`)
  const given = new Set(data.flatMap(({ breakdown }) => Object.keys(breakdown)))
  expect(given).toEqual(new Set<DimensionId>(catalogue.find('cla-count')!.dimensions))
})
