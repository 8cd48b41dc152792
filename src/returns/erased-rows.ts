import type { Transaction } from '../platform/database/database.ts'

/** A child by the pseudonym under which an erasure is remembered: nobody can make it without the service's master key. */
export type SubjectOf = (authority: string, child: string) => string

/** Rows of one table that name an erased child, by their lines. */
export interface RowsOfErased {
  readonly relation: string
  readonly rows: readonly number[]
}

/**
 * Takes the rows of erased children out of incoming tables, before anything else looks at them: an erasure holds until
 * it is lifted, whatever a source goes on sending. Only the pseudonyms of erased children are kept, so each incoming
 * child is asked for by theirs; an authority that erased nobody pays nothing for it.
 */
export async function takeOutErased(
  transaction: Transaction,
  authority: string,
  subjectOf: SubjectOf | undefined,
  relations: readonly string[],
): Promise<RowsOfErased[]> {
  const subjects = await readErased(transaction, authority)
  if (subjects.size === 0) return []
  const taken: RowsOfErased[] = []
  for (const relation of relations) {
    const known = await transaction.query<{ child: string }>(
      'erased.children',
      `select distinct i.child from ${relation} i where i.child is not null`,
    )
    const erased = known.map(({ child }) => child).filter(isErased(subjects, authority, subjectOf))
    if (erased.length === 0) continue
    const rows = await transaction.query<{ row: number }>(
      'erased.takeOut',
      `delete from ${relation} i where i.child = any($1::text[]) returning i.row`,
      [erased],
    )
    taken.push({ relation, rows: rows.map(({ row }) => row).sort((a, b) => a - b) })
  }
  return taken
}

/** Whether a child of an authority was erased. */
export async function wasErased(
  transaction: Transaction,
  authority: string,
  child: string,
  subjectOf: SubjectOf | undefined,
): Promise<boolean> {
  const subjects = await readErased(transaction, authority)
  return subjects.size > 0 && isErased(subjects, authority, subjectOf)(child)
}

/** What a finding says of such a row; never who it is about. */
export const ERASED_ROW = {
  severity: 'warning',
  rule: 'erased-child',
  message: 'the row is about a child who was erased; it is left out',
} as const

async function readErased(transaction: Transaction, authority: string): Promise<ReadonlySet<string>> {
  const rows = await transaction.query<{ subject: string }>(
    'erased.subjects',
    'select e.subject from care.erased_child e where e.authority = $1',
    [authority],
  )
  return new Set(rows.map(({ subject }) => subject))
}

/** Fails rather than bring an erased child back, should a way in have forgotten the pseudonyms. */
function isErased(
  subjects: ReadonlySet<string>,
  authority: string,
  subjectOf: SubjectOf | undefined,
): (child: string) => boolean {
  if (subjectOf === undefined)
    throw new Error(
      'children of the authority were erased, and whoever writes does not know their pseudonyms',
    )
  return (child) => subjects.has(subjectOf(authority, child))
}
