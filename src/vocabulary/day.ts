/**
 * A calendar day as `YYYY-MM-DD`, never a JS `Date`: a day has no time of day and no zone, and text in this
 * form sorts as time does. Stretches of days are half-open, `[from, until)`.
 */
export type Day = string & { readonly __day: true }

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

export const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeapYear(year) ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0)

/** Whether these numbers are a day of the calendar, in the years that records of living children can name. */
const isCalendarDay = (year: number, month: number, dayOfMonth: number): boolean =>
  year >= 1900 &&
  year <= 2100 &&
  month >= 1 &&
  month <= 12 &&
  dayOfMonth >= 1 &&
  dayOfMonth <= daysInMonth(year, month)

const pad = (value: number): string => (value < 10 ? `0${value}` : `${value}`)

/** The day of these numbers; the caller knows that they are one. */
export const dayOf = (year: number, month: number, dayOfMonth: number): Day =>
  `${year}-${pad(month)}-${pad(dayOfMonth)}` as Day

/** Reads `YYYY-MM-DD`; null for anything else, a day that the calendar does not have included. */
export function parseIsoDay(text: string): Day | null {
  const match = SHAPE.exec(text)
  if (!match) return null
  return isCalendarDay(Number(match[1]), Number(match[2]), Number(match[3])) ? (text as Day) : null
}

const BRITISH = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?Z?$/

/**
 * Reads a day as councils' extracts write it: `DD/MM/YYYY` (the return's own form), `YYYY-MM-DD`, and the
 * latter with a midnight behind it, as spreadsheets and SQL tools add. Null for anything else.
 */
export function parseDay(text: string): Day | null {
  const british = BRITISH.exec(text)
  if (british) {
    const [year, month, dayOfMonth] = [Number(british[3]), Number(british[2]), Number(british[1])]
    return isCalendarDay(year, month, dayOfMonth) ? dayOf(year, month, dayOfMonth) : null
  }
  return parseIsoDay(TIMESTAMP.exec(text)?.[1] ?? text)
}

const numbers = (day: Day): [number, number, number] => [
  Number(day.slice(0, 4)),
  Number(day.slice(5, 7)),
  Number(day.slice(8, 10)),
]

const MILLISECONDS = 86_400_000
const serial = (day: Day): number => {
  const [year, month, dayOfMonth] = numbers(day)
  return Date.UTC(year, month - 1, dayOfMonth) / MILLISECONDS
}

export function addDays(day: Day, days: number): Day {
  const moved = new Date((serial(day) + days) * MILLISECONDS)
  return dayOf(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate())
}

/** The same day some months later or earlier; the month's last day where it has no such day. */
export function addMonths(day: Day, months: number): Day {
  const [year, month, dayOfMonth] = numbers(day)
  const index = year * 12 + (month - 1) + months
  const [newYear, newMonth] = [Math.floor(index / 12), (index % 12) + 1]
  return dayOf(newYear, newMonth, Math.min(dayOfMonth, daysInMonth(newYear, newMonth)))
}

export const addYears = (day: Day, years: number): Day => addMonths(day, years * 12)

/** Days from one day to the other; negative where the second is the earlier. */
export const daysBetween = (from: Day, until: Day): number => serial(until) - serial(from)

/**
 * Completed years of age. Born on 29 February, the birthday of a common year is 1 March (indicators.md 2.11).
 */
export function ageOn(day: Day, born: Day): number {
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4))
  return day.slice(5) >= born.slice(5) ? years : years - 1
}

export const earlierOf = (a: Day, b: Day): Day => (a < b ? a : b)
export const laterOf = (a: Day, b: Day): Day => (a > b ? a : b)

/** Today in England, where every authority is. */
export function todayInEngland(now: Date = new Date()): Day {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(now) as Day
}
