import type { Callers } from '../../platform/access/callers.ts'
import type { Database } from '../../platform/database/database.ts'

/** What the calls on access work with. */
export interface AccessRoutesOptions extends Omit<Callers, 'findCaller'> {
  readonly database: Database
  readonly now: () => Date
  readonly publicUrl: string | null
  /** How often an address may fail to sign in in a minute. */
  readonly failuresPerMinute: number
}
