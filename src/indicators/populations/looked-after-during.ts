import type { Population } from '../definition.ts'
import { CHILD_DIMENSIONS, childColumns } from './columns.ts'

/**
 * One row per child with a day in care, or a day of a short break, in the period. Who leaves on its first day was
 * not looked after in it. Age is that on the last day of the period.
 */
export const lookedAfterDuring: Population = {
  id: 'looked-after-during',
  counts: 'a child with a day in care in the period, short breaks included',
  kind: 'flow',
  dimensions: CHILD_DIMENSIONS,
  facts: ['had_care', 'had_short_break'],
  text: `
with present as (
    select e.authority, e.child, p.label, p.last_day,
           bool_or(not e.short_break) as had_care, bool_or(e.short_break) as had_short_break
      from period p
      join care.episode e
        on e.authority = any($1::text[]) and e.started_on <= p.last_day
       and (e.ceased_on is null or e.ceased_on > p.first_day)
     group by e.authority, e.child, p.label, p.last_day
)
select present.authority, present.child, present.label as period, present.last_day as day,
       ${childColumns('present.last_day')},
       present.had_care, present.had_short_break
  from present
  join care.child c on c.authority = present.authority and c.child = present.child`,
}
