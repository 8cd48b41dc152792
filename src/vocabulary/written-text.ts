import type { Fault } from './refusal.ts'

/** Characters that are none to read: they end a line, move a cursor or do worse. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u
/** Characters that turn the order of reading: a text would be read otherwise than it is written. */
const TURNS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/

/**
 * What is wrong with a text that a person wrote and others will read in a report, in one line; none where nothing is.
 * Its length is counted in characters as people count them, not in code units.
 */
export function faultsOfWrittenText(given: unknown, pointer: string, most: number): Fault[] {
  const allowed = [`1 to ${most.toLocaleString('en-GB')} characters in one line, without control characters`]
  if (typeof given !== 'string')
    return [{ pointer, code: 'wrong-type', detail: 'It must be a text.', allowed }]
  const faults: Fault[] = []
  const length = [...given.trim()].length
  if (length === 0)
    faults.push({ pointer, code: 'too-short', detail: 'It is blank; leave it out instead.', allowed })
  if (length > most)
    faults.push({
      pointer,
      code: 'too-long',
      detail: `It has ${length.toLocaleString('en-GB')} characters.`,
      allowed,
    })
  if (CONTROL.test(given.trim()) || TURNS.test(given) || !given.isWellFormed())
    faults.push({
      pointer,
      code: 'wrong-form',
      detail:
        'It holds a control character, such as a line break or a tab, one that turns the direction of reading, or half of a character.',
      allowed,
    })
  return faults
}
