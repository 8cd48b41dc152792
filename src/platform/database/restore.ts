import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import {
  columnsOf,
  countingRows,
  entryOf,
  FORMAT,
  MANIFEST,
  type Manifest,
  nameOf,
  refuseHalfSight,
  SCHEMAS,
  type TableInBackup,
  tablesOf,
} from './backup.ts'
import { apply, beginMigrating, type Migration, OWNER_ROLE, prepareRoles, readMigrations } from './migrate.ts'

/**
 * Brings a backup back into a database that holds no records, in one transaction: the tables as they were, row for row,
 * checked against the backup's own counts and hashes; then what this release has migrated since. Where anything is
 * wrong, nothing has changed.
 */
export async function restoreBackup(
  url: string,
  file: string,
  migrations: readonly Migration[] = readMigrations(),
): Promise<Manifest> {
  const { manifest, entries, zip } = await openBackup(file)
  const client = new pg.Client({ connectionString: url, application_name: 'corporate-parenting-restore' })
  client.on('error', () => {})
  try {
    const known = knownMigrations(manifest, migrations)
    await client.connect()
    await refuseHalfSight(client)
    await prepareRoles(client)
    await client.query('begin')
    await beginMigrating(client)
    await client.query('reset role')
    await refuseRecords(client)
    await client.query(`drop schema if exists ${SCHEMAS.join(', ')} cascade`)
    await beginMigrating(client)
    for (const migration of migrations.slice(0, known)) await apply(client, migration)
    await client.query('reset role')
    await refuseOtherTables(client, manifest)
    for (const table of manifest.tables) await bringBack(client, zip, entries, table)
    await client.query(`set local role ${OWNER_ROLE}`)
    for (const migration of migrations.slice(known)) await apply(client, migration)
    await client.query('commit')
    return manifest
  } finally {
    zip.close()
    await client.end().catch(() => {})
  }
}

interface Opened {
  readonly manifest: Manifest
  readonly entries: ReadonlyMap<string, Entry>
  readonly zip: ZipFile
}

async function openBackup(file: string): Promise<Opened> {
  const zip = await openPromise(file, { autoClose: false, lazyEntries: true }).catch(
    (fault: NodeJS.ErrnoException) => {
      throw fault.code === 'ENOENT' ? fault : new Error(`${file} is no backup: ${fault.message}`)
    },
  )
  try {
    const entries = new Map<string, Entry>()
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
    const described = entries.get(MANIFEST)
    if (!described) throw new Error(`${file} is no backup: it has no ${MANIFEST}`)
    const chunks: Buffer[] = []
    for await (const chunk of await zip.openReadStreamPromise(described)) chunks.push(chunk as Buffer)
    const manifest = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Manifest
    if (manifest.format !== FORMAT)
      throw new Error(`${file} is not a backup that this release reads: its format is not ${FORMAT}`)
    return { manifest, entries, zip }
  } catch (fault) {
    zip.close()
    throw fault
  }
}

/** How many of our migrations the backup's tables are of; refuses a backup of tables that this release does not know. */
function knownMigrations({ migrations: theirs }: Manifest, ours: readonly Migration[]): number {
  for (const [index, { name, checksum }] of theirs.entries())
    if (ours[index]?.name !== name || ours[index].checksum !== checksum)
      throw new Error(
        `the backup is of a database with migration ${name}, which this release does not have: restore it with the release that wrote it, or a later one`,
      )
  return theirs.length
}

/** What a start makes by itself, which a backup may take the place of. */
const MADE_AT_START = ['access.state', 'access.signing_key', 'access.revoked_token', 'access.used_assertion']

async function refuseRecords(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regprocedure('care.reference_tables()') is not null as there`,
  )
  const reference = rows[0]?.there
    ? (await client.query<{ names: string[] }>('select care.reference_tables() as names')).rows[0]!.names
    : []
  const passed = [...MADE_AT_START, ...reference.map((name) => `care.${name}`)]
  const full: string[] = []
  for (const table of await tablesOf(client)) {
    const name = `${table.schema}.${table.name}`
    if (table.schema === 'care_meta' || passed.includes(name)) continue
    const found = await client.query(`select 1 from ${nameOf(table)} limit 1`)
    if (found.rows.length > 0) full.push(name)
  }
  if (full.length > 0)
    throw new Error(
      `the database holds records already (${full.slice(0, 5).join(', ')}${full.length > 5 ? ', …' : ''}): restore into a new one, since nothing is ever written over; embedded, into another DATA_DIR`,
    )
}

async function refuseOtherTables(client: pg.Client, manifest: Manifest): Promise<void> {
  const described = (tables: readonly Pick<TableInBackup, 'schema' | 'name' | 'columns'>[]): string[] =>
    tables.map((table) => `${table.schema}.${table.name} (${[...table.columns].sort().join(', ')})`).sort()
  const theirs = described(manifest.tables)
  const ours = described(await tablesOf(client))
  const differing = theirs
    .filter((one) => !ours.includes(one))
    .concat(ours.filter((one) => !theirs.includes(one)))
  if (differing.length > 0)
    throw new Error(`the backup has other tables than its migrations make: ${differing[0]}`)
}

async function bringBack(
  client: pg.Client,
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  table: TableInBackup,
): Promise<void> {
  const name = `${table.schema}.${table.name}`
  const entry = entries.get(entryOf(table))
  if (!entry) throw new Error(`the backup is incomplete: ${name} is not in it`)
  // Triggers tell of changes, and nothing changes: it is as it was.
  await client.query(`alter table ${nameOf(table)} disable trigger user`)
  // What the migrations put there is in the backup as it had become.
  await client.query(`delete from ${nameOf(table)}`)
  let found = { rows: -1, sha256: '' }
  const counted = countingRows((rows, sha256) => {
    found = { rows, sha256 }
  })
  const into = client.query(copyFrom(`copy ${nameOf(table)} (${columnsOf(table)}) from stdin`))
  await pipeline(await zip.openReadStreamPromise(entry), counted, into)
  await client.query(`alter table ${nameOf(table)} enable trigger user`)
  if (found.rows !== table.rows || found.sha256 !== table.sha256)
    throw new Error(`the backup is damaged: ${name} is not what was written`)
}
