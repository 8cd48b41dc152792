import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/**
 * The one secret that others are made from. Each use has a key of its own, so that none can stand in for another:
 * what is sealed for webhooks does not open for signing, and a pseudonym is no signature.
 */
export interface MasterKey {
  /** Encrypts for keeping (AES-256-GCM): what was changed on the way does not open. */
  seal(use: Use, plain: Buffer): Buffer
  /** What was sealed for this use; throws where it was not, or by another master key. */
  open(use: Use, sealed: Buffer): Buffer
  /** A keyed hash (HMAC-SHA-256): the same text gives the same, and nobody without the key can make it. */
  mac(use: Use, text: string): Buffer
}

export type Use = 'signing-keys' | 'webhook-secrets' | 'subjects' | 'questions' | 'kept-answers'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function newMasterKey(secret: string): MasterKey {
  const keys = new Map<Use, Buffer>()
  const keyOf = (use: Use): Buffer => {
    const known = keys.get(use)
    if (known) return known
    const key = Buffer.from(hkdfSync('sha256', secret, 'corporate-parenting-api', use, 32))
    keys.set(use, key)
    return key
  }
  return {
    seal(use, plain) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, keyOf(use), nonce)
      const body = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body])
    },
    open(use, sealed) {
      const nonce = sealed.subarray(0, NONCE_BYTES)
      const decipher = createDecipheriv(ALGORITHM, keyOf(use), nonce, { authTagLength: TAG_BYTES })
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
    },
    mac: (use, text) => createHmac('sha256', keyOf(use)).update(text).digest(),
  }
}

/**
 * The master key of a configuration: its own, or one made from the admin key. Said here alone: two processes that made it
 * otherwise would not know each other's pseudonyms.
 */
export const masterKeyOf = (config: { readonly masterKey: string | null }, adminKey: string): MasterKey =>
  newMasterKey(config.masterKey ?? adminKey)

/** Pseudonyms made before: a list of fifty children, read again and again, would take longer for them than for the rows. */
const known = new WeakMap<MasterKey, LRUCache<string, string>>()
const KNOWN_AT_MOST = 50_000

/** A child as the audit trail and the tombstones know it: 128 bits that only the holder of the master key can make. */
export function subjectOf(master: MasterKey, authority: string, child: string): string {
  const made = known.get(master) ?? new LRUCache<string, string>({ max: KNOWN_AT_MOST })
  known.set(master, made)
  const text = `${authority} ${child}`
  const subject = made.get(text) ?? master.mac('subjects', text).subarray(0, 16).toString('base64url')
  made.set(text, subject)
  return subject
}
