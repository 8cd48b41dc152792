import type { Population } from '../definition.ts'
import { CHILD_DIMENSIONS, childColumns, withinPeriods } from './columns.ts'

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
       ${childColumns('e.birthday', 'e.age')},
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
  from day_in_period p
  join care.care_leaver e
    on e.authority = any($1::text[]) and e.birthday = p.day and ${withinPeriods('e.birthday')}
   and e.age between 17 and 21 and e.in_touch not in ('DIED', 'RHOM') and not e.transferred`,
}

/**
 * The young people of an age (as a condition on `years`) and their category under the Children Act 1989, section 23A
 * and following, on the last day of each period, as `categories`: from the history, and from the records
 * `care-leaver-circumstances` what the return cannot say.
 */
const categoriesOf = (ages: string): string => `
circumstance as (
    select h.authority, h.child, p.ordinal,
           bool_or(r.clci_circumstance = 'hospital-or-detention'
                   and h.sixteen_on between r.clci_start_date and coalesce(r.clci_end_date, 'infinity')) as detained_at_sixteen,
           bool_or(r.clci_circumstance = 'education-or-training'
                   and coalesce(r.clci_end_date, 'infinity') >= p.last_day) as in_education,
           bool_or(r.clci_circumstance = 'support-requested'
                   and coalesce(r.clci_end_date, 'infinity') >= p.last_day) as asked_for_support,
           bool_or(r.clci_circumstance = 'returned-home' and r.clci_start_date <= p.six_months_ago
                   and coalesce(r.clci_end_date, 'infinity') >= p.last_day) as returned_home,
           bool_or(r.clci_circumstance = 'special-guardianship') as under_guardianship
      from period p
      join care.record_care_leaver_circumstances r on r.authority = any($1::text[]) and r.clci_start_date <= p.last_day
      join care.care_leaver_history h on h.authority = r.authority and h.child = r.child
     group by h.authority, h.child, p.ordinal
),
person as (
    select h.*, p.label, p.ordinal, p.last_day, p.last_number, (p.last_number - h.born_number) / 10000 as years,
           width_bucket(p.last_day, h.in_care_from) as last_episode,
           (to_date(h.born_number::text, 'YYYYMMDD') + (p.last_number - h.born_number) / 10000 * interval '1 year')::date as plain_birthday
      from period p
      join care.care_leaver_history h
        on h.authority = any($1::text[]) and h.sixteen_on <= p.last_day and (p.last_number - h.born_number) / 10000 ${ages}
),
placed as (
    select h.*, h.last_episode > 0 and h.in_care_until[h.last_episode] > h.last_day as looked_after,
           case when h.in_care_until[h.last_episode] <= h.last_day then h.in_care_until[h.last_episode] end as left_care_on,
           case when h.in_care_until[h.last_episode] <= h.last_day then h.reasons_for_ceasing[h.last_episode] end as rec,
           -- And not looked after since: an order that did not keep the child out of care is not the last word.
           h.in_care_until[h.last_episode] <= h.last_day
             and h.reasons_for_ceasing[h.last_episode] in ('E43', 'E44', 'E45', 'E46', 'E47', 'E48') as left_for_guardianship
      from person h
),
judged as (
    select j.*, k.in_education, k.asked_for_support, k.returned_home, k.under_guardianship,
           -- Thirteen weeks proven by the history; or, of somebody it does not reach, by OC3; or all of them before
           -- the 16th birthday, spent in hospital or detained: who was under a care order on it is proven by the first.
           case when j.qualifies_on <= j.last_day then 'thirteen-weeks'
                when cardinality(j.in_care_from) = 0 and cardinality(j.returned_in_oc3) > 0 and j.returned_in_oc3[1] <= j.last_day then 'returned-in-oc3'
                when k.detained_at_sixteen and j.days_before_sixteen >= 91 and not j.looked_after then 'hospital-or-detention' end as proof
      from placed j
      left join circumstance k on k.authority = j.authority and k.child = j.child and k.ordinal = j.ordinal
     where (j.died_by is null or j.died_by > j.last_day) and coalesce(j.rec, '') not in ('E2', 'E3')
),
categories as (
    select k.*,
           -- The latest birthday; born on 29 February, in common years it is 1 March.
           k.plain_birthday + (extract(day from k.plain_birthday) <> k.born_number % 100)::int as birthday,
           case when k.years < 18 and k.looked_after then case when k.proof is not null then 'eligible' end
                when k.looked_after then null
                when k.years < 18 and k.proof is not null then case when k.returned_home then 'qualifying' else 'relevant' end
                when k.years >= 18 and k.years < 21 and k.proof is not null then 'former-relevant'
                when k.years >= 21 and k.years < 25 and k.proof is not null and k.in_education then 'former-relevant-pursuing-education'
                when k.years >= 21 and k.years < 25 and k.proof is not null and k.asked_for_support then 'former-relevant'
                when k.years < 21 and (k.in_care_after_sixteen_on <= k.last_day or k.left_for_guardianship or k.under_guardianship) then 'qualifying' end as category
      from judged k
)`

/**
 * One row per young person to whom duties are owed on the last day of the period under the Children Act 1989, section
 * 23A and following, from the history. What the return cannot say (in hospital on the 16th birthday, in education
 * after 21, home for good) comes from the records `care-leaver-circumstances`.
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
with ${categoriesOf('< 25').trimStart()}
select e.authority, e.child, e.label as period, e.ordinal, e.last_day as day,
       ${childColumns('e.last_day', 'e.years')},
       e.category as entitlement,
       case when e.category = 'qualifying' and e.proof is not null then 'returned-home'
            when e.category = 'former-relevant-pursuing-education' then 'education-or-training'
            when e.category = 'former-relevant' and e.years >= 21 then 'support-requested'
            when e.proof is not null then e.proof
            when e.in_care_after_sixteen_on <= e.last_day then 'looked-after-after-sixteen'
            else 'special-guardianship' end as entitlement_basis,
       e.days_since_fourteen,
       e.qualifies_on,
       e.left_care_on,
       -- OC3 asks for them from the 17th to the 21st birthday, of who is no longer looked after on it (E37).
       e.years between 17 and 20 and e.category in ('relevant', 'former-relevant')
         and (e.in_care_until[width_bucket(e.birthday, e.in_care_from)] > e.birthday) is not true as oc3_expected,
       e.birthday = any(e.returned_in_oc3) as oc3_returned
  from categories e
 where e.category is not null`,
}

/** What the latest record of the kind `care-leavers` says of a person by the last day of each period. */
const STATUS = `
status as (
    select distinct on (r.authority, r.child, p.ordinal)
           r.authority, r.child, p.ordinal, r.clea_status_date, r.clea_care_leaver_in_touch, r.clea_care_leaver_latest_contact,
           r.clea_pathway_plan_review_date, r.clea_care_leaver_personal_advisor, r.clea_care_leaver_parent,
           r.clea_care_leaver_children_with_them, r.clea_staying_close, r.clea_support_requested, r.clea_support_received
      from period p
      join care.record_care_leavers r on r.authority = any($1::text[]) and r.clea_status_date <= p.last_day
     order by r.authority, r.child, p.ordinal, r.clea_status_date desc, r.id desc
)`

const WITH_STATUS =
  'left join status s on s.authority = e.authority and s.child = e.child and s.ordinal = e.ordinal'

/** One row per young person entitled as `entitledAt` has it, with what the latest record of them says by then. */
export const careLeaverStatusesAt: Population = {
  id: 'care-leaver-statuses-at',
  counts: 'a young person with an entitlement as a care leaver on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, 'entitlement'],
  facts: ['status_on', 'adviser_allocated', 'plan_reviewed_on', 'latest_contact_on', 'in_touch'],
  text: `
with ${categoriesOf('< 25').trimStart()},
${STATUS.trimStart()}
select e.authority, e.child, e.label as period, e.ordinal, e.last_day as day,
       ${childColumns('e.last_day', 'e.years')},
       e.category as entitlement,
       e.category in ('relevant', 'former-relevant', 'former-relevant-pursuing-education') as is_owed_adviser,
       e.category in ('eligible', 'relevant', 'former-relevant') and e.years < 21 as is_owed_plan,
       e.category <> 'eligible' as has_left_care,
       s.clea_status_date as status_on,
       s.clea_care_leaver_in_touch as in_touch,
       s.clea_care_leaver_personal_advisor is not null as adviser_allocated,
       s.clea_pathway_plan_review_date as plan_reviewed_on,
       coalesce(s.clea_pathway_plan_review_date >= (e.last_day - interval '6 months')::date
                and s.clea_pathway_plan_review_date <= e.last_day, false) as plan_in_date,
       s.clea_care_leaver_latest_contact as latest_contact_on,
       coalesce(s.clea_care_leaver_latest_contact >= e.last_day - 56
                and s.clea_care_leaver_latest_contact <= e.last_day, false) as recent_contact,
       s.clea_care_leaver_parent as parent,
       s.clea_care_leaver_children_with_them as children_with_them,
       s.clea_staying_close is not distinct from 'Y' as staying_close
  from categories e
  ${WITH_STATUS}
 where e.category is not null and s.clea_care_leaver_in_touch is distinct from 'DIED'`,
}

/** One row per young person aged 22 to 25 on the last day of the period who was entitled to a care leaver's duties before. */
export const formerCareLeaversAt: Population = {
  id: 'former-care-leavers-at',
  counts: 'a young person aged 22 to 25 on the last day of the period who qualified as a care leaver',
  kind: 'stock',
  dimensions: CHILD_DIMENSIONS,
  facts: ['status_on', 'in_touch'],
  text: `
with ${categoriesOf('between 22 and 25').trimStart()},
${STATUS.trimStart()}
select e.authority, e.child, e.label as period, e.ordinal, e.last_day as day,
       ${childColumns('e.last_day', 'e.years')},
       s.clea_status_date as status_on,
       s.clea_care_leaver_in_touch as in_touch,
       s.clea_status_date is not null as is_on_record,
       coalesce(s.clea_support_requested = 'Y' and s.clea_support_received = 'Y', false) as supported
  from categories e
  ${WITH_STATUS}
 where e.proof is not null and coalesce(s.clea_care_leaver_in_touch, '') not in ('DIED', 'RHOM')`,
}
