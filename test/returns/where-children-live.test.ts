import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { followReference } from '../../src/returns/follow-reference.ts'
import { findAuthority } from '../../src/vocabulary/authority.ts'
import { type Place, placesOn, returnPlaced } from '../support/placed-children.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { figure } from '../support/records.ts'
import { loadKind } from '../support/reference-app.ts'

/** Postcodes as in the directory of November 2025, with today's district unless the case is about an earlier one. */
const DIRECTORY = `pcds,oseast1m,osnrth1m,oslaua
HD1 1AA,414000,416000,E08000034
HD1 1AB,414000,416000,E08000034
HD1 2TT,446187,416000,E08000034
LA14 1AA,320084,469783,E06000064
CA1 1AA,339560,555499,E06000063
CA2 1AA,339000,555000,E07000028
LA8 1AA,352000,495000,E07000031
BB18 6JH,389391,448254,E06000065
BD24 1AA,381000,463000,E07000163
BA10 0AA,368324,134873,E06000066
TA1 1AA,322000,124000,E07000246
BH1 1AA,409722,92041,E06000058
BH2 1AA,408000,91000,E06000028
BA21 5BN,357300,115900,E06000059
HP10 0AA,491444,188654,E06000060
HP20 1AA,482000,213000,E07000004
LE15 8FN,494756,298107,E06000061
CV23 0AE,455312,276294,E06000062
NN1 1AA,475000,260000,E07000154
DN5 7HP,447500,403300,E08000038
S1 1AA,435732,387312,E08000039
SO43 7AA,429700,108300,E07000091
DH1 1AA,427500,542500,E06000047
LS1 1AA,430000,433500,E08000035
XX1 1AA,430000,433500,E07999999
SY21 7AA,322000,307500,W06000023
SY1 1AA,349200,312500,E06000051
`

let held: TestDatabase
beforeAll(async () => {
  held = await newDatabase()
  await loadKind(held.database, 'postcodes', DIRECTORY, { afterwards: followReference })
})
afterAll(() => held?.drop())

/** Where placements lie, seen from an authority, on days; children are called by the postcode of their placement. */
async function seenFrom(
  authority: string,
  placements: readonly string[],
  days: readonly string[] = ['2025-03-31'],
  home = '',
): Promise<Record<string, Place>[]> {
  const code = findAuthority(authority)!.code
  const children = placements.map((placement, index) => ({
    child: `C${index}`,
    home,
    placement,
  }))
  await returnPlaced(held.database, code, [...new Set(days.map((day) => Number(day.slice(0, 4))))], children)
  return Promise.all(
    days.map(async (day) => {
      const places = await placesOn(held.database, code, day)
      return Object.fromEntries(children.map(({ child, placement }) => [placement, places.get(child)!]))
    }),
  )
}

const relations = (places: Record<string, Place>) =>
  Object.fromEntries(Object.entries(places).map(([placement, { relation }]) => [placement, relation]))
const ofTheDay = (places: Record<string, Place>) =>
  Object.fromEntries(Object.entries(places).map(([placement, { ofTheDay: then }]) => [placement, then]))

describe('postcodes as they are written', () => {
  const written = ['HD1 1AB', 'HD11AB', 'hd1 1ab', ' HD1 1AB ', 'HD1 1AB   ', 'hd11ab ']
  test('with and without a space, in lower case, with blanks around them', async () => {
    const [places] = await seenFrom('E08000034', written, ['2025-03-31'], ' hd11aa ')
    for (const placement of written)
      expect([placement, places![placement]!.miles, places![placement]!.relation]).toEqual([
        placement,
        0,
        'inside',
      ])
  })

  test('a placement at home is no miles away', async () => {
    const [places] = await seenFrom('E08000034', ['HD1 1AA'], ['2025-03-31'], 'HD1 1AA')
    expect(places!['HD1 1AA']).toMatchObject({
      miles: 0,
      band: 'under-5-miles',
      distance: '20-miles-or-less',
    })
  })

  test('what is not in the directory is not known, nor whose a district is that no list has', async () => {
    const unknown = ['HD9 9ZZ', 'XX1 1AA', '']
    const [places] = await seenFrom('E08000034', unknown, ['2025-03-31'], 'HD1 1AA')
    for (const placement of unknown)
      expect(places![placement]).toMatchObject({
        location: 'not-known',
        relation: 'not-known',
        ofTheDay: 'not-known',
      })
    expect(places!['HD9 9ZZ']).toMatchObject({ miles: null, distance: 'not-known', band: 'not-known' })
    // It is known where it is, though not whose it is.
    expect(places!['XX1 1AA']!.miles).toBe(14.7)
  })
})

describe('outside England', () => {
  const IN_THE_UK = [
    ...['CF10 1AA', 'SA1 1AA', 'sa11aa', 'EH1 1AA', 'G1 1AA', 'AB10 1AA', 'ZE1 0AA', 'KW1 4AA', 'BT1 1AA'],
  ]
  const BEYOND = ['JE2 3AB', 'GY1 1AA', 'IM1 1AA', 'GX11 1AA', 'FIQQ 1ZZ']
  /** Areas that reach over the border, forces' post, and areas of England that begin alike. */
  const NOT_TOLD = [
    ...[
      'CH5 1AA',
      'LL11 1AA',
      'SY22 1AA',
      'LD1 5AA',
      'NP20 1AA',
      'HR5 9AA',
      'DG1 1AA',
      'TD1 1AA',
      'CA99 1AA',
    ],
    ...['BF1 3AA', 'CF10', 'GL1 1AA', 'B1 1AA', 'E1 1AA', 'S99 1AA'],
  ]

  test('areas that lie wholly elsewhere tell it, without a distance; others are not guessed', async () => {
    const [places] = await seenFrom(
      'E08000034',
      [...IN_THE_UK, ...BEYOND, ...NOT_TOLD],
      ['2025-03-31'],
      'HD1 1AA',
    )
    for (const placement of IN_THE_UK)
      expect([placement, places![placement]]).toEqual([
        placement,
        {
          miles: null,
          location: 'outside',
          distance: 'not-known',
          band: 'not-known',
          relation: 'outside-england',
          ofTheDay: 'outside-england',
        },
      ])
    for (const placement of BEYOND)
      expect([placement, places![placement]]).toMatchObject([
        placement,
        { location: 'outside', relation: 'outside-uk' },
      ])
    for (const placement of NOT_TOLD)
      expect([placement, places![placement]]).toMatchObject([
        placement,
        { location: 'not-known', relation: 'not-known' },
      ])
  })

  test('are counted: outside England, and of them outside the United Kingdom; out of area, and at a distance', async () => {
    const of = async (id: string, breakdown = {}) =>
      figure(held.database, 'E08000034', id, '2024-25', breakdown)
    const all = IN_THE_UK.length + BEYOND.length
    expect(await of('cla-placed-overseas-count')).toMatchObject({ value: all })
    expect(await of('cla-placed-outside-uk-count')).toMatchObject({ value: BEYOND.length })
    const relation = { 'placement-authority-relation': 'outside-uk' }
    expect(await of('cla-placed-overseas-count', relation)).toMatchObject({ value: BEYOND.length })
    expect(await of('placed-outside-la-pct')).toMatchObject({ numerator: all })
    expect(await of('placed-at-a-distance-pct')).toMatchObject({ numerator: all })
    expect(await of('placed-over-20-miles-of-known-pct')).toMatchObject({
      value: null,
      status: 'z',
      denominator: 0,
    })
  })

  test('a directory of the whole kingdom tells more than the letters', async () => {
    const [places] = await seenFrom(
      'E06000051',
      ['SY21 7AA', 'CF10 1AA', 'IM1 1AA'],
      ['2025-03-31'],
      'SY1 1AA',
    )
    expect(places!['SY21 7AA']).toMatchObject({ miles: 17.2, relation: 'outside-england' })
    // Powys is next door to Shropshire; of a postcode in Cardiff's area the council is not known, and Man is no neighbour.
    expect(await figure(held.database, 'E06000051', 'placed-at-a-distance-pct', '2024-25')).toMatchObject({
      numerator: 1,
      denominator: 3,
    })
  })
})

describe('distances', () => {
  test('E45: three figures of twenty miles, and the band that ends there', async () => {
    const far = ['LS1 1AA', 'DH1 1AA', 'CA1 1AA', 'HD1 2TT', 'HD9 9ZZ', 'HD1 1AB']
    const [places] = await seenFrom('E08000034', far, ['2025-03-31'], 'HD1 1AA')
    expect(far.map((one) => [places![one]!.miles, places![one]!.band])).toEqual([
      [14.7, 'over-10-to-20-miles'],
      [79.1, 'over-50-miles'],
      [98.3, 'over-50-miles'],
      [20, 'over-10-to-20-miles'],
      [null, 'not-known'],
      [0, 'under-5-miles'],
    ])
    const parts = async (id: string) => {
      const { numerator, denominator } = await figure(held.database, 'E08000034', id, '2024-25')
      return [numerator, denominator]
    }
    expect(await parts('placed-over-20-miles-pct')).toEqual([2, 6])
    expect(await parts('placed-over-20-miles-and-outside-la-pct')).toEqual([2, 6])
    expect(await parts('placed-over-20-miles-of-known-pct')).toEqual([2, 5])
    expect(await parts('placed-adjoining-pct')).toEqual([1, 6])
    expect(await parts('placed-at-a-distance-pct')).toEqual([2, 6])
  })
})

describe('districts and authorities that changed', () => {
  test('a district’s code of any year finds today’s authority', async () => {
    const [places] = await seenFrom('E06000064', [
      'LA8 1AA',
      'LA14 1AA',
      'CA2 1AA',
      'CA1 1AA',
      'BD24 1AA',
      'TA1 1AA',
    ])
    expect(relations(places!)).toEqual({
      'LA8 1AA': 'inside',
      'LA14 1AA': 'inside',
      'CA2 1AA': 'adjoining',
      'CA1 1AA': 'adjoining',
      'BD24 1AA': 'adjoining',
      'TA1 1AA': 'at-a-distance',
    })
  })

  test.each([
    ['E08000038', 'DN5 7HP', 'S1 1AA'],
    ['E08000016', 'DN5 7HP', 'S1 1AA'],
    ['E08000039', 'S1 1AA', 'DN5 7HP'],
    ['E10000002', 'HP20 1AA', 'HP10 0AA'],
    ['E06000060', 'HP20 1AA', 'HP10 0AA'],
    ['E10000021', 'NN1 1AA', 'LE15 8FN'],
    ['E06000062', 'NN1 1AA', 'LE15 8FN'],
    ['E10000027', 'TA1 1AA', 'BA21 5BN'],
    ['E10000009', 'BH2 1AA', 'SO43 7AA'],
    ['E06000029', 'BH1 1AA', 'BA21 5BN'],
  ])('%s finds %s in its area', async (authority, own, other) => {
    const [places] = await seenFrom(authority, [own, other])
    const merged = ['E10000002', 'E06000060', 'E10000021'].includes(authority)
    expect(relations(places!)).toEqual({ [own]: 'inside', [other]: merged ? 'inside' : 'adjoining' })
  })
})

describe('the boundaries of the day', () => {
  const DAYS = ['2019-03-31', '2021-03-31', '2023-03-31', '2024-03-31'] as const
  /** By the last days of those reporting years, as an authority's history has it. */
  const byDay = async (authority: string, placements: readonly string[]) => {
    const places = await seenFrom(authority, placements, DAYS)
    return Object.fromEntries(
      placements.map((placement) => [placement, places.map((on) => ofTheDay(on)[placement])]),
    )
  }
  const always = (relation: string) => DAYS.map(() => relation)
  const until = (year: number, before: string, after: string) =>
    DAYS.map((day) => (Number(day.slice(0, 4)) <= year ? before : after))

  test('Cumbria: Barrow was in it; it is no more, and what took its place stands for it', async () => {
    expect(await byDay('E10000006', ['LA14 1AA', 'CA1 1AA', 'DH1 1AA', 'LS1 1AA'])).toEqual({
      'LA14 1AA': always('inside'),
      'CA1 1AA': always('inside'),
      'DH1 1AA': always('adjoining'),
      'LS1 1AA': always('at-a-distance'),
    })
  })

  test('Cumberland: Barrow is next door, and was in the county that was responsible before', async () => {
    expect(await byDay('E06000063', ['LA14 1AA', 'CA1 1AA', 'DH1 1AA', 'BD24 1AA', 'LS1 1AA'])).toEqual({
      'LA14 1AA': until(2023, 'inside', 'adjoining'),
      'CA1 1AA': always('inside'),
      // Cumbria bordered on Durham and North Yorkshire; Cumberland does not.
      'DH1 1AA': until(2023, 'adjoining', 'at-a-distance'),
      'BD24 1AA': until(2023, 'adjoining', 'at-a-distance'),
      'LS1 1AA': always('at-a-distance'),
    })
    expect(relations((await seenFrom('E06000063', ['LA14 1AA'], ['2023-03-31']))[0]!)).toEqual({
      'LA14 1AA': 'adjoining',
    })
  })

  test('Durham: next to all of Cumbria, and now to Westmorland and Furness only', async () => {
    expect(await byDay('E06000047', ['LA14 1AA', 'CA1 1AA', 'DH1 1AA'])).toEqual({
      'LA14 1AA': always('adjoining'),
      'CA1 1AA': until(2023, 'adjoining', 'at-a-distance'),
      'DH1 1AA': always('inside'),
    })
  })

  test('the day itself decides: 31 March and 1 April 2023', async () => {
    const code = 'E06000063'
    await returnPlaced(held.database, code, [2023, 2024], [{ child: 'A', home: '', placement: 'LA14 1AA' }])
    expect((await placesOn(held.database, code, '2023-03-31')).get('A')!.ofTheDay).toBe('inside')
    expect((await placesOn(held.database, code, '2023-04-01')).get('A')!.ofTheDay).toBe('adjoining')
  })

  test('West Northamptonshire and Northamptonshire', async () => {
    expect(await byDay('E06000062', ['CV23 0AE', 'LE15 8FN'])).toEqual({
      'CV23 0AE': always('inside'),
      'LE15 8FN': until(2021, 'inside', 'adjoining'),
    })
    expect(await byDay('E10000021', ['CV23 0AE', 'LE15 8FN'])).toEqual({
      'CV23 0AE': always('inside'),
      'LE15 8FN': always('inside'),
    })
  })

  test('Buckinghamshire and North Yorkshire changed their codes, and no borders', async () => {
    for (const code of ['E06000060', 'E10000002'])
      expect(await byDay(code, ['HP10 0AA', 'LS1 1AA'])).toEqual({
        'HP10 0AA': always('inside'),
        'LS1 1AA': always('at-a-distance'),
      })
    expect(await byDay('E06000065', ['BB18 6JH', 'LS1 1AA', 'CA1 1AA'])).toEqual({
      'BB18 6JH': always('inside'),
      'LS1 1AA': always('adjoining'),
      'CA1 1AA': until(2023, 'adjoining', 'at-a-distance'),
    })
  })

  test('Dorset: whether a home was in Christchurch, today’s directory can’t tell', async () => {
    expect(await byDay('E06000059', ['BA21 5BN', 'BH1 1AA', 'SO43 7AA', 'LS1 1AA'])).toEqual({
      'BA21 5BN': always('inside'),
      // Bournemouth and Poole were next to the county, Christchurch was in it.
      'BH1 1AA': until(2019, 'not-known', 'adjoining'),
      'SO43 7AA': always('adjoining'),
      'LS1 1AA': always('at-a-distance'),
    })
    expect(await byDay('E10000009', ['BA21 5BN', 'BH1 1AA'])).toEqual({
      'BA21 5BN': always('inside'),
      'BH1 1AA': until(2019, 'not-known', 'inside'),
    })
  })

  test('Bournemouth, Christchurch and Poole, and Hampshire beside them', async () => {
    expect(await byDay('E06000058', ['BH1 1AA', 'BA21 5BN', 'SO43 7AA', 'LS1 1AA'])).toEqual({
      // Which of three was responsible is not known either.
      'BH1 1AA': until(2019, 'not-known', 'inside'),
      'BA21 5BN': until(2019, 'not-known', 'adjoining'),
      'SO43 7AA': until(2019, 'not-known', 'adjoining'),
      'LS1 1AA': always('at-a-distance'),
    })
    expect(await byDay('E06000028', ['BA21 5BN', 'SO43 7AA'])).toEqual({
      'BA21 5BN': always('adjoining'),
      // The town did not reach the New Forest; what took its place does.
      'SO43 7AA': until(2019, 'at-a-distance', 'adjoining'),
    })
    expect(await byDay('E10000014', ['BH1 1AA', 'SO43 7AA'])).toEqual({
      'BH1 1AA': until(2019, 'not-known', 'adjoining'),
      'SO43 7AA': always('inside'),
    })
  })
})
