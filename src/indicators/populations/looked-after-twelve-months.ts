import type { Population } from '../definition.ts'
import {
  AGE_ON_LAST_DAY,
  CHILD_DIMENSIONS,
  childColumns,
  EPISODE_COLUMNS,
  EPISODE_DIMENSIONS,
  EPISODES_TO_LAST_DAY,
  placementsSince,
  SHORT_BREAKS_IN_YEAR,
  TIME_IN_CARE_ON_LAST_DAY,
} from './columns.ts'

/**
 * One row per child looked after continuously for the twelve months that end on the last day of the period: the
 * population of OC2. Who leaves on that very day is in it, although not in the day's stock (E03); a start on the
 * first day counts as twelve months (E04). What OC2 says of them stands beside, where the day is a 31 March.
 */
export const lookedAfterTwelveMonths: Population = {
  id: 'looked-after-twelve-months',
  counts: 'a child looked after continuously for twelve months on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS, 'time-in-care'],
  facts: ['placements_in_year', 'sdq_score'],
  text: `
with ${SHORT_BREAKS_IN_YEAR}
select e.authority, e.child, p.label as period, p.ordinal, p.last_day as day,
       ${childColumns('p.last_day', AGE_ON_LAST_DAY)},
       ${EPISODE_COLUMNS},
       ${TIME_IN_CARE_ON_LAST_DAY} as time_in_care,
       ${placementsSince('p.year_from')} as placements_in_year,
       e.ceased_on = p.last_day as leaves_on_last_day,
       o.sdq_score, o.convicted, o.health_check, o.immunisations, o.teeth_check, o.health_assessment,
       o.substance_misuse, o.intervention_received, o.intervention_offered
  from ${EPISODES_TO_LAST_DAY} e
  join period p on p.nth_last_day = e.nth_last_day and e.period_started_on <= p.year_from
  left join short_breaks on short_breaks.authority = e.authority and short_breaks.child = e.child and short_breaks.ordinal = p.ordinal
  left join care.outcome o on o.authority = e.authority and o.child = e.child and o.on_day = p.last_day
 where short_breaks.child is null`,
}
