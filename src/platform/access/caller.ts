/** What a caller may do. `observations:read:public` sees only what is safe to publish. */
export const SCOPES = [
  'observations:read',
  'observations:read:public',
  'children:read',
  'returns:write',
  'reference:write',
  'publications:write',
  'admin',
] as const

export type Scope = (typeof SCOPES)[number]

/** What each scope allows, for whoever reads the document. */
export const SCOPE_MEANINGS: Readonly<Record<Scope, string>> = {
  'observations:read': 'Figures as they are, for an authority’s own eyes.',
  'observations:read:public': 'Figures that are safe to publish.',
  'children:read': 'The records of children, by pseudonymous identifiers.',
  'returns:write': 'Loading and withdrawing an authority’s returns and records.',
  'reference:write':
    'Loading reference data, which holds for every authority; needs a grant for all of them.',
  'publications:write': 'Freezing figures, and setting targets and commentary.',
  admin: 'Managing who may call.',
}

/** What is allowed for whom: the scopes hold for these authorities (GSS codes, or `*` for all), and for no others. */
export interface Grant {
  readonly scopes: ReadonlySet<Scope>
  readonly authorities: readonly string[] | '*'
}

/** Who calls, and what it may do. */
export interface Caller {
  /** For the log and the audit trail: the client, never a secret. */
  readonly name: string
  /** The person for whom the client calls, as the token names them; null where it names none. */
  readonly onBehalfOf: string | null
  /**
   * Kept apart as they were given: who may read one authority's children and another's figures may not read the other's
   * children, which scopes and authorities thrown together would say.
   */
  readonly grants: readonly Grant[]
}

/** A caller with one grant. */
export const callerWith = (
  name: string,
  scopes: Iterable<Scope>,
  authorities: readonly string[] | '*',
): Caller => ({ name, onBehalfOf: null, grants: [{ scopes: new Set(scopes), authorities }] })

/** Whether the caller holds any of these scopes for any authority at all. */
export const holdsAny = ({ grants }: Pick<Caller, 'grants'>, scopes: readonly Scope[]): boolean =>
  grants.some((grant) => allows(grant, scopes))

/** Whether the caller holds any of these scopes for an authority, by its GSS code. */
export const covers = (
  { grants }: Pick<Caller, 'grants'>,
  gssCode: string,
  scopes: readonly Scope[],
): boolean =>
  grants.some(
    (grant) => allows(grant, scopes) && (grant.authorities === '*' || grant.authorities.includes(gssCode)),
  )

/** Whether the caller holds one of these scopes for every authority, as what concerns all of them asks for. */
export const coversAll = ({ grants }: Pick<Caller, 'grants'>, scopes: readonly Scope[]): boolean =>
  grants.some((grant) => allows(grant, scopes) && grant.authorities === '*')

const allows = (grant: Grant, scopes: readonly Scope[]): boolean =>
  scopes.some((scope) => grant.scopes.has(scope))

/**
 * Whose token this is; null where it is nobody's. The one place where ways to sign in meet: further kinds of token
 * are further functions of this type, asked in turn.
 */
export type FindCaller = (token: string) => Promise<Caller | null>
