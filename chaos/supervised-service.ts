import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The real service as its own process on an embedded database, started again whenever it ends: no more help than that. */
export interface SupervisedService {
  readonly address: string
  readonly key: string
  /** `kill -9` of the process; its supervisor starts another. */
  killService(): Promise<void>
  /** `kill -9` of PostgreSQL; nobody starts another but the service itself. */
  killPostgres(): Promise<void>
  /** Milliseconds until it says that it is ready; throws where it does not in three minutes. */
  untilReady(): Promise<number>
  stop(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const KEY = 'the-admin-key-of-the-chaos'
/** A first start makes a database, and this may run beside much else. */
const PATIENCE_MS = 180_000

export async function superviseService(folder: string): Promise<SupervisedService> {
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  let stopping = false
  let process_: ChildProcess | null = null
  let said = ''
  let data: string | null = null

  const start = (): void => {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        ...process.env,
        HOST: '127.0.0.1',
        PORT: String(port),
        DATA_DIR: folder,
        DATABASE_URL: '',
        ADMIN_API_KEY: KEY,
        DEMO: 'false',
        DRAIN_SECONDS: '0',
        LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    process_ = child
    for (const stream of [child.stdout, child.stderr])
      stream!.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-20_000)
        data = /embedded PostgreSQL in (\S+)/.exec(said)?.[1] ?? data
      })
    child.on('exit', async () => {
      if (stopping) return
      await wait(50)
      if (!stopping) start()
    })
  }
  start()

  const isReady = (): Promise<boolean> =>
    fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(5_000) }).then(
      ({ ok }) => ok,
      () => false,
    )

  return {
    address,
    key: KEY,
    async killService() {
      const child = process_!
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGKILL')
      await ended
    },
    async killPostgres() {
      if (data === null) throw new Error(`the service did not say where its database is:\n${said}`)
      const [pid] = (await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')).split(
        '\n',
      )
      if (Number(pid) > 0)
        try {
          process.kill(Number(pid), 'SIGKILL')
        } catch (fault) {
          // It is down already, and its file is left over.
          if ((fault as NodeJS.ErrnoException).code !== 'ESRCH') throw fault
        }
    },
    async untilReady() {
      const started = performance.now()
      while (!(await isReady())) {
        if (performance.now() - started > PATIENCE_MS)
          throw new Error(`the service did not recover within ${PATIENCE_MS / 1000} s:\n${said}`)
        await wait(50)
      }
      return performance.now() - started
    },
    async stop() {
      stopping = true
      const child = process_!
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await Promise.race([ended, wait(20_000, undefined, { ref: false })])
      child.kill('SIGKILL')
    },
  }
}

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => found(port))
    })
  })
