import { timingSafeEqual } from 'node:crypto'
import type { Caller, FindCaller, Scope } from '../caller.ts'
import type { AccessState } from '../kept/access-state.ts'
import { grantsOf } from '../kept/grants.ts'
import type { KeptAccess, KeptKey } from '../kept/kept-access.ts'
import { checksumOf, hashOf, newPrefix, newSecret } from './secret-text.ts'

/** `cpa_live_<prefix>_<secret><checksum>`: what it is, which one, and what only its holder knows. */
const FORM = /^(?<checked>cpa_live_(?<prefix>[a-z0-9]{8})_[A-Za-z0-9]{43})(?<checksum>[A-Za-z0-9]{6})$/

export interface NewApiKey {
  /** Shown once, and kept nowhere. */
  readonly key: string
  readonly prefix: string
  readonly hash: Buffer
}

export function newApiKey(): NewApiKey {
  const prefix = newPrefix()
  const checked = `cpa_live_${prefix}_${newSecret()}`
  const key = `${checked}${checksumOf(checked)}`
  return { key, prefix, hash: hashOf(key) }
}

/** The prefix of a key of the right form, null of any other text. */
export function prefixOf(token: string): string | null {
  const parts = FORM.exec(token)?.groups
  return parts && checksumOf(parts.checked!) === parts.checksum ? parts.prefix! : null
}

export interface ApiKeysOptions {
  readonly state: AccessState
  readonly now: () => Date
  /** What API keys may carry at most, whatever they were given when they were made. */
  readonly scopes: ReadonlySet<Scope>
}

/** A hash that is nobody's: an unknown prefix takes as long as a known one. */
const NOBODYS = hashOf('')

/** Knows the holders of API keys. */
export function findByApiKey({ state, now, scopes }: ApiKeysOptions): FindCaller {
  const callersOf = new WeakMap<KeptKey, Caller>()
  const byPrefix = new WeakMap<KeptAccess, ReadonlyMap<string, KeptKey>>()
  const keysOf = (access: KeptAccess): ReadonlyMap<string, KeptKey> => {
    const known = byPrefix.get(access)
    if (known) return known
    const keys = new Map(access.keys.map((key) => [key.prefix, key]))
    byPrefix.set(access, keys)
    return keys
  }
  return async (token) => {
    const prefix = prefixOf(token)
    if (prefix === null) return null
    const key = keysOf(await state.current()).get(prefix) ?? keysOf(await state.latest()).get(prefix)
    const isIt = timingSafeEqual(hashOf(token), key?.hash ?? NOBODYS)
    if (!key || !isIt || Date.parse(key.expiresAt) <= now().getTime()) return null
    const caller = callersOf.get(key) ?? callerOf(key, scopes)
    callersOf.set(key, caller)
    return caller
  }
}

const callerOf = ({ name, prefix, grants }: KeptKey, scopes: ReadonlySet<Scope>): Caller => ({
  name: `${name} (key ${prefix})`,
  onBehalfOf: null,
  grants: grantsOf(grants, (scope) => scopes.has(scope)),
})
