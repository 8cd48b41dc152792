import type { TestProject } from 'vitest/node'
import { startTestServer } from './postgres.ts'

/**
 * One PostgreSQL for the whole run. Where there is none, only the tests that ask for a database fail, with the
 * reason: the others need none.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  try {
    const { server, stop } = await startTestServer()
    project.provide('testServer', server)
    return stop
  } catch (fault) {
    project.provide('testServer', { fault: (fault as Error).message })
    return undefined
  }
}
