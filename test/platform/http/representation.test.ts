import fc from 'fast-check'
import { expect, test } from 'vitest'
import { representationFor } from '../../../src/platform/http/representation.ts'
import { Refusal } from '../../../src/vocabulary/refusal.ts'

test.each([
  [undefined, 'json'],
  ['', 'json'],
  ['*/*', 'json'],
  ['application/json', 'json'],
  ['text/csv', 'csv'],
  ['TEXT/CSV; header=present', 'csv'],
  ['text/*', 'csv'],
  ['text/csv, application/json', 'json'],
  ['text/csv, application/json;q=0.9', 'csv'],
  ['application/json;q=0.1, text/csv;q=0.2', 'csv'],
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'json'],
  ['text/csv;q=0, */*', 'json'],
  ['application/json;q=0, */*', 'csv'],
  ['text/csv;q=high, application/json;q=0.1', 'json'],
])('Accept: %s gives %s', (accept, expected) => {
  expect(representationFor(accept)).toBe(expected)
})

test('format goes before Accept', () => {
  expect(representationFor('application/json', 'csv')).toBe('csv')
  expect(representationFor('image/png', 'json')).toBe('json')
  expect(() => representationFor('text/csv', 'xml')).toThrow(
    expect.objectContaining({ reason: 'invalid-request' }),
  )
})

test.each(['image/png', 'text/html', 'text/csv;q=0, application/json;q=0', '*/*;q=0'])(
  'Accept: %s is refused with what is allowed',
  (accept) => {
    expect(() => representationFor(accept)).toThrow(
      expect.objectContaining({
        reason: 'not-acceptable',
        faults: [expect.objectContaining({ allowed: ['application/json', 'text/csv'] })],
      }),
    )
  },
)

test('any Accept header is answered or refused, never a failure', () => {
  const part = fc.constantFrom(
    'text/csv',
    'application/json',
    '*/*',
    'text/*',
    'q=0',
    'q=1',
    'q=',
    ';',
    ',',
    ' ',
    '/',
    'x',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part).map((parts) => parts.join('')),
      ),
      (accept) => {
        try {
          expect(['json', 'csv']).toContain(representationFor(accept))
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
        }
      },
    ),
  )
})
