import type { Population } from '../definition.ts'
import {
  AGE_ON_LAST_DAY,
  CHILD_DIMENSIONS,
  childColumns,
  lastingOnLastDay,
  PERIODS_WITH_INCIDENTS,
} from './columns.ts'

/** The last of the child's episodes in a period stands for the child: the one before the next starts. */
const LAST_EPISODES = lastingOnLastDay('care.episode', 'r.next_started_on - 1', 'true')

/**
 * One row per child with a day in care in the period, or else a day of a short break. Who leaves on its first day
 * was not looked after in it. Age is that on the last day of the period.
 */
export const lookedAfterDuring: Population = {
  id: 'looked-after-during',
  counts: 'a child with a day in care in the period, short breaks included',
  kind: 'flow',
  dimensions: CHILD_DIMENSIONS,
  facts: ['had_care', 'incidents_missing', 'incidents_away'],
  text: `
with incidents as (
    select m.authority, m.child, p.ordinal,
           count(*) filter (where m.kind = 'M')::int as missing,
           count(*) filter (where m.kind = 'A')::int as away
      from ${PERIODS_WITH_INCIDENTS}
     group by m.authority, m.child, p.ordinal
)
select e.authority, e.child, p.label as period, p.ordinal, p.last_day as day,
       ${childColumns('p.last_day', AGE_ON_LAST_DAY)},
       not e.short_break as had_care,
       coalesce(incidents.missing, 0) as incidents_missing,
       coalesce(incidents.away, 0) as incidents_away
  from ${LAST_EPISODES} e
  join period p
    on p.nth_last_day = e.nth_last_day and (e.ceased_on is null or e.ceased_on > p.first_day)
   -- One in care goes before a short break.
   and not (e.short_break
            and coalesce(e.earlier_care_from[width_bucket(p.first_day, e.earlier_care_until) + 1] <= p.last_day, false))
  left join incidents on incidents.authority = e.authority and incidents.child = e.child and incidents.ordinal = p.ordinal`,
}
