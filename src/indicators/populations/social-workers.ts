import type { Population } from '../definition.ts'
import { EPISODES_AT, lastingOnLastDay } from './columns.ts'

/** One row per social worker with a looked-after child allocated on the last day of the period. */
export const socialWorkersAt: Population = {
  id: 'social-workers-at',
  counts: 'a social worker with a looked-after child allocated on the last day of the period',
  kind: 'stock',
  dimensions: [],
  facts: ['children_allocated'],
  // A worker is no child: the list gives the worker's own pseudonymous identifier in the child's place.
  text: `
with allocated as (
    select w.authority, w.social_worker, w.child, w.nth_last_day
      from ${lastingOnLastDay('care.social_worker_episode', 'r.ceased_on - 1', 'true')} w
      join ${EPISODES_AT} e
        on e.authority = w.authority and e.child = w.child and e.nth_last_day = w.nth_last_day
     group by w.authority, w.social_worker, w.child, w.nth_last_day
)
select a.authority, a.social_worker as child, p.label as period, p.ordinal, p.last_day as day,
       count(*)::int as children_allocated
  from allocated a
  join period p on p.nth_last_day = a.nth_last_day
 group by a.authority, a.social_worker, p.label, p.ordinal, p.last_day`,
}
