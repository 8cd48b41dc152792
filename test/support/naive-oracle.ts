import type { Day } from '../../src/vocabulary/day.ts'
import type { Child, Decision, Episode, Records, SocialWorker } from './records.ts'

/**
 * Figures the slow way, to hold the service's against: child by child over a plain list of episodes, written from
 * the definitions (indicators.md 2 and 4) and the rulings of the conformance packs, and from nothing in src.
 */
export interface NaiveFigure {
  readonly value: number | null
  readonly numerator: number | null
  readonly denominator: number | null
}

export interface NaivePeriod {
  readonly firstDay: Day
  readonly lastDay: Day
}

/** What the returns held know: every day from the first to the last, social workers since a day of their own. */
export interface Held {
  readonly firstDay: Day
  readonly lastDay: Day
  readonly workersSince: Day
}

/* ---- days ----------------------------------------------------------------------------------------------------- */

const parts = (day: Day) => day.split('-').map(Number) as [number, number, number]
const number = (day: Day): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000
const shifted = (day: Day, days: number): Day =>
  new Date((number(day) + days) * 86_400_000).toISOString().slice(0, 10) as Day
const earlier = (day: Day, years: number): Day => {
  const [year, rest] = [Number(day.slice(0, 4)), day.slice(4)]
  return `${year - years}${rest}` as Day
}

/** Whole months from one day to another; who starts on the 31st has had a month on the 1st but one after. */
const monthsBetween = (from: Day, to: Day): number => {
  const [[y1, m1, d1], [y2, m2, d2]] = [parts(from), parts(to)]
  return (y2 - y1) * 12 + (m2 - m1) - (d2 < d1 ? 1 : 0)
}

/** Birthdays had by a day: born on 29 February, that is 1 March in a common year. */
function birthdaysBy(day: Day, born: Day): number {
  let had = 0
  for (let year = Number(born.slice(0, 4)) + 1; year <= Number(day.slice(0, 4)); year++) {
    const isLeap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1
    const birthday = born.endsWith('-02-29') && !isLeap ? `${year}-03-01` : `${year}${born.slice(4)}`
    if (birthday <= day) had++
  }
  return had
}

/* ---- a child's care, as the returns know it --------------------------------------------------------------------- */

interface Run {
  readonly start: Day
  end: Day | null
  readonly period: number
  /** Each begins where a new carer does: moves into fostering for adoption count as one (E22). */
  readonly episodes: Episode[]
}

interface Period {
  readonly episodes: Episode[]
  readonly start: Day
  end: Day | null
  rec: string
  readonly startIsKnown: boolean
  readonly beganAsShortBreaks: boolean
}

interface Care {
  readonly child: Child
  readonly care: Episode[]
  readonly breaks: Episode[]
  readonly periods: Period[]
  readonly runs: Run[]
  readonly carers: Run[]
  readonly workers: SocialWorker[]
  readonly decisions: Decision[]
}

const isTemporary = (episode: Episode) => /^T[0-4]$/.test(episode.place)
const isBreak = (episode: Episode) => episode.ls === 'V3' || episode.ls === 'V4'
const isAdoption = (place: string) => ['A3', 'A4', 'A5', 'A6'].includes(place)
const isFosteringForAdoption = (place: string) => place === 'U2' || place === 'U5'
const covers = (from: Day, until: Day | null, day: Day) => from <= day && (until === null || until > day)
const samePlace = (a: Episode, b: Episode) => a.place === b.place && a.post === b.post

const knownBy = (day: Day, end: Day | null): Day | null => (end !== null && end <= day ? end : null)

function careOf(child: Child, records: Records, held: Held): Care {
  const known = records.episodes
    .filter((episode) => episode.child === child.id)
    .filter(({ decom, dec }) => decom <= held.lastDay && (dec === null || dec >= held.firstDay))
    .map((episode) =>
      episode.dec !== null && episode.dec > held.lastDay
        ? { ...episode, dec: null, rec: '', reason: '' }
        : episode,
    )
    .sort((a, b) => number(a.decom) - number(b.decom) || (a.dec === a.decom ? -1 : 1))
  const lasting = withoutEmptyEpisodes(known)
  const care = lasting.filter((episode) => !isBreak(episode))
  const breaks = lasting.filter(isBreak)
  const periods = periodsOf(care, breaks)
  return {
    child,
    care,
    breaks,
    periods,
    runs: runsOf(periods, () => false),
    // A move into fostering for adoption is a change, even if the carer is literally the same.
    carers: runsOf(
      periods,
      (episode, before) => isFosteringForAdoption(episode.place) && !isFosteringForAdoption(before.place),
    ),
    workers: records.workers
      .filter((worker) => worker.child === child.id)
      .map((worker) => ({ ...worker, until: knownBy(held.lastDay, worker.until) })),
    decisions: records.decisions.filter((decision) => decision.child === child.id),
  }
}

/** An episode of no days is dropped, and what it began is begun by the next one (E24). */
function withoutEmptyEpisodes(known: Episode[]): Episode[] {
  const lasting: Episode[] = []
  let begun = ''
  for (const episode of known) {
    if (episode.dec === episode.decom) {
      begun = begun === 'S' || episode.rne === 'S' ? 'S' : 'P'
      continue
    }
    const rne = begun === 'S' ? 'S' : begun === 'P' && 'LTU'.includes(episode.rne) ? 'P' : episode.rne
    lasting.push({ ...episode, rne })
    begun = ''
  }
  return lasting
}

function periodsOf(care: Episode[], breaks: Episode[]): Period[] {
  const periods: Period[] = []
  for (const episode of care) {
    const open = periods.at(-1)
    if (open && open.end === null && episode.rne !== 'S') {
      open.episodes.push(episode)
    } else {
      periods.push({
        episodes: [episode],
        start: episode.decom,
        end: null,
        rec: '',
        startIsKnown: episode.rne === 'S',
        beganAsShortBreaks: episode.rne !== 'S' && breaks.some(({ dec }) => dec === episode.decom),
      })
    }
    const period = periods.at(-1)!
    if (episode.dec !== null && episode.rec !== 'X1') {
      period.end = episode.dec
      period.rec = episode.rec
    }
  }
  return periods
}

/** Walks through a period of care in order; temporary stays are no run, but bridged where the child comes back. */
function runsOf(periods: Period[], isChangeOfItsOwn: (episode: Episode, before: Episode) => boolean): Run[] {
  const runs: Run[] = []
  for (const [index, period] of periods.entries()) {
    let settled: Episode | null = null
    let wasAway = false
    for (const episode of period.episodes) {
      const run = runs.at(-1)
      if (isTemporary(episode)) {
        wasAway = true
        // The place is kept while the child is away.
        if (settled && run) run.end = episode.dec
        continue
      }
      const continues =
        settled !== null &&
        (wasAway ? samePlace(settled, episode) : !['S', 'P', 'B'].includes(episode.rne)) &&
        !isChangeOfItsOwn(episode, settled)
      if (continues && run) {
        run.episodes.push(episode)
        run.end = episode.dec
      } else {
        // The stay led elsewhere: the placement had ended as it began.
        if (wasAway && settled && run) run.end = settled.dec
        runs.push({ start: episode.decom, end: episode.dec, period: index, episodes: [episode] })
      }
      settled = episode
      wasAway = false
    }
  }
  return runs
}

/* ---- dimensions -------------------------------------------------------------------------------------------------- */

const GROUPS: Record<string, Record<string, string>> = {
  ethnicity: {
    white: 'WBRI WIRI WOTH WIRT WROM',
    mixed: 'MWBC MWBA MWAS MOTH',
    asian: 'AIND APKN ABAN AOTH CHNE',
    black: 'BCRB BAFR BOTH',
    other: 'OOTH',
    'not-known': 'REFU NOBT',
  },
  'legal-status': {
    'interim-care-order': 'C1',
    'full-care-order': 'C2',
    'freeing-order': 'D1',
    'placement-order': 'E1',
    'section-20': 'V2',
    'child-protection': 'L1 L2 L3',
    'youth-justice': 'J1 J2 J3',
  },
  'category-of-need': {
    'abuse-or-neglect': 'N1',
    'childs-disability': 'N2',
    'parental-illness-or-disability': 'N3',
    'family-in-acute-stress': 'N4',
    'family-dysfunction': 'N5',
    'socially-unacceptable-behaviour': 'N6',
    'low-income': 'N7',
    'absent-parenting': 'N8',
  },
  'placement-type': {
    foster: 'U1 U2 U3 U4 U5 U6',
    adoption: 'A3 A4 A5 A6',
    'with-parents': 'P1',
    'independent-or-supported': 'P2 H5 K3',
    residential: 'K1 K2',
    'other-residential': 'R1 R2 R3 R5 P3',
    'residential-school': 'S1',
    other: 'Z1',
  },
  'placement-provider': {
    own: 'PR1',
    'other-la': 'PR2',
    'other-public': 'PR3',
    private: 'PR4',
    voluntary: 'PR5',
    parents: 'PR0',
  },
}
const groupOf = (dimension: string, code: string, otherwise: string): string =>
  Object.entries(GROUPS[dimension]!).find(([, codes]) => codes.split(' ').includes(code))?.[0] ?? otherwise

type Dimensions = Record<string, string>

function childOn({ child }: Care, day: Day): Dimensions {
  const age = birthdaysBy(day, child.born)
  const bands: [number, string][] = [
    [1, 'under-1'],
    [5, '1-to-4'],
    [10, '5-to-9'],
    [16, '10-to-15'],
  ]
  return {
    age: String(age),
    'age-band': bands.find(([under]) => age < under)?.[1] ?? '16-and-over',
    sex: child.sex === 'M' ? 'male' : 'female',
    ethnicity: groupOf('ethnicity', child.ethnic, 'not-known'),
    'ethnicity-code': child.ethnic.toLowerCase(),
    uasc: child.uasc && (child.uasc.ceased === null || child.uasc.ceased > day) ? 'yes' : 'no',
  }
}

/** The placement that a temporary stay interrupts; where that began before the first return, the one it leads to. */
function settledFor(care: Care, episode: Episode): Episode | null {
  if (!isTemporary(episode)) return episode
  const { episodes } = care.periods.find((period) => period.episodes.includes(episode))!
  const index = episodes.indexOf(episode)
  return episodes.slice(0, index).findLast((other) => !isTemporary(other)) ?? null
}

function episodeDimensions(care: Care, episode: Episode): Dimensions {
  const settled = settledFor(care, episode)
  const { episodes } = care.periods.find((period) => period.episodes.includes(episode))!
  const usual = settled ?? episodes.slice(episodes.indexOf(episode)).find((other) => !isTemporary(other))
  return {
    'legal-status': groupOf('legal-status', episode.ls, ''),
    'legal-status-code': episode.ls.toLowerCase(),
    'category-of-need': groupOf('category-of-need', episode.cin, 'not-reported'),
    'placement-type': usual ? groupOf('placement-type', usual.place, 'other') : 'other',
    'placement-code': (usual ?? episode).place.toLowerCase(),
    'placement-provider': groupOf('placement-provider', (settled ?? episode).provider, 'not-reported'),
  }
}

function timeInCare(from: Day, day: Day): Dimensions {
  const months = monthsBetween(from, day)
  const bands: [number, string][] = [
    [6, 'under-6-months'],
    [12, '6-to-12-months'],
    [24, '1-to-2-years'],
    [36, '2-to-3-years'],
    [60, '3-to-5-years'],
  ]
  return { 'time-in-care': bands.find(([under]) => months < under)?.[1] ?? '5-years-and-over' }
}

/* ---- who and what is counted ---------------------------------------------------------------------------------------- */

/** One thing that is counted, with its dimensions and what an indicator asks of it. */
interface Counted {
  readonly dimensions: Dimensions
  readonly is: Readonly<Record<string, boolean | number>>
}
type Count = (all: Care[], period: NaivePeriod, held: Held) => Counted[]

const yearBegins = (lastDay: Day, years = 1): Day => earlier(shifted(lastDay, 1), years)
const runsIn = (care: Care, from: Day, to: Day) =>
  care.runs.filter(({ start, end }) => start <= to && (end === null || end > from)).length

const lookedAfterAt: Count = (all, { lastDay: day }, held) =>
  all.flatMap((care) => {
    const episode = care.care.find(({ decom, dec }) => covers(decom, dec, day))
    if (!episode) return []
    const period = care.periods.find(({ episodes }) => episodes.includes(episode))!
    const age = birthdaysBy(day, care.child.born)
    const place = settledFor(care, episode)?.place ?? episode.place
    const year = yearBegins(day)
    const placements = care.runs.filter(
      (run) => care.periods[run.period] === period && run.start <= day,
    ).length
    const carers = care.carers.filter((run) => care.periods[run.period] === period && run.start <= day)
    const [carer, carerBefore] = [carers.at(-1), carers.at(-2)]
    const forTwoYears = (run: Run | undefined) => run !== undefined && monthsBetween(run.start, day) >= 24
    const uasc = childOn(care, day).uasc === 'yes'
    return [
      {
        dimensions: {
          ...childOn(care, day),
          ...episodeDimensions(care, episode),
          ...timeInCare(period.start, day),
          'placements-since-start': placements <= 3 ? 'up-to-3' : placements <= 9 ? '4-to-9' : '10-or-more',
        },
        is: {
          daysInCare: number(day) - number(period.start),
          placements,
          uasc,
          uascOf16: uasc && (age === 16 || age === 17),
          supported:
            groupOf(
              'placement-type',
              episodeDimensions(care, episode)['placement-code']!.toUpperCase(),
              '',
            ) === 'independent-or-supported',
          femaleOf12: care.child.sex === 'F' && age >= 12,
          mother: care.child.mother,
          waits:
            care.decisions.some(({ made, reversed }) => covers(made, reversed, day)) &&
            !isAdoption(episodeDimensions(care, episode)['placement-code']!.toUpperCase()),
          threeInYear: runsIn(care, year, day) >= 3,
          yearBefore: care.care.some(
            ({ decom, dec }) => decom < year && (dec === null || dec > yearBegins(day, 2)),
          ),
          threeInTwoYears: runsIn(care, yearBegins(day, 2), day) >= 3,
          oneInTwoYears: runsIn(care, yearBegins(day, 2), day) === 1,
          longInCare: age < 16 && monthsBetween(period.start, day) >= 30 && !period.beganAsShortBreaks,
          sameCarer: forTwoYears(carer) || (isAdoption(place) && forTwoYears(carerBefore)),
          movesTwice: movesAfter(care, year, day) >= 2,
          ...workersIn(care, year, day, held),
        },
      },
    ]
  })

/** As the Children's Commissioner counts: each S, P or B after the first day of the year, but not the first entry. */
function movesAfter(care: Care, firstDay: Day, day: Day): number {
  const firstEntry = care.care[0]
  return care.care.filter(
    (episode) =>
      episode.decom > firstDay &&
      episode.decom <= day &&
      ['S', 'P', 'B'].includes(episode.rne) &&
      !(episode === firstEntry && episode.rne === 'S'),
  ).length
}

/** The days of each return that holds social workers and the child. */
function returnsWithWorkers(care: Care, held: Held): NaivePeriod[] {
  const returns: NaivePeriod[] = []
  for (let firstDay = held.workersSince; firstDay < held.lastDay; firstDay = earlier(firstDay, -1)) {
    const lastDay = shifted(earlier(firstDay, -1), -1)
    const isIn = [...care.care, ...care.breaks].some(
      ({ decom, dec }) => decom <= lastDay && (dec === null || dec >= firstDay),
    )
    if (isIn) returns.push({ firstDay, lastDay })
  }
  return returns
}

/**
 * A worker's episode is known from the returns that hold the child. Where it ended while the child was in none, the
 * next return that holds the child has it no more: then it is not known beyond the last return that had it.
 */
function workersKnown(care: Care, held: Held): SocialWorker[] {
  const returns = returnsWithWorkers(care, held)
  return care.workers.flatMap((worker) => {
    const last = returns.findLast(
      ({ firstDay, lastDay }) =>
        worker.from <= lastDay && (worker.until === null || worker.until >= firstDay),
    )
    if (!last) return []
    const endedUnseen = worker.until !== null && worker.until > last.lastDay && last !== returns.at(-1)
    return [endedUnseen ? { ...worker, until: shifted(last.lastDay, 1) } : worker]
  })
}

function workersIn(care: Care, from: Day, to: Day, held: Held): Counted['is'] {
  const inYear = workersKnown(care, held)
    .filter((worker) => worker.from <= to && (worker.until === null || worker.until > from))
    .sort((a, b) => number(a.from) - number(b.from))
  const inSequence = inYear.filter(
    (worker) =>
      !inYear.some(
        (other) =>
          other.from < worker.from &&
          // Of two that are both still open, the later lies within the earlier, as far as anybody knows.
          (other.until === null || (worker.until !== null && other.until >= worker.until)),
      ),
  )
  const changes = inSequence.filter(
    ({ worker }, index) => index > 0 && inSequence[index - 1]!.worker !== worker,
  )
  return {
    hasWorker: inYear.length > 0,
    threeWorkers: new Set(inYear.map(({ worker }) => worker)).size >= 3,
    changesWorkerTwice: changes.length >= 2,
  }
}

const lookedAfterTwelveMonths: Count = (all, { lastDay: day }) =>
  all.flatMap((care) => {
    const from = yearBegins(day)
    const period = care.periods.find(({ start, end }) => start <= from && (end === null || end >= day))
    if (!period) return []
    if (care.breaks.some(({ decom, dec }) => decom <= day && (dec === null || dec > from))) return []
    const leaves = period.end === day
    const episode = leaves
      ? period.episodes.at(-1)!
      : period.episodes.find(({ decom, dec }) => covers(decom, dec, day))!
    return [
      {
        dimensions: {
          ...childOn(care, day),
          ...episodeDimensions(care, episode),
          ...timeInCare(period.start, day),
        },
        is: { stays: !leaves, threeInYear: runsIn(care, from, day) >= 3 },
      },
    ]
  })

/** Day by day: in care, or on a short break. */
const lookedAfterDuring: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) => {
    let [inCare, onBreak] = [false, false]
    for (let day = firstDay; day <= lastDay; day = shifted(day, 1)) {
      inCare ||= care.care.some(({ decom, dec }) => covers(decom, dec, day))
      onBreak ||= care.breaks.some(({ decom, dec }) => covers(decom, dec, day))
    }
    if (!inCare && !onBreak) return []
    return [{ dimensions: childOn(care, lastDay), is: { inCare, onlyBreaks: onBreak && !inCare } }]
  })

const starters: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) => {
    const start = care.care.find(({ rne, decom }) => rne === 'S' && decom >= firstDay && decom <= lastDay)
    if (!start) return []
    const option = care.child.previousPermanence
    const dimensions: Dimensions = {
      ...childOn(care, start.decom),
      ...episodeDimensions(care, start),
      'previous-permanence': option?.toLowerCase() ?? 'not-reported',
    }
    return [
      {
        dimensions,
        is: { uasc: dimensions.uasc === 'yes', hadPermanence: option !== null && option !== 'Z1' },
      },
    ]
  })

const leavers: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) => {
    const period = care.periods.findLast(({ end }) => end !== null && end >= firstDay && end <= lastDay)
    if (!period) return []
    const day = period.end!
    const age = birthdaysBy(day, care.child.born)
    const number = care.periods.filter(({ start }) => start <= lastDay).length
    return [
      {
        dimensions: {
          ...childOn(care, day),
          ...episodeDimensions(care, period.episodes.at(-1)!),
          ...timeInCare(period.start, day),
          'ceasing-reason': period.rec.toLowerCase(),
          'periods-of-care': number < 10 ? String(number) : '10-or-more',
        },
        is: { periods: number, of16: age >= 16, under18: age < 18, [period.rec]: true },
      },
    ]
  })

/** Each episode beside the one before it in the period of care, and whether it comes back from a temporary stay. */
function* transitions(care: Care): Generator<{ before: Episode | null; episode: Episode; isMove: boolean }> {
  for (const { episodes } of care.periods) {
    for (const [index, episode] of episodes.entries()) {
      const before = episodes[index - 1] ?? null
      const settled = before ? settledFor(care, before) : null
      const comesBack =
        before !== null && isTemporary(before) && settled !== null && samePlace(settled, episode)
      yield { before, episode, isMove: !isTemporary(episode) && !comesBack && episode.rne !== 'L' }
    }
  }
}

const newPlacements: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) =>
    [...transitions(care)]
      .filter(({ episode, isMove }) => isMove && episode.decom >= firstDay && episode.decom <= lastDay)
      .map(({ episode }) => ({
        dimensions: { ...childOn(care, episode.decom), ...episodeDimensions(care, episode) },
        is: {},
      })),
  )

const UNPLANNED = ['ALLEG', 'STAND', 'APPRR', 'CREQB', 'CREQO', 'CHILD', 'LAREQ']

const placementChanges: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) =>
    [...transitions(care)].flatMap(({ before, isMove }) => {
      const day = before?.dec
      if (!before || !day || !isMove || day < firstDay || day > lastDay) return []
      return [
        {
          dimensions: {
            ...childOn(care, day),
            ...episodeDimensions(care, before),
            'placement-change-reason': before.reason.toLowerCase() || 'not-reported',
          },
          is: { unplanned: UNPLANNED.includes(before.reason), moves: before.reason !== 'PLACE' },
        },
      ]
    }),
  )

const placementsCeased: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) =>
    care.runs.flatMap(({ start, end, episodes }) => {
      if (end === null || end < firstDay || end > lastDay) return []
      const described = episodeDimensions(care, episodes.at(-1)!)
      return [
        {
          dimensions: {
            ...childOn(care, end),
            'placement-type': described['placement-type']!,
            'placement-provider': described['placement-provider']!,
          },
          is: { days: number(end) - number(start) },
        },
      ]
    }),
  )

/* ---- the indicators ---------------------------------------------------------------------------------------------------- */

interface NaiveIndicator {
  readonly count: Count
  readonly kind: 'count' | 'percentage' | 'mean'
  readonly of?: string
  readonly over?: string
  /** How many years before the last day must be held; none where the period itself is enough. */
  readonly years?: number
  readonly workers?: true
}

const counting = (count: Count, of?: string, years?: number): NaiveIndicator => ({
  count,
  kind: 'count',
  ...(of ? { of } : {}),
  ...(years ? { years } : {}),
})
const share = (count: Count, of: string, over?: string, more: Partial<NaiveIndicator> = {}) => ({
  count,
  kind: 'percentage' as const,
  of,
  ...(over ? { over } : {}),
  ...more,
})
const average = (count: Count, of: string): NaiveIndicator => ({ count, kind: 'mean', of })
const ceased = (...codes: string[]): NaiveIndicator => ({
  count: (...asked) =>
    leavers(...asked).map(({ dimensions, is }) => ({
      dimensions,
      is: { ...is, ceased: codes.some((code) => is[code] === true) },
    })),
  kind: 'percentage',
  of: 'ceased',
})

export const NAIVE_INDICATORS: Readonly<Record<string, NaiveIndicator>> = {
  'cla-count': counting(lookedAfterAt),
  'cla-12-months-count': counting(lookedAfterTwelveMonths, undefined, 1),
  'cla-length-of-time-in-care': average(lookedAfterAt, 'daysInCare'),
  'cla-time-since-start-placements': average(lookedAfterAt, 'placements'),
  'uasc-count': counting(lookedAfterAt, 'uasc'),
  'uasc-pct': share(lookedAfterAt, 'uasc'),
  'uasc-16-17-independent-pct': share(lookedAfterAt, 'supported', 'uascOf16'),
  'cla-mothers-pct': share(lookedAfterAt, 'mother', 'femaleOf12'),
  'cla-waiting-adoption-count': counting(lookedAfterAt, 'waits'),
  'cla-during-year': counting(lookedAfterDuring, 'inCare'),
  'cla-short-breaks-only': counting(lookedAfterDuring, 'onlyBreaks'),
  'cla-starters': counting(starters),
  'starters-uasc-pct': share(starters, 'uasc'),
  'cla-previous-permanence-pct': share(starters, 'hadPermanence'),
  'cla-leavers': counting(leavers),
  'cla-periods-of-care-per-child': average(leavers, 'periods'),
  'leaving-care-before-18-pct': share(leavers, 'under18', 'of16'),
  'ceased-returned-home-planned-pct': ceased('E4A'),
  'ceased-returned-home-unplanned-pct': ceased('E4B'),
  'ceased-adopted-pct': ceased('E11', 'E12'),
  'ceased-sgo-pct': ceased('E43', 'E44', 'E45', 'E46', 'E47', 'E48'),
  'ceased-cao-pct': ceased('E41'),
  'ceased-aged-18-with-carers-pct': ceased('E17'),
  'ceased-other-la-pct': ceased('E3'),
  'ceased-independent-pct': ceased('E5', 'E6'),
  'ceased-independent-supported-pct': ceased('E5'),
  'ceased-independent-unsupported-pct': ceased('E6'),
  'ceased-custody-pct': ceased('E9'),
  'ceased-died-pct': ceased('E2'),
  'ceased-died-count': counting(leavers, 'E2'),
  'three-plus-placements-pct': share(lookedAfterAt, 'threeInYear', undefined, { years: 1 }),
  'three-plus-placements-12-months-pct': share(lookedAfterTwelveMonths, 'threeInYear', 'stays', { years: 1 }),
  'three-plus-placements-two-years-pct': share(lookedAfterAt, 'threeInTwoYears', 'yearBefore', { years: 2 }),
  'one-placement-in-two-years-pct': share(lookedAfterAt, 'oneInTwoYears', 'yearBefore', { years: 2 }),
  'same-carer-two-years-pct': share(lookedAfterAt, 'sameCarer', 'longInCare', { years: 3 }),
  'new-placements': counting(newPlacements),
  'placement-changes': counting(placementChanges),
  'unplanned-placement-ending-pct': share(placementChanges, 'unplanned', 'moves'),
  'placement-duration-days': average(placementsCeased, 'days'),
  'three-plus-social-workers-pct': share(lookedAfterAt, 'threeWorkers', 'hasWorker', {
    years: 1,
    workers: true,
  }),
  'social-worker-changes-cco': share(lookedAfterAt, 'changesWorkerTwice', 'hasWorker', {
    years: 1,
    workers: true,
  }),
  'placement-changes-cco': share(lookedAfterAt, 'movesTwice', undefined, { years: 1 }),
}

/** A council's figures: in total under an empty category, and by every category that somebody is in. */
export class NaiveOracle {
  readonly #care: Care[]
  readonly #held: Held
  readonly #counted = new Map<string, Counted[]>()

  constructor(records: Records, held: Held) {
    this.#held = held
    this.#care = records.children.map((child) => careOf(child, records, held))
  }

  /** Null where the returns held do not reach back far enough. */
  figures(id: string, period: NaivePeriod, dimension: string | null): Map<string, NaiveFigure> | null {
    const indicator = NAIVE_INDICATORS[id]!
    const from = indicator.years ? yearBegins(period.lastDay, indicator.years) : period.firstDay
    if (from < this.#held.firstDay || (indicator.workers && from < this.#held.workersSince)) return null
    const key = `${id} ${period.firstDay} ${period.lastDay}`
    const counted = this.#counted.get(key) ?? indicator.count(this.#care, period, this.#held)
    this.#counted.set(key, counted)
    const categories = dimension
      ? Map.groupBy(counted, ({ dimensions }) => dimensions[dimension] ?? 'no such dimension')
      : new Map([['', counted]])
    return new Map([...categories].map(([category, rows]) => [category, measured(indicator, rows)]))
  }
}

function measured({ kind, of, over }: NaiveIndicator, rows: readonly Counted[]): NaiveFigure {
  const asked = rows.filter(({ is }) => over === undefined || is[over] === true)
  const sum = asked.reduce((total, { is }) => total + (of === undefined ? 1 : Number(is[of] ?? 0)), 0)
  if (kind === 'count') return { value: sum, numerator: null, denominator: null }
  const scale = kind === 'percentage' ? 100 : 1
  return {
    value: asked.length === 0 ? null : (scale * sum) / asked.length,
    numerator: sum,
    denominator: asked.length,
  }
}
