import { findAuthority, nearAuthorities } from '../../../vocabulary/authority.ts'
import { nearMatches } from '../../../vocabulary/near-match.ts'
import type { Fault } from '../../../vocabulary/refusal.ts'
import type { KeptGrant } from '../../database/access-tables.ts'
import { type Grant, SCOPES, type Scope } from '../caller.ts'

export const isScope = (word: string): word is Scope => (SCOPES as readonly string[]).includes(word)

/**
 * Grants as a caller holds them, of the scopes that `may` lets through. A scope that this release does not know gives
 * nothing: it may have been kept by a later one.
 */
export const grantsOf = (kept: readonly KeptGrant[], may: (scope: Scope) => boolean = () => true): Grant[] =>
  kept.map(({ scopes, authorities }) => ({
    scopes: new Set(scopes.filter(isScope).filter(may)),
    authorities: authorities.includes('*') ? '*' : authorities,
  }))

/** Every scope of some grants, in the order of the list of scopes. */
export const scopesIn = (grants: readonly Grant[]): Scope[] =>
  SCOPES.filter((scope) => grants.some(({ scopes }) => scopes.has(scope)))

/** What whoever gives access may give: scopes of these, for authorities of these. */
export interface Bounds {
  readonly scopes: readonly string[]
  /** Why a scope beyond them can't be given. */
  readonly why: string
  readonly authorities: ReadonlySet<string> | '*'
}

/** Grants with the codes as they are kept, or every fault of them. */
export function readGrants(
  given: readonly KeptGrant[],
  pointer: string,
  bounds: Bounds,
): { readonly grants: KeptGrant[]; readonly faults: readonly Fault[] } {
  const faults: Fault[] = []
  const grants = given.map(({ scopes, authorities }, index) => ({
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    authorities: codesOf(authorities, `${pointer}/${index}/authorities`, bounds, faults),
  }))
  for (const [index, { scopes }] of given.entries())
    for (const [place, scope] of scopes.entries()) {
      const at = `${pointer}/${index}/scopes/${place}`
      if (!isScope(scope)) {
        const detail = 'There is no such scope.'
        const didYouMean = nearMatches(scope, SCOPES)
        faults.push({ pointer: at, code: 'unknown-scope', detail, allowed: SCOPES, ...near(didYouMean) })
      } else if (!bounds.scopes.includes(scope))
        faults.push({ pointer: at, code: 'scope-not-given', detail: bounds.why, allowed: bounds.scopes })
    }
  return { grants, faults }
}

const near = (didYouMean: readonly string[]) => (didYouMean.length > 0 ? { didYouMean } : {})

function codesOf(words: readonly string[], pointer: string, bounds: Bounds, faults: Fault[]): string[] {
  if (words.includes('*')) {
    if (words.length > 1)
      faults.push({
        pointer,
        code: 'not-alone',
        detail: '`*` stands for every authority, and so stands alone.',
        allowed: ['*'],
      })
    if (bounds.authorities !== '*')
      faults.push({
        pointer,
        code: 'beyond-own-authorities',
        detail: 'The access token does not cover every authority, so it can’t give access to all of them.',
        allowed: [...bounds.authorities],
      })
    return ['*']
  }
  const codes = words.map((word, index) => {
    const authority = findAuthority(word)
    // One that the giver does not cover is answered as one that does not exist, as everywhere.
    const covered = authority && (bounds.authorities === '*' || bounds.authorities.has(authority.code))
    if (!covered)
      faults.push({
        pointer: `${pointer}/${index}`,
        code: 'unknown-authority',
        detail: 'There is no such authority, or the access token does not cover it.',
        allowed:
          bounds.authorities === '*'
            ? ['*', 'a GSS code such as E08000034', 'a DfE code such as 382']
            : [...bounds.authorities],
        ...near(bounds.authorities === '*' ? nearAuthorities(word) : []),
      })
    return authority?.code ?? word
  })
  return [...new Set(codes)].sort()
}
