import type { ReportingYear } from '../vocabulary/period.ts'
import type { CareRecord, Episode, Home, PeriodOfCare, WorkerEpisode } from './care-record.ts'
import { type DayNumber, dayNumber, OPEN } from './day-number.ts'
import { seedOf } from './random.ts'
import { WORKED_EXAMPLES, type WorkedExample } from './worked-example-rows.ts'

/** The year that the examples are written for. */
const WRITTEN_FOR = 2025

/** The worked examples as children of a council, moved in time so that the year they are written for is this one. */
export const workedExamples = (idPrefix: string, year: ReportingYear): CareRecord[] =>
  WORKED_EXAMPLES.map((example, index) => recordOf(example, idPrefix, year - WRITTEN_FOR, index))

function recordOf(example: WorkedExample, idPrefix: string, shift: number, index: number): CareRecord {
  const dayOf = (text: string): DayNumber => {
    if (text === '') return OPEN
    const [day, month, year] = text.split('/').map(Number)
    return dayNumber(year! + shift, month!, day!)
  }
  const episodes = example.episodes.map((row) => episodeOf(row, dayOf))
  const adopting = episodes.find(({ home }) => home.place.startsWith('A'))
  const starts = episodes.filter(({ rne }) => rne === 'S')
  return {
    id: `${idPrefix}${example.name}`,
    seed: seedOf(903, index),
    sex: 'M',
    born: dayOf(example.born),
    ethnic: example.uascUntil === undefined ? 'WBRI' : 'OOTH',
    upn: `A9990000${String(index).padStart(5, '0')}`,
    motherSince: OPEN,
    uascUntil: example.uascUntil === undefined ? null : dayOf(example.uascUntil),
    homePostcode: example.uascUntil === undefined ? HOME_POSTCODE : '',
    periods: periodsOf(episodes),
    // A placement order follows the decision: the return would be at odds with itself without one.
    decisions: adopting ? [{ from: adopting.from - 60, until: OPEN, reversedFor: '' }] : [],
    adoption: null,
    previousPermanence: starts.map(({ from }) => ({ started: from, option: 'Z1', authority: '', date: '' })),
    missing: [],
    reviews: [],
    workers: (example.workers ?? []).map((row) => workerOf(row, dayOf)),
    birthdaysAfterCare: [],
    deprivations: [],
  }
}

type ReadDay = (text: string) => DayNumber

function episodeOf(row: string, dayOf: ReadDay): Episode {
  const [from, rne, ls, place, provider, until, rec, reason, letter] = cellsOf(row)
  return {
    from: dayOf(from!),
    until: dayOf(until!),
    rne: rne!,
    ls: ls!,
    cin: 'N1',
    home: homeOf(place!, provider!, letter!),
    rec: rec!,
    reasonPlaceChange: reason!,
  }
}

function workerOf(row: string, dayOf: ReadDay): WorkerEpisode {
  const [worker, from, until, reason] = cellsOf(row)
  return { worker: worker!, from: dayOf(from!), until: dayOf(until!), reason: reason! }
}

const cellsOf = (row: string): string[] => row.split('|').map((cell) => cell.trim())

const HOME_POSTCODE = 'HD1 2AB'

/** The same letter is the same postcode. */
const POSTCODES: Readonly<Record<string, string>> = {
  P1: 'HD4 5AA',
  P2: 'HD7 1BD',
  P3: 'WF13 2GH',
  P4: 'HX3 6JL',
  P9: 'HD9 3NP',
  HOSP: 'HD3 3EA',
  AWAY: 'HX1 4QR',
}

function homeOf(place: string, provider: string, letter: string): Home {
  const temporary = place.startsWith('T')
  const urn = temporary ? '' : place.startsWith('A') ? 'XXXXXXX' : (URNS[provider] ?? '')
  return { place, provider, postcode: POSTCODES[letter]!, urn }
}

const URNS: Readonly<Record<string, string>> = { PR1: 'SC999001', PR4: 'SC999004' }

/** A period of care begins with each episode whose reason is S. */
function periodsOf(episodes: readonly Episode[]): PeriodOfCare[] {
  const runs: Episode[][] = []
  for (const episode of episodes) {
    if (episode.rne === 'S') runs.push([])
    runs.at(-1)!.push(episode)
  }
  return runs.map((run) => ({ from: run[0]!.from, until: run.at(-1)!.until, episodes: run }))
}
