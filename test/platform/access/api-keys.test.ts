import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newApiKey, prefixOf } from '../../../src/platform/access/keys/api-key.ts'
import {
  type AccessApp,
  ASKED,
  accessApp,
  KIRKLEES,
  LEEDS,
  movableClock,
  newKey,
  reading,
  send,
} from '../../support/access-app.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'

const clock = movableClock()
let held: TestDatabase
let one: AccessApp
let other: AccessApp
beforeAll(async () => {
  held = await newDatabase()
  one = await accessApp(held, clock)
  other = await accessApp(held, clock)
})
afterAll(async () => {
  await one?.app.close()
  await other?.app.close()
  await held?.drop()
})

describe('the form of a key', () => {
  test('says what it is, and tells a mistyped one from one of the form', () => {
    const { key, prefix } = newApiKey()
    expect(key).toMatch(/^cpa_live_[a-z0-9]{8}_[A-Za-z0-9]{49}$/)
    expect(prefixOf(key)).toBe(prefix)
    for (let place = 0; place < key.length; place++) {
      const digit = key[place] === 'a' ? 'b' : 'a'
      expect(prefixOf(key.slice(0, place) + digit + key.slice(place + 1)), `place ${place}`).toBeNull()
    }
    expect(prefixOf(`${key}a`)).toBeNull()
    expect(prefixOf(key.slice(0, -1))).toBeNull()
  })
})

describe('an API key', () => {
  test('is let in for what it was given, in every process at once, and is shown once', async () => {
    const { id, key } = await newKey(one.client, 'power-bi')
    for (const { client } of [one, other]) {
      expect((await client.as(key).get(ASKED)).statusCode).toBe(200)
      expect((await client.as(key).get(ASKED.replace(KIRKLEES, LEEDS))).statusCode).toBe(404)
    }
    const shown = await one.client.get(`/v1/access/keys/${id}`)
    const list = await one.client.get('/v1/access/keys')
    for (const { body } of [shown, list]) {
      expect(body).toContain('power-bi')
      expect(body).not.toContain(key)
      expect(body).not.toContain(key.slice(-30))
    }
    expect([...one.log, ...other.log].join()).not.toContain(key.slice(-30))
    expect(other.log.some((line) => line.includes(`power-bi (key ${key.slice(9, 17)})`))).toBe(true)
  })

  test('of the right form that is nobody’s is 401', async () => {
    const response = await one.client.as(newApiKey().key).get(ASKED)
    expect(response.statusCode).toBe(401)
    expect(response.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
  })

  test('with the prefix of another and its own secret is 401', async () => {
    const { key } = await newKey(one.client, 'prefix')
    const { hash, ...made } = newApiKey()
    expect(hash).toHaveLength(32)
    const forged = key.slice(0, 18) + made.key.slice(18)
    expect((await one.client.as(forged).get(ASKED)).statusCode).toBe(401)
  })

  test('that is revoked is refused at once here, and within five seconds in another process', async () => {
    const { id, key } = await newKey(one.client, 'revoked')
    clock.pass(1)
    expect((await other.client.as(key).get(ASKED)).statusCode).toBe(200)
    expect((await send(one.client, 'DELETE', `/v1/access/keys/${id}`)).statusCode).toBe(204)
    expect((await one.client.as(key).get(ASKED)).statusCode).toBe(401)
    clock.pass(5)
    expect((await other.client.as(key).get(ASKED)).statusCode).toBe(401)
  })

  test('expires by the clock of the call, whatever was read before', async () => {
    const { key } = await newKey(one.client, 'expires')
    const until = new Date(clock.now().getTime() + 1000).toISOString()
    const made = await send(one.client, 'POST', '/v1/access/keys', {
      name: 'soon',
      grants: reading(KIRKLEES),
      expiresAt: until,
    })
    const soon = made.json().key
    expect((await one.client.as(soon).get(ASKED)).statusCode).toBe(200)
    clock.pass(1)
    expect((await one.client.as(soon).get(ASKED)).statusCode).toBe(401)
    clock.pass(90 * 24 * 3600 - 2)
    expect((await one.client.as(key).get(ASKED)).statusCode).toBe(200)
    clock.pass(1)
    expect((await one.client.as(key).get(ASKED)).statusCode).toBe(401)
  })

  test('is never given what keys may not carry', async () => {
    const refused = await send(one.client, 'POST', '/v1/access/keys', {
      name: 'greedy',
      grants: [
        { scopes: ['children:read', 'admin', 'observation:read'], authorities: [KIRKLEES, 'E08000999'] },
      ],
      expiresAt: '2099-01-01T00:00:00Z',
    })
    expect(refused.statusCode).toBe(422)
    expect(
      refused.json().errors.map((fault: { pointer: string; code: string }) => [fault.pointer, fault.code]),
    ).toEqual([
      ['/body/grants/0/authorities/1', 'unknown-authority'],
      ['/body/grants/0/scopes/0', 'scope-not-given'],
      ['/body/grants/0/scopes/1', 'scope-not-given'],
      ['/body/grants/0/scopes/2', 'unknown-scope'],
      ['/body/expiresAt', 'too-late'],
    ])
  })

  test('loses a scope that the configuration takes from keys, without being touched', async () => {
    const wide = await accessApp(held, clock, { API_KEY_SCOPES: 'observations:read children:read' })
    const { key } = await newKey(wide.client, 'wide', [
      { scopes: ['observations:read', 'children:read'], authorities: [KIRKLEES] },
    ])
    const children = `/v1/authorities/${KIRKLEES}/children`
    expect((await wide.client.as(key).get(children)).statusCode).toBe(200)
    expect((await one.client.as(key).get(children)).statusCode).toBe(403)
    expect((await one.client.as(key).get(ASKED)).statusCode).toBe(200)
    await wide.app.close()
  })
})
