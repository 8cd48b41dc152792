import type { Transaction } from '../../platform/database/database.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { readWebhook } from '../../webhooks/webhook-store.ts'

/** What the calls on webhooks and those on their deliveries have in common. */

export const PRIVATE = 'private, no-store'

export const BODY_REFUSALS = ['unsupported-media-type', 'upload-too-large'] as const

/** Refuses where the authority has none with this id; `forChange` keeps others from changing it meanwhile. */
export async function webhookOf(transaction: Transaction, authority: string, id: string, forChange = false) {
  const webhook = await readWebhook(transaction, authority, id, forChange)
  if (webhook === null) throw unknown('unknown-webhook', 'id', 'The authority has no such webhook.')
  return webhook
}

export const unknown = (
  reason: 'unknown-webhook' | 'unknown-delivery',
  parameter: string,
  detail: string,
): Refusal => new Refusal(reason, detail, [{ pointer: `/path/${parameter}`, code: reason, detail }])
