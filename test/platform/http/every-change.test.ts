import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/platform/database/database.ts'
import { documentOf } from '../../../src/platform/http/openapi.ts'
import { buildService } from '../../../src/service.ts'
import { nameOf, type Route, routesOf } from '../../support/routes-of.ts'

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly responses: Readonly<Record<string, { readonly headers?: Readonly<Record<string, unknown>> }>>
}

/** The whole service; nothing is asked of its database. */
const database = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' })
let app: Awaited<ReturnType<typeof buildService>>
let changes: Route[]
let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>

beforeAll(async () => {
  app = await buildService({
    config: readConfig({}),
    database,
    callers: async () => null,
    logger: false,
  })
  // What is asked of a kind of records that there is not is refused, whatever it is.
  changes = routesOf(app).filter(
    ({ method, template }) =>
      (method === 'POST' || method === 'PUT') &&
      template.startsWith('/v1/') &&
      !template.includes('/records/:kind'),
  )
  paths = ((await documentOf(app)) as unknown as { paths: typeof paths }).paths
}, 60_000)
afterAll(async () => {
  await app?.close()
  await database.close()
})

test('every POST and PUT of the router takes an Idempotency-Key, and says what becomes of it', () => {
  expect(changes.length).toBeGreaterThan(50)
  expect(
    Object.fromEntries(changes.map((route) => [nameOf(route), faultsOf(route)]).filter(isFault)),
  ).toEqual({})
})

const isFault = ([, faults]: (string | string[])[]): boolean => faults!.length > 0

function faultsOf({ method, template }: Route): string[] {
  const operation = paths[template.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
  if (!operation) return ['is not documented']
  const takes = (operation.parameters ?? []).some(
    (one) => one.in === 'header' && one.name === 'idempotency-key',
  )
  const answers = Object.entries(operation.responses)
  return [
    ...(takes ? [] : ['takes no idempotency-key']),
    ...['409', '422'].filter((status) => !operation.responses[status]).map((status) => `never ${status}`),
    ...answers
      .filter(([status, { headers }]) => status.startsWith('2') && !headers?.['idempotency-replayed'])
      .map(([status]) => `${status} without idempotency-replayed`),
  ]
}
