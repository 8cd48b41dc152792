import { createHmac } from 'node:crypto'
import pg from 'pg'
import { OWNER_ROLE, SERVICE_ROLE } from './migrate.ts'

/** What a connection string logs in as, and what that login can do or become. */
export interface Login {
  readonly name: string
  /** Why row-level security would be no wall against it; null where it is one. */
  readonly unsafe: string | null
  /** Whether its transactions may run as the service. */
  readonly isService: boolean
  /** Whether it can make a login that is safe. */
  readonly mayMakeLogins: boolean
}

/**
 * Judges a login by all that it can become: whoever finds a way to send a statement of his own sends `reset role`
 * first, so the role that a transaction takes on is no wall by itself.
 */
export async function judgeLogin(client: Pick<pg.ClientBase, 'query'>): Promise<Login> {
  const { rows } = await client.query<{
    name: string
    superuser: boolean
    bypasses: boolean
    creates: boolean
    owns: boolean
    predefined: string | null
    service: boolean
  }>(
    `with reach as (
       select r.oid, r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole
         from pg_catalog.pg_roles r
        where pg_has_role(session_user, r.oid, 'member') or r.rolname in (session_user, current_user))
     select session_user as name,
            (select bool_or(reach.rolsuper) from reach) as superuser,
            (select bool_or(reach.rolbypassrls) from reach) as bypasses,
            (select bool_or(reach.rolcreaterole) from reach) as creates,
            (select bool_or(reach.rolname = $1
                            or exists (select 1 from pg_catalog.pg_class c
                                         join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                                        where c.relowner = reach.oid
                                          and n.nspname in ('care', 'access', 'care_meta', 'pgboss')))
               from reach) as owns,
            (select min(reach.rolname) from reach where reach.rolname = any ($3)) as predefined,
            coalesce((select pg_has_role(session_user, r.oid, 'member')
                        from pg_catalog.pg_roles r where r.rolname = $2), false) as service`,
    [OWNER_ROLE, SERVICE_ROLE, BEYOND_TABLES],
  )
  const login = rows[0]!
  const unsafe = login.superuser
    ? 'is a superuser or can become one'
    : login.bypasses
      ? 'bypasses row-level security or can become a role that does'
      : login.owns
        ? 'owns tables or can become their owner'
        : login.creates
          ? 'may make roles'
          : login.predefined !== null
            ? `is a member of ${login.predefined}`
            : null
  return {
    name: login.name,
    unsafe,
    isService: login.service,
    mayMakeLogins: login.superuser || login.creates,
  }
}

/** Roles of PostgreSQL's own that reach past tables and their policies. */
const BEYOND_TABLES = [
  'pg_read_server_files',
  'pg_write_server_files',
  'pg_execute_server_program',
  'pg_read_all_data',
  'pg_write_all_data',
]

/**
 * The connection string that the service's own connections log in by: the one given where it is a plain login that may
 * be the service; where it may make roles, that of a login made for this database, which can be the service and
 * nothing else. Refuses any other, and says what to do.
 */
export async function serviceUrl(url: string, secret: string | null): Promise<string> {
  const client = new pg.Client({ connectionString: url, application_name: 'corporate-parenting-login' })
  client.on('error', () => {})
  await client.connect()
  try {
    const login = await judgeLogin(client)
    if (login.unsafe === null && login.isService) return url
    if (!login.mayMakeLogins) throw new Error(refusalOf(login))
    return await ownLogin(client, url, secret)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Lets a plain login be the service, where whoever migrates may say so; where not, `serviceUrl` says what is missing. */
export async function admitLogin(migrateUrl: string, url: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).username)
  if (name === '' || name === decodeURIComponent(new URL(migrateUrl).username)) return
  const client = new pg.Client({
    connectionString: migrateUrl,
    application_name: 'corporate-parenting-login',
  })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(`grant ${SERVICE_ROLE} to ${client.escapeIdentifier(name)}`)
  } catch (fault) {
    // No such role, not allowed to say who is a member, or another start says the same at this moment.
    if (!['42704', '42501', '0LP01', ...AT_ONCE].includes((fault as { code?: string }).code ?? ''))
      throw fault
  } finally {
    await client.end().catch(() => {})
  }
}

/** Another process does the same to the same role at this moment. */
const AT_ONCE = ['42710', '23505', 'XX000', '40001']

async function ownLogin(client: pg.Client, url: string, secret: string | null): Promise<string> {
  const own = new URL(url)
  // Every process that reaches this database as the same user comes to the same password, without a place to keep it.
  const seed = own.password !== '' ? decodeURIComponent(own.password) : secret
  if (seed === null)
    throw new Error(
      'DATABASE_URL has no password, so the service’s own login would have none: set MASTER_KEY, or give DATABASE_URL a login that is a member of corporate_parenting_service only',
    )
  const { rows } = await client.query<{ name: string }>(
    `select 'corporate_parenting_login_' || d.oid as name
       from pg_catalog.pg_database d where d.datname = current_database()`,
  )
  const { name } = rows[0]!
  own.username = name
  own.password = createHmac('sha256', seed).update(`service-login ${name}`).digest('base64url')
  // It is there from the second start on: then nothing is to be done, and what nobody does nobody does at once.
  if (await logsIn(own.href)) return own.href
  for (let tries = 1; ; tries++) {
    await tolerating(client, `create role ${name}`)
    await tolerating(
      client,
      `alter role ${name} login inherit nosuperuser nobypassrls nocreatedb nocreaterole noreplication
         password ${client.escapeLiteral(own.password)}`,
    )
    await tolerating(client, `grant ${SERVICE_ROLE} to ${name}`)
    const fault = await faultOfLogin(own.href)
    if (fault === null) return own.href
    if (tries === 5)
      throw new Error(
        `the service’s own login ${name} was made but can’t log in (${fault}): let pg_hba.conf, and the pooler where there is one, admit it, or give DATABASE_URL a login that is a member of ${SERVICE_ROLE} only and DATABASE_MIGRATE_URL the one that migrates`,
      )
  }
}

async function tolerating(client: pg.Client, statement: string): Promise<void> {
  try {
    await client.query(statement)
  } catch (fault) {
    if (!AT_ONCE.includes((fault as { code?: string }).code ?? '')) throw fault
  }
}

const logsIn = async (url: string): Promise<boolean> => (await faultOfLogin(url)) === null

/** Why a login that can be the service and nothing else does not come about by this connection string; null: it does. */
async function faultOfLogin(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, application_name: 'corporate-parenting-login' })
  client.on('error', () => {})
  try {
    await client.connect()
    const login = await judgeLogin(client)
    return login.unsafe ?? (login.isService ? null : `is no member of ${SERVICE_ROLE}`)
  } catch (fault) {
    return (fault as Error).message
  } finally {
    await client.end().catch(() => {})
  }
}

const refusalOf = ({ name, unsafe }: Login): string =>
  `DATABASE_URL logs in as ${name}, which ${unsafe ?? `is no member of ${SERVICE_ROLE}`}: the service does not run as such. Give it a login of its own (create role api login password '…' in role ${SERVICE_ROLE}), and DATABASE_MIGRATE_URL the one that migrates; or a DATABASE_URL whose user may make roles, which then makes that login itself`

/** Refuses to start on connections that could see past row-level security, by what they logged in as or act as. */
export async function refuseUnsafeLogin(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
  const login = await judgeLogin(client)
  if (login.unsafe !== null || !login.isService) throw new Error(refusalOf(login))
}
