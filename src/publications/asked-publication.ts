import { type Breakdown, breakdownLabel, readBreakdowns } from '../indicators/breakdown.ts'
import type { Catalogue } from '../indicators/catalogue.ts'
import { EveryFault } from '../indicators/every-fault.ts'
import { eachOnce } from '../indicators/figures.ts'
import { readPeriods } from '../indicators/period-query.ts'
import type { Authority } from '../vocabulary/authority.ts'
import type { Period } from '../vocabulary/period.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import { repeated } from '../vocabulary/repeated.ts'
import { unknownMembers } from '../vocabulary/unknown-members.ts'
import { faultsOfWrittenText } from '../vocabulary/written-text.ts'
import type { PublicationRequest } from './freeze.ts'

export const LONGEST_TITLE = 200
export const LONGEST_NOTE = 2_000
/** A board looks at a year, or at the quarters of two. */
export const MOST_PERIODS = 8
const MOST_IDS = 400

const MEMBERS = [
  'period',
  'periods',
  'audience',
  'indicators',
  'breakdowns',
  'title',
  'note',
  'commentary',
] as const
const REFUSED = 'Nothing can be published as it was asked.'

type Body = Readonly<Record<string, unknown>>

/** Reads what is to be published; one problem names every fault. Null is as good as left out. */
export function readAskedPublication(
  body: Body,
  authority: Authority,
  catalogue: Catalogue,
): PublicationRequest {
  const faults = new EveryFault()
  const given = (member: (typeof MEMBERS)[number]): unknown => body[member] ?? undefined
  faults.reading(() => refuseAny(unknownMembers(body, MEMBERS, 'There is no such member.')))
  const periods = faults.reading(() => periodsIn(given('period'), given('periods')))
  const audience = faults.reading(() => audienceIn(given('audience')))
  const ids = faults.reading(() => textsIn(given('indicators'), '/body/indicators', MOST_IDS))
  const indicators =
    ids &&
    faults.reading(() =>
      ids.length === 0
        ? catalogue.indicators.filter(({ headline }) => headline)
        : catalogue.named(ids, '/body/indicators'),
    )
  const dimensions = faults.reading(() => textsIn(given('breakdowns'), '/body/breakdowns', MOST_IDS))
  const breakdowns =
    indicators &&
    dimensions &&
    faults.reading(() => inBody(body, () => singleBreakdowns(dimensions, indicators, ids!.length > 0)))
  const title = faults.reading(() => textIn(given('title'), '/body/title', LONGEST_TITLE))
  const note = faults.reading(() => textIn(given('note'), '/body/note', LONGEST_NOTE))
  const commentary = faults.reading(() => flagIn(given('commentary'), '/body/commentary'))
  faults.refuse()
  return {
    authority,
    audience: audience!,
    periods: periods!,
    indicators: indicators!,
    breakdowns: breakdowns!,
    title: title!,
    note: note!,
    // What was written for a board may tell of a child; it goes to the public only where somebody says so.
    withCommentary: commentary ?? audience === 'internal',
  }
}

const OF_QUERY: Readonly<Record<string, string>> = {
  '/query/breakdown': '/body/breakdowns',
  '/query/indicator': '/body/indicators',
  '/query/audience': '/body/audience',
}

/** A refusal of what reads queries, or measures, in terms of the body that was sent; any other error as it is. */
export function asOfBody(error: unknown, body: Body): unknown {
  if (!(error instanceof Refusal)) return error
  const pointers: Readonly<Record<string, string>> = {
    ...OF_QUERY,
    '/query/period': (body.period ?? null) === null ? '/body/periods' : '/body/period',
  }
  const faults = error.faults.map((fault) => ({
    ...fault,
    pointer: pointers[fault.pointer] ?? fault.pointer,
  }))
  return new Refusal(error.reason, error.message, faults, error.members)
}

/** What `read` gives, its refusals in terms of the body. */
function inBody<T>(body: Body, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw asOfBody(error, body)
  }
}

function refuseAny(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new Refusal('invalid-request', REFUSED, faults)
}

function periodsIn(one: unknown, several: unknown): Period[] {
  const allowed = ['`period`: one period', '`periods`: a list of periods of one kind']
  if ((one === undefined) === (several === undefined)) {
    const detail = one === undefined ? 'The period is missing.' : 'Give `period` or `periods`, not both.'
    const code = one === undefined ? 'missing' : 'contradicts'
    refuseAny([{ pointer: one === undefined ? '/body/period' : '/body/periods', code, detail, allowed }])
  }
  const pointer = one === undefined ? '/body/periods' : '/body/period'
  const texts = one === undefined ? textsIn(several, pointer, MOST_PERIODS) : [one]
  if (texts.length === 0)
    refuseAny([{ pointer, code: 'too-few', detail: 'The list names no period.', allowed }])
  if (typeof texts[0] !== 'string')
    refuseAny([{ pointer, code: 'wrong-type', detail: 'The period must be a text.', allowed }])
  const periods = readPeriods(texts as string[], pointer)
  if (new Set(periods.map(({ kind }) => kind)).size > 1) {
    const detail = 'The periods are of several kinds; a line through a year and a quarter would mislead.'
    refuseAny([
      {
        pointer,
        code: 'mixed-kinds',
        detail,
        allowed: ['only years', 'only quarters', 'only months', 'only days'],
      },
    ])
  }
  return periods
}

function audienceIn(given: unknown): 'internal' | 'public' {
  if (given === 'internal' || given === 'public') return given
  const missing = given === undefined
  const fault = {
    pointer: '/body/audience',
    code: missing ? 'missing' : 'not-allowed',
    detail: missing
      ? 'Whom it is for must be said: the difference is whether it may leave the council.'
      : 'There is no such audience.',
    allowed: ['internal', 'public'],
  }
  throw new Refusal('invalid-request', REFUSED, [fault])
}

/** Texts of a list; none where it was left out. */
function textsIn(given: unknown, pointer: string, most: number): string[] {
  if (given === undefined) return []
  if (!Array.isArray(given) || given.some((one) => typeof one !== 'string')) {
    const detail = 'It must be a list of texts.'
    throw new Refusal('invalid-request', REFUSED, [{ pointer, code: 'wrong-type', detail }])
  }
  if (given.length > most) {
    const detail = `The list has ${given.length} members.`
    const fault = { pointer, code: 'too-many', detail, allowed: [`at most ${most}`] }
    throw new Refusal('invalid-request', REFUSED, [fault])
  }
  return given as string[]
}

function textIn(given: unknown, pointer: string, most: number): string | null {
  if (given === undefined) return null
  refuseAny(faultsOfWrittenText(given, pointer, most))
  return (given as string).trim()
}

function flagIn(given: unknown, pointer: string): boolean | undefined {
  if (given === undefined || typeof given === 'boolean') return given
  const fault = {
    pointer,
    code: 'wrong-type',
    detail: 'It must be true or false.',
    allowed: ['true', 'false'],
  }
  throw new Refusal('invalid-request', REFUSED, [fault])
}

/** Dimensions on their own: a report has a table for each, and a table has two sides. */
function singleBreakdowns(
  dimensions: readonly string[],
  indicators: PublicationRequest['indicators'],
  indicatorsAreNamed: boolean,
): Breakdown[] {
  const crossed = dimensions.filter((text) => text.includes('*'))
  refuseAny(
    crossed.map((text) => ({
      pointer: '/body/breakdowns',
      code: 'crossed',
      detail: `${repeated(text)} crosses dimensions; a publication gives each on its own.`,
    })),
  )
  // An indicator that lacks a dimension which another has is given by those that it has.
  return eachOnce(readBreakdowns(dimensions, indicators, indicatorsAreNamed && indicators.length === 1)).sort(
    (a, b) => (breakdownLabel(a) < breakdownLabel(b) ? -1 : 1),
  )
}
