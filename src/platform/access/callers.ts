import type { Database } from '../database/database.ts'
import type { FindCaller } from './caller.ts'
import { type AccessConfig, keyScopesOf } from './configured-access.ts'
import { type AccessState, newAccessState } from './kept/access-state.ts'
import type { AccessRules } from './kept/decisions.ts'
import { findByApiKey } from './keys/api-key.ts'
import type { MasterKey } from './master-key.ts'
import { type AccessTokens, newAccessTokens } from './tokens/access-token.ts'
import { newSigningKeys, type SigningKeys } from './tokens/signing-keys.ts'

/** Everybody who may call, and what it takes to know them. */
export interface Callers {
  readonly findCaller: FindCaller
  readonly state: AccessState
  readonly keys: SigningKeys
  readonly tokens: AccessTokens
  readonly rules: AccessRules
}

export interface CallersOptions {
  readonly config: AccessConfig
  readonly database: Database
  readonly master: MasterKey
  readonly now: () => Date
  /** Asked before all others: it needs no database. */
  readonly first: FindCaller
}

/** Puts together the ways to say who one is. */
export function newCallers({ config, database, master, now, first }: CallersOptions): Callers {
  const { publicUrl } = config
  const apiKeyScopes = keyScopesOf(config)
  const state = newAccessState(database, now)
  const keys = newSigningKeys({ database, state, master, now })
  const tokens = newAccessTokens({ state, keys, now, publicUrl })
  return {
    findCaller: askInTurn(
      first,
      findByApiKey({ state, now, scopes: new Set(apiKeyScopes) }),
      tokens.findCaller,
    ),
    state,
    keys,
    tokens,
    rules: {
      apiKeyScopes,
      apiKeyDays: config.apiKeyDays,
      issuers: config.oidcIssuers.map(({ issuer }) => issuer),
    },
  }
}

/** Asks one after the other whose token it is; the first that knows it answers. */
const askInTurn =
  (...finders: readonly FindCaller[]): FindCaller =>
  async (token) => {
    for (const find of finders) {
      const caller = await find(token)
      if (caller !== null) return caller
    }
    return null
  }
