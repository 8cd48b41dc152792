import type { Transaction } from '../platform/database/database.ts'
import { childColumnOf, RECORD_KINDS, type RecordKind, relationOf } from '../vocabulary/record-kinds.ts'
import { TABLES, type Table } from '../vocabulary/ssda903.ts'

/**
 * Which tables hold something about a child: those with a column `child`, found in the database itself. So a table that
 * is added later stands in the export and goes with an erasure by being there; the tests hold every other table to
 * `OF_NO_CHILD`.
 */
export interface HeldTable {
  readonly name: string
  readonly columns: readonly string[]
  /** The columns that its rows are told apart by. */
  readonly key: readonly string[]
}

export const readHeldTables = (transaction: Transaction): Promise<HeldTable[]> =>
  transaction.query<HeldTable>(
    'rights.tables',
    `select c.relname as name,
            array(select a.attname::text from pg_catalog.pg_attribute a
                   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                   order by a.attnum) as columns,
            array(select a.attname::text
                    from pg_catalog.pg_index i
                   cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
                    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                   where i.indrelid = c.oid and i.indisprimary
                   order by k.place) as key
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'care' and c.relkind in ('r', 'p')
        and exists (select 1 from pg_catalog.pg_attribute a
                     where a.attrelid = c.oid and a.attname = 'authority' and not a.attisdropped)
        and exists (select 1 from pg_catalog.pg_attribute a
                     where a.attrelid = c.oid and a.attname = 'child' and not a.attisdropped)
        -- The tables of the kinds of record that are of nobody have the column too, and nothing in it; kept answers are
        -- copies of what stands in the other tables, and have an erasure of their own.
        and c.relname <> all ($1::text[])
      order by c.relname`,
    [[...KINDS_OF_NOBODY, 'idempotency_key']],
  )

const KINDS_OF_NOBODY = RECORD_KINDS.filter((kind) => childColumnOf(kind) === null).map(relationOf)

/** The tables with an authority that hold nothing about one child, and why that is so. */
export const OF_NO_CHILD: Readonly<Record<string, string>> = {
  return: 'names, days and counts of deliveries',
  withdrawn_return: 'days and names of deliveries that were taken back',
  finding: 'rules and lines of files, never a value; an erasure takes those of the child’s rows',
  idempotency_key: 'copies of answers to writes, for seven days; an erasure takes those that name the child',
  authority_state: 'versions',
  record_coverage: 'months in which there are records',
  publication: 'figures, and counts under a threshold withheld; frozen when they were published',
  target: 'what a council aims at',
  forecast: 'numbers of children and places ahead',
  audit_entry: 'children by pseudonym only; no role may change a row',
  audit_head: 'where the chain of the audit trail ends',
  erased_child: 'tombstones: children by pseudonym only',
  event: 'ids of returns and publications',
  webhook: 'addresses that are told of events',
  webhook_delivery: 'what became of telling them',
  ...Object.fromEntries(
    KINDS_OF_NOBODY.map((relation) => [relation, 'records of homes, carers, workers or surveys']),
  ),
}

/** The child as it stands in columns that are not its own: an id that a council makes of a child's. */
export const LINKED_COLUMNS = [{ table: 'record_sibling_groups', column: 'sibl_group_id' }] as const

/* ---- what tables and columns mean ---------------------------------------------------------------------------- */

export type HeldAs = 'returned' | 'record' | 'derived' | 'rights'

export interface ColumnMeaning {
  readonly name: string
  readonly meaning: string | null
  /** What the codes in it mean; null where it holds none. */
  readonly codes: Readonly<Record<string, string>> | null
}

const returnedTables = new Map<string, Table>(TABLES.map((table) => [table.relation, table]))
const recordKinds = new Map<string, RecordKind>(RECORD_KINDS.map((kind) => [relationOf(kind), kind]))
const RIGHTS = new Map([
  ['restriction', 'That the use of the child’s records is restricted, since when and why.'],
  ['correction', 'What was corrected in what a return said, and what it said before.'],
  ['applied_correction', 'The rows in which corrections stand, and what the return itself says there.'],
  ['record_history', 'What records beside the returns were before they were changed or deleted.'],
])

export function meaningOf({ name }: HeldTable): { readonly heldAs: HeldAs; readonly meaning: string } {
  const returned = returnedTables.get(name)
  if (returned)
    return { heldAs: 'returned', meaning: `The table ${returned.name} of the SSDA903 returns, as it came.` }
  const kind = recordKinds.get(name)
  if (kind) return { heldAs: 'record', meaning: kind.description }
  const right = RIGHTS.get(name)
  if (right !== undefined) return { heldAs: 'rights', meaning: right }
  return {
    heldAs: 'derived',
    meaning: 'Made by the service from the returns in force; nothing of it came in.',
  }
}

const PROVENANCE: Readonly<Record<string, string>> = {
  return_number: 'The number of the return that the row came with.',
  row: 'The line of the return’s file.',
  id: 'The id of the record.',
  written_at: 'When the record was written, or last changed.',
  written_by: 'Who wrote it.',
  revision: 'How often the record was written with something changed.',
}

/** What a column says, as far as the vocabulary of the returns and records has it. */
export function columnMeaning(table: HeldTable, name: string): ColumnMeaning {
  const returned = returnedTables
    .get(table.name)
    ?.columns.find((column) => column.name.toLowerCase() === name)
  if (returned)
    return {
      name,
      meaning: `${returned.name} of the return.`,
      codes:
        returned.kind === 'code'
          ? Object.fromEntries(Object.entries(returned.codes).map(([code, { label }]) => [code, label]))
          : null,
    }
  const own = recordKinds.get(table.name)?.columns.find((column) => column.name === name)
  if (own) return { name, meaning: own.description, codes: own.kind === 'code' ? own.codes : null }
  return { name, meaning: PROVENANCE[name] ?? null, codes: null }
}
