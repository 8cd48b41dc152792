import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listCounted } from '../../src/indicators/counted-children.ts'
import { holdingsOf, readHoldings } from '../../src/indicators/holdings.ts'
import { rounded } from '../../src/indicators/rounded.ts'
import { kindNamed } from '../../src/reference/kinds.ts'
import { loadReference } from '../../src/reference/load-reference.ts'
import { followReference } from '../../src/returns/follow-reference.ts'
import { readCoverage } from '../../src/returns/return-store.ts'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import type { DimensionId } from '../../src/vocabulary/dimension.ts'
import { parsePeriod, type ReportingYear } from '../../src/vocabulary/period.ts'
import type { RecordKindName } from '../../src/vocabulary/record-kinds.ts'
import type { TableName } from '../../src/vocabulary/ssda903.ts'
import { keepRecords } from '../support/kept-records.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { figure, INDICATORS, load, postcode, type RecordKeeper, records } from '../support/records.ts'
import type { SampleRecord } from '../support/sample-records.ts'

/**
 * The worked examples of the definitions, E29 to E62, by their numbers. Not here: E42, since OC3 says whether there was
 * contact and not when; E48, which is with the figures of supply (`supply-figures.test.ts`).
 */
const YEARS = [2022, 2023, 2024, 2025]

let base: TestDatabase
beforeAll(async () => {
  base = await newDatabase()
  await loadPlaces()
})
afterAll(() => base?.drop())

type Breakdown = Partial<Record<DimensionId, string>>
/** Lines as the examples write them, by the year whose return has them; the day of birth is filled in. */
type Returned = Partial<Record<TableName, Partial<Record<ReportingYear, string>>>>

interface Beside {
  readonly returned?: Returned
  readonly beside?: Partial<Record<RecordKindName, readonly SampleRecord[]>>
  readonly years?: readonly ReportingYear[]
  readonly authority?: string
}

const BESIDE_EPISODES = ['Missing', 'OC2', 'OC3', 'AD1', 'Reviews'] as const

/** The first authorities are those of the examples of places. */
let next = 40
async function councilWith(
  kept: RecordKeeper,
  { returned = {}, beside = {}, years = YEARS, ...at }: Beside = {},
) {
  const code = at.authority ?? AUTHORITIES[next++]!.code
  for (const year of years) {
    const sent = kept.return(year)
    const tables = new Map(sent.tables)
    const header = [...tables.get('Header')!]
    const present = new Set(header.map(([child]) => child))
    for (const table of BESIDE_EPISODES) {
      const lines = (returned[table]?.[year] ?? '').split('\n').filter((line) => line.trim() !== '')
      const rows = lines.map((line) => {
        const [child, ...cells] = line.split('|').map((cell) => cell.trim())
        const born = kept.children
          .find(({ id }) => id === child)!
          .born.split('-')
          .reverse()
          .join('/')
        if (!present.has(child)) {
          present.add(child)
          header.push([child!, year >= 2025 ? 'M' : '1', born, 'WBRI', 'UN1', '', ''])
        }
        return [child!, born, ...cells]
      })
      tables.set(table, rows)
    }
    tables.set('Header', header)
    await load(base.database, code, { ...sent, tables })
  }
  for (const [kind, rows] of Object.entries(beside)) {
    await keepRecords(base.database, code, kind as RecordKindName, rows)
  }
  const get = (indicator: string, period = '2024-25', breakdown: Breakdown = {}) =>
    figure(base.database, code, indicator, period, breakdown)
  return {
    code,
    get,
    value: async (...asked: Parameters<typeof get>) => (await get(...asked)).value,
    /** Numerator and denominator. */
    parts: async (...asked: Parameters<typeof get>) => {
      const { numerator, denominator } = await get(...asked)
      return [numerator, denominator]
    },
    /** By child: the entitlement, and why. */
    entitled: (day: string): Promise<Record<string, string>> =>
      base.database.read([code], async (transaction) => {
        const held = await readHoldings(transaction, [code], readCoverage)
        const { rows } = await listCounted(
          transaction,
          {
            indicator: INDICATORS.find(({ id }) => id === 'care-leavers-entitlement-count')!,
            authority: code,
            period: parsePeriod(day)!,
            counted: 'numerator',
            categories: [],
            after: null,
            limit: 100,
          },
          holdingsOf(held, code),
        )
        return Object.fromEntries(
          rows.map(({ child, categories, facts }) => [
            child,
            `${categories.entitlement}: ${facts.entitlement_basis}`,
          ]),
        )
      }),
  }
}

/** Looked after in one foster placement. */
const fostered = (kept: RecordKeeper, child: string, born: string, from = '01/01/2021'): RecordKeeper =>
  kept.child(child, { born }).episode(child, from, 'S', 'C2', 'U6', 'PR1')
const many = (number: number, name = 'C'): string[] =>
  Array.from({ length: number }, (_, index) => `${name}${String(index).padStart(3, '0')}`)

describe('school moves', () => {
  const pupil = (moves: readonly SampleRecord[], from?: string) =>
    councilWith(fostered(records(), 'A', '01/03/2013', from), {
      beside: {
        'school-enrolments': [{ enro_school_urn: '100001', enro_start_date: '2018-09-03' }, ...moves].map(
          (enrolment) => ({ enro_person_id: 'A', ...enrolment }),
        ),
      },
    })

  test('E29: expected transfers are none, and those of August and September none of the year’s midst', async () => {
    const two = await pupil([
      { enro_school_urn: '100002', enro_start_date: '2024-09-12', enro_phase_transfer: 'Y' },
      { enro_school_urn: '100003', enro_start_date: '2025-01-20' },
    ])
    expect(await two.parts('any-school-move-pct')).toEqual([1, 1])
    expect(await two.parts('mid-year-school-move-pct')).toEqual([1, 1])
    const september = await pupil([{ enro_school_urn: '100002', enro_start_date: '2024-09-15' }])
    expect(await september.parts('any-school-move-pct')).toEqual([1, 1])
    expect(await september.parts('mid-year-school-move-pct')).toEqual([0, 1])
  })

  test('E29: a move before care began is none', async () => {
    const before = await pupil([{ enro_school_urn: '100002', enro_start_date: '2024-05-10' }], '01/06/2024')
    expect(await before.parts('any-school-move-pct')).toEqual([0, 1])
  })
})

describe('missing', () => {
  test('E30: missing and away are never added together', async () => {
    const kept = records()
    for (const child of ['A', 'B', ...many(198)]) fostered(kept, child, '01/01/2012')
    const council = await councilWith(kept, {
      returned: {
        Missing: {
          2025: `
            A | M | 01/05/2024 | 02/05/2024
            A | M | 10/06/2024 | 10/06/2024
            A | A | 01/07/2024 | 03/07/2024
            B | M | 30/03/2025 |`,
        },
      },
    })
    expect(await council.value('missing-incidents')).toBe(3)
    expect(await council.value('missing-children-count')).toBe(2)
    expect(await council.value('missing-children-pct')).toBe(1)
    expect(await council.value('missing-more-than-once-count')).toBe(1)
    expect(await council.value('missing-incidents-per-missing-child')).toBe(1.5)
    expect(await council.value('missing-at-31-march')).toBe(1)
    expect(await council.value('away-incidents')).toBe(1)
    expect(await council.value('away-children-count')).toBe(1)
  })

  test('E31: who is still missing on 1 April is missing in both years', async () => {
    const council = await councilWith(fostered(records(), 'A', '01/01/2012'), {
      returned: {
        Missing: { 2024: 'A | M | 28/03/2024 |', 2025: 'A | M | 28/03/2024 | 03/04/2024' },
      },
    })
    expect(await council.value('missing-incidents', '2023-24')).toBe(1)
    expect(await council.value('missing-incidents')).toBe(1)
  })

  test('E32: how long it lasted is told by the dates', async () => {
    const council = await councilWith(fostered(records(), 'A', '01/01/2012'), {
      returned: {
        Missing: {
          2025: `
            A | M | 01/05/2024 | 01/05/2024
            A | M | 11/05/2024 | 12/05/2024
            A | M | 21/05/2024 | 28/05/2024`,
        },
      },
    })
    for (const duration of ['less-than-1-day', '1-to-2-days', '3-to-7-days']) {
      expect(await council.value('missing-incidents', '2024-25', { duration })).toBe(1)
    }
  })

  test('E33: an interview within 72 hours by the clock, or three days where no times are known', async () => {
    const interview = (ended: string, held: string | null, accepted = 'Y') => ({
      miss_person_id: 'A',
      miss_missing_episode_start_date: '2024-06-05',
      miss_missing_episode_type: 'M',
      miss_missing_episode_end_date: ended,
      miss_missing_rhi_offered: 'Y',
      miss_missing_rhi_accepted: accepted,
      miss_missing_rhi_date: held,
    })
    const council = (...rows: SampleRecord[]) =>
      councilWith(fostered(records(), 'A', '01/01/2012'), { beside: { 'return-home-interviews': rows } })
    const inTime = await council(interview('2024-06-07T22:00', '2024-06-10T21:00'))
    expect(await inTime.parts('rhi-within-72-hours-pct')).toEqual([1, 1])
    const late = await council(interview('2024-06-07T22:00', '2024-06-11T09:00'))
    expect(await late.parts('rhi-within-72-hours-pct')).toEqual([0, 1])
    const byDates = await council(
      interview('2024-06-07', '2024-06-10'),
      interview('2024-06-07', '2024-06-11'),
    )
    expect(await byDates.parts('rhi-within-72-hours-pct')).toEqual([1, 2])
    const declined = await council(interview('2024-06-07', null, 'N'))
    expect(await declined.parts('rhi-offered-pct')).toEqual([1, 1])
    expect(await declined.parts('rhi-accepted-pct')).toEqual([0, 1])
    expect(await declined.parts('rhi-held-within-72-hours-pct')).toEqual([0, 0])
  })
})

describe('who is owed duties', () => {
  test('E34: thirteen weeks since 14, with some time after 16', async () => {
    const born = { born: '15/06/2006' }
    const kept = records()
      .child('A', born)
      .child('B', born)
      .child('C', born)
      .child('D', born)
      .child('E', born)
    kept.rows(`
      A | 15/03/2022 | S | V2 | U6 | PR1 | 16/06/2022 | E4A
      B | 16/03/2022 | S | V2 | U6 | PR1 | 15/06/2022 | E4A
      C | 01/01/2021 | S | V2 | U6 | PR1 | 01/03/2021 | E4A
      C | 20/05/2022 | S | V2 | U6 | PR1 | 25/06/2022 | E4A
      D | 20/03/2022 | S | V2 | U6 | PR1 | 18/06/2022 | E4A
      E | 01/01/2019 | S | V3 | U6 | PR1 | 30/06/2022 | E4A`)
    const council = await councilWith(kept, { years: [2021, ...YEARS] })
    expect(await council.entitled('2023-03-31')).toEqual({
      A: 'relevant: thirteen-weeks',
      C: 'relevant: thirteen-weeks',
      // Ninety days, some of them after 16: support is owed, and no more.
      D: 'qualifying: looked-after-after-sixteen',
    })
  })

  const people = () =>
    records()
      .child('P1', { born: '01/03/2007' })
      .child('P2', { born: '01/03/2007' })
      .child('P3', { born: '01/03/2005' })
      .child('P4', { born: '01/03/2007' })
      .child('P5', { born: '01/03/2007' })
      .child('P6', { born: '01/03/2002' })
      .child('P7', { born: '01/06/2006' })
      .rows(`
        P1 | 01/06/2020 | S | C2 | U6 | PR1
        P2 | 01/06/2020 | S | C2 | U6 | PR1 | 01/09/2023 | E4A
        P3 | 01/06/2018 | S | C2 | U6 | PR1 | 01/09/2021 | E4A
        P4 | 01/05/2023 | S | V2 | U6 | PR1 | 26/06/2023 | E4A
        P5 | 15/11/2022 | S | V2 | U6 | PR1 | 21/02/2023 | E4A
        P6 | 01/06/2016 | S | C2 | U6 | PR1 | 01/03/2020 | E15
        P7 | 01/12/2018 | S | C2 | U6 | PR1 | 01/12/2021 | E4A`)
  const circumstance = (child: string, what: string, from: string, until: string | null = null) => ({
    clci_person_id: child,
    clci_circumstance: what,
    clci_start_date: from,
    clci_end_date: until,
  })
  const years = [2020, 2021, ...YEARS]

  test('E35: the category of the law on a day', async () => {
    const council = await councilWith(people(), {
      years,
      beside: {
        'care-leaver-circumstances': [
          circumstance('P5', 'hospital-or-detention', '2023-02-21', '2023-04-01'),
          circumstance('P6', 'education-or-training', '2024-09-01'),
        ],
      },
    })
    expect(await council.entitled('2025-01-01')).toEqual({
      P1: 'eligible: thirteen-weeks',
      P2: 'relevant: thirteen-weeks',
      P3: 'former-relevant: thirteen-weeks',
      P4: 'qualifying: looked-after-after-sixteen',
      P5: 'relevant: hospital-or-detention',
      P6: 'former-relevant-pursuing-education: education-or-training',
    })
    expect(await council.value('care-leavers-entitlement-count', '2025-01-01')).toBe(6)
  })

  test('E35: what no record says is not known', async () => {
    const council = await councilWith(people(), { years })
    expect(Object.keys(await council.entitled('2025-01-01'))).toEqual(['P1', 'P2', 'P3', 'P4'])
  })

  test('a return home for six months, support after 21 and guardianship change the category', async () => {
    const council = await councilWith(people(), {
      years,
      beside: {
        'care-leaver-circumstances': [
          circumstance('P2', 'returned-home', '2024-07-01'),
          circumstance('P6', 'support-requested', '2024-12-01', '2025-03-01'),
          circumstance('P7', 'special-guardianship', '2021-12-01'),
        ],
      },
    })
    expect(await council.entitled('2025-01-01')).toMatchObject({
      P2: 'qualifying: returned-home',
      P6: 'former-relevant: support-requested',
      P7: 'qualifying: special-guardianship',
    })
    const earlier = await council.entitled('2024-11-30')
    expect(earlier).toMatchObject({ P2: 'relevant: thirteen-weeks' })
    expect(earlier).not.toHaveProperty('P6')
  })

  test('support of those aged 22 to 25, as their latest record says', async () => {
    const status = (child: string, received: string) => ({
      clea_person_id: child,
      clea_status_date: '2024-10-01',
      clea_support_requested: 'Y',
      clea_support_received: received,
    })
    const council = await councilWith(people(), {
      years,
      beside: { 'care-leavers': [status('P6', 'Y'), status('P3', 'N')] },
    })
    expect(await council.parts('care-leavers-22-25-support-pct')).toEqual([1, 1])
  })
})

describe('care leavers in OC3', () => {
  /** One line for each: name, day of birth, and the row of the year's OC3. */
  const leavers = (text: string, year: ReportingYear = 2025) => {
    const kept = records()
    const rows: string[] = []
    for (const line of text.trim().split('\n')) {
      const [child, born, ...cells] = line.split('|').map((cell) => cell.trim())
      kept.child(child!, { born: born! })
      rows.push([child, ...cells].join(' | '))
    }
    return councilWith(kept, { returned: { OC3: { [year]: rows.join('\n') } }, years: [2024, 2025] })
  }

  test('E36: in the cohort is whose birthday falls in the year', async () => {
    const kept = records().child('A', { born: '01/04/2005' }).child('B', { born: '31/03/2005' })
    const council = await councilWith(kept, {
      returned: {
        OC3: {
          2024: 'B | YES | F5 | U1',
          2025: `
            A | YES | F5 | U1
            B | YES | F5 | U1`,
        },
      },
    })
    expect(await council.value('care-leavers-cohort', '2023-24', { age: '19' })).toBe(1)
    expect(await council.value('care-leavers-cohort', '2024-25', { age: '19' })).toBe(1)
    expect(await council.value('care-leavers-cohort', '2024-25', { age: '20' })).toBe(1)
    expect(await council.value('care-leavers-cohort', '2024-25', { 'age-group': '19-to-21' })).toBe(2)
  })

  test('E37: who is still looked after at 17 has no row', async () => {
    const council = await councilWith(fostered(records(), 'A', '10/08/2007'))
    expect(await council.value('care-leavers-cohort')).toBe(0)
    expect(await council.entitled('2025-03-31')).toEqual({ A: 'eligible: thirteen-weeks' })
  })

  test('E38: activity and accommodation are shares of different people', async () => {
    const council = await leavers(`
      A1 | 10/06/2005 | YES | F5 | U1
      A2 | 10/06/2005 | YES | F2 | U1
      A3 | 10/06/2005 | YES | P1 | B1
      A4 | 10/06/2005 | YES | F4 | U1
      A5 | 10/06/2005 | YES | P5 | Z1
      A6 | 10/06/2005 | YES | G5 | U1
      A7 | 10/06/2005 | YES | G5 | U1
      A8 | 10/06/2005 | YES | F5 | G1
      A9 | 10/06/2005 | NO | 0 | 0
      AX | 10/06/2005 | YES | G5 | R2`)
    expect(await council.parts('care-leavers-eet-19-21-pct')).toEqual([6, 10])
    expect(await council.parts('care-leavers-suitable-accommodation-19-21-pct')).toEqual([7, 8])
  })

  test('E39: who died, went home or was taken over is in no denominator', async () => {
    const kept = records()
      .child('DEAD', { born: '10/06/2005' })
      .child('HOME', { born: '10/06/2005' })
      .child('AWAY', { born: '10/06/2005' })
      .child('REFU', { born: '10/06/2005' })
      .child('NREQ', { born: '10/06/2005' })
      .child('NO', { born: '10/06/2005' })
      .episode('AWAY', '01/06/2021', 'S', 'V2', 'U6', 'PR1', '01/06/2023', 'E3')
    const council = await councilWith(kept, {
      returned: {
        OC3: {
          2025: `
            DEAD | DIED | 0 | 0
            HOME | RHOM | 0 | 0
            AWAY | YES | F5 | U1
            REFU | REFU | 0 | 0
            NREQ | NREQ | 0 | 0
            NO | NO | 0 | 0`,
        },
      },
    })
    expect(await council.value('care-leavers-cohort')).toBe(3)
    expect(await council.parts('care-leavers-not-in-touch-19-21-pct')).toEqual([1, 3])
  })

  test('E40: not in touch, but the activity is known', async () => {
    const council = await leavers('A | 10/06/2005 | NO | F5 | U1')
    expect(await council.parts('care-leavers-eet-19-21-pct')).toEqual([1, 1])
    expect(await council.parts('care-leavers-not-in-touch-19-21-pct')).toEqual([1, 1])
    expect(await council.parts('care-leavers-activity-not-known-pct')).toEqual([0, 1])
  })

  test('E41: staying put is with the carers of the 18th birthday', async () => {
    const kept = records()
      .child('A', { born: '01/06/2005' })
      .child('B', { born: '01/06/2005' })
      .rows(`
        A | 01/01/2020 | S | C2 | U4 | PR1 | 01/06/2023 | E17
        B | 01/01/2020 | S | C2 | K2 | PR4 | 01/06/2023 | E17`)
    const council = await councilWith(kept, {
      returned: {
        OC3: {
          2024: `
            A | YES | F5 | Z1
            B | YES | F5 | Z1`,
          2025: 'A | YES | F5 | U1',
        },
      },
    })
    expect(await council.parts('staying-put-18-pct', '2023-24')).toEqual([1, 1])
    expect(await council.parts('staying-put-19-20-pct', '2024-25')).toEqual([0, 1])
  })

  test('E43, E62: shares are taken of people, and totals never of rounded shares', async () => {
    const activities = [
      ...Array<string>(63).fill('F5'),
      ...Array<string>(9).fill('F4'),
      ...Array<string>(70).fill('F2'),
      ...Array<string>(17).fill('F1'),
      ...Array<string>(152).fill('G5'),
    ]
    const council = await leavers(
      many(315)
        .map((child, index) =>
          index < 311
            ? `${child} | 10/06/2005 | YES | ${activities[index]} | U1`
            : `${child} | 10/06/2005 | NO | 0 | 0`,
        )
        .join('\n'),
    )
    const lost = await council.get('care-leavers-not-in-touch-19-21-pct')
    expect([lost.numerator, lost.denominator]).toEqual([4, 315])
    expect(rounded(lost, 0).value).toBe(1)
    expect(rounded(lost, 1).value).toBe(1.3)
    const parts = await Promise.all(
      [
        'care-leavers-employment-pct',
        'care-leavers-apprenticeship-pct',
        'care-leavers-other-education-pct',
        'care-leavers-higher-education-19-21-pct',
      ].map(async (id) => (await council.get(id)).numerator!),
    )
    expect(parts).toEqual([63, 9, 70, 17])
    expect(await council.parts('care-leavers-eet-19-21-pct')).toEqual([159, 315])
  })
})

/* ---- places ---------------------------------------------------------------------------------------------------- */

const HERE = 'E08000034'
const NEXT_DOOR = 'E08000033'
const FAR_AWAY = 'E06000052'
const PLACES: Readonly<Record<string, readonly [easting: number, northing: number, district: string]>> = {
  HOME: [400000, 400000, HERE],
  NEAR: [401000, 400000, HERE],
  TWENTY: [432186, 400000, HERE],
  STILLTWENTY: [432200, 400000, HERE],
  OVER: [432300, 400000, HERE],
  NEAROUT: [402000, 400000, NEXT_DOOR],
  FAROUT: [480000, 400000, FAR_AWAY],
}

async function loadPlaces(): Promise<void> {
  const give = (kind: string, lines: readonly string[]) =>
    loadReference(
      base.database,
      { kind: kindNamed(kind), set: null, dryRun: false, loadedBy: 'tests' },
      Readable.from([Buffer.from(`${lines.join('\n')}\n`)]),
      { afterwards: followReference },
    )
  const rows = Object.entries(PLACES).map(([place, [east, north, district]]) =>
    [postcode(place), east, north, district].join(','),
  )
  expect(new Set(rows.map((row) => row.split(',')[0])).size).toBe(rows.length)
  await give('postcodes', ['pcds,oseast1m,osnrth1m,oslaua', ...rows])
  await give('adjacent', ['authority,adjacent_authority', `${HERE},${NEXT_DOOR}`, `${NEXT_DOOR},${HERE}`])
}

/** Children of the authority, each placed from home; of one without a home it is not known from where. */
const placedAt = async (places: readonly (readonly [place: string, home?: string, code?: string])[]) => {
  const kept = records()
  for (const [index, [place, home = 'HOME', code = 'U6']] of places.entries()) {
    kept.episode(many(1000)[index]!, '01/06/2024', 'S', 'C2', code, 'PR1', '', '', '', home, place)
  }
  return councilWith(kept, { years: [2025], authority: HERE })
}

describe('where children live', () => {
  test('E44: the rounded miles decide', async () => {
    const council = await placedAt([['TWENTY'], ['STILLTWENTY'], ['OVER']])
    expect(await council.parts('placed-over-20-miles-pct')).toEqual([1, 3])
    expect(await council.value('cla-count', '2024-25', { 'placement-distance': '20-miles-or-less' })).toBe(2)
  })

  test('E45, E46: three figures of twenty miles; unknown distances stay in the denominator', async () => {
    const places = (number: number, place: string, home = 'HOME') =>
      Array.from({ length: number }, () => [place, home] as const)
    const council = await placedAt([
      ...places(60, 'NEAR'),
      ...places(20, 'NEAROUT'),
      ...places(4, 'OVER'),
      ...places(10, 'FAROUT'),
      // Unaccompanied children, with no home in England: five inside, and one outside all the same.
      ...places(5, 'NEAR', ''),
      ...places(1, 'FAROUT', ''),
    ])
    expect(await council.value('placed-over-20-miles-pct')).toBe(14)
    expect(await council.value('placed-over-20-miles-and-outside-la-pct')).toBe(10)
    expect(await council.value('cla-count', '2024-25', { 'placement-distance': 'not-known' })).toBe(6)
    expect(await council.parts('placed-outside-la-pct')).toEqual([31, 100])
  })

  test('E47: next door is out of area, but not at a distance', async () => {
    const council = await placedAt([['NEAR'], ['NEAROUT'], ['FAROUT']])
    expect(await council.parts('placed-outside-la-pct')).toEqual([2, 3])
    expect((await council.parts('placed-at-a-distance-pct'))[0]).toBe(1)
  })

  test('E49: independent fostering agencies are private and voluntary', async () => {
    const kept = records()
    many(200).forEach((child, index) => {
      kept.episode(child, '01/06/2024', 'S', 'C2', 'U6', index < 120 ? 'PR1' : index < 190 ? 'PR4' : 'PR5')
    })
    const council = await councilWith(kept, { years: [2025] })
    expect(await council.parts('ifa-share-pct')).toEqual([80, 200])
    expect(await council.value('provider-private-pct')).toBe(35)
  })

  test('E50: supported accommodation under 16 is counted on its own', async () => {
    const kept = records()
      .child('A', { born: '01/06/2009' })
      .child('B', { born: '01/06/2007' })
      .child('C', { born: '01/06/2009' })
      .rows(`
        A | 01/06/2024 | S | C2 | Z1
        B | 01/06/2024 | S | C2 | K3 | PR4
        C | 01/06/2024 | S | C2 | K3 | PR4`)
    const council = await councilWith(kept, { years: [2025] })
    expect(await council.value('under-16-supported-accommodation-count')).toBe(1)
    expect((await council.parts('placement-other-pct'))[0]).toBeGreaterThanOrEqual(1)
  })
})

/* ---- the other subjects ------------------------------------------------------------------------------------------ */

describe('health and justice in OC2', () => {
  test('E51: the assessment is up to date as the return says', async () => {
    const kept = records()
    for (const [child, born] of [
      ['A', '01/10/2020'],
      ['B', '01/10/2020'],
      ['C', '01/10/2019'],
      ['D', '01/10/2019'],
    ] as const) {
      fostered(kept, child, born)
    }
    const council = await councilWith(kept, {
      returned: {
        OC2: {
          2025: `
            A | | | | 1 | 1 | 1 | 0 | | |
            B | | | | 1 | 1 | 1 | 1 | | |
            C | 10 | | | | 1 | 1 | 1 | 0 | |
            D | 10 | | | | 1 | 1 | 0 | 0 | |`,
        },
      },
    })
    expect(await council.parts('annual-health-assessment-pct')).toEqual([2, 4])
  })

  test('E52: scores are of children aged 5 to 16', async () => {
    const kept = records()
    for (const age of [3, 5, 9, 14, 16, 17]) {
      fostered(kept, `C${age}`, `01/10/${2024 - age}`, age === 3 ? '01/12/2021' : undefined)
    }
    const council = await councilWith(kept, {
      returned: {
        OC2: {
          2025: `
            C3 | | | | 1 | 1 | 1 | 1 | | |
            C5 | 12 | | | | 1 | 1 | 1 | 0 | |
            C9 | 16 | | | | 1 | 1 | 1 | 0 | |
            C14 | 22 | | 0 | | 1 | 1 | 1 | 0 | |
            C16 | | SDQ2 | 0 | | 1 | 1 | 1 | 0 | |
            C17 | 18 | | 0 | | 1 | 1 | 1 | 0 | |`,
        },
      },
    })
    expect(await council.parts('sdq-score-returned-pct')).toEqual([3, 4])
    expect(rounded(await council.get('sdq-average-score'), 1).value).toBe(16.7)
    for (const id of ['sdq-normal-pct', 'sdq-borderline-pct', 'sdq-cause-for-concern-pct']) {
      expect(await council.parts(id)).toEqual([1, 3])
    }
  })

  test('E53: offending is of those aged 10 to 17', async () => {
    const kept = records()
    for (const age of [9, 12, 15]) fostered(kept, `C${age}`, `01/10/${2024 - age}`)
    kept
      .child('C18', { born: '01/10/2006' })
      .episode('C18', '01/01/2021', 'S', 'C2', 'U6', 'PR1', '01/10/2024', 'E15')
    const council = await councilWith(kept, {
      returned: {
        OC2: {
          2025: `
            C9 | 10 | | | | 1 | 1 | 1 | 0 | |
            C12 | 10 | | 1 | | 1 | 1 | 1 | 0 | |
            C15 | 10 | | 0 | | 1 | 1 | 1 | 0 | |`,
        },
      },
    })
    expect(await council.parts('convicted-or-cautioned-pct')).toEqual([1, 2])
    expect(await council.value('convicted-or-cautioned-pct')).toBe(50)
  })
})

describe('adoption', () => {
  test('E54: the quarters of the board’s table add up to the year', async () => {
    const steps = {
      'adoption-board-decisions': ['perm_adm_decision_date', [12, 13, 5, 21], 51],
      'adoption-board-placement-orders': ['perm_placement_order_date', [9, 6, 7, 7], 29],
      'adoption-matches': ['perm_matched_date', [4, 9, 7, 7], 27],
      'adoption-board-placed': ['perm_placed_for_adoption_date', [5, 8, 9, 7], 29],
      'adoption-board-adoptions': ['perm_permanence_order_date', [3, 4, 6, 6], 19],
      'adoption-board-disruptions': ['perm_disrupted_date', [0, 1, 0, 1], 2],
    } as const
    const children = many(51)
    const kept = records()
    for (const child of children) fostered(kept, child, '01/01/2021', '01/06/2022')
    const days = ['2024-05-07', '2024-08-07', '2024-11-07', '2025-02-07']
    const plans: SampleRecord[] = children.map((child) => ({ perm_person_id: child }))
    for (const [column, quarters] of Object.values(steps)) {
      const dated = quarters.flatMap((number, quarter) => Array<string>(number).fill(days[quarter]!))
      dated.forEach((day, index) => {
        plans[index]![column] = day
        if (column === 'perm_permanence_order_date') plans[index]!.perm_permanence_order_type = 'Adoption'
      })
    }
    const council = await councilWith(kept, { beside: { permanence: plans } })
    for (const [id, [, quarters, year]] of Object.entries(steps)) {
      const found = await Promise.all([1, 2, 3, 4].map((quarter) => council.value(id, `2024-25Q${quarter}`)))
      expect([id, ...found]).toEqual([id, ...quarters])
      expect([id, await council.value(id)]).toEqual([id, year])
    }
  })

  test('E55: A1 to the adoptive placement, A10 to the day on which the child moved in', async () => {
    const kept = records()
      .child('A', { born: '01/06/2022' })
      .decidedForAdoption('A', '01/12/2023')
      .rows(`
        A | 01/01/2023 | S | C2 | U6 | PR1 | 01/03/2023 | X1 | CARPL | | P1
        A | 01/03/2023 | P | C2 | U6 | PR1 | 01/03/2024 | X1 | CARPL | | P2
        A | 01/03/2024 | U | E1 | A3 | PR1 | 01/09/2024 | E11 | | | P2`)
    const council = await councilWith(kept, {
      returned: { AD1: { 2025: 'A | 01/12/2023 | 15/02/2024 | 1 | 2 | MF | L11' } },
    })
    expect(await council.value('adoption-a1-days')).toBe(425)
    expect(await council.value('adoption-a10-days')).toBe(59)
  })

  test('E56: A2 from the placement order to the match', async () => {
    const kept = records()
      .child('A', { born: '01/06/2022' })
      .decidedForAdoption('A', '01/12/2023')
      .rows(`
        A | 01/01/2023 | S | C2 | U6 | PR1 | 10/01/2024 | X1 | | | P1
        A | 10/01/2024 | L | E1 | U6 | PR1 | 01/07/2024 | X1 | CARPL | | P1
        A | 01/07/2024 | P | E1 | A6 | PR4 | 01/02/2025 | E11 | | | P2`)
    const council = await councilWith(kept, {
      returned: { AD1: { 2025: 'A | 01/12/2023 | 20/06/2024 | 0 | 2 | MF | L11' } },
    })
    expect(await council.value('adoption-a2-days')).toBe(162)
  })

  test('E57: an adoptive placement that ends otherwise is disrupted', async () => {
    const kept = records()
      .child('A', { born: '01/06/2022' })
      .decidedForAdoption('A', '01/12/2023')
      .rows(`
        A | 01/01/2023 | S | E1 | U6 | PR1 | 01/05/2024 | X1 | CARPL | | P1
        A | 01/05/2024 | P | E1 | A6 | PR4 | 10/09/2024 | X1 | CREQB | | P2
        A | 10/09/2024 | P | E1 | U6 | PR1 | | | | | P3`)
    const council = await councilWith(kept)
    expect(await council.value('adoption-disruptions')).toBe(1)
    expect(await council.value('adoption-decision-reversed')).toBe(0)
  })
})

describe('reviews and visits', () => {
  test('E58: a late review is one late review, and a child not reviewed in time', async () => {
    const council = await councilWith(records().rows('A | 03/06/2024 | S | C2 | U6 | PR1'), {
      returned: {
        Reviews: {
          2025: `
            A | 28/06/2024 | PN1
            A | 30/09/2024 | PN1
            A | 20/03/2025 | PN1`,
        },
      },
    })
    expect(await council.parts('reviews-on-time-children-pct')).toEqual([0, 1])
    expect(await council.parts('reviews-on-time-reviews-pct')).toEqual([2, 3])
  })

  test('E59: a visit within a week of the placement, then every six weeks', async () => {
    const visit = (child: string, date: string) => ({
      clav_person_id: child,
      clav_cla_visit_date: date,
      clav_cla_visit_seen: 'Y',
    })
    const kept = records().rows(`
      A | 03/06/2024 | S | C2 | U6 | PR1 | 01/10/2024 | X1 | CARPL | | P1
      A | 01/10/2024 | P | C2 | U6 | PR1 | | | | | P2
      Z | 01/01/2023 | S | C2 | U6 | PR1 | 01/06/2024 | E4A`)
    const council = await councilWith(kept, {
      beside: {
        'statutory-visits': [visit('Z', '2024-05-01'), visit('A', '2024-06-20'), visit('A', '2024-09-20')],
      },
    })
    const onTime = async (day: string) => (await council.parts('visits-on-time-pct', day))[0] === 1
    expect(await onTime('2024-06-10')).toBe(true)
    expect(await onTime('2024-06-11')).toBe(false)
    expect(await onTime('2024-06-20')).toBe(true)
    expect(await onTime('2024-08-01')).toBe(true)
    expect(await onTime('2024-08-02')).toBe(false)
    // A new placement asks for a visit of its own within the week.
    expect(await onTime('2024-10-08')).toBe(true)
    expect(await onTime('2024-10-09')).toBe(false)
  })

  test('E61: taking part is of children aged 4 and over', async () => {
    const kept = fostered(records(), 'B', '01/06/2021', '01/06/2022')
    for (const child of ['C', 'D', 'E']) fostered(kept, child, '01/06/2012')
    const council = await councilWith(kept, {
      returned: {
        Reviews: {
          2025: `
            B | 10/06/2024 | PN0
            C | 10/06/2024 | PN1
            D | 10/06/2024 | PN6
            E | 10/06/2024 | PN7`,
        },
      },
    })
    const taking = await council.get('review-participation-pct')
    expect([taking.numerator, taking.denominator]).toEqual([2, 3])
    expect(rounded(taking, 0).value).toBe(67)
  })
})

describe('workforce', () => {
  test('E60: cases to one full-time worker who holds any', async () => {
    const workers = [15, 16, 14, 15, 15, 15, 14, 14, 15, 14, 0, 0].map((cases, index) => ({
      prof_professional_id: `W${index}`,
      prof_status_date: '2024-09-30',
      prof_professional_caseload: cases,
      prof_full_time_equivalency: index < 8 ? 1 : index < 10 ? 0.6 : 1,
      prof_agency_worker_flag: index === 0 ? 'Y' : 'N',
    }))
    const council = await councilWith(fostered(records(), 'A', '01/06/2012'), {
      beside: {
        'social-workers': [
          ...workers,
          // What was said of a worker earlier no longer stands.
          { ...workers[0]!, prof_status_date: '2024-06-30', prof_professional_caseload: 99 },
        ],
      },
    })
    const caseload = await council.get('sw-average-caseload')
    expect([caseload.numerator, caseload.denominator, caseload.unit]).toEqual([147, 9.2, 'cases'])
    expect(rounded(caseload, 1).value).toBe(16)
  })
})
