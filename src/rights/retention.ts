import type { Database, Transaction } from '../platform/database/database.ts'
import type { SubjectOf } from '../returns/erased-rows.ts'
import { birthday } from '../returns/history/held-returns.ts'
import type { Day } from '../vocabulary/day.ts'
import { eraseChildren, type Tombstone } from './erasure.ts'

/** What is erased because its time is over, and on which day that is judged. */
export interface Retention {
  readonly authorities: readonly string[]
  /** The birthday on which what is held on a child is erased. */
  readonly age: number
  readonly today: Day
  readonly subjectOf: SubjectOf
  /** Finds out who it is, and erases nobody. */
  readonly dryRun?: boolean
  readonly by: string
}

export interface Expired {
  readonly authority: string
  /** Children whose birthday has passed. */
  readonly children: number
  /** Empty in a dry run. */
  readonly tombstones: readonly Tombstone[]
}

/**
 * Erases the children whose birthday of the age has come, authority by authority, each authority's in one transaction.
 * Looked-after children's records are kept to the 75th birthday by law (Care Planning, Placement and Case Review
 * (England) Regulations 2010, regulation 50), so nothing is erased unless a council configures the age.
 */
export async function eraseExpired(database: Database, retention: Retention): Promise<Expired[]> {
  const { authorities, age, today, subjectOf, dryRun = false, by } = retention
  const expired: Expired[] = []
  for (const authority of authorities) {
    const due = await database.read([authority], (transaction) => readDue(transaction, authority, age, today))
    if (due.length === 0) continue
    const tombstones = dryRun
      ? []
      : await database.load([authority], (transaction) =>
          eraseChildren(transaction, { authority, children: due, reason: 'retention', by, subjectOf }),
        )
    expired.push({ authority, children: due.length, tombstones })
  }
  return expired
}

/** By the latest of the days of birth that any return held gives, so that a wrong one erases nobody too early. */
async function readDue(
  transaction: Transaction,
  authority: string,
  age: number,
  today: Day,
): Promise<string[]> {
  const rows = await transaction.query<{ child: string }>(
    'retention.due',
    `select k.child
       from (select h.child, max(h.dob) as born
               from care.returned_header h where h.authority = $1 group by h.child) k
      where ${birthday('k.born', '$2::int')} <= $3::date
      order by k.child`,
    [authority, age, today],
  )
  return rows.map(({ child }) => child)
}
