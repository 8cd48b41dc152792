import type { Population } from '../definition.ts'
import {
  AGE_ON_LAST_DAY,
  ageOn,
  CHILD_DIMENSIONS,
  CHILD_OF_RECORD,
  childColumns,
  childOf,
  EPISODE_COLUMNS,
  EPISODE_DIMENSIONS,
  joined,
  LOOKED_AFTER_ON_LAST_DAY,
} from './columns.ts'
import { weekdays } from './working-days.ts'

/**
 * One row per start of care whose twentieth working day fell in the period and found the child still looked after:
 * by then the initial health assessment is due. The days from Monday to Friday that are no bank holidays are numbered,
 * and the twentieth after the start is the one whose number is higher by twenty.
 */
export const initialHealthAssessmentsDueIn: Population = {
  id: 'initial-health-assessments-due',
  counts: 'a child still looked after on the twentieth working day after the start, which fell in the period',
  kind: 'flow',
  dimensions: CHILD_DIMENSIONS,
  facts: ['care_started_on', 'assessed_on', 'assessed_on_time'],
  text: `
with ${weekdays('min(p.first_day) - 60', 'max(p.last_day)')},
due as (
    select s.authority, s.child, s.started_on, twentieth.day as due_on, ${CHILD_OF_RECORD}
      from care.period_of_care s
      join weekday began on began.day = s.started_on
      join weekday twentieth on twentieth.works and twentieth.number = began.number + 20
      ${childOf('s')}
     where s.authority = any($1::text[]) and s.start_is_known
       and (s.ceased_on is null or s.ceased_on > twentieth.day)
),
assessed as (
    select d.authority, d.child, d.started_on, min(r.clah_health_check_date) as assessed_on
      from due d
      join care.record_health_assessments r
        on r.authority = d.authority and r.child = d.child
       and r.clah_health_check_type = 'IHA' and r.clah_health_check_status = 'COMPLETED'
       and r.clah_health_check_date >= d.started_on - interval '3 months'
     group by d.authority, d.child, d.started_on
)
select e.authority, e.child, p.label as period, p.ordinal, e.due_on as day,
       ${childColumns('e.due_on', ageOn('e.due_on'))},
       e.started_on as care_started_on,
       assessed.assessed_on,
       coalesce(assessed.assessed_on <= e.due_on, false) as assessed_on_time
  from period p
  join due e on e.due_on between p.first_day and p.last_day
  left join assessed on assessed.authority = e.authority and assessed.child = e.child and assessed.started_on = e.started_on`,
}

/** One row per child looked after on the last day of the period, with the latest health assessment on record by then. */
export const healthAssessmentsAt: Population = {
  id: 'health-assessments-at',
  counts: 'a child looked after on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS],
  facts: ['days_in_care', 'assessed_on'],
  text: `
with assessed as (
    select r.authority, r.child, p.ordinal, max(r.clah_health_check_date) as assessed_on
      from period p
      join care.record_health_assessments r
        on r.authority = any($1::text[]) and r.clah_health_check_type in ('IHA', 'RHA')
       and r.clah_health_check_status = 'COMPLETED' and r.clah_health_check_date <= p.last_day
     group by r.authority, r.child, p.ordinal
)
select e.authority, e.child, p.label as period, p.ordinal, p.last_day as day,
       ${childColumns('p.last_day', AGE_ON_LAST_DAY)},
       ${EPISODE_COLUMNS},
       p.last_day - e.period_started_on as days_in_care,
       assessed.assessed_on,
       -- Under the age of five every six months, from five every twelve.
       e.period_started_on <= case when ${AGE_ON_LAST_DAY} < 5 then p.six_months_ago else p.one_year_ago end as assessment_is_due,
       coalesce(assessed.assessed_on >= case when ${AGE_ON_LAST_DAY} < 5 then p.six_months_ago else p.one_year_ago end, false) as assessed_in_time
  from ${LOOKED_AFTER_ON_LAST_DAY}
  ${joined('assessed')}`,
}
