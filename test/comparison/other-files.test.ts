import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PublishedFigure, readPublished } from '../../src/comparison/published-figures.ts'
import { toldSeries } from '../../src/comparison/told-series.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { loadKind } from '../support/reference-app.ts'

let own: TestDatabase
beforeAll(async () => {
  own = await newDatabase()
})
afterAll(() => own.drop())

const PLACE = 'time_period,time_identifier,geographic_level,country_code,region_code,old_la_code,new_la_code'
const ENGLAND = (year: number | string) => `${year},Reporting year,National,E92000001,,,`
const KIRKLEES = (year: number | string) =>
  `${year},Reporting year,Local authority,E92000001,E12000003,382,E08000034`

const load = (head: string, rows: readonly string[], options: { table?: string } = {}) =>
  loadKind(own.database, 'comparators', `${PLACE},${head}\n${rows.join('\n')}\n`, options)

async function read(
  indicator: string,
  period: string,
  breakdowns: readonly string[] = [],
  area = 'E08000034',
): Promise<PublishedFigure[]> {
  return own.database.read([], (transaction) =>
    readPublished(transaction, { indicators: [indicator], areas: [area], periods: [period], breakdowns }),
  )
}

const only = (figures: readonly PublishedFigure[]) =>
  figures.map(({ breakdown, value, status, numerator, denominator }) => [
    ...Object.values(breakdown),
    value ?? status,
    numerator,
    denominator,
  ])

describe('a file that was not seen', () => {
  test('is known by its words, whatever its columns are called and wherever nothing is chosen', async () => {
    const { series } = await load('sex,topic,breakdown,percent,number', [
      `${KIRKLEES(2030)},Total,CLA on 31 March ,With 3 or more placements  during the year,14,95`,
      `${KIRKLEES(2030)},Total,CLA on 31 march,Total children,100,680`,
      `${KIRKLEES(2030)},Total,CLA 2 years on 31 March,Total children,100,500`,
      `${KIRKLEES(2030)},Total,All who were ever looked after,With 3 or more placements during the year,3,20`,
    ])
    expect(only(await read('three-plus-placements-pct', '2029-30'))).toEqual([[14, 95, 680]])
    const told = toldSeries(series).map(({ series: column, category, figures, reason }) => [
      column,
      category.topic,
      figures.map(({ indicator, member }) => `${indicator} ${member}`),
      reason,
    ])
    expect(told).toContainEqual([
      'percent',
      'All who were ever looked after',
      [],
      'no indicator is declared for this series',
    ])
    // Children of one group are not taken for those of another.
    expect(told).toContainEqual([
      'number',
      'CLA 2 years on 31 March',
      ['three-plus-placements-two-years-pct denominator', 'one-placement-in-two-years-pct denominator'],
      null,
    ])
  })

  test('of which the later release is believed where two differ in form', async () => {
    await load('age,in_touch,number,percentage', [
      `${KIRKLEES(2022)},Aged 19 to 21,Local authority in touch with care leaver,180,90`,
      `${KIRKLEES(2022)},Aged 19 to 21,Total,200,100`,
    ])
    await load('care_leaver_age,breakdown,care_leaver_count,care_leaver_percent', [
      `${KIRKLEES(2022)},19 to 21 years,Local authority in touch with care leaver,182,91`,
      `${KIRKLEES(2022)},19 to 21 years,Total,200,100`,
      `${KIRKLEES(2024)},19 to 21 years,Local authority in touch with care leaver,c,c`,
      `${KIRKLEES(2024)},19 to 21 years,Total,210,100`,
    ])
    expect(only(await read('care-leavers-in-touch-19-21-pct', '2021-22'))).toEqual([[91, 182, 200]])
    expect(only(await read('care-leavers-in-touch-19-21-pct', '2023-24'))).toEqual([['c', null, 210]])
  })

  test('may have a percentage in the column of the numbers', async () => {
    await load('cla_group,number', [
      `${KIRKLEES(2022)},Children looked after during the year,1000`,
      `${KIRKLEES(2022)},Children who had a missing incident during the year,112`,
      `${KIRKLEES(2022)},Percentage of children who had a missing incident during the year,11`,
      `${KIRKLEES(2022)},Number of missing incidents during the year,640`,
    ])
    expect(only(await read('missing-children-pct', '2021-22'))).toEqual([[11, 112, 1000]])
    expect(only(await read('missing-incidents', '2021-22'))).toEqual([[640, null, null]])
  })

  test('has school moves of the children that they are of', async () => {
    await load('cla_group,move_measure,school_stability,number,percentage', [
      `${KIRKLEES(2024)},CLA on 31 March,Mid-year moves,Total children,400,100`,
      `${KIRKLEES(2024)},CLA on 31 March,Mid-year moves,With one or more mid-year moves during the year,32,8`,
      `${KIRKLEES(2024)},CLA 2 years on 31 March,Mid-year moves,Total children,350,100`,
      `${KIRKLEES(2024)},CLA 2 years on 31 March,Mid-year moves,With one or more mid-year moves during the previous 2 years,52,15`,
    ])
    expect(only(await read('mid-year-school-move-pct', '2023-24'))).toEqual([[8, 32, 400]])
  })
})

describe('a wide table', () => {
  test('is read by the names of its columns', async () => {
    const { series } = await load(
      'absence_terms,social_care_group,phase_type_grouping,t_pupils,t_sess_possible,t_sess_overall,pt_overall,t_pupils_pa_10_exact,pt_pupils_pa_10_exact',
      [
        '202425,Academic year,Local authority,E92000001,E12000003,382,E08000034,six half terms,CLA 12 months at 31 March,Total,300,90000,8100,9,60,20',
        '202425,Academic year,Local authority,E92000001,E12000003,382,E08000034,six half terms,CLA 12 months at 31 March,Special,90,27000,2700,10,20,22.2',
        '202425,Academic year,Local authority,E92000001,E12000003,382,E08000034,six half terms,CINO at 31 March,Total,900,270000,40000,14.8,400,44.4',
      ],
    )
    expect(only(await read('absence-overall-pct', '2024-25'))).toEqual([[9, 8100, 90000]])
    expect(only(await read('persistent-absence-pct', '2024-25'))).toEqual([[20, 60, 300]])
    expect(toldSeries(series).filter(({ isMapped }) => isMapped)).toHaveLength(6)
  })

  test('of another day is none of ours, and areas told together belong to none', async () => {
    const { series, rowsPassedOver } = await load('turnover_rate_fte,cases', [
      `${KIRKLEES(2024)},13.6,2196`,
      '2024,Reporting year,Local authority,E92000001,E12000004,940 / 941,E06000061 / E06000062,11.2,4254',
    ])
    expect(rowsPassedOver).toBe(1)
    expect(toldSeries(series).map(({ series: column, reason }) => [column, reason?.slice(0, 30)])).toEqual([
      ['cases', 'no indicator is declared for t'],
      ['turnover_rate_fte', 'the census is of 30 September '],
    ])
  })
})

describe('tables of one form and the same words', () => {
  const HEAD = 'cla_group,characteristic,number,percentage'
  const rows = (more: readonly string[], total: string, numbers: readonly [number, number]) => [
    `${KIRKLEES(2022)},Age group,10 to 15 years,${numbers[0]},39`,
    `${KIRKLEES(2022)},Age group,${total},${numbers[1]},100`,
    `${KIRKLEES(2022)},Gender,Male,${numbers[0] + 1},56`,
    ...more.map((row) => `${KIRKLEES(2022)},${row}`),
  ]

  test('do not overwrite each other, and each is of its own children', async () => {
    await load(
      HEAD,
      rows(
        [
          'Placement,Foster placements,430,70',
          'Placement,Total children,614,100',
          'Placement,Secure homes and children’s homes,60,10',
          'Locality of placement,Placed outside the local authority boundary,200,33',
          'Ethnicity,1. Total White,400,65',
          'Category of need,N1. Abuse or neglect,420,68',
          'Legal status,Full care order,350,57',
          'Legal status,Care orders,500,81',
        ],
        'Total children',
        [240, 614],
      ),
    )
    await load(HEAD, rows(['Taken into care,All children taken into care,90,44'], 'Total', [52, 205]))
    await load(
      HEAD,
      rows(
        [
          'Age on ceasing,16 years,7,4',
          'Reason episode ceased,Adopted,20,10',
          'Reason episode ceased,Died,c,c',
          'Reason episode ceased,Total,201,100',
        ],
        'Total',
        [31, 201],
      ),
    )
    expect(only(await read('cla-count', '2021-22', ['age-band', 'sex', 'placement-type']))).toEqual([
      [614, null, null],
      ['10-to-15', 240, null, null],
      ['foster', 430, null, null],
      ['residential', 60, null, null],
      ['male', 241, null, null],
    ])
    expect(
      only(await read('cla-count', '2021-22', ['ethnicity', 'category-of-need', 'legal-status'])),
    ).toEqual([
      [614, null, null],
      ['abuse-or-neglect', 420, null, null],
      ['white', 400, null, null],
      ['full-care-order', 350, null, null],
    ])
    expect(only(await read('placement-foster-pct', '2021-22'))).toEqual([[70, 430, 614]])
    expect(only(await read('placed-outside-la-pct', '2021-22'))).toEqual([[33, 200, null]])
    expect(only(await read('cla-starters', '2021-22', ['age-band', 'sex']))).toEqual([
      [205, null, null],
      ['10-to-15', 52, null, null],
      ['male', 53, null, null],
    ])
    expect(only(await read('cla-leavers', '2021-22', ['age', 'sex', 'ceasing-reason']))).toEqual([
      [201, null, null],
      ['16', 7, null, null],
      ['e2', 'c', null, null],
      ['male', 32, null, null],
    ])
    expect(only(await read('adopted-of-leavers-pct', '2021-22'))).toEqual([[10, 20, 201]])
    expect(only(await read('adoptions', '2021-22'))).toEqual([[20, null, null]])
  })

  test('are not guessed where nothing tells them apart, unless the caller says', async () => {
    const few = [`${KIRKLEES(2023)},Gender,Male,300,55`, `${KIRKLEES(2023)},Gender,Female,250,45`]
    const { series } = await load(HEAD, few)
    expect(toldSeries(series).map(({ isMapped, reason }) => [isMapped, reason?.slice(0, 40)])).toEqual(
      Array.from({ length: 4 }, () => [false, 'the same words stand in several tables, ']),
    )
    expect(await read('cla-starters', '2022-23', ['sex'])).toEqual([])
    const named = await load(HEAD, few, { table: 'la_cla_who_started_to_be_looked_after' })
    expect(named.result).toBe('loaded')
    expect(only(await read('cla-starters', '2022-23', ['sex']))).toEqual([
      ['female', 250, null, null],
      ['male', 300, null, null],
    ])
  })
})

describe('symbols', () => {
  const HEAD = 'cla_group,sw_stability,number,percentage'
  const OF = 'CLA on 31 March,3 or more social workers during the year'

  test('of a release before 2019 mean what they did then', async () => {
    await load(HEAD, [`${KIRKLEES(2017)},${OF},x,x`, `${ENGLAND(2018)},${OF},..,..`])
    expect(only(await read('three-plus-social-workers-pct', '2016-17'))).toEqual([['c', null, null]])
    expect(only(await read('three-plus-social-workers-pct', '2017-18', [], 'E92000001'))).toEqual([
      ['x', null, null],
    ])
  })

  test('of a release since mean what they do now, also for the years before', async () => {
    await load(HEAD, [
      `${KIRKLEES(2018)},${OF},x,x`,
      `${KIRKLEES(2019)},${OF},c,c`,
      `${KIRKLEES(2020)},${OF},7,k`,
      `${KIRKLEES(2021)},${OF},5,low`,
      `${KIRKLEES(2023)},${OF},u,u`,
      `${KIRKLEES(2025)},${OF},z,z`,
    ])
    const statuses = []
    for (const period of ['2017-18', '2018-19', '2019-20', '2020-21', '2022-23', '2024-25'])
      statuses.push(...only(await read('three-plus-social-workers-pct', period)))
    expect(statuses).toEqual([
      ['x', null, null],
      ['c', null, null],
      ['k', 7, null],
      ['low', 5, null],
      ['u', null, null],
      ['z', null, null],
    ])
  })
})
