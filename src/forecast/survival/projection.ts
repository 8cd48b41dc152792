import type { Expected, Projection } from '../method.ts'
import { FORECAST_AGES, FORECAST_PLACEMENTS } from '../placement-groups.ts'
import { PLACEMENTS, REPORT_AGES } from './bands.ts'
import type { SimulationCounts } from './counts.ts'
import { type Histogram, momentsOf, quantile, shareOver } from './histogram.ts'

export interface SurvivalProjection extends Projection {
  /** Young adults in foster households after 18, who are not children in care; null where they were not asked for. */
  readonly stayingPut: ((at: number) => Expected) | null
  /** Children who come and leave in each calendar month from the day after the start; the first and last may be part ones. */
  readonly flows: readonly MonthlyFlow[]
}

export interface MonthlyFlow {
  readonly entries: Expected
  /** Every exit, those by turning 18 among them. */
  readonly exits: Expected
  readonly turned18: Expected
}

/**
 * Reads means and intervals from what the simulations counted. Means are exact on every day asked for; intervals,
 * variances and probabilities are exact on the days kept and lie on the straight line between these on the others.
 */
export function projectionOf(counts: SimulationCounts): SurvivalProjection {
  const { atDays, stayingPut } = counts
  const between = placesBetween(counts)
  const along = (of: readonly Expected[], at: number): Expected => {
    const { before, after, way } = between[at]!
    return way === 0 ? of[after]! : mixedOf(of[before]!, of[after]!, way)
  }
  const seriesOf = remembered((placement: number, age: number) => ({
    means: meansOf(counts, placement, age),
    spreads: expectedOn(histogramOf(counts, placement, age)),
  }))
  const staying = stayingPut && expectedOn(stayingPut)
  const indexOf = (name: string, names: readonly string[]): number => names.indexOf(name)

  return {
    atDays,
    expected: (placement, age, at) => {
      const { means, spreads } = seriesOf(
        indexOf(placement, FORECAST_PLACEMENTS),
        indexOf(age, FORECAST_AGES),
      )
      return { ...along(spreads, at), mean: means[at]! }
    },
    probabilityOver: (placement, at, places) => {
      const held = histogramOf(counts, indexOf(placement, FORECAST_PLACEMENTS), -1)
      const { before, after, way } = between[at]!
      const over = shareOver(held, after, places)
      return way === 0 ? over : shareOver(held, before, places) * (1 - way) + over * way
    },
    stayingPut: staying && ((at) => along(staying, at)),
    flows: Array.from({ length: counts.entries.days }, (_, month) => ({
      entries: expectedOf(counts.entries, month),
      exits: expectedOf(counts.exits, month),
      turned18: expectedOf(counts.turned18, month),
    })),
  }
}

interface Between {
  readonly before: number
  readonly after: number
  /** How far the day is from the one to the other, 0 to 1; 0 where it is a kept day, `after`. */
  readonly way: number
}

/** For each day asked for, the kept days about it. */
function placesBetween({ atDays, kept }: SimulationCounts): Between[] {
  let after = 0
  return atDays.map((day, at) => {
    if (kept[after]! < at) after++
    if (kept[after] === at) return { before: after, after, way: 0 }
    const [from, to] = [atDays[kept[after - 1]!]!, atDays[kept[after]!]!]
    return { before: after - 1, after, way: (day - from) / (to - from) }
  })
}

/** -1 stands for all placements, and for all ages. */
function histogramOf(
  { all, ages, placements, states }: SimulationCounts,
  placement: number,
  age: number,
): Histogram {
  if (placement < 0) return age < 0 ? all : ages[age]!
  return age < 0 ? placements[placement]! : states[placement * REPORT_AGES + age]!
}

function meansOf({ atDays, simulations, sums }: SimulationCounts, placement: number, age: number) {
  const means = new Float64Array(atDays.length)
  for (let p = 0; p < PLACEMENTS; p++)
    for (let a = 0; a < REPORT_AGES; a++)
      if ((placement < 0 || p === placement) && (age < 0 || a === age))
        for (let at = 0; at < means.length; at++)
          means[at]! += sums[(p * REPORT_AGES + a) * atDays.length + at]!
  return means.map((sum) => sum / simulations)
}

/** Gives what was made of a placement and an age the first time: a series is asked for day by day. */
function remembered<Made>(make: (placement: number, age: number) => Made): typeof make {
  const made = new Map<number, Made>()
  return (placement, age) => {
    const key = placement * (REPORT_AGES + 1) + age
    const before = made.get(key)
    if (before !== undefined) return before
    const now = make(placement, age)
    made.set(key, now)
    return now
  }
}

const mixedOf = (one: Expected, other: Expected, way: number): Expected => ({
  mean: one.mean * (1 - way) + other.mean * way,
  variance: one.variance * (1 - way) + other.variance * way,
  lower80: one.lower80 * (1 - way) + other.lower80 * way,
  upper80: one.upper80 * (1 - way) + other.upper80 * way,
  lower95: one.lower95 * (1 - way) + other.lower95 * way,
  upper95: one.upper95 * (1 - way) + other.upper95 * way,
})

const expectedOn = (held: Histogram): Expected[] =>
  Array.from({ length: held.days }, (_, day) => expectedOf(held, day))

const expectedOf = (held: Histogram, day: number): Expected => ({
  ...momentsOf(held, day),
  ...intervalsOf((share) => quantile(held, day, share)),
})

const intervalsOf = (at: (share: number) => number): Omit<Expected, 'mean' | 'variance'> => ({
  lower80: at(0.1),
  upper80: at(0.9),
  lower95: at(0.025),
  upper95: at(0.975),
})
