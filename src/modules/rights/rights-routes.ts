import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { AuditTrail } from '../../platform/access/audit-trail.ts'
import type { Database } from '../../platform/database/database.ts'
import type { SubjectOf } from '../../returns/erased-rows.ts'
import type { Queue } from '../../returns/in-turn.ts'
import { correctionsRoutes } from './corrections-routes.ts'
import { erasureRoutes } from './erasure-routes.ts'
import { exportRoutes } from './export-routes.ts'
import { restrictionRoutes } from './restriction-routes.ts'
import { RIGHTS_SCHEMAS } from './rights-schemas.ts'

export interface RightsRoutesOptions {
  readonly database: Database
  /** Knows children by the pseudonyms of the audit trail and of tombstones. */
  readonly subjectOf: SubjectOf
  readonly audit: AuditTrail
  /** The queue of those who write to an authority. */
  readonly inTurn: Queue
  readonly now: () => Date
  /** Called after every change of figures that was committed. */
  readonly onChange: () => void
}

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
