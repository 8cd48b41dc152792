import fc from 'fast-check'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { readCursor, writeCursor } from '../../../src/platform/http/cursor.ts'
import { Refusal } from '../../../src/vocabulary/refusal.ts'

const Position = Type.Tuple([
  Type.String({ maxLength: 20 }),
  Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
])

const reasonOf = (read: () => unknown): string => {
  try {
    read()
    return 'read'
  } catch (error) {
    return error instanceof Refusal ? error.reason : `failed: ${error}`
  }
}

test('a cursor gives back the position it was made from', () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 10 })
    .filter((one) => !one.includes('\0') && one.length <= 20)
  fc.assert(
    fc.property(fc.string(), text, fc.nat(), (fingerprint, word, number) => {
      const cursor = writeCursor(fingerprint, [word, number])
      expect(cursor).toMatch(/^[\w-]+$/)
      expect(readCursor(cursor, fingerprint, Position)).toEqual([word, number])
    }),
  )
})

test('whatever else is sent is invalid-cursor, never a failure', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.string().map((text) => Buffer.from(text).toString('base64url')),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
    fc.json().map((text) => writeCursor('question', { made: text })),
    fc.tuple(fc.anything(), fc.anything()).map((position) => writeCursor('another', String(position.length))),
  )
  fc.assert(
    fc.property(anything, (cursor) => {
      expect(reasonOf(() => readCursor(cursor, 'question', Position))).toBe('invalid-cursor')
    }),
    { numRuns: 1000 },
  )
})

test('a cursor is refused for another question, cut, lengthened, or with a NUL', () => {
  const cursor = writeCursor('question', ['a', 1])
  expect(reasonOf(() => readCursor(cursor, 'other', Position))).toBe('invalid-cursor')
  expect(reasonOf(() => readCursor(cursor.slice(0, -2), 'question', Position))).toBe('invalid-cursor')
  expect(reasonOf(() => readCursor(`${cursor}=`, 'question', Position))).toBe('invalid-cursor')
  expect(reasonOf(() => readCursor(` ${cursor}`, 'question', Position))).toBe('invalid-cursor')
  expect(reasonOf(() => readCursor('A'.repeat(100_000), 'question', Position))).toBe('invalid-cursor')
  expect(reasonOf(() => readCursor(writeCursor('question', ['\0', 1]), 'question', Position))).toBe(
    'invalid-cursor',
  )
})
