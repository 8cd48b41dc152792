import { bigint, integer, jsonb, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { authority, bytes, moment } from './column-types.ts'
import { care } from './tables.ts'

/**
 * The audit trail: one row for each call that read or wrote something about children. A chain for each authority: a
 * row's hash is over the hash of the one before and all that stands in it. No role may change or delete a row.
 */
export const auditEntries = care.table(
  'audit_entry',
  {
    authority: authority(),
    number: bigint('number', { mode: 'number' }).notNull(),
    at: moment('at').notNull(),
    caller: text('caller').notNull(),
    onBehalfOf: text('on_behalf_of'),
    scopes: text('scopes').array().notNull(),
    /** What was done to what kind of thing: `child.read`, `return.load`. */
    action: text('action').notNull(),
    method: text('method').notNull(),
    route: text('route').notNull(),
    status: smallint('status').notNull(),
    rows: integer('rows').notNull(),
    /** The children, as pseudonyms that only the holder of the master key can make from their ids. */
    subjects: text('subjects').array().notNull(),
    purpose: text('purpose'),
    /** A keyed hash of the address with its query: the same question has the same hash. */
    question: text('question').notNull(),
    /** The network that the call came from, without the last part of its address. */
    network: text('network'),
    requestId: text('request_id').notNull(),
    previous: bytes('previous').notNull(),
    hash: bytes('hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.number] })],
)

/** The end of each chain: a row that is cut off there is missed, and the next one's place is found at once. */
export const auditHeads = care.table('audit_head', {
  authority: authority().primaryKey(),
  number: bigint('number', { mode: 'number' }).notNull(),
  hash: bytes('hash').notNull(),
})

/** Children whose processing is restricted (UK GDPR Article 18). */
export const restrictions = care.table(
  'restriction',
  {
    authority: authority(),
    child: text('child').notNull(),
    reason: text('reason').notNull(),
    version: integer('version').notNull(),
    restrictedAt: moment('restricted_at').notNull(),
    restrictedBy: text('restricted_by').notNull(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.child] })],
)

/** That a child was erased, by pseudonym: what is loaded of them later is left out. */
export const erasedChildren = care.table(
  'erased_child',
  {
    authority: authority(),
    subject: text('subject').notNull(),
    reason: text('reason').notNull(),
    /** Rows that were erased, by table. */
    rows: jsonb('rows').$type<Record<string, number>>().notNull(),
    erasedAt: moment('erased_at').notNull(),
    erasedBy: text('erased_by').notNull(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.subject] })],
)

/** What was corrected in what a return said of a child (Article 16), and what it said before. */
export const corrections = care.table(
  'correction',
  {
    authority: authority(),
    id: uuid('id').notNull(),
    child: text('child').notNull(),
    /** Counts up with every correction of the authority: the order in which they hold. */
    number: integer('number').notNull(),
    /** Reporting year of the return that said otherwise, by the calendar year in which it ends. */
    year: smallint('year').notNull(),
    tableName: text('table_name').notNull(),
    /** The row, by values of columns that tell it apart from the child's others. */
    row: jsonb('row').$type<Record<string, string | null>>().notNull(),
    columnName: text('column_name').notNull(),
    before: text('before'),
    after: text('after'),
    reason: text('reason').notNull(),
    correctedAt: moment('corrected_at').notNull(),
    correctedBy: text('corrected_by').notNull(),
    withdrawnAt: moment('withdrawn_at'),
    withdrawnBy: text('withdrawn_by'),
  },
  (table) => [primaryKey({ columns: [table.authority, table.id] })],
)

/** A cell of a return that a correction holds another value in, and what the return itself says there. */
export const appliedCorrections = care.table(
  'applied_correction',
  {
    authority: authority(),
    correction: uuid('correction').notNull(),
    returnNumber: integer('return_number').notNull(),
    tableName: text('table_name').notNull(),
    /** Line of the file, as in the table of the returned rows. */
    row: integer('row').notNull(),
    child: text('child').notNull(),
    /** What stood there; the same as the correction where the return says so itself. */
    before: text('before'),
  },
  (table) => [
    primaryKey({
      name: 'applied_correction_pk',
      columns: [table.authority, table.correction, table.returnNumber, table.tableName, table.row],
    }),
  ],
)

/** What a record beside the returns was before it was changed or deleted. */
export const recordHistory = care.table(
  'record_history',
  {
    authority: authority(),
    kind: text('kind').notNull(),
    recordId: text('record_id').notNull(),
    number: integer('number').notNull(),
    /** The child that it was about, where the kind has one. */
    child: text('child'),
    body: jsonb('body').$type<Record<string, unknown>>().notNull(),
    /** What became of it then. */
    change: text('change').$type<'changed' | 'deleted'>().notNull(),
    changedAt: moment('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.kind, table.recordId, table.number] })],
)
