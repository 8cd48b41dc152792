import type { FastifyInstance } from 'fastify'
import { type Fault, Refusal } from '../../vocabulary/refusal.ts'

/** How deep members and items may stand in each other; no call takes more than a few. */
export const DEEPEST = 32
/** Items of one list, unless a call says less. */
export const MOST_ITEMS = 10_000
const MOST_FAULTS = 100

/** Names that mean something to JavaScript itself: a body that has them means harm, or will come to it. */
const POISON: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Reads JSON bodies for every call, within bounds that hold for all of them; what a call takes, it says itself. */
export function boundJsonBodies(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, boundJson(String(text)))
    } catch (fault) {
      done(fault as Error)
    }
  })
}

/** Reads JSON, and refuses at once everything in it that no call could mean. */
export function boundJson(text: string): unknown {
  if (text === '') throw refused('The Content-Type says JSON but the body is empty.')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refused('The body is not valid JSON.')
  }
  const faults = faultsOf(value)
  if (faults.length > 0)
    throw refused(faults.length === 1 ? faults[0]!.detail : 'Parts of the body can’t be taken.', faults)
  return value
}

const refused = (detail: string, faults: readonly Fault[] = []): Refusal =>
  new Refusal('invalid-request', detail, faults)

interface Place {
  readonly value: unknown
  readonly pointer: string
  readonly depth: number
}

function faultsOf(body: unknown): Fault[] {
  const faults: Fault[] = []
  const places: Place[] = [{ value: body, pointer: '/body', depth: 1 }]
  // A list of what is still to be looked at, and no recursion: what is nested without end must not end the process.
  for (let place = places.pop(); place && faults.length < MOST_FAULTS; place = places.pop()) {
    const { value, pointer, depth } = place
    const fault = (code: string, detail: string, allowed?: string) =>
      faults.push({ pointer, code, detail, ...(allowed !== undefined && { allowed: [allowed] }) })
    if (typeof value === 'string') {
      if (value.includes('\0')) fault('nul-character', 'The text holds a NUL character (U+0000).')
      if (!value.isWellFormed())
        fault('broken-text', 'The text holds half of a character (an unpaired surrogate).')
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) fault('out-of-range', 'The number is larger than numbers can be.')
    } else if (typeof value === 'object' && value !== null) {
      if (depth > DEEPEST) {
        fault('too-deep', 'Members stand in each other too deep.', `at most ${DEEPEST} levels`)
        continue
      }
      if (Array.isArray(value) && value.length > MOST_ITEMS) {
        fault('wrong-length', 'The list has too many items.', `at most ${MOST_ITEMS} items`)
        continue
      }
      for (const [name, member] of Object.entries(value)) {
        const at = `${pointer}/${escaped(name)}`
        if (POISON.has(name) || name.includes('\0') || !name.isWellFormed())
          faults.push({ pointer: at, code: 'unknown-member', detail: 'There is no such member.' })
        else places.push({ value: member, pointer: at, depth: depth + 1 })
      }
    }
  }
  return faults
}

/** A name as it may stand in an answer: short, and of whole characters. */
const escaped = (name: string): string =>
  name.slice(0, 100).toWellFormed().replaceAll('\0', '�').replaceAll('~', '~0').replaceAll('/', '~1')
