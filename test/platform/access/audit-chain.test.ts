import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { audit, verifyChains } from '../../../src/cli/audit.ts'
import { appendEntry, type NewEntry, pseudonymsOf } from '../../../src/platform/access/audit-trail.ts'
import { newMasterKey } from '../../../src/platform/access/master-key.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'

/** Whoever may do everything with the database changes the trail behind the back of its triggers, and is found out. */
const HERE = 'E08000034'
const THERE = 'E08000035'
const ROWS = 12

let held: TestDatabase
let root: pg.Client

const entry = (authority: string, n: number): NewEntry => ({
  authority,
  caller: 'case system',
  onBehalfOf: n % 2 === 0 ? 'j.smith' : null,
  scopes: ['children:read', 'admin'],
  action: 'child.read',
  method: 'GET',
  route: '/v1/authorities/:authority/children/:child',
  status: 200,
  rows: n,
  subjects: pseudonymsOf(newMasterKey('tests'), authority, ['ADA1', 'BEN2']),
  purpose: n % 3 === 0 ? 'Siân’s review' : null,
  question: 'a question',
  network: '127.0.0.0/24',
  requestId: `r-${n}`,
})

beforeAll(async () => {
  held = await newDatabase()
  root = new pg.Client({ connectionString: held.url })
  await root.connect()
  await root.query(`set session_replication_role = replica`)
  for (const authority of [HERE, THERE])
    for (let n = 1; n <= ROWS; n++)
      await held.database.write([authority], (transaction) => appendEntry(transaction, entry(authority, n)))
  await root.query('create table public.entries as table care.audit_entry')
  await root.query('create table public.heads as table care.audit_head')
})
beforeEach(async () => {
  await root.query(`truncate care.audit_entry; insert into care.audit_entry table public.entries;
                    truncate care.audit_head; insert into care.audit_head table public.heads`)
})
afterAll(async () => {
  await root?.end()
  await held?.drop()
})

const verify = (against: Parameters<typeof verifyChains>[1]['against'] = []) =>
  verifyChains(held.database, { authorities: [HERE, THERE], against })

test('a trail that nobody touched fits, and says where each chain ends', async () => {
  const { rows, heads, faults } = await verify()
  expect({ rows, faults }).toEqual({ rows: 2 * ROWS, faults: [] })
  expect(heads.map(({ authority, number }) => [authority, number])).toEqual([
    [HERE, ROWS],
    [THERE, ROWS],
  ])
  expect((await verify(heads)).faults).toEqual([])
})

/** How a value of each type is sent as bytes, and taken back. */
const SEND: Readonly<Record<string, readonly [send: string, take: string]>> = {
  text: [`convert_to(%, 'UTF8')`, `convert_from(%, 'UTF8')`],
  bytea: ['%', '%'],
}
/** Numbers and moments have no bytes to flip: a power of two is added, which changes the bit. */
const STEPS: Readonly<Record<string, string>> = {
  bigint: '# (1::bigint << (floor(random() * 20))::int)',
  integer: '# (1 << (floor(random() * 20))::int)',
  smallint: '# (1 << (floor(random() * 8))::int)::smallint',
  'timestamp with time zone': `+ make_interval(secs => (1 << (floor(random() * 20))::int) / 1000000.0)`,
}

/** An expression for the column, which holds something, with one bit of it flipped. */
async function flipped(column: string, type: string, number: number, bit: number): Promise<string> {
  if (STEPS[type]) return `${column} ${STEPS[type]}`
  const list = type === 'ARRAY'
  const value = list ? `${column}[1]` : column
  const [send, take] = SEND[list ? 'text' : type]!.map(
    (one) => (inner: string) => one.replace('%', inner),
  ) as [(inner: string) => string, (inner: string) => string]
  const { rows } = await root.query(
    `select octet_length(${send(value)}) * 8 as bits from care.audit_entry where authority = $1 and number = $2`,
    [HERE, number],
  )
  const bits = rows[0].bits
  // The highest bit of a byte is left, which would make no text of it.
  const at = type === 'bytea' ? bit % bits : Math.floor((bit % bits) / 8) * 8 + (bit % 7)
  const changed = take(`set_bit(${send(value)}, ${at}, 1 - get_bit(${send(value)}, ${at}))`)
  return list ? `array[${changed}] || ${column}[2:]` : changed
}

test('one bit that is flipped anywhere in a row is found', async () => {
  const columns = (
    await root.query<{ name: string; type: string }>(
      `select column_name as name, data_type as type from information_schema.columns
        where table_schema = 'care' and table_name = 'audit_entry'`,
    )
  ).rows
  expect(columns).toHaveLength(18)
  for (const { name, type } of columns) {
    const { rows: holding } = await root.query<{ number: string }>(
      `select number from care.audit_entry where authority = $1 and ${name} is not null`,
      [HERE],
    )
    const numbers = fc.constantFrom(...holding.map(({ number }) => Number(number)))
    await fc.assert(
      fc.asyncProperty(numbers, fc.nat({ max: 4_096 }), async (number, bit) => {
        const changed = await flipped(name, type, number, bit)
        const applied = await root
          .query(`update care.audit_entry set ${name} = ${changed} where authority = $1 and number = $2`, [
            HERE,
            number,
          ])
          .then(
            () => true,
            () => false,
          )
        // A text with a NUL in it, or a number that is there already: PostgreSQL does not take it. Another is drawn.
        fc.pre(applied)
        const { faults } = await verify()
        await root.query(`truncate care.audit_entry; insert into care.audit_entry table public.entries`)
        expect(faults.length, `${name} of row ${number}`).toBeGreaterThan(0)
        expect(faults[0]!.number).toBeLessThanOrEqual(ROWS + 1)
      }),
      { numRuns: 5 },
    )
  }
})

test.each([
  ['taken out', `delete from care.audit_entry where authority = '${HERE}' and number = 5`, 5],
  ['taken from the beginning', `delete from care.audit_entry where authority = '${HERE}' and number = 1`, 1],
  [
    'cut off at the end',
    `delete from care.audit_entry where authority = '${HERE}' and number = ${ROWS}`,
    ROWS,
  ],
  [
    'put before the first',
    `insert into care.audit_entry select (jsonb_populate_record(e, '{"number": 0}')).* from care.audit_entry e where authority = '${HERE}' and number = 1`,
    1,
  ],
  [
    'put in another’s place',
    `update care.audit_entry set number = case number when 5 then 106 else 105 end where authority = '${HERE}' and number in (5, 6);
     update care.audit_entry set number = number - 100 where number > 100`,
    5,
  ],
  ['taken away with all others', `delete from care.audit_entry where authority = '${HERE}'`, ROWS],
])('a row that is %s is found, and named', async (_, change, number) => {
  await root.query(change)
  expect((await verify()).faults).toMatchObject([{ authority: HERE, number }])
})

test('a chain that was cut off, or written anew with its end, is found against what was written down', async () => {
  const { heads } = await verify()
  await root.query(`delete from care.audit_entry where authority = '${HERE}' and number > 10;
    update care.audit_head h set number = 10, hash = e.hash from care.audit_entry e
     where h.authority = '${HERE}' and e.authority = '${HERE}' and e.number = 10`)
  expect((await verify()).faults).toEqual([])
  expect((await verify(heads)).faults).toMatchObject([{ authority: HERE, number: 11 }])

  await root.query(
    `delete from care.audit_entry where authority = '${HERE}'; delete from care.audit_head where authority = '${HERE}'`,
  )
  for (let n = 1; n <= ROWS + 3; n++)
    await held.database.write([HERE], (transaction) =>
      appendEntry(transaction, { ...entry(HERE, n), caller: 'x' }),
    )
  expect((await verify()).faults).toEqual([])
  expect((await verify(heads)).faults).toMatchObject([{ authority: HERE, number: ROWS }])
})

test('the command writes an anchor, holds the trail against it, and fails with what it finds', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'audit-'))
  const file = join(folder, 'anchor.json')
  vi.stubEnv('DATABASE_URL', held.url)
  const run = async (...args: string[]) => {
    const lines: string[] = []
    const say = (line: string) => lines.push(line)
    return { code: await audit(args, { print: say, complain: say }), said: lines.join('\n') }
  }
  try {
    expect(await run('verify', '--anchor', file)).toMatchObject({
      code: 0,
      said: expect.stringContaining('24 rows in 2 chains: all fit'),
    })
    expect(JSON.parse(await readFile(file, 'utf8')).heads).toEqual((await verify()).heads)
    await root.query(`update care.audit_entry set rows = 99 where authority = '${THERE}' and number = 7`)
    const found = await run('verify', THERE, '--against', file)
    expect(found).toMatchObject({ code: 1, said: expect.stringContaining(`${THERE} row 7:`) })
    expect((await run('verify', 'E99')).code).toBe(2)
  } finally {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true })
  }
})
