import type { Config, OidcIssuer } from '../../config.ts'
import { findAuthority } from '../../vocabulary/authority.ts'
import { SCOPES, type Scope } from './caller.ts'
import { isScope } from './kept/grants.ts'

/** What of the configuration says who may call. */
export type AccessConfig = Pick<Config, 'apiKeyScopes' | 'apiKeyDays' | 'oidcIssuers' | 'publicUrl'>

/** Every scope and authority of the configuration that there is none of, in words for the operator. */
export function faultsOfAccess({ apiKeyScopes, oidcIssuers }: AccessConfig): string[] {
  const keyScopes = SCOPES.filter((scope) => scope !== 'admin')
  return [
    ...apiKeyScopes
      .filter((scope) => !isScope(scope) || scope === 'admin')
      .map(
        (scope) =>
          `API_KEY_SCOPES: ${scope === 'admin' ? 'an API key never carries admin' : `there is no scope "${scope}"`}; it takes ${keyScopes.join(', ')}`,
      ),
    ...oidcIssuers.flatMap((issuer, index) => faultsOfIssuer(issuer, `OIDC_ISSUERS[${index}]`)),
    ...oidcIssuers.flatMap(({ issuer }, index) =>
      oidcIssuers.findIndex((other) => other.issuer === issuer) < index
        ? [`OIDC_ISSUERS[${index}].issuer stands there twice: give it once, with all its grants`]
        : [],
    ),
  ]
}

const faultsOfIssuer = ({ grants }: OidcIssuer, place: string): string[] =>
  grants.flatMap(({ scopes, authorities }, index) => [
    ...scopes
      .filter((scope) => !isScope(scope))
      .map(
        (scope) =>
          `${place}.grants[${index}].scopes: there is no scope "${scope}"; it takes ${SCOPES.join(', ')}`,
      ),
    ...authorities
      .filter((code) => code !== '*' && findAuthority(code) === undefined)
      .map(
        (code) =>
          `${place}.grants[${index}].authorities: there is no authority "${code}"; give GSS codes, DfE codes or *`,
      ),
    ...(authorities.length > 1 && authorities.includes('*')
      ? [`${place}.grants[${index}].authorities: * stands for every authority, and so stands alone`]
      : []),
  ])

/** What API keys may carry at most; `admin` never. */
export const keyScopesOf = ({ apiKeyScopes }: Pick<AccessConfig, 'apiKeyScopes'>): readonly Scope[] =>
  SCOPES.filter((scope) => scope !== 'admin' && apiKeyScopes.includes(scope))
