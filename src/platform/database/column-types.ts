import { customType, date, text, timestamp } from 'drizzle-orm/pg-core'

/** Columns that many tables have. */

/** GSS code of the authority whose row it is; it leads every key. */
export const authority = () => text('authority').notNull()
/** A calendar day, `YYYY-MM-DD`. */
export const day = (name: string) => date(name, { mode: 'string' })
/** A moment with its zone, as ISO 8601. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' })
export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
