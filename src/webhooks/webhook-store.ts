import { randomUUID } from 'node:crypto'
import type { Transaction } from '../platform/database/database.ts'

/** An address that is told of events, as callers see it: without its secrets. */
export interface Webhook {
  readonly id: string
  readonly url: string
  /** Empty: all. */
  readonly types: readonly string[]
  readonly version: number
  readonly createdAt: string
  readonly createdBy: string
  readonly failingSince: string | null
  readonly disabledAt: string | null
  readonly disabledBecause: string | null
}

const COLUMNS = `w.id, w.url, w.types, w.version, w.created_at as "createdAt", w.created_by as "createdBy",
       w.failing_since as "failingSince", w.disabled_at as "disabledAt", w.disabled_because as "disabledBecause"`

/** An authority has few systems to tell; each further one multiplies what a write sets off. */
export const MOST_WEBHOOKS = 20

const WEBHOOKS_LOCK = 903_105

/** Null where the authority has as many as it may have. */
export async function createWebhook(
  transaction: Transaction,
  authority: string,
  given: { readonly url: string; readonly types: readonly string[]; readonly secrets: Buffer },
  by: string,
): Promise<Webhook | null> {
  await transaction.query('webhooks.turn', 'select pg_advisory_xact_lock($1, hashtext($2))', [
    WEBHOOKS_LOCK,
    authority,
  ])
  const [webhook] = await transaction.query<Webhook & Record<string, unknown>>(
    'webhooks.create',
    `insert into care.webhook as w (authority, id, url, types, secrets, version, created_at, created_by)
     select $1::text, $2, $3, $4, $5, 1, clock_timestamp(), $6
      where (select count(*) from care.webhook held where held.authority = $1::text) < $7
     returning ${COLUMNS}`,
    [authority, randomUUID(), given.url, given.types, given.secrets, by, MOST_WEBHOOKS],
  )
  return webhook ?? null
}

/** In the order in which they were made. */
export const listWebhooks = (transaction: Transaction, authority: string): Promise<Webhook[]> =>
  transaction.query<Webhook & Record<string, unknown>>(
    'webhooks.list',
    `select ${COLUMNS} from care.webhook w where w.authority = $1 order by w.created_at, w.id`,
    [authority],
  )

/** Null where there is none; `forChange` keeps others from changing it until the transaction ends. */
export async function readWebhook(
  transaction: Transaction,
  authority: string,
  id: string,
  forChange = false,
): Promise<(Webhook & { readonly secrets: Buffer }) | null> {
  const [webhook] = await transaction.query<Webhook & { secrets: Buffer }>(
    'webhooks.read',
    `select ${COLUMNS}, w.secrets
       from care.webhook w
      where w.authority = $1 and w.id = $2
      ${forChange ? 'for update' : ''}`,
    [authority, id],
  )
  return webhook ?? null
}

/** Gives it another address or other types, and tells it again where it was told no more. */
export async function changeWebhook(
  transaction: Transaction,
  authority: string,
  id: string,
  to: { readonly url: string; readonly types: readonly string[] },
): Promise<Webhook> {
  const [webhook] = await transaction.query<Webhook & Record<string, unknown>>(
    'webhooks.change',
    `update care.webhook as w
        set url = $3, types = $4, version = w.version + 1,
            failing_since = null, disabled_at = null, disabled_because = null
      where w.authority = $1 and w.id = $2
     returning ${COLUMNS}`,
    [authority, id, to.url, to.types],
  )
  return webhook!
}

export async function changeSecrets(
  transaction: Transaction,
  authority: string,
  id: string,
  secrets: Buffer,
): Promise<void> {
  await transaction.query(
    'webhooks.changeSecrets',
    'update care.webhook as w set secrets = $3, version = w.version + 1 where w.authority = $1 and w.id = $2',
    [authority, id, secrets],
  )
}

/** Deletes it with its deliveries. */
export async function deleteWebhook(transaction: Transaction, authority: string, id: string): Promise<void> {
  await transaction.query(
    'webhooks.deleteDeliveries',
    'delete from care.webhook_delivery d where d.authority = $1 and d.webhook = $2',
    [authority, id],
  )
  await transaction.query(
    'webhooks.delete',
    'delete from care.webhook w where w.authority = $1 and w.id = $2',
    [authority, id],
  )
}
