import type { IndicatorDefinition } from '../indicators/definition.ts'
import { type Period, periodsBefore, reportingYearOf, yearPeriod } from '../vocabulary/period.ts'

/** A period for which a published figure will do, and whether it is the figure's own. */
export interface PublishedPeriod {
  readonly label: string
  readonly same: boolean
}

/** What was published longer ago says nothing of today. */
const YEARS_BACK = 5

/**
 * The periods whose published figures a figure may be held against, the best first: its own, and the five years before.
 * What happens in a quarter is not held against a whole year; what is so on a day is, whichever period ends on it.
 */
export function publishedPeriodsFor({ population }: IndicatorDefinition, period: Period): PublishedPeriod[] {
  const own = { label: period.label, same: true }
  if (period.kind === 'year')
    return [own, ...periodsBefore(period, YEARS_BACK).map(({ label }) => ({ label, same: false }))]
  if (population.kind === 'flow') return [own]
  const running = yearPeriod(reportingYearOf(period.lastDay))
  const endsWithIt = running.lastDay === period.lastDay
  const earlier = periodsBefore(running, YEARS_BACK).map(({ label }) => ({ label, same: false }))
  return [own, ...(endsWithIt ? [{ label: running.label, same: true }] : []), ...earlier]
}
