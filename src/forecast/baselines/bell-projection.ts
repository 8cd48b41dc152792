import { probabilityAbove, reachOf } from '../../statistics/student-t.ts'
import type { Expected, Projection } from '../method.ts'
import type { ForecastAge, ForecastPlacement } from '../placement-groups.ts'

/** What one series is expected to be on one day: the middle and the spread of a bell-shaped distribution. */
export interface Bell {
  readonly middle: number
  /** One standard error of the forecast. */
  readonly deviation: number
  /** Of freedom of Student's distribution; `NORMAL` for the normal one. */
  readonly degrees: number
}

export type BellOf = (placement: ForecastPlacement | 'all', age: ForecastAge | 'all', at: number) => Bell

/** A projection whose series are bells, each by itself. There are never fewer than no children: ends are cut at 0. */
export const bellProjection = (atDays: readonly number[], bellOf: BellOf): Projection => ({
  atDays,
  expected: (placement, age, at) => expectedOf(bellOf(placement, age, at)),
  probabilityOver: (placement, at, places) => probabilityOver(bellOf(placement, 'all', at), places),
})

function expectedOf({ middle, deviation, degrees }: Bell): Expected {
  const reach80 = reachOf(0.8, degrees) * deviation
  const reach95 = reachOf(0.95, degrees) * deviation
  return {
    mean: Math.max(0, middle),
    variance: deviation ** 2,
    lower80: Math.max(0, middle - reach80),
    upper80: Math.max(0, middle + reach80),
    lower95: Math.max(0, middle - reach95),
    upper95: Math.max(0, middle + reach95),
  }
}

/** Children come whole: more than 20 places are needed from 21 on, and 20.5 parts the two. */
function probabilityOver({ middle, deviation, degrees }: Bell, places: number): number {
  if (places < 0) return 1
  if (deviation === 0) return middle > places ? 1 : 0
  return probabilityAbove((Math.floor(places) + 0.5 - middle) / deviation, degrees)
}
