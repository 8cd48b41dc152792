import type { AuditTrail } from '../../platform/access/audit-trail.ts'
import type { Database } from '../../platform/database/database.ts'
import type { SubjectOf } from '../../returns/erased-rows.ts'
import type { Queue } from '../../returns/in-turn.ts'

/** What the calls on people's rights work with. */
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
