import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readProviderList } from '../../src/records/workbook/provider-rows.ts'
import {
  asAtIn,
  dayIn,
  judgementIn,
  sectorIn,
  statusIn,
  typeIn,
} from '../../src/records/workbook/provider-values.ts'
import { readWorkbook } from '../../src/records/workbook/read-workbook.ts'
import { WORKBOOK_LIMITS } from '../../src/records/workbook/workbook.ts'
import { AUTHORITIES_OF_ENGLAND } from '../../src/vocabulary/authorities-of-england.ts'
import { authorityNamed } from '../../src/vocabulary/authority-names.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import { recordKindNamed } from '../../src/vocabulary/record-kinds.ts'
import { type Cells, partsAround, sheetXml, workbookOf, zipOf } from '../support/provider-lists.ts'

const TODAY = '2025-07-01' as Day
const PROVIDERS = recordKindNamed('providers')!

/* ---- any provider, in any of the layouts ------------------------------------------------------------------ */

interface Provider {
  readonly urn: string
  readonly name: string
  readonly sector: keyof typeof SECTORS
  readonly registered: Day
  readonly closed: Day | null
  readonly capacity: number
  readonly authority: (typeof AUTHORITIES_OF_ENGLAND)[number]
  readonly codes: readonly string[]
}
const SECTORS = {
  private: 'Private',
  voluntary: 'Voluntary',
  'local-authority': 'Local Authority',
  health: 'Health Authority',
}

const day = fc
  .integer({ min: 0, max: 9_000 })
  .map((days) => new Date(Date.UTC(2000, 0, 1 + days)).toISOString().slice(0, 10) as Day)
const provider: fc.Arbitrary<Provider> = fc.record({
  urn: fc.oneof(
    fc.integer({ min: 1_000_000, max: 2_999_999 }).map(String),
    fc.integer({ min: 10_000, max: 499_999 }).map((one) => `SC${String(one).padStart(6, '0')}`),
  ),
  name: fc.constantFrom('High House', 'Ünder & Over', '"The" Lodge, North', 'A\\B'),
  sector: fc.constantFrom(...(Object.keys(SECTORS) as (keyof typeof SECTORS)[])),
  registered: day,
  closed: fc.option(day),
  capacity: fc.integer({ min: 0, max: 200 }),
  authority: fc.constantFrom(...AUTHORITIES_OF_ENGLAND.filter(({ until }) => until === undefined)),
  codes: fc.subarray(['K1', 'K2', 'S1', 'U4', 'PR1', 'PR4'], { minLength: 1 }),
})

/** How a list writes a day, a number and a name: each of the ways that lists have. */
type Cell = string | number | Date | null
const dayCells: readonly ((value: Day) => Cell)[] = [
  (value) => new Date(`${value}T00:00:00Z`),
  (value) => (Date.parse(value) - Date.UTC(1899, 11, 30)) / 86_400_000,
  (value) => value.split('-').reverse().join('/'),
  (value) => `${value} 00:00:00`,
  (value) =>
    new Intl.DateTimeFormat('en-GB', {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    }).format(new Date(value)),
]
const authorityCells: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.replace(' and ', ' & ').toUpperCase(),
  (name) => `${name} `,
]
const asNumber = (urn: string): Cell => (/^\d+$/.test(urn) ? Number(urn) : urn)

interface Way {
  readonly day: (value: Day) => Cell
  readonly authority: (name: string) => string
  readonly separator: string
  readonly titles: number
}
const way: fc.Arbitrary<Way> = fc.record({
  day: fc.constantFrom(...dayCells),
  authority: fc.constantFrom(...authorityCells),
  separator: fc.constantFrom('/', ', ', ',', ' / '),
  titles: fc.integer({ min: 0, max: 4 }),
})

const titled = ({ titles }: Way, rows: Cells): Cells => [
  ...Array.from({ length: titles }, (_, index) => (index === 1 ? [] : ['Providers as at 31 March 2025'])),
  ...rows,
]
const own = (codes: readonly string[]) => codes.filter((code) => !code.startsWith('PR'))
const providersOf = (codes: readonly string[]) => codes.filter((code) => code.startsWith('PR'))

type Layout = (all: readonly Provider[], way: Way) => Readonly<Record<string, Cells>>
const layouts: Readonly<Record<string, Layout>> = {
  'children’s homes': (all, one) => ({
    Cover: [['A list']],
    'Provider information': titled(one, [
      [
        'LOCAL AUTHORITY',
        'URN ',
        'Provider Type',
        'Sector',
        'Setting\nName',
        'Registration Date',
        'Closed Date',
        'Provider Code',
        'Provider Placement Code',
        'Max Users',
      ],
      ...all.map((p) => [
        one.authority(p.authority.name),
        asNumber(p.urn),
        "Children's Home",
        SECTORS[p.sector],
        p.name,
        one.day(p.registered),
        p.closed && one.day(p.closed),
        own(p.codes).join(one.separator),
        providersOf(p.codes).join(one.separator),
        String(p.capacity),
      ]),
    ]),
  }),
  'two sheets by URN': (all, one) => ({
    'Settings and Inspection Info': titled(one, [
      ['URN', 'Provider Type', 'Sector', 'Setting Name', 'Registration Date', 'Closed Date', 'Max Users'],
      ...all.map((p) => [
        p.urn,
        "Children's Home",
        SECTORS[p.sector],
        p.name,
        one.day(p.registered),
        p.closed && one.day(p.closed),
        p.capacity,
      ]),
    ]),
    'Address Details': [
      ['Setting Postcode', 'Local authority (name)', 'urn', 'Placement code(s)'],
      ...all
        .toReversed()
        .map((p) => [
          'REDACTED',
          one.authority(p.authority.name),
          asNumber(p.urn),
          p.codes.join(one.separator),
        ]),
    ].map((row, index) => (index === 0 ? row.with(1, 'Local authority') : row)),
  }),
  'current and closed': (all, one) => {
    const rows = (some: readonly Provider[]): Cells =>
      titled(one, [
        [
          'URN',
          'Provision type',
          'Setting name',
          'Registration date',
          'Deregistration date',
          'Local authority',
          'Sector',
          'Placement code',
          'Placement provider code',
          'Maximum users',
        ],
        ...some.flatMap((p) =>
          // One row for each code of a placement.
          (own(p.codes).length > 0 ? own(p.codes) : ['-']).map((code) => [
            asNumber(p.urn),
            'Childrens home',
            p.name,
            one.day(p.registered),
            p.closed ? one.day(p.closed) : 'N/A',
            one.authority(p.authority.name),
            SECTORS[p.sector],
            code,
            providersOf(p.codes).join(one.separator),
            p.capacity,
          ]),
        ),
      ])
    return {
      '1': rows(all.filter(({ closed }) => !closed)),
      'Closed since April': rows(all.filter(({ closed }) => closed)),
    }
  },
}

const expected = (p: Provider) => ({
  prov_urn: p.urn,
  prov_type: 'childrens-home',
  prov_name: p.name,
  prov_sector: p.sector,
  prov_registered: 'Y',
  prov_registration_date: p.registered,
  prov_closed_date: p.closed ?? '',
  prov_capacity: String(p.capacity),
  prov_local_authority: p.authority.code,
  prov_placement_codes: own(p.codes).join(' '),
  prov_provider_codes: providersOf(p.codes).join(' '),
})

test.each(Object.entries(layouts))(
  'any providers come back the same from the list of %s',
  async (_, layout) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(provider, { selector: ({ urn }) => urn, minLength: 1, maxLength: 40 }),
        way,
        async (all, one) => {
          const { sheets } = await readWorkbook(await workbookOf(layout(all, one)))
          const { records } = readProviderList(PROVIDERS, sheets, {
            file: 'list.xlsx',
            asAt: null,
            today: TODAY,
          })
          expect(records.flatMap(({ origin }) => origin.faults)).toEqual([])
          const read = records.map(({ cells }) =>
            Object.fromEntries(PROVIDERS.columns.map(({ name }, at) => [name, cells[at]])),
          )
          const byUrn = (a: { prov_urn?: string | undefined }, b: { prov_urn?: string | undefined }) =>
            a.prov_urn!.localeCompare(b.prov_urn!)
          expect(read.sort(byUrn)).toMatchObject(all.map(expected).sort(byUrn))
        },
      ),
      { numRuns: 8 },
    )
  },
  120_000,
)

/* ---- words ------------------------------------------------------------------------------------------------ */

describe('what lists write', () => {
  test.each([
    ["Children's Home", null, 'childrens-home'],
    ['Childrens Homes', null, 'childrens-home'],
    ['Secure children’s home', null, 'secure-childrens-home'],
    ["Non-secure Children's home", null, 'childrens-home'],
    ['Residential special school (registered as a children’s home)', null, 'residential-special-school'],
    ['Independent fostering agency', null, 'independent-fostering-agency'],
    ['Local authority fostering agency', null, 'local-authority-fostering'],
    ['Fostering', 'local-authority', 'local-authority-fostering'],
    ['Voluntary Adoption Agency', null, 'adoption-agency'],
    ['Further education college with residential accommodation', null, 'boarding-school'],
    ['Residential holiday scheme for disabled children', null, 'residential-holiday-scheme'],
    ['Secure training centre', null, 'secure-training-centre'],
    ['Lighthouse', null, undefined],
  ])('%s (%s) is %s', (text, sector, type) => expect(typeIn(text, sector)).toBe(type))

  test.each([
    ['31/03/2025', '2025-03-31'],
    ['2025-03-31T00:00:00', '2025-03-31'],
    ['31 March 2025', '2025-03-31'],
    ['31st Mar 25', '2025-03-31'],
    ['Monday, 31 March 2025', '2025-03-31'],
    ['31-Mar-2025', '2025-03-31'],
    ['31.3.98', '1998-03-31'],
    ['45747', '2025-03-31'],
    ['45747.5', '2025-03-31'],
    ['31/02/2025', undefined],
    ['30 Febtober 2025', undefined],
    ['soon', undefined],
  ])('the day %s is %s', (text, expectedDay) => expect(dayIn(text, TODAY)).toBe(expectedDay))

  test('days may be counted from 1904', () => expect(dayIn('44285', TODAY, true)).toBe('2025-03-31'))

  test.each([
    ['Requires improvement to be good', 'requires-improvement'],
    ['Inadequate', 'inadequate'],
    ['2', 'good'],
    ['Inconsistent quality of care', 'inconsistent'],
    ['Not yet inspected', 'not-judged'],
    ['Blue', undefined],
  ])('the judgement %s is %s', (text, judgement) => expect(judgementIn(text)).toBe(judgement))

  test('sectors and statuses are known by their words', () => {
    expect(['Health Authority', 'Private - company', 'LA', 'Charity', 'Odd'].map(sectorIn)).toEqual([
      'health',
      'private',
      'local-authority',
      'voluntary',
      undefined,
    ])
    expect(['Active', 'De-registered', 'Not registered', 'Inactive', 'Green'].map(statusIn)).toEqual([
      'open',
      'closed',
      'not-registered',
      'closed',
      undefined,
    ])
  })

  test.each([
    ['as at 31 March 2025', '2025-03-31'],
    ['Published 1 May 2025. Data as at 31/03/2025', '2025-03-31'],
    ['homes_2025-03-31.xlsx', '2025-03-31'],
    ['Published on 1 May 2025', null],
    ['31 March 2026', null],
    ['ref 1/1/1/2025/3', null],
  ])('a list that says %s is of %s', (text, found) => expect(asAtIn([text], TODAY)).toBe(found))

  test('every authority is known by its name, in the ways that lists write it', () => {
    for (const { name, code, until } of AUTHORITIES_OF_ENGLAND)
      for (const written of [
        name,
        name.toUpperCase(),
        name.replaceAll(' and ', ' & '),
        name.replaceAll('-', ' '),
        `London Borough of ${name}`,
        name.replace(/^(.*), (.*) of$/, '$2 of $1'),
      ])
        expect([written, authorityNamed(written, until ? '2018-01-01' : TODAY)?.code]).toEqual([
          written,
          code,
        ])
    const others = [
      'Bristol',
      'Herefordshire, County of',
      'St Helens',
      'Kingston upon Hull City Council',
      'Bournemouth, Poole & Christchurch',
      'City of London',
      'Kingston',
      'Cardiff',
      '',
    ]
    expect(others.map((name) => authorityNamed(name, TODAY)?.code ?? null)).toEqual([
      'E06000023',
      'E06000019',
      'E08000013',
      'E06000010',
      'E06000058',
      'E09000001',
      null,
      null,
      null,
    ])
  })
})

/* ---- limits ----------------------------------------------------------------------------------------------- */

describe('a workbook that asks for too much', () => {
  const rows = (count: number): Cells => Array.from({ length: count }, (_, index) => [index, 'x'])
  test.each([
    ['rows', { rows: 10 }, 'too-many-rows'],
    ['bytes', { bytes: 2_000 }, 'too-large'],
    ['text', { characters: 50 }, 'too-large'],
    ['sheets', { sheets: 1 }, 'too-large'],
    ['parts', { parts: 3 }, 'too-large'],
    ['time', { milliseconds: 1 }, 'too-slow'],
  ])('is refused: %s', async (_, limit, code) => {
    const file = await workbookOf({ A: rows(200), B: rows(1) })
    await expect(readWorkbook(file, { ...WORKBOOK_LIMITS, ...limit })).rejects.toMatchObject({ code })
    expect((await readWorkbook(file)).sheets).toHaveLength(2)
  })

  test('is no matter where its last row stands, or whether a sheet is empty', async () => {
    const far = await zipOf(
      partsAround(
        sheetXml(
          '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="B1048576"><v>2</v></c></row>',
        ),
      ),
    )
    expect((await readWorkbook(far)).sheets[0]!.rows).toEqual([
      { line: 1, cells: ['1'] },
      { line: 1_048_576, cells: ['', '2'] },
    ])
    const none = await zipOf(partsAround(sheetXml('')))
    expect((await readWorkbook(none)).sheets[0]!.rows).toEqual([])
  })

  test('and what declares entities is refused', async () => {
    const sheet = `<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/passwd">]>${sheetXml('<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row>')}`
    await expect(readWorkbook(await zipOf(partsAround(sheet)))).rejects.toMatchObject({ code: 'corrupt' })
  })
})
