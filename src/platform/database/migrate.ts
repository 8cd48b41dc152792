import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

/** Owns the tables and migrates them; nobody works with data as this role. */
export const OWNER_ROLE = 'corporate_parenting_owner'
/** What every transaction of the service runs as: owns nothing, is no superuser and can't bypass row-level security. */
export const SERVICE_ROLE = 'corporate_parenting_service'

const MIGRATION_LOCK = 903_001
const FOLDER = fileURLToPath(new URL('../../../migrations/', import.meta.url))

export interface Migration {
  readonly name: string
  readonly checksum: string
  /** Whether it takes away what the release before works with; said by a line `-- contract: …` at its head. */
  readonly contracts: boolean
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
      contracts: /^-- contract: \S/m.test(text),
      statements: text
        .split('--> statement-breakpoint')
        .map((statement) => statement.trim())
        .filter((statement) => statement !== ''),
    }
  })
}

/**
 * Brings a database up to date: the two roles, then every migration that it has not seen, each in a transaction of its
 * own, as the owner: one that is killed in the middle leaves nothing of itself. Any number of processes may do so at
 * once: one migrates, the others wait and find it done. Nothing outlives a transaction, so it may go through a
 * transaction pooler. Returns the names of what was applied.
 *
 * A user who may neither create roles nor become the owner can't migrate; then the schema must be complete.
 */
export async function migrate(
  url: string,
  migrations: readonly Migration[] = readMigrations(),
): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'corporate-parenting-migrate' })
  // A server that goes away fails the statement under way; that is enough.
  client.on('error', () => {})
  await client.connect()
  try {
    // Without a lock first: to start on a database that is up to date, nobody waits and nothing need be allowed.
    if ((await pendingMigrations(client, migrations)).length === 0) return []
    await prepareRoles(client)
    const applied: string[] = []
    for (;;) {
      const name = await withPatience(() => applyNext(client, migrations))
      if (name === null) return applied
      applied.push(name)
    }
  } finally {
    await client.end().catch(() => {})
  }
}

/** Whether the database has every migration of this release; more is no harm, as long as they only add. */
export async function isMigrated(client: Queries): Promise<boolean> {
  ours ??= readMigrations()
  return (await pendingMigrations(client, ours)).length === 0
}

/** Read once: readiness asks every few seconds. */
let ours: readonly Migration[] | undefined

type Queries = Pick<pg.ClientBase, 'query'>

/**
 * What is still to do. A migration that was edited after it was applied is refused; and so is a database that a newer
 * release has taken something from that this one knows: past a contraction there is no way back.
 */
async function pendingMigrations(client: Queries, migrations: readonly Migration[]): Promise<Migration[]> {
  // Who may not look into the schema can't tell either; who becomes the owner afterwards looks again.
  const visible = await client.query<{ known: boolean }>(
    `select case when has_schema_privilege(to_regnamespace('care_meta'), 'usage')
                 then to_regclass('care_meta.migration') is not null end as known`,
  )
  if (!visible.rows[0]?.known) return [...migrations]
  // By way of JSON, since a database of an earlier release does not have the column yet.
  const applied = await client.query<{ name: string; checksum: string; contracts: boolean }>(
    `select m.name, m.checksum, coalesce((to_jsonb(m) ->> 'contracts')::boolean, false) as contracts
       from care_meta.migration m
      order by m.name`,
  )
  for (const [index, row] of applied.rows.entries()) {
    const known = migrations[index]
    if (!known) {
      if (!row.contracts) continue
      throw new Error(
        `the database is newer than this program: migration ${row.name} took away what this release works with; start the newer release`,
      )
    }
    if (known.name !== row.name || known.checksum !== row.checksum) {
      throw new Error(`migration ${row.name} was changed after it was applied: migrations are never edited`)
    }
  }
  return migrations.slice(applied.rows.length)
}

/** The next migration and the note that it was applied, together or not at all; null where nothing is left to do. */
async function applyNext(client: pg.Client, migrations: readonly Migration[]): Promise<string | null> {
  await client.query('begin')
  try {
    await client.query('select set_config($1, $2, true)', ['statement_timeout', '0'])
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    await client.query(`set local role ${OWNER_ROLE}`)
    await client.query('create schema if not exists care_meta')
    await client.query(`create table if not exists care_meta.migration (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`)
    const [migration] = await pendingMigrations(client, migrations)
    if (migration) await apply(client, migration)
    await client.query('commit')
    return migration?.name ?? null
  } catch (fault) {
    await client.query('rollback').catch(() => {})
    throw fault
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    // A change of a table waits for whoever reads it, and everybody else waits behind it: not for long, then.
    await client.query('select set_config($1, $2, true)', ['lock_timeout', `${LOCK_TIMEOUT_MS}`])
    for (const statement of migration.statements) await client.query(statement)
    await client.query('insert into care_meta.migration (name, checksum) values ($1, $2)', [
      migration.name,
      migration.checksum,
    ])
    if (migration.contracts)
      await client.query('update care_meta.migration m set contracts = true where m.name = $1', [
        migration.name,
      ])
  } catch (fault) {
    throw new Error(`migration ${migration.name} failed: ${(fault as Error).message}`, { cause: fault })
  }
}

const LOCK_TIMEOUT_MS = 2_000
const TRIES = 30
const BETWEEN_TRIES_MS = 500

/** Tries again while the old version's work stands in the way of a change of a table. */
async function withPatience<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (fault) {
      const { code } = ((fault as Error).cause ?? fault) as { code?: string }
      // The lock was not to be had in time; or two waited for each other.
      if (!['55P03', '40P01'].includes(code ?? '') || tries === TRIES) throw fault
      await wait(BETWEEN_TRIES_MS)
    }
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
