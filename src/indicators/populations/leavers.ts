import type { Population } from '../definition.ts'
import {
  CHILD_DIMENSIONS,
  childColumns,
  EPISODE_COLUMNS,
  EPISODE_DIMENSIONS,
  TIME_IN_CARE_ON_CEASING,
  withinPeriods,
} from './columns.ts'

/** One row per child who ceased to be looked after in the period: the last occasion only (E05, E06). */
export const leavers: Population = {
  id: 'leavers',
  counts: 'a child who ceased to be looked after in the period',
  kind: 'flow',
  dimensions: [
    ...CHILD_DIMENSIONS,
    ...EPISODE_DIMENSIONS,
    'time-in-care',
    'ceasing-reason',
    'periods-of-care',
  ],
  facts: ['days_in_care', 'number_of_periods'],
  text: `
select e.authority, e.child, p.label as period, p.ordinal, e.ceased_on as day,
       ${childColumns('e.ceased_on', 'e.age_on_ceasing')},
       ${EPISODE_COLUMNS},
       ${TIME_IN_CARE_ON_CEASING} as time_in_care,
       coalesce(lower(e.rec), 'not-reported') as ceasing_reason,
       e.ceased_on - e.period_started_on as days_in_care,
       -- Also those that the child has started since, by the end of the period.
       width_bucket(p.last_day, e.period_starts) as number_of_periods,
       case when width_bucket(p.last_day, e.period_starts) < 10
            then width_bucket(p.last_day, e.period_starts)::text else '10-or-more' end as periods_of_care
  from day_in_period p
  join care.episode e
    on e.authority = any($1::text[]) and e.ends_period and e.ceased_on = p.day and ${withinPeriods('e.ceased_on')}
   and (e.next_leaving_on is null or e.next_leaving_on > p.last_day)`,
}
