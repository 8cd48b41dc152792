import { AUTHORITIES_OF_ENGLAND } from './authorities-of-england.ts'
import { type Authority, findAuthority } from './authority.ts'

/** Names that are in use beside the official ones, as they are left when all that varies is taken off. */
const ALSO_CALLED: Readonly<Record<string, string>> = {
  blackburn: 'E06000008',
  'bournemouth christchurch and poole': 'E06000058',
  'bournemouth poole and christchurch': 'E06000058',
  bcp: 'E06000058',
  brighton: 'E06000043',
  'cheshire west': 'E06000050',
  hull: 'E06000010',
  'medway towns': 'E06000035',
  newcastle: 'E08000021',
  scilly: 'E06000053',
  southend: 'E06000033',
  stockton: 'E06000004',
  stoke: 'E06000021',
  'telford and the wrekin': 'E06000020',
}

/** What is written before, behind or instead of a name, and tells no two authorities apart. */
const TITLES =
  /\b(?:(?:royal |london |metropolitan )+borough(?: council)?(?: of)?|(?:city|county|unitary|metropolitan|borough|district)(?: and district)?(?: borough)? council|(?:city and )?county of|council of(?: the)?|city of|unitary authority|council|mbc|lb|rb)\b/g

/** A name without what is written in many ways: case, `&`, `St.`, hyphens, `City of` and `Council`. */
function plain(name: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replaceAll(/['’.]/g, '')
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .replaceAll(/\bsaint\b/g, 'st')
    .trim()
  const without = words
    .replaceAll(TITLES, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^the | the$| borough$| city$/g, '')
    .trim()
  // `County Durham` and `Durham, County`, but not a county beside a city of its name.
  return without
    .replace(/^county | county$/, '')
    .replace(/ \(?county\)?$/, '')
    .trim()
}

const byName = new Map<string, Authority[]>()
for (const authority of AUTHORITIES_OF_ENGLAND) {
  const name = plain(authority.name)
  byName.set(name, [...(byName.get(name) ?? []), authority])
}
for (const [name, code] of Object.entries(ALSO_CALLED)) byName.set(name, [findAuthority(code)!])
// Of the whole name nothing is left where every word is a title: London's oldest authority keeps its own.
const CITY_OF_LONDON = /^(?:the )?(?:city of london|london,? city of|city of london corporation)$/i

/**
 * The authority that a name means, in any of the ways that lists write it; of two with one name, the one that existed
 * on the day. A code, of ONS or the DfE, is a name too. Undefined where none is meant for certain.
 */
export function authorityNamed(name: string, on: string): Authority | undefined {
  const asked = name.trim()
  if (CITY_OF_LONDON.test(asked)) return findAuthority('E09000001')
  if (/^(?:[A-Z]\d{8}|\d{3})$/i.test(asked)) return findAuthority(asked)
  const known = byName.get(plain(asked))
  if (known === undefined) return undefined
  const existed = known.filter(({ from = '', until = '9999' }) => from <= on && on < until)
  return existed[0] ?? known[0]
}
