import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { bringJobSchemaUpToDate, isJobSchemaUpToDate } from './job-schema.ts'

/** Owns the tables and migrates them; nobody works with data as this role. */
export const OWNER_ROLE = 'corporate_parenting_owner'
/** What every transaction of the service runs as: owns nothing, is no superuser and can't bypass row-level security. */
export const SERVICE_ROLE = 'corporate_parenting_service'

const MIGRATION_LOCK = 903_001
const FOLDER = fileURLToPath(new URL('../../../migrations/', import.meta.url))

export interface Migration {
  readonly name: string
  readonly checksum: string
  readonly statements: readonly string[]
}

/** The numbered files of `migrations/`, in order; a gap in the numbers is a mistake of ours. */
export function readMigrations(folder = FOLDER): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  return names.map((name, index) => {
    if (Number(name.slice(0, 4)) !== index) throw new Error(`migrations/${name}: expected number ${index}`)
    const text = readFileSync(`${folder}/${name}`, 'utf8')
    return {
      name,
      checksum: createHash('sha256').update(text).digest('hex'),
      statements: text
        .split('--> statement-breakpoint')
        .map((statement) => statement.trim())
        .filter((statement) => statement !== ''),
    }
  })
}

/**
 * Brings a database up to date: the two roles, then every migration that it has not seen, each in a transaction
 * of its own, as the owner. Any number of processes may do so at once: one migrates, the others wait and find it
 * done. Returns the names of what was applied.
 *
 * A user who may neither create roles nor become the owner can't migrate; then the schema must be complete.
 */
export async function migrate(url: string, migrations = readMigrations()): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'corporate-parenting-migrate' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    const pending = await pendingMigrations(client, migrations)
    const jobsUpToDate = await isJobSchemaUpToDate(client, SERVICE_ROLE)
    if (pending.length === 0 && jobsUpToDate) return []
    await prepareRoles(client)
    await client.query(`set role ${OWNER_ROLE}`)
    await client.query(`create schema if not exists care_meta`)
    await client.query(`create table if not exists care_meta.migration (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`)
    for (const migration of pending) await apply(client, migration)
    if (!jobsUpToDate) await bringJobSchemaUpToDate(client, SERVICE_ROLE)
    return pending.map((migration) => migration.name)
  } finally {
    await client.end()
  }
}

/** What is still to do; a migration that was edited after it was applied is refused. */
async function pendingMigrations(client: pg.Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const known = await client.query(`select to_regclass('care_meta.migration') is not null as known`)
  if (!known.rows[0]?.known) return [...migrations]
  const applied = await client.query<{ name: string; checksum: string }>(
    'select m.name, m.checksum from care_meta.migration m order by m.name',
  )
  for (const [index, row] of applied.rows.entries()) {
    const ours = migrations[index]
    if (!ours) throw new Error(`the database is newer than this program: it knows migration ${row.name}`)
    if (ours.name !== row.name || ours.checksum !== row.checksum) {
      throw new Error(`migration ${row.name} was changed after it was applied: migrations are never edited`)
    }
  }
  return migrations.slice(applied.rows.length)
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    for (const statement of migration.statements) await client.query(statement)
    await client.query('insert into care_meta.migration (name, checksum) values ($1, $2)', [
      migration.name,
      migration.checksum,
    ])
    await client.query('commit')
  } catch (fault) {
    await client.query('rollback')
    throw new Error(`migration ${migration.name} failed: ${(fault as Error).message}`, { cause: fault })
  }
}

/** Roles belong to the whole server, so another database's first start may make them at the same time. */
async function prepareRoles(client: pg.Client): Promise<void> {
  for (const role of [OWNER_ROLE, SERVICE_ROLE]) {
    await tolerating(
      client,
      ['42710', '23505', 'XX000'],
      `create role ${role} nologin nosuperuser nobypassrls nocreatedb nocreaterole`,
    )
    await tolerating(client, ['23505', 'XX000', '0LP01', '42501'], `grant ${role} to current_user`)
  }
  const database = await client.query<{ name: string; mine: boolean }>(
    `select quote_ident(current_database()) as name,
            pg_has_role(current_user, d.datdba, 'usage') as mine
       from pg_database d where d.datname = current_database()`,
  )
  const { name, mine } = database.rows[0]!
  if (mine) await tolerating(client, ['XX000'], `grant create, connect on database ${name} to ${OWNER_ROLE}`)
}

async function tolerating(client: pg.Client, codes: readonly string[], statement: string): Promise<void> {
  try {
    await client.query(statement)
  } catch (fault) {
    if (!codes.includes((fault as { code?: string }).code ?? '')) throw fault
  }
}
