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

/** Who calls, what it may do, and for which authorities (GSS codes, or `*` for all). */
export interface Caller {
  /** For the log and the audit trail; never a secret. */
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
  readonly authorities: readonly string[] | '*'
}

/** Whether the caller's grant covers an authority, by its GSS code. */
export const covers = ({ authorities }: Pick<Caller, 'authorities'>, gssCode: string): boolean =>
  authorities === '*' || authorities.includes(gssCode)

/**
 * Whose token this is; null where it is nobody's. The one place where ways to sign in meet: further kinds of token
 * are further functions of this type, asked in turn.
 */
export type FindCaller = (token: string) => Promise<Caller | null>
