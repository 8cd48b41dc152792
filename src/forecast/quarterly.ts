import { addDays, addMonths, type Day, dayOf, daysBetween } from '../vocabulary/day.ts'
import { reportingYearOf, yearLabel } from '../vocabulary/period.ts'
import type { Expected, Projection } from './method.ts'
import type { ForecastAge, ForecastPlacement } from './placement-groups.ts'

/** A quarter of the calendar, as far as it is forecast. */
export interface ForecastQuarter {
  /** As periods are written: `2024-25Q4` is January to March 2025. */
  readonly label: string
  readonly firstDay: Day
  readonly lastDay: Day
  /** False where the forecast begins within the quarter or ends within it. */
  readonly isWhole: boolean
  /** The first and the last place among the days of the forecast that lie in the quarter. */
  readonly firstAt: number
  readonly lastAt: number
  /** The day at `lastAt`: the quarter's last, where the forecast gets there. */
  readonly lastForecastDay: Day
}

/** The quarters that hold any of the days that are so many days after `startsOn`, ascending. */
export function quartersOf(startsOn: Day, atDays: readonly number[]): ForecastQuarter[] {
  const quarters: ForecastQuarter[] = []
  for (let firstAt = 0; firstAt < atDays.length; ) {
    const firstForecastDay = addDays(startsOn, atDays[firstAt]!)
    const { label, firstDay, lastDay } = quarterOf(firstForecastDay)
    const lastAt = lastPlaceBy(atDays, firstAt, daysBetween(startsOn, lastDay))
    const lastForecastDay = addDays(startsOn, atDays[lastAt]!)
    const isWhole = firstForecastDay === firstDay && lastForecastDay === lastDay
    quarters.push({ label, firstDay, lastDay, isWhole, firstAt, lastAt, lastForecastDay })
    firstAt = lastAt + 1
  }
  return quarters
}

/** The last place whose number of days is not over the limit; the first one's is not. */
function lastPlaceBy(atDays: readonly number[], firstAt: number, limit: number): number {
  let at = firstAt
  while (at + 1 < atDays.length && atDays[at + 1]! <= limit) at++
  return at
}

function quarterOf(day: Day): Pick<ForecastQuarter, 'label' | 'firstDay' | 'lastDay'> {
  const month = Number(day.slice(5, 7))
  const firstDay = dayOf(Number(day.slice(0, 4)), month - ((month - 1) % 3), 1)
  // Reporting years begin with April, the calendar's second quarter.
  const number = ((Math.floor((month - 1) / 3) + 3) % 4) + 1
  const label = `${yearLabel(reportingYearOf(day))}Q${number}`
  return { label, firstDay, lastDay: addDays(addMonths(firstDay, 3), -1) }
}

/** Children expected in a quarter. */
export interface QuarterlyExpected {
  readonly quarter: ForecastQuarter
  /**
   * On the mean of the days that are forecast. Its interval is the mean of the days' intervals, as if a quarter that is
   * high were high on all its days: a little wide, for some of that evens out within a quarter.
   */
  readonly meanOfDays: Expected
  readonly lastDay: Expected
}

export const quarterly = (
  projection: Projection,
  quarters: readonly ForecastQuarter[],
  placement: ForecastPlacement | 'all',
  age: ForecastAge | 'all',
): QuarterlyExpected[] =>
  quarters.map((quarter) => ({
    quarter,
    meanOfDays: meanOfDays(projection, quarter, placement, age),
    lastDay: projection.expected(placement, age, quarter.lastAt),
  }))

function meanOfDays(
  projection: Projection,
  { firstAt, lastAt }: ForecastQuarter,
  placement: ForecastPlacement | 'all',
  age: ForecastAge | 'all',
): Expected {
  let [mean, deviation, lower80, upper80, lower95, upper95] = [0, 0, 0, 0, 0, 0]
  for (let at = firstAt; at <= lastAt; at++) {
    const expected = projection.expected(placement, age, at)
    mean += expected.mean
    deviation += Math.sqrt(expected.variance)
    lower80 += expected.lower80
    upper80 += expected.upper80
    lower95 += expected.lower95
    upper95 += expected.upper95
  }
  const days = lastAt - firstAt + 1
  return {
    mean: mean / days,
    variance: (deviation / days) ** 2,
    lower80: lower80 / days,
    upper80: upper80 / days,
    lower95: lower95 / days,
    upper95: upper95 / days,
  }
}
