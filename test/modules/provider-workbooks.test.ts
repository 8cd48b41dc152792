import { writeXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { providersOfPlacements } from '../../src/indicators/populations/placement-providers.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { badWorkbooks, type Cells, workbookOf } from '../support/provider-lists.ts'
import { AUTHORITY, callsOn, type RecordsApp, recordsApp } from '../support/records-app.ts'
import { formOf, NOW, sendForm } from '../support/returns-app.ts'
import { filesOf, SAMPLE } from '../support/sample-return.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

let database: TestDatabase
let service: RecordsApp

beforeAll(async () => {
  database = await newDatabase()
  service = await recordsApp(database)
})
afterAll(async () => {
  await service.close()
  await database.drop()
})
beforeEach(async () => {
  service.setNow(NOW)
  await database.database.write([AUTHORITY], (transaction) =>
    transaction.query('test.clear', 'delete from care.record_providers'),
  )
})

const send = (file: Buffer, query = '', type = XLSX, headers: Record<string, string> = {}) =>
  callsOn(service.client, 'providers').load(file, query, { 'content-type': type, ...headers })
const load = async (sheets: Readonly<Record<string, Cells>>, query = '') =>
  send(await workbookOf(sheets), query)

/** The records as they are kept, the postcode too, without what is blank. */
const kept = async (): Promise<Record<string, unknown>[]> => {
  const rows = await database.database.read([AUTHORITY], (transaction) =>
    transaction.query<Record<string, unknown>>(
      'test.kept',
      'select * from care.record_providers order by id',
    ),
  )
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([name, value]) => name.startsWith('prov_') && value !== null)
        .map(([name, value]) => [name.slice('prov_'.length), value]),
    ),
  )
}
const rules = (answer: { json(): { findings: { rule: string }[] } }) =>
  answer.json().findings.map(({ rule }) => rule)

const HOMES: Cells = [
  [
    'Local Authority',
    'URN',
    'Provider Type',
    'Provider Subtype',
    'Sector',
    'Setting Name',
    'Postcode Area',
    'Registration Date',
    'Provider Status',
    'Closed Date',
    'Provider Code',
    'Provider Placement Code',
    'Max Users',
    'Setting Postcode',
  ],
  [
    'Bristol, City of',
    'SC012345',
    "Children's Home",
    'Short break only',
    'Private',
    'REDACTED',
    'BS1',
    new Date(Date.UTC(2015, 3, 1)),
    'Active',
    null,
    'K2',
    'PR4',
    4,
    'BS1 4AB',
  ],
  [
    'St Helens',
    2612345,
    "Children's Home",
    'Secure Unit',
    'Local Authority',
    'High House',
    'WA10',
    '01/02/2019',
    'Closed',
    '2024-11-30',
    'K1/K2',
    'PR1/PR2',
    '6',
    'wa101ab',
  ],
]

describe('the three lists, as they are published', () => {
  test('children’s homes, in one sheet', async () => {
    const answer = await load(
      { Notes: [['Read this first']], 'Provider information': HOMES },
      '?asAt=2025-03-31',
    )
    expect(answer.statusCode, answer.body).toBe(201)
    expect(answer.json()).toMatchObject({
      rowsRead: 2,
      created: 2,
      leftOut: 0,
      asAt: '2025-03-31',
      findings: [],
    })
    expect(await kept()).toEqual([
      {
        urn: '2612345',
        status_date: '2025-03-31',
        type: 'secure-childrens-home',
        name: 'High House',
        sector: 'local-authority',
        registered: 'Y',
        registration_date: '2019-02-01',
        closed_date: '2024-11-30',
        capacity: 6,
        local_authority: 'E08000013',
        postcode: 'WA10 1AB',
        placement_codes: 'K1 K2',
        provider_codes: 'PR1 PR2',
      },
      {
        urn: 'SC012345',
        status_date: '2025-03-31',
        type: 'childrens-home',
        sector: 'private',
        registered: 'Y',
        registration_date: '2015-04-01',
        capacity: 4,
        local_authority: 'E06000023',
        postcode: 'BS1 4AB',
        placement_codes: 'K2',
        provider_codes: 'PR4',
      },
    ])
  })

  test('children’s homes, with the addresses in a sheet of their own', async () => {
    const without = HOMES.map((row) => row.slice(0, -1))
    const addresses = [
      ['URN', 'Setting Address Postcode'],
      ...HOMES.slice(1).map((row) => [String(row[1]), row.at(-1)!]),
    ]
    const answer = await load(
      { 'Settings and Inspection Info': without, 'Address Details': addresses },
      '?asAt=2025-03-31',
    )
    expect(answer.statusCode, answer.body).toBe(201)
    expect(answer.json()).toMatchObject({ rowsRead: 4, created: 2, findings: [] })
    expect((await kept()).map(({ postcode }) => postcode)).toEqual(['WA10 1AB', 'BS1 4AB'])
  })

  test('social care providers, current and closed', async () => {
    const head = [
      'URN',
      'Provision type',
      'Setting name',
      'Registration status',
      'Setting postcode',
      'Organisation name',
      'Local authority',
      'Region',
      'Sector',
      'Deregistration date',
      'Placement code',
      'Placement provider code',
      'Date of last full inspection',
      'Latest overall effectiveness / overall experiences and progress of children and young people',
      'Maximum fostering places',
    ]
    const answer = await load({
      'Current providers': [
        ['Social care providers as at 31 March 2025'],
        ['Published 12 June 2025'],
        [],
        head,
        [
          1234567,
          'Independent Fostering Agency',
          'Care & Co',
          'Registered',
          'LS1 1AA',
          'Owner',
          'Leeds',
          'Yorkshire',
          'Voluntary',
          '-',
          'U1, U4 / U6',
          'PR5',
          45_000,
          'Outstanding',
          120,
        ],
        [
          'SC400001',
          'Local Authority Fostering Agency',
          'Town Fostering',
          'Registered',
          null,
          '',
          'Kingston upon Hull, City of',
          '',
          'Local Authority',
          'N/A',
          'U6',
          'PR1',
          '12 May 2024',
          'Requires improvement to be good',
          null,
        ],
        [],
        ['Source: Ofsted'],
      ],
      'Closed providers': [
        head,
        [
          7654321,
          'Residential Family Centre',
          'Gone',
          'Resigned',
          'LS1 1AB',
          '',
          'Leeds',
          '',
          'Private',
          45_100,
          'R3',
          'PR4',
          '',
          '',
          null,
        ],
      ],
    })
    expect(answer.statusCode, answer.body).toBe(201)
    expect(answer.json()).toMatchObject({ rowsRead: 3, asAt: '2025-03-31', findings: [] })
    expect(await kept()).toMatchObject([
      {
        urn: '1234567',
        type: 'independent-fostering-agency',
        capacity: 120,
        inspection_date: '2023-03-15',
        judgement: 'outstanding',
        placement_codes: 'U1 U4 U6',
      },
      { urn: '7654321', type: 'residential-family-centre', closed_date: '2023-06-23' },
      {
        urn: 'SC400001',
        type: 'local-authority-fostering',
        local_authority: 'E06000010',
        judgement: 'requires-improvement',
        inspection_date: '2024-05-12',
      },
    ])
  })

  test('both in one, with supported accommodation beside them', async () => {
    const answer = await load(
      {
        Providers: [
          [
            'URN',
            'Provider type',
            'Setting name',
            'Local authority',
            'Placement code',
            'Placement provider code',
            'Deregistration date',
            'Setting address postcode',
            'Max users',
          ],
          ['SC000001', 'Residential Special School', 'The School', 'Durham', 'S1', 'PR4', '', 'DH1 1AA', 30],
          ['SC000001', 'Residential Special School', 'The School', 'Durham', 'K2', 'PR4', '', 'DH1 1AA', 30],
        ],
        'SA Providers': [
          [
            'URN',
            'Provider name',
            'Provider local authority',
            'Capacity',
            'Closed date',
            'Setting address postcode',
            'Overall experiences and progress',
          ],
          [
            2700001,
            'Step Up',
            'Telford & Wrekin',
            5,
            null,
            'TF1 1AA',
            'Consistently strong service delivery',
          ],
        ],
      },
      '?asAt=2025-06-30',
    )
    expect(answer.statusCode, answer.body).toBe(201)
    expect(answer.json()).toMatchObject({ rowsRead: 3, created: 2, findings: [] })
    expect(await kept()).toMatchObject([
      {
        urn: '2700001',
        type: 'supported-accommodation',
        name: 'Step Up',
        local_authority: 'E06000020',
        capacity: 5,
        placement_codes: 'K3',
        judgement: 'consistent',
      },
      { urn: 'SC000001', type: 'residential-special-school', placement_codes: 'S1 K2', capacity: 30 },
    ])
  })

  test('a sheet of one as CSV, titles above its headings', async () => {
    const csv =
      '\ufeffChildren’s homes list\r\nas at 30/06/2024\r\n\r\n"URN","Setting\nName",Max Users\r\nSC012345,The House,"4"\r\n'
    const answer = await send(Buffer.from(csv), '', 'text/csv')
    expect(answer.statusCode, answer.body).toBe(201)
    expect(await kept()).toEqual([
      {
        urn: 'SC012345',
        status_date: '2024-06-30',
        type: 'childrens-home',
        name: 'The House',
        registered: 'Y',
        capacity: 4,
      },
    ])
  })
})

describe('what a list leaves open', () => {
  const HEAD = [
    'URN',
    'Provider Type',
    'Max Users',
    'Local Authority',
    'Setting Postcode',
    'Registration Date',
  ]

  test('is said in warnings, by sheet, row and heading, and never with a postcode', async () => {
    const answer = await load({
      'Homes LS6 1AB': [
        ['Some homes'],
        HEAD,
        ['SC000001', 'Space station', 4, 'Atlantis', 'nowhere 12', ''],
        ['SC000002', "Children's home", 4, 'Leeds', 'LS6 2AB', ''],
        ['SC000002', "Children's home", 6, 'Leeds', 'LS6 2AC', ''],
      ],
    })
    expect(answer.statusCode, answer.body).toBe(201)
    expect(rules(answer).sort()).toEqual([
      'authority-unknown',
      'contradictory-rows',
      'contradictory-rows',
      'no-capacity',
      'postcode-not-understood',
      'type-unknown',
    ])
    expect(answer.body).not.toMatch(/LS6|nowhere|Atlantis|Space/)
    const capacity = answer
      .json()
      .findings.find(({ columns }: { columns: string[] }) => columns[0] === 'Max Users')
    expect(capacity).toMatchObject({
      row: 5,
      severity: 'warning',
      message: expect.stringContaining('sheet Homes _: Max Users'),
    })
    expect(await kept()).toMatchObject([
      { urn: 'SC000001', type: 'other' },
      { urn: 'SC000002', postcode: 'LS6 2AB' },
    ])
    expect((await kept())[1]).not.toHaveProperty('capacity')
  })

  test('a row without a URN, and a day that is none, refuse the list unless the rest is asked for', async () => {
    const sheets = {
      Homes: [
        HEAD,
        ['SC000001', "Children's home", 4, 'Leeds', '', '31/02/2020'],
        [null, "Children's home", 4, 'Leeds', '', ''],
        ['12', "Children's home", 4, 'Leeds', '', ''],
        ['SC000003', "Children's home", 3, 'Leeds', '', ''],
      ],
    }
    const refused = await load(sheets)
    expect(refused.statusCode).toBe(422)
    expect(refused.json().errors).toMatchObject([
      { pointer: '/files/file/rows/2', detail: expect.stringContaining('sheet Homes: Registration Date') },
      {
        pointer: '/files/file/rows/3',
        code: 'missing',
        detail: expect.stringContaining('sheet Homes: URN is missing'),
      },
      { pointer: '/files/file/rows/4', code: 'wrong-form' },
    ])
    expect(await kept()).toEqual([])
    const partly = await load(sheets, '?accept=partial')
    expect(partly.json()).toMatchObject({ rowsRead: 4, created: 1, leftOut: 3 })
  })

  test('a home that has closed without a day has closed by the day of the list', async () => {
    await load(
      {
        Homes: [
          [...HEAD, 'Provider Status'],
          ['SC000001', "Children's home", 4, 'Leeds', '', '', 'Closed'],
        ],
      },
      '?asAt=2024-01-31',
    )
    expect(await kept()).toMatchObject([{ closed_date: '2024-01-31', registered: 'Y' }])
  })
})

describe('the day of a list', () => {
  const rows: Cells = [
    ['URN', 'Provider Type', 'Max Users'],
    ['SC000001', "Children's Home", 3],
  ]
  test.each([
    [
      'its titles',
      { Homes: [['Published 1 June 2025, as at 31 March 2025'], ...rows] },
      'homes.xlsx',
      '2025-03-31',
    ],
    [
      'a cell beside its title',
      { Homes: [['As at', new Date(Date.UTC(2024, 8, 30))], ...rows] },
      'homes.xlsx',
      '2024-09-30',
    ],
    ['the name of a sheet', { 'Homes 31 Jan 2025': rows }, 'homes.xlsx', '2025-01-31'],
    ['the name of the file', { Homes: rows }, 'childrens_homes_as_at_28_February_2025.xlsx', '2025-02-28'],
    ['its cover', { Cover: [['Position at 30/04/2025']], Homes: rows }, 'homes.xlsx', '2025-04-30'],
    ['nothing: today', { Homes: rows }, 'homes.xlsx', NOW.toISOString().slice(0, 10)],
  ])('is told by %s', async (_, sheets: Record<string, Cells>, name, day) => {
    const file = await workbookOf(sheets)
    const answer = await send(file, '', XLSX, { 'content-disposition': `attachment; filename="${name}"` })
    expect(answer.json().asAt, answer.body).toBe(day)
  })

  test('keeps what an earlier list said; the same again changes nothing', async () => {
    const first = await load({ Homes: rows }, '?asAt=2025-01-31')
    expect(first.json()).toMatchObject({ result: 'loaded' })
    expect((await load({ Homes: rows }, '?asAt=2025-01-31')).json()).toMatchObject({
      result: 'unchanged',
      unchanged: 1,
    })
    await load({ Homes: [rows[0]!, ['SC000001', "Children's Home", 5]] }, '?asAt=2025-02-28')
    expect((await kept()).map(({ status_date, capacity }) => [status_date, capacity])).toEqual([
      ['2025-01-31', 3],
      ['2025-02-28', 5],
    ])
  })

  test.each(['2999-01-01', '31/03/2025', 'x'])('is not %s', async (day) => {
    const answer = await load({ Homes: rows }, `?asAt=${encodeURIComponent(day)}`)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().errors).toMatchObject([{ pointer: '/query/asAt' }])
  })
})

describe('a file', () => {
  const good = () =>
    workbookOf({
      Homes: [
        ['URN', 'Provider Type', 'Max Users'],
        ['SC000001', "Children's Home", 3],
      ],
    })

  test.each(['text/csv', 'application/octet-stream', 'application/vnd.ms-excel', 'application/zip'])(
    'is known by its bytes when it is declared %s',
    async (type) => {
      expect((await send(await good(), '', type)).statusCode).toBe(201)
    },
  )

  test.each(['application/octet-stream', 'application/zip', 'text/csv'])(
    'may come in a form, as %s',
    async (type) => {
      const { payload, headers } = formOf([{ name: 'homes.xlsx', content: await good(), type }])
      const answer = await service.client.inject({
        method: 'POST',
        url: callsOn(service.client, 'providers').base,
        headers,
        payload,
      })
      expect(answer.statusCode, answer.body).toBe(201)
    },
  )

  test('with a key is answered again from what is kept', async () => {
    const [file, key] = [await good(), { 'idempotency-key': 'once-and-again' }]
    const first = await send(file, '', XLSX, key)
    const again = await send(file, '', XLSX, key)
    expect([again.statusCode, again.headers['idempotency-replayed'] ?? again.body]).toEqual([201, 'true'])
    expect(again.json()).toEqual(first.json())
    expect((await send(file, '?asAt=2024-01-01', XLSX, key)).statusCode).toBe(422)
  })

  test('of another kind is no workbook', async () => {
    const answer = await callsOn(service.client, 'commissioned-beds').load(await good(), '', {
      'content-type': XLSX,
    })
    expect(answer.statusCode).toBe(415)
    expect(answer.json().errors[0].allowed).toEqual(['text/csv', 'multipart/form-data'])
  })

  test('that can’t be read says why, and what may be sent', async () => {
    for (const [what, file, status, code] of await badWorkbooks()) {
      const answer = await send(file)
      expect([what, answer.statusCode, answer.json().errors?.[0]?.code], answer.body).toEqual([
        what,
        status,
        code,
      ])
    }
    expect(await kept()).toEqual([])
    expect(service.log.join()).not.toContain('SC000001')
  })
})

describe('a placement', () => {
  test('meets its home by URN, as of its day, and says so when it can’t', async () => {
    const sent = await sendForm(
      service.client,
      filesOf({
        ...SAMPLE,
        Episodes: [
          'ADA1,05/09/2023,S,C1,N1,U6,PR1,10/06/2024,X1,CARPL,LS6 1AB,LS7 2CD,SC123456',
          'ADA1,10/06/2024,P,C1,N1,K2,PR4,01/09/2024,X1,CARPL,LS6 1AB,LS7 2CD,SC999999',
          'ADA1,01/09/2024,P,C1,N1,R2,PR4,,,,LS6 1AB,LS7 2CD,XXXXXXX',
        ],
      }),
      'year=2024-25&accept=partial',
    )
    expect(sent.statusCode, sent.body).toBe(201)
    const list = (capacity: number): Record<string, Cells> => ({
      A: [
        ['URN', 'Provider Type', 'Sector', 'Max Users'],
        ['SC123456', "Children's Home", 'Private', capacity],
      ],
    })
    await load(list(3), '?asAt=2024-05-31')
    await load(list(4), '?asAt=2024-06-10')
    const answer = await service.client.get(`/v1/authorities/${AUTHORITY}/children/ADA1`)
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.json().placements.map(({ home }: { home: { status: string } }) => home)).toMatchObject([
      // Its last day is the day before it ceased: the list of the tenth comes too late.
      {
        status: 'matched',
        urn: 'SC123456',
        capacity: 3,
        type: { code: 'childrens-home' },
        asAt: '2024-05-31',
      },
      { status: 'unknown-urn', urn: 'SC999999', capacity: null, type: null, asAt: null },
      { status: 'not-ofsted', urn: 'XXXXXXX' },
    ])
    const on = (day: string) =>
      database.database.read([AUTHORITY], (transaction) =>
        providersOfPlacements(transaction, AUTHORITY, day as Day),
      )
    expect((await on('2023-10-01')).find(({ child }) => child === 'ADA1')).toMatchObject({
      status: 'matched',
      capacity: 3,
      asAt: '2024-05-31',
      placementCode: 'U6',
    })
    expect((await on('2024-06-10')).find(({ child }) => child === 'ADA1')).toMatchObject({
      status: 'unknown-urn',
    })
  })
})

test('a workbook that the library wrote with inline texts reads the same', async () => {
  const rows = [
    ['URN', 'Provider Type'],
    ['SC000001', "Children's Home"],
  ]
  const file = await writeXlsx({ sheets: [{ name: 'A', rows }], stringMode: 'inline' })
  expect((await send(Buffer.from(file))).statusCode).toBe(201)
})
