import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import Fastify from 'fastify'
import project from '../package.json' with { type: 'json' }
import { readConfig } from '../src/config.ts'
import { findAdmin } from '../src/platform/access/admin-key.ts'
import { openDatabase } from '../src/platform/database/database.ts'
import { linesTogether } from '../src/platform/http/request-log.ts'
import { buildService, catalogue } from '../src/service.ts'
import { SYNTHETIC_AUTHORITY } from '../src/vocabulary/authority.ts'
import { type Bench, type BenchDatabase, type Measured, say, thousands } from './machine.ts'

export const KEY = 'the-admin-key-of-the-bench'
const CONNECTIONS = 10
const ROUNDS = 2

/** What a child process is to serve: the service over a database, or bytes and nothing else. */
type Task =
  | { readonly serve: 'service'; readonly databaseUrl: string }
  | { readonly serve: 'bytes'; readonly body: string; readonly type: string }

/** All headline figures for five years by age band and sex, each on its own: a page as a dashboard asks for it. */
const PATH = `/v1/authorities/${SYNTHETIC_AUTHORITY.code}/observations?${new URLSearchParams({
  indicator: catalogue.indicators
    .filter(
      ({ headline, dimensions }) => headline && dimensions.includes('age-band') && dimensions.includes('sex'),
    )
    .map(({ id }) => id)
    .join(','),
  period: '2020-21,2021-22,2022-23,2023-24,2024-25',
  breakdown: 'age-band,sex',
})}`

/**
 * (d) Requests per second of a 304 and of a page that is kept, each service in a process of its own, against a bare
 * Fastify route that sends the same bytes. In turns; the best of each counts.
 */
export async function measureServing(bench: Bench, { url }: BenchDatabase): Promise<Measured[]> {
  const seconds = bench.quick ? 2 : 8
  const service = await start({ serve: 'service', databaseUrl: url })
  const headers = { authorization: `Bearer ${KEY}` }
  const answer = await fetch(`${service.url}${PATH}`, { headers })
  const body = await answer.text()
  if (answer.status !== 200) throw new Error(`${PATH} answers ${answer.status}: ${body.slice(0, 500)}`)
  const etag = answer.headers.get('etag')!
  const bare = await start({ serve: 'bytes', body, type: answer.headers.get('content-type')! })
  const results: Measured[] = []
  try {
    for (const { what, conditional, aim } of [
      { what: '(d) Requests per second of a 304', conditional: { 'if-none-match': etag }, aim: 0.6 },
      {
        what: `(d) Requests per second of a kept page of ${thousands(body.length)} bytes`,
        conditional: {},
        aim: 0.4,
      },
    ]) {
      const path = 'if-none-match' in conditional ? '/304' : '/'
      let measured = 0
      let baseline = 0
      for (let round = 0; round < ROUNDS; round++) {
        const status = path === '/304' ? 304 : 200
        measured = Math.max(
          measured,
          await requestsPerSecond(
            `${service.url}${PATH}`,
            { ...headers, ...conditional },
            seconds / ROUNDS,
            status,
          ),
        )
        baseline = Math.max(
          baseline,
          await requestsPerSecond(
            `${bare.url}${path}`,
            { ...headers, ...conditional },
            seconds / ROUNDS,
            status,
          ),
        )
      }
      say(`${what}: ${Math.round(measured)} against ${Math.round(baseline)}`)
      results.push({
        what: `${what}, against a bare Fastify route`,
        measured: `${thousands(measured)} /s`,
        baseline: `${thousands(baseline)} /s`,
        ratio: measured / baseline,
        aim: `≥ ${aim}`,
        met: measured / baseline >= aim,
      })
    }
  } finally {
    service.process.kill()
    bare.process.kill()
  }
  return results
}

async function requestsPerSecond(
  url: string,
  headers: Record<string, string>,
  seconds: number,
  status: number,
): Promise<number> {
  const result = await autocannon({ url, headers, connections: CONNECTIONS, duration: seconds })
  const answered = result.statusCodeStats as Record<string, { count: number }>
  if (Object.keys(answered).join() !== String(status)) {
    throw new Error(`${url} answered ${JSON.stringify(answered)} where ${status} was expected`)
  }
  return answered[status]!.count / result.duration
}

/* ---- the child processes ----------------------------------------------------------------------------------- */

export async function start(task: Task): Promise<{ process: ChildProcess; url: string }> {
  const process = fork(fileURLToPath(import.meta.url), {
    // Log lines go nowhere, but are written.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // As `npm start` does.
    execArgv: project.scripts.start.split(' ').filter((word) => word.startsWith('--')),
  })
  const url = new Promise<string>((listening, failed) => {
    process.once('message', (message) => listening(String(message)))
    process.once('exit', (code) => failed(new Error(`the server ended with ${code}`)))
  })
  process.send(task)
  return { process, url: await url }
}

async function serve(task: Task): Promise<string> {
  if (task.serve === 'bytes') {
    const app = Fastify()
    const body = Buffer.from(task.body)
    app.get('/', (_, reply) => reply.type(task.type).send(body))
    app.get('/304', (_, reply) => reply.code(304).send())
    return app.listen({ host: '127.0.0.1', port: 0 })
  }
  const app = await buildService({
    config: readConfig({ ADMIN_API_KEY: KEY }),
    database: openDatabase({ url: task.databaseUrl }),
    callers: findAdmin(KEY),
    logger: linesTogether(),
  })
  return app.listen({ host: '127.0.0.1', port: 0 })
}

if (import.meta.main) {
  // What the service holds in memory, for whoever asks.
  process.on('message', (message) => {
    if (message === 'memory') process.send!(process.memoryUsage.rss())
  })
  process.once('message', (task: Task) => {
    void serve(task).then((url) => process.send!(url))
  })
  // Without its parent it would serve for ever.
  process.once('disconnect', () => process.exit())
}
