import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { adminKey } from '../../../src/platform/access/admin-key.ts'

/** The file of the admin key where something is amiss; what it is for stands in access.test.ts. */
const directory = mkdtempSync(join(tmpdir(), 'admin-key-file-'))
afterAll(() => rmSync(directory, { recursive: true }))
const inDirectory = (name: string) => ({ adminApiKey: null, dataDir: join(directory, name) })
const KEY = `cpa_admin_${'k'.repeat(43)}`

test('nothing is left beside it, whoever of several was first', async () => {
  const made = await Promise.all(Array.from({ length: 5 }, () => adminKey(inDirectory('beside'))))
  expect(readdirSync(join(directory, 'beside'))).toEqual(['admin-key'])
  expect(made.map(({ origin }) => origin).sort()).toEqual(['kept', 'kept', 'kept', 'kept', 'made'])
})

test('it may end with a line break, as an editor leaves it', async () => {
  mkdirSync(join(directory, 'edited'))
  writeFileSync(join(directory, 'edited', 'admin-key'), `${KEY}\r\n`)
  expect(await adminKey(inDirectory('edited'))).toMatchObject({ key: KEY, origin: 'kept' })
})

test.each([
  ['longer', `${KEY}k`],
  ['shorter', KEY.slice(0, -1)],
  ['written-twice', `${KEY}\n${KEY}`],
  ['with-its-name', `ADMIN_API_KEY=${KEY}`],
])('what is %s is no admin key', async (name, text) => {
  mkdirSync(join(directory, name))
  writeFileSync(join(directory, name, 'admin-key'), text)
  await expect(adminKey(inDirectory(name))).rejects.toThrow('does not hold an admin key')
})

test('a file that can’t be read stops the start, rather than have another key made', async () => {
  mkdirSync(join(directory, 'unreadable', 'admin-key'), { recursive: true })
  await expect(adminKey(inDirectory('unreadable'))).rejects.toThrow('EISDIR')
  expect(readdirSync(join(directory, 'unreadable'))).toEqual(['admin-key'])
})
