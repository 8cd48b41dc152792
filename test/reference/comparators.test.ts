import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishedPeriod, publishedValue } from '../../src/reference/published-values.ts'
import type { ReferenceFinding } from '../../src/reference/reference-findings.ts'
import { Refusal } from '../../src/vocabulary/refusal.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { FILES, loadKind, textOf } from '../support/reference-app.ts'

let own: TestDatabase
beforeAll(async () => {
  own = await newDatabase()
})
afterAll(() => own.drop())

const rows = (statement: string): Promise<Record<string, unknown>[]> =>
  own.database.read([], (transaction) => transaction.query('test', statement))
const load = (content: Parameters<typeof loadKind>[2]) => loadKind(own.database, 'comparators', content)

test.each([
  ['12183016', '12183016', null, '0'],
  ['1,234.50', '1234.5', null, '2'],
  ['53%', '53', null, '0'],
  ['-7.0000000000000007E-2', '-0.07', null, '2'],
  ['0.57999999999999996', '0.58', null, '2'],
  ['01:10', '22', null, '0'],
  ['c', null, 'c', null],
  ['low', null, 'low', null],
  ['Z', null, 'z', null],
  ['..', null, 'x', null],
  ['~', null, 'k', null],
  ['-', null, 'x', null],
  ['', null, 'x', null],
])('a published %s', (cell, value, status, decimals) => {
  expect(publishedValue(cell, 'x')).toEqual({ value, status, decimals })
})

test('what is neither a number nor a symbol is no published value', () => {
  for (const cell of ['Kirklees', '1 234', '12:61', '1,23', '--'])
    expect(publishedValue(cell, 'x')).toBeNull()
})

test.each([
  ['2025', 'Reporting year', '2024-25'],
  ['202425', 'Financial year', '2024-25'],
  ['202324', 'Academic year', '2023-24'],
  ['2023-24', '', '2023-24'],
  ['2024', 'Calendar year', '2024'],
  ['202425', 'Financial year Q3', '2024-25Q3'],
  ['202426', 'Financial year', null],
])('the period %s (%s) is %s', (period, kind, label) => {
  expect(publishedPeriod(period, kind)).toBe(label)
})

describe('the files as they are published', () => {
  test('every one of Explore Education Statistics comes in, each beside the others', async () => {
    let held = 0
    for (const file of readdirSync(FILES.published).filter((name) => name.endsWith('.gz'))) {
      const { result, rowsChanged, rowsPassedOver, state } = await load({ path: `${FILES.published}${file}` })
      held += rowsChanged
      expect([file, result, rowsPassedOver, state.rows]).toEqual([file, 'loaded', 0, held])
    }
    expect(
      await rows(`select published.value::text, published.status, published.decimals
                    from care.comparator as published
                   where published.series = 'children_percent' and published.area_level = 'national'
                     and published.period = '2024-25'
                     and published.category = '{"cla_group": "CLA on 31 March",
                                                "placement_stability": "With 3 or more placements during the year"}'`),
    ).toEqual([{ value: '10', status: null, decimals: 0 }])
    expect(
      await rows(`select distinct published.status from care.comparator as published
                   where published.value is null order by 1`),
    ).toEqual([{ status: 'c' }, { status: 'k' }, { status: 'x' }, { status: 'z' }])
    expect(
      await rows(`select 1 from care.comparator as published
                   where (published.value is null) = (published.status is null)`),
    ).toEqual([])
    // Durations in months.
    expect(
      await rows(`select published.value::int as months from care.comparator as published
                   where published.category ->> 'age_start_poc' = 'Aged 1' and published.period = '2024-25'
                     and published.category ->> 'stage_of_adoption_process' like '1.%'`),
    ).toEqual([{ months: 10 }])
  }, 120_000)

  test('the long table of LAIT comes in, and agrees with the published statistics', async () => {
    expect(await load({ path: FILES.lait })).toMatchObject({ rowsRead: 114_240, rowsChanged: 114_240 })
    expect(
      await rows(`select count(*)::int as compared, count(*) filter (where tool.value <> published.value)::int as different
                    from care.comparator as tool
                    join care.comparator as published
                      on published.area = tool.area and published.period = tool.period
                     and published.layout = 'explore-education-statistics' and published.series = 'rate_per_10000'
                     and published.category ->> 'population_type' = 'Children looked after on 31 March each year'
                   where tool.layout = 'lait' and tool.series = 'LAC' and tool.period = '2024-25'`),
    ).toEqual([{ compared: 167, different: 0 }])
    expect(
      await rows(`select published.area, published.area_level, published.value::text from care.comparator as published
                   where published.layout = 'lait' and published.series = 'LACFinance' and published.period = '2023-24'
                     and published.area in ('E92000001', 'E13000001', 'E12000003') and published.value is not null
                   order by 1`),
    ).toHaveLength(3)
  })

  test('again changes nothing, whichever was loaded last', async () => {
    for (const path of [`${FILES.published}la_cla_swcount.csv.gz`, FILES.lait])
      expect(await load({ path })).toMatchObject({ result: 'unchanged', rowsChanged: 0 })
  })

  test('published anew takes the place of what it was', async () => {
    const text = textOf(`${FILES.published}la_cla_swcount.csv.gz`).replace(',83300,', ',83310,')
    expect(await load(text)).toMatchObject({ result: 'loaded', rowsChanged: 1 })
  })
})

describe('a file of that form that nobody here has seen', () => {
  const HEAD = 'geographic_level,time_period,time_identifier,country_code,region_code,new_la_code,old_la_code'

  test('is read by what its columns hold, in any order and beside rows of other levels', async () => {
    const text = `\uFEFF${HEAD},measure,age_single,"rate, per 10,000",pupil_count,note_percent\r
National,202324,Academic year,E92000001,,,,"Absence, overall",7,"1,234.5",c,\r
Local authority,202324,Academic year,E92000001,E12000003,E08000039,373,"Absence, overall",7,low,~,\r
Local authority,202324,Academic year,E92000001,E12000002,,909,"Absence, overall",7,..,5,\r
Local authority,202324,Academic year,E92000001,z,z,z,"Absence, overall",7,1,1,\r
School,202324,Academic year,E92000001,,,,"Absence, overall",7,1,1,\r
`
    expect(await load(text)).toMatchObject({
      result: 'loaded',
      rowsRead: 5,
      rowsPassedOver: 2,
      rowsChanged: 9,
    })
    expect(
      await rows(`select published.area, published.series, published.value::text, published.status, published.decimals
                    from care.comparator as published
                   where published.category = '{"measure": "Absence, overall", "age_single": "7"}'
                     and published.series <> 'note_percent' and published.period = '2023-24'
                   order by 1, 2`),
    ).toEqual([
      { area: 'E08000019', series: 'pupil_count', value: null, status: 'k', decimals: null },
      { area: 'E08000019', series: 'rate, per 10,000', value: null, status: 'low', decimals: null },
      { area: 'E10000006', series: 'pupil_count', value: '5', status: null, decimals: 0 },
      { area: 'E10000006', series: 'rate, per 10,000', value: null, status: 'x', decimals: null },
      { area: 'E92000001', series: 'pupil_count', value: null, status: 'c', decimals: null },
      { area: 'E92000001', series: 'rate, per 10,000', value: '1234.5', status: null, decimals: 1 },
    ])
  })

  test('is refused where it repeats itself', async () => {
    const row = 'National,2025,Reporting year,E92000001,,,,5'
    const refusal = (await load(`${HEAD},number\n${row}\n${row}\n`).catch(
      (thrown: unknown) => thrown,
    )) as Refusal
    expect(refusal.members).toMatchObject({ findingCount: 1, findings: [{ row: 3, column: null }] })
  })
})

test('a cell that is no value is named, and nothing of its file is kept', async () => {
  const text = textOf(`${FILES.published}la_cla_swcount.csv.gz`)
    .replace(',83310,', ',83300,')
    .replace(/^2024,Reporting year,Regional/m, '20x4,Reporting year,Regional')
    .replace(',E06000001,', ',Hartlepool,')
    .replace(/,22140,27/, ',many,27')
    .replace(',805,Hartlepool,Hartlepool', ',,Hartlepool,Hartlepool')
  const refusal = (await load(text).catch((thrown: unknown) => thrown)) as Refusal
  expect(refusal).toBeInstanceOf(Refusal)
  const { findings } = refusal.members as { findings: readonly ReferenceFinding[] }
  expect(findings.map(({ column, message }) => `${column}: ${message}`).sort()).toEqual([
    'new_la_code: this is no area of England that is known',
    'number: this is neither a number nor a symbol of published statistics',
    'time_period: this is no period',
  ])
})
