import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPromise } from 'yauzl'
import { ZipFile } from 'yazl'
import { headlineFigures } from '../../../src/indicators/headline-figures.ts'
import { nameOf, tablesOf, writeBackup } from '../../../src/platform/database/backup.ts'
import { migrate, readMigrations } from '../../../src/platform/database/migrate.ts'
import { restoreBackup } from '../../../src/platform/database/restore.ts'
import { readCoverage } from '../../../src/returns/return-store.ts'
import { catalogue } from '../../../src/service.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'
import { loadSmallReturn } from '../../support/small-return.ts'

const AUTHORITY = 'E08000034'

let folder: string
let file: string
let held: TestDatabase
const others: TestDatabase[] = []

const figuresOf = ({ database }: TestDatabase): Promise<unknown> =>
  database.read([AUTHORITY], (transaction) =>
    headlineFigures(transaction, catalogue, AUTHORITY, readCoverage),
  )

async function asAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Every row of every table, as text. */
const rowsOf = (url: string): Promise<Record<string, string[]>> =>
  asAdmin(url, async (client) => {
    const all: Record<string, string[]> = {}
    for (const table of await tablesOf(client)) {
      const { rows } = await client.query<{ row: string }>(
        `select t::text as row from ${nameOf(table)} t order by t::text`,
      )
      all[nameOf(table)] = rows.map(({ row }) => row)
    }
    return all
  })

async function another(): Promise<TestDatabase> {
  const database = await newDatabase()
  others.push(database)
  return database
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corporate-parenting-backup-'))
  file = join(folder, 'backup.zip')
  held = await newDatabase()
  await loadSmallReturn(held.database, AUTHORITY)
  await asAdmin(held.url, async (client) => {
    // Whatever text can hold; an authority that nobody knows; and a client with a secret, which refers to it.
    await client.query(
      `insert into care.audit_entry
       select 'not-an-authority', n, now(), E'line\\nbreak\\ttab \\\\. "quote" é', null, '{a,"b,c"}', 'child.read', 'GET',
              '/v1', 200, 1, '{}', null, 'q', null, 'r', '\\x00', '\\xff0a5c'
         from generate_series(1, 3) n`,
    )
    await client.query(
      `with c as (insert into access.client values (gen_random_uuid(), 'system', '[]', null, 1, now(), 'test') returning id)
       insert into access.client_secret select gen_random_uuid(), c.id, '\\x01', now(), 'test' from c`,
    )
  })
  await writeBackup(held.url, file)
})
afterAll(async () => {
  for (const one of [held, ...others]) await one?.drop()
  await rm(folder, { recursive: true, force: true })
})

test('what was backed up comes back row for row, with its figures', async () => {
  const restored = await another()
  const manifest = await restoreBackup(restored.url, file)
  const before = await rowsOf(held.url)
  const after = await rowsOf(restored.url)
  expect(Object.keys(after)).toEqual(Object.keys(before))
  for (const [name, rows] of Object.entries(before)) expect(after[name], name).toEqual(rows)
  expect(before['"care"."audit_entry"']).toHaveLength(3)
  expect(Object.fromEntries(manifest.tables.map((table) => [nameOf(table), table.rows]))).toEqual(
    Object.fromEntries(Object.entries(before).map(([name, rows]) => [name, rows.length])),
  )
  const figures = await figuresOf(held)
  expect(JSON.stringify(figures)).toContain('"value":2')
  expect(await figuresOf(restored)).toEqual(figures)
  // The walls stand again: nothing is seen unnamed, and what never changes does not.
  const unnamed = await restored.database.read([], (transaction) =>
    transaction.query('test.unnamed', 'select 1 from care.episode'),
  )
  expect(unnamed).toEqual([])
  await asAdmin(restored.url, async (client) => {
    await expect(client.query('delete from care.audit_entry')).rejects.toThrow('never changes')
  })
})

test('only its owner can read the file, nothing is left beside it, and it is not written over half', async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const { readdir } = await import('node:fs/promises')
  expect(await readdir(folder)).toEqual(['backup.zip'])
})

test('a database with records is refused, and keeps them', async () => {
  const before = await rowsOf(held.url)
  await expect(restoreBackup(held.url, file)).rejects.toThrow('holds records already')
  expect(await rowsOf(held.url)).toEqual(before)
})

test('a single changed byte is found, and nothing of the backup is kept', async () => {
  const damaged = join(folder, 'damaged.zip')
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false })
  const copy = new ZipFile()
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = []
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    copy.addBuffer(
      Buffer.from(entry.fileName === 'care.episode.copy' ? text.replace('SC000001', 'SC000007') : text),
      entry.fileName,
    )
  }
  copy.end()
  await pipeline(copy.outputStream, createWriteStream(damaged))
  zip.close()
  const target = await another()
  const before = await rowsOf(target.url)
  await expect(restoreBackup(target.url, damaged)).rejects.toThrow('the backup is damaged: care.episode')
  expect(await rowsOf(target.url)).toEqual(before)
  await rm(damaged)
})

test('what is no backup is refused in words', async () => {
  const other = join(folder, 'other.zip')
  await writeFile(other, (await readFile(file)).subarray(0, 5_000))
  await expect(restoreBackup(held.url, other)).rejects.toThrow('is no backup')
  await rm(other)
})

test('a backup of an earlier release is migrated; one of a later release is refused', async () => {
  const more = {
    name: '9999_more.sql',
    checksum: 'x',
    contracts: false,
    statements: [
      'create table care.more (authority text primary key, note text)',
      'call care.secure_tables()',
    ],
  }
  const later = [...readMigrations(), more]
  const target = await another()
  await restoreBackup(target.url, file, later)
  const after = await rowsOf(target.url)
  expect(after['"care"."more"']).toEqual([])
  expect(after['"care"."episode"']).toEqual((await rowsOf(held.url))['"care"."episode"'])
  expect(await migrate(target.url, later)).toEqual([])

  const newer = join(folder, 'newer.zip')
  await writeBackup(target.url, newer)
  await expect(restoreBackup((await another()).url, newer)).rejects.toThrow('9999_more.sql')
  await rm(newer)
})

test('who does not see every row writes no backup', async () => {
  await expect(writeBackup(held.serviceUrl, join(folder, 'half.zip'))).rejects.toThrow(
    'does not see every row',
  )
})
