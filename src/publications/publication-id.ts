import { randomBytes } from 'node:crypto'

/**
 * A UUIDv7 (RFC 9562 §5.7): 48 bits of time, then 74 random ones. Nobody guesses one, and in the order of their ids
 * publications are in the order of their making.
 */
export function newPublicationId(at: string): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Date.parse(at), 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const digits = bytes.toString('hex')
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-')
}
