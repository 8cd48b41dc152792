import { nearMatches } from '../vocabulary/near-match.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import { COMPARATORS, type Comparator } from './comparison.ts'

/** The comparators that texts name, each once, in a fixed order; one problem names every text that is none. */
export function readComparators(texts: readonly string[] | null): Comparator[] {
  const known: readonly string[] = COMPARATORS
  const faults = (texts ?? [])
    .filter((text) => !known.includes(text))
    .map((text): Fault => {
      const near = nearMatches(text, COMPARATORS)
      return {
        pointer: '/query/comparison',
        code: 'unknown-comparator',
        detail: `"${text.slice(0, 80)}" is nothing to compare with`,
        allowed: COMPARATORS,
        ...(near.length > 0 && { didYouMean: near }),
      }
    })
  if (faults.length > 0)
    throw new Refusal('invalid-request', 'The request names something that can not be compared with', faults)
  return COMPARATORS.filter((comparator) => texts?.includes(comparator))
}
