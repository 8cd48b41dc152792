import type { Day } from '../../src/vocabulary/day.ts'
import type {
  Child,
  Decision,
  Deprivation,
  Episode,
  Incident,
  LeaverRow,
  Match,
  Outcomes,
  Records,
  Review,
  SocialWorker,
} from './records.ts'

/**
 * A child's care and what the tables beside the episodes say of the child, as the returns held know it: the ground on
 * which the naive oracle counts. Written from the definitions (indicators.md 2 and 4) and the rulings of the
 * conformance packs, and from nothing in src.
 */

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

export const parts = (day: Day) => day.split('-').map(Number) as [number, number, number]
export const number = (day: Day): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000
export const shifted = (day: Day, days: number): Day =>
  new Date((number(day) + days) * 86_400_000).toISOString().slice(0, 10) as Day
export const earlier = (day: Day, years: number): Day => {
  const [year, rest] = [Number(day.slice(0, 4)), day.slice(4)]
  return `${year - years}${rest}` as Day
}

/** Whole months from one day to another; who starts on the 31st has had a month on the 1st but one after. */
export const monthsBetween = (from: Day, to: Day): number => {
  const [[y1, m1, d1], [y2, m2, d2]] = [parts(from), parts(to)]
  return (y2 - y1) * 12 + (m2 - m1) - (d2 < d1 ? 1 : 0)
}

/** Birthdays had by a day: born on 29 February, that is 1 March in a common year. */
export function birthdaysBy(day: Day, born: Day): number {
  let had = 0
  for (let year = Number(born.slice(0, 4)) + 1; year <= Number(day.slice(0, 4)); year++) {
    const isLeap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1
    const birthday = born.endsWith('-02-29') && !isLeap ? `${year}-03-01` : `${year}${born.slice(4)}`
    if (birthday <= day) had++
  }
  return had
}

/** The day on which somebody reaches an age. */
export function birthdayOf(born: Day, age: number): Day {
  const plain = earlier(born, -age)
  return birthdaysBy(plain, born) === age ? plain : shifted(`${plain.slice(0, 4)}-02-28` as Day, 1)
}

/* ---- a child's care, as the returns know it --------------------------------------------------------------------- */

export interface Run {
  readonly start: Day
  end: Day | null
  readonly period: number
  /** Each begins where a new carer does: moves into fostering for adoption count as one (E22). */
  readonly episodes: Episode[]
}

export interface Period {
  readonly episodes: Episode[]
  readonly start: Day
  end: Day | null
  rec: string
  readonly startIsKnown: boolean
  readonly beganAsShortBreaks: boolean
}

export interface Care {
  readonly child: Child
  readonly care: Episode[]
  readonly breaks: Episode[]
  readonly periods: Period[]
  readonly runs: Run[]
  readonly carers: Run[]
  /** The returns that hold the child, as looked after or as a care leaver. */
  readonly returns: NaivePeriod[]
  readonly workers: SocialWorker[]
  readonly decisions: Decision[]
  readonly incidents: Incident[]
  readonly reviews: Review[]
  readonly outcomes: Outcomes[]
  readonly leaverRows: LeaverRow[]
  readonly matches: Match[]
  readonly deprivations: Deprivation[]
  /** As far as it was returned, and with the end that is known. */
  readonly uasc: { readonly until: Day | null } | null
}

export const isTemporary = (episode: Episode) => /^T[0-4]$/.test(episode.place)
export const isBreak = (episode: Episode) => episode.ls === 'V3' || episode.ls === 'V4'
export const isAdoption = (place: string) => ['A3', 'A4', 'A5', 'A6'].includes(place)
export const isFosteringForAdoption = (place: string) => place === 'U2' || place === 'U5'
export const covers = (from: Day, until: Day | null, day: Day) =>
  from <= day && (until === null || until > day)
export const samePlace = (a: Episode, b: Episode) => a.place === b.place && a.post === b.post

export const knownBy = (day: Day, end: Day | null): Day | null => (end !== null && end <= day ? end : null)

export function careOf(child: Child, records: Records, held: Held): Care {
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
  const returns = returnsWith(child, records, held)
  const own = <T extends { readonly child: string }>(rows: readonly T[]) =>
    rows.filter((row) => row.child === child.id)
  const inReturns = <T extends { readonly child: string; readonly year: number }>(rows: readonly T[]) =>
    own(rows).filter((row) => returns.some(({ lastDay }) => lastDay.startsWith(String(row.year))))
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
    returns,
    decisions: own(records.decisions).flatMap((decision) => {
      const said = lastSaid(returns, decision.made, decision.reversed)
      return said ? [{ ...decision, reversed: said.until }] : []
    }),
    incidents: own(records.incidents).flatMap((incident) => {
      const said = lastSaid(returns, incident.from, incident.until)
      // One that no return closes is closed on the 18th birthday (indicators.md 2.17).
      const grownUp = birthdayOf(child.born, 18)
      const closed = incident.from < grownUp && grownUp <= held.lastDay ? grownUp : null
      return said ? [{ ...incident, until: said.until ?? closed }] : []
    }),
    reviews: own(records.reviews).filter(({ held: day }) => lastSaid(returns, day, day) !== null),
    outcomes: inReturns(records.outcomes),
    leaverRows: inReturns(records.leaverRows),
    matches: inReturns(records.matches),
    deprivations: own(records.deprivations).flatMap((order) => {
      const said = lastSaid(returns, order.from, order.until)
      return said ? [{ ...order, until: said.until }] : []
    }),
    uasc: child.uasc ? lastSaid(returns, child.born, child.uasc.ceased) : null,
  }
}

/** The returns held that hold the child: with an episode in the year, or as a care leaver. */
function returnsWith(child: Child, records: Records, held: Held): NaivePeriod[] {
  const returns: NaivePeriod[] = []
  for (let firstDay = held.firstDay; firstDay < held.lastDay; firstDay = earlier(firstDay, -1)) {
    const lastDay = shifted(earlier(firstDay, -1), -1)
    const isIn =
      records.episodes.some(
        ({ child: id, decom, dec }) =>
          id === child.id && decom <= lastDay && (dec === null || dec >= firstDay),
      ) || records.leaverRows.some((row) => row.child === child.id && lastDay.startsWith(String(row.year)))
    if (isIn) returns.push({ firstDay, lastDay })
  }
  return returns
}

/** The latest return that holds something says what it is: its end, too, which comes no later than that return's. */
export function lastSaid(
  returns: readonly NaivePeriod[],
  from: Day,
  until: Day | null,
): { readonly until: Day | null } | null {
  const last = returns.findLast(
    ({ firstDay, lastDay }) => from <= lastDay && (until === null || until >= firstDay),
  )
  return last ? { until: knownBy(last.lastDay, until) } : null
}

/** An episode of no days is dropped, and what it began is begun by the next one (E24). */
export function withoutEmptyEpisodes(known: Episode[]): Episode[] {
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

export function periodsOf(care: Episode[], breaks: Episode[]): Period[] {
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
export function runsOf(
  periods: Period[],
  isChangeOfItsOwn: (episode: Episode, before: Episode) => boolean,
): Run[] {
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

export const GROUPS: Record<string, Record<string, string>> = {
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
export const groupOf = (dimension: string, code: string, otherwise: string): string =>
  Object.entries(GROUPS[dimension]!).find(([, codes]) => codes.split(' ').includes(code))?.[0] ?? otherwise

export type Dimensions = Record<string, string>

export function childOn({ child, uasc }: Care, day: Day): Dimensions {
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
    uasc: uasc && (uasc.until === null || uasc.until > day) ? 'yes' : 'no',
  }
}

/** The placement that a temporary stay interrupts; where that began before the first return, the one it leads to. */
export function settledFor(care: Care, episode: Episode): Episode | null {
  if (!isTemporary(episode)) return episode
  const { episodes } = care.periods.find((period) => period.episodes.includes(episode))!
  const index = episodes.indexOf(episode)
  return episodes.slice(0, index).findLast((other) => !isTemporary(other)) ?? null
}

export function episodeDimensions(care: Care, episode: Episode): Dimensions {
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

/** The placement of an episode; of a temporary stay, the one that it interrupts. */
export const usualPlace = (care: Care, episode: Episode): string =>
  episodeDimensions(care, episode)['placement-code']!.toUpperCase()

/** The home on a day, of which it may be that nothing is known. */
export function homeOn(care: Care, day: Day): Dimensions {
  const episode = care.care.find(({ decom, dec }) => covers(decom, dec, day))
  if (!episode) return { 'placement-type': 'not-known', 'placement-provider': 'not-reported' }
  const described = episodeDimensions(care, episode)
  return {
    'placement-type': described['placement-type']!,
    'placement-provider': described['placement-provider']!,
    'placement-code': described['placement-code']!,
  }
}

export function timeInCare(from: Day, day: Day): Dimensions {
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
