import { addDays, addMonths, addYears, type Day, dayOf, daysInMonth, parseIsoDay } from './day.ts'

/**
 * What a figure is for: a reporting year (`2024-25`, the year ending 31 March 2025), a quarter of one
 * (`2024-25Q4`), a month (`2025-03`) or a day (`2025-03-31`).
 */
export interface Period {
  readonly label: string
  readonly kind: PeriodKind
  readonly firstDay: Day
  readonly lastDay: Day
}

export type PeriodKind = 'year' | 'quarter' | 'month' | 'day'

/** A reporting year by the calendar year in which it ends: 2025 is 1 April 2024 to 31 March 2025. */
export type ReportingYear = number

export const yearLabel = (year: ReportingYear): string => `${year - 1}-${String(year % 100).padStart(2, '0')}`

export const firstDayOfYear = (year: ReportingYear): Day => dayOf(year - 1, 4, 1)
export const lastDayOfYear = (year: ReportingYear): Day => dayOf(year, 3, 31)

/** The reporting year in which a day lies. */
export const reportingYearOf = (day: Day): ReportingYear =>
  day.slice(5) >= '04-01' ? Number(day.slice(0, 4)) + 1 : Number(day.slice(0, 4))

export const yearPeriod = (year: ReportingYear): Period => ({
  label: yearLabel(year),
  kind: 'year',
  firstDay: firstDayOfYear(year),
  lastDay: lastDayOfYear(year),
})

const YEAR = /^(\d{4})-(\d{2})$/
const QUARTER = /^(\d{4}-\d{2})Q([1-4])$/

/**
 * `2024-25` as a reporting year. `2012-13` could be read as a month as well, but there is no thirteenth;
 * `2011-12` is a month and never a reporting year here, since no return is that old.
 */
export function parseYearLabel(text: string): ReportingYear | null {
  const match = YEAR.exec(text)
  if (!match) return null
  const start = Number(match[1])
  return (start + 1) % 100 === Number(match[2]) && start >= 2012 && start <= 2098 ? start + 1 : null
}

/** The period a label names, or null where it names none. */
export function parsePeriod(text: string): Period | null {
  const year = parseYearLabel(text)
  if (year !== null) return yearPeriod(year)
  const quarter = QUARTER.exec(text)
  if (quarter) {
    const ofYear = parseYearLabel(quarter[1]!)
    if (ofYear === null) return null
    const firstDay = addMonths(firstDayOfYear(ofYear), 3 * (Number(quarter[2]) - 1))
    return { label: text, kind: 'quarter', firstDay, lastDay: addDays(addMonths(firstDay, 3), -1) }
  }
  const month = YEAR.exec(text)
  if (month) {
    const [calendarYear, number] = [Number(month[1]), Number(month[2])]
    if (number < 1 || number > 12 || calendarYear < 1990 || calendarYear > 2098) return null
    return {
      label: text,
      kind: 'month',
      firstDay: dayOf(calendarYear, number, 1),
      lastDay: dayOf(calendarYear, number, daysInMonth(calendarYear, number)),
    }
  }
  const day = parseIsoDay(text)
  return day === null ? null : { label: text, kind: 'day', firstDay: day, lastDay: day }
}

/** The same period some years before: 2022-23 of 2024-25, 2024-03 of 2025-03. */
export const yearsBefore = ({ kind, firstDay }: Period, years: number): Period =>
  beginningOn(kind, addYears(firstDay, -years))

/**
 * The periods of the same kind just before one, the latest first: years before a year, quarters before a quarter,
 * months before a month. Of a day the same day of the years before, for nobody reports by the day.
 */
export const periodsBefore = (period: Period, count: number): Period[] =>
  Array.from({ length: count }, (_, index) =>
    period.kind === 'day'
      ? yearsBefore(period, index + 1)
      : monthsBefore(period, MONTHS[period.kind] * (index + 1)),
  )

const MONTHS: Readonly<Record<Exclude<PeriodKind, 'day'>, number>> = { year: 12, quarter: 3, month: 1 }

const monthsBefore = ({ kind, firstDay }: Period, months: number): Period =>
  beginningOn(kind, addMonths(firstDay, -months))

function beginningOn(kind: PeriodKind, firstDay: Day): Period {
  switch (kind) {
    case 'year':
      return yearPeriod(reportingYearOf(firstDay))
    case 'quarter': {
      const quarter = ((Number(firstDay.slice(5, 7)) + 8) % 12) / 3 + 1
      const label = `${yearLabel(reportingYearOf(firstDay))}Q${quarter}`
      return { label, kind, firstDay, lastDay: addDays(addMonths(firstDay, 3), -1) }
    }
    case 'month':
      return { label: firstDay.slice(0, 7), kind, firstDay, lastDay: addDays(addMonths(firstDay, 1), -1) }
    case 'day':
      return { label: firstDay, kind, firstDay, lastDay: firstDay }
  }
}
