import type { Population } from '../definition.ts'
import {
  CHILD_DIMENSIONS,
  childColumns,
  EPISODE_COLUMNS,
  EPISODE_DIMENSIONS,
  timeInCareSql,
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
with last_end as (
    select distinct on (poc.authority, poc.child, p.label)
           poc.authority, poc.child, p.label, p.last_day, poc.started_on, poc.ceased_on, poc.rec, poc.last_episode_started_on
      from period p
      join care.period_of_care poc
        on poc.authority = any($1::text[]) and poc.rec is distinct from 'X1'
       and poc.ceased_on between p.first_day and p.last_day
     order by poc.authority, poc.child, p.label, poc.ceased_on desc
),
started as (
    select l.authority, l.child, l.label, max(poc.number) as number_of_periods
      from last_end l
      join care.period_of_care poc
        on poc.authority = l.authority and poc.child = l.child and poc.started_on <= l.last_day
     group by l.authority, l.child, l.label
)
select e.authority, e.child, l.label as period, l.ceased_on as day,
       ${childColumns('l.ceased_on')},
       ${EPISODE_COLUMNS},
       ${timeInCareSql('l.started_on', 'l.ceased_on')} as time_in_care,
       coalesce(lower(l.rec), 'not-reported') as ceasing_reason,
       l.ceased_on - l.started_on as days_in_care,
       started.number_of_periods,
       case when started.number_of_periods < 10 then started.number_of_periods::text else '10-or-more' end as periods_of_care
  from last_end l
  join started on started.authority = l.authority and started.child = l.child and started.label = l.label
  join care.episode e on e.authority = l.authority and e.child = l.child and e.started_on = l.last_episode_started_on
  join care.child c on c.authority = l.authority and c.child = l.child`,
}
