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

const PLACED_ON = 'coalesce(e.placement_started_on, e.started_on)'

/** One row per child looked after on the last day of the period, with the latest statutory visit on record by then. */
export const statutoryVisitsAt: Population = {
  id: 'statutory-visits-at',
  counts: 'a child looked after on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS],
  facts: ['placement_started_on', 'visited_on', 'visit_on_time'],
  text: `
with visit as (
    select r.authority, r.child, p.ordinal, max(r.clav_cla_visit_date) as visited_on
      from period p
      join care.record_statutory_visits r
        on r.authority = any($1::text[]) and r.clav_cla_visit_date <= p.last_day
     group by r.authority, r.child, p.ordinal
)
select e.authority, e.child, p.label as period, p.ordinal, p.last_day as day,
       ${childColumns('p.last_day', AGE_ON_LAST_DAY)},
       ${EPISODE_COLUMNS},
       ${PLACED_ON} as placement_started_on,
       visit.visited_on,
       -- Within one week of the start of the placement; then not more than six weeks after the last visit in it.
       ${PLACED_ON} >= p.last_day - 7
         or coalesce(visit.visited_on >= ${PLACED_ON} and visit.visited_on >= p.last_day - 42, false) as visit_on_time
  from ${LOOKED_AFTER_ON_LAST_DAY}
  ${joined('visit')}`,
}

/** One row per statutory visit on record in the period. */
export const statutoryVisitsIn: Population = {
  id: 'statutory-visits',
  counts: 'a statutory visit on record in the period',
  kind: 'flow',
  fromRecordsAlone: true,
  dimensions: CHILD_DIMENSIONS,
  facts: ['seen', 'seen_alone'],
  text: `
with visit as (
    select r.authority, r.child, r.clav_cla_visit_date as visited_on, ${CHILD_OF_RECORD},
           r.clav_cla_visit_seen = 'Y' as seen,
           r.clav_cla_visit_seen_alone is not distinct from 'Y' as seen_alone
      from care.record_statutory_visits r
      ${childOf('r')}
     where r.authority = any($1::text[])
       and r.clav_cla_visit_date between (select min(p.first_day) from period p) and (select max(p.last_day) from period p)
)
select e.authority, e.child, p.label as period, p.ordinal, e.visited_on as day,
       ${childColumns('e.visited_on', ageOn('e.visited_on'))},
       e.seen, e.seen_alone
  from period p
  join visit e on e.visited_on between p.first_day and p.last_day`,
}
