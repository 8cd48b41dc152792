import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Callers } from '../../platform/access/callers.ts'
import type { Database } from '../../platform/database/database.ts'
import { ACCESS_SCHEMAS } from './access-schemas.ts'
import { clientsRoutes } from './clients-routes.ts'
import { grantsRoutes } from './grants-routes.ts'
import { keysRoutes } from './keys-routes.ts'
import { metadataRoutes } from './metadata-routes.ts'
import { oauthRoutes } from './oauth-routes.ts'
import { OAUTH_SCHEMAS } from './oauth-schemas.ts'

export interface AccessRoutesOptions extends Omit<Callers, 'findCaller'> {
  readonly database: Database
  readonly now: () => Date
  readonly publicUrl: string | null
  /** How often an address may fail to sign in in a minute. */
  readonly failuresPerMinute: number
}

/** Getting a token, and managing who may call: clients, API keys, and grants to bearers of other issuers' tokens. */
export const accessRoutes =
  (options: AccessRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of [...ACCESS_SCHEMAS, ...OAUTH_SCHEMAS]) app.addSchema(schema)
    await app.register(oauthRoutes(options))
    await app.register(metadataRoutes(options))
    await app.register(clientsRoutes(options))
    await app.register(keysRoutes(options))
    await app.register(grantsRoutes(options))
  }
