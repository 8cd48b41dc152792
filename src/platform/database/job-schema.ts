import type pg from 'pg'
import pgBoss from 'pg-boss/package.json' with { type: 'json' }

/** Where pg-boss keeps its queues and jobs: tables of its own, which no record of an authority is in. */
export const JOB_SCHEMA = 'jobs'

/** The version that the library we run has of its tables. */
const VERSION = pgBoss.pgboss.schema

/**
 * Whether the tables of the queue are as the library needs them, and the service may use them. The right to use the
 * schema is given last, so that an installation that broke off is taken up again.
 */
export async function isJobSchemaUpToDate(client: pg.Client, serviceRole: string): Promise<boolean> {
  const { rows } = await client.query<{ usable: boolean | null }>(
    `select exists (select 1 from pg_roles r where r.rolname = $1)
            and to_regnamespace($2) is not null
            and has_schema_privilege(current_user, to_regnamespace($2), 'usage')
            and (select bool_or(acl.grantee = to_regrole($1) and acl.privilege_type = 'USAGE')
                   from pg_namespace n, aclexplode(n.nspacl) acl
                  where n.nspname = $2) as usable`,
    [serviceRole, JOB_SCHEMA],
  )
  return rows[0]?.usable === true && (await installedVersion(client)) >= VERSION
}

/**
 * Installs or migrates the tables of the queue by the library's own plans, as the owner: the service may put jobs in
 * and take them out, but changes no table. Called in a transaction under the lock of the migrations, which a process
 * that comes second finds done.
 */
export async function bringJobSchemaUpToDate(client: pg.Client, serviceRole: string): Promise<void> {
  if (await isJobSchemaUpToDate(client, serviceRole)) return
  // Loaded here only: most starts find the tables as they should be.
  const { getConstructionPlans, getMigrationPlans } = await import('pg-boss')
  const { rows } = await client.query<{ known: boolean }>(
    `select to_regclass('${JOB_SCHEMA}.version') is not null as known`,
  )
  if (!rows[0]?.known)
    await client.query(withinTransaction(getConstructionPlans(JOB_SCHEMA, { createSchema: true })))
  else {
    const version = await installedVersion(client)
    if (version < VERSION) await client.query(withinTransaction(getMigrationPlans(JOB_SCHEMA, version)))
  }
  await client.query(`
    grant select, insert, update, delete on all tables in schema ${JOB_SCHEMA} to ${serviceRole};
    grant execute on all functions in schema ${JOB_SCHEMA} to ${serviceRole};
    grant usage on schema ${JOB_SCHEMA} to ${serviceRole};`)
}

/** The library's plans begin and end a transaction of their own; here they run in ours. */
const withinTransaction = (plans: string): string =>
  plans.replace(/^\s*BEGIN;/, '').replace(/COMMIT;\s*$/, '')

async function installedVersion(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    `select max(v.version) as version from ${JOB_SCHEMA}.version v`,
  )
  return rows[0]?.version ?? 0
}
