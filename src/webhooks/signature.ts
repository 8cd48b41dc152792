import { createHmac, randomBytes } from 'node:crypto'
import type { MasterKey } from '../platform/access/master-key.ts'

/** A secret that messages of a webhook are signed with, and until when where another has taken its place. */
export interface WebhookSecret {
  readonly secret: string
  readonly until: string | null
}

const PREFIX = 'whsec_'
const SECRET_BYTES = 32
/** How long messages are signed with the secret before as well: the time to put the new one in. */
export const OVERLAP_MS = 24 * 3_600_000
/** Each makes the header longer. */
const MOST_SECRETS = 3

/** A secret in the form of Standard Webhooks. */
export const newSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`

export const sealSecrets = (master: MasterKey, secrets: readonly WebhookSecret[]): Buffer =>
  master.seal('webhook-secrets', Buffer.from(JSON.stringify(secrets)))

export const openSecrets = (master: MasterKey, sealed: Buffer): WebhookSecret[] =>
  JSON.parse(master.open('webhook-secrets', sealed).toString()) as WebhookSecret[]

/** The secrets after a new one has taken the place of the newest; the newest first. */
export function rotated(secrets: readonly WebhookSecret[], secret: string, now: Date): WebhookSecret[] {
  const until = new Date(now.getTime() + OVERLAP_MS).toISOString()
  const before = inForce(secrets, now).map((one) => ({ ...one, until: one.until ?? until }))
  return [{ secret, until: null }, ...before].slice(0, MOST_SECRETS)
}

const inForce = (secrets: readonly WebhookSecret[], now: Date): WebhookSecret[] =>
  secrets.filter(({ until }) => until === null || Date.parse(until) > now.getTime())

/** The headers of Standard Webhooks 1.0 for a message: one signature for each secret in force. */
export function signedHeaders(
  secrets: readonly WebhookSecret[],
  message: { readonly id: string; readonly body: string },
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signatures = inForce(secrets, now).map(({ secret }) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    const mac = createHmac('sha256', key).update(`${message.id}.${timestamp}.${message.body}`)
    return `v1,${mac.digest('base64')}`
  })
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
