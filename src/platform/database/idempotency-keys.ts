import { Refusal } from '../../vocabulary/refusal.ts'
import type { Transaction } from './database.ts'

/**
 * Stands for an authority where what is changed belongs to none (reference data, clients and keys): its rows are seen
 * by transactions that name it, and by no other.
 */
export const SERVICE = 'service'

/** A key as its owner knows it: keys belong to callers, and to what they change. */
export interface KeyOfCaller {
  readonly authority: string
  readonly caller: string
  readonly key: string
}

/** An answer as it was sent, to be sent again. */
export interface KeptAnswer {
  readonly status: number
  /** The headers that matter to the caller, in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** The child that the body tells of, so that erasing the child erases it too; null where it tells of none. */
  readonly child: string | null
}

const KEY_LOCK = 903_102

/**
 * Claims a key for the time of the transaction, in all processes of the service; refuses one that another request
 * holds at this moment.
 */
export async function claimKey(
  transaction: Transaction,
  { authority, caller, key }: KeyOfCaller,
): Promise<void> {
  const [claim] = await transaction.query<{ free: boolean }>(
    'idempotency.claim',
    `select pg_try_advisory_xact_lock($1, hashtext(jsonb_build_array($2::text, $3::text, $4::text)::text)) as free`,
    [KEY_LOCK, authority, caller, key],
  )
  if (!claim?.free) throw keyInUse()
}

export const keyInUse = (): Refusal =>
  refusal(
    'idempotency-key-in-use',
    'A request with this Idempotency-Key is under way; try again when it has ended.',
  )

/** How long an answer is kept under its key. */
export const DAYS_KEPT = 7

/** The answer kept under a key, null where there is none; refuses a key that belongs to another request. */
export async function answerOf(
  transaction: Transaction,
  { authority, caller, key }: KeyOfCaller,
  fingerprint: string,
): Promise<KeptAnswer | null> {
  const [kept] = await transaction.query<KeptAnswer & { body: string; fingerprint: string }>(
    'idempotency.find',
    `select k.fingerprint, k.status, k.headers, k.body, k.child
       from care.idempotency_key k
      where k.authority = $1 and k.caller = $2 and k.key = $3
        and k.created_at >= clock_timestamp() - make_interval(days => $4)`,
    [authority, caller, key, DAYS_KEPT],
  )
  if (!kept) return null
  if (kept.fingerprint !== fingerprint)
    throw refusal(
      'idempotency-key-reused',
      'This Idempotency-Key belongs to an earlier request with other content, parameters or address; use a new one.',
    )
  return { status: kept.status, headers: kept.headers, body: JSON.parse(kept.body), child: kept.child }
}

/** Keeps an answer under a key, in the transaction of what it tells of; clears away what has had its time. */
export async function keepAnswer(
  transaction: Transaction,
  { authority, caller, key }: KeyOfCaller,
  fingerprint: string,
  answer: KeptAnswer,
): Promise<void> {
  await clearAnswers(transaction, authority)
  await transaction.query(
    'idempotency.keep',
    `insert into care.idempotency_key (authority, caller, key, fingerprint, status, headers, body, child, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp())`,
    [
      authority,
      caller,
      key,
      fingerprint,
      answer.status,
      JSON.stringify(answer.headers),
      // As a text within the JSON: a jsonb object would forget the order of its members.
      JSON.stringify(JSON.stringify(answer.body ?? null)),
      answer.child,
    ],
  )
}

/** Clears away the answers that have had their time: of one authority, or of all that the transaction sees. */
export async function clearAnswers(transaction: Transaction, authority: string | null = null): Promise<void> {
  await transaction.query(
    'idempotency.clear',
    `delete from care.idempotency_key k
      where ($1::text is null or k.authority = $1) and k.created_at < clock_timestamp() - make_interval(days => $2)`,
    [authority, DAYS_KEPT],
  )
}

/**
 * Forgets the answers that tell of a child, or name it as a word of its own and not as a part of another's id; gives how
 * many there were.
 */
export async function forgetAnswersAbout(
  transaction: Transaction,
  authority: string,
  child: string,
): Promise<number> {
  const gone = await transaction.query(
    'idempotency.forget',
    `delete from care.idempotency_key k
      where k.authority = $1
        and (k.child = $2
             or concat_ws(' ', k.key, k.headers::text, k.body::text)
                ~* ('(^|[^[:alnum:]])' || regexp_replace($2, '([^[:alnum:]])', '\\\\\\1', 'g') || '($|[^[:alnum:]])'))
      returning k.key`,
    [authority, child],
  )
  return gone.length
}

const refusal = (reason: 'idempotency-key-in-use' | 'idempotency-key-reused', detail: string): Refusal =>
  new Refusal(reason, detail, [{ pointer: '/headers/idempotency-key', code: reason, detail }])
