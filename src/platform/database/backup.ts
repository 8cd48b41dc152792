import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { ZipFile } from 'yazl'

/** What stands in `manifest.json` of a backup: enough to know, before and after, that all of it is there. */
export interface Manifest {
  readonly format: typeof FORMAT
  /** The moment that every table is as of. */
  readonly takenAt: string
  readonly server: string
  /** The migrations that the tables are of, in order. */
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[]
  readonly tables: readonly TableInBackup[]
}

export interface TableInBackup {
  readonly schema: string
  readonly name: string
  /** In the order of the values of a row. */
  readonly columns: readonly string[]
  readonly rows: number
  /** Of the rows as PostgreSQL's COPY wrote them, in the ZIP's entry `schema.name.copy`. */
  readonly sha256: string
}

export const FORMAT = 'corporate-parenting-backup/1'
export const MANIFEST = 'manifest.json'
export const entryOf = ({ schema, name }: Pick<TableInBackup, 'schema' | 'name'>): string =>
  `${schema}.${name}.copy`

/** The schemas that are ours. Jobs under way are not in them: what they are about is. */
export const SCHEMAS = ['care', 'access', 'care_meta']

/** Writes everything that the database holds to a new file, from one snapshot, table by table as it comes. */
export async function writeBackup(url: string, file: string): Promise<Manifest> {
  const aside = `${file}.${process.pid}.partial`
  const client = new pg.Client({ connectionString: url, application_name: 'corporate-parenting-backup' })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query(`select set_config('statement_timeout', '0', true)`)
    await refuseHalfSight(client)
    const started = await begin(client)
    const zip = new ZipFile()
    const tables: TableInBackup[] = []
    const failing = new AbortController()
    // Opened when the one before it is written: a connection copies one table at a time.
    for (const table of await tablesOf(client))
      zip.addReadStreamLazy(entryOf(table), SETTINGS, (take) => {
        const rows = client.query(copyTo(`copy ${nameOf(table)} (${columnsOf(table)}) to stdout`))
        const counted = countingRows((count, sha256) => tables.push({ ...table, rows: count, sha256 }))
        pipeline(rows, counted).catch((fault: unknown) => failing.abort(fault))
        take(null, counted)
      })
    zip.addReadStreamLazy(MANIFEST, SETTINGS, (take) =>
      take(null, Readable.from([`${JSON.stringify({ ...started, tables }, null, 2)}\n`])),
    )
    zip.end()
    // Whoever reads this file reads about children: nobody but its owner may.
    const out = createWriteStream(aside, { mode: 0o600, flags: 'wx', flush: true })
    await pipeline(zip.outputStream, out, { signal: failing.signal }).catch((fault: unknown) => {
      throw failing.signal.reason ?? fault
    })
    await client.query('commit')
    await rename(aside, file)
    return { ...started, tables }
  } catch (fault) {
    await rm(aside, { force: true })
    throw fault
  } finally {
    await client.end().catch(() => {})
  }
}

const SETTINGS = { compress: true, compressionLevel: 3, mode: 0o100600 }

/** Row-level security binds the owner as well; a backup through it would lack rows without anybody's knowing. */
export async function refuseHalfSight(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ sees: boolean; name: string }>(
    `select r.rolsuper or r.rolbypassrls as sees, r.rolname as name
       from pg_catalog.pg_roles r where r.rolname = current_user`,
  )
  if (rows[0]?.sees) return
  throw new Error(
    `${rows[0]?.name ?? 'the login'} does not see every row, because row-level security binds it: set DATABASE_MIGRATE_URL to a superuser or to an owner’s login with BYPASSRLS`,
  )
}

async function begin(client: pg.Client): Promise<Omit<Manifest, 'tables'>> {
  const { rows } = await client.query<{ at: Date; server: string }>(
    `select clock_timestamp() as at, current_setting('server_version') as server`,
  )
  const migrations = await client.query<{ name: string; checksum: string }>(
    'select m.name, m.checksum from care_meta.migration m order by m.name',
  )
  const { at, server } = rows[0]!
  return { format: FORMAT, takenAt: at.toISOString(), server, migrations: migrations.rows }
}

/** Every table with the columns that are written, what is referred to before what refers to it. */
export async function tablesOf(
  client: pg.Client,
): Promise<Pick<TableInBackup, 'schema' | 'name' | 'columns'>[]> {
  const { rows } = await client.query<{ schema: string; name: string; columns: string[] }>(
    `select n.nspname as schema, c.relname as name,
            (select array_agg(a.attname::text order by a.attnum)
               from pg_catalog.pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                and a.attgenerated = '') as columns
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname = any ($1)
      order by (select count(*) from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype = 'f'),
               n.nspname, c.relname`,
    [SCHEMAS],
  )
  return rows
}

export const nameOf = ({ schema, name }: Pick<TableInBackup, 'schema' | 'name'>): string =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`

export const columnsOf = ({ columns }: Pick<TableInBackup, 'columns'>): string =>
  columns.map((column) => pg.escapeIdentifier(column)).join(', ')

const LINE_END = 10

/** Lets rows through as they come, and tells at their end how many there were and what their hash is. */
export function countingRows(tell: (rows: number, sha256: string) => void): Transform {
  const hash = createHash('sha256')
  let rows = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      // COPY writes a line break within a value as \n, so each one ends a row.
      for (let at = chunk.indexOf(LINE_END); at !== -1; at = chunk.indexOf(LINE_END, at + 1)) rows++
      done(null, chunk)
    },
    flush(done) {
      tell(rows, hash.digest('hex'))
      done()
    },
  })
}
