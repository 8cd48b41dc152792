import { PLACEMENTS, REPORT_AGES } from './bands.ts'
import { added, type Histogram, MOST_SIMULATIONS } from './histogram.ts'

/** Placement groups crossed with ages as they are reported. */
export const STATES = PLACEMENTS * REPORT_AGES

/**
 * What a range of simulations counted: plain arrays that another thread can hand back. Sums are exact for every day
 * that was asked for; how often each number came is kept for at most a hundred of these days, evenly spread, the first
 * and the last among them: between two of them an interval hardly bends.
 */
export interface SimulationCounts {
  readonly simulations: number
  readonly atDays: readonly number[]
  /** Indexes in `atDays` of the days for which distributions are kept. */
  readonly kept: Int32Array
  /** Children summed over the simulations, by state and day asked for. */
  readonly sums: Float64Array
  readonly all: Histogram
  readonly placements: readonly Histogram[]
  readonly ages: readonly Histogram[]
  /** By `placement * REPORT_AGES + age`. */
  readonly states: readonly Histogram[]
  /** Young adults staying put; null where it was not asked for. */
  readonly stayingPut: Histogram | null
  /** Children who entered and left care in each month after the start: flows, not numbers in care. */
  readonly entries: Histogram
  readonly exits: Histogram
  readonly turned18: Histogram
}

/** The counts of two ranges of simulations of one model and question. */
export function addCounts(one: SimulationCounts, other: SimulationCounts): SimulationCounts {
  const simulations = one.simulations + other.simulations
  if (simulations > MOST_SIMULATIONS)
    throw new RangeError(`At most ${MOST_SIMULATIONS} simulations can be counted.`)
  const each = (mine: readonly Histogram[], theirs: readonly Histogram[]): Histogram[] =>
    mine.map((held, at) => added(held, theirs[at]!))
  return {
    simulations,
    atDays: one.atDays,
    kept: one.kept,
    sums: one.sums.map((sum, at) => sum + other.sums[at]!),
    all: added(one.all, other.all),
    placements: each(one.placements, other.placements),
    ages: each(one.ages, other.ages),
    states: each(one.states, other.states),
    stayingPut: one.stayingPut && other.stayingPut && added(one.stayingPut, other.stayingPut),
    entries: added(one.entries, other.entries),
    exits: added(one.exits, other.exits),
    turned18: added(one.turned18, other.turned18),
  }
}

const MOST_KEPT = 100

/** The days for which distributions are kept. */
export function keptOf(atDays: readonly number[]): Int32Array {
  const last = atDays.length - 1
  const step = Math.max(1, Math.ceil(last / (MOST_KEPT - 1)))
  const kept: number[] = []
  for (let at = 0; at < last; at += step) kept.push(at)
  if (last >= 0) kept.push(last)
  return Int32Array.from(kept)
}
