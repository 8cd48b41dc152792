import { daysInMonth } from '../vocabulary/day.ts'
import type { ReportingYear } from '../vocabulary/period.ts'

/**
 * A day as the number of days since 1 January 1970. A simulation adds and compares days millions of times, which
 * is slow on text; nothing outside this folder sees the numbers.
 */
export type DayNumber = number

/** Later than every day: the end of what has not ended. */
export const OPEN: DayNumber = Number.POSITIVE_INFINITY

const LAST_YEAR_KNOWN = 2060
const written: string[] = []
const yearOf: number[] = []
const monthAndDay: number[] = []

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)
for (let year = 1970; year <= LAST_YEAR_KNOWN; year++)
  for (let month = 1; month <= 12; month++)
    for (let day = 1; day <= daysInMonth(year, month); day++) {
      written.push(`${two(day)}/${two(month)}/${year}`)
      yearOf.push(year)
      monthAndDay.push(month * 100 + day)
    }

export const dayNumber = (year: number, month: number, day: number): DayNumber =>
  Date.UTC(year, month - 1, day) / 86_400_000

/** As the return writes it, DD/MM/YYYY; blank where it has not come. */
export const inWriting = (day: DayNumber): string => (day === OPEN ? '' : written[day]!)

/** As `inWriting`, blank also where the day is after the one on which the return is written. */
export const inWritingBy = (lastDay: DayNumber, day: DayNumber): string =>
  day > lastDay ? '' : written[day]!

/** The birthday on which someone reaches an age; born on 29 February, 1 March in common years. */
export function birthday(born: DayNumber, age: number): DayNumber {
  const date = monthAndDay[born]!
  return dayNumber(yearOf[born]! + age, Math.floor(date / 100), date % 100)
}

export function ageOn(day: DayNumber, born: DayNumber): number {
  const years = yearOf[day]! - yearOf[born]!
  return monthAndDay[day]! >= monthAndDay[born]! ? years : years - 1
}

/** Age as a number with a fraction, for chances that grow with age. */
export const exactAge = (day: DayNumber, born: DayNumber): number => (day - born) / 365.25

export const isWeekend = (day: DayNumber): boolean => {
  const weekday = (((day + 4) % 7) + 7) % 7
  return weekday === 0 || weekday === 6
}

export const yearStart = (year: ReportingYear): DayNumber => dayNumber(year - 1, 4, 1)
export const yearEnd = (year: ReportingYear): DayNumber => dayNumber(year, 3, 31)
