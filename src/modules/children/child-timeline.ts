import * as codes from '../../vocabulary/code-sets.ts'
import type { Day } from '../../vocabulary/day.ts'
import type { ChildRecord, EpisodeRow } from './children-queries.ts'

export const EVENT_KINDS = [
  'care-began',
  'care-ceased',
  'placement',
  'temporary-stay',
  'legal-status',
  'short-break',
  'missing',
  'review',
  'social-worker',
  'adoption',
  'deprivation-of-liberty',
  'uasc',
] as const

export type EventKind = (typeof EVENT_KINDS)[number]

/** Something that happened on a day, in words. */
export interface TimelineEvent {
  readonly day: Day
  readonly kind: EventKind
  readonly text: string
}

/** What a code means; the code itself where no set of ours has it. */
export const labelOf = (set: codes.CodeSet, code: string): string =>
  Object.hasOwn(set, code) ? set[code]!.label : code

const event = (day: Day, kind: EventKind, text: string): TimelineEvent => ({ day, kind, text })
const inWords = (set: codes.CodeSet, code: string | null, otherwise = 'not stated'): string =>
  code === null ? otherwise : lowerFirst(labelOf(set, code))

/** In the middle of a sentence; abbreviations and names of the service stay as they are. */
const lowerFirst = (text: string): string =>
  /^(?:[A-Z]{2}|NHS|Police and Criminal)/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1)

/** A child's life in care as one list of dated events in words, in order. */
export function timelineOf(record: ChildRecord): TimelineEvent[] {
  const events = [
    ...careEvents(record),
    ...placementEvents(record),
    ...legalStatusEvents(record.episodes),
    ...recordedEvents(record),
  ]
  // What begins care stands before what happens in it on the same day, and what ends it after.
  const place = ({ kind }: TimelineEvent) =>
    kind === 'care-began' ? -1 : kind === 'care-ceased' ? EVENT_KINDS.length : EVENT_KINDS.indexOf(kind)
  return events.sort((a, b) => (a.day === b.day ? place(a) - place(b) : a.day < b.day ? -1 : 1))
}

function careEvents({ periodsOfCare }: ChildRecord): TimelineEvent[] {
  return periodsOfCare.flatMap(({ startedOn, ceasedOn, rec, startIsKnown, beganAsShortBreaks }) => [
    event(
      startedOn,
      'care-began',
      startIsKnown
        ? 'Started to be looked after'
        : beganAsShortBreaks
          ? 'Looked after from here on, after a series of short breaks'
          : 'Looked after already: the start is not in the records',
    ),
    ...(ceasedOn
      ? [
          event(
            ceasedOn,
            'care-ceased',
            `Ceased to be looked after: ${inWords(codes.REC, rec, 'for a reason not known')}`,
          ),
        ]
      : []),
  ])
}

function placementEvents({ placements, episodes }: ChildRecord): TimelineEvent[] {
  const endedBy = new Map(episodes.map((episode) => [episode.ceasedOn, episode.reasonPlaceChange]))
  const moves = placements.map(({ startedOn, periodStartedOn, placementCode }) => {
    const where = inWords(codes.PLACE, placementCode)
    if (startedOn === periodStartedOn) return event(startedOn, 'placement', `Placed: ${where}`)
    const reason = endedBy.get(startedOn)
    const because = reason ? ` (${inWords(codes.REASON_PLACE_CHANGE, reason)})` : ''
    return event(startedOn, 'placement', `Moved: ${where}${because}`)
  })
  const stays = episodes
    .filter(({ temporary, shortBreak }) => temporary && !shortBreak)
    .flatMap(({ startedOn, ceasedOn, placementCode }) => [
      event(startedOn, 'temporary-stay', `Temporary stay began: ${inWords(codes.PLACE, placementCode)}`),
      ...(ceasedOn ? [event(ceasedOn, 'temporary-stay', 'Temporary stay ended')] : []),
    ])
  const breaks = episodes
    .filter(({ shortBreak }) => shortBreak)
    .flatMap(({ startedOn, ceasedOn, placementCode }) => [
      event(startedOn, 'short-break', `Short break began: ${inWords(codes.PLACE, placementCode)}`),
      ...(ceasedOn ? [event(ceasedOn, 'short-break', 'Short break ended')] : []),
    ])
  return [...moves, ...stays, ...breaks]
}

function legalStatusEvents(episodes: readonly EpisodeRow[]): TimelineEvent[] {
  const inCare = episodes.filter(({ shortBreak }) => !shortBreak)
  return inCare.flatMap((episode, index) => {
    const before = inCare[index - 1]
    const same =
      before?.periodNumber === episode.periodNumber && before?.legalStatusCode === episode.legalStatusCode
    return same
      ? []
      : [
          event(
            episode.startedOn,
            'legal-status',
            `Legal status: ${inWords(codes.LS, episode.legalStatusCode)}`,
          ),
        ]
  })
}

function recordedEvents(record: ChildRecord): TimelineEvent[] {
  const { missing, reviews, socialWorkers, placedForAdoption, adoptions, deprivationsOfLiberty } = record
  const dated = (day: Day | null, kind: EventKind, text: string) => (day ? [event(day, kind, text)] : [])
  return [
    ...missing.flatMap(({ kind, startedOn, ceasedOn }) => [
      event(startedOn, 'missing', labelOf(codes.MISSING, kind)),
      ...dated(ceasedOn, 'missing', kind === 'M' ? 'No longer missing' : 'No longer away'),
    ]),
    ...reviews.map(({ heldOn, code }) =>
      event(heldOn, 'review', `Review: ${inWords(codes.REVIEW_CODE, code)}`),
    ),
    ...socialWorkers.map(({ startedOn, reason }) =>
      event(
        startedOn,
        'social-worker',
        `New social worker: ${inWords(codes.SW_REASON, reason, 'reason not stated')}`,
      ),
    ),
    ...placedForAdoption.flatMap(({ decidedOn, reversedOn, reversedBecause }) => [
      event(decidedOn, 'adoption', 'Decided that the child should be placed for adoption'),
      ...dated(
        reversedOn,
        'adoption',
        `Decision for adoption reversed: ${inWords(codes.REASON_PLACED_CEASED, reversedBecause, 'reason not stated')}`,
      ),
    ]),
    ...adoptions.flatMap(({ matchedOn }) => dated(matchedOn, 'adoption', 'Matched with adopters')),
    ...deprivationsOfLiberty.flatMap(({ startedOn, ceasedOn }) => [
      event(startedOn, 'deprivation-of-liberty', 'Deprivation of liberty order began'),
      ...dated(ceasedOn, 'deprivation-of-liberty', 'Deprivation of liberty order ended'),
    ]),
    ...dated(record.child.uascCeasedOn, 'uasc', 'No longer an unaccompanied asylum-seeking child'),
  ]
}
