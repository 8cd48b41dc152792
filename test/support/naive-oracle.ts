import { NAIVE_ADOPTION } from './naive-adoption.ts'
import { type Care, careOf, type Held, type NaivePeriod } from './naive-care.ts'
import { NAIVE_CARE_LEAVERS } from './naive-care-leavers.ts'
import { average, type Counted, counting, type NaiveIndicator, saying, share } from './naive-indicator.ts'
import { NAIVE_JUSTICE_AND_WORKFORCE } from './naive-justice-and-workforce.ts'
import { NAIVE_MISSING } from './naive-missing.ts'
import { NAIVE_OUTCOMES } from './naive-outcomes.ts'
import {
  leavers,
  lookedAfterAt,
  lookedAfterDuring,
  lookedAfterTwelveMonths,
  newPlacements,
  placementChanges,
  placementsCeased,
  starters,
  yearBegins,
} from './naive-populations.ts'
import { NAIVE_REVIEWS } from './naive-reviews.ts'
import { NAIVE_SUFFICIENCY } from './naive-sufficiency.ts'
import type { Records } from './records.ts'

export type { Held } from './naive-care.ts'

/**
 * Figures the slow way, to hold the service's against: child by child over a plain list of episodes, written from
 * the definitions (indicators.md 2 and 4) and the rulings of the conformance packs, and from nothing in src.
 */
export interface NaiveFigure {
  readonly value: number | null
  readonly numerator: number | null
  readonly denominator: number | null
}

const ceased = (...codes: string[]): NaiveIndicator =>
  share(
    saying(leavers, (_care, { is }) => ({ ceased: codes.some((code) => is[code] === true) })),
    'ceased',
  )

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
  ...NAIVE_MISSING,
  ...NAIVE_CARE_LEAVERS,
  ...NAIVE_SUFFICIENCY,
  ...NAIVE_OUTCOMES,
  ...NAIVE_ADOPTION,
  ...NAIVE_REVIEWS,
  ...NAIVE_JUSTICE_AND_WORKFORCE,
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
    if (indicator.annual && !period.lastDay.endsWith('-03-31')) return null
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
