import { nearMatches } from './near-match.ts'
import type { Fault } from './refusal.ts'
import { memberPointer } from './repeated.ts'

/** The members of a body that nothing is known of, each with those that were probably meant. */
export const unknownMembers = (
  body: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
  detail: string,
): Fault[] =>
  Object.keys(body)
    .filter((name) => !allowed.includes(name))
    .map((name) => {
      const didYouMean = nearMatches(name, allowed)
      return {
        pointer: memberPointer('/body', name, didYouMean),
        code: 'unknown',
        detail,
        allowed,
        ...(didYouMean.length > 0 && { didYouMean }),
      }
    })
