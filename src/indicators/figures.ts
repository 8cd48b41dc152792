import { createHash } from 'node:crypto'
import type { Database, Transaction } from '../platform/database/database.ts'
import { NO_DATA } from '../vocabulary/data-version.ts'
import { type Day, todayInEngland } from '../vocabulary/day.ts'
import { DIMENSIONS } from '../vocabulary/dimension.ts'
import { type Period, reportingYearOf, yearPeriod } from '../vocabulary/period.ts'
import { latestPeriod } from './availability.ts'
import { type Breakdown, breakdownLabel } from './breakdown.ts'
import type { Catalogue } from './catalogue.ts'
import { type Ask, compute } from './compute.ts'
import type { DataVersions } from './data-versions.ts'
import type { IndicatorDefinition } from './definition.ts'
import { type Holdings, holdingsOf, newKeptHoldings, type ReadCoverage } from './holdings.ts'
import { newKeptCells } from './kept-cells.ts'
import type { Audience, Observation } from './observation.ts'
import { newPublicFigures } from './publication/public-figures.ts'

/** What is asked of the figures. No periods: for each authority its latest reporting year. */
export interface Question {
  readonly indicators: readonly IndicatorDefinition[]
  /** GSS codes, in the order of the answer. */
  readonly authorities: readonly string[]
  readonly periods: readonly Period[] | null
  readonly breakdowns: readonly Breakdown[]
  /** `internal` unless said. */
  readonly audience?: Audience
}

/** Where a page starts: with which authority, and after how many of its observations. */
export interface Position {
  readonly authority: string
  readonly offset: number
}

export interface ObservedPage {
  readonly observations: readonly Observation[]
  /** Where the next page starts; null at the end. */
  readonly next: Position | null
  /** Version of each authority's records that the page was made from. */
  readonly versions: ReadonlyMap<string, string>
}

/** The records of some authorities as they stood at one moment. */
export interface Reading {
  readonly transaction: Transaction
  readonly versions: ReadonlyMap<string, string>
  readonly holdings: ReadonlyMap<string, Holdings>
  /**
   * The latest reporting year that an authority's returns reach into, today's where it has none; for the public the
   * latest that is over.
   */
  latestPeriodOf(authority: string, audience?: Audience): Period
  compute(question: Question): Promise<Observation[]>
  /** A page of observations in a fixed order (authority, indicator, period, breakdown), so that pages fit together. */
  observe(question: Question, page: PageAsk): Promise<ObservedPage>
}

/** Which page of the answer: from where, null for the first; and how many observations at the most. */
export interface PageAsk {
  readonly from: Position | null
  readonly limit: number
}

export interface Figures {
  /** Changes whenever a definition, a population or a dimension does: for validators of answers. */
  readonly edition: string
  /** Label of the reporting year in which today lies. */
  yearOfToday(): string
  /** Reads and measures from one snapshot. */
  read<T>(authorities: readonly string[], work: (reading: Reading) => Promise<T>): Promise<T>
  /** A page of observations, as a reading of the question's authorities gives it. */
  observe(question: Question, page: PageAsk): Promise<ObservedPage>
}

export function newFigures(
  database: Database,
  catalogue: Catalogue,
  versions: DataVersions,
  readCoverage: ReadCoverage,
  today: () => Day = todayInEngland,
): Figures {
  const kept = newKeptCells()
  const holdingsAt = newKeptHoldings(readCoverage)
  const published = newPublicFigures(catalogue)
  const currentYear = everyMinute(() => yearPeriod(reportingYearOf(today())))

  async function read<T>(authorities: readonly string[], work: (reading: Reading) => Promise<T>): Promise<T> {
    return database.read(authorities, async (transaction) => {
      const held = await versionsIn(transaction, authorities)
      for (const [authority, version] of held) versions.seen(authority, version)
      const holdings = await holdingsAt(transaction, held)
      const latestPeriodOf = (authority: string, audience: Audience = 'internal'): Period => {
        const latest = latestPeriod(holdingsOf(holdings, authority).returns) ?? currentYear()
        // What still runs is not published.
        const running = reportingYearOf(currentYear().lastDay)
        return audience === 'public' && reportingYearOf(latest.lastDay) >= running
          ? yearPeriod(running - 1)
          : latest
      }
      const measure = (ask: Ask) => compute(transaction, ask, holdings, held, kept)
      const computeQuestion = (question: Question): Promise<Observation[]> =>
        computeEach(
          question,
          (authority) => latestPeriodOf(authority, question.audience),
          question.audience === 'public' ? (ask) => published.observe(ask, held, measure) : measure,
        )
      return work({
        transaction,
        versions: held,
        holdings,
        latestPeriodOf,
        compute: computeQuestion,
        observe: (question, page) => {
          const versionsOfPage = new Map(question.authorities.map((code) => [code, held.get(code)!]))
          return pageOf(computeQuestion, versionsOfPage, question, page)
        },
      })
    })
  }

  return {
    edition: editionOf(catalogue),
    yearOfToday: () => currentYear().label,
    read,
    observe: (question, page) => read(question.authorities, (reading) => reading.observe(question, page)),
  }
}

async function pageOf(
  computeQuestion: (question: Question) => Promise<Observation[]>,
  versions: ReadonlyMap<string, string>,
  question: Question,
  { from, limit }: PageAsk,
): Promise<ObservedPage> {
  const observations: Observation[] = []
  const start = from === null ? 0 : question.authorities.indexOf(from.authority)
  let given = from?.offset ?? 0
  const atOnce = Math.max(1, Math.floor(limit / rowsPerAuthority(question)))
  for (let index = start; index < question.authorities.length; ) {
    const authorities = question.authorities.slice(index, index + atOnce)
    const computed = Map.groupBy(
      await computeQuestion({ ...question, authorities }),
      (observation) => observation.authority,
    )
    for (const authority of authorities) {
      const all = computed.get(authority) ?? []
      const rest = all.slice(given, given + limit - observations.length)
      for (const observation of rest) observations.push(observation)
      if (given + rest.length < all.length)
        return { observations, next: { authority, offset: given + rest.length }, versions }
      given = 0
      index++
      if (observations.length === limit && index < question.authorities.length)
        return { observations, next: { authority: question.authorities[index]!, offset: 0 }, versions }
    }
  }
  return { observations, next: null, versions }
}

/** About how many observations an authority has: how many authorities fit a page, and so the memory it takes. */
function rowsPerAuthority({ indicators, periods, breakdowns }: Question): number {
  const categories = (breakdown: Breakdown): number =>
    breakdown.reduce((product, dimension) => product * DIMENSIONS.get(dimension)!.categories.length, 1)
  const perFigure = breakdowns.reduce((sum, breakdown) => sum + categories(breakdown), 1)
  return Math.max(1, indicators.length * (periods?.length ?? 1) * perFigure)
}

/** Where each authority has a latest year of its own, those with the same one share the statements. */
async function computeEach(
  question: Question,
  latestPeriodOf: (authority: string) => Period,
  count: (ask: Ask) => Promise<Observation[]>,
): Promise<Observation[]> {
  const { periods } = question
  if (periods !== null) return count({ ...question, periods })
  const groups = Map.groupBy(question.authorities, (authority) => latestPeriodOf(authority).label)
  const computed: Observation[] = []
  for (const authorities of groups.values()) {
    const latest = [latestPeriodOf(authorities[0]!)]
    const observations = await count({ ...question, authorities, periods: latest })
    for (const observation of observations) computed.push(observation)
  }
  return computed
}

/** Which versions the records of authorities have, as the transaction sees them. */
export async function versionsIn(
  transaction: Transaction,
  authorities: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await transaction.query<{ authority: string; version: string }>(
    'figures.versions',
    `select s.authority, s.data_version as version
       from care.authority_state s
      where s.authority = any($1::text[])`,
    [authorities],
  )
  const held = new Map(rows.map(({ authority, version }) => [authority, version]))
  return new Map(authorities.map((authority) => [authority, held.get(authority) ?? NO_DATA]))
}

function editionOf({ indicators }: Catalogue): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify(indicators)).update(JSON.stringify([...DIMENSIONS]))
  return hash.digest('base64url').slice(0, 16)
}

/** Asking the calendar of England costs more than a kept answer takes as a whole. */
function everyMinute<T>(ask: () => T): () => T {
  let asked: { readonly at: number; readonly answer: T } | null = null
  return () => {
    const now = performance.now()
    if (asked === null || now - asked.at > 60_000) asked = { at: now, answer: ask() }
    return asked.answer
  }
}

/** Each breakdown once, also where it was written the other way round, in a fixed order. */
export function eachOnce(breakdowns: readonly Breakdown[]): Breakdown[] {
  const once = new Map<string, Breakdown>()
  for (const breakdown of breakdowns) {
    const key = [...breakdown].sort().join('*')
    if (!once.has(key)) once.set(key, breakdown)
  }
  return [...once.values()].sort((a, b) =>
    a.length === b.length ? (breakdownLabel(a) < breakdownLabel(b) ? -1 : 1) : a.length - b.length,
  )
}
