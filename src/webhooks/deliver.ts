import { cloudEventOf } from '../events/cloud-event.ts'
import type { MasterKey } from '../platform/access/master-key.ts'
import type { Database } from '../platform/database/database.ts'
import type { WaitingWork } from '../platform/jobs/jobs.ts'
import {
  claimDeliveries,
  type DueDelivery,
  disableWebhook,
  keepFailure,
  keepSuccess,
  readMessage,
} from './delivery-store.ts'
import type { Sender, Sending } from './send-message.ts'
import { openSecrets, signedHeaders } from './signature.ts'

export interface DeliveryParts {
  readonly database: Database
  readonly authorities: readonly string[]
  readonly master: MasterKey
  readonly sender: Sender
  /** Where callers reach the service, or nothing. */
  readonly base: string
  readonly now: () => Date
  /** From 0 to 1; spreads the retries of many messages that failed together. */
  readonly random?: () => number
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Between one attempt and the next, as Standard Webhooks advises: ten attempts in three days and a bit. */
export const RETRY_AFTER_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]
/** At most so much of the time between attempts is added to it. */
const JITTER = 0.1
/** A webhook that nothing came through to for so long is told no more. */
export const DISABLE_AFTER_MS = 5 * 24 * HOUR
/** The receiver says that it wants no more (Standard Webhooks). */
const GONE = 410

/** Tells webhooks of events: as work that waits in the table of deliveries. */
export function webhookDeliveries(parts: DeliveryParts): WaitingWork<DueDelivery> {
  const { database, authorities, now } = parts
  return {
    name: 'webhook.deliver',
    authorities,
    atOnce: 40,
    claim: (transaction) => claimDeliveries(transaction, now()),
    run: (due) => deliver(parts, due),
  }

  async function deliver({ master, sender, base, random = Math.random }: DeliveryParts, due: DueDelivery) {
    const { authority } = due
    const message = await database.read([authority], (transaction) => readMessage(transaction, due))
    if (message === null) return
    const { webhook, attempts } = message
    const body = JSON.stringify(cloudEventOf(message.event, base))
    const headers = signedHeaders(openSecrets(master, message.secrets), { id: message.event.id, body }, now())
    const sending = await sender.send(message.url, headers, body)
    const at = now()
    const attempt = { webhook, at, status: null, fault: null, ...sending }
    if (isTaken(sending))
      return database.write([authority], (transaction) => keepSuccess(transaction, due, attempt))
    const wait = RETRY_AFTER_MS[attempts]
    const next = wait === undefined ? null : new Date(at.getTime() + wait * (1 + JITTER * random()))
    const failingFor = at.getTime() - Date.parse(message.failingSince ?? at.toISOString())
    const because =
      attempt.status === GONE
        ? 'The address answered 410: it wants to be told no more.'
        : failingFor >= DISABLE_AFTER_MS
          ? 'Nothing came through to the address for five days.'
          : null
    await database.write([authority], async (transaction) => {
      await keepFailure(transaction, due, attempt, because === null ? next : null)
      if (because !== null) await disableWebhook(transaction, authority, webhook, because, at)
    })
  }
}

const isTaken = (sending: Sending): boolean =>
  'status' in sending && sending.status >= 200 && sending.status < 300
