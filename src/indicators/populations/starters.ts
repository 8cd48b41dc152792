import type { Population } from '../definition.ts'
import {
  CHILD_DIMENSIONS,
  childColumns,
  EPISODE_COLUMNS,
  EPISODE_DIMENSIONS,
  withinPeriods,
} from './columns.ts'

/** One row per child who started to be looked after in the period: the first occasion only (E06). */
export const starters: Population = {
  id: 'starters',
  counts: 'a child who started to be looked after in the period',
  kind: 'flow',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS, 'previous-permanence'],
  facts: [],
  text: `
select e.authority, e.child, p.label as period, p.ordinal, e.started_on as day,
       ${childColumns('e.started_on', 'e.age_on_start')},
       ${EPISODE_COLUMNS},
       coalesce(lower(e.previous_permanence), 'not-reported') as previous_permanence
  from day_in_period p
  join care.episode e
    on e.authority = any($1::text[]) and e.starts_period and e.started_on = p.day and ${withinPeriods('e.started_on')}
   and (e.previous_start_on is null or e.previous_start_on < p.first_day)`,
}
