import type { Population } from '../definition.ts'
import {
  AGE_ON_LAST_DAY,
  CHILD_DIMENSIONS,
  childColumns,
  EPISODE_COLUMNS,
  EPISODE_DIMENSIONS,
  joined,
  LOOKED_AFTER_ON_LAST_DAY,
} from './columns.ts'

/** One row per child looked after on the last day of the period, with the offers of an independent visitor in force in it. */
export const independentVisitorsAt: Population = {
  id: 'independent-visitors-at',
  counts: 'a child looked after on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS],
  facts: ['visitor_offered', 'visitor_matched'],
  text: `
with offer as (
    select r.authority, r.child, p.ordinal, bool_or(r.indv_matched_date <= p.last_day) is true as is_matched
      from period p
      join care.record_independent_visitors r
        on r.authority = any($1::text[]) and r.indv_offered_date <= p.last_day
       and (r.indv_end_date is null or r.indv_end_date >= p.first_day)
     group by r.authority, r.child, p.ordinal
)
select e.authority, e.child, p.label as period, p.ordinal, p.last_day as day,
       ${childColumns('p.last_day', AGE_ON_LAST_DAY)},
       ${EPISODE_COLUMNS},
       offer.child is not null as visitor_offered,
       coalesce(offer.is_matched, false) as visitor_matched
  from ${LOOKED_AFTER_ON_LAST_DAY}
  ${joined('offer')}`,
}
