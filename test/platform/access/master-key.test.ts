import { describe, expect, test } from 'vitest'
import { newMasterKey, subjectOf, type Use } from '../../../src/platform/access/master-key.ts'

const SECRET = 'a-master-key-of-the-tests'
const master = newMasterKey(SECRET)
const other = newMasterKey(`${SECRET}.`)
const USES: readonly Use[] = ['signing-keys', 'webhook-secrets', 'subjects', 'questions', 'kept-answers']
const plain = Buffer.from('whsec_of a receiver, “quoted”')

describe('what is sealed', () => {
  test.each(USES)('opens again for its use, also after a restart: %s', (use) => {
    const sealed = master.seal(use, plain)
    expect(master.open(use, sealed)).toEqual(plain)
    expect(newMasterKey(SECRET).open(use, sealed)).toEqual(plain)
  })

  test('may be nothing at all', () => {
    expect(master.open('questions', master.seal('questions', Buffer.alloc(0)))).toEqual(Buffer.alloc(0))
  })

  test('is no longer to be read, and never twice the same, so that equal secrets don’t show', () => {
    const [first, second] = [master.seal('questions', plain), master.seal('questions', plain)]
    expect(first).not.toEqual(second)
    expect(first.includes('receiver')).toBe(false)
    // The nonce before it and the tag that tells of a change are all that it grows by: 12 and 16 bytes.
    expect(first).toHaveLength(plain.length + 28)
    // No two begin alike: with a nonce used twice the key would be lost.
    expect(first.subarray(0, 12)).not.toEqual(second.subarray(0, 12))
  })

  test('opens for no other use, and by no other master key', () => {
    const sealed = master.seal('webhook-secrets', plain)
    for (const use of USES) if (use !== 'webhook-secrets') expect(() => master.open(use, sealed)).toThrow()
    expect(() => other.open('webhook-secrets', sealed)).toThrow()
  })

  test('does not open when a single byte of it was changed, wherever it is', () => {
    const sealed = master.seal('signing-keys', plain)
    for (const place of sealed.keys()) {
      const changed = Buffer.from(sealed)
      changed[place]! ^= 1
      expect(() => master.open('signing-keys', changed)).toThrow()
    }
  })

  test('does not open when it was cut short: a part of the tag is no tag', () => {
    const sealed = master.seal('signing-keys', plain)
    for (const length of [0, 5, 12, 16, 27, 28, sealed.length - 1])
      expect(() => master.open('signing-keys', sealed.subarray(0, length))).toThrow()
    // Of an empty text, that leaves a tag of four bytes: one in four thousand million of which would do.
    const empty = master.seal('signing-keys', Buffer.alloc(0))
    expect(() => master.open('signing-keys', empty.subarray(0, 16))).toThrow(/tag/)
  })
})

describe('a keyed hash', () => {
  test('is the same of the same text, by this master key and for this use only', () => {
    const mac = master.mac('subjects', 'E08000034 123')
    expect(mac).toHaveLength(32)
    expect(newMasterKey(SECRET).mac('subjects', 'E08000034 123')).toEqual(mac)
    expect(master.mac('subjects', 'E08000034 124')).not.toEqual(mac)
    expect(other.mac('subjects', 'E08000034 123')).not.toEqual(mac)
    const ofEach = USES.map((use) => master.mac(use, 'E08000034 123').toString('hex'))
    expect(new Set(ofEach).size).toBe(USES.length)
  })

  test('stays what it is from release to release: the trail of ten years ago is about the same child', () => {
    const master = newMasterKey(SECRET)
    // As HKDF-SHA-256 and HMAC-SHA-256 of another make give it (Python's hmac).
    expect(master.mac('subjects', 'a text').toString('hex')).toBe(
      '1ca90b3449241375d2e3cd074c54ab1004b006d2814c789cd93116dbdde097ab',
    )
    expect(subjectOf(master, 'E08000034', '123')).toBe('HL8DF7z9FoP0sm53BsMFGg')
  })
})

describe('a child in the audit trail', () => {
  test('is 128 bits that look like nothing, the same every time', () => {
    const subject = subjectOf(master, 'E08000034', 'CH-0001')
    expect(subject).toMatch(/^[\w-]{22}$/)
    expect(Buffer.from(subject, 'base64url')).toHaveLength(16)
    expect(subjectOf(newMasterKey(SECRET), 'E08000034', 'CH-0001')).toBe(subject)
  })

  test('is another by another key, in another authority, and with another id', () => {
    const subjects = [
      subjectOf(master, 'E08000034', 'CH-0001'),
      subjectOf(other, 'E08000034', 'CH-0001'),
      subjectOf(master, 'E08000035', 'CH-0001'),
      subjectOf(master, 'E08000034', 'CH-0002'),
    ]
    expect(new Set(subjects).size).toBe(subjects.length)
  })
})
