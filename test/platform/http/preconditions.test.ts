import { expect, test } from 'vitest'
import { etagOf, isFresh, preventsChange } from '../../../src/platform/http/preconditions.ts'

const etag = etagOf(['version 7', '/v1/observations', 'json'])
const fresh = (sent?: string) =>
  isFresh({ headers: sent === undefined ? {} : { 'if-none-match': sent } }, etag)

test('a tag is strong, short and the same for the same parts only', () => {
  expect(etag).toMatch(/^"[\w-]{22}"$/)
  expect(etagOf(['version 7', '/v1/observations', 'json'])).toBe(etag)
  expect(etagOf(['ab', 'c'])).not.toBe(etagOf(['a', 'bc']))
})

test.each([
  [etag, true],
  [`W/${etag}`, true],
  [`"a", W/"b,c" , ${etag}`, true],
  ['*', true],
  [' * ', true],
  [undefined, false],
  ['', false],
  ['"other"', false],
  [etag.slice(1, -1), false],
  [`"x${etag.slice(1)}`, false],
])('If-None-Match: %s is fresh: %s', (sent, expected) => {
  expect(fresh(sent)).toBe(expected)
})

test.each([
  [{}, etag, null],
  [{}, null, null],
  [{ 'if-match': '*' }, etag, null],
  [{ 'if-match': '*' }, null, 'if-match'],
  [{ 'if-match': etag }, null, 'if-match'],
  [{ 'if-match': `"a", ${etag}` }, etag, null],
  [{ 'if-match': `W/${etag}` }, etag, 'if-match'],
  [{ 'if-match': '' }, etag, 'if-match'],
  [{ 'if-none-match': '*' }, etag, 'if-none-match'],
  [{ 'if-none-match': '*' }, null, null],
  [{ 'if-none-match': `W/${etag}` }, etag, 'if-none-match'],
  [{ 'if-none-match': '"other"' }, etag, null],
])('a change with %j of what is %s is prevented by %s', (headers, state, expected) => {
  expect(preventsChange({ headers }, state)).toBe(expected)
})
