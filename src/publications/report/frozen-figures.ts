import type { Observation } from '../../indicators/observation.ts'
import { type Period, parsePeriod, yearsBefore } from '../../vocabulary/period.ts'
import type { FrozenTarget, PublicationContent } from '../content.ts'

/** The frozen figures, to be asked for one by one. */
export interface FrozenFigures {
  /** Every frozen period, those of earlier years included, the earliest first. */
  readonly allPeriods: readonly string[]
  total(indicator: string, period: string): Observation | undefined
  /** The figures of an indicator by one dimension, by category and then by period. */
  by(indicator: string, dimension: string): ReadonlyMap<string, ReadonlyMap<string, Observation>>
  target(indicator: string, period: string): FrozenTarget | undefined
  /** The label of the same period a year before. */
  yearBefore(period: string): string
}

export function frozenFigures(content: PublicationContent): FrozenFigures {
  const all = [...content.history, ...content.observations]
  const totals = new Map<string, Observation>()
  const broken = new Map<string, Map<string, Map<string, Observation>>>()
  for (const observation of all) {
    const { indicator, period, breakdown } = observation
    const [entry] = Object.entries(breakdown)
    if (!entry) {
      totals.set(`${indicator} ${period}`, observation)
      continue
    }
    const [dimension, category] = entry
    const categories = placed(
      broken,
      `${indicator} ${dimension}`,
      () => new Map<string, Map<string, Observation>>(),
    )
    placed(categories, category, () => new Map<string, Observation>()).set(period, observation)
  }
  const targets = new Map(content.targets.map((target) => [`${target.indicator} ${target.period}`, target]))
  return {
    allPeriods: [...content.historyPeriods, ...content.periods].sort((a, b) =>
      periodOf(a).lastDay < periodOf(b).lastDay ? -1 : 1,
    ),
    total: (indicator, period) => totals.get(`${indicator} ${period}`),
    by: (indicator, dimension) => broken.get(`${indicator} ${dimension}`) ?? new Map(),
    target: (indicator, period) => targets.get(`${indicator} ${period}`),
    yearBefore: (period) => yearsBefore(periodOf(period), 1).label,
  }
}

const periodOf = (label: string): Period => parsePeriod(label)!

function placed<K, V>(places: Map<K, V>, key: K, make: () => V): V {
  const known = places.get(key) ?? make()
  places.set(key, known)
  return known
}
