import type { Scope } from '../caller.ts'
import { isScope, scopesIn } from '../kept/grants.ts'
import type { KeptClient } from '../kept/kept-access.ts'
import { clientGrants } from './access-token.ts'
import { OAuthRefusal } from './oauth-refusal.ts'

/** The scopes of a token: those asked for, of which the client must have every one, or all that it has. */
export function narrowed(client: KeptClient, asked: string | undefined): readonly Scope[] {
  const held = scopesIn(clientGrants(client))
  if (asked === undefined) return held
  const words = [...new Set(asked.split(' ').filter((word) => word !== ''))]
  if (words.length === 0 || words.some((word) => !isScope(word) || !held.includes(word)))
    throw new OAuthRefusal('invalid_scope', `The client may ask for: ${held.join(' ')}.`)
  return held.filter((scope) => words.includes(scope))
}
