import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { findAdmin } from '../src/platform/access/admin-key.ts'
import { documentOf } from '../src/platform/http/openapi.ts'
import { buildService } from '../src/service.ts'
import { checkerOf, type OpenApiDocument } from './support/client.ts'
import { type FuzzedCall, type FuzzedDocument, fuzzedCalls } from './support/fuzzed-calls.ts'
import { ENV, fill, RESOLVE } from './support/good-calls.ts'
import { newDatabase, type TestDatabase } from './support/postgres.ts'
import { ADMIN_KEY } from './support/small-app.ts'

/**
 * Requests made from the OpenAPI document, well-formed and broken, against the whole service: whatever is sent, no
 * answer is a failure of ours, and every answer is one that the document promises. `FUZZ_REQUESTS=50000` sends more;
 * `FUZZ_SEED` sends the same again.
 */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 1_000)
/** Made together, so that many need not be held at once. */
const BATCH = 500
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))

let held: TestDatabase
let app: FastifyInstance
let calls: fc.Arbitrary<FuzzedCall>
let check: ReturnType<typeof checkerOf>
beforeAll(async () => {
  held = await newDatabase()
  app = await buildService({
    config: readConfig(ENV),
    database: held.database,
    callers: findAdmin(ADMIN_KEY),
    now: () => new Date('2025-06-01T12:00:00Z'),
    logger: false,
    resolve: RESOLVE,
  })
  const document = (await documentOf(app)) as unknown
  check = checkerOf(document as OpenApiDocument)
  const ids = await fill((call) =>
    app.inject({ ...call, headers: { authorization: `Bearer ${ADMIN_KEY}`, ...call.headers } }),
  )
  calls = fuzzedCalls(document as FuzzedDocument, ids)
}, 120_000)
afterAll(async () => {
  await app?.close()
  await held?.drop()
})

test(`${REQUESTS} requests made from the document (seed ${SEED}): none fails, and all are answered as documented`, {
  timeout: 60_000 + REQUESTS * 40,
}, async () => {
  const statuses = new Map<number, number>()
  const operations = new Set<string>()
  // One of each kind of fault, so that a run tells of all that it has found.
  const faults = new Map<string, string>()
  for (let sent = 0; sent < REQUESTS; sent += BATCH)
    for (const { operation, kind, ...call } of fc.sample(calls, {
      numRuns: Math.min(BATCH, REQUESTS - sent),
      seed: SEED + sent,
    })) {
      const answer = await app.inject({
        ...call,
        headers: { authorization: `Bearer ${ADMIN_KEY}`, ...call.headers },
      })
      const { statusCode } = answer
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
      if (statusCode < 300) operations.add(operation)
      try {
        check(call.method, call.url, answer)
        if (statusCode >= 500) throw new Error(answer.body)
      } catch (fault) {
        const known = `${kind} ${operation} answers ${statusCode}`
        faults.set(known, `${known}: ${JSON.stringify(call)}\n${(fault as Error).message}`)
      }
    }
  expect([...faults.values()].join('\n\n')).toBe('')
  // Many go well: a service that refuses everything would pass what stands above.
  const well = [...statuses].filter(([status]) => status < 300).reduce((sum, [, count]) => sum + count, 0)
  process.stdout.write(
    `fuzz: seed ${SEED}, ${[...statuses]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `${status}: ${count}`)
      .join(', ')}; ${operations.size} operations went well\n`,
  )
  expect(well / REQUESTS).toBeGreaterThan(0.1)
})
