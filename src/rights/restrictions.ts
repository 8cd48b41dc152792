import type { Transaction } from '../platform/database/database.ts'
import { Refusal } from '../vocabulary/refusal.ts'
import type { Subject } from './subject-rows.ts'

/** That a child's records are kept but not used (UK GDPR, Article 18). */
export interface Restriction {
  readonly reason: string
  readonly version: number
  readonly restrictedAt: string
  readonly restrictedBy: string
}

/** What restricted records may be used for all the same (Article 18(2)), as the beginning of the purpose given. */
export const PURPOSES_DESPITE_RESTRICTION = [
  'consent',
  'legal-claim',
  'protection-of-others',
  'public-interest',
] as const

/** The purpose of an export for the child themselves. */
export const SUBJECT_ACCESS = 'subject-access'

/** Whether a purpose begins with one of these words: `legal-claim: hearing on 3 May`, and not `legal-claims`. */
const beginsWith = (purpose: string | undefined, words: readonly string[]): boolean =>
  purpose !== undefined &&
  words.some((word) => new RegExp(`^${word}(?![a-z0-9-])`).test(purpose.trim().toLowerCase()))

export const isUsableDespite = (
  purpose: string | undefined,
  words: readonly string[] = PURPOSES_DESPITE_RESTRICTION,
): boolean => beginsWith(purpose, words)

/** Those of some children whose records are restricted, and may not be used for the purpose given. */
export async function readWithheld(
  transaction: Transaction,
  authority: string,
  children: readonly (string | null)[],
  purpose: string | undefined,
): Promise<ReadonlySet<string>> {
  const asked = [...new Set(children.filter((child) => child !== null))]
  if (asked.length === 0 || isUsableDespite(purpose)) return new Set()
  const rows = await transaction.query<{ child: string }>(
    'restrictions.among',
    'select r.child from care.restriction r where r.authority = $1 and r.child = any($2::text[])',
    [authority, asked],
  )
  return new Set(rows.map(({ child }) => child))
}

/** Refuses to give out what is held on a child whose records are restricted, but for a purpose that is lawful. */
export async function mustBeUsable(
  transaction: Transaction,
  { authority, child }: { readonly authority: string; readonly child: string | null },
  purpose: string | undefined,
  purposes: readonly string[] = PURPOSES_DESPITE_RESTRICTION,
): Promise<void> {
  if (isUsableDespite(purpose, purposes)) return
  const withheld = await readWithheld(transaction, authority, [child], undefined)
  if (withheld.size > 0) throw isRestricted(purposes)
}

/** Refuses what is held on a child who is among those whose records are restricted, but for a purpose that is lawful. */
export function mustBeUsableAmong(
  restricted: ReadonlySet<string>,
  child: string,
  purpose: string | undefined,
): void {
  if (restricted.has(child) && !isUsableDespite(purpose)) throw isRestricted(PURPOSES_DESPITE_RESTRICTION)
}

function isRestricted(purposes: readonly string[]): Refusal {
  const detail =
    'The use of this child’s records is restricted; they are given out for one of the purposes allowed only, named at the beginning of X-Purpose.'
  return new Refusal('child-restricted', detail, [
    { pointer: '/headers/x-purpose', code: 'child-restricted', detail, allowed: purposes },
  ])
}

export async function readRestriction(
  transaction: Transaction,
  { authority, child }: Subject,
): Promise<Restriction | null> {
  const [row] = await transaction.query<Restriction>(
    'restrictions.read',
    `select r.reason, r.version, r.restricted_at as "restrictedAt", r.restricted_by as "restrictedBy"
       from care.restriction r where r.authority = $1 and r.child = $2`,
    [authority, child],
  )
  return row ?? null
}

export interface Restricting extends Subject {
  readonly reason: string
  readonly by: string
  /** Called with the restriction as it stands, null where there is none; what it throws ends the write. */
  readonly precondition: (existing: Restriction | null) => void
}

/** Restricts, or gives another reason for it; the same reason again changes nothing. */
export async function restrict(
  transaction: Transaction,
  { authority, child, reason, by, precondition }: Restricting,
): Promise<{ readonly result: 'created' | 'changed' | 'unchanged'; readonly restriction: Restriction }> {
  const existing = await lockedRestriction(transaction, { authority, child })
  precondition(existing)
  if (existing?.reason === reason) return { result: 'unchanged', restriction: existing }
  const [restriction] = await transaction.query<Restriction>(
    'restrictions.write',
    `insert into care.restriction as r (authority, child, reason, version, restricted_at, restricted_by)
     values ($1, $2, $3, 1, clock_timestamp(), $4)
     on conflict (authority, child) do update
        set reason = excluded.reason, version = r.version + 1,
            restricted_at = excluded.restricted_at, restricted_by = excluded.restricted_by
     returning r.reason, r.version, r.restricted_at as "restrictedAt", r.restricted_by as "restrictedBy"`,
    [authority, child, reason, by],
  )
  return { result: existing ? 'changed' : 'created', restriction: restriction! }
}

/** Lifts a restriction; false where there is none. */
export async function liftRestriction(
  transaction: Transaction,
  { authority, child, precondition }: Omit<Restricting, 'reason' | 'by'>,
): Promise<boolean> {
  const existing = await lockedRestriction(transaction, { authority, child })
  precondition(existing)
  if (!existing) return false
  await transaction.query(
    'restrictions.lift',
    'delete from care.restriction r where r.authority = $1 and r.child = $2',
    [authority, child],
  )
  return true
}

const RESTRICTION_LOCK = 903_104

/** Who changes a child's restriction waits for who does so already, also where there is no row yet to wait at. */
async function lockedRestriction(transaction: Transaction, subject: Subject): Promise<Restriction | null> {
  await transaction.query(
    'restrictions.queue',
    `select pg_advisory_xact_lock($1, hashtext($2 || ' ' || $3))`,
    [RESTRICTION_LOCK, subject.authority, subject.child],
  )
  return readRestriction(transaction, subject)
}
