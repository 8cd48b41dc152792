import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { type AppParts, buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { clientOf, type TestClient } from './client.ts'

export const ADMIN_KEY = 'the-admin-key-of-the-tests'

/** The whole edge of the service around a module of the test's own; needs no database. */
export async function smallApp(
  module: FastifyPluginAsyncTypebox = async () => {},
  parts: Partial<AppParts> & { readonly env?: Record<string, string> } = {},
): Promise<{ app: FastifyInstance; client: TestClient }> {
  const { env, ...others } = parts
  const app = await buildApp({
    config: readConfig({ ADMIN_API_KEY: ADMIN_KEY, ...env }),
    callers: findAdmin(ADMIN_KEY),
    ready: async () => true,
    modules: [module],
    logger: false,
    ...others,
  })
  return { app, client: await clientOf(app, { key: ADMIN_KEY, document: 'own' }) }
}
