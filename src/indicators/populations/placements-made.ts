import type { Population } from '../definition.ts'
import {
  CHILD_DIMENSIONS,
  childColumns,
  EPISODE_COLUMNS,
  EPISODE_DIMENSIONS,
  withinPeriods,
} from './columns.ts'
import { weekdays } from './working-days.ts'

/** Moves to a carer or home: changes with the same carer, which the return has as new placements, are none. */
const PLACEMENTS_MADE = `day_in_period p
  join care.episode e
    on e.authority = any($1::text[]) and e.new_placement and e.placement_started_on = e.started_on
   and e.started_on = p.day and ${withinPeriods('e.started_on')}`

/**
 * One row per placement that started in the period, with the record of that day. What must be done within working days
 * is held against the fifth and the twentieth day after the start that are no bank holidays.
 */
export const placementsMadeIn: Population = {
  id: 'placements-made',
  counts: 'a placement that started in the period, changes with the same carer left out',
  kind: 'flow',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS],
  facts: [
    'distance_approved_on',
    'host_notified_on',
    'made_in_emergency',
    'education_place_on',
    'approved_in_time',
    'notified_in_time',
    'education_place_in_time',
  ],
  text: `
with ${weekdays('min(p.first_day)', 'max(p.last_day) + 60')},
-- The working days in order, each at the place of its number.
working as materialized (
    select array_agg(w.day order by w.day) filter (where w.works) as days from weekday w
),
detail as (
    -- One text for a key, as DETAILS has it.
    select distinct on (r.authority, r.child, r.plde_start_date)
           concat_ws(' ', r.authority, r.child, r.plde_start_date) as of_placement,
           coalesce(r.plde_emergency = 'Y', false) as made_in_emergency,
           r.plde_distance_approved_date as distance_approved_on,
           r.plde_host_notified_date as host_notified_on,
           coalesce(r.plde_education_place_needed = 'Y', false) as education_place_needed,
           r.plde_education_place_date as education_place_on
      from care.record_placement_details r
     where r.authority = any($1::text[])
     order by r.authority, r.child, r.plde_start_date, r.id desc
)
select e.authority, e.child, p.label as period, p.ordinal, e.started_on as day,
       ${childColumns('e.started_on', 'e.age_on_start')},
       ${EPISODE_COLUMNS},
       e.at_a_distance is true as at_a_distance,
       detail.distance_approved_on,
       detail.host_notified_on,
       detail.education_place_on,
       coalesce(detail.made_in_emergency, false) as made_in_emergency,
       coalesce(detail.education_place_needed, false) as education_place_needed,
       coalesce(detail.distance_approved_on <= e.started_on, false) as approved_in_time,
       coalesce(detail.host_notified_on <= case when detail.made_in_emergency then working.days[began.number + 5] else e.started_on end, false) as notified_in_time,
       coalesce(detail.education_place_on <= working.days[began.number + 20], false) as education_place_in_time
  from ${PLACEMENTS_MADE}
  left join detail on detail.of_placement = concat_ws(' ', e.authority, e.child, e.started_on)
  join weekday began on began.day = e.started_on
 cross join working`,
}

/**
 * One row per placement outside the authority that started in the period, for each kind of complex need that the child
 * had on that day: who counts children counts each once.
 */
export const complexNeedsMovedOutIn: Population = {
  id: 'complex-needs-moved-out',
  counts:
    'a kind of complex need of a child on the day of a placement outside the authority that started in the period',
  kind: 'flow',
  dimensions: ['age-band', 'sex', 'ethnicity', 'need-category', 'placement-type', 'placement-distance'],
  facts: [],
  text: `
with need as (
    select distinct r.authority || ' ' || r.child as of_child, r.need_category, r.need_start_date as from_day,
           coalesce(r.need_end_date, 'infinity') as to_day
      from care.record_child_needs r
     where r.authority = any($1::text[]) and r.need_complex = 'Y'
)
select e.authority, e.child, p.label as period, p.ordinal, e.started_on as day,
       ${childColumns('e.started_on', 'e.age_on_start')},
       ${EPISODE_COLUMNS},
       need.need_category
  from ${PLACEMENTS_MADE}
  join need on need.of_child = e.authority || ' ' || e.child and e.started_on between need.from_day and need.to_day
 where e.placement_location = 'outside'`,
}
