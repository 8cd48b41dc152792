import { type Day, earlierOf, parseIsoDay } from '../vocabulary/day.ts'
import { nearMatches } from '../vocabulary/near-match.ts'
import {
  firstDayOfYear,
  lastDayOfYear,
  parseYearLabel,
  type ReportingYear,
  yearLabel,
} from '../vocabulary/period.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import { FIRST_YEAR, LAST_YEAR } from '../vocabulary/ssda903.ts'

/** The days that a return is said to know about. */
export interface AskedCoverage {
  readonly year: ReportingYear
  readonly coversFrom: Day
  readonly coversTo: Day
}

const LABELS = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, index) => yearLabel(FIRST_YEAR + index))

/**
 * The coverage that a year (`2024-25`) and a last day (`YYYY-MM-DD`) ask for. Without the day: the whole year, or up
 * to today while it is running. Refuses what is no year, or a day that is not in it, with every fault at once.
 */
export function askedCoverage(year: string, to: string | undefined, today: Day): AskedCoverage {
  const asked = parseYearLabel(year)
  const known = asked !== null && asked >= FIRST_YEAR && asked <= LAST_YEAR ? asked : null
  const yearFault =
    known === null ? unknownYear(year) : firstDayOfYear(known) > today ? notBegun(known) : null
  const day = to === undefined ? null : parseIsoDay(to)
  const dayFault = to === undefined ? null : faultOfDay(day, known, today)
  if (yearFault !== null)
    throw new Refusal('unknown-year', yearFault.detail, dayFault ? [yearFault, dayFault] : [yearFault])
  if (dayFault !== null) throw new Refusal('invalid-request', dayFault.detail, [dayFault])
  return {
    year: known!,
    coversFrom: firstDayOfYear(known!),
    coversTo: day ?? earlierOf(lastDayOfYear(known!), today),
  }
}

function unknownYear(asked: string): Fault {
  const near = nearYears(asked)
  return {
    pointer: '/query/year',
    code: 'unknown-year',
    detail: `This is not a reporting year whose return can be read: ${LABELS[0]} to ${LABELS.at(-1)}.`,
    allowed: LABELS,
    ...(near.length > 0 && { didYouMean: near }),
  }
}

/** `2024/25`, `2024-2025`, `24-25` and `202425` say which year is meant; of `2025`, the year that ends in it. */
function nearYears(asked: string): string[] {
  const written = /^\s*(?:20)?(\d\d)\s*[-/–_ ]?\s*(?:20)?(\d\d)\s*$/.exec(asked)
  const single = /^\s*(20\d\d)\s*$/.exec(asked)
  const meant = single
    ? [yearLabel(Number(single[1])), yearLabel(Number(single[1]) + 1)]
    : written
      ? [`20${written[1]}-${written[2]}`]
      : []
  const known = meant.filter((label) => LABELS.includes(label))
  return known.length > 0 ? known : nearMatches(asked, LABELS)
}

const notBegun = (year: ReportingYear): Fault => ({
  pointer: '/query/year',
  code: 'year-not-begun',
  detail: `The reporting year ${yearLabel(year)} has not begun; it begins on ${firstDayOfYear(year)}.`,
})

function faultOfDay(day: Day | null, year: ReportingYear | null, today: Day): Fault | null {
  const fault = (code: string, detail: string, allowed: string): Fault => ({
    pointer: '/query/to',
    code,
    detail,
    allowed: [allowed],
  })
  if (day === null) return fault('wrong-form', 'This is not a day.', 'YYYY-MM-DD')
  if (year === null) return null
  const [first, last] = [firstDayOfYear(year), earlierOf(lastDayOfYear(year), today)]
  const allowed = `${first} to ${last}`
  if (day < first || day > lastDayOfYear(year))
    return fault('outside-year', `The day is not in the reporting year ${yearLabel(year)}.`, allowed)
  if (day > today)
    return fault('in-the-future', 'The day is in the future; no record knows about it yet.', allowed)
  return null
}
