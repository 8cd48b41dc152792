import type { Catalogue } from '../indicators/catalogue.ts'
import type { DataVersions } from '../indicators/data-versions.ts'
import type { Figures, ObservedPage, PageAsk, Question, Reading } from '../indicators/figures.ts'
import type { Observation } from '../indicators/observation.ts'
import type { Database } from '../platform/database/database.ts'
import { authoritiesBeside, type ComparisonAsk, compareObservations } from './compare-observations.ts'
import type { Comparison } from './comparison.ts'
import { type ComparisonBasis, newComparisonBases } from './comparison-basis.ts'
import { newPublishedBook } from './published-book.ts'
import { readPublished } from './published-figures.ts'
import { type Trend, trendsOf } from './trend.ts'

/** What is to stand beside figures. No comparators and a trend of 0 periods: nothing. */
export interface BesideAsk extends ComparisonAsk {
  /** How many periods before are given. */
  readonly trend: number
}

/** What stands beside a figure, as far as it was asked for. */
export interface Beside {
  readonly comparison?: readonly Comparison[]
  readonly trend?: Trend
}

/** A page of observations with what stands beside each, in the same order. */
export interface ComparedPage extends ObservedPage {
  readonly beside: readonly Beside[]
  /** What the comparisons were made from, as `state` would have given it. */
  readonly state: string
}

export interface ComparisonsParts {
  readonly database: Database
  readonly figures: Figures
  readonly catalogue: Catalogue
  readonly versions: DataVersions
  readonly readPublished?: typeof readPublished
}

/** Sets figures beside those of others, and beside what they were before. */
export interface Comparisons {
  /**
   * Names what comparisons are made from besides the authorities' own records: the published figures, the set of
   * neighbours, and the records of neighbours that the caller may see. Nothing where nothing is compared.
   */
  state(authorities: readonly string[], ask: BesideAsk): Promise<string>
  /** A page as `figures.observe` gives it, from one snapshot with what stands beside it. */
  observe(question: Question, page: PageAsk, ask: BesideAsk): Promise<ComparedPage>
  /** A reading that sees the records that the comparisons need too. */
  read<T>(
    authorities: readonly string[],
    ask: BesideAsk,
    work: (reading: ComparingReading) => Promise<T>,
  ): Promise<T>
  /** To be called after reference data changed in this process. */
  forget(): void
}

export interface ComparingReading {
  readonly reading: Reading
  /** As `Comparisons.state`. */
  readonly state: string
  /** What stands beside each of the observations. `behind`: their figures for `periodsBehind`, if measured already. */
  besides(observations: readonly Observation[], behind?: readonly Observation[]): Promise<Beside[]>
}

/** How often a reading begins again where reference data changed between the question whom to read and the reading. */
const MOST_ATTEMPTS = 3

export function newComparisons(parts: ComparisonsParts): Comparisons {
  const { figures, catalogue, versions } = parts
  const bases = newComparisonBases(parts.database)
  const book = newPublishedBook(parts.readPublished ?? readPublished)
  const compares = (ask: BesideAsk): boolean => ask.comparators.length > 0

  async function besidesOf(
    reading: Reading,
    basis: ComparisonBasis | null,
    observations: readonly Observation[],
    ask: BesideAsk,
    behind?: readonly Observation[],
  ): Promise<Beside[]> {
    const compared = observations.map((observation) => ({
      observation,
      definition: catalogue.find(observation.indicator)!,
    }))
    const comparisons = basis && (await compareObservations(reading, basis, book, compared, ask))
    const trends =
      ask.trend > 0
        ? await trendsOf(reading, compared, {
            length: ask.trend,
            audience: ask.audience,
            ...(behind && { measured: behind }),
          })
        : null
    return compared.map((_, index) => ({
      ...(comparisons && { comparison: comparisons[index]! }),
      ...(trends && { trend: trends[index]! }),
    }))
  }

  const comparing = (
    reading: Reading,
    basis: ComparisonBasis | null,
    state: string,
    ask: BesideAsk,
  ): ComparingReading => ({
    reading,
    state,
    besides: (observations, behind) => besidesOf(reading, basis, observations, ask, behind),
  })

  const read: Comparisons['read'] = async (authorities, ask, work) => {
    if (!compares(ask)) return figures.read(authorities, (reading) => work(comparing(reading, null, '', ask)))
    for (let attempt = 1; ; attempt++) {
      const foreseen = await bases.now()
      const others = authoritiesBeside(foreseen, authorities, ask)
      const done = await figures.read([...authorities, ...others], async (reading) => {
        const basis = await bases.seenBy(reading.transaction)
        if (basis.text !== foreseen.text && attempt < MOST_ATTEMPTS) return null
        const state = stateText(basis, others, reading.versions)
        return { result: await work(comparing(reading, basis, state, ask)) }
      })
      if (done) return done.result
      bases.forget()
    }
  }

  return {
    read,
    forget: bases.forget,
    async state(authorities, ask) {
      if (!compares(ask)) return ''
      const basis = await bases.now()
      const others = authoritiesBeside(basis, authorities, ask)
      return stateText(basis, others, await versions.of(others))
    },
    observe: async (question, page, ask) => {
      if (!compares(ask) && ask.trend === 0)
        return { ...(await figures.observe(question, page)), beside: [], state: '' }
      return read(question.authorities, ask, async ({ reading, state, besides }) => {
        const observed = await reading.observe(question, page)
        return { ...observed, beside: await besides(observed.observations), state }
      })
    },
  }
}

const stateText = (
  basis: ComparisonBasis,
  others: readonly string[],
  versions: ReadonlyMap<string, string>,
): string => `${basis.text}; ${others.map((code) => `${code}=${versions.get(code)}`).join(' ')}`
