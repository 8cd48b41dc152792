import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { childrenRoutes } from '../../src/modules/children/children-routes.ts'
import { type ReturnsRoutesOptions, returnsRoutes } from '../../src/modules/returns/returns-routes.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { newAuditTrail } from '../../src/platform/access/audit-trail.ts'
import { newMasterKey } from '../../src/platform/access/master-key.ts'
import { clientOf, type TestClient } from './client.ts'
import type { TestDatabase } from './postgres.ts'

const KEY = 'the-admin-key-of-the-tests'

/** The clock of the tests: the reporting year 2025-26 is running. */
export const NOW = new Date('2025-11-22T12:00:00Z')

export interface ReturnsApp {
  readonly app: FastifyInstance
  readonly client: TestClient
  /** The lines of the log. */
  readonly log: string[]
  /** How often something changed. */
  readonly changes: () => number
  close(): Promise<void>
}

/** The service with the modules for returns and children, on a database of the test's own. */
export async function returnsApp(
  { database }: TestDatabase,
  parts: Partial<ReturnsRoutesOptions> = {},
): Promise<ReturnsApp> {
  const log: string[] = []
  let changes = 0
  const audit = newAuditTrail({ database, master: newMasterKey(KEY) })
  const options: ReturnsRoutesOptions = {
    database,
    audit,
    uploadLimitBytes: 256 * 1024 * 1024,
    now: () => NOW,
    measureHeadlines: async (transaction, authority) =>
      transaction.query(
        'test.headlines',
        `select 'children-known' as indicator, 'now' as period, count(*)::int as value
           from care.child c where c.authority = $1`,
        [authority],
      ),
    onChange: () => changes++,
    ...parts,
  }
  const app = await buildApp({
    config: readConfig({ ADMIN_API_KEY: KEY }),
    callers: findAdmin(KEY),
    audit,
    ready: () => database.isReady(),
    modules: [returnsRoutes(options), childrenRoutes({ database })],
    logger: { write: (line) => log.push(line) },
  })
  const client = await clientOf(app, { key: KEY })
  return { app, client, log, changes: () => changes, close: () => app.close() }
}

export const AUTHORIZATION = `Bearer ${KEY}`

/** A file of a form; text is written as UTF-8. */
export interface SentFile {
  readonly name: string
  readonly content: string | Buffer
  readonly type?: string
}

const BOUNDARY = 'the-boundary-of-the-tests'

/** A form with these files, as a browser writes it. */
export function formOf(files: readonly SentFile[], end = `--${BOUNDARY}--\r\n`) {
  const parts = files.flatMap(({ name, content, type = 'text/csv' }, index) => [
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file${index}"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`,
    content,
    '\r\n',
  ])
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    payload: Buffer.concat([...parts, end].map((part) => Buffer.from(part as string))),
  }
}

/** Sends files as a form. */
export function sendForm(
  client: TestClient,
  files: readonly SentFile[],
  query = 'year=2024-25',
  headers: Record<string, string> = {},
  authority = 'E08000034',
): Promise<LightMyRequestResponse> {
  const form = formOf(files)
  return client.inject({
    method: 'POST',
    url: `/v1/authorities/${authority}/returns?${query}`,
    headers: { ...form.headers, ...headers },
    payload: form.payload,
  })
}
