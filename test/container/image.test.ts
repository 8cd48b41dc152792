import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compose, docker, newCheckout, noEngine } from './engine.ts'

const KEY = 'the-admin-key-of-the-container-tests'
const PASSWORD = 'a-password-of-the-container-tests'
const NAME = `cpa-test-${process.pid}`
const IMAGE = `${NAME}:latest`
const MINUTES = 60_000

describe.skipIf(noEngine !== null)(`in containers${noEngine ? ` (skipped: ${noEngine})` : ''}`, () => {
  const checkout = newCheckout()
  const containers: string[] = []
  let network = ''

  beforeAll(async () => {
    await docker('build', '--tag', IMAGE, checkout.folder)
    network = await docker('network', 'create', NAME)
    const database = await docker(
      ...['run', '--detach', '--network', NAME, '--name', `${NAME}-database`],
      ...[
        '--env',
        `POSTGRES_PASSWORD=${PASSWORD}`,
        '--env',
        'POSTGRES_DB=corporate_parenting',
        'postgres:18',
      ],
    )
    containers.push(database)
    await until(async () => (await docker('exec', database, 'pg_isready', '-h', '127.0.0.1')) !== '')
  }, 10 * MINUTES)

  afterAll(async () => {
    for (const container of containers) await docker('rm', '--force', '--volumes', container)
    if (network) await docker('network', 'rm', NAME)
    await docker('rmi', '--force', IMAGE)
    checkout.remove()
  }, 2 * MINUTES)

  /** A process of the service in a container as it is meant to run: no rights, and nothing to write to but /tmp. */
  async function start(name: string): Promise<Running> {
    const id = await docker(
      ...['run', '--detach', '--network', NAME, '--name', `${NAME}-${name}`, '--publish', '127.0.0.1::3000'],
      ...['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
      ...['--env', `ADMIN_API_KEY=${KEY}`, '--env', 'DRAIN_SECONDS=3'],
      ...['--env', `DATABASE_URL=postgres://postgres:${PASSWORD}@${NAME}-database:5432/corporate_parenting`],
      IMAGE,
    )
    containers.push(id)
    const [, port] = (await docker('port', id, '3000')).split('\n')[0]!.split(':')
    const running = { id, port: Number(port) }
    await until(() => isReady(running), 120)
    return running
  }

  test(
    'the image runs as a user without rights, and can’t write to its own files',
    async () => {
      const running = await start('alone')
      expect(await docker('exec', running.id, 'id', '-u')).not.toBe('0')
      await expect(docker('exec', running.id, 'touch', '/app/src/here')).rejects.toThrow()
      const answer = await get(running, '/v1/indicators')
      expect(answer.status).toBe(200)
    },
    2 * MINUTES,
  )

  test(
    'a rolling restart drops no request',
    async () => {
      const behind = [await start('one'), await start('two')]
      const balancer = await newBalancer(behind)
      let stopping = false
      const statuses = new Map<number, number>()
      const asking = Array.from({ length: 4 }, async () => {
        while (!stopping) {
          const { status } = await get({ port: balancer.port }, '/v1/indicators/cla-count').catch(() => ({
            status: 0,
          }))
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
        }
      })
      for (const index of [0, 1]) {
        await wait(1_000)
        const old = behind[index]!
        await docker('stop', '--time', '20', old.id)
        behind[index] = await start(`new-${index}`)
      }
      await wait(1_000)
      stopping = true
      await Promise.all(asking)
      balancer.close()
      expect([...statuses.keys()]).toEqual([200])
      expect(statuses.get(200)).toBeGreaterThan(100)
    },
    5 * MINUTES,
  )

  test(
    'docker compose up serves',
    async () => {
      const port = '43117'
      const env = { ADMIN_API_KEY: KEY, POSTGRES_PASSWORD: PASSWORD, PORT: port, COMPOSE_PROJECT_NAME: NAME }
      try {
        await compose(checkout.folder, env, 'up', '--build', '--detach')
        await until(() => isReady({ port: Number(port) }), 180)
        expect((await get({ port: Number(port) }, '/v1/authorities/E08000034')).status).toBe(200)
      } finally {
        await compose(checkout.folder, env, 'down', '--volumes')
      }
    },
    10 * MINUTES,
  )
})

interface Running {
  readonly id: string
  readonly port: number
}

/** Where something listens. */
type Place = Pick<Running, 'port'>

interface Answer {
  readonly status: number
  readonly body: string
}

/** One call on a connection of its own. */
function get({ port }: Place, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${KEY}` }
    const request = httpRequest({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      response.on('error', reject)
    })
    request.setTimeout(20_000, () => request.destroy(new Error('no answer within 20 s')))
    request.on('error', reject)
    request.end()
  })
}

const isReady = (running: Place): Promise<boolean> =>
  get(running, '/health/ready').then(
    ({ status }) => status === 200,
    () => false,
  )

async function until(isSo: () => Promise<boolean>, seconds = 30): Promise<void> {
  for (let tries = 0; tries < seconds * 4; tries++) {
    if (await isSo().catch(() => false)) return
    await wait(250)
  }
  throw new Error(`not so within ${seconds} s`)
}

/**
 * As a load balancer does: asks each process every 200 ms whether it is ready, and sends calls in turn to those that
 * were when last asked. It never tries a call twice, so that a call that is dropped is seen.
 */
async function newBalancer(behind: readonly Running[]): Promise<{ readonly port: number; close(): void }> {
  const ready = new Set<number>(behind.map(({ port }) => port))
  const watching = setInterval(() => {
    for (const running of behind)
      void isReady(running).then((isUp) => (isUp ? ready.add(running.port) : ready.delete(running.port)))
    const ports = new Set(behind.map(({ port }) => port))
    for (const port of ready) if (!ports.has(port)) ready.delete(port)
  }, 200)
  let turn = 0
  const server: Server = createServer((incoming, outgoing) => {
    const ports = [...ready]
    const port = ports[turn++ % ports.length]
    if (port === undefined) {
      outgoing.writeHead(502).end()
      return
    }
    const passed = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path: incoming.url,
        method: incoming.method,
        headers: incoming.headers,
        agent: false,
      },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers)
        response.pipe(outgoing)
      },
    )
    passed.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(passed)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      clearInterval(watching)
      server.close()
    },
  }
}
