import { type Day, daysInMonth } from '../../vocabulary/day.ts'

/** A day as the number of days since 1 January 1970: thousands of them are compared for one forecast. */
export type DayNumber = number

export const DAYS_A_YEAR = 365.25

/** Later than every day: the end of what has not ended. */
export const NEVER: DayNumber = 0x3fffffff

const BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const digits = (day: Day, from: number, until: number): number => {
  let number = 0
  for (let at = from; at < until; at++) number = number * 10 + day.charCodeAt(at) - 48
  return number
}

const leapYearsBefore = (year: number): number =>
  Math.floor((year - 1) / 4) - Math.floor((year - 1) / 100) + Math.floor((year - 1) / 400)
const LEAP_YEARS_BEFORE_1970 = leapYearsBefore(1970)

function numberOf(year: number, month: number, dayOfMonth: number): DayNumber {
  const leapDay = month > 2 && daysInMonth(year, 2) === 29 ? 1 : 0
  const days = (year - 1970) * 365 + leapYearsBefore(year) - LEAP_YEARS_BEFORE_1970
  return days + BEFORE_MONTH[month - 1]! + leapDay + dayOfMonth - 1
}

export const dayNumber = (day: Day): DayNumber =>
  numberOf(digits(day, 0, 4), digits(day, 5, 7), digits(day, 8, 10))

/** The birthday on which someone reaches an age; born on 29 February, 1 March in common years. */
export function birthday(born: Day, age: number): DayNumber {
  const [year, month, dayOfMonth] = [digits(born, 0, 4) + age, digits(born, 5, 7), digits(born, 8, 10)]
  return dayOfMonth > daysInMonth(year, month)
    ? numberOf(year, month + 1, 1)
    : numberOf(year, month, dayOfMonth)
}

/** A calendar month, counted from the year 0, and the stretch of days that a caller looks at within it. */
export interface MonthStretch {
  /** 0 for January to 11 for December. */
  readonly month: number
  readonly from: DayNumber
  readonly until: DayNumber
}

/** The calendar months of `[from, until)` in turn, the first and the last cut to it. */
export function monthsOf(from: DayNumber, until: DayNumber): MonthStretch[] {
  const date = new Date(from * 86_400_000)
  let [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  const stretches: MonthStretch[] = []
  for (let start = from; start < until; ) {
    const next = month === 11 ? numberOf(year + 1, 1, 1) : numberOf(year, month + 2, 1)
    stretches.push({ month, from: start, until: Math.min(next, until) })
    start = next
    if (++month === 12) [year, month] = [year + 1, 0]
  }
  return stretches
}
