import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csvLine } from '../../../src/platform/http/csv.ts'
import { recordKindNamed } from '../../../src/vocabulary/record-kinds.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'
import { AUTHORITY, callsOn, type RecordsApp, recordsApp } from '../../support/records-app.ts'
import { goodRecord } from '../../support/sample-records.ts'

/** What people send to see what breaks; none of it may break, be run, or come back as anything but itself. */
const TEXTS: readonly string[] = [
  "'; drop table care.child; --",
  "' or 1=1 --",
  '1); select pg_sleep(10); --',
  "\\'; select 1; --",
  '$$; delete from care.child; $$',
  '\u0024{jndi:ldap://x}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '=cmd|"/c calc"!A1',
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '\r=1+1',
  '＝1+1',
  'a\nb\r\nlevel=fatal msg=forged',
  'a\u0000b',
  '\u202egpj.exe',
  '\u200b\u2066x\u2069',
  'a\u0301'.repeat(200),
  '\u{1F469}\u200D\u{1F467}',
  'ﷺ'.repeat(100),
  'x'.repeat(5000),
  '\ufeff',
  '%',
  '_',
  '*',
  '__proto__',
  'constructor',
  'NaN',
  '-0',
  '1e999',
]

let database: TestDatabase
let service: RecordsApp
beforeAll(async () => {
  database = await newDatabase()
  service = await recordsApp(database)
}, 120_000)
afterAll(async () => {
  await service?.close()
  await database?.drop()
})

const KIND = 'return-home-interviews'
const tables = () =>
  database.database.read([AUTHORITY], (transaction) =>
    transaction.query(
      'test.tables',
      `select count(*)::int as tables from pg_catalog.pg_tables where schemaname = 'care'`,
    ),
  )

describe.each(TEXTS.map((text) => [JSON.stringify(text).slice(0, 60), text] as const))('%s', (_, text) => {
  const encoded = encodeURIComponent(text)

  test('in an address or a query is refused or finds nothing', async () => {
    const before = await tables()
    for (const url of [
      `/v1/authorities/${encoded}/records/${KIND}`,
      `/v1/authorities/${AUTHORITY}/records/${encoded}`,
      `/v1/authorities/${AUTHORITY}/records/${KIND}/${encoded}`,
      `/v1/authorities/${AUTHORITY}/records/${KIND}?child=${encoded}`,
      `/v1/authorities/${AUTHORITY}/records/${KIND}?cursor=${encoded}`,
      `/v1/authorities/${AUTHORITY}/returns/${encoded}`,
      `/v1/authorities/${AUTHORITY}/children/${encoded}`,
      `/v1/authorities/${AUTHORITY}/returns?${encoded}=1`,
    ]) {
      const answer = await service.app.inject({
        url,
        headers: { authorization: 'Bearer the-admin-key-of-the-tests' },
      })
      expect(answer.statusCode, url.slice(0, 120)).toBeLessThan(500)
      // An address of `.` and `..` is another address before it is sent.
      if (answer.statusCode === 200) expect(answer.json().data ?? []).toEqual([])
    }
    expect(await tables()).toEqual(before)
  })

  test('in a record is refused, or kept as it is', async () => {
    const kind = recordKindNamed(KIND)
    const calls = callsOn(service.client, KIND)
    const column = kind.columns.find(({ kind: type }) => type === 'text' || type === 'child')!.name
    const { ...record } = goodRecord(kind) as Record<string, unknown>
    const id = kind.columns[0]!.name
    delete record[id]
    const answer = await calls.put('T1', { ...record, [column]: text }, {})
    expect([200, 201, 400, 422]).toContain(answer.statusCode)
    if (answer.statusCode < 300) {
      const kept = (await calls.get('T1')).json().record[column]
      expect(kept).toBe(text.trim().toUpperCase() === kept ? kept : text.trim())
      expect((await calls.delete('T1')).statusCode).toBe(204)
    }
  })

  test('is no formula in a table, and one cell of it', () => {
    const line = csvLine([text, 1])
    expect(line).not.toMatch(/^"?[=+\-@\t\r＝＋－＠]/)
    expect(line.endsWith(',1\r\n')).toBe(true)
  })
})

test('no line of the log is one that a caller wrote', () => {
  for (const line of service.log) expect(() => JSON.parse(line)).not.toThrow()
  expect(service.log.join('')).not.toMatch(/forged|drop table|SUM\(A1\)/)
})
