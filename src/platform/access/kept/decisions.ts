import { type Fault, Refusal } from '../../../vocabulary/refusal.ts'
import type { KeptGrant } from '../../database/access-tables.ts'
import { SCOPES, type Scope } from '../caller.ts'
import { type ClientKeys, faultsOfKeys, publicMembers } from '../tokens/client-keys.ts'
import type { ClientDecision } from './client-store.ts'
import type { GrantDecision } from './grant-store.ts'
import { readGrants } from './grants.ts'
import type { KeyDecision } from './key-store.ts'

/** Who gives access, and for which authorities it may. */
export interface Manager {
  readonly name: string
  readonly authorities: ReadonlySet<string> | '*'
}

/** What holds whoever gives it. */
export interface AccessRules {
  readonly apiKeyScopes: readonly Scope[]
  readonly apiKeyDays: number
  /** The issuers whose tokens are believed. */
  readonly issuers: readonly string[]
}

const DAY_MS = 24 * 60 * 60 * 1000
const WHY_KNOWN = 'There is no such scope.'
const WHY_NOT_KEYS =
  'An API key may not carry this scope: what keys may carry is set by API_KEY_SCOPES, and admin is never among it.'
/** Names that the log and the audit trail know others by. */
const TAKEN = ['admin-key', 'command line']

export interface ClientWanted {
  readonly name?: string
  readonly grants: readonly KeptGrant[]
  readonly jwks?: ClientKeys | null
  readonly expiresAt?: string | null
}

/** A client as it was asked for; refuses it with every fault. */
export function decideClient(wanted: ClientWanted, { authorities }: Manager, now: Date): ClientDecision {
  const { grants, faults } = readGrants(wanted.grants, '/body/grants', {
    scopes: SCOPES,
    why: WHY_KNOWN,
    authorities,
  })
  const expiry = readExpiry(wanted.expiresAt ?? null, now, null)
  const jwks = wanted.jwks ?? null
  refuse([
    ...(wanted.name === undefined ? [] : faultsOfName(wanted.name)),
    ...faults,
    ...(jwks ? faultsOfKeys(jwks, '/body/jwks') : []),
    ...expiry.faults,
  ])
  return {
    grants,
    jwks: jwks && { keys: jwks.keys.map(publicMembers) },
    expiresAt: expiry.at?.toISOString() ?? null,
  }
}

export interface KeyWanted {
  readonly name: string
  readonly grants: readonly KeptGrant[]
  readonly expiresAt?: string | null
}

/** An API key as it was asked for; refuses it with every fault. */
export function decideKey(
  wanted: KeyWanted,
  { authorities }: Manager,
  { apiKeyScopes, apiKeyDays }: AccessRules,
  now: Date,
): KeyDecision {
  const { grants, faults } = readGrants(wanted.grants, '/body/grants', {
    scopes: apiKeyScopes,
    why: WHY_NOT_KEYS,
    authorities,
  })
  const latest = new Date(now.getTime() + apiKeyDays * DAY_MS)
  const expiry = readExpiry(wanted.expiresAt ?? null, now, latest)
  refuse([...faultsOfName(wanted.name), ...faults, ...expiry.faults])
  return { name: wanted.name, grants, expiresAt: (expiry.at ?? latest).toISOString() }
}

export interface GrantWanted {
  readonly issuer: string
  readonly claim: string
  readonly value: string
  readonly grants: readonly KeptGrant[]
  readonly expiresAt?: string | null
}

/** A grant to the bearers of an issuer's tokens as it was asked for; refuses it with every fault. */
export function decideGrant(
  wanted: GrantWanted,
  { authorities }: Manager,
  { issuers }: AccessRules,
  now: Date,
): GrantDecision {
  const { issuer, claim, value } = wanted
  const { grants, faults } = readGrants(wanted.grants, '/body/grants', {
    scopes: SCOPES,
    why: WHY_KNOWN,
    authorities,
  })
  const expiry = readExpiry(wanted.expiresAt ?? null, now, null)
  refuse([
    ...(issuers.includes(issuer)
      ? []
      : [
          {
            pointer: '/body/issuer',
            code: 'unknown-issuer',
            detail: 'The service believes no tokens of this issuer; those it does are set by OIDC_ISSUERS.',
            allowed: issuers,
          },
        ]),
    ...faults,
    ...expiry.faults,
  ])
  return { issuer, claim, value, grants, expiresAt: expiry.at?.toISOString() ?? null }
}

/** When a further secret of a client is to expire; null for as long as the client itself is good. */
export function decideSecretExpiry(expiresAt: string | null, now: Date): string | null {
  const { at, faults } = readExpiry(expiresAt, now, null)
  refuse(faults)
  return at?.toISOString() ?? null
}

/** In the log and the audit trail nobody may be taken for somebody else. */
function faultsOfName(name: string): Fault[] {
  const detail = TAKEN.includes(name.toLowerCase())
    ? 'The service itself goes by this name in the log and the audit trail.'
    : / of \S*[.:]\S*$/.test(name)
      ? 'Bearers of an issuer’s tokens go by names of the form "app of host" in the log and the audit trail.'
      : null
  return detail === null ? [] : [{ pointer: '/body/name', code: 'name-taken', detail }]
}

function readExpiry(text: string | null, now: Date, latest: Date | null) {
  if (text === null) return { at: null, faults: [] }
  const at = new Date(text)
  const faults: Fault[] = []
  const fault = (code: string, detail: string) => faults.push({ pointer: '/body/expiresAt', code, detail })
  if (Number.isNaN(at.getTime())) fault('not-a-moment', 'This is no day and time that there is.')
  else if (at <= now) fault('in-the-past', 'This moment has passed: it would never be good.')
  else if (latest && at > latest)
    faults.push({
      pointer: '/body/expiresAt',
      code: 'too-late',
      detail: 'An API key may not be good for so long; how long it may be is set by API_KEY_DAYS.',
      allowed: [`until ${latest.toISOString()}`],
    })
  return { at: faults.length > 0 ? null : at, faults }
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length === 0) return
  const detail =
    faults.length === 1 ? faults[0]!.detail : `${faults.length} things stand against this; errors names each.`
  throw new Refusal('access-refused', detail, faults)
}

export function nameTaken(): Refusal {
  const detail =
    'A client has this name, or had it: names are not given twice, since the audit trail goes by them.'
  return new Refusal('access-refused', detail, [{ pointer: '/body/name', code: 'name-taken', detail }])
}
