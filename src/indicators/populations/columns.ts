import type { DimensionId } from '../../vocabulary/dimension.ts'

/**
 * What populations have in common, as SQL. They read `period`, one row per period asked for:
 *
 *   label, ordinal, first_day, last_day     the period, and its number among those asked for
 *   last_number                             its last day as a number (20250331)
 *   year_from … three_years_from            first day of the year, the two and the three years that end on the last day
 *   six_months_ago … five_years_ago         days before the last one; dates are compared faster than intervals added
 *
 * or `day_in_period`, a row for each day of a period: what happened on a day finds its periods by an equal day, which
 * takes a tenth of the time that comparing each with the ends of every period takes; and `last_days`, their last
 * days as one array in order (`nth_last_day` is a period's place in it), for what lasts. The row is described by `e`.
 */
export const PERIOD = `
period as materialized (
    select p.label, p.ordinal::int as ordinal, p.first_day, p.last_day,
           to_char(p.last_day, 'YYYYMMDD')::int as last_number,
           (p.last_day + 1 - interval '1 year')::date as year_from,
           (p.last_day + 1 - interval '2 years')::date as two_years_from,
           (p.last_day + 1 - interval '3 years')::date as three_years_from,
           (p.last_day - interval '6 months')::date as six_months_ago,
           (p.last_day - interval '1 year')::date as one_year_ago,
           (p.last_day - interval '2 years')::date as two_years_ago,
           (p.last_day - interval '2 years 6 months')::date as thirty_months_ago,
           (p.last_day - interval '3 years')::date as three_years_ago,
           (p.last_day - interval '5 years')::date as five_years_ago,
           dense_rank() over (order by p.last_day)::int as nth_last_day
      from unnest($2::text[], $3::date[], $4::date[]) with ordinality as p(label, first_day, last_day, ordinal)
),
last_days as materialized (
    select array_agg(distinct p.last_day order by p.last_day) as days from period p
),
day_in_period as materialized (
    select p.label, p.ordinal, p.first_day, p.last_day, p.first_day + g.days as day
      from period p
     cross join generate_series(0, (select max(p.last_day - p.first_day) from period p)) as g(days)
     where p.first_day + g.days <= p.last_day
)`

export const CHILD_DIMENSIONS: readonly DimensionId[] = [
  'age-band',
  'age',
  'sex',
  'ethnicity',
  'ethnicity-code',
  'uasc',
]

/** Age on the last day; born on 29 February, a birthday of a common year is 1 March, as the numbers have it too. */
export const AGE_ON_LAST_DAY = '(p.last_number - e.born_number) / 10000'

export const childColumns = (day: string, age: string): string => `
       ${age} as age_in_years,
       case when ${age} < 1 then 'under-1' when ${age} < 5 then '1-to-4' when ${age} < 10 then '5-to-9'
            when ${age} < 16 then '10-to-15' else '16-and-over' end as age_band,
       ${age} as age,
       case e.sex when 'M' then 'male' when 'F' then 'female' else 'unknown' end as sex,
       e.ethnicity,
       e.ethnicity_code,
       case when e.uasc and (e.uasc_ceased_on is null or e.uasc_ceased_on > ${day}) then 'yes' else 'no' end as uasc`

export const EPISODE_DIMENSIONS: readonly DimensionId[] = [
  'legal-status',
  'legal-status-code',
  'category-of-need',
  'placement-type',
  'placement-code',
  'placement-provider',
  'placement-location',
  'placement-distance',
]

export const EPISODE_COLUMNS = `
       e.legal_status,
       e.legal_status_code,
       e.category_of_need,
       e.placement_type,
       coalesce(e.usual_placement_code, e.placement_code) as placement_code,
       e.placement_provider,
       e.placement_location,
       e.placement_distance`

/** Of rows that know the home of their day, and no more of the episode. */
export const HOME_DIMENSIONS: readonly DimensionId[] = ['placement-type', 'placement-provider']

export const HOME_COLUMNS = `
       coalesce(e.placement_type, 'not-known') as placement_type,
       coalesce(e.placement_provider, 'not-reported') as placement_provider`

const bands = (
  start: string,
  ago: Record<'months6' | 'years1' | 'years2' | 'years3' | 'years5', string>,
): string =>
  `case when ${start} > ${ago.months6} then 'under-6-months'
            when ${start} > ${ago.years1} then '6-to-12-months'
            when ${start} > ${ago.years2} then '1-to-2-years'
            when ${start} > ${ago.years3} then '2-to-3-years'
            when ${start} > ${ago.years5} then '3-to-5-years'
            else '5-years-and-over' end`

/** Time in care on the last day of the period, in the bands of the dimension. */
export const TIME_IN_CARE_ON_LAST_DAY = bands('e.period_started_on', {
  months6: 'p.six_months_ago',
  years1: 'p.one_year_ago',
  years2: 'p.two_years_ago',
  years3: 'p.three_years_ago',
  years5: 'p.five_years_ago',
})

const before = (interval: string): string => `(e.ceased_on - interval '${interval}')::date`

/** Time in care when the episode ceased. */
export const TIME_IN_CARE_ON_CEASING = bands('e.period_started_on', {
  months6: before('6 months'),
  years1: before('1 year'),
  years2: before('2 years'),
  years3: before('3 years'),
  years5: before('5 years'),
})

/**
 * How many of a child's placements overlap the days since `from`: the one of the episode, and those of the earlier
 * ones that ended after it. One that ended on the first day was over as the day began (E23).
 */
export const placementsSince = (from: string): string =>
  `(case when e.placement_number is null then 0 else 1 end
        + cardinality(e.earlier_placement_ends) - width_bucket(${from}, e.earlier_placement_ends))`

/** Holds a day to the time from the first to the last period, for the index by day; the periods decide the rest. */
export const withinPeriods = (day: string): string =>
  `${day} between (select min(p.first_day) from period p) and (select max(p.last_day) from period p)`

/**
 * What lasts, once for every period on whose last day it does: `[started_on, until)`. The numbers of the last days
 * that lie in it are looked up in their array, so nothing is held against a period that it has nothing to do with.
 */
export const lastingOnLastDay = (relation: string, until: string, condition: string): string => `(
       select r.*,
              generate_series(width_bucket(r.started_on - 1, l.days) + 1,
                              coalesce(width_bucket(${until}, l.days), cardinality(l.days))) as nth_last_day
         from ${relation} r
        cross join last_days l
        where r.authority = any($1::text[]) and ${condition}
          and r.started_on <= l.days[cardinality(l.days)] and (${until} >= l.days[1]) is not false)`

/** The episodes of care that cover the last day of a period. */
export const EPISODES_AT = lastingOnLastDay('care.episode', 'r.ceased_on - 1', 'not r.short_break')

/** Who leaves on the last day itself is still one of them; who moves on it is so with the next episode. */
export const EPISODES_TO_LAST_DAY = lastingOnLastDay(
  'care.episode',
  'case when r.ends_period then r.ceased_on else r.ceased_on - 1 end',
  'not r.short_break',
)

/** Who had a short break in the year that ends on a period's last day: they were not looked after continuously. */
export const SHORT_BREAKS_IN_YEAR = `short_breaks as (
    select distinct s.authority, s.child, p.ordinal
      from period p
      join care.episode s
        on s.authority = any($1::text[]) and s.short_break
       and s.started_on <= p.last_day and (s.ceased_on is null or s.ceased_on > p.year_from)
)`

/**
 * Each period with the times missing or away that overlap it, as `m`: also one that ended on its first day (E31). Those
 * that overlap none are left out before each is held against each.
 */
export const PERIODS_WITH_INCIDENTS = `period p
      join (select r.*
              from care.missing_incident r
             where r.authority = any($1::text[])
               and r.started_on <= (select max(p.last_day) from period p)
               and (r.ended_on is null or r.ended_on >= (select min(p.first_day) from period p))
            offset 0) m
        on m.started_on <= p.last_day and (m.ended_on is null or m.ended_on >= p.first_day)`

/** The episodes and days of the children looked after on the last day of each period, as `e` and `p`. */
export const LOOKED_AFTER_ON_LAST_DAY = `${EPISODES_AT} e
  join period p on p.nth_last_day = e.nth_last_day`

/** Joins what a statement has gathered for a child and a period, by its name; the period's number stands in `p` or `e`. */
export const joined = (name: string, period: 'p' | 'e' = 'p'): string =>
  `left join ${name} on ${name}.authority = e.authority and ${name}.child = e.child and ${name}.ordinal = ${period}.ordinal`

/**
 * Children as returned, for rows that come from records: `c` beside the record `r`, with the day of birth as the
 * number that ages are differences of. A record names no child that no return has.
 */
export const childOf = (record: string): string =>
  `join care.child c on c.authority = ${record}.authority and c.child = ${record}.child`

export const CHILD_OF_RECORD = `to_char(c.born, 'YYYYMMDD')::int as born_number,
           c.sex, c.ethnicity, c.ethnicity_code, c.uasc, c.uasc_ceased_on`

/** Age on a day of a row that knows the day of birth as a number. */
export const ageOn = (day: string): string => `(to_char(${day}, 'YYYYMMDD')::int - e.born_number) / 10000`
