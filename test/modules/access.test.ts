import { generateKeyPairSync } from 'node:crypto'
import { exportJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessCommand } from '../../src/cli/access-command.ts'
import { readConfig } from '../../src/config.ts'
import {
  type AccessApp,
  ADMIN_KEY,
  ASKED,
  accessApp,
  KIRKLEES,
  LEEDS,
  movableClock,
  newClient,
  newToken,
  PUBLIC_URL,
  reading,
  send,
} from '../support/access-app.ts'
import type { TestClient } from '../support/client.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

const ISSUER = 'https://login.example/tenant/v2.0'
const clock = movableClock()
let held: TestDatabase
let one: AccessApp
/** An admin of one authority. */
let local: TestClient
beforeAll(async () => {
  held = await newDatabase()
  one = await accessApp(held, clock, {
    OIDC_ISSUERS: JSON.stringify([{ issuer: ISSUER, audience: 'api://care', jwksUri: `${ISSUER}/keys` }]),
  })
  const admin = await newClient(one.client, 'admin of Kirklees', [
    { scopes: ['admin'], authorities: [KIRKLEES] },
  ])
  local = one.client.as(await newToken(one.client, admin))
})
afterAll(async () => {
  await one?.app.close()
  await held?.drop()
})

const CLIENTS = '/v1/access/clients'
const codes = (response: { json(): { errors: { pointer: string; code: string }[] } }) =>
  response.json().errors.map(({ pointer, code }) => `${pointer} ${code}`)

describe('a client', () => {
  test('is made, read, changed in the state that it is in, and revoked', async () => {
    const made = await send(one.client, 'POST', CLIENTS, { name: 'extract', grants: reading('382') })
    expect(made.statusCode, made.body).toBe(201)
    expect(made.json()).toMatchObject({
      grants: [{ scopes: ['observations:read'], authorities: [KIRKLEES] }],
      createdBy: 'admin-key',
      version: 1,
      secrets: [],
      jwks: null,
    })
    const url = String(made.headers.location)
    const first = String(made.headers.etag)
    expect((await one.client.get(url, { 'if-none-match': first })).statusCode).toBe(304)

    const change = { grants: reading(LEEDS) }
    expect((await send(one.client, 'PUT', url, change)).statusCode).toBe(428)
    const put = await send(one.client, 'PUT', url, change, { 'if-match': first })
    expect(put.statusCode, put.body).toBe(200)
    expect(put.json().version).toBe(2)
    expect((await send(one.client, 'PUT', url, change, { 'if-match': first })).statusCode).toBe(412)
    expect((await send(one.client, 'DELETE', url, undefined, { 'if-match': first })).statusCode).toBe(412)

    expect((await send(one.client, 'DELETE', url)).statusCode).toBe(204)
    const after = await one.client.get(url)
    expect(after.json()).toMatchObject({ revokedBy: 'admin-key', version: 3 })
    const late = await send(one.client, 'PUT', url, change, { 'if-match': String(after.headers.etag) })
    expect([late.statusCode, codes(late)]).toEqual([422, ['/path/id revoked']])
  })

  test('of two changes of one state only one is made', async () => {
    const made = await send(one.client, 'POST', CLIENTS, { name: 'raced', grants: reading(KIRKLEES) })
    const headers = { 'if-match': String(made.headers.etag) }
    const answers = await Promise.all(
      [LEEDS, KIRKLEES, LEEDS, KIRKLEES].map((code) =>
        send(one.client, 'PUT', `${CLIENTS}/${made.json().id}`, { grants: reading(code) }, headers),
      ),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412, 412, 412])
  })

  test('has secrets that are shown once, take one another’s place, and are revoked one by one', async () => {
    const { id, secret } = await newClient(one.client, 'rotating')
    const second = (await send(one.client, 'POST', `${CLIENTS}/${id}/secrets`, {})).json()
    await newToken(one.client, { id, secret })
    await newToken(one.client, { id, secret: second.secret })
    const shown = await one.client.get(`${CLIENTS}/${id}`)
    expect(shown.json().secrets).toHaveLength(2)
    expect(shown.body).not.toContain(secret)
    const first = shown.json().secrets.find((one: { id: string }) => one.id !== second.made.id)
    expect((await send(one.client, 'DELETE', `${CLIENTS}/${id}/secrets/${first.id}`)).statusCode).toBe(204)
    await expect(newToken(one.client, { id, secret })).rejects.toThrow('invalid_client')
    await newToken(one.client, { id, secret: second.secret })
    expect(one.log.join()).not.toContain(secret)
  })

  test('keeps the name to itself, and names every fault of what is asked for', async () => {
    const twice = await send(one.client, 'POST', CLIENTS, { name: 'rotating', grants: reading(KIRKLEES) })
    expect([twice.statusCode, codes(twice)]).toEqual([422, ['/body/name name-taken']])
    const disguised = { name: 'board-app of login.example.org', grants: reading(KIRKLEES) }
    const refusedName = await send(one.client, 'POST', CLIENTS, disguised)
    expect([refusedName.statusCode, codes(refusedName)]).toEqual([422, ['/body/name name-taken']])
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
    const refused = await send(one.client, 'POST', CLIENTS, {
      name: 'admin-key',
      grants: [{ scopes: ['observation:read'], authorities: ['*', KIRKLEES] }],
      jwks: { keys: [await exportJWK(privateKey), await exportJWK(weak), { kty: 'EC', kid: 'a' }] },
      expiresAt: '2020-01-01T00:00:00Z',
    })
    expect([refused.statusCode, codes(refused)]).toEqual([
      422,
      [
        '/body/name name-taken',
        '/body/grants/0/authorities not-alone',
        '/body/grants/0/scopes/0 unknown-scope',
        '/body/jwks/keys/0 not-public',
        '/body/jwks/keys/1 key-not-taken',
        '/body/jwks/keys/2 key-not-taken',
        '/body/jwks/keys kid-needed',
        '/body/expiresAt in-the-past',
      ],
    ])
    const malformed = await send(one.client, 'POST', CLIENTS, { name: 'x\n', grants: [], isAdmin: true })
    expect(malformed.statusCode).toBe(400)
    expect(malformed.json().errors.length).toBeGreaterThanOrEqual(3)
  })
})

describe('an admin of some authorities', () => {
  test('manages what lies wholly within them, and can’t tell the rest from what does not exist', async () => {
    const [within, beyond] = [
      await newClient(one.client, 'within', reading(KIRKLEES)),
      await newClient(one.client, 'beyond', reading(KIRKLEES, LEEDS)),
    ]
    const list = (await local.get(`${CLIENTS}?limit=1000`)).json().data.map(({ id }: { id: string }) => id)
    expect(list).toContain(within.id)
    expect(list).not.toContain(beyond.id)
    expect((await local.get(`${CLIENTS}/${within.id}`)).statusCode).toBe(200)
    for (const response of [
      await local.get(`${CLIENTS}/${beyond.id}`),
      await send(local, 'PUT', `${CLIENTS}/${beyond.id}`, { grants: reading(KIRKLEES) }, { 'if-match': '*' }),
      await send(local, 'DELETE', `${CLIENTS}/${beyond.id}`),
      await send(local, 'POST', `${CLIENTS}/${beyond.id}/secrets`, {}),
    ])
      expect([response.statusCode, response.json().type.split('/').at(-1)]).toEqual([404, 'unknown-client'])
    await newToken(one.client, beyond)
  })

  test('gives no more than it has', async () => {
    for (const path of ['clients', 'keys', 'grants']) {
      const body = {
        ...(path === 'grants' ? { issuer: ISSUER, claim: 'roles', value: 'r' } : { name: `greedy-${path}` }),
        grants: [...reading(KIRKLEES), ...reading(LEEDS), ...reading('*')],
      }
      const refused = await send(local, 'POST', `/v1/access/${path}`, body)
      expect([refused.statusCode, codes(refused)], path).toEqual([
        422,
        [
          '/body/grants/1/authorities/0 unknown-authority',
          '/body/grants/2/authorities beyond-own-authorities',
        ],
      ])
      const given = await send(local, 'POST', `/v1/access/${path}`, { ...body, grants: reading(KIRKLEES) })
      expect(given.statusCode, given.body).toBe(201)
    }
  })
})

describe('a grant to the bearers of an issuer’s tokens', () => {
  test('is made for an issuer that is believed, changed and revoked', async () => {
    const wanted = { issuer: ISSUER, claim: 'roles', value: 'Figures.Read', grants: reading(KIRKLEES) }
    const unknown = await send(one.client, 'POST', '/v1/access/grants', {
      ...wanted,
      issuer: 'https://x.example',
    })
    expect([unknown.statusCode, codes(unknown)]).toEqual([422, ['/body/issuer unknown-issuer']])
    const made = await send(one.client, 'POST', '/v1/access/grants', wanted)
    const url = String(made.headers.location)
    const headers = { 'if-match': String(made.headers.etag) }
    expect((await send(one.client, 'PUT', url, { ...wanted, value: 'Other' })).statusCode).toBe(428)
    const put = await send(one.client, 'PUT', url, { ...wanted, value: 'Other' }, headers)
    expect(put.json()).toMatchObject({ value: 'Other', version: 2 })
    expect((await send(one.client, 'PUT', url, wanted, headers)).statusCode).toBe(412)
    expect((await send(one.client, 'DELETE', url)).statusCode).toBe(204)
    expect((await one.client.get(url)).json().revokedBy).toBe('admin-key')
  })
})

describe('a list', () => {
  test('is given by pages in the order in which things were made; a made-up cursor is refused', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const answer = await one.client.get(`${CLIENTS}?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`)
      expect(answer.statusCode).toBe(200)
      const { data, next } = answer.json()
      seen.push(...data.map(({ id }: { id: string }) => id))
      cursor = next
    } while (cursor !== null)
    const whole = (await one.client.get(`${CLIENTS}?limit=1000`)).json().data
    expect(seen).toEqual(whole.map(({ id }: { id: string }) => id))
    expect((await one.client.get(`${CLIENTS}?cursor=made-up`)).statusCode).toBe(400)
    // A cursor of one list is none of another.
    const { next } = (await one.client.get(`${CLIENTS}?limit=1`)).json()
    expect((await one.client.get(`/v1/access/keys?cursor=${next}`)).statusCode).toBe(400)
  })
})

describe('the command line', () => {
  test('makes, lists and revokes keys and clients that processes know at once', async () => {
    const env = { ADMIN_API_KEY: ADMIN_KEY, PUBLIC_URL, DATABASE_URL: held.url }
    const run = async (...args: string[]) => {
      const lines: string[] = []
      const console = {
        print: (line: string) => lines.push(line),
        complain: (line: string) => lines.push(line),
      }
      return { code: await accessCommand(readConfig(env), args, console), text: lines.join('\n') }
    }
    const made = await run('key', 'create', 'from-a-shell', '--grant', `observations:read@${KIRKLEES}`)
    const key = /cpa_live_\w+/.exec(made.text)![0]
    clock.pass(1)
    const called = await one.client.as(key).get(ASKED)
    expect(called.statusCode).toBe(200)
    expect(await run('key', 'list')).toMatchObject({ code: 0, text: expect.stringContaining('from-a-shell') })
    expect((await run('key', 'list')).text).not.toContain(key)

    const client = await run('client', 'create', 'shell', '--grant', `observations:read@${KIRKLEES}`)
    const [, id] = /client id {2}(\S+)/.exec(client.text)!
    const [, secret] = /secret {5}(\S+)/.exec(client.text)!
    clock.pass(1)
    await newToken(one.client, { id: id!, secret: secret! })
    const [, second] = /secret {5}(\S+)/.exec((await run('client', 'rotate-secret', id!)).text)!
    clock.pass(1)
    await newToken(one.client, { id: id!, secret: second! })
    expect((await run('rotate-signing-key')).code).toBe(0)
    expect((await run('client', 'revoke', id!)).text).toBe('revoked')
    expect((await run('client', 'revoke', 'nobody')).code).toBe(1)
    expect((await run('key', 'make')).code).toBe(2)
    await expect(run('key', 'create', 'wide', '--grant', 'admin@*')).rejects.toThrow('API_KEY_SCOPES')
  })
})
