import type { Population } from '../definition.ts'
import { CHILD_DIMENSIONS, childColumns } from './columns.ts'

/**
 * One row per care leaver returned in OC3 whose birthday (17th to 21st) falls in the period; the row is taken as
 * proof of the thirteen weeks. Who died, went home for good or was taken over by another authority is left out (E39).
 */
export const careLeaversIn: Population = {
  id: 'care-leavers',
  counts: 'a care leaver aged 17 to 21, returned in OC3 for the birthday in the period',
  kind: 'flow',
  dimensions: ['age', 'sex', 'ethnicity', 'ethnicity-code', 'age-group', 'activity', 'accommodation'],
  facts: ['in_touch', 'activity_code', 'accommodation_code', 'former_uasc', 'fostered_at_eighteen'],
  text: `
select e.authority, e.child, p.label as period, p.ordinal, e.birthday as day,
       ${childColumns('e.birthday', 'e.age::int')},
       case when e.age <= 18 then '17-to-18' else '19-to-21' end as age_group,
       e.in_touch,
       coalesce(e.activity, '0') as activity_code,
       coalesce(e.accommodation, '0') as accommodation_code,
       left(coalesce(e.accommodation, '0'), 1) in ('G', 'H', 'R') as is_out_of_reach,
       e.uasc as former_uasc,
       e.fostered_at_eighteen,
       case when e.activity in ('F1', 'P1') then 'higher-education'
            when e.activity in ('F2', 'P2') then 'other-education'
            when e.activity in ('F4', 'P4') then 'apprenticeship'
            when e.activity in ('F3', 'P3', 'F5', 'P5') then 'training-or-employment'
            when e.activity = 'G4' then 'neet-illness-or-disability'
            when e.activity = 'G6' then 'neet-pregnancy-or-parenting'
            when e.activity = 'G5' then 'neet-other'
            else 'not-known' end as activity,
       lower(left(coalesce(e.accommodation, '0'), 1)) as accommodation
  from period p
  join care.care_leaver e
    on e.authority = any($1::text[]) and e.birthday between p.first_day and p.last_day
   and e.age between 17 and 21 and e.in_touch not in ('DIED', 'RHOM') and not e.transferred`,
}

/**
 * One row per young person to whom duties are owed on the last day of the period under the Children Act 1989, section
 * 23A and following, from the history. What the return cannot say (in hospital on the 16th birthday, in education
 * after 21, home for good) comes from the records \`care-leaver-circumstances\`.
 */
export const entitledAt: Population = {
  id: 'entitled',
  counts: 'a young person with an entitlement as a care leaver on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, 'entitlement'],
  facts: [
    'entitlement_basis',
    'days_since_fourteen',
    'qualifies_on',
    'left_care_on',
    'oc3_expected',
    'oc3_returned',
  ],
  text: `
with person as (
    select h.*, p.label, p.ordinal, p.last_day, p.last_number, (p.last_number - h.born_number) / 10000 as years,
           width_bucket(p.last_day, h.in_care_from) as last_episode,
           (to_date(h.born_number::text, 'YYYYMMDD') + (p.last_number - h.born_number) / 10000 * interval '1 year')::date as plain_birthday
      from period p
      join care.care_leaver_history h
        on h.authority = any($1::text[]) and h.sixteen_on <= p.last_day and p.last_number - h.born_number < 250000
),
placed as (
    select h.*, h.last_episode > 0 and h.in_care_until[h.last_episode] > h.last_day as looked_after,
           case when h.in_care_until[h.last_episode] <= h.last_day then h.in_care_until[h.last_episode] end as left_care_on,
           case when h.in_care_until[h.last_episode] <= h.last_day then h.reasons_for_ceasing[h.last_episode] end as rec
      from person h
),
judged as (
    select j.*,
           -- Thirteen weeks proven by the history; or, of somebody it does not reach, by OC3.
           case when j.qualifies_on <= j.last_day then 'thirteen-weeks'
                when cardinality(j.in_care_from) = 0 and cardinality(j.returned_in_oc3) > 0 and j.returned_in_oc3[1] <= j.last_day then 'returned-in-oc3' end as proof
      from placed j
     where (j.died_by is null or j.died_by > j.last_day) and coalesce(j.rec, '') not in ('E2', 'E3')
),
categories as (
    select k.*,
           -- The latest birthday; born on 29 February, in common years it is 1 March.
           k.plain_birthday + (extract(day from k.plain_birthday) <> k.born_number % 100)::int as birthday,
           case when k.years < 18 and k.looked_after then case when k.proof is not null then 'eligible' end
                when k.looked_after then null
                when k.years < 18 and k.proof is not null then 'relevant'
                when k.years >= 18 and k.years < 21 and k.proof is not null then 'former-relevant'
                when k.years < 21 and (k.in_care_after_sixteen_on <= k.last_day or k.special_guardianship_on <= k.last_day) then 'qualifying' end as category
      from judged k
)
select e.authority, e.child, e.label as period, e.ordinal, e.last_day as day,
       ${childColumns('e.last_day', 'e.years')},
       e.category as entitlement,
       coalesce(e.proof, case when e.in_care_after_sixteen_on <= e.last_day then 'looked-after-after-sixteen' else 'special-guardianship' end) as entitlement_basis,
       e.days_since_fourteen,
       e.qualifies_on,
       e.left_care_on,
       -- OC3 asks for them from the 17th to the 21st birthday, of who is no longer looked after on it (E37).
       e.years >= 17 and e.category in ('relevant', 'former-relevant')
         and (e.in_care_until[width_bucket(e.birthday, e.in_care_from)] > e.birthday) is not true as oc3_expected,
       e.birthday = any(e.returned_in_oc3) as oc3_returned
  from categories e
 where e.category is not null`,
}
