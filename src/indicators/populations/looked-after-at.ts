import type { Population } from '../definition.ts'
import {
  AGE_ON_LAST_DAY,
  CHILD_DIMENSIONS,
  childColumns,
  EPISODE_COLUMNS,
  EPISODE_DIMENSIONS,
  EPISODES_AT,
  placementsSince,
  TIME_IN_CARE_ON_LAST_DAY,
} from './columns.ts'
import { OTHER_BOUNDARIES, PLACE_DIMENSIONS, placeColumns } from './places.ts'

/**
 * One row per child looked after on the last day of the period, with what is known of the year and the two years
 * that end on it. Short breaks (legal status V3 and V4) are left out.
 */
export const lookedAfterAt: Population = {
  id: 'looked-after-at',
  counts: 'a child looked after on the last day of the period',
  kind: 'stock',
  dimensions: [
    ...CHILD_DIMENSIONS,
    ...EPISODE_DIMENSIONS,
    'time-in-care',
    'placements-since-start',
    ...PLACE_DIMENSIONS,
  ],
  facts: ['placements_in_year', 'days_in_care', 'placements_in_period_of_care', 'distance_miles'],
  text: `
with ${OTHER_BOUNDARIES},
-- Each worker of a child once, by hash: to count distinct ones would sort.
each_worker as (
    select w.authority, w.child, p.ordinal, w.social_worker,
           bool_or(w.ceased_on is null or w.ceased_on > p.last_day) as is_there,
           -- From one worker's episode to the next; one that lies wholly within an earlier one is no change.
           count(*) filter (where w.worker_before <> w.social_worker
                              and (w.worker_before_until is null or w.worker_before_until > p.year_from))::int as changes
      from period p
      join care.social_worker_episode w
        on w.authority = any($1::text[]) and w.started_on <= p.last_day
       and (w.ceased_on is null or w.ceased_on > p.year_from)
     group by w.authority, w.child, p.ordinal, w.social_worker
),
workers as (
    select w.authority, w.child, w.ordinal, count(*)::int as workers, bool_or(w.is_there) as has_one,
           sum(w.changes)::int as changes
      from each_worker w
     group by w.authority, w.child, w.ordinal
),
-- Decisions that a child should be placed for adoption, each as the latest return that holds it says.
decision as (
    select distinct on (d.authority, d.child, d.date_placed) d.authority, d.child, d.date_placed, d.date_placed_ceased
      from care.returned_placed_adoption d
      join care.return r on r.authority = d.authority and r.number = d.return_number and r.in_force
     where d.authority = any($1::text[])
     order by d.authority, d.child, d.date_placed, r.year desc
),
waiting as (
    select distinct d.authority, d.child, p.ordinal
      from period p
      join decision d on d.date_placed <= p.last_day and (d.date_placed_ceased is null or d.date_placed_ceased > p.last_day)
)
select e.authority, e.child, p.label as period, p.ordinal, p.last_day as day,
       ${childColumns('p.last_day', AGE_ON_LAST_DAY)},
       ${EPISODE_COLUMNS},
       ${TIME_IN_CARE_ON_LAST_DAY} as time_in_care,
       e.mother,
       p.last_day - e.period_started_on as days_in_care,
       ${placementsSince('p.year_from')} as placements_in_year,
       ${placementsSince('p.two_years_from')} as placements_in_two_years,
       e.placements_in_period as placements_in_period_of_care,
       case when e.placements_in_period <= 3 then 'up-to-3' when e.placements_in_period < 10 then '4-to-9' else '10-or-more' end as placements_since_start,
       -- Some day in the year before: in this stretch of care, or in the first that ended after that year began.
       e.in_care_since < p.year_from
         or coalesce(e.earlier_care_from[width_bucket(p.two_years_from, e.earlier_care_until) + 1] < p.year_from, false) as in_care_the_year_before,
       workers.workers as social_workers,
       coalesce(workers.changes, 0) as social_worker_changes,
       coalesce(workers.has_one, false) as has_social_worker,
       ${placeColumns('p.last_day')},
       e.distance_miles::float8 as distance_miles,
       e.placement_authority,
       e.at_a_distance is true as at_a_distance,
       -- As the Stability Index counts: after the first day, temporary stays too, but not the first entry to care.
       cardinality(e.moves) - width_bucket(p.year_from, e.moves) as moves,
       waiting.child is not null and e.usual_placement_code not in ('A3', 'A4', 'A5', 'A6') as waits_for_adoption,
       -- Long-term stability (indicators.md 2.7): in the period of care for two and a half years, with the carer for two.
       e.period_started_on <= p.thirty_months_ago and not e.began_as_short_breaks as long_in_care,
       e.same_carer_since <= p.two_years_ago
         or (e.usual_placement_code in ('A3', 'A4', 'A5', 'A6')
             and e.previous_carer_since <= p.two_years_ago) as same_carer_for_two_years
  from ${EPISODES_AT} e
  join period p on p.nth_last_day = e.nth_last_day
  left join workers on workers.authority = e.authority and workers.child = e.child and workers.ordinal = p.ordinal
  left join waiting on waiting.authority = e.authority and waiting.child = e.child and waiting.ordinal = p.ordinal`,
}
