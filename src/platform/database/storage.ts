import { createHash } from 'node:crypto'
import pg from 'pg'
import { type Database, openDatabase } from './database.ts'
import { joinEmbeddedServer } from './embedded-server.ts'
import { migrate, SERVICE_ROLE } from './migrate.ts'

/** A database that is up to date and open, and how to let go of it. */
export interface Storage {
  readonly database: Database
  /** Whether it is the embedded server, which is ours alone. */
  readonly embedded: boolean
  /** Where the data lies, in words for the operator; no secrets. */
  readonly place: string
  readonly remark: string | null
  close(): Promise<void>
}

const DATABASE_NAME = 'corporate_parenting'

/** Opens the server that a URL names, or the embedded one in a folder; migrates either. */
export async function openStorage(where: { databaseUrl: string | null; dataDir: string }): Promise<Storage> {
  if (where.databaseUrl !== null) {
    await migrate(where.databaseUrl)
    const database = openDatabase({ url: where.databaseUrl })
    await refuseUnsafeRole(database)
    const { host, pathname } = new URL(where.databaseUrl)
    return {
      database,
      embedded: false,
      place: `${host}${pathname}`,
      remark: null,
      close: () => database.close(),
    }
  }
  const server = await joinEmbeddedServer(where.dataDir)
  try {
    const adminUrl = await ownDatabase(server.adminUrl)
    await migrate(adminUrl)
    const database = openDatabase({ url: await serviceLogin(adminUrl) })
    await refuseUnsafeRole(database)
    return {
      database,
      embedded: true,
      place: server.folder,
      remark: server.remark,
      async close() {
        await database.close()
        await server.leave()
      },
    }
  } catch (fault) {
    await server.leave()
    throw fault
  }
}

async function ownDatabase(url: string): Promise<string> {
  const own = new URL(url)
  own.pathname = `/${DATABASE_NAME}`
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const known = await client.query('select 1 from pg_database d where d.datname = $1', [DATABASE_NAME])
    if (known.rowCount === 0) await client.query(`create database ${DATABASE_NAME}`)
  } catch (fault) {
    // Another first start made it in between.
    if (!['42P04', '23505'].includes((fault as { code?: string }).code ?? '')) throw fault
  } finally {
    await client.end()
  }
  return own.href
}

/** On the embedded server the service logs in as its own role, which can't become another. */
async function serviceLogin(adminUrl: string): Promise<string> {
  const url = new URL(adminUrl)
  const password = createHash('sha256').update(`${SERVICE_ROLE} ${url.password}`).digest('hex')
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const known = await client.query('select r.rolcanlogin as known from pg_roles r where r.rolname = $1', [
      SERVICE_ROLE,
    ])
    if (!known.rows[0]?.known) await client.query(`alter role ${SERVICE_ROLE} login password '${password}'`)
  } catch (fault) {
    // Another start is doing the same to the same row.
    if ((fault as { code?: string }).code !== 'XX000') throw fault
  } finally {
    await client.end()
  }
  url.username = SERVICE_ROLE
  url.password = password
  return url.href
}

/** Row-level security binds neither a superuser nor who may bypass it: then it would be no wall at all. */
async function refuseUnsafeRole(database: Database): Promise<void> {
  const [role] = await database.read([], (transaction) =>
    transaction.query<{ name: string; unsafe: boolean }>(
      'start.role',
      `select r.rolname as name, r.rolsuper or r.rolbypassrls
              or exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
                          where n.nspname = 'care' and c.relowner = r.oid) as unsafe
         from pg_roles r where r.rolname = current_user`,
    ),
  )
  if (!role || role.unsafe) {
    throw new Error(
      `the role ${role?.name ?? '?'} is a superuser, owns tables or bypasses row-level security: the service does not run as such`,
    )
  }
}
