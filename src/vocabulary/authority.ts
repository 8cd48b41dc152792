import { AUTHORITIES_OF_ENGLAND } from './authorities-of-england.ts'
import { nearMatches } from './near-match.ts'

/** A local authority in England with children's services, keyed by its nine-character GSS code. */
export interface Authority {
  readonly code: string
  /** The DfE's three-digit code, accepted wherever a code goes in. An abolished authority may share it with its successor. */
  readonly dfeCode: string
  readonly name: string
  /** GSS code of the region; null for the synthetic council. */
  readonly region: string | null
  readonly type: 'unitary' | 'metropolitan' | 'london-borough' | 'county' | 'synthetic'
  /** First day on which it existed, where that is after 1 April 2016. */
  readonly from?: string
  /** First day on which it existed no more. */
  readonly until?: string
}

export const REGIONS: Readonly<Record<string, string>> = {
  E12000001: 'North East',
  E12000002: 'North West',
  E12000003: 'Yorkshire and the Humber',
  E12000004: 'East Midlands',
  E12000005: 'West Midlands',
  E12000006: 'East of England',
  E12000007: 'London',
  E12000008: 'South East',
  E12000009: 'South West',
}

/**
 * The bundled council that exists nowhere. Its code has the form of a GSS code but is not issued, so that no
 * invented figure ever stands under a real council's name.
 */
export const SYNTHETIC_AUTHORITY: Authority = {
  code: 'E10999999',
  dfeCode: '998',
  name: 'Exampleshire (synthetic)',
  region: null,
  type: 'synthetic',
}

export const AUTHORITIES: readonly Authority[] = [...AUTHORITIES_OF_ENGLAND, SYNTHETIC_AUTHORITY]

/** The GSS codes of them all. */
export const EVERY_AUTHORITY: readonly string[] = AUTHORITIES.map(({ code }) => code)

/** Codes that ONS gave anew to an unchanged authority (Barnsley and Sheffield, 2025). */
const RECODED: Readonly<Record<string, string>> = { E08000038: 'E08000016', E08000039: 'E08000019' }

const byCode = new Map(AUTHORITIES.map((authority) => [authority.code, authority]))
const byDfeCode = new Map<string, Authority>()
for (const authority of AUTHORITIES) {
  // Of two with one DfE code the one that exists today is meant; the abolished one has its GSS code.
  if (!byDfeCode.has(authority.dfeCode) || authority.until === undefined)
    byDfeCode.set(authority.dfeCode, authority)
}

/** The authority that a GSS code or DfE code names. */
export const findAuthority = (code: string): Authority | undefined => {
  const wanted = code.trim().toUpperCase()
  return byCode.get(RECODED[wanted] ?? wanted) ?? byDfeCode.get(wanted)
}

/**
 * What became of the authorities abolished since 2019. Dorset's county council went into two: Christchurch had been
 * a district of it.
 */
const SUCCESSORS: Readonly<Record<string, readonly string[]>> = {
  E06000028: ['E06000058'],
  E06000029: ['E06000058'],
  E10000002: ['E06000060'],
  E10000006: ['E06000063', 'E06000064'],
  E10000009: ['E06000058', 'E06000059'],
  E10000021: ['E06000061', 'E06000062'],
  E10000023: ['E06000065'],
  E10000027: ['E06000066'],
}

/**
 * The codes of today's authorities that cover an authority's area: its own, or for an abolished one those of its
 * successors. None for a code that names no authority.
 */
export function areaToday(code: string): readonly string[] {
  const authority = findAuthority(code)
  if (!authority) return []
  return SUCCESSORS[authority.code] ?? [authority.code]
}

/** What a caller who wrote an unknown code or a name probably meant. */
export function nearAuthorities(word: string): string[] {
  const byName = nearMatches(
    word,
    AUTHORITIES.map((authority) => authority.name),
  ).map((name) => AUTHORITIES.find((authority) => authority.name === name)!.code)
  return [
    ...new Set([...byName, ...nearMatches(word, byCode.keys()), ...nearMatches(word, byDfeCode.keys())]),
  ].slice(0, 5)
}
