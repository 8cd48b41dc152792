import type { Population } from '../definition.ts'
import { CHILD_DIMENSIONS, childColumns, EPISODE_COLUMNS, EPISODE_DIMENSIONS } from './columns.ts'

/** One row per child who started to be looked after in the period: the first occasion only (E06). */
export const starters: Population = {
  id: 'starters',
  counts: 'a child who started to be looked after in the period',
  kind: 'flow',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS, 'previous-permanence'],
  facts: [],
  text: `
with first_start as (
    select distinct on (poc.authority, poc.child, p.label) poc.authority, poc.child, p.label, poc.started_on
      from period p
      join care.period_of_care poc
        on poc.authority = any($1::text[]) and poc.start_is_known
       and poc.started_on between p.first_day and p.last_day
     order by poc.authority, poc.child, p.label, poc.started_on
)
select e.authority, e.child, s.label as period, s.started_on as day,
       ${childColumns('s.started_on')},
       ${EPISODE_COLUMNS},
       coalesce(lower(c.previous_permanence), 'not-reported') as previous_permanence
  from first_start s
  join care.episode e on e.authority = s.authority and e.child = s.child and e.started_on = s.started_on
  join care.child c on c.authority = s.authority and c.child = s.child`,
}
