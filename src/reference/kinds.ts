import { nearMatches } from '../vocabulary/near-match.ts'
import { Refusal } from '../vocabulary/refusal.ts'
import { adjacent } from './adjacent.ts'
import { authorities } from './authorities.ts'
import { comparators } from './comparators.ts'
import { districts } from './districts.ts'
import { neighbours } from './neighbours.ts'
import { population } from './population.ts'
import { postcodes } from './postcodes.ts'
import { REFERENCE_KINDS, type ReferenceKind } from './reference-kind.ts'

/** Every kind of reference data, in the order of `REFERENCE_KINDS`. */
export const KINDS: readonly ReferenceKind[] = [
  authorities,
  neighbours,
  population,
  postcodes,
  districts,
  adjacent,
  comparators,
]

/** The kind that a word names; a word that names none is refused with the kinds near it. */
export function kindNamed(word: string, pointer = '/path/kind'): ReferenceKind {
  const kind = KINDS.find(({ name }) => name === word)
  if (kind) return kind
  const detail = 'There is no such kind of reference data.'
  const near = nearMatches(word, REFERENCE_KINDS)
  throw new Refusal('unknown-reference', detail, [
    {
      pointer,
      code: 'unknown-reference',
      detail: near.length > 0 ? `${detail} Did you mean ${near.join(' or ')}?` : detail,
      allowed: [...REFERENCE_KINDS],
      ...(near.length > 0 && { didYouMean: near }),
    },
  ])
}
