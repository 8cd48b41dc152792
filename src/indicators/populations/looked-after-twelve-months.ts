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
 * One row per child looked after continuously for the twelve months that end on the last day of the period: the
 * population of OC2. Who leaves on that very day is in it, although not in the day's stock (E03); a start on the
 * first day counts as twelve months (E04).
 */
export const lookedAfterTwelveMonths: Population = {
  id: 'looked-after-twelve-months',
  counts: 'a child looked after continuously for twelve months on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS, 'time-in-care'],
  facts: ['placements_in_year'],
  text: `
with runs as (
    select pl.authority, pl.child, p.label, count(*)::int as in_year
      from period p
      join care.placement pl
        on pl.authority = any($1::text[]) and pl.started_on <= p.last_day
       and (pl.ceased_on is null or pl.ceased_on > ${yearsEnding(1)})
     group by pl.authority, pl.child, p.label
),
short_breaks as (
    select distinct s.authority, s.child, p.label
      from period p
      join care.episode s
        on s.authority = any($1::text[]) and s.short_break
       and s.started_on <= p.last_day and (s.ceased_on is null or s.ceased_on > ${yearsEnding(1)})
)
select e.authority, e.child, p.label as period, p.last_day as day,
       ${childColumns('p.last_day')},
       ${EPISODE_COLUMNS},
       ${timeInCareSql('e.period_started_on', 'p.last_day')} as time_in_care,
       coalesce(runs.in_year, 0) as placements_in_year,
       e.ceased_on = p.last_day as leaves_on_last_day
  from period p
  join care.period_of_care poc
    on poc.authority = any($1::text[]) and poc.started_on <= ${yearsEnding(1)}
   and (poc.ceased_on is null or poc.ceased_on >= p.last_day)
  join care.episode e
    on e.authority = poc.authority and e.child = poc.child and e.period_started_on = poc.started_on
   and e.started_on <= p.last_day
   and (e.ceased_on is null or e.ceased_on > p.last_day
        or (e.ceased_on = p.last_day and e.started_on = poc.last_episode_started_on and poc.rec is distinct from 'X1'))
  join care.child c on c.authority = e.authority and c.child = e.child
  left join runs on runs.authority = e.authority and runs.child = e.child and runs.label = p.label
  left join short_breaks on short_breaks.authority = e.authority and short_breaks.child = e.child and short_breaks.label = p.label
 where short_breaks.child is null`,
}
