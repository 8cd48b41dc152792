import type { Population } from '../definition.ts'
import { CHILD_DIMENSIONS, childColumns, withinPeriods } from './columns.ts'

/** One row per review in the period of a child who was looked after on the day. */
export const reviewsIn: Population = {
  id: 'reviews',
  counts: 'a review in the period of a child who was looked after on the day',
  kind: 'flow',
  dimensions: [...CHILD_DIMENSIONS, 'review-participation'],
  facts: [],
  text: `
select e.authority, e.child, p.label as period, p.ordinal, e.held_on as day,
       ${childColumns('e.held_on', 'e.age')},
       lower(e.code) as review_participation
  from day_in_period p
  join care.review e
    on e.authority = any($1::text[]) and e.held_on = p.day and ${withinPeriods('e.held_on')}`,
}

/** One row per review that was due in the period. */
export const reviewsDueIn: Population = {
  id: 'reviews-due',
  counts: 'a review that was due in the period',
  kind: 'flow',
  dimensions: [...CHILD_DIMENSIONS],
  facts: ['review_held_on'],
  text: `
select e.authority, e.child, p.label as period, p.ordinal, e.due_on as day,
       ${childColumns('e.due_on', 'e.age')},
       case when e.held_on <= p.last_day then e.held_on end as review_held_on,
       e.held_on <= e.due_on is true as on_time
  from day_in_period p
  join care.review_due e
    on e.authority = any($1::text[]) and e.due_on = p.day and ${withinPeriods('e.due_on')}`,
}

/** One row per child with a review due in the period. Age is that on the last of those days. */
export const childrenWithReviewsDueIn: Population = {
  id: 'children-with-reviews-due',
  counts: 'a child with a review due in the period',
  kind: 'flow',
  dimensions: CHILD_DIMENSIONS,
  facts: ['reviews_due', 'reviews_on_time'],
  text: `
with due as (
    select d.authority, d.child, p.label, p.ordinal, max(d.due_on) as due_on, count(*)::int as due,
           count(*) filter (where d.held_on <= d.due_on)::int as on_time,
           -- Of the child: the same in all rows. Ages only grow.
           max(d.age) as age, min(d.sex) as sex, min(d.ethnicity) as ethnicity,
           min(d.ethnicity_code) as ethnicity_code, bool_or(d.uasc) as uasc, min(d.uasc_ceased_on) as uasc_ceased_on
      from day_in_period p
      join care.review_due d
        on d.authority = any($1::text[]) and d.due_on = p.day and ${withinPeriods('d.due_on')}
     group by d.authority, d.child, p.label, p.ordinal
)
select e.authority, e.child, e.label as period, e.ordinal, e.due_on as day,
       ${childColumns('e.due_on', 'e.age')},
       e.due as reviews_due,
       e.on_time as reviews_on_time
  from due e`,
}
