import type { Population } from '../definition.ts'
import {
  CHILD_DIMENSIONS,
  childColumns,
  EPISODE_COLUMNS,
  EPISODE_DIMENSIONS,
  timeInCareSql,
  yearsEnding,
} from './columns.ts'

/**
 * One row per child looked after on the last day of the period, with what is known of the year and the two years
 * that end on it. Short breaks (legal status V3 and V4) are left out.
 */
export const lookedAfterAt: Population = {
  id: 'looked-after-at',
  counts: 'a child looked after on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS, 'time-in-care', 'placements-since-start'],
  facts: ['placements_in_year', 'days_in_care', 'placements_in_period_of_care'],
  text: `
-- A placement that ended on the first day of the year was over as the year began (half-open days, E23).
with runs as (
    select pl.authority, pl.child, p.label,
           count(*) filter (where pl.ceased_on is null or pl.ceased_on > ${yearsEnding(1)})::int as in_year,
           count(*)::int as in_two_years
      from period p
      join care.placement pl
        on pl.authority = any($1::text[]) and pl.started_on <= p.last_day
       and (pl.ceased_on is null or pl.ceased_on > ${yearsEnding(2)})
     group by pl.authority, pl.child, p.label
),
in_care_the_year_before as (
    select distinct e.authority, e.child, p.label
      from period p
      join care.episode e
        on e.authority = any($1::text[]) and not e.short_break
       and e.started_on <= (${yearsEnding(1)} - 1) and (e.ceased_on is null or e.ceased_on > ${yearsEnding(2)})
),
workers as (
    select w.authority, w.child, p.label, count(distinct w.social_worker)::int as workers
      from period p
      join care.social_worker_episode w
        on w.authority = any($1::text[]) and w.started_on <= p.last_day
       and (w.ceased_on is null or w.ceased_on > ${yearsEnding(1)})
     group by w.authority, w.child, p.label
),
-- Changes from one worker's episode to the next within the year; one that lies wholly within an earlier one is none.
worker_changes as (
    select sequence.authority, sequence.child, sequence.label,
           count(*) filter (where sequence.worker_before <> sequence.social_worker)::int as changes
      from (select w.authority, w.child, p.label, w.social_worker,
                   lag(w.social_worker) over (partition by w.authority, w.child, p.label order by w.started_on, w.social_worker) as worker_before
              from period p
              join care.social_worker_episode w
                on w.authority = any($1::text[]) and w.started_on <= p.last_day
               and (w.ceased_on is null or w.ceased_on > ${yearsEnding(1)})
             where not exists (select 1 from care.social_worker_episode earlier
                                where earlier.authority = w.authority and earlier.child = w.child
                                  and earlier.started_on < w.started_on
                                  and (earlier.ceased_on is null or earlier.ceased_on >= coalesce(w.ceased_on, 'infinity')))) sequence
     group by sequence.authority, sequence.child, sequence.label
),
-- As the Stability Index counts: every new episode by RNE S, P or B after the first day, temporary stays too, but
-- not the first entry to care.
moves as (
    select e.authority, e.child, p.label, count(*)::int as moves
      from period p
      join care.episode e
        on e.authority = any($1::text[]) and not e.short_break
       and e.started_on > ${yearsEnding(1)} and e.started_on <= p.last_day
       and (e.rne in ('P', 'B') or (e.rne = 'S' and e.period_number > 1))
     group by e.authority, e.child, p.label
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
    select distinct d.authority, d.child, p.label
      from period p
      join decision d on d.date_placed <= p.last_day and (d.date_placed_ceased is null or d.date_placed_ceased > p.last_day)
)
select e.authority, e.child, p.label as period, p.last_day as day,
       ${childColumns('p.last_day')},
       ${EPISODE_COLUMNS},
       ${timeInCareSql('e.period_started_on', 'p.last_day')} as time_in_care,
       c.mother,
       (p.last_day - e.period_started_on) as days_in_care,
       coalesce(runs.in_year, 0) as placements_in_year,
       coalesce(runs.in_two_years, 0) as placements_in_two_years,
       e.placements_in_period as placements_in_period_of_care,
       case when e.placements_in_period <= 3 then 'up-to-3' when e.placements_in_period < 10 then '4-to-9' else '10-or-more' end as placements_since_start,
       before.child is not null as in_care_the_year_before,
       workers.workers as social_workers,
       coalesce(worker_changes.changes, 0) as social_worker_changes,
       coalesce(moves.moves, 0) as moves,
       waiting.child is not null and e.usual_placement_code not in ('A3', 'A4', 'A5', 'A6') as waits_for_adoption,
       -- Long-term stability (indicators.md 2.7): in the period of care for two and a half years, with the carer for two.
       e.period_started_on <= (p.last_day - interval '2 years 6 months')::date and not poc.began_as_short_breaks as long_in_care,
       e.same_carer_since <= (p.last_day - interval '2 years')::date
         or (e.usual_placement_code in ('A3', 'A4', 'A5', 'A6')
             and e.previous_carer_since <= (p.last_day - interval '2 years')::date) as same_carer_for_two_years
  from period p
  join care.episode e
    on e.authority = any($1::text[]) and not e.short_break
   and e.started_on <= p.last_day and (e.ceased_on is null or e.ceased_on > p.last_day)
  join care.child c on c.authority = e.authority and c.child = e.child
  join care.period_of_care poc
    on poc.authority = e.authority and poc.child = e.child and poc.started_on = e.period_started_on
  left join runs on runs.authority = e.authority and runs.child = e.child and runs.label = p.label
  left join in_care_the_year_before before on before.authority = e.authority and before.child = e.child and before.label = p.label
  left join workers on workers.authority = e.authority and workers.child = e.child and workers.label = p.label
  left join worker_changes on worker_changes.authority = e.authority and worker_changes.child = e.child and worker_changes.label = p.label
  left join moves on moves.authority = e.authority and moves.child = e.child and moves.label = p.label
  left join waiting on waiting.authority = e.authority and waiting.child = e.child and waiting.label = p.label`,
}
