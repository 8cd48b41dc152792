import { expect, test } from 'vitest'
import { ragOf } from '../../src/statistics/rag.ts'

test.each([
  // Target 90, amber down to 85.
  [90, 90, 85, 'higher-is-better', 'green'],
  [89.96, 90, 85, 'higher-is-better', 'amber'],
  [85, 90, 85, 'higher-is-better', 'amber'],
  [84.9, 90, 85, 'higher-is-better', 'red'],
  [89, 90, null, 'higher-is-better', 'red'],
  // Target 10, amber up to 12.
  [10, 10, 12, 'lower-is-better', 'green'],
  [0, 10, 12, 'lower-is-better', 'green'],
  [12, 10, 12, 'lower-is-better', 'amber'],
  [12.1, 10, 12, 'lower-is-better', 'red'],
  [10, 10, 12, 'neutral', null],
] as const)('%s against %s, amber to %s, %s: %s', (value, target, amber, polarity, expected) => {
  expect(ragOf(value, target, amber, polarity)).toBe(expected)
})
