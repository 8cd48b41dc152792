import { roundTo } from '../statistics/interval.ts'
import { addDays, addMonths, type Day } from '../vocabulary/day.ts'
import type { ForecastPlacement } from './placement-groups.ts'

/** The groups of placements whose homes are counted in places; the others are nobody's to open or close. */
export const SUPPLIED_PLACEMENTS = [
  'fostering',
  'residential',
  'supported',
] as const satisfies readonly ForecastPlacement[]
export type SuppliedPlacement = (typeof SUPPLIED_PLACEMENTS)[number]

/** A planned opening or closure. */
export interface SupplyChange {
  readonly placement: SuppliedPlacement
  /** Places that open, or, below 0, close. */
  readonly places: number
  /** The first day with the change. */
  readonly from: Day
  /** What opens or closes, in the caller's words. */
  readonly what: string
}

/** Fostering households gained and lost, month by month until the forecast ends. */
export interface Recruitment {
  readonly householdsGainedPerMonth: number
  readonly householdsLostPerMonth: number
  readonly placesPerHousehold: number
  /** The first day of the first month; a month's households count from its last day on. */
  readonly from: Day
}

export interface PlannedSupply {
  readonly changes: readonly SupplyChange[]
  readonly recruitment: readonly Recruitment[]
}

/** What is planned and can't come about as it is. */
export interface SupplyFault {
  readonly code:
    | 'closes-more-than-there-are'
    | 'loses-more-than-there-are'
    | 'not-after-start'
    | 'after-forecast-ends'
  /** Which part of the plan, and its place in it. */
  readonly in: 'changes' | 'recruitment'
  readonly at: number
  readonly placement: SuppliedPlacement
  /** The day on which it fails. */
  readonly day: Day
  readonly detail: string
}

export interface PlannedPlaces {
  /** Places on each of the days asked for, never below 0. */
  readonly places: readonly number[]
  readonly faults: readonly SupplyFault[]
}

/** Thirds of a household a month would else leave 3.9999… places after a year. */
const DECIMALS = 9

interface Step {
  readonly day: Day
  readonly places: number
  readonly in: SupplyFault['in']
  readonly at: number
  readonly what: string
}

/**
 * Places on days to come, ascending: those on the day the forecast starts, and the planned changes since. What is dated
 * on that day or before it stands in its supply already and is not counted again. On a day with both, places open before
 * others close. A closure of more places than there are leaves none, and is reported.
 */
export function placesOn(
  days: readonly Day[],
  placement: SuppliedPlacement,
  { startsOn, places: placesAtStart }: { readonly startsOn: Day; readonly places: number },
  plan: PlannedSupply,
): PlannedPlaces {
  const lastDay = days.at(-1) ?? startsOn
  const steps = stepsOf(placement, plan, startsOn, lastDay)
  const faults = datedOutside(placement, plan, startsOn, lastDay)
  const lost = new Set<number>()
  let places = placesAtStart
  let next = 0
  const byDay = days.map((day) => {
    for (; next < steps.length && steps[next]!.day <= day; next++) {
      const step = steps[next]!
      const isShort = roundTo(places + step.places, DECIMALS) < 0
      const isNews = step.in === 'changes' || !lost.has(step.at)
      if (isShort && isNews) faults.push(tooMany(placement, step, places))
      if (isShort && step.in === 'recruitment') lost.add(step.at)
      places = Math.max(0, places + step.places)
    }
    return roundTo(places, DECIMALS)
  })
  return { places: byDay, faults }
}

function stepsOf(
  placement: SuppliedPlacement,
  { changes, recruitment }: PlannedSupply,
  startsOn: Day,
  lastDay: Day,
): Step[] {
  const steps: Step[] = []
  for (const [at, change] of changes.entries())
    if (change.placement === placement)
      steps.push({ day: change.from, places: change.places, in: 'changes', at, what: change.what })
  if (placement === 'fostering')
    for (const [at, one] of recruitment.entries())
      for (let month = 1; endOfMonth(one, month) <= lastDay; month++)
        steps.push({
          day: endOfMonth(one, month),
          places: (one.householdsGainedPerMonth - one.householdsLostPerMonth) * one.placesPerHousehold,
          in: 'recruitment',
          at,
          what: 'fostering households lost',
        })
  return steps
    .filter(({ day }) => day > startsOn)
    .sort((a, b) => (a.day === b.day ? b.places - a.places : a.day < b.day ? -1 : 1))
}

const endOfMonth = ({ from }: Recruitment, month: number): Day => addDays(addMonths(from, month), -1)

/** Changes of the group that the forecast does not come to count, and why. */
function datedOutside(
  placement: SuppliedPlacement,
  { changes }: PlannedSupply,
  startsOn: Day,
  lastDay: Day,
): SupplyFault[] {
  const faults: SupplyFault[] = []
  for (const [at, { placement: changed, from, what }] of changes.entries()) {
    if (changed !== placement || (from > startsOn && from <= lastDay)) continue
    const isLate = from > lastDay
    faults.push({
      code: isLate ? 'after-forecast-ends' : 'not-after-start',
      in: 'changes',
      at,
      placement,
      day: from,
      detail: isLate
        ? `${what}: ${from} is after ${lastDay}, the last day that is forecast; the change is not counted`
        : `${what}: ${from} is not after ${startsOn}, on which the supply is counted; the change stands in it already and is not counted again`,
    })
  }
  return faults
}

const tooMany = (placement: SuppliedPlacement, step: Step, places: number): SupplyFault => ({
  code: step.in === 'changes' ? 'closes-more-than-there-are' : 'loses-more-than-there-are',
  in: step.in,
  at: step.at,
  placement,
  day: step.day,
  detail: `${step.what}: takes ${roundTo(-step.places, 2)} places on ${step.day}, when there are ${roundTo(places, 2)}; none are left`,
})
