import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkLicences, dependenciesOf, isAllowed } from '../../supply-chain/licences.ts'

test('every dependency has a licence that a council may take, and the list of them is up to date', () => {
  const { text, faults } = checkLicences()
  expect(faults).toEqual([])
  expect(readFileSync(new URL('../../docs/dependencies.md', import.meta.url), 'utf8')).toBe(text)
})

test('of several licences all must be allowed where all hold, and one where the taker chooses', () => {
  expect(isAllowed('MIT')).toBe(true)
  expect(isAllowed('(MIT OR GPL-3.0-only)')).toBe(true)
  expect(isAllowed('(MIT AND GPL-3.0-only)')).toBe(false)
  expect(isAllowed('AGPL-3.0-only')).toBe(false)
  expect(isAllowed('not stated')).toBe(false)
})

test('what is installed twice in one version is listed once, as running where it runs anywhere', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0', license: 'MIT', dev: true },
      'node_modules/b/node_modules/a': { version: '1.0.0', license: 'MIT' },
      'node_modules/@scope/c': { version: '2.0.0', license: 'ISC', dev: true },
    },
  }
  expect(dependenciesOf(lock)).toEqual([
    { name: '@scope/c', version: '2.0.0', licence: 'ISC', runs: false },
    { name: 'a', version: '1.0.0', licence: 'MIT', runs: true },
  ])
})
