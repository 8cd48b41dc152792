import pg from 'pg'
import { type Database, openDatabase } from './database.ts'
import { joinEmbeddedServer } from './embedded-server.ts'
import { isMigrated, migrate } from './migrate.ts'
import { admitLogin, judgeLogin, refuseUnsafeLogin, serviceUrl } from './service-login.ts'

/** A database that is up to date and open, and how to let go of it. */
export interface Storage {
  readonly database: Database
  /** Whether it is the embedded server, which is ours alone. */
  readonly embedded: boolean
  /** Where the data lies, in words for the operator; no secrets. */
  readonly place: string
  readonly remark: string | null
  /** What the connections log in by; holds a password. */
  readonly url: string
  close(): Promise<void>
}

/** Where the data is, of the configuration. */
export interface StorageSettings {
  readonly databaseUrl: string | null
  readonly dataDir: string
  readonly databaseMigrateUrl?: string | null
  readonly databaseReadUrl?: string | null
  readonly databaseConnections?: number
  readonly databaseLoads?: number
  /** What the password of the service's own login is made from where DATABASE_URL has none. */
  readonly masterKey?: string | null
  readonly onRemark?: (remark: string) => void
}

const DATABASE_NAME = 'corporate_parenting'

/** Opens the server that a URL names, or the embedded one in a folder; migrates either. */
export async function openStorage(settings: StorageSettings): Promise<Storage> {
  if (settings.databaseUrl !== null) return openNamed(settings, settings.databaseUrl)
  const server = await joinEmbeddedServer(settings.dataDir)
  try {
    const adminUrl = await ownDatabase(server.adminUrl)
    await migrate(adminUrl)
    const url = await serviceUrl(adminUrl, null)
    const database = open(settings, url, null)
    return {
      database,
      embedded: true,
      place: server.folder,
      remark: server.remark,
      url,
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

async function openNamed(settings: StorageSettings, given: string): Promise<Storage> {
  await bringUpToDate(settings, given)
  const url = await serviceUrl(given, settings.masterKey ?? null)
  const database = open(settings, url, await replicaUrl(settings.databaseReadUrl ?? null, given, url))
  const { host, pathname } = new URL(given)
  return {
    database,
    embedded: false,
    place: `${host}${pathname}`,
    remark: null,
    url,
    close: () => database.close(),
  }
}

const open = (settings: StorageSettings, url: string, readUrl: string | null): Database =>
  openDatabase({
    url,
    readUrl,
    ...(settings.databaseConnections !== undefined && { connections: settings.databaseConnections }),
    ...(settings.databaseLoads !== undefined && { loads: settings.databaseLoads }),
    ...(settings.onRemark && { onRemark: settings.onRemark }),
  })

/** By who may migrate; where nobody may, the schema must be complete already. */
async function bringUpToDate(settings: StorageSettings, url: string): Promise<void> {
  const migrateUrl = settings.databaseMigrateUrl ?? null
  if (migrateUrl !== null) {
    await migrate(migrateUrl)
    await admitLogin(migrateUrl, url)
    return
  }
  const isPlain = await asking(url, async (client) => {
    const login = await judgeLogin(client)
    if (login.unsafe !== null) return false
    if (await isMigrated(client)) return true
    throw new Error(
      `the database is not up to date, and ${login.name} may not migrate it: set DATABASE_MIGRATE_URL to a login that may, here or once for npm run migrate`,
    )
  })
  if (!isPlain) await migrate(url)
}

/** The replica by the login of the primary, where it was given the same one to make it with; it has all roles. */
async function replicaUrl(readUrl: string | null, given: string, url: string): Promise<string | null> {
  if (readUrl === null) return null
  const replica = new URL(readUrl)
  if (replica.username === new URL(given).username) {
    replica.username = new URL(url).username
    replica.password = new URL(url).password
  }
  try {
    await asking(replica.href, refuseUnsafeLogin)
  } catch (fault) {
    const isAnswer = !('code' in (fault as Error)) && /logs in as/.test((fault as Error).message)
    // One that is away at this moment is asked again later, and read from when it is there.
    if (isAnswer) throw new Error((fault as Error).message.replace('DATABASE_URL', 'DATABASE_READ_URL'))
  }
  return replica.href
}

async function asking<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'corporate-parenting-start',
    connectionTimeoutMillis: 10_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

async function ownDatabase(url: string): Promise<string> {
  const own = new URL(url)
  own.pathname = `/${DATABASE_NAME}`
  try {
    await asking(url, async (client) => {
      const known = await client.query('select 1 from pg_database d where d.datname = $1', [DATABASE_NAME])
      if (known.rowCount === 0) await client.query(`create database ${DATABASE_NAME}`)
    })
  } catch (fault) {
    // Another first start made it in between.
    if (!['42P04', '23505'].includes((fault as { code?: string }).code ?? '')) throw fault
  }
  return own.href
}
