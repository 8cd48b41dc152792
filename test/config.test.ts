import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

test('an empty environment gives a service on loopback with an embedded database and the demo', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    databaseUrl: null,
    databaseReadUrl: null,
    adminApiKey: null,
    logLevel: 'info',
    demo: true,
    uploadLimitBytes: 1024 ** 3,
    publicUrl: null,
  })
})

test('an empty variable is an absent one', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: ' ', DEMO: '' })).toEqual(readConfig({}))
})

test('values are read', () => {
  const config = readConfig({
    HOST: '0.0.0.0',
    PORT: '0',
    ADMIN_API_KEY: 'k'.repeat(20),
    DATABASE_URL: 'postgres://me:hush@db/care',
    DATABASE_READ_URL: 'postgresql://me:hush@replica/care',
    DATA_DIR: '/var/lib/care',
    LOG_LEVEL: 'DEBUG',
    DEMO: '0',
    UPLOAD_LIMIT_BYTES: '5000',
    PUBLIC_URL: 'https://care.example.gov.uk/api/',
  })
  expect(config).toMatchObject({
    port: 0,
    dataDir: '/var/lib/care',
    logLevel: 'debug',
    demo: false,
    uploadLimitBytes: 5000,
    publicUrl: 'https://care.example.gov.uk/api',
  })
})

test('one error names every fault, and repeats no value', () => {
  const env = {
    PORT: '70000',
    ADMIN_API_KEY: 'short secret',
    DATABASE_URL: 'mysql://me:hush@db',
    LOG_LEVEL: 'loud',
    DEMO: 'maybe',
    UPLOAD_LIMIT_BYTES: '1e9',
    PUBLIC_URL: 'care.example.gov.uk',
  }
  const faults = faultsOf(env)
  for (const name of Object.keys(env))
    expect(faults.filter((fault) => fault.startsWith(name))).toHaveLength(1)
  for (const value of ['hush', 'short secret', '70000', 'mysql']) expect(faults.join()).not.toContain(value)
})

test.each(['0.0.0.0', '::', '10.1.2.3', 'care.internal', '127.evil.example'])(
  'listening on %s without an admin key is a fault that says so',
  (HOST) => {
    expect(faultsOf({ HOST }).join()).toContain('ADMIN_API_KEY must be set')
    expect(faultsOf({ HOST, ADMIN_API_KEY: 'k'.repeat(20) })).toEqual([])
  },
)

test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('%s needs no admin key', (HOST) => {
  expect(faultsOf({ HOST })).toEqual([])
})

test('a replica without a database is a fault', () => {
  expect(faultsOf({ DATABASE_READ_URL: 'postgres://replica/care' })).toHaveLength(1)
})

test('neither JSON nor the console shows a secret', () => {
  const config = readConfig({
    ADMIN_API_KEY: 'hush-hush-hush-hush-hush',
    DATABASE_URL: 'postgres://me:hush@db/care?password=hush&application_name=care',
  })
  for (const shown of [JSON.stringify(config), JSON.stringify({ config }), inspect(config)]) {
    expect(shown).not.toContain('hush')
    expect(shown).toContain('application_name=care')
  }
})

test('a config can’t be changed', () => {
  expect(Object.isFrozen(readConfig({}))).toBe(true)
})
