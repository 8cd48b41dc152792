import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type AccessApp,
  ASKED,
  accessApp,
  KIRKLEES,
  LEEDS,
  movableClock,
  reading,
  send,
} from '../../support/access-app.ts'
import { forgedTokens, wronglyIssuedTokens } from '../../support/forged-tokens.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'

const AUDIENCE = 'api://care-figures'
const clock = movableClock()

const newKeyPair = (kid: string) => ({ kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) })
let pair = newKeyPair('first')
const published = async ({ kid, publicKey } = pair) => ({
  ...(await exportJWK(publicKey)),
  kid,
  alg: 'RS256',
  use: 'sig',
})

/** An issuer on this machine, whose keys change, and which can stop answering. */
let server: Server
let issuer: string
let keys: object[] = []
let asked = 0
let answer: 'keys' | 'nothing' | 'too much' = 'keys'

let held: TestDatabase
let one: AccessApp
beforeAll(async () => {
  keys = [await published()]
  server = createServer((request, response) => {
    asked++
    if (answer === 'nothing') return response.writeHead(500).end()
    if (answer === 'too much') return response.end(`{"keys":[],"pad":"${'x'.repeat(300_000)}"}`)
    return response.end(
      JSON.stringify(
        request.url === '/keys'
          ? { keys }
          : { issuer, jwks_uri: `${issuer}/keys`, response_types_supported: [] },
      ),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  held = await newDatabase()
  one = await accessApp(held, clock, {
    OIDC_ISSUERS: JSON.stringify([
      {
        issuer,
        audience: AUDIENCE,
        nameClaim: 'oid',
        grants: [
          { claim: 'roles', value: 'Figures.Read', scopes: ['observations:read'], authorities: ['382'] },
        ],
      },
    ]),
  })
})
afterAll(async () => {
  await one?.app.close()
  await held?.drop()
  server?.close()
})

const claims = (more: JWTPayload = {}): JWTPayload => {
  const seconds = Math.floor(clock.now().getTime() / 1000)
  return {
    iss: issuer,
    aud: AUDIENCE,
    sub: 'subject',
    azp: 'power-bi',
    oid: 'person-17',
    roles: ['Other', 'Figures.Read'],
    iat: seconds,
    exp: seconds + 3600,
    ...more,
  }
}
const tokenOf = (more: JWTPayload = {}, { kid, privateKey } = pair): Promise<string> =>
  new SignJWT(claims(more)).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(privateKey)
const ask = (token: string, url = ASKED) => one.client.as(token).get(url)

describe('a token of an issuer that is configured', () => {
  test('is let in by the grants of the configuration, and names the client and the person', async () => {
    const response = await ask(await tokenOf())
    expect(response.statusCode, response.body).toBe(200)
    expect(response.json()).toEqual({
      name: `power-bi of ${new URL(issuer).host}`,
      onBehalfOf: 'person-17',
    })
    expect((await ask(await tokenOf(), ASKED.replace(KIRKLEES, LEEDS))).statusCode).toBe(404)
    expect((await ask(await tokenOf(), ASKED.replace('figures', 'children'))).statusCode).toBe(403)
  })

  test('without any grant is 403: it is known who calls', async () => {
    expect((await ask(await tokenOf({ roles: ['figures.read'] }))).statusCode).toBe(403)
    expect((await ask(await tokenOf({ roles: 'Figures.Read Other' }))).statusCode).toBe(403)
  })

  test('is let in by grants that are kept, of each claim and form, until they are revoked', async () => {
    for (const [claim, value, sent] of [
      ['groups', 'g-1', ['g-0', 'g-1']],
      ['scp', 'figures.read', 'openid figures.read'],
      ['appid', 'extract', 'extract'],
    ] as const) {
      const made = await send(one.client, 'POST', '/v1/access/grants', {
        issuer,
        claim,
        value,
        grants: reading(LEEDS),
      })
      expect(made.statusCode, made.body).toBe(201)
      const token = await tokenOf({ roles: [], [claim]: sent })
      const url = ASKED.replace(KIRKLEES, LEEDS)
      expect((await ask(token, url)).statusCode, claim).toBe(200)
      await send(one.client, 'DELETE', `/v1/access/grants/${made.json().id}`)
      expect((await ask(token, url)).statusCode, claim).toBe(403)
    }
  })

  test('expires by the clock of the call, though its signature was verified before', async () => {
    const token = await tokenOf({ exp: Math.floor(clock.now().getTime() / 1000) + 10 })
    clock.pass(9)
    expect((await ask(token)).statusCode).toBe(200)
    clock.pass(1)
    expect((await ask(token)).statusCode).toBe(401)
  })

  test('may be from a moment on that a clock which is a little ahead says is now', async () => {
    const seconds = Math.floor(clock.now().getTime() / 1000)
    expect((await ask(await tokenOf({ nbf: seconds + 59 }))).statusCode).toBe(200)
    expect((await ask(await tokenOf({ nbf: seconds + 61 }))).statusCode).toBe(401)
  })

  test('is refused when forged, whatever was done to it', async () => {
    const publicKey = createPublicKey(pair.privateKey)
    const from = {
      alg: 'RS256',
      kid: pair.kid,
      typ: 'JWT',
      claims: claims(),
      privateKey: pair.privateKey,
      publicJwk: await published(),
      publicPem: publicKey.export({ format: 'pem', type: 'spki' }) as string,
    }
    const forged = { ...(await forgedTokens(from)), ...(await wronglyIssuedTokens(from, clock.now())) }
    for (const [name, token] of Object.entries(forged)) expect((await ask(token)).statusCode, name).toBe(401)
  })
})

describe('the keys of an issuer', () => {
  test('change, and the next token is verified with the new one; of the old one no more', async () => {
    const before = await tokenOf()
    expect((await ask(before)).statusCode).toBe(200)
    const first = pair
    pair = newKeyPair('second')
    keys = [await published()]
    expect((await ask(await tokenOf())).statusCode).toBe(200)
    clock.pass(61)
    expect((await ask(await tokenOf({}, first))).statusCode).toBe(401)
    expect((await ask(before)).statusCode).toBe(401)
  })

  test('that can’t be had make a token neither good nor bad; those held are good all the same', async () => {
    const known = await tokenOf()
    const first = pair
    pair = newKeyPair('third')
    keys = [await published(first), await published()]
    const unknown = await tokenOf()
    for (const fault of ['nothing', 'too much'] as const) {
      answer = fault
      expect((await ask(unknown)).statusCode, fault).toBe(503)
      expect((await ask(known)).statusCode, fault).toBe(200)
      // It is left alone for a moment, rather than asked for every call.
      const before = asked
      await Promise.all(Array.from({ length: 10 }, () => ask(unknown)))
      expect(asked).toBe(before)
      clock.pass(1)
    }
    answer = 'keys'
    expect((await ask(unknown)).statusCode).toBe(200)
  })
})

test('a scope or an authority of the configuration that there is none of stops the start', async () => {
  const { faultsOfAccess } = await import('../../../src/platform/access/configured-access.ts')
  const grant = { claim: 'roles', value: 'x', scopes: ['observation:read'], authorities: ['E08000999'] }
  const one = { issuer: 'https://a.example', audience: 'a', jwksUri: null, nameClaim: 'sub', grants: [grant] }
  const faults = faultsOfAccess({
    apiKeyScopes: ['admin', 'figures'],
    apiKeyDays: 90,
    publicUrl: null,
    oidcIssuers: [one, { ...one, grants: [] }],
  })
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'API_KEY_SCOPES',
    'API_KEY_SCOPES',
    'OIDC_ISSUERS[0].grants[0].scopes',
    'OIDC_ISSUERS[0].grants[0].authorities',
    'OIDC_ISSUERS[1].issuer stands there twice',
  ])
})
