import type { Transaction } from '../platform/database/database.ts'
import { type RecordKind, relationOf } from '../vocabulary/record-kinds.ts'
import type { RecordValues } from './record-checks.ts'
import { valuesOf } from './stored-columns.ts'

/** What a record was until it was changed or deleted, and who did that when. */
export interface PastRecord {
  readonly number: number
  readonly values: RecordValues
  readonly revision: number
  readonly writtenAt: string
  readonly writtenBy: string
  readonly change: 'changed' | 'deleted'
  readonly changedAt: string
  readonly changedBy: string
}

/**
 * Keeps what records are before they are changed or deleted, in the transaction that does so. Which they are is a
 * condition over the kind's table, called `r`; its parameters follow the first four.
 */
export async function keepPast(
  transaction: Transaction,
  kind: RecordKind,
  {
    authority,
    by,
    change,
  }: { readonly authority: string; readonly by: string; readonly change: PastRecord['change'] },
  which: string,
  parameters: readonly unknown[] = [],
): Promise<void> {
  await transaction.query(
    'recordHistory.keep',
    `insert into care.record_history (authority, kind, record_id, number, child, body, change, changed_at, changed_by)
     select r.authority, $2, r.id,
            1 + coalesce((select max(h.number) from care.record_history h
                           where h.authority = r.authority and h.kind = $2 and h.record_id = r.id), 0),
            r.child, to_jsonb(r) - 'authority', $3, clock_timestamp(), $4
       from care.${relationOf(kind)} r
      where r.authority = $1 and ${which}`,
    [authority, kind.name, change, by, ...parameters],
  )
}

/** What a record was before, the latest first; empty where it never changed. */
export async function readPast(
  transaction: Transaction,
  kind: RecordKind,
  authority: string,
  id: string,
): Promise<(PastRecord & { child: string | null })[]> {
  const rows = await transaction.query<{
    number: number
    child: string | null
    body: Record<string, unknown>
    change: PastRecord['change']
    changedAt: string
    changedBy: string
  }>(
    'recordHistory.read',
    `select h.number, h.child, h.body, h.change, h.changed_at as "changedAt", h.changed_by as "changedBy"
       from care.record_history h
      where h.authority = $1 and h.kind = $2 and h.record_id = $3
      order by h.number desc`,
    [authority, kind.name, id],
  )
  return rows.map(({ body, ...past }) => ({
    ...past,
    values: valuesOf(kind, body),
    revision: Number(body.revision),
    writtenAt: new Date(String(body.written_at)).toISOString(),
    writtenBy: String(body.written_by),
  }))
}
