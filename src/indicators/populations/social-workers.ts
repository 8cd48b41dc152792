import type { Population } from '../definition.ts'

/** One row per social worker with a looked-after child allocated on the last day of the period. */
export const socialWorkersAt: Population = {
  id: 'social-workers-at',
  counts: 'a social worker with a looked-after child allocated on the last day of the period',
  kind: 'stock',
  dimensions: [],
  facts: ['children_allocated'],
  // A worker is no child: the list gives the worker's own pseudonymous identifier in the child's place.
  text: `
select w.authority, w.social_worker as child, p.label as period, p.ordinal, p.last_day as day,
       count(distinct w.child)::int as children_allocated
  from period p
  join care.social_worker_episode w
    on w.authority = any($1::text[]) and w.started_on <= p.last_day and (w.ceased_on is null or w.ceased_on > p.last_day)
  join care.episode e
    on e.authority = w.authority and e.child = w.child and not e.short_break
   and e.started_on <= p.last_day and (e.ceased_on is null or e.ceased_on > p.last_day)
 group by w.authority, w.social_worker, p.label, p.ordinal, p.last_day`,
}
