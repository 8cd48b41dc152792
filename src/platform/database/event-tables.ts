import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, primaryKey, smallint, text, unique, uuid } from 'drizzle-orm/pg-core'
import { authority, bytes, moment } from './column-types.ts'
import { care } from './tables.ts'

/** What happened, for subscribers: ids only, never a figure and nothing of a child. Numbered without gaps. */
export const events = care.table(
  'event',
  {
    authority: authority(),
    number: bigint('number', { mode: 'number' }).notNull(),
    id: uuid('id').notNull(),
    /** `return.loaded`, `figures.published`, … */
    type: text('type').notNull(),
    /** The address of what it is about, under `/v1`. */
    subject: text('subject').notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    at: moment('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.authority, table.number] }),
    unique('event_id').on(table.authority, table.id),
  ],
)

/** An address that is told of events. */
export const webhooks = care.table(
  'webhook',
  {
    authority: authority(),
    id: uuid('id').notNull(),
    url: text('url').notNull(),
    types: text('types').array().notNull(),
    /** The secrets that messages are signed with, newest first; sealed with the master key. */
    secrets: bytes('secrets').notNull(),
    version: integer('version').notNull(),
    createdAt: moment('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    failingSince: moment('failing_since'),
    /** Since when, and why, it is told no more; null while it is. */
    disabledAt: moment('disabled_at'),
    disabledBecause: text('disabled_because'),
  },
  (table) => [primaryKey({ columns: [table.authority, table.id] })],
)

/** What became of telling an address of an event. */
export const webhookDeliveries = care.table(
  'webhook_delivery',
  {
    authority: authority(),
    id: uuid('id').notNull(),
    webhook: uuid('webhook').notNull(),
    event: uuid('event').notNull(),
    eventNumber: bigint('event_number', { mode: 'number' }).notNull(),
    status: text('status').$type<'waiting' | 'delivered' | 'failed'>().notNull(),
    attempts: integer('attempts').notNull(),
    /** HTTP status of the last answer, or why there was none. */
    lastStatus: smallint('last_status'),
    lastFault: text('last_fault'),
    lastAttemptAt: moment('last_attempt_at'),
    nextAttemptAt: moment('next_attempt_at'),
    /** Until when a job has it in hand; one whose process died is taken up again after that. */
    claimedUntil: moment('claimed_until'),
  },
  (table) => [
    primaryKey({ columns: [table.authority, table.id] }),
    index('webhook_delivery_due')
      .on(table.authority, table.webhook, table.nextAttemptAt)
      .where(sql`${table.status} = 'waiting'`),
    index('webhook_delivery_newest').on(table.authority, table.webhook, table.eventNumber, table.id),
  ],
)
