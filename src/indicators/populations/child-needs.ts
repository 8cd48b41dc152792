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

/** One row per child looked after on the last day of the period, with the needs on record for that day. */
export const childNeedsAt: Population = {
  id: 'child-needs-at',
  counts: 'a child looked after on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS],
  facts: ['needs_on_record', 'needs_specialist_support'],
  text: `
with need as (
    select r.authority, r.child, p.ordinal, count(*)::int as needs,
           bool_or(r.need_specialist_support = 'Y') is true as specialist
      from period p
      join care.record_child_needs r
        on r.authority = any($1::text[]) and r.need_start_date <= p.last_day
       and (r.need_end_date is null or r.need_end_date >= p.last_day)
     group by r.authority, r.child, p.ordinal
)
select e.authority, e.child, p.label as period, p.ordinal, p.last_day as day,
       ${childColumns('p.last_day', AGE_ON_LAST_DAY)},
       ${EPISODE_COLUMNS},
       coalesce(need.needs, 0) as needs_on_record,
       coalesce(need.specialist, false) as needs_specialist_support
  from ${LOOKED_AFTER_ON_LAST_DAY}
  ${joined('need')}`,
}
