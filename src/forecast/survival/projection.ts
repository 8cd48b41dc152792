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
  const { atDays, kept, simulations, sums } = counts
  const indexOf = (name: string, names: readonly string[]): number => names.indexOf(name)

  /** The kept days about a day, and how far it is from the one to the other. */
  const between = (at: number): readonly [before: number, after: number, way: number] => {
    let after = 0
    while (kept[after]! < at) after++
    if (kept[after] === at) return [after, after, 0]
    const [from, to] = [atDays[kept[after - 1]!]!, atDays[kept[after]!]!]
    return [after - 1, after, (atDays[at]! - from) / (to - from)]
  }
  const along = (at: number, of: (day: number) => number): number => {
    const [before, after, way] = between(at)
    return way === 0 ? of(after) : of(before) * (1 - way) + of(after) * way
  }
  const histogramOf = (placement: number, age: number): Histogram => {
    if (placement < 0) return age < 0 ? counts.all : counts.ages[age]!
    return age < 0 ? counts.placements[placement]! : counts.states[placement * REPORT_AGES + age]!
  }
  const meanOf = (placement: number, age: number, at: number): number => {
    let sum = 0
    for (let p = 0; p < PLACEMENTS; p++)
      for (let a = 0; a < REPORT_AGES; a++)
        if ((placement < 0 || p === placement) && (age < 0 || a === age))
          sum += sums[(p * REPORT_AGES + a) * atDays.length + at]!
    return sum / simulations
  }
  const { stayingPut } = counts

  return {
    atDays,
    expected: (placement, age, at) => {
      const [p, a] = [indexOf(placement, FORECAST_PLACEMENTS), indexOf(age, FORECAST_AGES)]
      const held = histogramOf(p, a)
      return {
        mean: meanOf(p, a, at),
        variance: along(at, (day) => momentsOf(held, day).variance),
        ...intervalsOf((share) => along(at, (day) => quantile(held, day, share))),
      }
    },
    probabilityOver: (placement, at, places) => {
      const held = histogramOf(indexOf(placement, FORECAST_PLACEMENTS), -1)
      return along(at, (day) => shareOver(held, day, places))
    },
    stayingPut:
      stayingPut &&
      ((at) => ({
        mean: along(at, (day) => momentsOf(stayingPut, day).mean),
        variance: along(at, (day) => momentsOf(stayingPut, day).variance),
        ...intervalsOf((share) => along(at, (day) => quantile(stayingPut, day, share))),
      })),
    flows: Array.from({ length: counts.entries.days }, (_, month) => ({
      entries: expectedOf(counts.entries, month),
      exits: expectedOf(counts.exits, month),
      turned18: expectedOf(counts.turned18, month),
    })),
  }
}

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
