import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { isMigrated, migrate, readMigrations } from '../../../src/platform/database/migrate.ts'
import { openStorage, type Storage } from '../../../src/platform/database/storage.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'

let held: TestDatabase
let admin: pg.Client
const opened: Storage[] = []
const made: string[] = []

beforeAll(async () => {
  held = await newDatabase()
  admin = new pg.Client({ connectionString: held.url })
  await admin.connect()
})
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close()
})
afterAll(async () => {
  const { rows } = await admin.query<{ name: string }>(
    `select r.rolname as name from pg_roles r
      where r.rolname = 'corporate_parenting_login_' || (select d.oid from pg_database d where d.datname = current_database())`,
  )
  for (const role of [...made, ...rows.map(({ name }) => name)])
    await admin.query(`drop owned by ${role}; drop role ${role}`)
  await admin.end()
  await held.drop()
})

async function open(databaseUrl: string, more: object = {}): Promise<Storage> {
  const storage = await openStorage({ databaseUrl, dataDir: '/nowhere', ...more })
  opened.push(storage)
  return storage
}

/** A role of the test's own, and the connection string that logs in as it. */
async function role(options: string): Promise<string> {
  const name = `t_login_${Math.random().toString(36).slice(2)}`
  await admin.query(`create role ${name} login password 'test' ${options}`)
  made.push(name)
  const url = new URL(held.url)
  url.username = name
  url.password = 'test'
  return url.href
}

const standing = ({ database }: Storage) =>
  database.read([], (transaction) =>
    transaction.query(
      'test.standing',
      `select r.rolname as name, r.rolsuper as super, r.rolbypassrls as bypasses, r.rolcreaterole as creates,
              (select array_agg(of.rolname::text order by of.rolname) from pg_roles of
                where pg_has_role(session_user, of.oid, 'member') and of.rolname <> session_user) as member_of
         from pg_roles r where r.rolname = session_user`,
    ),
  )

test('a superuser’s connection string only makes the login that the service uses, whoever starts first', async () => {
  const storages = await Promise.all(Array.from({ length: 5 }, () => open(held.url)))
  for (const storage of storages) {
    expect(await storage.database.isReady()).toBe(true)
    expect(await standing(storage)).toEqual([
      {
        name: expect.stringMatching(/^corporate_parenting_login_\d+$/),
        super: false,
        bypasses: false,
        creates: false,
        member_of: ['corporate_parenting_service'],
      },
    ])
  }
  expect(new Set(storages.map(({ url }) => url)).size).toBe(1)
  expect(storages[0]!.url).not.toContain(new URL(held.url).password)
})

test('a plain login is used as it is', async () => {
  const url = await role('in role corporate_parenting_service')
  const storage = await open(url)
  expect(storage.url).toBe(url)
  expect(await storage.database.isReady()).toBe(true)
})

test('who migrates admits the login that is given', async () => {
  const url = await role('')
  await expect(open(url)).rejects.toThrow(/is no member of corporate_parenting_service|may not migrate it/)
  const storage = await open(url, { databaseMigrateUrl: held.url })
  expect(await storage.database.isReady()).toBe(true)
})

test.each([
  ['bypassrls in role corporate_parenting_service', 'bypasses row-level security'],
  ['in role corporate_parenting_owner', 'owns tables or can become their owner'],
  ['in role corporate_parenting_service, pg_read_all_data', 'is a member of pg_read_all_data'],
  [
    'in role corporate_parenting_service, pg_execute_server_program',
    'is a member of pg_execute_server_program',
  ],
])('a login that is %s is refused, with what to do', async (options, why) => {
  await expect(open(await role(options))).rejects.toThrow(
    new RegExp(`${why}.*create role api login password .* DATABASE_MIGRATE_URL`),
  )
})

test('a plain login on a database that is not up to date is told who has to migrate', async () => {
  const { rows } = await admin.query<{ name: string }>('select current_database() as name')
  const name = `${rows[0]!.name}_new`
  await admin.query(`create database ${name} template template0`)
  try {
    const fresh = new URL(held.url)
    fresh.pathname = `/${name}`
    const plain = new URL(held.serviceUrl)
    plain.pathname = `/${name}`
    const all = readMigrations()
    await migrate(fresh.href, all.slice(0, 2))
    await expect(open(plain.href)).rejects.toThrow(/not up to date.*DATABASE_MIGRATE_URL/)
    const storage = await open(plain.href, { databaseMigrateUrl: fresh.href })
    expect(await storage.database.isReady()).toBe(true)
    await storage.close()
    opened.pop()
  } finally {
    await admin.query(`drop database ${name} with (force)`)
  }
}, 60_000)

test('readiness is asked of the schema, not of a table that happens to be there', async () => {
  const client = new pg.Client({ connectionString: held.serviceUrl })
  await client.connect()
  expect(await isMigrated(client)).toBe(true)
  await admin.query('begin')
  await admin.query(
    `delete from care_meta.migration m where m.name = (select max(o.name) from care_meta.migration o)`,
  )
  expect(await isMigrated(admin)).toBe(false)
  await admin.query('rollback')
  await client.end()
})
