import type { Transaction } from '../platform/database/database.ts'
import { Refusal } from '../vocabulary/refusal.ts'

/** An answer that is kept under an idempotency key. */
export interface StoredAnswer {
  readonly status: number
  readonly body: unknown
}

const KEY_LOCK = 903_102

/**
 * Claims a key for the time of the transaction, in all processes of the service; refuses one that another request
 * holds at this moment.
 */
export async function claimKey(transaction: Transaction, authority: string, key: string): Promise<void> {
  const [claim] = await transaction.query<{ free: boolean }>(
    'idempotency.claim',
    `select pg_try_advisory_xact_lock($1, hashtext($2 || ' ' || $3)) as free`,
    [KEY_LOCK, authority, key],
  )
  if (!claim?.free) throw keyInUse()
}

export const keyInUse = (): Refusal =>
  refusal(
    'idempotency-key-in-use',
    'A request with this Idempotency-Key is under way; try again when it has ended.',
  )

/** The answer kept under a key, null where there is none; refuses a key that belongs to another request. */
export async function answerOf(
  transaction: Transaction,
  authority: string,
  key: string,
  fingerprint: string,
): Promise<StoredAnswer | null> {
  const [kept] = await transaction.query<StoredAnswer & { fingerprint: string }>(
    'idempotency.find',
    `select k.fingerprint, k.status, k.body
       from care.idempotency_key k
      where k.authority = $1 and k.key = $2`,
    [authority, key],
  )
  if (!kept) return null
  if (kept.fingerprint !== fingerprint)
    throw refusal(
      'idempotency-key-reused',
      'This Idempotency-Key belongs to an earlier request with other files or parameters; use a new one.',
    )
  return { status: kept.status, body: kept.body }
}

/** How long an answer is kept under its key. */
export const DAYS_KEPT = 7

/** Clears away the answers that have had their time, of the authorities that the transaction sees. */
export async function clearAnswers(transaction: Transaction): Promise<void> {
  await transaction.query(
    'idempotency.clearAll',
    'delete from care.idempotency_key k where k.created_at < clock_timestamp() - make_interval(days => $1)',
    [DAYS_KEPT],
  )
}

/** Keeps an answer under a key, in the transaction of what it tells of; clears away what has had its time. */
export async function keepAnswer(
  transaction: Transaction,
  authority: string,
  key: string,
  fingerprint: string,
  answer: StoredAnswer,
): Promise<void> {
  await transaction.query(
    'idempotency.clear',
    `delete from care.idempotency_key k
      where k.authority = $1 and k.created_at < clock_timestamp() - make_interval(days => $2)`,
    [authority, DAYS_KEPT],
  )
  await transaction.query(
    'idempotency.keep',
    `insert into care.idempotency_key (authority, key, fingerprint, status, body, created_at)
     values ($1, $2, $3, $4, $5, clock_timestamp())`,
    [authority, key, fingerprint, answer.status, JSON.stringify(answer.body)],
  )
}

const refusal = (reason: 'idempotency-key-in-use' | 'idempotency-key-reused', detail: string): Refusal =>
  new Refusal(reason, detail, [{ pointer: '/headers/idempotency-key', code: reason, detail }])
