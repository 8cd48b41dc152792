import { AUTHORITIES, findAuthority, nearAuthorities, REGIONS } from '../../vocabulary/authority.ts'
import { nearMatches } from '../../vocabulary/near-match.ts'
import { type Fault, Refusal } from '../../vocabulary/refusal.ts'
import { repeated } from '../../vocabulary/repeated.ts'

export const ENGLAND = 'E92000001'

/** The areas above authorities that figures are published for. */
const ABOVE: ReadonlyMap<string, string> = new Map([
  [ENGLAND, 'England'],
  ...Object.entries(REGIONS),
  ['E13000001', 'Inner London'],
  ['E13000002', 'Outer London'],
])

export const nameAbove = (code: string): string | undefined => ABOVE.get(code)

/** Every area that a figure may be published for: England, regions, authorities. */
export const EVERY_AREA: readonly string[] = [
  ...ABOVE.keys(),
  ...AUTHORITIES.filter(({ type }) => type !== 'synthetic')
    .map(({ code }) => code)
    .sort(),
]

/** The areas that texts name, each once, in the order asked; one problem names every text that is none. */
export function readAreas(texts: readonly string[]): string[] {
  const faults: Fault[] = []
  const areas = texts.flatMap((text) => {
    const code = text.toUpperCase()
    if (code === 'ENGLAND') return [ENGLAND]
    if (ABOVE.has(code)) return [code]
    const authority = findAuthority(text)
    if (authority) return [authority.code]
    faults.push(noArea(text))
    return []
  })
  if (faults.length > 0)
    throw new Refusal('unknown-authority', 'The request names an area that does not exist', faults)
  return [...new Set(areas)]
}

function noArea(text: string): Fault {
  const above = nearMatches(text, ABOVE.values()).map(
    (name) => [...ABOVE].find(([, one]) => one === name)![0],
  )
  const didYouMean = [...new Set([...above, ...nearMatches(text, ABOVE.keys()), ...nearAuthorities(text)])]
  return {
    pointer: '/query/area',
    code: 'unknown-authority',
    detail: `${repeated(text, didYouMean)} is not an area that figures are published for`,
    allowed: [
      'england or E92000001',
      'a GSS code of a region such as E12000003',
      'a GSS code of a local authority such as E08000034',
      'a DfE code such as 382',
    ],
    ...(didYouMean.length > 0 && { didYouMean: didYouMean.slice(0, 5) }),
  }
}
