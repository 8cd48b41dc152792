import type { Transaction } from '../platform/database/database.ts'
import type { EventData, EventType } from './event-types.ts'

/** What happened, as it is told. */
export interface NewEvent<Type extends EventType = EventType> {
  readonly authority: string
  readonly type: Type
  /** The path of what it is about, `/v1/authorities/…`. */
  readonly subject: string
  readonly data: EventData[Type]
}

/** An event as it is kept. */
export interface KeptEvent {
  readonly authority: string
  readonly number: number
  readonly id: string
  readonly type: EventType
  readonly subject: string
  readonly data: Readonly<Record<string, string>>
  readonly at: string
}

export const EVENT_COLUMNS = 'e.authority, e.number, e.id, e.type, e.subject, e.data, e.at'

const EVENTS_LOCK = 903_104

/**
 * Keeps an event in the transaction of what it tells of, with a delivery for each webhook that is to be told: either
 * both are there or neither. To be called at the end of the transaction: from then until its end nobody else appends
 * to the same authority, so that numbers are given in the order of commits, and whoever has read up to one has missed
 * none.
 */
export const appendEvent = <Type extends EventType>(
  transaction: Transaction,
  event: NewEvent<Type>,
): Promise<void> => append(transaction, event, null)

/** Keeps an event that only one webhook is told of, whatever types it asks for. */
export async function appendTestEvent(
  transaction: Transaction,
  authority: string,
  webhook: string,
): Promise<void> {
  const subject = `/v1/authorities/${authority}/webhooks/${webhook}`
  await append(transaction, { authority, type: 'webhook.test', subject, data: { webhook } }, webhook)
}

async function append(transaction: Transaction, event: NewEvent, onlyTo: string | null): Promise<void> {
  const { authority, type, subject, data } = event
  await transaction.query('events.turn', 'select pg_advisory_xact_lock($1, hashtext($2))', [
    EVENTS_LOCK,
    authority,
  ])
  // A statement after the one that waits: it sees what was committed in the meantime.
  await transaction.query(
    'events.append',
    `with appended as (
       insert into care.event as e (authority, number, id, type, subject, data, at)
       select $1::text, coalesce(max(before.number), 0) + 1, gen_random_uuid(), $2::text, $3, $4, clock_timestamp()
         from care.event before
        where before.authority = $1::text
       returning e.authority, e.number, e.id, e.at
     )
     insert into care.webhook_delivery (authority, id, webhook, event, event_number, status, attempts, next_attempt_at)
     select a.authority, gen_random_uuid(), w.id, a.id, a.number, 'waiting', 0, a.at
       from appended a
       join care.webhook w on w.authority = a.authority
      where w.disabled_at is null
        and case when $5::uuid is null then cardinality(w.types) = 0 or $2::text = any (w.types) else w.id = $5 end`,
    [authority, type, subject, JSON.stringify(data), onlyTo],
  )
}

/** Events of an authority after a number, oldest first, and the numbers that are kept. */
export async function readEvents(
  transaction: Transaction,
  authority: string,
  page: { readonly after: number; readonly types: readonly string[] | null; readonly limit: number },
): Promise<KeptEvent[]> {
  return transaction.query<KeptEvent>(
    'events.read',
    `select ${EVENT_COLUMNS}
       from care.event e
      where e.authority = $1 and e.number > $2 and ($3::text[] is null or e.type = any ($3))
      order by e.number
      limit $4`,
    [authority, page.after, page.types, page.limit],
  )
}

/** The first and the last number that are kept; 0 where there is no event. */
export async function keptNumbers(
  transaction: Transaction,
  authority: string,
): Promise<{ readonly first: number; readonly last: number }> {
  const [numbers] = await transaction.query<{ first: number; last: number }>(
    'events.numbers',
    `select coalesce(min(e.number), 0) as first, coalesce(max(e.number), 0) as last
       from care.event e
      where e.authority = $1`,
    [authority],
  )
  return numbers!
}

/**
 * Clears away what is older than so many days, with its deliveries; gives how many events that were. Always from the
 * first number on, so that what is kept has no holes: nothing after an event that a webhook has still to be told of,
 * and never the last, from whose number the next one is counted.
 */
export async function clearEvents(transaction: Transaction, before: Date): Promise<number> {
  const cleared = await transaction.query<{ authority: string }>(
    'events.clear',
    `delete from care.event e
      using (select x.authority,
                    least(min(x.number) filter (where x.at >= $1), min(d.event_number), max(x.number)) as first_kept
               from care.event x
               left join care.webhook_delivery d
                 on d.authority = x.authority and d.event = x.id and d.status = 'waiting'
              group by x.authority) kept
      where e.authority = kept.authority and e.number < kept.first_kept
     returning e.authority`,
    [before.toISOString()],
  )
  await transaction.query(
    'events.clearDeliveries',
    `delete from care.webhook_delivery d
      where not exists (select 1 from care.event e where e.authority = d.authority and e.id = d.event)`,
  )
  return cleared.length
}
