import type { DimensionId } from '../../vocabulary/dimension.ts'

/**
 * Where a home lies, seen from the responsible authority, by today's boundaries and by those of the day; and how far
 * it is from the child's own. What there is to know of a home is derived at load, by today's boundaries
 * (`src/returns/history/journeys.ts`); those of a day follow from which authorities there were on it.
 */
export const PLACE_DIMENSIONS: readonly DimensionId[] = [
  'placement-distance-band',
  'placement-authority-relation',
  'placement-authority-relation-of-the-day',
]

/** By the miles as they are kept, with one decimal: so 20.0 is in the band to 20 and 20.1 in that over it. */
const DISTANCE_BAND = `case when e.distance_miles is null then 'not-known'
            when e.distance_miles < 5.0 then 'under-5-miles'
            when e.distance_miles <= 10.0 then '5-to-10-miles'
            when e.distance_miles <= 20.0 then 'over-10-to-20-miles'
            when e.distance_miles <= 50.0 then 'over-20-to-50-miles'
            else 'over-50-miles' end`

/** Where the home of an episode `e` lies, by today's boundaries. */
export const RELATION = `case when e.placement_authority is null then 'not-known'
            when e.placement_location = 'inside' then 'inside'
            when e.placement_authority ~ '^E' then case when e.at_a_distance then 'at-a-distance' else 'adjoining' end
            when e.placement_authority ~ '^[WSN][0-9]' then 'outside-england'
            else 'outside-uk' end`

/** The columns of the dimensions, of a row `e` that is an episode, as on a day. */
export const placeColumns = (day: string): string => `${DISTANCE_BAND} as placement_distance_band,
       ${RELATION} as placement_authority_relation,
       coalesce((select o.relation
                   from other_boundaries o
                  where o.authority = e.authority and o.placement_authority = e.placement_authority
                    and o.from_day <= ${day} and ${day} < o.until_day),
                ${RELATION}) as placement_authority_relation_of_the_day`

/**
 * Pairs of a responsible authority and today's authority of a placement that were something else to each other before
 * authorities were merged or divided, with the days between which they were; all other pairs are what they are today.
 *
 * - Who did not exist yet was, on the day, one of those that went into it; where it makes a difference which, the
 *   relation is not known. So it is for a placement too: Cumberland's were all Cumbria's, but in Bournemouth,
 *   Christchurch and Poole a home may have been in any of three.
 * - A responsible authority that is no more stands for all that took its place, as in today's figures.
 * - Who is no more bordered on what its successors border on, each other aside. Bournemouth and Poole alone covered
 *   less than their successor, and bordered on each other and on the county of Dorset.
 *
 * Parishes that changed sides while both authorities remained can't be seen in a directory of today.
 */
export const OTHER_BOUNDARIES = `other_boundaries as materialized (
    with change as (
        select a.existed_from as day from care.reference_authority a where a.existed_from is not null
        union
        select a.existed_until from care.reference_authority a where a.existed_until is not null
        union
        select date '-infinity'
    ),
    stretch as (
        select c.day as from_day, lead(c.day, 1, date 'infinity') over (order by c.day) as until_day from change c
    ),
    kin as (
        select t.authority as code, t.today as other from care.authority_today t
        union
        select t.today, t.authority from care.authority_today t
        union
        select a.code, a.code from care.reference_authority a
    ),
    lived as (
        select a.code, s.from_day, s.until_day,
               coalesce(a.existed_from <= s.from_day, true) and coalesce(a.existed_until >= s.until_day, true) as exists_then,
               coalesce(a.existed_until <= s.from_day, false) as is_gone
          from care.reference_authority a
         cross join stretch s
    ),
    -- Which authorities a code of any time stood for in each stretch.
    known_as as (
        select l.code, l.from_day, l.until_day, l.is_gone, o.code as then_code
          from lived l
          join kin k on k.code = l.code
          join lived o on o.code = k.other and o.from_day = l.from_day
         where o.exists_then and (k.other = l.code or not l.exists_then)
    ),
    border as (
        select a.authority, b.authority as adjacent
          from care.adjacent_authority n
          join care.authority_today a on a.today = n.authority
          join care.authority_today b on b.today = n.adjacent
         where not (array[a.authority, b.authority] && array['E06000028', 'E06000029'])
        union
        select b.authority, b.adjacent
          from (values ('E06000028', 'E06000029'), ('E06000028', 'E10000009'), ('E06000029', 'E06000028'),
                       ('E06000029', 'E10000009'), ('E10000009', 'E06000028'), ('E10000009', 'E06000029')) as b (authority, adjacent)
    ),
    changed as (
        select k.code from kin k where k.other <> k.code
    ),
    pair as (
        select distinct r.code as authority, t.code as placement_authority, r.from_day, r.until_day,
               case when r.is_gone then '' else r.then_code end as one_of,
               r.then_code as responsible, t.then_code as placed_in
          from known_as r
          join known_as t on t.from_day = r.from_day and not t.is_gone
         where r.code = any($1::text[])
           and (r.code in (select c.code from changed c) or t.code in (select c.code from changed c))
    ),
    -- 1 inside, 2 adjoining, 3 at a distance; the nearest of those that an authority that is no more stands for.
    nearest as (
        select p.authority, p.placement_authority, p.from_day, p.until_day, p.one_of, p.placed_in,
               min(case when p.responsible = p.placed_in then 1 when b.authority is not null then 2 else 3 end) as far
          from pair p
          left join border b on b.authority = p.responsible and b.adjacent = p.placed_in
         group by p.authority, p.placement_authority, p.from_day, p.until_day, p.one_of, p.placed_in
    ),
    judged as (
        select n.authority, n.placement_authority, n.from_day, n.until_day,
               case when min(n.far) < max(n.far) then 'not-known'
                    else (array['inside', 'adjoining', 'at-a-distance'])[min(n.far)] end as relation
          from nearest n
         group by n.authority, n.placement_authority, n.from_day, n.until_day
    )
    select j.authority, j.placement_authority, j.from_day, j.until_day, j.relation
      from judged j
      join judged today
        on today.authority = j.authority and today.placement_authority = j.placement_authority
       and today.until_day = date 'infinity'
     where j.relation <> today.relation
)`
