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
  /** Who may migrate the database, where the service's own login may not; null: `databaseUrl`. */
  readonly databaseMigrateUrl: string | null
  /** Connections for reads and small writes, and those for loads beside them. */
  readonly databaseConnections: number
  readonly databaseLoads: number
  /** What pseudonyms, signing keys and webhook secrets are sealed with; null: made from the admin key. */
  readonly masterKey: string | null
  /** Whose tokens are believed beside our own. */
  readonly oidcIssuers: readonly OidcIssuer[]
  /** What API keys may carry at most. */
  readonly apiKeyScopes: readonly string[]
  readonly apiKeyDays: number
  /** What a caller may spend in a minute; an ordinary call costs 1. */
  readonly rateLimitPerMinute: number
  /** How often an address may send a token that is nobody's in a minute; of failed sign-ins, fewer. */
  readonly failuresPerMinute: number
  /** Web pages that may call from a browser; none unless named. */
  readonly corsOrigins: readonly string[]
  /** Files of a certificate and its key, for HTTPS without a proxy; null: HTTP. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null
  /** Addresses or networks of proxies whose `X-Forwarded-…` are believed; a number: so many proxies in between. */
  readonly trustProxy: readonly string[] | number
  /** For security.txt: where to report a hole. */
  readonly securityContact: string | null
  /** A port for `/metrics` alone; null: on the port of the service. */
  readonly metricsPort: number | null
  /** Where traces are sent (OTLP over HTTP); null: nowhere. */
  readonly otlpEndpoint: string | null
  /** Whether whoever reads about children must say what for. */
  readonly purposeRequired: boolean
  /** The age at which what is held on a child is erased; null: never by itself. */
  readonly retentionAge: number | null
  /** How long events can be pulled. */
  readonly eventDays: number
  /** Hosts inside, which webhooks may reach although they are not on the public internet. */
  readonly webhookHosts: readonly string[]
  /** Between being told to stop and doing so: the time for a load balancer to send calls elsewhere. */
  readonly drainSeconds: number
  /** The values with every secret masked, so that a config that is logged gives nothing away. */
  toJSON(): Record<string, unknown>
}

/** An OpenID Connect issuer, and what the bearers of its tokens may do. */
export interface OidcIssuer {
  readonly issuer: string
  readonly audience: string
  /** Where its keys are; null: where its discovery document says. */
  readonly jwksUri: string | null
  /** The claim that names the person or the client, for the log and the audit trail. */
  readonly nameClaim: string
  readonly grants: readonly {
    readonly claim: string
    readonly value: string
    readonly scopes: readonly string[]
    readonly authorities: readonly string[]
  }[]
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

  const words = (name: string): readonly string[] | null =>
    textOf(name)
      ?.split(/[\s,]+/)
      .filter((word) => word !== '') ?? null

  const onOrOff = (name: string, otherwise: boolean): boolean =>
    SWITCH.get((textOf(name) ?? String(otherwise)).toLowerCase()) ??
    fault(`${name} must be true, false, 1 or 0`, otherwise)

  const masterKey = textOf('MASTER_KEY')
  if (masterKey !== null && !/^[A-Za-z0-9\-._~+/]{32,512}=*$/.test(masterKey))
    fault('MASTER_KEY must have 32 characters or more, of A-Z a-z 0-9 - . _ ~ + / only', null)

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
    demo: onOrOff('DEMO', true),
    uploadLimitBytes: wholeNumber('UPLOAD_LIMIT_BYTES', GIBIBYTE, 1, 1024 * GIBIBYTE),
    publicUrl: publicUrl?.replace(/\/+$/, '') ?? null,
    databaseMigrateUrl: url('DATABASE_MIGRATE_URL', POSTGRES, POSTGRES_EXAMPLE),
    databaseConnections: wholeNumber('DATABASE_CONNECTIONS', 10, 1, 1000),
    databaseLoads: wholeNumber('DATABASE_LOADS', 4, 1, 100),
    masterKey,
    oidcIssuers: readIssuers(textOf('OIDC_ISSUERS'), (text) => faults.push(text)),
    apiKeyScopes: words('API_KEY_SCOPES') ?? ['observations:read', 'observations:read:public'],
    apiKeyDays: wholeNumber('API_KEY_DAYS', 90, 1, 3650),
    rateLimitPerMinute: wholeNumber('RATE_LIMIT_PER_MINUTE', 600_000, 1, 1_000_000_000),
    failuresPerMinute: wholeNumber('RATE_LIMIT_FAILURES_PER_MINUTE', 5_000, 1, 1_000_000),
    corsOrigins: words('CORS_ORIGINS') ?? [],
    tls: readTls(textOf('TLS_CERT_FILE'), textOf('TLS_KEY_FILE'), (text) => faults.push(text)),
    trustProxy: readTrustProxy(words('TRUST_PROXY') ?? [], (text) => faults.push(text)),
    securityContact: url('SECURITY_CONTACT', ['mailto:', 'https:'], 'mailto:security@example.gov.uk'),
    metricsPort: textOf('METRICS_PORT') === null ? null : wholeNumber('METRICS_PORT', 9464, 0, 65_535),
    otlpEndpoint: url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http:', 'https:'], 'http://localhost:4318'),
    purposeRequired: onOrOff('REQUIRE_PURPOSE', false),
    retentionAge: textOf('RETENTION_AGE') === null ? null : wholeNumber('RETENTION_AGE', 75, 18, 150),
    eventDays: wholeNumber('EVENT_DAYS', 90, 1, 3650),
    webhookHosts: words('WEBHOOK_HOSTS') ?? [],
    drainSeconds: wholeNumber('DRAIN_SECONDS', 2, 0, 300),
  }
  if (values.databaseReadUrl !== null && values.databaseUrl === null && textOf('DATABASE_URL') === null)
    fault('DATABASE_READ_URL is set, so DATABASE_URL must be set: the embedded server has no replica', null)
  if (faults.length > 0) throw new ConfigError(faults)

  const toJSON = () => ({
    ...values,
    adminApiKey: values.adminApiKey === null ? null : MASK,
    databaseUrl: withoutPassword(values.databaseUrl),
    databaseReadUrl: withoutPassword(values.databaseReadUrl),
    databaseMigrateUrl: withoutPassword(values.databaseMigrateUrl),
    masterKey: values.masterKey === null ? null : MASK,
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

/** A fault of a variable, in words. */
type Complain = (fault: string) => void

const ISSUER_MEMBERS = 'issuer, audience, jwksUri, nameClaim and grants'

/** The issuers as JSON: every fault is named by where it is, without repeating a value. */
function readIssuers(text: string | null, complain: Complain): readonly OidcIssuer[] {
  if (text === null) return []
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    complain('OIDC_ISSUERS must be JSON: a list of issuers')
    return []
  }
  if (!Array.isArray(given)) {
    complain('OIDC_ISSUERS must be a JSON list of issuers')
    return []
  }
  return given.map((one: unknown, index) => readIssuer(one, `OIDC_ISSUERS[${index}]`, complain))
}

function readIssuer(given: unknown, place: string, complain: Complain): OidcIssuer {
  const one = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>
  for (const name of Object.keys(one))
    if (!['issuer', 'audience', 'jwksUri', 'nameClaim', 'grants'].includes(name))
      complain(`${place} has a member that is none of ${ISSUER_MEMBERS}`)
  const text = (value: unknown, name: string): string => {
    if (typeof value === 'string' && value !== '') return value
    complain(`${place}.${name} must be text`)
    return ''
  }
  const address = (value: unknown, name: string): string => {
    const parsed = URL.parse(text(value, name))
    // Without TLS whoever stands in between hands out keys of their own; on this machine nobody does.
    if (parsed && (parsed.protocol === 'https:' || isLoopback(parsed.hostname))) return value as string
    if (typeof value === 'string') complain(`${place}.${name} must be an https URL`)
    return ''
  }
  const list = (value: unknown, name: string): string[] => {
    if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string'))
      return value
    complain(`${place}.${name} must be a list of texts`)
    return []
  }
  if (one.grants !== undefined && !Array.isArray(one.grants)) complain(`${place}.grants must be a list`)
  const grants = Array.isArray(one.grants) ? (one.grants as Record<string, unknown>[]) : []
  return {
    issuer: address(one.issuer, 'issuer'),
    audience: text(one.audience, 'audience'),
    jwksUri: one.jwksUri === undefined ? null : address(one.jwksUri, 'jwksUri'),
    nameClaim: one.nameClaim === undefined ? 'sub' : text(one.nameClaim, 'nameClaim'),
    grants: grants.map((grant, index) => ({
      claim: text(grant?.claim, `grants[${index}].claim`),
      value: text(grant?.value, `grants[${index}].value`),
      scopes: list(grant?.scopes, `grants[${index}].scopes`),
      authorities: list(grant?.authorities, `grants[${index}].authorities`),
    })),
  }
}

function readTls(certFile: string | null, keyFile: string | null, complain: Complain): Config['tls'] {
  if (certFile === null && keyFile === null) return null
  if (certFile !== null && keyFile !== null) return { certFile, keyFile }
  complain('TLS_CERT_FILE and TLS_KEY_FILE must be set together: HTTPS needs a certificate and its key')
  return null
}

/** Proxies are named, or counted; to believe whoever calls would let every caller choose its own address. */
function readTrustProxy(given: readonly string[], complain: Complain): readonly string[] | number {
  const [only] = given
  if (given.length === 1 && /^\d{1,2}$/.test(only!)) return Number(only)
  if (given.every((one) => ['loopback', 'linklocal', 'uniquelocal'].includes(one) || NETWORK.test(one)))
    return given
  complain(
    'TRUST_PROXY must be a number of proxies, or their addresses or networks separated by commas, such as loopback,10.0.0.0/8',
  )
  return []
}

const NETWORK = /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?|[\da-f:]+:[\da-f:.]*(?:\/\d{1,3})?)$/i
