import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { followReference } from '../../src/returns/follow-reference.ts'
import { findAuthority } from '../../src/vocabulary/authority.ts'
import { type Place, placesOn, returnPlaced } from '../support/placed-children.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { FILES, loadKind, textOf } from '../support/reference-app.ts'

/**
 * Real pairs of postcodes, held against a plain reckoning from the files: whole numbers for the distance, and lists of
 * the ONS for who borders on whom and which district is whose.
 */
interface Located {
  readonly postcode: string
  readonly east: number
  readonly north: number
  readonly authority: string
}

/** What became of returning authorities since 2019; all others are what they were. */
const HEIRS: Readonly<Record<string, readonly string[]>> = {
  E06000028: ['E06000058'],
  E10000009: ['E06000058', 'E06000059'],
  E10000002: ['E06000060'],
  E10000021: ['E06000061', 'E06000062'],
  E10000006: ['E06000063', 'E06000064'],
  E10000023: ['E06000065'],
  E10000027: ['E06000066'],
  // Coded anew in 2025: the authority goes by the code it had.
  E08000038: ['E08000016'],
  E08000039: ['E08000019'],
}
const RETURNING = [
  ...['E08000034', 'E06000058', 'E06000059', 'E06000060', 'E06000061', 'E06000062', 'E06000063', 'E06000064'],
  ...['E06000065', 'E06000066', ...Object.keys(HEIRS), 'E10000014', 'E09000033'],
]

/** Miles in tenths without a fraction anywhere: the largest n with n - 1/2 at the most d / 160.93 m. */
function tenthsOfMiles(one: Located, other: Located): number {
  const square = BigInt((one.east - other.east) ** 2 + (one.north - other.north) ** 2)
  const reaches = (tenths: number) => (BigInt(2 * tenths - 1) * 16093n) ** 2n <= 40_000n * square
  let tenths = Math.floor(Math.sqrt(Number(square)) / 160.93) - 1
  while (tenths < 0 || reaches(tenths + 1)) tenths++
  return tenths
}

const authorityOfDistrict = new Map(
  [...textOf(FILES.districts).matchAll(/^\uFEFF?(E\d{8}),.*?,(E\d{8}),/gm)].map(
    ([, district, authority]) => [district!, authority!] as const,
  ),
)
for (const [recoded, [was]] of Object.entries(HEIRS).filter(([code]) => code.startsWith('E0800')))
  authorityOfDistrict.set(recoded, was!)
const borders = new Set(textOf(FILES.adjacent).split(/\r?\n/))

/** Of 2.26 million postcodes every few thousandth, more of authorities that changed, and Kirklees', where most are near. */
async function sample(): Promise<{ header: string; lines: string[]; located: Located[] }> {
  const lines: string[] = []
  const located: Located[] = []
  let header = ''
  const seen = new Map<string, number>()
  for await (const line of createInterface({
    input: createReadStream(FILES.postcodes).pipe(createGunzip()),
  })) {
    if (!header) {
      header = line
      continue
    }
    const [postcode, east, north, district] = line.split(',')
    const authority = authorityOfDistrict.get(district!)
    const number = (seen.get(authority!) ?? 0) + 1
    seen.set(authority!, number)
    if (number % 800 !== 400 || !authority || !east) continue
    lines.push(line)
    located.push({ postcode: postcode!, east: Number(east), north: Number(north), authority })
  }
  return { header, lines, located }
}

let held: TestDatabase
let located: Located[]
beforeAll(async () => {
  held = await newDatabase()
  const sampled = await sample()
  located = sampled.located
  await loadKind(held.database, 'postcodes', [sampled.header, ...sampled.lines].join('\n'), {
    afterwards: followReference,
  })
}, 120_000)
afterAll(() => held?.drop())

test('the sample is of every authority of England but the Isles of Scilly', () => {
  expect(located.length).toBeGreaterThan(2_000)
  expect(new Set(located.map(({ authority }) => authority)).size).toBe(152)
})

test.each(RETURNING)('%s: miles, bands, in the authority, next to it, at a distance', async (returning) => {
  const own = HEIRS[returning] ?? [returning]
  const isNear = ({ authority }: Located) => own.some((one) => borders.has(`${one},${authority}`))
  const isOwn = ({ authority }: Located) => own.includes(authority)
  const some = (of: readonly Located[], many: number) =>
    Array.from({ length: many }, (_, index) => of[(index * 37 + 11) % of.length]!)
  const homes = some(located.filter(isOwn), 12)
  const pairs = [
    ...some(located.filter(isOwn), 12),
    ...some(
      located.filter((place) => isNear(place) && !isOwn(place)),
      12,
    ),
    ...some(located, 12),
  ].map((placement, index) => ({ child: `C${index}`, home: homes[(index * 5) % homes.length]!, placement }))
  const code = findAuthority(returning)!.code
  await returnPlaced(
    held.database,
    code,
    [2025],
    pairs.map(({ child, home, placement }) => ({
      child,
      home: home.postcode,
      placement: placement.postcode,
    })),
  )
  const expected = new Map(
    pairs.map(({ child, home, placement }) => {
      const miles = tenthsOfMiles(home, placement) / 10
      const relation = isOwn(placement) ? 'inside' : isNear(placement) ? 'adjoining' : 'at-a-distance'
      const edges: [number, string][] = [
        [4.9, 'under-5-miles'],
        [10, '5-to-10-miles'],
        [20, 'over-10-to-20-miles'],
        [50, 'over-20-to-50-miles'],
        [1_000, 'over-50-miles'],
      ]
      const place: Place = {
        miles,
        location: relation === 'inside' ? 'inside' : 'outside',
        distance: miles > 20 ? 'over-20-miles' : '20-miles-or-less',
        band: edges.find(([most]) => miles <= most)![1],
        relation,
        // Nothing has changed since 2023.
        ofTheDay: relation,
      }
      return [child, place] as const
    }),
  )
  expect(await placesOn(held.database, code, '2025-03-31')).toEqual(expected)
})
