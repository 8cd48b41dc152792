import { afterAll, beforeAll, expect, test } from 'vitest'
import { AUTHORITIES, areaToday, findAuthority } from '../../src/vocabulary/authority.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { FILES, textOf } from '../support/reference-app.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await newDatabase()
})
afterAll(() => database.drop())

const rows = <Row extends object>(statement: string): Promise<Row[]> =>
  database.database.read([], (transaction) => transaction.query('test', statement)) as Promise<Row[]>

test('an authority covers its own area; an abolished one is covered by its successors', () => {
  expect(areaToday('E08000034')).toEqual(['E08000034'])
  expect(areaToday('E08000039')).toEqual(['E08000019'])
  expect(areaToday('E10000002')).toEqual(['E06000060'])
  expect(areaToday('E10000006')).toEqual(['E06000063', 'E06000064'])
  expect(areaToday('E10000009')).toEqual(['E06000058', 'E06000059'])
  expect(areaToday('E07000240')).toEqual([])
  for (const { code, until } of AUTHORITIES)
    for (const today of areaToday(code)) {
      expect(findAuthority(today)!.until).toBeUndefined()
      expect(today === code).toBe(until === undefined)
    }
})

test('the database has the same authorities as the vocabulary', async () => {
  const held = await rows(
    `select authority.code, authority.dfe_code as "dfeCode", authority.name, authority.region, authority.type,
            authority.existed_from::text as "from", authority.existed_until::text as "until"
       from care.reference_authority as authority order by authority.code`,
  )
  expect(held).toEqual(
    [...AUTHORITIES]
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .map(({ from = null, until = null, ...authority }) => ({ ...authority, from, until })),
  )
})

test('the database has the same areas of today as the vocabulary', async () => {
  const held = await rows<{ authority: string; today: string }>(
    'select area.authority, area.today from care.authority_today as area order by 1, 2',
  )
  expect(held).toEqual(
    [...AUTHORITIES]
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .flatMap(({ code }) => areaToday(code).map((today) => ({ authority: code, today }))),
  )
})

test('every district of the postcodes, and every one abolished since 2019, lies in an authority of today', async () => {
  const held = await rows<{ district: string; authority: string }>(
    'select district.district, district.authority from care.district_authority as district',
  )
  const authorityOf = new Map(held.map(({ district, authority }) => [district, authority]))
  const ofPostcodes = new Set(
    textOf(FILES.postcodes)
      .split('\n')
      .slice(1)
      .flatMap((line) => line.split(',')[3]?.trim() || []),
  )
  expect(ofPostcodes.size).toBe(296)
  const merged =
    'E06000028 E06000029 E07000048 E07000049 E07000053 E07000201 E07000204 E07000205 E07000206 E07000190 E07000191 E07000246 E07000187 E07000004 E07000007 E07000150 E07000151 E07000026 E07000031 E07000163 E07000169'
  for (const district of [...ofPostcodes, ...merged.split(' ')]) {
    const authority = findAuthority(authorityOf.get(district) ?? '')
    expect([district, authority?.until, authority?.type]).not.toContain('synthetic')
    expect(authority, district).toBeDefined()
    expect(authority!.until, district).toBeUndefined()
  }
  const living = AUTHORITIES.filter(({ until, type }) => until === undefined && type !== 'synthetic')
  expect(new Set(authorityOf.values())).toEqual(new Set(living.map(({ code }) => code)))
  expect([authorityOf.get('E08000038'), authorityOf.get('E08000016')]).toEqual(['E08000016', 'E08000016'])
  expect([authorityOf.get('E08000039'), authorityOf.get('E08000019')]).toEqual(['E08000019', 'E08000019'])
  // An area that was split lies in no single authority.
  for (const split of ['E10000006', 'E10000009', 'E10000021']) expect(authorityOf.has(split)).toBe(false)
})

test('borders go both ways, and no reference table hides a row behind a policy', async () => {
  const oneWay = await rows(
    `select border.authority from care.adjacent_authority as border
      where not exists (select from care.adjacent_authority as back
                         where back.authority = border.adjacent and back.adjacent = border.authority)`,
  )
  expect(oneWay).toEqual([])
  const hidden = await rows(
    `select relation.relname from pg_catalog.pg_class as relation
       join pg_catalog.pg_namespace as schema on schema.oid = relation.relnamespace
      where schema.nspname = 'care' and relation.relname = any (care.reference_tables()) and relation.relrowsecurity`,
  )
  expect(hidden).toEqual([])
})
