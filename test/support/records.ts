import { compute } from '../../src/indicators/compute.ts'
import type { IndicatorDefinition } from '../../src/indicators/definition.ts'
import { readHoldings } from '../../src/indicators/holdings.ts'
import type { Observation } from '../../src/indicators/observation.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { type IncomingFile, type LoadOutcome, loadReturn } from '../../src/returns/load-return.ts'
import { readCoverage } from '../../src/returns/return-store.ts'
import { catalogue } from '../../src/service.ts'
import { findAuthority } from '../../src/vocabulary/authority.ts'
import { type Day, parseDay } from '../../src/vocabulary/day.ts'
import type { DimensionId } from '../../src/vocabulary/dimension.ts'
import {
  firstDayOfYear,
  lastDayOfYear,
  parsePeriod,
  type ReportingYear,
} from '../../src/vocabulary/period.ts'
import { type TableName, tableNamed } from '../../src/vocabulary/ssda903.ts'

/* ---- a council's records ------------------------------------------------------------------------------------- */

export interface Child {
  readonly id: string
  readonly sex: 'M' | 'F'
  readonly born: Day
  readonly ethnic: string
  readonly mother: boolean
  /** An unaccompanied asylum-seeking child, and the day on which that ceased. */
  readonly uasc: { readonly ceased: Day | null } | null
  readonly previousPermanence: string | null
}

export interface Episode {
  readonly child: string
  readonly decom: Day
  readonly rne: string
  readonly ls: string
  readonly cin: string
  readonly place: string
  readonly provider: string
  readonly dec: Day | null
  readonly rec: string
  readonly reason: string
  readonly home: string
  readonly post: string
  /** As returned; blank where it is left out. */
  readonly urn?: string
}

export interface SocialWorker {
  readonly child: string
  readonly worker: string
  readonly from: Day
  readonly until: Day | null
}

/** A decision that a child should be placed for adoption. */
export interface Decision {
  readonly child: string
  readonly made: Day
  readonly reversed: Day | null
  /** Why it was reversed; blank where the council does not say. */
  readonly reason: string
}

/** A time missing (M) or away without authorisation (A). */
export interface Incident {
  readonly child: string
  readonly kind: 'M' | 'A'
  readonly from: Day
  readonly until: Day | null
}

export interface Review {
  readonly child: string
  readonly held: Day
  readonly code: string
}

/** A row of OC2; blank cells are "". */
export interface Outcomes {
  readonly child: string
  readonly year: ReportingYear
  readonly sdqScore: number | null
  readonly convicted: string
  readonly healthCheck: string
  readonly immunisations: string
  readonly teethCheck: string
  readonly healthAssessment: string
  readonly substanceMisuse: string
  readonly interventionReceived: string
  readonly interventionOffered: string
}

/** A row of OC3: how somebody fares around the birthday in the year. */
export interface LeaverRow {
  readonly child: string
  readonly year: ReportingYear
  readonly inTouch: string
  readonly activity: string
  readonly accommodation: string
}

/** A row of AD1, in the return of the year in which the child was adopted. */
export interface Match {
  readonly child: string
  readonly year: ReportingYear
  readonly matched: Day | null
}

/** An order that deprives a child of liberty. */
export interface Deprivation {
  readonly child: string
  readonly from: Day
  readonly until: Day | null
}

/** All that a council has recorded, over any number of years. */
export interface Records {
  readonly children: readonly Child[]
  readonly episodes: readonly Episode[]
  readonly workers: readonly SocialWorker[]
  readonly decisions: readonly Decision[]
  readonly incidents: readonly Incident[]
  readonly reviews: readonly Review[]
  readonly outcomes: readonly Outcomes[]
  readonly leaverRows: readonly LeaverRow[]
  readonly matches: readonly Match[]
  readonly deprivations: readonly Deprivation[]
  /** URN of the home in which a child is placed. */
  readonly urns?: ReadonlyMap<string, string>
}

/** First reporting year whose return holds social workers. */
export const SOCIAL_WORKERS_SINCE = tableNamed('SWEpisodes').since!

const day = (text: string): Day => {
  const read = parseDay(text)
  if (!read) throw new Error(`"${text}" is no day`)
  return read
}
const dayOrOpen = (text = ''): Day | null => (text === '' ? null : day(text))

/** A place named `P1` or `HOSP`, as a postcode: the same name is the same place. */
export function postcode(place: string): string {
  if (place === '') return ''
  const number = [...place].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_000, 7)
  return `HD${1 + (number % 9)} ${number % 10}${'ABDEFGHJLN'[Math.floor(number / 9) % 10]}${'PQRSTUWXYZ'[Math.floor(number / 90) % 10]}`
}

/**
 * Collects what a council has recorded, in the notation of the worked examples: days as DD/MM/YYYY, and the columns
 * of an episode in their order. A child who is only named in an episode is a boy of about ten.
 */
export class RecordKeeper implements Records {
  readonly #children = new Map<string, Child>()
  readonly episodes: Episode[] = []
  readonly workers: SocialWorker[] = []
  readonly decisions: Decision[] = []
  readonly incidents: Incident[] = []
  readonly reviews: Review[] = []
  readonly outcomes: Outcomes[] = []
  readonly leaverRows: LeaverRow[] = []
  readonly matches: Match[] = []
  readonly deprivations: Deprivation[] = []
  readonly urns = new Map<string, string>()

  get children(): Child[] {
    return [...this.#children.values()]
  }

  child(
    id: string,
    facts: {
      sex?: Child['sex']
      born?: string
      ethnic?: string
      mother?: boolean
      uascUntil?: string
      previousPermanence?: string
    } = {},
  ): this {
    this.#children.set(id, {
      id,
      sex: facts.sex ?? 'M',
      born: day(facts.born ?? '01/01/2014'),
      ethnic: facts.ethnic ?? 'WBRI',
      mother: facts.mother ?? false,
      uasc: facts.uascUntil === undefined ? null : { ceased: dayOrOpen(facts.uascUntil) },
      previousPermanence: facts.previousPermanence ?? null,
    })
    return this
  }

  episode(
    child: string,
    decom: string,
    rne: string,
    ls: string,
    place: string,
    provider = '',
    dec = '',
    rec = '',
    reason = '',
    home = '',
    post = '',
    urn = '',
  ): this {
    if (!this.#children.has(child)) this.child(child)
    this.episodes.push({
      child,
      decom: day(decom),
      rne,
      ls,
      cin: 'N1',
      place,
      provider,
      dec: dayOrOpen(dec),
      rec,
      reason,
      home: postcode(home),
      post: postcode(post),
      urn,
    })
    return this
  }

  /** Lines as the examples write them: `A | 10/05/2024 | S | V2 | U6 | PR1 | | | | H1 | P1 | SC000001`. */
  rows(text: string): this {
    for (const line of text.trim().split('\n')) {
      const [child, decom, rne, ls, place, ...rest] = line.split('|').map((cell) => cell.trim())
      this.episode(child!, decom!, rne!, ls!, place!, ...rest)
    }
    return this
  }

  socialWorker(child: string, worker: string, from: string, until = ''): this {
    this.workers.push({ child, worker, from: day(from), until: dayOrOpen(until) })
    return this
  }

  decidedForAdoption(child: string, made: string, reversed = '', reason = 'RD1'): this {
    this.decisions.push({
      child,
      made: day(made),
      reversed: dayOrOpen(reversed),
      reason,
    })
    return this
  }

  incident(child: string, kind: Incident['kind'], from: string, until = ''): this {
    this.incidents.push({ child, kind, from: day(from), until: dayOrOpen(until) })
    return this
  }

  review(child: string, held: string, code = 'PN1'): this {
    this.reviews.push({ child, held: day(held), code })
    return this
  }

  careLeaver(
    child: string,
    year: ReportingYear,
    inTouch = 'YES',
    activity = 'F2',
    accommodation = 'U1',
  ): this {
    this.leaverRows.push({ child, year, inTouch, activity, accommodation })
    return this
  }

  matched(child: string, year: ReportingYear, matched: string): this {
    this.matches.push({ child, year, matched: dayOrOpen(matched) })
    return this
  }

  deprived(child: string, from: string, until = ''): this {
    this.deprivations.push({ child, from: day(from), until: dayOrOpen(until) })
    return this
  }

  /** In all its placements. */
  livesAt(urns: Readonly<Record<string, string>>): this {
    for (const [child, urn] of Object.entries(urns)) this.urns.set(child, urn)
    return this
  }

  /** The return that the council sends for a year. */
  return(year: ReportingYear): YearlyReturn {
    return cutReturn(this, year)
  }
}

export const records = (): RecordKeeper => new RecordKeeper()

/* ---- a year's return ------------------------------------------------------------------------------------------ */

/** The rows of one return, by table, as its files say them. */
export interface YearlyReturn {
  readonly year: ReportingYear
  readonly to: Day
  readonly tables: ReadonlyMap<TableName, readonly (readonly string[])[]>
}

/** What a council returns for a year: all that overlaps it, and nothing that it could not know by its last day. */
export function cutReturn(all: Records, year: ReportingYear, to = lastDayOfYear(year)): YearlyReturn {
  const from = firstDayOfYear(year)
  const known = (ended: Day | null): Day | null => (ended !== null && ended <= to ? ended : null)
  // An episode that ceases on 1 April ceases in the new year: its return says so.
  const overlaps = (start: Day, end: Day | null) => start <= to && (end === null || end >= from)
  const written = (date: Day | null) => (date ? date.split('-').reverse().join('/') : '')

  const episodes = all.episodes.filter((episode) => overlaps(episode.decom, episode.dec))
  const leaverRows = all.leaverRows.filter((row) => row.year === year)
  const lookedAfter = new Set(episodes.map((episode) => episode.child))
  const present = new Set([...lookedAfter, ...leaverRows.map((row) => row.child)])
  const children = all.children.filter((child) => present.has(child.id))
  const born = new Map(children.map((child) => [child.id, written(child.born)]))
  const sex = (child: Child) => (year >= 2025 ? child.sex : child.sex === 'M' ? '1' : '2')
  const starts = new Set(
    episodes.filter(({ rne, decom }) => rne === 'S' && decom >= from).map(({ child }) => child),
  )

  const tables = new Map<TableName, string[][]>([
    [
      'Header',
      children.map((child) => [
        child.id,
        sex(child),
        written(child.born),
        child.ethnic,
        'UN1',
        child.mother ? '1' : '',
        child.mother ? '01/06/2021' : '',
      ]),
    ],
    [
      'Episodes',
      episodes.map((episode) => {
        const ended = known(episode.dec)
        return [
          episode.child,
          written(episode.decom),
          episode.rne,
          episode.ls,
          episode.cin,
          episode.place,
          episode.provider,
          written(ended),
          ended ? episode.rec : '',
          ended ? episode.reason : '',
          episode.home,
          episode.post,
          episode.urn || all.urns?.get(episode.child) || '',
        ]
      }),
    ],
    [
      'UASC',
      children
        .filter(({ uasc }) => uasc && (uasc.ceased === null || uasc.ceased >= from))
        .map((child) => [child.id, sex(child), written(child.born), written(known(child.uasc!.ceased))]),
    ],
    [
      'PrevPerm',
      children
        .filter(({ id, previousPermanence }) => previousPermanence && starts.has(id))
        .map((child) => [child.id, written(child.born), child.previousPermanence!, '', '']),
    ],
    [
      'PlacedAdoption',
      all.decisions
        .filter(({ child, made, reversed }) => present.has(child) && overlaps(made, reversed))
        .map(({ child, made, reversed, reason }) => [
          child,
          born.get(child)!,
          written(made),
          written(known(reversed)),
          known(reversed) ? reason : '',
        ]),
    ],
    [
      'Missing',
      all.incidents
        .filter(({ child, from, until }) => present.has(child) && overlaps(from, until))
        .map(({ child, kind, from: began, until }) => [
          child,
          born.get(child)!,
          kind,
          written(began),
          written(known(until)),
        ]),
    ],
    [
      'Reviews',
      all.reviews
        .filter(({ child, held }) => present.has(child) && held >= from && held <= to)
        .map(({ child, held, code }) => [child, born.get(child)!, written(held), code]),
    ],
    [
      'OC2',
      all.outcomes
        .filter((row) => row.year === year && lookedAfter.has(row.child))
        .map((row) => [
          row.child,
          born.get(row.child)!,
          row.sdqScore === null ? '' : String(row.sdqScore),
          row.sdqScore === null ? 'SDQ4' : '',
          row.convicted,
          row.healthCheck,
          row.immunisations,
          row.teethCheck,
          row.healthAssessment,
          row.substanceMisuse,
          row.interventionReceived,
          row.interventionOffered,
        ]),
    ],
    [
      'OC3',
      leaverRows.map(({ child, inTouch, activity, accommodation }) => [
        child,
        born.get(child)!,
        inTouch,
        activity,
        accommodation,
      ]),
    ],
    [
      'AD1',
      all.matches
        .filter((row) => row.year === year && present.has(row.child))
        .map(({ child, matched }) => [
          child,
          born.get(child)!,
          written(matched),
          written(matched),
          '0',
          '2',
          'MF',
          'L11',
        ]),
    ],
    [
      'DoLo',
      all.deprivations
        .filter(({ child, from, until }) => present.has(child) && overlaps(from, until))
        .map(({ child, from: began, until }) => [
          child,
          born.get(child)!,
          written(began),
          written(known(until)),
        ]),
    ],
  ])
  if (year >= SOCIAL_WORKERS_SINCE) {
    tables.set(
      'SWEpisodes',
      all.workers
        .filter((worker) => present.has(worker.child) && overlaps(worker.from, worker.until))
        .map(({ child, worker, from: began, until }) => [
          child,
          born.get(child)!,
          worker,
          written(began),
          written(known(until)),
          'MANAGE',
        ]),
    )
  }
  return { year, to, tables }
}

/** The return as the files that are sent. */
export async function* filesOf(sent: YearlyReturn): AsyncGenerator<IncomingFile> {
  for (const [table, rows] of sent.tables) {
    const header = tableNamed(table).columns.map(({ name }) => name)
    const text = [header, ...rows].map((row) => row.join(',')).join('\r\n')
    yield { name: `${table}.csv`, bytes: bytesOf(`${text}\r\n`) }
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

/* ---- into the database, and out of it -------------------------------------------------------------------------- */

/** Loads files as an authority's return for a year. */
export async function loadFiles(
  database: Database,
  authorityCode: string,
  year: ReportingYear,
  files: AsyncIterable<IncomingFile>,
  options: { to?: Day; partially?: boolean } = {},
): Promise<LoadOutcome<never>> {
  return loadReturn(
    database,
    {
      authority: findAuthority(authorityCode)!,
      year,
      coversFrom: firstDayOfYear(year),
      coversTo: options.to ?? lastDayOfYear(year),
      partially: options.partially ?? false,
      dryRun: false,
      loadedBy: 'tests',
    },
    files,
  )
}

/** Loads a return as it was cut. */
export const load = (
  database: Database,
  authorityCode: string,
  sent: YearlyReturn,
  options: { partially?: boolean } = {},
): Promise<LoadOutcome<never>> =>
  loadFiles(database, authorityCode, sent.year, filesOf(sent), { ...options, to: sent.to })

export const INDICATORS: readonly IndicatorDefinition[] = catalogue.indicators

/** Observations of indicators, in total and by dimensions, for periods by their labels. */
export async function observe(
  database: Database,
  authorityCode: string,
  indicators: readonly IndicatorDefinition[],
  periods: readonly string[],
  dimensions: readonly DimensionId[],
): Promise<Observation[]> {
  return database.read([authorityCode], async (transaction) => {
    return compute(
      transaction,
      {
        indicators,
        authorities: [authorityCode],
        periods: periods.map((label) => parsePeriod(label)!),
        breakdowns: dimensions.map((dimension) => [dimension] as const),
      },
      await readHoldings(transaction, [authorityCode], readCoverage),
    )
  })
}

/** One figure: of an indicator, for a period, in total or in one category. */
export async function figure(
  database: Database,
  authorityCode: string,
  indicatorId: string,
  periodLabel: string,
  breakdown: Partial<Record<DimensionId, string>> = {},
): Promise<Observation> {
  const indicator = INDICATORS.find(({ id }) => id === indicatorId)
  if (!indicator) throw new Error(`there is no indicator ${indicatorId}`)
  const dimensions = Object.keys(breakdown) as DimensionId[]
  const observations = await observe(database, authorityCode, [indicator], [periodLabel], dimensions)
  const found = observations.find(
    (observation) => JSON.stringify(observation.breakdown) === JSON.stringify(breakdown),
  )
  if (!found) throw new Error(`${indicatorId} has no category ${JSON.stringify(breakdown)}`)
  return found
}
