import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { callerWith, type Scope } from '../../src/platform/access/caller.ts'
import { newMasterKey, subjectOf } from '../../src/platform/access/master-key.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { buildService } from '../../src/service.ts'
import { childColumnOf, RECORD_KINDS } from '../../src/vocabulary/record-kinds.ts'
import { clientOf, type TestClient } from './client.ts'
import { newDatabase, type TestDatabase } from './postgres.ts'
import { formOf } from './returns-app.ts'
import { goodRecord, recordsCsv } from './sample-records.ts'
import { FURTHER, filesOf, type SampleReturn, withRows } from './sample-return.ts'

/** The whole service, and what a child may ask of it. */

const KEY = 'the-admin-key-of-the-tests'
export const AUTHORITY = 'E08000034'
/** Another council, with a child of the same id. */
export const OTHER = 'E08000035'

const master = newMasterKey(KEY)
export const pseudonymOf = (child: string, authority = AUTHORITY) => subjectOf(master, authority, child)

export interface RightsApp {
  readonly base: TestDatabase
  readonly app: FastifyInstance
  readonly client: TestClient
  /** A caller with some scopes for the authority; its token is its name. */
  callerWith(...scopes: Scope[]): TestClient
  close(): Promise<void>
}

export async function rightsApp(): Promise<RightsApp> {
  const base = await newDatabase()
  const admin = findAdmin(KEY)
  const app = await buildService({
    config: readConfig({ ADMIN_API_KEY: KEY }),
    database: base.database,
    callers: async (token) =>
      token.startsWith('only.')
        ? callerWith(
            token,
            token
              .slice(5)
              .split('.')
              .map((one) => one.replaceAll('_', ':')) as Scope[],
            [AUTHORITY],
          )
        : admin(token),
    master,
    now: () => new Date('2025-11-22T12:00:00Z'),
    logger: false,
  })
  const client = await clientOf(app, { key: KEY })
  return {
    base,
    app,
    client,
    callerWith: (...scopes) => client.as(`only.${scopes.map((one) => one.replaceAll(':', '_')).join('.')}`),
    async close() {
      await app.close()
      await base.drop()
    },
  }
}

export const WHOLE: SampleReturn = withRows(FURTHER)

/** Loads a return through the door. */
export async function sendReturn(
  { client }: Pick<RightsApp, 'client'>,
  sample: SampleReturn = WHOLE,
  { authority = AUTHORITY, query = 'year=2024-25', status = 201 } = {},
): Promise<LightMyRequestResponse> {
  const form = formOf(filesOf(sample))
  const answer = await client.inject({
    method: 'POST',
    url: `/v1/authorities/${authority}/returns?${query}`,
    headers: form.headers,
    payload: form.payload,
  })
  expect(answer.statusCode, answer.body).toBe(status)
  return answer
}

/** Records of every kind: the first is about ADA1, where the kind is about a child, the second about BEN2. */
export async function sendRecords(
  { client }: Pick<RightsApp, 'client'>,
  { authority = AUTHORITY, withoutAda = false } = {},
) {
  const answers: LightMyRequestResponse[] = []
  for (const kind of RECORD_KINDS) {
    const answer = await client.inject({
      method: 'POST',
      url: `/v1/authorities/${authority}/records/${kind.name}`,
      headers: { 'content-type': 'text/csv' },
      payload: recordsCsv(
        kind,
        withoutAda && childColumnOf(kind) !== null
          ? [goodRecord(kind, 1)]
          : [goodRecord(kind, 0), goodRecord(kind, 1)],
      ),
    })
    expect(answer.statusCode, answer.body).toBeLessThan(300)
    answers.push(answer)
  }
  return answers
}

/** Every table of some authority's own, with the columns that can hold a text. */
export async function tablesWithText(database: Database) {
  return database.read([AUTHORITY], (transaction) =>
    transaction.query<{ name: string; columns: string[] }>(
      'test.tables',
      `select c.table_name as name, array_agg(c.column_name::text order by c.ordinal_position) as columns
         from information_schema.columns c
        where c.table_schema = 'care'
          and c.table_name in (select r.relname from pg_class r
                                where r.relnamespace = 'care'::regnamespace and r.relrowsecurity)
          and c.data_type in ('text', 'json', 'jsonb', 'ARRAY', 'character varying')
        group by c.table_name order by c.table_name`,
    ),
  )
}

/** The tables of the database, with how many of an authority's rows hold a text in any of their columns. */
export async function rowsThatHold(
  database: Database,
  text: string,
  authority = AUTHORITY,
): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const { name, columns } of await tablesWithText(database)) {
    if (!columns.includes('authority')) continue
    const [counted] = await database.read([authority], (transaction) =>
      transaction.query<{ rows: number }>(
        'test.mentions',
        `select count(*)::int as rows from care.${name} t
          where t.authority = $1 and position($2 in concat_ws(' ', ${columns.map((column) => `t.${column}::text`).join(', ')})) > 0`,
        [authority, text],
      ),
    )
    if (counted!.rows > 0) found[name] = counted!.rows
  }
  return found
}

/** What an authority's figures are, of every indicator for the year, in total and by some dimensions. */
export async function figuresOf({ client }: Pick<RightsApp, 'client'>, authority = AUTHORITY) {
  const answer = await client.get(
    `/v1/authorities/${authority}/observations?period=2024-25&breakdown=age-band,sex,placement-type`,
  )
  expect(answer.statusCode, answer.body).toBe(200)
  const { data } = answer.json() as { data: Record<string, unknown>[] }
  return data.map(({ authority: _authority, ...figure }) => figure)
}

export const dataVersionOf = async ({ base }: Pick<RightsApp, 'base'>, authority = AUTHORITY) =>
  (
    await base.database.read([authority], (transaction) =>
      transaction.query<{ version: string }>(
        'test.version',
        'select s.data_version as version from care.authority_state s where s.authority = $1',
        [authority],
      ),
    )
  )[0]?.version
