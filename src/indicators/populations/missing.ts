import type { Population } from '../definition.ts'
import {
  CHILD_DIMENSIONS,
  childColumns,
  HOME_COLUMNS,
  HOME_DIMENSIONS,
  lastingOnLastDay,
  PERIODS_WITH_INCIDENTS,
} from './columns.ts'

/**
 * One row per time missing or away that overlaps the period: also one carried over from before (E31), and one that
 * ended on its first day, for then the child was missing as it began. Described by the day on which it started.
 */
export const missingIncidentsIn: Population = {
  id: 'missing-incidents',
  counts: 'a time missing or away without authorisation that overlaps the period',
  kind: 'flow',
  dimensions: [...CHILD_DIMENSIONS, ...HOME_DIMENSIONS, 'duration'],
  facts: ['incident_kind', 'days_missing'],
  text: `
with incident as (
    select m.*, p.label, p.ordinal, coalesce(m.ended_on, p.last_day) - m.started_on as days
      from ${PERIODS_WITH_INCIDENTS}
)
select e.authority, e.child, e.label as period, e.ordinal, e.started_on as day,
       ${childColumns('e.started_on', 'e.age')},
       ${HOME_COLUMNS},
       e.kind as incident_kind,
       e.days as days_missing,
       case when e.days < 1 then 'less-than-1-day' when e.days <= 2 then '1-to-2-days'
            when e.days <= 7 then '3-to-7-days' when e.days <= 10 then '8-to-10-days'
            when e.days <= 15 then '11-to-15-days' when e.days <= 20 then '16-to-20-days'
            when e.days <= 30 then '21-to-30-days' else 'over-30-days' end as duration
  from incident e`,
}

/** One row per child with such a time in the period. Age is that at the first of them. */
export const missingChildrenIn: Population = {
  id: 'missing-children',
  counts: 'a child who was missing or away without authorisation in the period',
  kind: 'flow',
  dimensions: CHILD_DIMENSIONS,
  facts: ['incidents_missing', 'incidents_away'],
  text: `
with incidents as (
    select m.authority, m.child, p.label, p.ordinal, p.last_day, min(m.started_on) as started_on,
           count(*) filter (where m.kind = 'M')::int as missing,
           count(*) filter (where m.kind = 'A')::int as away,
           -- The same in all of the child's rows.
           min(m.age) as age, min(m.sex) as sex, min(m.ethnicity) as ethnicity,
           min(m.ethnicity_code) as ethnicity_code, bool_or(m.uasc) as uasc, min(m.uasc_ceased_on) as uasc_ceased_on
      from ${PERIODS_WITH_INCIDENTS}
     group by m.authority, m.child, p.label, p.ordinal, p.last_day

)
select e.authority, e.child, e.label as period, e.ordinal, e.started_on as day,
       ${childColumns('e.started_on', 'e.age')},
       e.missing as incidents_missing,
       e.away as incidents_away
  from incidents e`,
}

/** One row per child missing or away at the end of the last day of the period; with the home on that day. */
export const missingAt: Population = {
  id: 'missing-at',
  counts: 'a child who is missing or away without authorisation on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, ...HOME_DIMENSIONS],
  facts: ['incident_kind'],
  text: `
with open as materialized (
    select distinct on (e.authority, e.child, e.kind, p.ordinal)
           e.authority, e.child, e.kind, e.sex, e.ethnicity, e.ethnicity_code, e.uasc, e.uasc_ceased_on,
           p.label, p.ordinal, p.last_day, (p.last_number - e.born_number) / 10000 as years
      from ${lastingOnLastDay('care.missing_incident', 'r.ended_on - 1', 'true')} e
      join period p on p.nth_last_day = e.nth_last_day
     order by e.authority, e.child, e.kind, p.ordinal, e.started_on
),
-- They are few: their episodes are looked up, not all read.
home as (
    select h.authority, h.child, h.started_on, h.ceased_on, h.placement_type, h.placement_provider
      from care.episode h
     where h.authority = any($1::text[]) and h.child = any(array(select distinct o.child from open o)) and not h.short_break
)
select e.authority, e.child, e.label as period, e.ordinal, e.last_day as day,
       ${childColumns('e.last_day', 'e.years')},
       coalesce(home.placement_type, 'not-known') as placement_type,
       coalesce(home.placement_provider, 'not-reported') as placement_provider,
       e.kind as incident_kind
  from open e
  left join home
    on home.authority = e.authority and home.child = e.child
   and home.started_on <= e.last_day and (home.ceased_on is null or home.ceased_on > e.last_day)`,
}
