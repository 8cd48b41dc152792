import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Transaction } from '../../src/platform/database/database.ts'
import type { ReferenceFinding } from '../../src/reference/reference-findings.ts'
import { Refusal } from '../../src/vocabulary/refusal.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { FILES, loadKind } from '../support/reference-app.ts'

let own: TestDatabase
beforeAll(async () => {
  own = await newDatabase()
})
afterAll(() => own.drop())

const rows = (statement: string): Promise<Record<string, unknown>[]> =>
  own.database.read([], (transaction) => transaction.query('test', statement))
const load = (kind: string, content: Parameters<typeof loadKind>[2], options = {}) =>
  loadKind(own.database, kind, content, options)

/** The findings of a file that is refused: where they are, and what they say. */
async function findingsOf(kind: string, content: string): Promise<string[]> {
  const refusal = await load(kind, content).then(
    () => expect.fail('the file was not refused'),
    (thrown: unknown) => thrown,
  )
  if (!(refusal instanceof Refusal)) throw refusal
  const { findings } = refusal.members as { findings: readonly ReferenceFinding[] }
  return findings.map(({ row, column, message }) => `${row} ${column}: ${message}`)
}

describe('the files as they are published', () => {
  test('authorities: the list that councils pass on adds nothing to the facts and takes nothing away', async () => {
    const { rowsRead, rowsChanged, state } = await load('authorities', { path: FILES.authorities })
    expect([rowsRead, rowsChanged, state.rows, state.builtIn]).toEqual([156, 0, 162, false])
  })

  test('authorities: a list of our own, with the days between which they existed', async () => {
    const list = `\uFEFFname,region,code,dfe_code,type,existed_from,existed_until,extra\r
Newshire,South East,E06000099,777,unitary,2027-04-01,,x\r
Surrey,E12000008,E10000030,936,county,,01/04/2027,x\r
`
    expect(await load('authorities', list)).toMatchObject({ rowsChanged: 3, state: { rows: 163 } })
    expect(
      await rows(`select authority.code, authority.existed_until::text as until from care.reference_authority as authority
                   where authority.code in ('E06000099', 'E10000030', 'E08000034') order by 1`),
    ).toEqual([
      { code: 'E06000099', until: null },
      { code: 'E08000034', until: null },
      { code: 'E10000030', until: '2027-04-01' },
    ])
    expect(
      await rows(`select area.today from care.authority_today as area where area.authority = 'E06000099'`),
    ).toEqual([{ today: 'E06000099' }])
    // What the next list leaves out is as it was at first.
    expect(await load('authorities', { path: FILES.authorities })).toMatchObject({ rowsChanged: 3 })
  })

  test('neighbours: both sets, as the facts have them, closeness in the same words', async () => {
    for (const [path, set, count] of [
      [FILES.neighbours2021, 2021, 1560],
      [FILES.neighbours2025, 2025, 1530],
    ] as const) {
      const { state, rowsChanged } = await load('neighbours', { path })
      expect([state.kind, state.rows, rowsChanged]).toEqual([`neighbours-${set}`, count, 0])
    }
    expect(
      await rows(
        `select distinct neighbour.closeness from care.statistical_neighbour as neighbour order by 1`,
      ),
    ).toHaveLength(5)
    expect(
      await rows(`select neighbour.neighbour, neighbour.closeness from care.statistical_neighbour as neighbour
                   where neighbour.set_year = 2025 and neighbour.authority = 'E09000002' and neighbour.rank in (1, 4)
                   order by neighbour.rank`),
    ).toEqual([
      { neighbour: 'E09000010', closeness: 'Close' },
      { neighbour: 'E08000028', closeness: 'Somewhat close' },
    ])
  })

  test('neighbours: the set can be told', async () => {
    const { state, rowsChanged } = await load(
      'neighbours',
      { path: FILES.neighbours2025 },
      { set: 2021, dryRun: true },
    )
    expect(state.kind).toBe('neighbours-2021')
    expect(rowsChanged).toBeGreaterThan(1000)
  })

  test('population: England, regions and authorities by year; what was not published is not held', async () => {
    expect(await load('population', { path: FILES.population })).toMatchObject({
      rowsRead: 2132,
      rowsPassedOver: 21,
    })
    expect(
      await rows(`select population.area, population.children from care.child_population as population
                   where population.year = 2024 and population.area in ('E92000001', 'E13000001', 'E08000016') order by 1`),
    ).toMatchObject([{ area: 'E08000016', children: 51799 }, { area: 'E13000001' }, { children: 12183016 }])
    expect(
      await rows(`select 1 from care.child_population as population where population.area = 'E10000009'`),
    ).toEqual([])
  })

  test('districts: what the list of 2023 does not have still resolves', async () => {
    const { rowsRead, rowsPassedOver, rowsChanged } = await load('districts', { path: FILES.districts })
    expect([rowsRead, rowsPassedOver, rowsChanged]).toEqual([318, 22, 0])
    expect(
      await rows(`select district.authority from care.district_authority as district
                   where district.district in ('E08000038', 'E07000004', 'E07000246') order by 1`),
    ).toEqual([{ authority: 'E06000060' }, { authority: 'E06000066' }, { authority: 'E08000016' }])
  })

  test('districts: a list of an earlier year names authorities that are no more', async () => {
    const list = 'LTLA19CD,UTLA19CD\nE07000004,E10000002\nE07000026,E10000006\nE07000999,E10000023\n'
    await load('districts', list)
    expect(
      await rows(`select district.district, district.authority from care.district_authority as district
                   where district.district in ('E07000004', 'E07000026', 'E07000999') order by 1`),
    ).toEqual([
      { district: 'E07000004', authority: 'E06000060' },
      { district: 'E07000026', authority: 'E06000063' },
      { district: 'E07000999', authority: 'E06000065' },
    ])
    expect(await findingsOf('districts', 'LTLA19CD,UTLA19CD\nE07000998,E10000006\n')).toEqual([
      '2 authority: the authority is no more and was split, and which part covers the district today is not known',
    ])
  })

  test('adjacent: each pair both ways, however the file has it', async () => {
    expect(await load('adjacent', { path: FILES.adjacent })).toMatchObject({
      rowsChanged: 0,
      state: { rows: 772 },
    })
    await load('adjacent', 'adjacent,authority\nE08000039,E08000038\n')
    expect(
      await rows(
        'select border.authority, border.adjacent from care.adjacent_authority as border order by 1',
      ),
    ).toEqual([
      { authority: 'E08000016', adjacent: 'E08000019' },
      { authority: 'E08000019', adjacent: 'E08000016' },
    ])
  })
})

describe('postcodes', () => {
  const LIST = 'pcds,oseast1m,osnrth1m,oslaua\nHD1 2TT,414400,416600,E08000034\nZZ1 1AA,,,\n'
  beforeEach(async () => {
    await load('postcodes', LIST)
  })

  test.each([
    ['ONSPD since 2025', 'pcds,east1m,north1m,lad25cd'],
    ['ONSPD before', 'pcd,oseast1m,osnrth1m,oslaua'],
    ['names of eight characters', 'pcd8,east1m,north1m,LAD24CD'],
  ])('are known by the names of %s', async (_edition, header) => {
    await load('postcodes', `${header}\r\nHD1  2TU,414401,416601,E08000034\r\n`)
    expect(await rows('select postcode.* from care.postcode as postcode')).toEqual([
      { postcode: 'HD12TU', easting: 414401, northing: 416601, district: 'E08000034' },
    ])
  })

  test('without a grid reference are kept without one', async () => {
    expect(await rows('select postcode.* from care.postcode as postcode order by 1')).toEqual([
      { postcode: 'HD12TT', easting: 414400, northing: 416600, district: 'E08000034' },
      { postcode: 'ZZ11AA', easting: null, northing: null, district: null },
    ])
  })

  test('that are wrong are named, and none of the file is kept', async () => {
    const before = await rows('select postcode.* from care.postcode as postcode order by 1')
    const found = await findingsOf(
      'postcodes',
      `oslaua,pcds,oseast1m,osnrth1m
E08000034,HD1 2TT,414400,416600
E08000034,hd12tt,414400,416600
E8,HUDDERSFIELD,4144000,north
E08000034,,1,1
E08000034,HD1 2TV,1,
`,
    )
    expect(found).toEqual([
      '3 null: an earlier row is about the same postcode',
      '4 pcds: this is no postcode',
      '4 oseast1m: this is no whole number that can be here',
      '4 osnrth1m: this is no whole number that can be here',
      '4 oslaua: this is no GSS code',
      '5 pcds: the value is missing',
      '6 easting: there is an easting without a northing, or the other way about',
    ])
    expect(await rows('select postcode.* from care.postcode as postcode order by 1')).toEqual(before)
  })

  test('of a later edition change only what differs', async () => {
    const outcome = await load(
      'postcodes',
      gzipSync('pcds,oseast1m,osnrth1m,oslaua\nHD1 2TT,414400,416600,E08000034\nZZ1 1AB,,,\n'),
    )
    expect(outcome).toMatchObject({ result: 'loaded', rowsChanged: 2, state: { rows: 2 } })
  })
})

describe('a load', () => {
  test('derives anew what goes by it, in the same transaction and only when something changed', async () => {
    const seen: string[] = []
    const afterwards = async (transaction: Transaction, kind: string) => {
      const [row] = await transaction.query<{ count: number; authorities: string }>(
        'test',
        `select count(*)::int as count, current_setting('app.authorities') as authorities
           from care.adjacent_authority`,
      )
      expect(row!.authorities).toContain('E08000034')
      seen.push(`${kind} ${row!.count}`)
    }
    await load('adjacent', 'authority,adjacent\nE08000034,E08000035\nE08000034,E08000033\n', { afterwards })
    await load('adjacent', 'authority,adjacent\nE08000034,E08000035\nE08000034,E08000033\n', { afterwards })
    // Other bytes, but the same borders.
    await load('adjacent', 'authority,adjacent\nE08000035,E08000034\nE08000034,E08000033\n', { afterwards })
    expect(seen).toEqual(['adjacent 4'])
    const failing = load('adjacent', 'authority,adjacent\nE08000034,E08000035\n', {
      afterwards: () => Promise.reject(new Error('what is derived failed')),
    })
    await expect(failing).rejects.toThrow('what is derived failed')
    expect(await rows('select 1 from care.adjacent_authority')).toHaveLength(4)
  })

  test('of one kind waits for another', async () => {
    const outcomes = await Promise.all(
      ['E08000035', 'E08000033', 'E08000035'].map((other) =>
        load('adjacent', `authority,adjacent\nE08000034,${other}\n`),
      ),
    )
    expect(outcomes.every(({ state }) => state.rows === 2)).toBe(true)
  })

  test('that names a column wrongly is told which', async () => {
    const refusal = await load('postcodes', 'pcd_s,oseast1m,osnrth1m,oslaua\nHD1 2TT,1,1,E08000034\n').catch(
      (thrown: Refusal) => thrown,
    )
    expect(refusal).toMatchObject({ reason: 'not-reference-data', members: {} })
    expect((refusal as Refusal).faults[0]).toMatchObject({ didYouMean: ['pcd_s'] })
  })

  test('on a connection that has loaded something else before is like any other', async () => {
    await own.database.load([], (transaction) =>
      transaction.query('test', 'create temporary table incoming (row integer) on commit drop'),
    )
    await load('adjacent', { path: FILES.adjacent })
  })

  test('can be done on the command line, which says what became of it', async () => {
    expect(await commandLine('adjacent', FILES.adjacent)).toEqual([
      0,
      expect.stringMatching(/^(loaded|unchanged).* \(adjacent, version \w+\): 772 rows read, 0 passed over/),
    ])
    expect(await commandLine('postcodes', FILES.adjacent)).toEqual([
      1,
      expect.stringContaining('The header row is not one of postcodes; it is one of adjacent.'),
    ])
    expect(await commandLine('neighbors', FILES.adjacent)).toEqual([
      1,
      expect.stringContaining('Did you mean neighbours?'),
    ])
    expect(await commandLine('adjacent')).toEqual([2, expect.stringContaining('a kind and one file')])
  })

  test('that is killed leaves the old table whole, and can be run again', { timeout: 120_000 }, async () => {
    await load('postcodes', 'pcds,oseast1m,osnrth1m,oslaua\nHD1 2TT,414400,416600,E08000034\n')
    const child = reference('postcodes', FILES.postcodes)
    const ended = once(child, 'exit')
    // The load has its turn; a second later it is amid the rows.
    await expect
      .poll(
        () =>
          rows(
            `select 1 from pg_catalog.pg_locks as lock
              where lock.locktype = 'advisory' and lock.classid = 903004 and lock.granted`,
          ),
        { timeout: 20_000 },
      )
      .toHaveLength(1)
    await wait(1_000)
    child.kill('SIGKILL')
    await ended
    expect(await rows('select postcode.postcode from care.postcode as postcode')).toEqual([
      { postcode: 'HD12TT' },
    ])
    const started = performance.now()
    const outcome = await load('postcodes', { path: FILES.postcodes })
    expect(outcome).toMatchObject({ result: 'loaded', rowsRead: 2_264_892, state: { rows: 2_264_892 } })
    expect(performance.now() - started).toBeLessThan(60_000)
  })
})

/** `npm run reference -- …` on the database of the test. */
const reference = (...args: readonly string[]) =>
  spawn(process.execPath, ['src/cli.ts', 'reference', ...args], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, DATABASE_URL: own.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** The exit code, and all that was said. */
async function commandLine(...args: readonly string[]): Promise<[code: number, said: string]> {
  const child = reference(...args)
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await once(child, 'exit')
  return [code as number, (await said).join('')]
}
