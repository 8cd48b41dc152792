import type { Population } from '../definition.ts'
import { LOOKED_AFTER_ON_LAST_DAY } from './columns.ts'

const PLACED_HERE = `period p
  join care.record_children_placed_here r
    on r.authority = any($1::text[]) and r.chph_start_date <= p.last_day
   and (r.chph_end_date is null or r.chph_end_date > p.last_day)`

/** One row per child of another authority who lives in this one's area. The id of the notification is all that is known. */
export const placedHereAt: Population = {
  id: 'placed-here-at',
  counts: 'a child of another authority who lives in this one’s area on the last day of the period',
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: [],
  facts: [],
  text: `
select r.authority, r.id as child, p.label as period, p.ordinal, p.last_day as day
  from ${PLACED_HERE}`,
}

/** The children of others placed here (1 each), and the authority's own placed elsewhere (-1 each). */
export const gainedByPlacementAt: Population = {
  id: 'gained-by-placement-at',
  counts:
    'a child of another authority who lives here on the last day of the period, or one of the authority’s own who lives elsewhere',
  kind: 'stock',
  dimensions: [],
  facts: [],
  text: `
select r.authority, r.id as child, p.label as period, p.ordinal, p.last_day as day, 1 as gain
  from ${PLACED_HERE}
union all
select e.authority, e.child, p.label, p.ordinal, p.last_day, -1
  from ${LOOKED_AFTER_ON_LAST_DAY}
 where e.placement_location = 'outside'`,
}
