import { birthday, type DayNumber, yearEnd, yearStart } from './day-number.ts'
import { type Entrant, entrantOn, shortBreaksEntrantOn } from './entrants.ts'
import { Random, seedOf } from './random.ts'

/** Years before the first return in which the council fills: someone may be in care from birth to 18. */
const YEARS_BEFORE = 18
const DAYS_IN_MONTH = 365.25 / 12

/** Starters in a year for each child in care: what keeps the number of children steady, given how long they stay. */
const STARTERS_PER_CHILD_IN_CARE = 0.42
/** How much of a month's gap to the wanted number the month's starters close. */
const PULL = 0.35
const SHORT_BREAKS_PER_CHILD_IN_CARE = 0.008

export interface HistoryOptions {
  readonly seed: number
  readonly childrenInCare: number
  readonly firstYear: number
  readonly lastYear: number
}

/**
 * Everyone who enters care from long before the first return to the last, by month. Who leaves is known on entering,
 * so each month's starters can make up for its leavers, give or take: the number in care keeps near the wanted one.
 */
export function* entrantsOf({
  seed,
  childrenInCare,
  firstYear,
  lastYear,
}: HistoryOptions): Generator<Entrant> {
  const random = new Random(seedOf(seed, 1))
  const [first, end] = [yearStart(firstYear - YEARS_BEFORE), yearEnd(lastYear)]
  // Children who start, less those who stop, on each day from the first.
  const change = new Int32Array(end - first + 2)
  const count = (day: DayNumber, by: number): void => {
    if (day <= end) change[day - first]! += by
  }
  const expected = (childrenInCare * STARTERS_PER_CHILD_IN_CARE) / 12
  let [inCare, counted, number, owed] = [0, 0, 100_000, 0]
  for (let month = 0; ; month++) {
    const from = first + Math.round(month * DAYS_IN_MONTH)
    const until = Math.min(first + Math.round((month + 1) * DAYS_IN_MONTH), end + 1)
    if (from > end) return
    for (; counted < until - first; counted++) inCare += change[counted]!
    const missing = childrenInCare * wave(month) - inCare
    const season = random.between(0.85, 1.15)
    const wanted = Math.min(3 * expected, Math.max(0, expected * season + PULL * (missing - expected))) + owed
    const starters = Math.floor(wanted)
    owed = wanted - starters
    for (let drawn = 0; drawn < starters; drawn++) {
      const entrant = entrantOn(random.int(from, until - 1), ++number, random)
      for (const { start, end: stop } of entrant.periods) {
        count(start, 1)
        count(stop, -1)
        // The days of this month are counted already: what happens on them goes straight to the number.
        if (start < until) inCare++
        if (stop < until) inCare--
      }
      yield entrant
    }
    const breaks = Math.floor((childrenInCare * SHORT_BREAKS_PER_CHILD_IN_CARE) / 12 + random.next())
    for (let drawn = 0; drawn < breaks; drawn++)
      yield shortBreaksEntrantOn(random.int(from, until - 1), ++number, random)
  }
}

/** A number in care that rises and falls by some per cent over the years, as every council's does. */
const wave = (month: number): number => 1 + 0.04 * Math.sin(month / 19) + 0.015 * Math.sin(month / 5.3)

/** Whether any of the returns could hold a row of this child: in care in those years, or a care leaver. */
export function concernsReturns(
  { periods, born }: Entrant,
  firstDay: DayNumber,
  lastDay: DayNumber,
): boolean {
  const [first, last] = [periods[0]!, periods.at(-1)!]
  if (first.start > lastDay) return false
  if (last.end >= firstDay) return true
  return last.end >= birthday(born, 16) && birthday(born, 21) >= firstDay
}
