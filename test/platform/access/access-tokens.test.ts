import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, exportJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newAccessState } from '../../../src/platform/access/kept/access-state.ts'
import { newMasterKey } from '../../../src/platform/access/master-key.ts'
import { newSigningKeys, rotateSigningKey } from '../../../src/platform/access/tokens/signing-keys.ts'
import type { Database } from '../../../src/platform/database/database.ts'
import {
  type AccessApp,
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
  sendForm,
} from '../../support/access-app.ts'
import { forgedTokens, wronglyIssuedTokens } from '../../support/forged-tokens.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'

const MASTER = 'the-master-key-of-the-tests-0123456789'
const clock = movableClock()
let held: TestDatabase
let reads = 0
let away = false
let one: AccessApp
let other: AccessApp
beforeAll(async () => {
  held = await newDatabase()
  // A database that can go away, and counts how often it is asked.
  const database: Database = {
    ...held.database,
    read: (authorities, work) => {
      reads++
      if (away) return Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))
      return held.database.read(authorities, work)
    },
  }
  one = await accessApp({ database }, clock)
  other = await accessApp(held, clock)
})
afterAll(async () => {
  await one?.app.close()
  await other?.app.close()
  await held?.drop()
})

const statusOf = async ({ client }: AccessApp, token: string, url = ASKED) =>
  (await client.as(token).get(url)).statusCode

describe('a token of ours', () => {
  test('is a JWT of RFC 9068 that names the client, and no grants', async () => {
    const made = await newClient(one.client, 'extract')
    const token = await newToken(one.client, made)
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    const { iat, exp, ...claims } = decodeJwt(token)
    expect(exp! - iat!).toBe(900)
    expect(claims).toEqual({
      iss: PUBLIC_URL,
      aud: PUBLIC_URL,
      sub: made.id,
      client_id: made.id,
      scope: 'observations:read',
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    const answer = await other.client.as(token).get(ASKED)
    expect(answer.json()).toEqual({ name: 'extract', onBehalfOf: null })
    expect(await statusOf(one, token, ASKED.replace(KIRKLEES, LEEDS))).toBe(404)
  })

  test('is narrowed by its scope, and never widened', async () => {
    const made = await newClient(one.client, 'both', [
      { scopes: ['observations:read', 'children:read'], authorities: [KIRKLEES] },
    ])
    const children = ASKED.replace('figures', 'children')
    const narrow = await newToken(one.client, made, 'children:read')
    expect(await statusOf(one, narrow, children)).toBe(200)
    expect(await statusOf(one, narrow)).toBe(403)
    const refused = await sendForm(one.client, '/oauth/token', {
      grant_type: 'client_credentials',
      client_id: made.id,
      client_secret: made.secret,
      scope: 'children:read admin',
    })
    expect([refused.statusCode, refused.json().error]).toEqual([400, 'invalid_scope'])
  })

  test('holds no longer than its quarter of an hour, though its signature was verified before', async () => {
    const token = await newToken(one.client, await newClient(one.client, 'quarter'))
    clock.pass(899)
    expect(await statusOf(one, token)).toBe(200)
    clock.pass(1)
    expect(await statusOf(one, token)).toBe(401)
  })

  test('follows its client: changed and revoked clients act within five seconds in every process', async () => {
    const made = await newClient(one.client, 'followed')
    const token = await newToken(one.client, made)
    clock.pass(1)
    expect(await statusOf(other, token)).toBe(200)
    const url = `/v1/access/clients/${made.id}`
    const { etag } = (await one.client.get(url)).headers
    const put = await send(one.client, 'PUT', url, { grants: reading(LEEDS) }, { 'if-match': String(etag) })
    expect(put.statusCode).toBe(200)
    expect(await statusOf(one, token)).toBe(404)
    clock.pass(4.999)
    expect(await statusOf(other, token)).toBe(404)
    await send(one.client, 'DELETE', url)
    clock.pass(4.999)
    expect(await statusOf(other, token, ASKED.replace(KIRKLEES, LEEDS))).toBe(401)
  })

  test('is ended by its client alone, in every process', async () => {
    const made = await newClient(one.client, 'ender')
    const stranger = await newClient(one.client, 'stranger')
    const token = await newToken(one.client, made)
    const end = ({ id, secret }: { id: string; secret: string }, ended: string) =>
      sendForm(one.client, '/oauth/revoke', { token: ended, client_id: id, client_secret: secret })
    expect((await end(stranger, token)).json().error).toBe('unauthorized_client')
    expect(await statusOf(one, token)).toBe(200)
    expect((await end(made, 'what is no token')).statusCode).toBe(200)
    expect((await end(made, token)).statusCode).toBe(200)
    expect(await statusOf(one, token)).toBe(401)
    clock.pass(5)
    expect(await statusOf(other, token)).toBe(401)
  })

  test('costs no statement within two seconds, and the rest of the time one question', async () => {
    const token = await newToken(one.client, await newClient(one.client, 'cheap'))
    await statusOf(one, token)
    reads = 0
    clock.pass(1.9)
    await Promise.all(Array.from({ length: 20 }, () => statusOf(one, token)))
    expect(reads).toBe(0)
    clock.pass(0.2)
    await Promise.all(Array.from({ length: 20 }, () => statusOf(one, token)))
    expect(reads).toBe(1)
  })

  test('is neither let in nor called bad while the database is away for longer than five seconds', async () => {
    const token = await newToken(one.client, await newClient(one.client, 'patient'))
    expect(await statusOf(one, token)).toBe(200)
    away = true
    clock.pass(4.9)
    expect(await statusOf(one, token)).toBe(200)
    clock.pass(0.2)
    const response = await one.client.as(token).get(ASKED)
    expect(response.statusCode).toBe(503)
    expect(response.headers['retry-after']).toBeDefined()
    // The admin key needs no database.
    expect((await one.client.get(ASKED)).statusCode).toBe(200)
    away = false
    expect(await statusOf(one, token)).toBe(200)
  })
})

describe('a forged or wrongly issued token', () => {
  test('is refused, whatever was done to it', async () => {
    const token = await newToken(one.client, await newClient(one.client, 'forged'))
    const state = newAccessState(held.database, clock.now)
    const keys = newSigningKeys({ ...held, state, master: newMasterKey(MASTER), now: clock.now })
    const { kid, key: privateKey } = await keys.signer()
    const publicKey = createPublicKey(privateKey)
    const from = {
      alg: 'ES256',
      kid,
      typ: 'at+jwt',
      claims: decodeJwt(token),
      privateKey,
      publicJwk: publicKey.export({ format: 'jwk' }) as Record<string, unknown>,
      publicPem: publicKey.export({ format: 'pem', type: 'spki' }) as string,
    }
    expect(await statusOf(one, token)).toBe(200)
    const forged = { ...(await forgedTokens(from)), ...(await wronglyIssuedTokens(from, clock.now())) }
    for (const [name, bad] of Object.entries(forged)) expect(await statusOf(one, bad), name).toBe(401)
    // The one that they were made from is good: it is not the test that is refused.
    const soon = { ...from.claims, nbf: Math.floor(clock.now().getTime() / 1000) + 30 }
    const good = await new SignJWT(soon)
      .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' })
      .sign(privateKey)
    expect(await statusOf(one, good)).toBe(200)
  })
})

describe('signing keys', () => {
  const kids = async () =>
    (await one.client.as(null).get('/oauth/jwks.json')).json().keys.map(({ kid }: { kid: string }) => kid)

  test('are made once by processes that start at one moment, and kept sealed', async () => {
    const fresh = await newDatabase()
    const signers = await Promise.all(
      Array.from({ length: 4 }, () => {
        const state = newAccessState(fresh.database, clock.now)
        const options = { database: fresh.database, state, master: newMasterKey(MASTER), now: clock.now }
        return newSigningKeys(options).signer()
      }),
    )
    expect(new Set(signers.map(({ kid }) => kid)).size).toBe(1)
    const [row] = await fresh.database.read([], (transaction) =>
      transaction.query<{ private_key: Buffer }>('test', 'select k.private_key from access.signing_key k'),
    )
    expect(row!.private_key.toString('latin1')).not.toContain('PRIVATE KEY')
    await fresh.drop()
  })

  test('give way to another while tokens of the one before stay good', async () => {
    const made = await newClient(one.client, 'rotation')
    const before = await newToken(one.client, made)
    await held.database.write([], (transaction) =>
      rotateSigningKey(transaction, newMasterKey(MASTER), clock.now(), false),
    )
    clock.pass(2)
    const after = await newToken(one.client, made)
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid)
    expect(await kids()).toHaveLength(2)
    for (const token of [before, after]) expect(await statusOf(other, token)).toBe(200)
    clock.pass(16 * 60)
    expect(await kids()).toEqual([decodeProtectedHeader(after).kid])
  })

  test('that got into wrong hands end at once, with their tokens', async () => {
    const made = await newClient(one.client, 'leak')
    const before = await newToken(one.client, made)
    expect(await statusOf(one, before)).toBe(200)
    await held.database.write([], (transaction) =>
      rotateSigningKey(transaction, newMasterKey(MASTER), clock.now(), true),
    )
    clock.pass(5)
    expect(await statusOf(one, before)).toBe(401)
    expect(await statusOf(one, await newToken(one.client, made))).toBe(200)
  })
})

describe('the token endpoint', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  let id: string
  beforeAll(async () => {
    const made = await send(one.client, 'POST', '/v1/access/clients', {
      name: 'asserting',
      grants: reading(KIRKLEES),
      jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }] },
    })
    expect(made.statusCode, made.body).toBe(201)
    id = made.json().id
  })

  const seconds = () => Math.floor(clock.now().getTime() / 1000)
  const assertion = (claims: object = {}, header: object = {}, key = pair.privateKey) =>
    new SignJWT({
      iss: id,
      sub: id,
      aud: `${PUBLIC_URL}/oauth/token`,
      iat: seconds(),
      exp: seconds() + 60,
      jti: randomUUID(),
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
      .sign(key)
  const assert = (text: string, more: Record<string, string> = {}) =>
    sendForm(one.client, '/oauth/token', {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: text,
      ...more,
    })

  test('takes an assertion that the client has signed, once', async () => {
    const signed = await assertion()
    const first = await assert(signed)
    expect(first.statusCode, first.body).toBe(200)
    expect(first.headers['cache-control']).toBe('no-store')
    expect(await statusOf(one, first.json().access_token)).toBe(200)
    const again = await assert(signed)
    expect([again.statusCode, again.json().error]).toEqual([401, 'invalid_client'])
    expect((await assert(await assertion({ aud: PUBLIC_URL }))).statusCode).toBe(200)
  })

  test('takes of two that come at once with one jti only one', async () => {
    const signed = await assertion()
    const answers = await Promise.all([assert(signed), assert(signed), assert(signed)])
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401])
  })

  test('refuses an assertion that is not for it, not lately made or not the client’s', async () => {
    clock.pass(120)
    const { jti: _jti, ...without } = decodeJwt(await assertion())
    const bad: Record<string, string> = {
      audience: await assertion({ aud: 'https://elsewhere.example/oauth/token' }),
      audiences: await assertion({ aud: [PUBLIC_URL, 'https://elsewhere.example'] }),
      expired: await assertion({ exp: seconds() - 1 }),
      'too long': await assertion({ exp: seconds() + 3600 }),
      kind: await assertion({}, { typ: 'at+jwt' }),
      'another key': await assertion({}, {}, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
      'no jti': await new SignJWT(without)
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .sign(pair.privateKey),
    }
    for (const [name, text] of Object.entries(bad)) {
      const { statusCode, body } = await assert(text)
      expect([statusCode, JSON.parse(body).error], name).toEqual([401, 'invalid_client'])
    }
  })

  test('takes a secret by Basic, and names the fault of whatever else is sent', async () => {
    const made = await newClient(one.client, 'basic')
    const basic = { authorization: `Basic ${Buffer.from(`${made.id}:${made.secret}`).toString('base64')}` }
    const ask = (form: Record<string, string>, headers: Record<string, string> = basic) =>
      sendForm(one.client, '/oauth/token', form, headers)
    expect((await ask({ grant_type: 'client_credentials' })).statusCode).toBe(200)
    for (const [form, headers, status, error] of [
      [{}, basic, 400, 'invalid_request'],
      [{ grant_type: 'password' }, basic, 400, 'unsupported_grant_type'],
      [{ grant_type: 'client_credentials', client_secret: 'x' }, basic, 400, 'invalid_request'],
      [{ grant_type: 'client_credentials', client_id: id }, basic, 400, 'invalid_request'],
      [{ grant_type: 'client_credentials' }, {}, 401, 'invalid_client'],
      [{ grant_type: 'client_credentials' }, { authorization: 'Basic %' }, 401, 'invalid_client'],
      [{ grant_type: 'client_credentials' }, { 'content-type': 'text/plain' }, 400, 'invalid_request'],
    ] as const) {
      const answer = await ask(form, headers as Record<string, string>)
      expect([answer.statusCode, answer.json().error], answer.body).toEqual([status, error])
      expect(answer.headers['cache-control']).toBe('no-store')
      if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Basic /)
    }
  })

  test('listens no more to a client that has failed ten times in a minute from an address', async () => {
    const made = await newClient(one.client, 'guessed')
    const guess = (secret: string) =>
      sendForm(one.client, '/oauth/token', {
        grant_type: 'client_credentials',
        client_id: made.id,
        client_secret: secret,
      })
    for (let time = 0; time < 10; time++) expect((await guess('wrong')).statusCode).toBe(401)
    const refused = await guess(made.secret)
    expect(refused.statusCode).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    // Another client from there is heard all the same.
    await newToken(one.client, await newClient(one.client, 'bystander'))
  })
})
