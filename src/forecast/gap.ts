import { roundTo } from '../statistics/interval.ts'
import type { Day } from '../vocabulary/day.ts'
import type { Expected, Projection } from './method.ts'
import type { ForecastQuarter } from './quarterly.ts'
import {
  type PlannedPlaces,
  type PlannedSupply,
  placesOn,
  SUPPLIED_PLACEMENTS,
  type SuppliedPlacement,
  type SupplyFault,
} from './supply-changes.ts'

/** A number, or why there is none. */
export type Known =
  | { readonly value: number; readonly reason: null }
  | { readonly value: null; readonly reason: string }

export interface Supply {
  /** Places on the day that the forecast starts. */
  readonly places: Known
  /**
   * The share of the children in the group that these places are for, 0 to 1. Of fostering it leaves out those who are
   * fostered by relatives or friends, whose carers are approved for them alone; 1 where the places are for all. Taken as certain: the intervals hold the
   * number of children alone.
   */
  readonly share: Known
}

export interface GapQuestion {
  readonly startsOn: Day
  readonly projection: Projection
  readonly quarters: readonly ForecastQuarter[]
  readonly supply: Readonly<Record<SuppliedPlacement, Supply>>
  readonly plan: PlannedSupply
}

/** The middle of what may be, and the interval in which it lies with that probability. */
export interface Range {
  readonly mean: number
  readonly lower80: number
  readonly upper80: number
  readonly lower95: number
  readonly upper95: number
}

/** Demand against supply on the last day of a quarter that is forecast, in one group of placements. */
export interface Gap {
  readonly quarter: ForecastQuarter
  readonly placement: SuppliedPlacement
  /** All children in the group. */
  readonly children: Range
  /** Those whom the known places are for. */
  readonly demand: Range | null
  readonly places: number | null
  /** Places less demand: below 0 where they are short. Its lower end is where demand is at its upper. */
  readonly gap: Range | null
  /** Of more demand than places. */
  readonly probabilityOfShortfall: number | null
  /** The least whole number of places with which a shortfall is less likely than 20%, and than 5%. */
  readonly placesNeeded: { readonly below20: number; readonly below5: number } | null
  /** Why any of these is null. */
  readonly reasons: readonly string[]
}

export interface Gaps {
  /** In the order of groups, then quarters. */
  readonly gaps: readonly Gap[]
  readonly faults: readonly SupplyFault[]
}

/** Sets what is expected against what is known to be there, group by group and quarter by quarter. */
export function gapsOf(question: GapQuestion): Gaps {
  const gaps: Gap[] = []
  const faults: SupplyFault[] = []
  for (const placement of SUPPLIED_PLACEMENTS) {
    const planned = plannedOf(placement, question)
    faults.push(...(planned?.faults ?? []))
    for (const [index, quarter] of question.quarters.entries())
      gaps.push(gapOf(question, placement, quarter, planned?.places[index] ?? null))
  }
  return { gaps, faults }
}

/** Null where today's places are not known: a plan changes a number, and there is none. */
function plannedOf(
  placement: SuppliedPlacement,
  { startsOn, quarters, supply, plan }: GapQuestion,
): PlannedPlaces | null {
  const places = supply[placement].places.value
  const days = quarters.map(({ lastForecastDay }) => lastForecastDay)
  return places === null ? null : placesOn(days, placement, { startsOn, places }, plan)
}

function gapOf(
  { projection, supply }: GapQuestion,
  placement: SuppliedPlacement,
  quarter: ForecastQuarter,
  places: number | null,
): Gap {
  const at = quarter.lastAt
  const children = rangeOf(projection.expected(placement, 'all', at))
  const share = supply[placement].share.value
  const demand = share === null ? null : scaled(children, share)
  const isOver = (offered: number) => probabilityOfMore(projection, placement, at, offered, share ?? 1)
  const isJudged = demand !== null && places !== null
  return {
    quarter,
    placement,
    children,
    demand,
    places,
    gap: isJudged ? lessDemand(places, demand) : null,
    probabilityOfShortfall: isJudged ? isOver(places) : null,
    placesNeeded:
      demand === null
        ? null
        : {
            below20: leastPlaces((offered) => isOver(offered) < 0.2, demand.upper80),
            below5: leastPlaces((offered) => isOver(offered) < 0.05, demand.upper95),
          },
    reasons: [supply[placement].places.reason, supply[placement].share.reason].filter(
      (reason) => reason !== null,
    ),
  }
}

/**
 * That the share of the children is more than the places: that the children are more than the places hold at that
 * share. Rounded, since 21 / 0.7 is a little over 30 in binary fractions, and others a little under.
 */
function probabilityOfMore(
  projection: Projection,
  placement: SuppliedPlacement,
  at: number,
  places: number,
  share: number,
): number {
  return share === 0 ? 0 : projection.probabilityOver(placement, at, roundTo(places / share, 9))
}

/** More than there are children in England. */
const MOST_PLACES = 20_000_000

/** The least whole number that is enough, from 0 on; sought around a first guess. More is never less enough. */
function leastPlaces(isEnough: (places: number) => boolean, guess: number): number {
  let high = Math.max(1, Math.ceil(guess))
  while (!isEnough(high)) {
    if (high > MOST_PLACES) throw new RangeError('the projection expects children without end')
    high *= 2
  }
  let low = -1
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}

const rangeOf = ({ mean, lower80, upper80, lower95, upper95 }: Expected): Range => ({
  mean,
  lower80,
  upper80,
  lower95,
  upper95,
})

const scaled = ({ mean, lower80, upper80, lower95, upper95 }: Range, by: number): Range => ({
  mean: mean * by,
  lower80: lower80 * by,
  upper80: upper80 * by,
  lower95: lower95 * by,
  upper95: upper95 * by,
})

const lessDemand = (places: number, demand: Range): Range => ({
  mean: places - demand.mean,
  lower80: places - demand.upper80,
  upper80: places - demand.lower80,
  lower95: places - demand.upper95,
  upper95: places - demand.lower95,
})
