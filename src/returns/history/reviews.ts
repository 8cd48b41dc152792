import { DESCRIBED_COLUMNS, describedOn, HELD } from './held-returns.ts'

/** Reviews of children who were looked after on the day, each as the latest return that holds the day says. */
export const REVIEWS = `
with held as (${HELD}
),
stated as (
    select distinct on (r.child, r.review) r.child, r.review, r.review_code
      from care.returned_review r
      join held on held.number = r.return_number
     where r.authority = $1
     order by r.child, r.review, held.year desc
)
insert into care.review (authority, child, held_on, code, ${DESCRIBED_COLUMNS})
select $1, s.child, s.review, s.review_code, ${describedOn('s.review')}
  from stated s
  join care.child c on c.authority = $1 and c.child = s.child
  join care.period_of_care p
    on p.authority = $1 and p.child = s.child and p.started_on <= s.review and (p.ceased_on is null or p.ceased_on > s.review)`

/**
 * When reviews were due. The first within 20 working days of the start of care, the second within three months of the
 * first, each later one within six of the one before; only while the child is looked after (E58). The return has no
 * due dates. Of a period of care that began before the first return held, the first review known is not judged, for
 * it may have been the tenth; the next is due six months after it. $2 are England's bank holidays.
 */
export const REVIEWS_DUE = `
with held as (${HELD}
),
weekday as (
    select day::date as day,
           count(*) filter (where extract(isodow from day) < 6 and day::date <> all ($2::date[])) over (order by day) as number,
           extract(isodow from day) < 6 and day::date <> all ($2::date[]) as works
      from generate_series((select min(held.covers_from) from held), (select max(held.covers_until) + 60 from held), interval '1 day') as day
),
period as (
    select p.child, p.started_on, p.ceased_on,
           p.started_on < (select min(held.covers_from) from held) as began_before
      from care.period_of_care p
     where p.authority = $1
),
in_period as (
    select p.child, p.started_on, p.ceased_on, p.began_before, r.held_on,
           row_number() over (partition by p.child, p.started_on order by r.held_on) as number,
           lead(r.held_on) over (partition by p.child, p.started_on order by r.held_on) as next_held_on
      from period p
      join care.review r
        on r.authority = $1 and r.child = p.child and r.held_on >= p.started_on and (p.ceased_on is null or r.held_on < p.ceased_on)
),
due as (
    -- The first.
    select p.child, p.ceased_on, 1 as number, twentieth.day as due_on, r.held_on
      from period p
      left join in_period r on r.child = p.child and r.started_on = p.started_on and r.number = 1
      join weekday began on began.day = p.started_on
      join weekday twentieth on twentieth.number = began.number + 20 and twentieth.works
     where not p.began_before
    union all
    -- After each review, the next. Of two on the last days of a month, both may be due on one day.
    select r.child, r.ceased_on, r.number + 1,
           (r.held_on + case when r.number = 1 and not r.began_before then interval '3 months' else interval '6 months' end)::date,
           r.next_held_on
      from in_period r
)
insert into care.review_due (authority, child, due_on, number, held_on, ${DESCRIBED_COLUMNS})
select $1, d.child, d.due_on, d.number, d.held_on, ${describedOn('d.due_on')}
  from due d
  join care.child c on c.authority = $1 and c.child = d.child
 where d.ceased_on is null or d.due_on < d.ceased_on`
