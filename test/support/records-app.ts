import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { childrenRoutes } from '../../src/modules/children/children-routes.ts'
import { recordsRoutes } from '../../src/modules/records/records-routes.ts'
import { returnsRoutes } from '../../src/modules/returns/returns-routes.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { newAuditTrail } from '../../src/platform/access/audit-trail.ts'
import { newMasterKey } from '../../src/platform/access/master-key.ts'
import { newQueue } from '../../src/returns/in-turn.ts'
import type { RecordKindName } from '../../src/vocabulary/record-kinds.ts'
import { clientOf, type TestClient } from './client.ts'
import type { TestDatabase } from './postgres.ts'
import { NOW } from './returns-app.ts'

const KEY = 'the-admin-key-of-the-tests'

export interface RecordsApp {
  readonly app: FastifyInstance
  readonly client: TestClient
  readonly log: string[]
  /** How often something changed. */
  readonly changes: () => number
  /** Moves the clock. */
  setNow(now: Date): void
  close(): Promise<void>
}

/** The service with the modules for returns, records and children, on a database of the test's own. */
export async function recordsApp({ database }: TestDatabase): Promise<RecordsApp> {
  const log: string[] = []
  let changes = 0
  let now = NOW
  const inTurn = newQueue()
  const audit = newAuditTrail({ database, master: newMasterKey(KEY) })
  const common = {
    database,
    audit,
    uploadLimitBytes: 256 * 1024 * 1024,
    now: () => now,
    onChange: () => changes++,
    inTurn,
  }
  const app = await buildApp({
    config: readConfig({ ADMIN_API_KEY: KEY }),
    callers: findAdmin(KEY),
    audit,
    ready: () => database.isReady(),
    modules: [
      returnsRoutes({ ...common, measureHeadlines: async () => [] }),
      recordsRoutes(common),
      childrenRoutes({ database }),
    ],
    logger: { write: (line) => log.push(line) },
  })
  const client = await clientOf(app, { key: KEY })
  return {
    app,
    client,
    log,
    changes: () => changes,
    setNow: (moved) => {
      now = moved
    },
    close: () => app.close(),
  }
}

export const AUTHORITY = 'E08000034'

/** The calls on the records of one kind. */
export function callsOn(client: TestClient, kind: RecordKindName | string, authority = AUTHORITY) {
  const base = `/v1/authorities/${authority}/records/${kind}`
  const at = (id: string) => `${base}/${encodeURIComponent(id)}`
  return {
    base,
    put: (id: string, body: unknown, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> =>
      client.inject({
        method: 'PUT',
        url: at(id),
        headers: { 'content-type': 'application/json', ...headers },
        payload: JSON.stringify(body),
      }),
    get: (id: string, headers?: Record<string, string>) => client.get(at(id), headers),
    list: (query = '') => client.get(`${base}${query}`),
    delete: (id: string, headers: Record<string, string> = {}) =>
      client.inject({ method: 'DELETE', url: at(id), headers }),
    load: (
      csv: string | Buffer,
      query = '',
      headers: Record<string, string> = {},
    ): Promise<LightMyRequestResponse> =>
      client.inject({
        method: 'POST',
        url: `${base}${query}`,
        headers: { 'content-type': 'text/csv', ...headers },
        payload: csv,
      }),
  }
}
