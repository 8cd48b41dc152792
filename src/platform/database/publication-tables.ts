import {
  boolean,
  date,
  integer,
  numeric,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import { authority } from './column-types.ts'
import { care } from './tables.ts'

/**
 * What a council says of its figures, and what it has frozen of them. None of it is part of the version of its
 * records: a target moves no figure.
 */

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' }).notNull()

/**
 * A target and a line of commentary for an indicator and a period. Every change is a further version, so what a board
 * was told last year stays known; the highest version is what holds.
 */
export const targets = care.table(
  'target',
  {
    authority: authority(),
    indicator: text('indicator').notNull(),
    period: text('period').notNull(),
    version: integer('version').notNull(),
    value: numeric('value'),
    /** Where amber ends and red begins, on the worse side of the target. */
    amber: numeric('amber'),
    commentary: text('commentary'),
    /** This version takes the target away. */
    removed: boolean('removed').notNull(),
    setBy: text('set_by').notNull(),
    setAt: moment('set_at'),
  },
  (table) => [primaryKey({ columns: [table.authority, table.indicator, table.period, table.version] })],
)

/**
 * Frozen figures. The content is kept as the very bytes whose hash is given out; a trigger refuses every change and
 * every deletion (migration 0007).
 */
export const publications = care.table(
  'publication',
  {
    authority: authority(),
    /** UUIDv7: in the order of their making. */
    id: uuid('id').notNull(),
    audience: text('audience').$type<'internal' | 'public'>().notNull(),
    periods: text('periods').array().notNull(),
    title: text('title').notNull(),
    publishedAt: moment('published_at'),
    publishedBy: text('published_by').notNull(),
    dataVersion: text('data_version').notNull(),
    /** Canonical JSON (RFC 8785), and the SHA-256 over its UTF-8 bytes in hexadecimal digits. */
    content: text('content').notNull(),
    sha256: text('sha256').notNull(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.id] })],
)

/** That a return was withdrawn, when and by whom: of its rows nothing is kept. */
export const withdrawnReturns = care.table(
  'withdrawn_return',
  {
    authority: authority(),
    id: uuid('id').notNull(),
    year: smallint('year').notNull(),
    coversFrom: date('covers_from', { mode: 'string' }).notNull(),
    coversTo: date('covers_to', { mode: 'string' }).notNull(),
    contentHash: text('content_hash').notNull(),
    loadedAt: moment('loaded_at'),
    loadedBy: text('loaded_by').notNull(),
    withdrawnAt: moment('withdrawn_at'),
    withdrawnBy: text('withdrawn_by').notNull(),
    wasInForce: boolean('was_in_force').notNull(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.id] })],
)
