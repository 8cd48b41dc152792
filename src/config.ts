import { resolve } from 'node:path'
import { inspect } from 'node:util'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const GIBIBYTE = 1024 ** 3

export type LogLevel = (typeof LOG_LEVELS)[number]

/** Everything that the environment decides, read once at the door. */
export interface Config {
  readonly host: string
  /** 0 lets the operating system choose. */
  readonly port: number
  /** Null: an embedded PostgreSQL server in `dataDir`. */
  readonly databaseUrl: string | null
  /** A replica that figures may be read from; null: the same database. */
  readonly databaseReadUrl: string | null
  /** Absolute path. */
  readonly dataDir: string
  /** Null: a key made at first start and kept in `dataDir`. */
  readonly adminApiKey: string | null
  readonly logLevel: LogLevel
  /** Whether a start with an empty database loads the synthetic council. */
  readonly demo: boolean
  readonly uploadLimitBytes: number
  /** Where callers reach the service, without a trailing slash; null: whatever host they called. */
  readonly publicUrl: string | null
  /** The values with every secret masked, so that a config that is logged gives nothing away. */
  toJSON(): Record<string, unknown>
}

/** The environment does not make a configuration; `faults` names everything that is wrong with it. */
export class ConfigError extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`The configuration is wrong:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/**
 * Reads the whole configuration, or throws one error that names every fault: an operator who mends one variable
 * only to be told of the next gives up. A fault never repeats the value, which may be a secret.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = []
  const fault = <T>(text: string, instead: T): T => {
    faults.push(text)
    return instead
  }
  // An empty variable is an absent one: Docker Compose passes `NAME=` for what is not set.
  const textOf = (name: string): string | null => env[name]?.trim() || null

  const wholeNumber = (name: string, otherwise: number, least: number, most: number): number => {
    const text = textOf(name)
    if (text === null) return otherwise
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    return number >= least && number <= most
      ? number
      : fault(`${name} must be a whole number from ${least} to ${most}`, otherwise)
  }

  const url = (name: string, protocols: readonly string[], example: string): string | null => {
    const text = textOf(name)
    if (text === null) return null
    const parsed = URL.parse(text)
    return parsed !== null && protocols.includes(parsed.protocol)
      ? text
      : fault(`${name} must be a URL such as ${example}`, null)
  }

  const host = textOf('HOST') ?? '127.0.0.1'
  const adminApiKey = textOf('ADMIN_API_KEY')
  if (adminApiKey !== null && !/^[A-Za-z0-9\-._~+/]{20,512}=*$/.test(adminApiKey))
    fault('ADMIN_API_KEY must have 20 characters or more, of A-Z a-z 0-9 - . _ ~ + / only', null)
  if (adminApiKey === null && !isLoopback(host))
    fault(
      'HOST is not a loopback address, so ADMIN_API_KEY must be set: without it, whoever reads the data directory holds the key to a service that the network can reach',
      null,
    )

  const publicUrl = url('PUBLIC_URL', ['http:', 'https:'], 'https://care.example.gov.uk')
  if (publicUrl !== null && /[?#]/.test(publicUrl))
    fault('PUBLIC_URL must have no query and no fragment', null)

  const values = {
    host,
    port: wholeNumber('PORT', 3000, 0, 65_535),
    databaseUrl: url('DATABASE_URL', POSTGRES, POSTGRES_EXAMPLE),
    databaseReadUrl: url('DATABASE_READ_URL', POSTGRES, POSTGRES_EXAMPLE),
    dataDir: resolve(textOf('DATA_DIR') ?? './data'),
    adminApiKey,
    logLevel:
      LOG_LEVELS.find((level) => level === (textOf('LOG_LEVEL') ?? 'info').toLowerCase()) ??
      fault(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`, 'info' as const),
    demo:
      SWITCH.get((textOf('DEMO') ?? 'true').toLowerCase()) ?? fault('DEMO must be true, false, 1 or 0', true),
    uploadLimitBytes: wholeNumber('UPLOAD_LIMIT_BYTES', GIBIBYTE, 1, 1024 * GIBIBYTE),
    publicUrl: publicUrl?.replace(/\/+$/, '') ?? null,
  }
  if (values.databaseReadUrl !== null && values.databaseUrl === null && textOf('DATABASE_URL') === null)
    fault('DATABASE_READ_URL is set, so DATABASE_URL must be set: the embedded server has no replica', null)
  if (faults.length > 0) throw new ConfigError(faults)

  const toJSON = () => ({
    ...values,
    adminApiKey: values.adminApiKey === null ? null : MASK,
    databaseUrl: withoutPassword(values.databaseUrl),
    databaseReadUrl: withoutPassword(values.databaseReadUrl),
  })
  const config = { ...values }
  // Not enumerable, so that spreading or comparing a config sees its values only; console.log goes by `inspect`.
  Object.defineProperty(config, 'toJSON', { value: toJSON })
  Object.defineProperty(config, inspect.custom, { value: toJSON })
  return Object.freeze(config) as typeof config & Pick<Config, 'toJSON'>
}

const MASK = '***'
const POSTGRES: readonly string[] = ['postgres:', 'postgresql:']
const POSTGRES_EXAMPLE = 'postgres://user:password@host:5432/database'
const SWITCH = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)

function withoutPassword(url: string | null): string | null {
  if (url === null) return null
  const parsed = new URL(url)
  if (parsed.password !== '') parsed.password = MASK
  // A password may stand in the query as well: libpq reads `?password=`.
  for (const name of [...parsed.searchParams.keys()])
    if (/pass|secret|key/i.test(name)) parsed.searchParams.set(name, MASK)
  return parsed.toString()
}
