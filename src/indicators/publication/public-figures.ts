import { LRUCache } from 'lru-cache'
import type { Period } from '../../vocabulary/period.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Ask } from '../compute.ts'
import type { IndicatorDefinition } from '../definition.ts'
import type { Observation } from '../observation.ts'
import { isPublished, isPublishedPeriod, PUBLICATION_PROFILE, publishedBreakdowns } from './profile.ts'
import type { PublicTable } from './public-table.ts'
import { newTableMaker } from './table-maker.ts'

/** Measures figures as they are, for internal eyes. */
export type Measure = (ask: Ask) => Promise<Observation[]>

export interface PublicFigures {
  /** What is asked for, out of what is published: the same whoever asks for whatever else. */
  observe(ask: Ask, versions: ReadonlyMap<string, string>, measure: Measure): Promise<Observation[]>
}

/** About 300 bytes each. */
const MOST_KEPT = 200_000

/**
 * Figures for the public. They are made safe table by table, one for each authority, period and state of its records,
 * with everything in it that anybody may ask for; an answer is then looked up in it. It is kept for as long as there is
 * room, and made anew the same.
 */
export function newPublicFigures(catalogue: Catalogue): PublicFigures {
  const given = catalogue.indicators.filter(({ internalOnly }) => !internalOnly)
  const { single, crossed } = publishedBreakdowns(given)
  const counts = given.filter(({ kind }) => kind === 'count')
  const makeTable = newTableMaker(catalogue.indicators)
  const find = (id: string): IndicatorDefinition => catalogue.find(id)!
  const kept = new LRUCache<string, PublicTable>({
    maxSize: MOST_KEPT,
    sizeCalculation: ({ observations }) => {
      let size = 1
      for (const tables of observations.values()) for (const table of tables.values()) size += table.length
      return size
    },
  })
  const underWay = new Map<string, Promise<PublicTable>>()

  async function make(authority: string, period: Period, measure: Measure): Promise<PublicTable> {
    const about = { authorities: [authority], periods: [period] }
    const inBreakdowns = await measure({ ...about, indicators: given, breakdowns: single })
    const inCrossed = await measure({ ...about, indicators: counts, breakdowns: crossed })
    return makeTable([
      ...inBreakdowns.filter((observation) => isOfProfile(observation, find)),
      ...inCrossed.filter(
        (observation) => Object.keys(observation.breakdown).length === 2 && isOfProfile(observation, find),
      ),
    ])
  }

  /** All that is published of an authority for a period. */
  function tableOf(
    authority: string,
    period: Period,
    version: string,
    measure: Measure,
  ): Promise<PublicTable> {
    const key = `${authority} ${version} ${period.label}`
    const known = kept.get(key)
    if (known) return Promise.resolve(known)
    const making =
      underWay.get(key) ??
      make(authority, period, measure)
        .then((table) => {
          kept.set(key, table)
          return table
        })
        .finally(() => underWay.delete(key))
    underWay.set(key, making)
    return making
  }

  return {
    async observe({ indicators, authorities, periods, breakdowns }, versions, measure) {
      refuseOtherPeriods(periods)
      const observations: Observation[] = []
      for (const authority of authorities) {
        const tables: PublicTable[] = []
        for (const period of periods)
          tables.push(await tableOf(authority, period, versions.get(authority)!, measure))
        for (const indicator of indicators) {
          if (indicator.internalOnly) {
            observations.push(...periods.map((period) => notGiven(indicator, authority, period)))
            continue
          }
          const wanted = ['', ...breakdowns.map((breakdown) => [...breakdown].sort().join('*'))]
          for (const { observations: published } of tables) {
            for (const dimensions of wanted)
              observations.push(...(published.get(indicator.id)?.get(dimensions) ?? []))
          }
        }
      }
      return observations
    },
  }
}

/** The same whatever is on record: it tells nothing. */
const notGiven = ({ id, unit }: IndicatorDefinition, authority: string, { label }: Period): Observation => ({
  indicator: id,
  authority,
  period: label,
  breakdown: {},
  unit,
  value: null,
  numerator: null,
  denominator: null,
  status: 'x',
  interval: null,
  reason: 'Not published: it is for the authority’s own use, with `audience=internal`.',
  wouldBeSuppliedBy: [],
})

function isOfProfile(
  { indicator, breakdown }: Observation,
  find: (id: string) => IndicatorDefinition,
): boolean {
  const dimensions = Object.keys(breakdown)
  return dimensions.length === 0 || isPublished(find(indicator), dimensions as never)
}

/** Figures of days or months apart would tell of the children in between. */
export function refuseOtherPeriods(periods: readonly Period[]): void {
  const others = periods.filter((period) => !isPublishedPeriod(period))
  if (others.length === 0) return
  throw new Refusal(
    'invalid-request',
    'Only whole reporting years are published.',
    others.map(({ label }) => ({
      pointer: '/query/period',
      code: 'period-not-published',
      detail: `"${label}" is no reporting year: for \`audience=public\` only whole reporting years are given, since what changes within one would tell of single children (profile \`${PUBLICATION_PROFILE.name}\`)`,
      allowed: ['a reporting year such as 2024-25'],
    })),
  )
}
