import type { Transaction } from '../platform/database/database.ts'
import type { SubjectOf } from '../returns/erased-rows.ts'
import { wasErased } from '../returns/erased-rows.ts'
import { Refusal } from '../vocabulary/refusal.ts'
import { type HeldTable, readHeldTables } from './held-tables.ts'

/** Whose rights a call is about. */
export interface Subject {
  readonly authority: string
  /** The child's id, as the returns have it. */
  readonly child: string
}

/** A child's id as it is kept, whatever the case in which it is asked for. */
export const childNamed = (text: string): string => text.trim().toUpperCase()

/** Refuses a child of whom nothing is held, in the words in which one is refused who never was; or who was erased. */
export async function mustBeHeld(
  transaction: Transaction,
  { authority, child }: Subject,
  subjectOf: SubjectOf,
): Promise<readonly HeldTable[]> {
  const tables = await readHeldTables(transaction)
  const [held] = await transaction.query<{ any: boolean }>(
    'rights.held',
    `select ${tables
      .map(({ name }) => `exists (select 1 from care.${name} t where t.authority = $1 and t.child = $2)`)
      .join(' or ')} as any`,
    [authority, child],
  )
  if (held?.any) return tables
  throw await notHeld(transaction, { authority, child }, subjectOf)
}

/** Why there is nothing on a child: erased, or never there. The id is not repeated. */
export async function notHeld(
  transaction: Transaction,
  { authority, child }: Subject,
  subjectOf: SubjectOf | undefined,
): Promise<Refusal> {
  const reason = (await wasErased(transaction, authority, child, subjectOf))
    ? 'child-erased'
    : 'unknown-child'
  const detail =
    reason === 'child-erased'
      ? 'What the service held on this child was erased.'
      : 'The authority’s records hold no child with this identifier.'
  return new Refusal(reason, detail, [{ pointer: '/path/child', code: reason, detail }])
}
