import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ACCESS_SCHEMAS } from './access-schemas.ts'
import { clientsRoutes } from './clients-routes.ts'
import { grantsRoutes } from './grants-routes.ts'
import { keysRoutes } from './keys-routes.ts'
import { metadataRoutes } from './metadata-routes.ts'
import { oauthRoutes } from './oauth-routes.ts'
import { OAUTH_SCHEMAS } from './oauth-schemas.ts'
import type { AccessRoutesOptions } from './options.ts'

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
