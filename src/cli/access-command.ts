import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type Config, ConfigError } from '../config.ts'
import { readWantedClient, readWantedGrant, readWantedKey } from '../modules/access/access-schemas.ts'
import { adminKey } from '../platform/access/admin-key.ts'
import { faultsOfAccess, keyScopesOf } from '../platform/access/configured-access.ts'
import {
  addSecret,
  createClient,
  endOtherSecrets,
  listClients,
  readClient,
  revokeClient,
} from '../platform/access/kept/client-store.ts'
import {
  type AccessRules,
  decideClient,
  decideGrant,
  decideKey,
  type Manager,
  nameTaken,
} from '../platform/access/kept/decisions.ts'
import { createGrant, listGrants, readGrant, revokeGrant } from '../platform/access/kept/grant-store.ts'
import { createKey, listKeys, readKey, revokeKey } from '../platform/access/kept/key-store.ts'
import type { Asked } from '../platform/access/kept/managed.ts'
import { newApiKey } from '../platform/access/keys/api-key.ts'
import { newClientSecret } from '../platform/access/keys/client-secret.ts'
import { hashOf } from '../platform/access/keys/secret-text.ts'
import { masterKeyOf } from '../platform/access/master-key.ts'
import { rotateSigningKey } from '../platform/access/tokens/signing-keys.ts'
import type { KeptGrant } from '../platform/database/access-tables.ts'
import type { Database } from '../platform/database/database.ts'
import { openStorage } from '../platform/database/storage.ts'

export const ACCESS_USAGE = `  access WHAT …                    manages who may call, such as
                                   npm run access -- key create power-bi --grant observations:read@E08000034
       client create NAME --grant SCOPES@AUTHORITIES… [--jwks FILE] [--expires MOMENT]
                                   makes a client; without --jwks also a secret, shown this once
       client list | revoke ID
       client rotate-secret ID [--overlap HOURS]
                                   makes a further secret; those before it end after 24 hours, or as many
       key create NAME --grant SCOPES@AUTHORITIES… [--expires MOMENT]
                                   makes an API key, shown this once
       key list | revoke ID
       grant create --issuer URL --claim CLAIM --value VALUE --grant SCOPES@AUTHORITIES…
                                   gives access to the bearers of an issuer's tokens
       grant list | revoke ID
       rotate-signing-key [--at-once]
                                   makes a new key for our tokens; --at-once ends those already given
       SCOPES and AUTHORITIES are lists with commas: observations:read,returns:write@E08000034,E08000035`

/** What the command line prints on, and how it says what is wrong. */
export interface Console {
  print(line: string): void
  complain(line: string): void
}

interface Work {
  readonly config: Config
  readonly database: Database
  readonly options: Options
  readonly target: string | undefined
  readonly console: Console
  readonly now: Date
}

type Options = Readonly<ReturnType<typeof readOptions>['values']>

const readOptions = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      grant: { type: 'string', multiple: true },
      jwks: { type: 'string' },
      expires: { type: 'string' },
      overlap: { type: 'string' },
      issuer: { type: 'string' },
      claim: { type: 'string' },
      value: { type: 'string' },
      'at-once': { type: 'boolean', default: false },
    },
  })

/** Whoever can run this has the database itself: it may give everything to everybody. */
const OPERATOR: Manager = { name: 'command line', authorities: '*' }
const EVERYTHING: Asked = { within: '*', after: null, limit: 10_000 }
const OVERLAP_HOURS = 24

/** Manages who may call, as `/v1/access` does; every process hears of it within five seconds. */
export async function accessCommand(
  config: Config,
  args: readonly string[],
  console: Console,
): Promise<number> {
  const { values, positionals } = readOptions(args)
  const [subject = '', verb = '', target, ...others] = positionals
  const command = COMMANDS.get(subject === 'rotate-signing-key' ? subject : `${subject} ${verb}`)
  if (!command || others.length > 0) {
    console.complain('access does not know this; it knows:')
    console.print(ACCESS_USAGE)
    return 2
  }
  const faults = faultsOfAccess(config)
  if (faults.length > 0) throw new ConfigError(faults)
  const storage = await openStorage(config)
  try {
    return await command({
      config,
      database: storage.database,
      options: values,
      target,
      console,
      now: new Date(),
    })
  } finally {
    await storage.close()
  }
}

const rulesOf = (config: Config): AccessRules => ({
  apiKeyScopes: keyScopesOf(config),
  apiKeyDays: config.apiKeyDays,
  issuers: config.oidcIssuers.map(({ issuer }) => issuer),
})

const by = ({ now }: Work) => ({ by: OPERATOR.name, at: now })

/** `observations:read,children:read@E08000034,E08000035`: the scopes, and for whom. */
const grantsIn = (options: Options): KeptGrant[] =>
  (options.grant ?? []).map((text) => {
    const [scopes = '', authorities = ''] = text.split('@')
    return { scopes: wordsOf(scopes), authorities: wordsOf(authorities) }
  })

const wordsOf = (text: string): string[] => text.split(',').filter((word) => word !== '')

const expiry = ({ expires }: Options) => (expires === undefined ? {} : { expiresAt: expires })

/* ---- clients ---------------------------------------------------------------------------------------------- */

async function makeClient(work: Work): Promise<number> {
  const { database, options, console, now } = work
  const jwks = options.jwks === undefined ? {} : { jwks: JSON.parse(await readFile(options.jwks, 'utf8')) }
  const wanted = readWantedClient({
    name: work.target,
    grants: grantsIn(options),
    ...jwks,
    ...expiry(options),
  })
  const decision = decideClient(wanted, OPERATOR, now)
  const secret = decision.jwks === null ? newClientSecret() : null
  const id = await database.write([], async (transaction) => {
    const made = await createClient(transaction, { name: wanted.name, ...decision }, by(work))
    if (made === null) throw nameTaken()
    if (secret !== null)
      await addSecret(transaction, { client: made, hash: hashOf(secret), expiresAt: null }, by(work))
    return made
  })
  console.print(`client id  ${id}`)
  if (secret !== null) console.print(`secret     ${secret}  (shown this once)`)
  return 0
}

async function rotateSecret(work: Work): Promise<number> {
  const { database, options, target = '', console, now } = work
  const hours = options.overlap === undefined ? OVERLAP_HOURS : Number(options.overlap)
  if (!(hours >= 0 && hours <= 24 * 365)) {
    console.complain('--overlap takes hours: from 0 to a year of them')
    return 2
  }
  const secret = newClientSecret()
  const until = new Date(now.getTime() + hours * 60 * 60 * 1000)
  const found = await database.write([], async (transaction) => {
    const client = UUID.test(target) ? await readClient(transaction, target, '*') : null
    if (!client || client.revokedAt !== null) return false
    const made = await addSecret(
      transaction,
      { client: client.id, hash: hashOf(secret), expiresAt: null },
      by(work),
    )
    await endOtherSecrets(transaction, client.id, made.id, until)
    return true
  })
  if (!found) return unknown(work, 'client')
  console.print(`secret     ${secret}  (shown this once)`)
  console.print(`those before it are good until ${until.toISOString()}`)
  return 0
}

/* ---- keys and grants --------------------------------------------------------------------------------------- */

async function makeKey(work: Work): Promise<number> {
  const { config, database, options, console, now } = work
  const wanted = readWantedKey({ name: work.target, grants: grantsIn(options), ...expiry(options) })
  const decision = decideKey(wanted, OPERATOR, rulesOf(config), now)
  const key = newApiKey()
  const made = await database.write([], (transaction) => createKey(transaction, decision, key, by(work)))
  console.print(`key id   ${made.id}`)
  console.print(`key      ${key.key}  (shown this once)`)
  console.print(`expires  ${made.expiresAt}`)
  return 0
}

async function makeGrant(work: Work): Promise<number> {
  const { config, database, options, console, now } = work
  const { issuer, claim, value } = options
  const wanted = readWantedGrant({ issuer, claim, value, grants: grantsIn(options), ...expiry(options) })
  const decision = decideGrant(wanted, OPERATOR, rulesOf(config), now)
  const made = await database.write([], (transaction) => createGrant(transaction, decision, by(work)))
  console.print(`grant id  ${made.id}`)
  return 0
}

/* ---- signing keys ------------------------------------------------------------------------------------------ */

async function rotate(work: Work): Promise<number> {
  const { config, database, options, console, now } = work
  const master = masterKeyOf(config, (await adminKey(config)).key)
  const kid = await database.write([], (transaction) =>
    rotateSigningKey(transaction, master, now, options['at-once']),
  )
  console.print(`signing key  ${kid}`)
  console.print(
    options['at-once']
      ? 'tokens given before are good no more: clients get new ones'
      : 'tokens given before stay good until they expire',
  )
  return 0
}

/* ---- lists and ends ---------------------------------------------------------------------------------------- */

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const inWords = (grants: readonly KeptGrant[]): string =>
  grants.map(({ scopes, authorities }) => `${scopes.join(',')}@${authorities.join(',')}`).join(' ')

const until = (expiresAt: string | null, revokedAt: string | null): string =>
  revokedAt !== null ? `revoked ${revokedAt}` : expiresAt === null ? 'no expiry' : `until ${expiresAt}`

const list =
  (lines: (work: Work) => Promise<string[]>) =>
  async (work: Work): Promise<number> => {
    for (const line of await lines(work)) work.console.print(line)
    return 0
  }

/** Revokes what an id names; what is none says so. */
const end =
  (what: string, revoke: (work: Work, id: string) => Promise<boolean>) =>
  async (work: Work): Promise<number> => {
    const { target = '' } = work
    if (!UUID.test(target) || !(await revoke(work, target))) return unknown(work, what)
    work.console.print('revoked')
    return 0
  }

function unknown({ console }: Work, what: string): number {
  console.complain(`there is no such ${what}; npm run access -- ${what} list shows them`)
  return 1
}

const COMMANDS = new Map<string, (work: Work) => Promise<number>>([
  ['client create', makeClient],
  ['client rotate-secret', rotateSecret],
  [
    'client list',
    list(async ({ database }) =>
      (await database.read([], (transaction) => listClients(transaction, EVERYTHING))).map(
        ({ id, name, grants, expiresAt, revokedAt }) =>
          `${id}  ${name}  ${inWords(grants)}  ${until(expiresAt, revokedAt)}`,
      ),
    ),
  ],
  [
    'client revoke',
    end('client', (work, id) =>
      work.database.write([], async (transaction) => {
        if (!(await readClient(transaction, id, '*'))) return false
        await revokeClient(transaction, id, by(work))
        return true
      }),
    ),
  ],
  ['key create', makeKey],
  [
    'key list',
    list(async ({ database }) =>
      (await database.read([], (transaction) => listKeys(transaction, EVERYTHING))).map(
        ({ id, name, prefix, grants, expiresAt, revokedAt }) =>
          `${id}  ${name}  cpa_live_${prefix}_…  ${inWords(grants)}  ${until(expiresAt, revokedAt)}`,
      ),
    ),
  ],
  [
    'key revoke',
    end('key', (work, id) =>
      work.database.write([], async (transaction) => {
        if (!(await readKey(transaction, id, '*'))) return false
        await revokeKey(transaction, id, by(work))
        return true
      }),
    ),
  ],
  ['grant create', makeGrant],
  [
    'grant list',
    list(async ({ database }) =>
      (await database.read([], (transaction) => listGrants(transaction, EVERYTHING))).map(
        ({ id, issuer, claim, value, grants, expiresAt, revokedAt }) =>
          `${id}  ${issuer} ${claim}=${value}  ${inWords(grants)}  ${until(expiresAt, revokedAt)}`,
      ),
    ),
  ],
  [
    'grant revoke',
    end('grant', (work, id) =>
      work.database.write([], async (transaction) => {
        if (!(await readGrant(transaction, id, '*'))) return false
        await revokeGrant(transaction, id, by(work))
        return true
      }),
    ),
  ],
  ['rotate-signing-key', rotate],
])
