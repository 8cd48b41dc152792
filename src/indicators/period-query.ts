import { type Day, parseDay } from '../vocabulary/day.ts'
import { nearMatches } from '../vocabulary/near-match.ts'
import { type Period, parsePeriod, reportingYearOf, yearLabel } from '../vocabulary/period.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import { repeated } from '../vocabulary/repeated.ts'

/** What a period may look like, for callers. */
export const PERIOD_FORMS: readonly string[] = [
  'a reporting year such as 2024-25 (1 April 2024 to 31 March 2025)',
  'a quarter of a reporting year such as 2024-25Q4 (January to March 2025)',
  'a month such as 2025-03',
  'a day such as 2025-03-31',
]

/**
 * The periods that texts name, each once, the earliest first. One problem names every text that is no period: a
 * figure for fewer periods than were asked for would look like a gap in the data.
 */
export function readPeriods(texts: readonly string[], pointer = '/query/period'): Period[] {
  const faults: Fault[] = []
  const read = new Map<string, Period>()
  for (const text of texts) {
    const period = parsePeriod(text)
    if (period) read.set(period.label, period)
    else faults.push(notAPeriod(text, pointer))
  }
  if (faults.length > 0) {
    throw new Refusal('unknown-period', 'The request names a period that does not exist', faults)
  }
  return [...read.values()].sort(byTime)
}

function byTime(a: Period, b: Period): number {
  if (a.lastDay !== b.lastDay) return a.lastDay < b.lastDay ? -1 : 1
  // Of periods that end together the shorter first: the day, its month, its quarter, its year.
  return a.firstDay === b.firstDay ? 0 : a.firstDay > b.firstDay ? -1 : 1
}

function notAPeriod(text: string, pointer: string): Fault {
  const didYouMean = periodsMeantBy(text)
  return {
    pointer,
    code: 'unknown-period',
    detail: `${repeated(text, didYouMean)} is not a period`,
    allowed: PERIOD_FORMS,
    ...(didYouMean.length > 0 && { didYouMean }),
  }
}

const YEAR_AND_QUARTER =
  /^(?:fy|year)?\s*(?:(\d{4})\s*[-/–_]?|(\d{2})\s*[-/–_])\s*(\d{4}|\d{2})\s*[-/–_]*\s*(?:q(?:uarter)?\s*(\d+))?$/i
const CALENDAR_YEAR = /^(\d{4})$/

/** Labels that the writer of a text probably meant, likeliest first. */
function periodsMeantBy(text: string): string[] {
  const written = text.trim().slice(0, 40)
  const meant: string[] = []
  const parts = YEAR_AND_QUARTER.exec(written)
  if (parts) {
    const [, whole, short, second = '', quarter] = parts
    const from = whole === undefined ? 2000 + Number(short) : Number(whole)
    const years = [yearLabel(from + 1)]
    const ofSecond = yearLabel(Number(`20${second.slice(-2)}`))
    const isOneYear = ofSecond === years[0]
    // 2024-26 spans two years, and either may be meant; 03/2025 is a month.
    if (!isOneYear && whole !== undefined) years.push(ofSecond)
    if (!isOneYear && whole === undefined) years.pop()
    if (quarter === undefined && whole !== undefined) meant.push(`${whole}-${second}`)
    for (const year of years)
      meant.push(
        ...(quarter === undefined
          ? [year]
          : /^[1-4]$/.test(quarter)
            ? [`${year}Q${quarter}`]
            : [4, 3, 2, 1].map((number) => `${year}Q${number}`)),
      )
  }
  const calendarYear = CALENDAR_YEAR.exec(written)
  if (calendarYear) {
    const year = Number(calendarYear[1])
    meant.push(yearLabel(year), yearLabel(year + 1))
  }
  const day: Day | null = parseDay(written)
  if (day) meant.push(day, day.slice(0, 7), yearLabel(reportingYearOf(day)))
  const month = /^(?:(\d{1,2})[/.-](\d{4})|(\d{4})[/.]?(\d{2}))$/.exec(written)
  if (month) meant.push(`${month[2] ?? month[3]}-${(month[1] ?? month[4] ?? '').padStart(2, '0')}`)
  if (meant.length === 0) meant.push(...nearMatches(written, LIKELY_YEARS))
  return [...new Set(meant)].filter((label) => label !== text && parsePeriod(label) !== null).slice(0, 4)
}

/** Reporting years of returns that the service reads. */
const LIKELY_YEARS = Array.from({ length: 11 }, (_, index) => yearLabel(2017 + index))
