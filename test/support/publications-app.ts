import type { FastifyInstance } from 'fastify'
import { readConfig } from '../../src/config.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { type Caller, callerWith, type Scope } from '../../src/platform/access/caller.ts'
import { buildService } from '../../src/service.ts'
import { clientOf, type TestClient } from './client.ts'
import type { TestDatabase } from './postgres.ts'
import { sendForm } from './returns-app.ts'
import { filesOf, type SampleReturn } from './sample-return.ts'

const ADMIN_KEY = 'the-admin-key-of-the-tests'
export const AUTHORITY = 'E08000034'

const caller = (name: string, scope: Scope, authority = AUTHORITY): Caller =>
  callerWith(name, [scope], [authority])

/** Callers by their tokens, each with one scope. */
export const CALLERS: Readonly<Record<string, Caller>> = {
  'key-of-an-analyst': caller('analyst', 'observations:read'),
  'key-of-the-public': caller('the-public', 'observations:read:public'),
  'key-of-a-publisher': caller('publisher', 'publications:write'),
  'key-of-another-council': caller('another', 'observations:read', 'E08000035'),
}

export interface PublicationsApp {
  readonly app: FastifyInstance
  readonly client: TestClient
  close(): Promise<void>
}

/** The whole service, on a database of the test's own, with callers who may do one thing each. */
export async function publicationsApp({ database }: TestDatabase): Promise<PublicationsApp> {
  const admin = findAdmin(ADMIN_KEY)
  const app = await buildService({
    config: readConfig({ ADMIN_API_KEY: ADMIN_KEY }),
    database,
    callers: async (token) => CALLERS[token] ?? admin(token),
    logger: false,
  })
  return {
    app,
    client: await clientOf(app, { key: ADMIN_KEY, document: 'own' }),
    close: () => app.close(),
  }
}

/** Loads a return, and gives its id. */
export async function loadSample(
  { client }: PublicationsApp,
  sample: SampleReturn,
  year: string,
): Promise<string> {
  const answer = await sendForm(client, filesOf(sample), `year=${year}&accept=partial`, {}, AUTHORITY)
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return answer.json().return.id
}
