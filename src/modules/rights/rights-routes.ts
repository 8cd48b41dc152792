import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { correctionsRoutes } from './corrections-routes.ts'
import { erasureRoutes } from './erasure-routes.ts'
import { exportRoutes } from './export-routes.ts'
import type { RightsRoutesOptions } from './options.ts'
import { restrictionRoutes } from './restriction-routes.ts'
import { RIGHTS_SCHEMAS } from './rights-schemas.ts'

/** What a child, or who speaks for them, may ask of the council under the UK GDPR, Articles 15 to 18. */
export const rightsRoutes =
  (options: RightsRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of RIGHTS_SCHEMAS) app.addSchema(schema)
    await app.register(exportRoutes(options))
    await app.register(correctionsRoutes(options))
    await app.register(restrictionRoutes(options))
    await app.register(erasureRoutes(options))
  }
