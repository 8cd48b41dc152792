import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { readConfig } from '../../src/config.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { type Caller, callerWith } from '../../src/platform/access/caller.ts'
import type { JobDefinitions } from '../../src/platform/jobs/jobs.ts'
import { buildService } from '../../src/service.ts'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import { clientOf, type TestClient } from './client.ts'
import type { TestDatabase } from './postgres.ts'

const KEY = 'the-admin-key-of-the-tests'
export const AUTHORITY = 'E08000034'
export const ANOTHER = 'E08000035'

const CALLERS: Readonly<Record<string, Caller>> = {
  'key-of-an-analyst': callerWith('analyst', ['observations:read'], [AUTHORITY]),
  'key-of-a-loader': callerWith('loader', ['returns:write'], [AUTHORITY]),
  'key-of-the-public': callerWith('public', ['observations:read:public'], '*'),
  'key-of-another-admin': callerWith('another', ['admin', 'observations:read'], [ANOTHER]),
}

export interface EventsApp {
  readonly app: FastifyInstance
  readonly client: TestClient
  readonly jobs: JobDefinitions
  /** Moves the clock. */
  pass(milliseconds: number): void
  /** Does what waits and is due, as the workers would; gives how much that was. */
  work(): Promise<number>
  close(): Promise<void>
}

/** The whole service with a clock of the test's own; its jobs are run when the test says so. */
export async function eventsApp({ database }: TestDatabase): Promise<EventsApp> {
  let ahead = 0
  let jobs: JobDefinitions | undefined
  const admin = findAdmin(KEY)
  const app = await buildService({
    config: readConfig({ ADMIN_API_KEY: KEY, WEBHOOK_HOSTS: '127.0.0.1' }),
    database,
    callers: async (token) => CALLERS[token] ?? admin(token),
    now: () => new Date(Date.now() + ahead),
    logger: false,
    resolve: (_hostname, done) => done(null, [{ address: '93.184.216.34', family: 4 }]),
    withJobs: (definitions) => {
      jobs = definitions
    },
  })
  return {
    app,
    client: await clientOf(app, { key: KEY, document: 'own' }),
    jobs: jobs!,
    pass: (milliseconds) => {
      ahead += milliseconds
    },
    async work() {
      const [deliveries] = jobs!.waiting
      const due = await database.write(
        AUTHORITIES.map(({ code }) => code),
        (transaction) => deliveries!.claim(transaction),
      )
      for (const item of due) await deliveries!.run(item)
      return due.length
    },
    close: () => app.close(),
  }
}

/** A message as it came. */
export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** What it answers from now on. */
  answer(status: number): void
  close(): void
}

/** A system of a council that is told of events. */
export async function newReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let status = 204
  const server: Server = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString() })
      reply.writeHead(status).end()
    })
  })
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: (next) => {
      status = next
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
