import { createReadStream, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { type ReferenceRoutesOptions, referenceRoutes } from '../../src/modules/reference/reference-routes.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { callerWith, type FindCaller } from '../../src/platform/access/caller.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { kindNamed } from '../../src/reference/kinds.ts'
import {
  loadReference,
  type ReferenceHooks,
  type ReferenceOutcome,
} from '../../src/reference/load-reference.ts'
import { clientOf, type TestClient } from './client.ts'

const KEY = 'the-admin-key-of-the-tests'
/** The token of a caller who may read figures and nothing else. */
export const READER_KEY = 'the-key-of-a-reader-of-the-tests'

/** The shared sample data, which is read where it lies and never copied. */
export const SHARED = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
export const FILES = {
  authorities: `${SHARED}geography/authorities.csv`,
  neighbours2021: `${SHARED}geography/statistical-neighbours-2021.csv`,
  neighbours2025: `${SHARED}geography/statistical-neighbours-2025.csv`,
  districts: `${SHARED}geography/districts-to-authorities-2023.csv`,
  adjacent: `${SHARED}geography/adjacent-authorities.csv`,
  population: `${SHARED}benchmarks/published/ons_mid-year_population_estimates_2012_to_2024.csv.gz`,
  postcodes: `${SHARED}postcodes/onspd-2025-11-england.csv.gz`,
  published: `${SHARED}benchmarks/published/`,
  lait: `${SHARED}benchmarks/lait-cla.csv.gz`,
}

/** The text of a file, unpacked. */
export function textOf(path: string): string {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

export async function* bytesOf(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content as string)
}

/** Loads a file (by its path) or a content as a kind. */
export const loadKind = (
  database: Database,
  kind: string,
  content: string | Uint8Array | { readonly path: string },
  options: { set?: number; dryRun?: boolean; table?: string } & ReferenceHooks = {},
): Promise<ReferenceOutcome> => {
  const { set = null, dryRun = false, table = null, ...hooks } = options
  const bytes =
    typeof content === 'object' && 'path' in content ? createReadStream(content.path) : bytesOf(content)
  return loadReference(
    database,
    { kind: kindNamed(kind), set, table, dryRun, loadedBy: 'tests' },
    bytes,
    hooks,
  )
}

export interface ReferenceApp {
  readonly app: FastifyInstance
  readonly client: TestClient
  put(kind: string, body: string | Buffer, type?: string, query?: string): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

export async function referenceApp(
  database: Database,
  parts: Partial<ReferenceRoutesOptions> = {},
): Promise<ReferenceApp> {
  const admin = findAdmin(KEY)
  const callers: FindCaller = async (token) =>
    token === READER_KEY ? callerWith('reader', ['observations:read'], ['E08000034']) : admin(token)
  const app = await buildApp({
    config: readConfig({ ADMIN_API_KEY: KEY }),
    callers,
    ready: () => database.isReady(),
    modules: [referenceRoutes({ database, uploadLimitBytes: 64 * 1024 * 1024, ...parts })],
    logger: false,
  })
  const client = await clientOf(app, { key: KEY })
  return {
    app,
    client,
    put: (kind, body, type = 'text/csv', query = '') =>
      client.inject({
        method: 'PUT',
        url: `/v1/reference/${kind}${query}`,
        headers: { 'content-type': type },
        payload: body,
      }),
    close: () => app.close(),
  }
}
