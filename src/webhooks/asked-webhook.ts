import { EVENT_TYPE_NAMES, EVENT_TYPES, type EventType } from '../events/event-types.ts'
import { nearMatches } from '../vocabulary/near-match.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import { unknownMembers } from '../vocabulary/unknown-members.ts'
import type { AddressRules } from './webhook-address.ts'

/** A webhook as it was sent, understood. */
export interface AskedWebhook {
  readonly url: string
  /** Empty: all. */
  readonly types: readonly EventType[]
}

const MEMBERS = ['url', 'types']

/** Reads what was sent for a webhook; one problem names every fault, of the form first, then of the address. */
export async function readAskedWebhook(
  body: Readonly<Record<string, unknown>>,
  rules: AddressRules,
): Promise<AskedWebhook> {
  const { url, types = [] } = body
  const faults = [
    ...unknownMembers(body, MEMBERS, 'A webhook has no such member.'),
    ...faultsOfUrl(url),
    ...faultsOfTypes(types),
  ]
  if (faults.length > 0)
    throw new Refusal('invalid-request', 'The webhook can not be kept as it was sent.', faults)
  const asked = { url: url as string, types: [...new Set(types as EventType[])].sort() }
  const written = rules.faultsOf(asked.url)
  const found = written.length > 0 ? written : await rules.faultsOfName(asked.url)
  if (found.length > 0)
    throw new Refusal('webhook-refused', 'Nothing is sent to this address: `errors` says why.', found)
  return asked
}

function faultsOfUrl(url: unknown): Fault[] {
  if (typeof url === 'string' && url !== '') return []
  const code = url === undefined ? 'missing' : 'wrong-type'
  const detail = url === undefined ? 'The address is missing.' : 'The address must be a text.'
  return [{ pointer: '/body/url', code, detail, allowed: ['an https URL'] }]
}

function faultsOfTypes(types: unknown): Fault[] {
  if (!Array.isArray(types))
    return [
      {
        pointer: '/body/types',
        code: 'wrong-type',
        detail: 'The types must be a list; left out or empty, all are told.',
        allowed: EVENT_TYPE_NAMES,
      },
    ]
  return types.slice(0, 100).flatMap((type: unknown, index) =>
    typeof type === 'string' && Object.hasOwn(EVENT_TYPES, type)
      ? []
      : [
          {
            pointer: `/body/types/${index}`,
            code: 'unknown-event-type',
            detail: 'There is no such type of event.',
            allowed: EVENT_TYPE_NAMES,
            ...(typeof type === 'string' && near(type, EVENT_TYPE_NAMES)),
          },
        ],
  )
}

function near(word: string, allowed: readonly string[]): { didYouMean?: string[] } {
  const didYouMean = nearMatches(word, allowed)
  return didYouMean.length > 0 ? { didYouMean } : {}
}
