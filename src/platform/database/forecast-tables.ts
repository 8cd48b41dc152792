import { date, index, json, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './column-types.ts'
import { care } from './tables.ts'

/**
 * A forecast that was made: what was asked, with everything that was left to default filled in, the state of the
 * records that it was made from, and the answer as it was given. Asked again with the same seed over the same state,
 * the answer is the same.
 */
export const forecasts = care.table(
  'forecast',
  {
    authority: text('authority').notNull(),
    id: uuid('id').notNull(),
    method: text('method').notNull(),
    startsOn: date('starts_on', { mode: 'string' }).notNull(),
    horizonMonths: smallint('horizon_months').notNull(),
    /** The caller's name for it, or for its scenario. */
    title: text('title'),
    dataVersion: text('data_version').notNull(),
    /** Both as text, in the order in which they were given. */
    question: json('question').notNull(),
    answer: json('answer').notNull(),
    createdAt: moment('created_at').notNull(),
    createdBy: text('created_by').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.authority, table.id] }),
    index('forecast_created_at').on(table.authority, table.createdAt, table.id),
  ],
)
