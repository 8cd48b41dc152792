import { type PublishedFigure, readPublished } from '../../comparison/published-figures.ts'
import type { SurvivalPriors } from '../../forecast/survival/fit.ts'
import type { Transaction } from '../../platform/database/database.ts'
import type { Day } from '../../vocabulary/day.ts'
import { reportingYearOf, yearLabel } from '../../vocabulary/period.ts'

/** What published figures say of entries and exits by a day; null where nothing is published. */
export type ReadPriors = (
  transaction: Transaction,
  authority: string,
  onDay: Day,
) => Promise<SurvivalPriors | null>

const ENGLAND = 'E92000001'
const YEARS_LOOKED_BACK = 4
/** As much as twenty children in care over a year: it settles the rates of a small council and hardly touches a large one's. */
const WEIGHT_IN_CHILD_YEARS = 20
const INDICATORS = ['cla-count', 'cla-starters', 'cla-leavers', 'leaving-care-before-18-pct']

/**
 * England's rates, scaled to the authority: entries for each child in care there. They are what the rates of a council
 * with few children are drawn toward. Of exits only those before the 18th birthday, as far as that is published.
 */
export const publishedPriors: ReadPriors = async (transaction, authority, onDay) => {
  const latest = reportingYearOf(onDay)
  const periods = Array.from({ length: YEARS_LOOKED_BACK }, (_, back) => yearLabel(latest - 1 - back))
  const figures = await readPublished(transaction, { indicators: INDICATORS, areas: [ENGLAND], periods })
  const england = (indicator: string, period: string): number | null =>
    figures.find((one: PublishedFigure) => one.indicator === indicator && one.period === period)?.value ??
    null
  for (const period of periods) {
    const [children, starters, leavers, before18] = INDICATORS.map((indicator) => england(indicator, period))
    if (!children || !starters) continue
    const inCare = await childrenInCare(transaction, authority, onDay)
    return {
      yearlyEntries: (starters / children) * inCare,
      ...(leavers && before18 && { yearlyExitRate: (leavers * before18) / 100 / children }),
      weightInChildYears: WEIGHT_IN_CHILD_YEARS,
    }
  }
  return null
}

async function childrenInCare(transaction: Transaction, authority: string, onDay: Day): Promise<number> {
  const [row] = await transaction.query<{ children: number }>(
    'forecast.childrenInCare',
    `select count(distinct e.child)::int as children
       from care.episode e
      where e.authority = $1 and not e.short_break and e.started_on <= $2
        and (e.ceased_on is null or e.ceased_on > $2)`,
    [authority, onDay],
  )
  return row!.children
}
