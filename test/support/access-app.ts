import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { Type } from 'typebox'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { accessRoutes } from '../../src/modules/access/access-routes.ts'
import { authorityOf } from '../../src/platform/access/access.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { newAuditTrail } from '../../src/platform/access/audit-trail.ts'
import type { Scope } from '../../src/platform/access/caller.ts'
import { newCallers } from '../../src/platform/access/callers.ts'
import { newMasterKey } from '../../src/platform/access/master-key.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { refusals } from '../../src/platform/http/problem.ts'
import { clientOf, type TestClient } from './client.ts'

export const ADMIN_KEY = 'the-admin-key-of-the-tests'
export const PUBLIC_URL = 'https://care.example.gov.uk'

/** A clock that stands still until it is moved. */
export interface MovableClock {
  readonly now: () => Date
  /** Moves it ahead, or back, by so many seconds. */
  pass(seconds: number): void
}

export function movableClock(start = '2026-05-01T12:00:00Z'): MovableClock {
  let time = Date.parse(start)
  return {
    now: () => new Date(time),
    pass: (seconds) => {
      time += seconds * 1000
    },
  }
}

export interface AccessApp {
  readonly app: FastifyInstance
  readonly client: TestClient
  readonly log: string[]
}

/** A call for each scope that tells who called: what stands behind the calls of the service does not matter here. */
const whoRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const calls: Record<string, Scope> = { figures: 'observations:read', children: 'children:read' }
  for (const [path, scope] of Object.entries(calls))
    app.get(
      `/v1/authorities/:authority/${path}`,
      {
        config: { scope, ...(scope === 'children:read' && { audited: 'child.read' }) },
        schema: {
          params: Type.Object({ authority: Type.String({ maxLength: 100 }) }),
          response: {
            200: Type.Object({
              name: Type.String(),
              onBehalfOf: Type.Union([Type.String(), Type.Null()]),
            }),
            ...refusals('unknown-authority'),
          },
        },
      },
      async (request) => {
        authorityOf(request, request.params.authority)
        if (scope === 'children:read') request.touched = { rows: 0, children: [] }
        const { name, onBehalfOf } = request.caller
        return { name, onBehalfOf }
      },
    )
}

/** The edge of the service with everything of access, as one process of it, on a database of the test's own. */
export async function accessApp(
  { database }: { readonly database: Database },
  { now }: MovableClock,
  env: Record<string, string> = {},
): Promise<AccessApp> {
  const log: string[] = []
  const config = readConfig({ ADMIN_API_KEY: ADMIN_KEY, PUBLIC_URL, ...env })
  const master = newMasterKey('the-master-key-of-the-tests-0123456789')
  const { findCaller, ...callers } = newCallers({
    config,
    database,
    master,
    now,
    first: findAdmin(ADMIN_KEY),
    // Issuers change their keys in these tests from one call to the next.
    cooldownMs: 0,
  })
  const { publicUrl, failuresPerMinute } = config
  const app = await buildApp({
    config,
    callers: findCaller,
    audit: newAuditTrail({ database, master }),
    ready: () => database.isReady(),
    modules: [accessRoutes({ ...callers, database, now, publicUrl, failuresPerMinute }), whoRoutes],
    logger: { write: (line) => log.push(line) },
  })
  return { app, client: await clientOf(app, { key: ADMIN_KEY, document: 'own' }), log }
}

/** Sends JSON to a call that manages access. */
export const send = (
  client: TestClient,
  method: 'POST' | 'PUT' | 'DELETE',
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<LightMyRequestResponse> =>
  client.inject({
    method,
    url,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })

/** Sends a form to a call of OAuth, without a token. */
export const sendForm = (
  client: TestClient,
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<LightMyRequestResponse> =>
  client.as(null).inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(form).toString(),
  })

export const KIRKLEES = 'E08000034'
export const LEEDS = 'E08000035'

export const reading = (...authorities: string[]) => [{ scopes: ['observations:read'], authorities }]

/** A call that a reader of figures may make. */
export const ASKED = `/v1/authorities/${KIRKLEES}/figures`

/** Makes a client with a secret. */
export async function newClient(
  client: TestClient,
  name: string,
  grants: unknown = reading(KIRKLEES),
): Promise<{ id: string; secret: string }> {
  const made = await send(client, 'POST', '/v1/access/clients', { name, grants })
  if (made.statusCode !== 201) throw new Error(made.body)
  const { id } = made.json()
  const secret = await send(client, 'POST', `/v1/access/clients/${id}/secrets`, {})
  if (secret.statusCode !== 201) throw new Error(secret.body)
  return { id, secret: secret.json().secret }
}

export async function newToken(
  client: TestClient,
  { id, secret }: { id: string; secret: string },
  scope?: string,
): Promise<string> {
  const answer = await sendForm(client, '/oauth/token', {
    grant_type: 'client_credentials',
    client_id: id,
    client_secret: secret,
    ...(scope !== undefined && { scope }),
  })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer.json().access_token
}

/** Makes an API key. */
export async function newKey(
  client: TestClient,
  name: string,
  grants: unknown = reading(KIRKLEES),
): Promise<{ id: string; key: string }> {
  const made = await send(client, 'POST', '/v1/access/keys', { name, grants })
  if (made.statusCode !== 201) throw new Error(made.body)
  return { id: made.json().made.id, key: made.json().key }
}
