import { addDays, addMonths, type Day, dayOf } from '../../vocabulary/day.ts'
import type { CareHistory } from '../care-history.ts'

export interface OriginsAsked {
  /** Months of history that there must be up to an origin; 24 where it is left out. */
  readonly referenceMonths?: number
  /** Months that must be known after it, for the shortest forecast to be held against; 6 where it is left out. */
  readonly shortestHorizonInMonths?: number
  /** How many at most; 12 where it is left out. */
  readonly atMost?: number
}

/**
 * The days from which past forecasts are made: ends of calendar quarters with enough history before them and enough
 * known after them. Where there are more than asked for, the first, the last and others evenly between them.
 */
export function defaultOrigins(
  { knownFrom, knownTo }: CareHistory,
  { referenceMonths = 24, shortestHorizonInMonths = 6, atMost = 12 }: OriginsAsked = {},
): Day[] {
  const ends: Day[] = []
  for (
    let end = quarterEndOnOrAfter(knownFrom);
    addMonths(end, shortestHorizonInMonths) <= knownTo;
    end = quarterEndOnOrAfter(addDays(end, 1))
  )
    if (referenceFromOf(end, referenceMonths) >= knownFrom) ends.push(end)
  return evenly(ends, atMost)
}

/** The first day of the months that end with this one, it included: 1 April 2023 of the 24 to 31 March 2025. */
export const referenceFromOf = (lastDay: Day, months: number): Day => addDays(addMonths(lastDay, -months), 1)

function quarterEndOnOrAfter(day: Day): Day {
  const year = Number(day.slice(0, 4))
  const quarter = Math.floor((Number(day.slice(5, 7)) - 1) / 3)
  return addDays(addMonths(dayOf(year, quarter * 3 + 1, 1), 3), -1)
}

function evenly(days: readonly Day[], atMost: number): Day[] {
  if (days.length <= atMost) return [...days]
  if (atMost < 2) return days.slice(days.length - Math.max(0, atMost))
  return Array.from(
    { length: atMost },
    (_, index) => days[Math.round((index * (days.length - 1)) / (atMost - 1))]!,
  )
}
