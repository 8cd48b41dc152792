import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const KEY = 'the-admin-key-of-the-tests'

interface Process {
  readonly port: number
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
}

let held: TestDatabase
let folder: string
const started: Process[] = []

/** The real process, ready to answer. */
async function startProcess(): Promise<Process> {
  const port = await freePort()
  const child = spawn(`${ROOT}/node_modules/.bin/node`, [`${ROOT}/src/main.ts`], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: held.serviceUrl,
      DATA_DIR: folder,
      ADMIN_API_KEY: KEY,
      LOG_LEVEL: 'error',
      DRAIN_SECONDS: '2',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<number | null>((done) => child.on('exit', done))
  const one = { port, child, ended }
  started.push(one)
  for (let tries = 0; !(await isReady(port)); tries++) {
    if (tries === 1_800) throw new Error('the process did not get ready')
    await wait(100)
  }
  return one
}

const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  )

/** Takes turns between the processes that said last that they are ready, over connections that it keeps open. */
async function startBalancer(processes: readonly Process[]): Promise<{ server: Server; port: number }> {
  const agent = new Agent({ keepAlive: true })
  let ready = [...processes]
  let turn = 0
  const asking = setInterval(async () => {
    const answers = await Promise.all(processes.map(({ port }) => isReady(port)))
    ready = processes.filter((_, index) => answers[index])
  }, 200)
  const server = createServer((incoming, outgoing) => {
    const { port } = ready[turn++ % ready.length]!
    const onward = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        path: incoming.url,
        method: incoming.method,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode!, { 'content-type': answer.headers['content-type'] ?? '' })
        answer.pipe(outgoing)
      },
    )
    // No second try: a call that is lost on the way is lost.
    onward.on('error', (fault) => outgoing.writeHead(502).end(fault.message))
    incoming.pipe(onward)
  })
  server.on('close', () => {
    clearInterval(asking)
    agent.destroy()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return { server, port: (server.address() as AddressInfo).port }
}

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => found(port))
    })
  })

beforeAll(async () => {
  held = await newDatabase()
  folder = await mkdtemp(join(tmpdir(), 'corporate-parenting-rolling-'))
})
afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
  await held.drop()
})

test('of two processes that take turns, one is told to stop under load: no call is dropped', async () => {
  const [leaving, staying] = await Promise.all([startProcess(), startProcess()])
  const { server, port } = await startBalancer([leaving, staying])
  let going = true
  const answers = new Map<string, number>()
  const caller = async (): Promise<void> => {
    while (going) {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/authorities/E08000034/returns`, {
        headers: { authorization: `Bearer ${KEY}` },
      })
      const what = answer.ok ? '200' : `${answer.status} ${await answer.text()}`
      if (answer.ok) await answer.arrayBuffer()
      answers.set(what, (answers.get(what) ?? 0) + 1)
    }
  }
  const callers = Array.from({ length: 8 }, caller)
  await wait(1_000)
  const toldAt = performance.now()
  leaving.child.kill('SIGTERM')
  expect(await leaving.ended).toBe(0)
  const tookMs = performance.now() - toldAt
  await wait(500)
  going = false
  await Promise.all(callers)
  server.closeAllConnections()
  server.close()

  expect([...answers.keys()]).toEqual(['200'])
  expect(answers.get('200')).toBeGreaterThan(50)
  // It goes on for as long as it was told to, and not much longer.
  expect(tookMs).toBeGreaterThan(2_000)
  expect(tookMs).toBeLessThan(15_000)
}, 300_000)
