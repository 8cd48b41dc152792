import { birthday, CHILD, CHILD_COLUMNS, DESCRIBED_COLUMNS, HELD } from './held-returns.ts'

/**
 * Who has been looked after since the 14th birthday, and whether for the thirteen weeks, with some time after the
 * 16th birthday, from which the duties of the Children Act 1989 to care leavers follow. Days are counted half-open,
 * all periods of care together (E34), up to the 18th birthday; short breaks don't count. OC3 names people of whom
 * the returns held know no more: they are here too, with that as the only proof.
 */
export const CARE_LEAVER_HISTORIES = `
with held as (${HELD}
),
person as (
    select c.child, c.born,
           ${birthday('c.born', '14')} as fourteen_on,
           ${birthday('c.born', '16')} as sixteen_on,
           ${birthday('c.born', '18')} as eighteen_on
      from care.child c
     where c.authority = $1
       -- Nobody younger is entitled on any day that is covered.
       and ${birthday('c.born', '16')} <= (select max(held.covers_until) from held)
),
stretch as (
    select p.child, p.sixteen_on,
           greatest(e.started_on, p.fourteen_on) as from_day,
           least(coalesce(e.ceased_on, 'infinity'), p.eighteen_on) as until_day
      from person p
      join care.episode e on e.authority = $1 and e.child = p.child and not e.short_break
     where e.started_on < p.eighteen_on and coalesce(e.ceased_on, 'infinity') > p.fourteen_on
),
counted as (
    select s.*, s.until_day - s.from_day as days,
           coalesce(sum(s.until_day - s.from_day) over earlier, 0)::int as days_before
      from stretch s
    window earlier as (partition by s.child order by s.from_day rows between unbounded preceding and 1 preceding)
),
care as (
    select k.child,
           sum(k.days)::int as days_since_fourteen,
           coalesce(sum(least(k.until_day, k.sixteen_on) - k.from_day) filter (where k.from_day < k.sixteen_on), 0)::int as days_before_sixteen,
           min(greatest(k.from_day, k.sixteen_on)) filter (where k.until_day > k.sixteen_on) as in_care_after_sixteen_on,
           -- The day after the 91st.
           min(k.from_day + (91 - k.days_before)) filter (where k.days_before < 91 and k.days_before + k.days >= 91) as thirteen_weeks_on
      from counted k
     group by k.child
),
episodes as (
    select e.child, array_agg(e.started_on order by e.started_on) as from_days,
           array_agg(coalesce(e.ceased_on, 'infinity') order by e.started_on) as until_days,
           array_agg(case when e.ends_period then coalesce(e.rec, '') else '' end order by e.started_on) as reasons
      from care.episode e
      join person p on p.child = e.child
     where e.authority = $1 and not e.short_break
     group by e.child
),
guardianship as (
    select distinct e.child
      from care.episode e
     where e.authority = $1 and e.ends_period and e.rec in ('E43', 'E44', 'E45', 'E46', 'E47', 'E48')
),
oc3 as (
    select o.child, array_agg(distinct ${birthday('c.born', "((held.year * 10000 + 331 - to_char(c.born, 'YYYYMMDD')::int) / 10000)")}) as birthdays,
           min(make_date(held.year, 3, 31)) filter (where o.in_touch = 'DIED') as died_by
      from care.returned_oc3 o
      join held on held.number = o.return_number
      join care.child c on c.authority = $1 and c.child = o.child
     where o.authority = $1
     group by o.child
)
insert into care.care_leaver_history (authority, child, ${CHILD_COLUMNS}, sixteen_on, eighteen_on, days_since_fourteen, days_before_sixteen,
                                      in_care_after_sixteen_on, qualifies_on, in_care_from, in_care_until, reasons_for_ceasing,
                                      died_by, returned_in_oc3)
select $1, p.child, ${CHILD}, p.sixteen_on, p.eighteen_on,
       coalesce(care.days_since_fourteen, 0), coalesce(care.days_before_sixteen, 0), care.in_care_after_sixteen_on,
       -- A day after 16 is behind them on the morrow; greatest() would pass over an unknown one.
       case when care.in_care_after_sixteen_on is not null and care.thirteen_weeks_on is not null
            then greatest(care.thirteen_weeks_on, care.in_care_after_sixteen_on + 1) end,
       coalesce(episodes.from_days, '{}'), coalesce(episodes.until_days, '{}'), coalesce(episodes.reasons, '{}'),
       oc3.died_by, coalesce(oc3.birthdays, '{}')
  from person p
  join care.child c on c.authority = $1 and c.child = p.child
  left join care on care.child = p.child
  left join episodes on episodes.child = p.child
  left join guardianship on guardianship.child = p.child
  left join oc3 on oc3.child = p.child
 where care.child is not null or guardianship.child is not null or oc3.child is not null`

/** OC3: each row with the birthday that it is about. */
export const CARE_LEAVERS = `
with held as (${HELD}
),
returned as (
    select o.child, o.in_touch, o.activ, o.accom,
           (held.year * 10000 + 331 - to_char(c.born, 'YYYYMMDD')::int) / 10000 as age
      from care.returned_oc3 o
      join held on held.number = o.return_number
      join care.child c on c.authority = $1 and c.child = o.child
     where o.authority = $1
),
on_day as (
    select r.*, ${birthday('c.born', 'r.age')} as birthday
      from returned r
      join care.child c on c.authority = $1 and c.child = r.child
),
last_care as (
    select distinct on (o.child, o.birthday) o.child, o.birthday, p.rec, p.ceased_on
      from on_day o
      join care.period_of_care p on p.authority = $1 and p.child = o.child and p.started_on <= o.birthday
     order by o.child, o.birthday, p.started_on desc
),
fostered as (
    select e.child, e.ceased_on as until
      from care.episode e
     where e.authority = $1 and e.ends_period
       and coalesce(e.usual_placement_code, e.placement_code) in ('U1', 'U2', 'U3', 'U4', 'U5', 'U6')
)
insert into care.care_leaver (authority, child, birthday, in_touch, activity, accommodation, ${DESCRIBED_COLUMNS}, transferred, fostered_at_eighteen)
select $1, o.child, o.birthday, o.in_touch, o.activ, o.accom, ${CHILD}, o.age,
       coalesce(l.rec = 'E3' and l.ceased_on <= o.birthday, false),
       fostered.child is not null and h.qualifies_on is not null
  from on_day o
  join care.child c on c.authority = $1 and c.child = o.child
  join care.care_leaver_history h on h.authority = $1 and h.child = o.child
  left join last_care l on l.child = o.child and l.birthday = o.birthday
  left join fostered on fostered.child = o.child and fostered.until = h.eighteen_on
    on conflict do nothing`
