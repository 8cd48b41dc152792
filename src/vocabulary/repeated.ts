import { editDistance } from './near-match.ts'

/**
 * Whether a refusal may repeat a value that the caller sent: what is a slip away from a word of ours, or too short to be
 * anybody's. A child's id or name sent in the wrong place must not come back in a problem: problems end up in logs that
 * are not ours.
 */
const mayBeRepeated = (text: string, near: readonly string[]): boolean =>
  /^[\p{L}\d-]{1,3}$/u.test(text) || near.some((word) => editDistance(text.slice(0, 100), word) <= 2)

/** What the caller sent, in quotes where it may be repeated. */
export const repeated = (text: string, near: readonly string[] = []): string =>
  mayBeRepeated(text, near) ? `"${text}"` : 'What is given'

/** Names of members have no digits, and ids of children do. */
const NAME = /^[A-Za-z_.-]{1,60}$/

/** The pointer to an unknown member, by its name where that is one, else to what it stands in. */
export const memberPointer = (parent: string, name: string, near: readonly string[] = []): string =>
  NAME.test(name) || mayBeRepeated(name, near) ? `${parent}/${name}` : parent
