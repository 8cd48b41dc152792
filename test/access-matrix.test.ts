import { createPublicKey } from 'node:crypto'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { findAdmin } from '../src/platform/access/admin-key.ts'
import { SCOPES, type Scope } from '../src/platform/access/caller.ts'
import { newAccessState } from '../src/platform/access/kept/access-state.ts'
import { newMasterKey } from '../src/platform/access/master-key.ts'
import { newSigningKeys } from '../src/platform/access/tokens/signing-keys.ts'
import { buildService } from '../src/service.ts'
import { RECORD_KINDS } from '../src/vocabulary/record-kinds.ts'
import {
  ADMIN_KEY,
  KIRKLEES,
  LEEDS,
  movableClock,
  newClient,
  newKey,
  newToken,
  PUBLIC_URL,
  send,
} from './support/access-app.ts'
import { clientOf, type TestClient } from './support/client.ts'
import { forgedTokens, wronglyIssuedTokens } from './support/forged-tokens.ts'
import { newDatabase, type TestDatabase } from './support/postgres.ts'

/*
 * Who may make which call: every route of the router, against every way to have no leave for it. A route that is not
 * in the table fails the first test: say there whose leave it takes.
 */

/** What a call is about, which says what becomes of it for whoever covers another authority. */
type About =
  /** The authority in its address: another's answers as one that does not exist. */
  | 'authority'
  /** The authorities in its query. */
  | 'queried'
  /** What is the same for everybody. */
  | 'everybody'
  /** What holds for everybody, and so takes leave for every authority. */
  | 'everywhere'

interface Expected {
  readonly about: About
  readonly scopes: readonly Scope[]
  /** What the call needs to get as far as asking whose leave it is. */
  readonly query?: string
}

const FIGURES: readonly Scope[] = ['observations:read', 'observations:read:public']
const READERS: readonly Scope[] = [...FIGURES, 'returns:write', 'reference:write']
const of = (about: About, scopes: Scope | readonly Scope[], query?: string): Expected => ({
  about,
  scopes: typeof scopes === 'string' ? [scopes] : scopes,
  ...(query !== undefined && { query }),
})
const mine = (scopes: Scope | readonly Scope[], query?: string) => of('authority', scopes, query)

const HERE = '/v1/authorities/:authority'

/** A call by GET stands for HEAD as well. */
const GUARDED: Readonly<Record<string, Expected>> = {
  ...Object.fromEntries(
    [
      'POST clients',
      'GET clients',
      'GET clients/:id',
      'PUT clients/:id',
      'DELETE clients/:id',
      'POST clients/:id/secrets',
      'DELETE clients/:id/secrets/:secret',
      'POST keys',
      'GET keys',
      'GET keys/:id',
      'DELETE keys/:id',
      'POST grants',
      'GET grants',
      'GET grants/:id',
      'PUT grants/:id',
      'DELETE grants/:id',
    ].map((call) => [call.replace(' ', ' /v1/access/'), of('everybody', 'admin')]),
  ),
  [`POST ${HERE}/returns`]: mine('returns:write', 'year=2024-25'),
  [`GET ${HERE}/returns`]: mine(['observations:read', 'returns:write']),
  [`GET ${HERE}/returns/:id`]: mine(['observations:read', 'returns:write']),
  [`GET ${HERE}/returns/:id/findings`]: mine('returns:write'),
  [`DELETE ${HERE}/returns/:id`]: mine('returns:write'),
  'GET /v1/record-kinds': of('everybody', ['observations:read', 'returns:write']),
  ...Object.fromEntries(
    RECORD_KINDS.flatMap(({ name }) => {
      const records = `${HERE}/records/${name}`
      return [
        [`GET ${records}`, mine('children:read')],
        [`POST ${records}`, mine('returns:write')],
        [`GET ${records}/:id`, mine('children:read')],
        [`PUT ${records}/:id`, mine('returns:write')],
        [`DELETE ${records}/:id`, mine('returns:write')],
      ]
    }),
  ),
  [`GET ${HERE}/records/:kind/:id/history`]: mine('children:read'),
  [`GET ${HERE}/records/:kind`]: of('everybody', ['children:read', 'returns:write']),
  [`POST ${HERE}/records/:kind`]: of('everybody', ['children:read', 'returns:write']),
  [`GET ${HERE}/records/:kind/:id`]: of('everybody', ['children:read', 'returns:write']),
  [`PUT ${HERE}/records/:kind/:id`]: of('everybody', ['children:read', 'returns:write']),
  [`DELETE ${HERE}/records/:kind/:id`]: of('everybody', ['children:read', 'returns:write']),
  'GET /v1/indicators': of('everybody', FIGURES),
  'GET /v1/indicators/:id': of('everybody', FIGURES),
  [`GET ${HERE}/observations`]: mine(FIGURES, 'indicator=cla-count'),
  'GET /v1/observations': of('queried', FIGURES, 'indicator=cla-count'),
  // What others have published is for everybody.
  'GET /v1/comparators': of('everybody', FIGURES, 'indicator=cla-count'),
  ...Object.fromEntries(
    ['cohort', 'stability', 'missing-episodes', 'care-leavers', 'sufficiency'].map((subject) => [
      `GET ${HERE}/${subject}`,
      mine('observations:read'),
    ]),
  ),
  [`POST ${HERE}/forecasts`]: mine('observations:read'),
  [`GET ${HERE}/forecasts`]: mine('observations:read'),
  [`GET ${HERE}/forecasts/backtest`]: mine('observations:read'),
  [`GET ${HERE}/forecasts/:id`]: mine('observations:read'),
  [`DELETE ${HERE}/forecasts/:id`]: mine('publications:write'),
  [`GET ${HERE}/targets`]: mine('observations:read'),
  [`GET ${HERE}/targets/:indicator`]: mine('observations:read', 'period=2024-25'),
  [`PUT ${HERE}/targets/:indicator`]: mine('publications:write'),
  [`DELETE ${HERE}/targets/:indicator`]: mine('publications:write', 'period=2024-25'),
  [`POST ${HERE}/publications`]: mine('publications:write'),
  [`GET ${HERE}/publications`]: mine(FIGURES),
  [`GET ${HERE}/publications/:id`]: mine(FIGURES),
  [`GET ${HERE}/publications/:id/content`]: mine(FIGURES),
  [`GET ${HERE}/publications/:id/changes`]: mine(FIGURES),
  [`GET ${HERE}/scorecard`]: mine(FIGURES),
  [`GET ${HERE}/indicators/:id/children`]: mine('children:read', 'period=2024-25'),
  [`GET ${HERE}/children/:child`]: mine('children:read'),
  [`DELETE ${HERE}/children/:child`]: mine('admin'),
  [`GET ${HERE}/children/:child/export`]: mine('children:read'),
  [`POST ${HERE}/children/:child/corrections`]: mine('returns:write'),
  [`GET ${HERE}/children/:child/corrections`]: mine('children:read'),
  [`DELETE ${HERE}/children/:child/corrections/:id`]: mine('returns:write'),
  [`GET ${HERE}/children/:child/restriction`]: mine(['children:read', 'returns:write', 'admin']),
  [`PUT ${HERE}/children/:child/restriction`]: mine('returns:write'),
  [`DELETE ${HERE}/children/:child/restriction`]: mine('admin'),
  [`GET ${HERE}/erasures`]: mine('admin'),
  [`DELETE ${HERE}/erasures/:subject`]: mine('admin'),
  [`GET ${HERE}/audit`]: mine('admin'),
  [`GET ${HERE}/events`]: mine(['observations:read', 'returns:write']),
  [`POST ${HERE}/webhooks`]: mine('admin'),
  [`GET ${HERE}/webhooks`]: mine('admin'),
  [`GET ${HERE}/webhooks/:id`]: mine('admin'),
  [`PUT ${HERE}/webhooks/:id`]: mine('admin'),
  [`DELETE ${HERE}/webhooks/:id`]: mine('admin'),
  [`POST ${HERE}/webhooks/:id/secrets`]: mine('admin'),
  [`POST ${HERE}/webhooks/:id/test`]: mine('admin'),
  [`GET ${HERE}/webhooks/:id/deliveries`]: mine('admin'),
  [`POST ${HERE}/webhooks/:id/deliveries/:delivery/retry`]: mine('admin'),
  'PUT /v1/reference/:kind': of('everywhere', 'reference:write'),
  'GET /v1/reference': of('everybody', READERS),
  'GET /v1/reference/:kind': of('everybody', READERS),
  'GET /v1/reference/comparators/series': of('everybody', READERS),
  'GET /v1/authorities': of('everybody', READERS),
  // What an authority is called and borders on is public knowledge.
  [`GET ${HERE}`]: of('everybody', READERS),
}

/** What anybody may call. */
const OPEN = [
  'POST /oauth/token',
  'POST /oauth/revoke',
  'GET /.well-known/oauth-authorization-server',
  'GET /.well-known/oauth-protected-resource',
  'GET /.well-known/security.txt',
  'GET /.well-known/api-catalog',
  // To whoever calls from the machine itself, as the test does; its own test has the others.
  'GET /metrics',
  'GET /oauth/jwks.json',
  'GET /',
  'GET /openapi.json',
  'GET /docs',
  'GET /docs/',
  'GET /docs/static/index.html',
  'GET /docs/static/swagger-initializer.js',
  'GET /docs/json',
  'GET /docs/yaml',
  'GET /docs/static/*',
  'GET /problems',
  'GET /problems/:code',
  'GET /health/live',
  'GET /health/ready',
]

const NO_ID = '00000000-0000-4000-8000-000000000000'
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  ':id': NO_ID,
  ':secret': NO_ID,
  ':delivery': NO_ID,
  ':subject': 'AAAAAAAAAAAAAAAAAAAAAA',
  ':kind': 'population',
  ':indicator': 'cla-count',
  ':child': 'nobody',
  ':code': 'forbidden',
  '*': 'index.css',
}

const clock = movableClock()
const MASTER = 'the-master-key-of-the-tests-0123456789'
const routes: { method: string; url: string }[] = []
let held: TestDatabase
let app: FastifyInstance
let client: TestClient
/** Tokens of clients with one scope each, for an authority or for all. */
const tokens = new Map<string, string>()
const tokenOf = (scope: Scope, authority: string): string => tokens.get(`${scope} ${authority}`)!
/** Tokens with every scope for the authority asked for, none of which is good. */
const bad: Record<string, string> = {}

beforeAll(async () => {
  held = await newDatabase()
  app = await buildService({
    config: readConfig({
      ADMIN_API_KEY: ADMIN_KEY,
      PUBLIC_URL,
      // This is about who is refused, not about how often.
      RATE_LIMIT_FAILURES_PER_MINUTE: '1000000',
    }),
    database: held.database,
    callers: findAdmin(ADMIN_KEY),
    master: newMasterKey(MASTER),
    now: clock.now,
    logger: false,
    onRoute: ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, url })
    },
  })
  client = await clientOf(app, { key: ADMIN_KEY, document: 'own' })

  const everything = [{ scopes: [...SCOPES], authorities: [KIRKLEES] }]
  const expired = await newClient(client, 'expired', everything)
  bad['an expired token'] = await newToken(client, expired)
  clock.pass(15 * 60)
  for (const authority of [KIRKLEES, LEEDS, '*'])
    for (const scope of SCOPES) {
      const name = `${scope.replaceAll(':', '-')}.${authority === '*' ? 'all' : authority}`
      const made = await newClient(client, name, [{ scopes: [scope], authorities: [authority] }])
      tokens.set(`${scope} ${authority}`, await newToken(client, made))
    }
  const revoked = await newClient(client, 'revoked', everything)
  bad['a token of a revoked client'] = await newToken(client, revoked)
  await send(client, 'DELETE', `/v1/access/clients/${revoked.id}`)
  const key = await newKey(client, 'revoked')
  bad['a revoked API key'] = key.key
  await send(client, 'DELETE', `/v1/access/keys/${key.id}`)
  bad['a text'] = 'nobody'

  const signed = await newToken(client, await newClient(client, 'forged', everything))
  const state = newAccessState(held.database, clock.now)
  const keys = newSigningKeys({ ...held, state, master: newMasterKey(MASTER), now: clock.now })
  const { kid, key: privateKey } = await keys.signer()
  const publicKey = createPublicKey(privateKey)
  const forgeable = {
    alg: 'ES256',
    kid,
    typ: 'at+jwt',
    claims: decodeJwt(signed),
    privateKey,
    publicJwk: publicKey.export({ format: 'jwk' }) as Record<string, unknown>,
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }) as string,
  }
  Object.assign(bad, await forgedTokens(forgeable), await wronglyIssuedTokens(forgeable, clock.now()))
}, 120_000)
afterAll(async () => {
  await app?.close()
  await held?.drop()
})

const keyOf = ({ method, url }: { method: string; url: string }): string =>
  `${method === 'HEAD' ? 'GET' : method} ${url}`

const expectedOf = (route: { method: string; url: string }): Expected => {
  const expected = GUARDED[keyOf(route)]
  if (!expected) throw new Error(`${keyOf(route)} is not in the table`)
  return expected
}

const guarded = () => routes.filter(({ url }) => url.startsWith('/v1/'))

function addressOf({ url, query = '' }: { url: string; query?: string | undefined }, authority: string) {
  const path = url
    .replace(':authority', authority)
    .replaceAll(/:\w+|\*$/g, (parameter) => PLACEHOLDERS[parameter]!)
  return query === '' ? path : `${path}?${query}`
}

const call = (
  route: { method: string; url: string },
  token: string | null,
  authority = KIRKLEES,
): Promise<LightMyRequestResponse> => {
  const { about, query } = GUARDED[keyOf(route)] ?? {}
  const asked = about === 'queried' ? `${query}&authority=${authority}` : query
  return app.inject({
    method: route.method as 'GET',
    url: addressOf({ url: route.url, query: asked }, authority),
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  })
}

/** What an answer says to whoever may not call; the body is none for HEAD. */
const reasonOf = (response: LightMyRequestResponse): string =>
  response.body === '' || !String(response.headers['content-type']).includes('json')
    ? String(response.statusCode)
    : `${response.statusCode} ${String(response.json().type).split('/').at(-1)}`

const refused = (route: { method: string }, status: number, reason: string): string =>
  route.method === 'HEAD' ? String(status) : `${status} ${reason}`

/** The answer of every route that is not the one expected. */
async function faults(
  asked: readonly { method: string; url: string }[],
  fault: (route: { method: string; url: string }) => Promise<string | null>,
): Promise<string[]> {
  const found: string[] = []
  for (const route of asked) {
    const wrong = await fault(route)
    if (wrong !== null) found.push(`${route.method} ${route.url}: ${wrong}`)
  }
  return found
}

describe('the table', () => {
  test('has every route of the router, and no other', () => {
    const known = new Set(routes.map(keyOf))
    expect([...known].filter((key) => !(key in GUARDED) && !OPEN.includes(key))).toEqual([])
    expect([...Object.keys(GUARDED), ...OPEN].filter((key) => !known.has(key))).toEqual([])
    expect([...known].filter((key) => key in GUARDED && OPEN.includes(key))).toEqual([])
    expect(guarded().length).toBeGreaterThan(200)
  })
})

describe('every route', () => {
  test('that anybody may call asks nobody who they are', async () => {
    const open = routes.filter((route) => OPEN.includes(keyOf(route)) && !route.url.startsWith('/oauth/'))
    expect(
      await faults(open, async (route) => {
        const { statusCode } = await call(route, null)
        return [401, 403, 500].includes(statusCode) ? String(statusCode) : null
      }),
    ).toEqual([])
  })

  test('lets in whoever has the scope for the authority', async () => {
    expect(
      await faults(guarded(), async (route) => {
        const { about, scopes } = expectedOf(route)
        for (const scope of scopes) {
          const response = await call(route, tokenOf(scope, about === 'everywhere' ? '*' : KIRKLEES))
          const reason = reasonOf(response)
          if ([401, 403].includes(response.statusCode) || response.statusCode >= 500)
            return `${scope}: ${reason}`
          if (reason === '404 unknown-authority') return `${scope}: ${reason}`
        }
        return null
      }),
    ).toEqual([])
  }, 60_000)

  test('answers of another authority as if there were none', async () => {
    expect(
      await faults(guarded(), async (route) => {
        const { about, scopes } = expectedOf(route)
        if (about === 'everybody') return null
        const reason = reasonOf(await call(route, tokenOf(scopes[0]!, LEEDS)))
        const expected =
          about === 'everywhere' ? refused(route, 403, 'forbidden') : refused(route, 404, 'unknown-authority')
        return reason === expected ? null : `${reason} instead of ${expected}`
      }),
    ).toEqual([])
  }, 60_000)

  test('refuses whoever sends no token, and says how to sign in', async () => {
    expect(
      await faults(guarded(), async (route) => {
        const response = await call(route, null)
        const reason = `${reasonOf(response)} ${response.headers['www-authenticate']}`
        const expected = `${refused(route, 401, 'unauthenticated')} Bearer`
        return reason === expected ? null : reason
      }),
    ).toEqual([])
  }, 60_000)

  test('refuses each scope that is not enough, held for every authority', async () => {
    expect(
      await faults(guarded(), async (route) => {
        const { scopes } = expectedOf(route)
        for (const scope of SCOPES) {
          if (scopes.includes(scope)) continue
          const reason = reasonOf(await call(route, tokenOf(scope, '*')))
          if (reason !== refused(route, 403, 'forbidden')) return `${scope}: ${reason}`
        }
        return null
      }),
    ).toEqual([])
  }, 60_000)

  test('refuses what was good once, and one forgery', async () => {
    const names = ['an expired token', 'a token of a revoked client', 'a revoked API key', 'alg none']
    expect(
      await faults(guarded(), async (route) => {
        for (const name of names) {
          const response = await call(route, bad[name]!)
          const reason = `${reasonOf(response)} ${response.headers['www-authenticate']}`
          if (reason !== `${refused(route, 401, 'unauthenticated')} Bearer error="invalid_token"`)
            return `${name}: ${reason}`
        }
        return null
      }),
    ).toEqual([])
  }, 60_000)
})

test('every forgery is refused in the same words', async () => {
  expect(Object.keys(bad).length).toBeGreaterThanOrEqual(28)
  const sample = ['GET /v1/access/clients', `GET ${HERE}/cohort`, `GET ${HERE}/children/:child`]
  for (const route of guarded().filter((one) => one.method === 'GET' && sample.includes(keyOf(one)))) {
    const said = new Set<string>()
    for (const [name, token] of Object.entries(bad)) {
      const response = await call(route, token)
      expect(response.statusCode, `${keyOf(route)}: ${name}`).toBe(401)
      said.add(JSON.stringify({ ...response.json(), instance: '' }))
    }
    expect([...said]).toHaveLength(1)
  }
})
