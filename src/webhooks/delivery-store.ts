import { EVENT_COLUMNS, type KeptEvent } from '../events/event-store.ts'
import type { EventType } from '../events/event-types.ts'
import type { Transaction } from '../platform/database/database.ts'

/** What became of telling a webhook of an event. */
export interface Delivery {
  readonly id: string
  readonly event: string
  readonly eventNumber: number
  readonly type: EventType
  readonly status: 'waiting' | 'delivered' | 'failed'
  readonly attempts: number
  readonly lastStatus: number | null
  readonly lastFault: string | null
  readonly lastAttemptAt: string | null
  readonly nextAttemptAt: string | null
}

const COLUMNS = `d.id, d.event, d.event_number as "eventNumber", e.type, d.status, d.attempts,
       d.last_status as "lastStatus", d.last_fault as "lastFault", d.last_attempt_at as "lastAttemptAt",
       d.next_attempt_at as "nextAttemptAt"`

/** Newest event first; `before` is the place of the last one seen. */
export const listDeliveries = (
  transaction: Transaction,
  authority: string,
  webhook: string,
  page: { readonly before: { readonly number: number; readonly id: string } | null; readonly limit: number },
): Promise<Delivery[]> =>
  transaction.query<Delivery & Record<string, unknown>>(
    'deliveries.list',
    `select ${COLUMNS}
       from care.webhook_delivery d
       join care.event e on e.authority = d.authority and e.id = d.event
      where d.authority = $1 and d.webhook = $2
        and ($3::bigint is null or (d.event_number, d.id) < ($3, $4::uuid))
      order by d.event_number desc, d.id desc
      limit $5`,
    [authority, webhook, page.before?.number ?? null, page.before?.id ?? null, page.limit],
  )

/** Has a delivery tried at once, whatever became of it before; null where there is none. */
export async function retryDelivery(
  transaction: Transaction,
  authority: string,
  webhook: string,
  id: string,
  now: Date,
): Promise<Delivery | null> {
  const [delivery] = await transaction.query<Delivery & Record<string, unknown>>(
    'deliveries.retry',
    `update care.webhook_delivery as d
        set status = 'waiting', attempts = case d.status when 'waiting' then d.attempts else 0 end, next_attempt_at = $4
       from care.event e
      where d.authority = $1 and d.webhook = $2 and d.id = $3 and e.authority = d.authority and e.id = d.event
     returning ${COLUMNS}`,
    [authority, webhook, id, now.toISOString()],
  )
  return delivery ?? null
}

/** A delivery by its ids, as a job carries it. */
export interface DueDelivery {
  readonly authority: string
  readonly delivery: string
}

/** So many of one webhook are under way at once: a slow receiver holds up nobody else’s. */
const IN_HAND = 20
/** Longer than a job may take. */
const CLAIM_MS = 120_000

/** Claims the deliveries that are due, of whichever authorities the transaction sees. */
export const claimDeliveries = (transaction: Transaction, now: Date): Promise<DueDelivery[]> =>
  transaction.query<DueDelivery & Record<string, unknown>>(
    'deliveries.claim',
    `update care.webhook_delivery as claimed
        set claimed_until = $2
       from care.webhook w
      cross join lateral (
        select d.id
          from care.webhook_delivery d
         where d.authority = w.authority and d.webhook = w.id and d.status = 'waiting' and d.next_attempt_at <= $1
           and (d.claimed_until is null or d.claimed_until <= $1)
         order by d.next_attempt_at
         limit greatest(0, $3 - (select count(*) from care.webhook_delivery h
                                  where h.authority = w.authority and h.webhook = w.id and h.status = 'waiting'
                                    and h.claimed_until > $1))
           for update of d skip locked
      ) due
      where claimed.authority = w.authority and claimed.id = due.id
     returning claimed.authority, claimed.id as delivery`,
    [now.toISOString(), new Date(now.getTime() + CLAIM_MS).toISOString(), IN_HAND],
  )

/** All that a message is made from; null where there is nothing to tell any more. */
export interface Message {
  readonly webhook: string
  readonly url: string
  readonly secrets: Buffer
  readonly failingSince: string | null
  readonly attempts: number
  readonly event: KeptEvent
}

export async function readMessage(
  transaction: Transaction,
  { authority, delivery }: DueDelivery,
): Promise<Message | null> {
  const [row] = await transaction.query<Omit<Message, 'event'> & KeptEvent>(
    'deliveries.message',
    `select w.id as webhook, w.url, w.secrets, w.failing_since as "failingSince", d.attempts, ${EVENT_COLUMNS}
       from care.webhook_delivery d
       join care.webhook w on w.authority = d.authority and w.id = d.webhook
       join care.event e on e.authority = d.authority and e.id = d.event
      where d.authority = $1 and d.id = $2 and d.status = 'waiting' and w.disabled_at is null`,
    [authority, delivery],
  )
  if (!row) return null
  const { webhook, url, secrets, failingSince, attempts, ...event } = row
  return { webhook, url, secrets, failingSince, attempts, event }
}

export interface Attempt {
  readonly webhook: string
  readonly status: number | null
  readonly fault: string | null
  readonly at: Date
}

/** Writes down that a delivery came through; whatever failed before it no longer counts. */
export async function keepSuccess(
  transaction: Transaction,
  { authority, delivery }: DueDelivery,
  { webhook, status, at }: Attempt,
): Promise<void> {
  await transaction.query(
    'deliveries.success',
    `update care.webhook_delivery as d
        set status = 'delivered', attempts = d.attempts + 1, last_status = $3, last_fault = null, last_attempt_at = $4,
            next_attempt_at = null, claimed_until = null
      where d.authority = $1 and d.id = $2`,
    [authority, delivery, status, at.toISOString()],
  )
  await transaction.query(
    'webhooks.works',
    `update care.webhook as w set failing_since = null
      where w.authority = $1 and w.id = $2 and w.failing_since is not null`,
    [authority, webhook],
  )
}

/** Writes down that a delivery did not come through, and when it is tried again: null, where it is not. */
export async function keepFailure(
  transaction: Transaction,
  { authority, delivery }: DueDelivery,
  { webhook, status, fault, at }: Attempt,
  nextAttemptAt: Date | null,
): Promise<void> {
  await transaction.query(
    'deliveries.failure',
    `update care.webhook_delivery as d
        set status = case when $5::timestamptz is null then 'failed' else 'waiting' end, attempts = d.attempts + 1,
            last_status = $3, last_fault = $6, last_attempt_at = $4, next_attempt_at = $5, claimed_until = null
      where d.authority = $1 and d.id = $2`,
    [authority, delivery, status, at.toISOString(), nextAttemptAt?.toISOString() ?? null, fault],
  )
  await transaction.query(
    'webhooks.fails',
    `update care.webhook as w set failing_since = $3
      where w.authority = $1 and w.id = $2 and w.failing_since is null`,
    [authority, webhook, at.toISOString()],
  )
}

/** Tells a webhook no more, and gives up what it had still to be told. */
export async function disableWebhook(
  transaction: Transaction,
  authority: string,
  webhook: string,
  because: string,
  at: Date,
): Promise<void> {
  await transaction.query(
    'webhooks.disable',
    `update care.webhook as w
        set disabled_at = $3, disabled_because = $4, version = w.version + 1
      where w.authority = $1 and w.id = $2 and w.disabled_at is null`,
    [authority, webhook, at.toISOString(), because],
  )
  await transaction.query(
    'deliveries.giveUp',
    `update care.webhook_delivery as d
        set status = 'failed', last_fault = coalesce(d.last_fault, 'webhook-disabled'), next_attempt_at = null,
            claimed_until = null
      where d.authority = $1 and d.webhook = $2 and d.status = 'waiting'`,
    [authority, webhook],
  )
}
