import { addDays, type Day, dayOf } from './day.ts'

/**
 * England's bank holidays, by rule, with the days that were moved or added by proclamation. "Working days" of the
 * Care Planning Regulations are the days from Monday to Friday that are none of these.
 */
export function bankHolidays(firstYear: number, lastYear: number): Day[] {
  const days: Day[] = []
  for (let year = firstYear; year <= lastYear; year++) {
    const easter = easterSunday(year)
    const inYear = [
      ...inLieu(year),
      addDays(easter, -2),
      addDays(easter, 1),
      MOVED[`${year} early May`] ?? mondayFrom(dayOf(year, 5, 1)),
      MOVED[`${year} spring`] ?? mondayFrom(dayOf(year, 5, 25)),
      mondayFrom(dayOf(year, 8, 25)),
      ...PROCLAIMED.filter((day) => day.startsWith(`${year}-`)),
    ]
    days.push(...inYear.sort())
  }
  return days
}

/** The early May holiday of 2020 was kept on VE Day; the spring holidays of two jubilee years in June. */
const MOVED: Readonly<Record<string, Day>> = {
  '2020 early May': dayOf(2020, 5, 8),
  '2012 spring': dayOf(2012, 6, 4),
  '2022 spring': dayOf(2022, 6, 2),
}

/** Weddings, jubilees, a funeral and a coronation. */
const PROCLAIMED: readonly Day[] = [
  dayOf(2011, 4, 29),
  dayOf(2012, 6, 5),
  dayOf(2022, 6, 3),
  dayOf(2022, 9, 19),
  dayOf(2023, 5, 8),
]

/** New Year's Day, Christmas and Boxing Day, or the weekdays kept instead of them. */
function inLieu(year: number): Day[] {
  const newYear = dayOf(year, 1, 1)
  const christmas = weekdayOf(dayOf(year, 12, 25))
  return [
    isWeekend(newYear) ? mondayFrom(newYear) : newYear,
    dayOf(year, 12, christmas === 6 || christmas === 0 ? 27 : 25),
    // Christmas on a Friday leaves Boxing Day to a Saturday, on a Saturday to a Sunday: kept on the Monday or Tuesday.
    dayOf(year, 12, christmas === 5 || christmas === 6 ? 28 : 26),
  ]
}

/** 0 is Sunday. */
const weekdayOf = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay()
const isWeekend = (day: Day): boolean => weekdayOf(day) === 0 || weekdayOf(day) === 6
const mondayFrom = (day: Day): Day => addDays(day, (8 - weekdayOf(day)) % 7)

/** Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876). */
function easterSunday(year: number): Day {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const inCentury = year % 100
  const correction = Math.floor((century + 8) / 25)
  const epact =
    (19 * golden + century - Math.floor(century / 4) - Math.floor((century - correction + 1) / 3) + 15) % 30
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451)
  const sum = epact + weekday - 7 * late + 114
  return dayOf(year, Math.floor(sum / 31), (sum % 31) + 1)
}
