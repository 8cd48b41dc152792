import type { Population } from '../definition.ts'
import {
  ageOn,
  CHILD_DIMENSIONS,
  childColumns,
  EPISODE_COLUMNS,
  EPISODE_DIMENSIONS,
  EPISODES_AT,
} from './columns.ts'

const PLACED_ON = 'coalesce(e.placement_started_on, e.started_on)'

/** The URN as returned; of a temporary stay, that of the placement which it interrupts. */
export const URN_OF_HOME = `case when e.temporary
                then (select home.urn
                        from care.episode home
                       where home.authority = e.authority and home.child = e.child and not home.temporary
                         and home.placement_number = e.placement_number and home.started_on < e.started_on
                       order by home.started_on desc
                       limit 1)
                else e.urn end`

/**
 * What the records `placement-details` say of the placement of a child, each from its day up to the next of the child or
 * to its own end. Of two of one day, the one with the later id holds. The key is one text: of two columns the planner,
 * which has no statistics just after a load, may take the first alone, and hold every record against every child.
 */
export const DETAILS = `detail as (
    select r.authority || ' ' || r.child as of_child, r.plde_start_date as from_day,
           least(coalesce(r.plde_end_date, 'infinity'),
                 coalesce(lead(r.plde_start_date) over (partition by r.authority, r.child order by r.plde_start_date, r.id), 'infinity')) as until_day,
           r.plde_household_id as household, r.plde_registration as registration,
           r.plde_weekly_cost::float8 as weekly_cost
      from care.record_placement_details r
     where r.authority = any($1::text[])
)`

/** What the records `providers` say of a URN, each from its day up to the next one's. */
const PROVIDERS = `provider as (
    select r.authority || ' ' || r.prov_urn as of_urn, r.prov_status_date as from_day,
           coalesce(lead(r.prov_status_date) over (partition by r.authority, r.prov_urn order by r.prov_status_date, r.id), 'infinity') as until_day,
           r.prov_registered as registered
      from care.record_providers r
     where r.authority = any($1::text[])
)`

/** Joins the detail in force on a day to the episode `e`: one of the placement itself, not of one before it. */
export const detailOn = (day: string): string => `left join detail
    on detail.of_child = e.authority || ' ' || e.child
   and detail.from_day <= ${day} and detail.until_day > ${day} and detail.from_day >= ${PLACED_ON}`

/**
 * Whether the setting should be registered and is not: the detail says so, or says nothing and the provider's record
 * does. What is inspected by others than Ofsted has XXXXXXX for a URN, and is none of these.
 */
const IS_UNREGISTERED = `e.home_urn is distinct from 'XXXXXXX'
           and coalesce(detail.registration = 'unregistered', provider.registered = 'N', false)`

const UNDER_16 = (age: string): string =>
  `case when ${age} < 16 then 'under-16' else '16-and-over' end as age_under_16`

const AGE = ageOn('e.last_day')

/** One row per child looked after on the last day of the period, with what is known of the placement besides the return. */
export const placementDetailsAt: Population = {
  id: 'placement-details-at',
  counts: 'a child looked after on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS, 'age-under-16', 'days-in-placement'],
  facts: [
    'placement_started_on',
    'days_so_far',
    'weekly_cost',
    'is_unregistered',
    'registration_is_known',
    'provider_is_known',
  ],
  text: `
with ${DETAILS},
${PROVIDERS},
at_home as (
    select e.*, p.label, p.ordinal, p.last_day, ${PLACED_ON} as placed_on, ${URN_OF_HOME} as home_urn
      from ${EPISODES_AT} e
      join period p on p.nth_last_day = e.nth_last_day
)
select e.authority, e.child, e.label as period, e.ordinal, e.last_day as day,
       ${childColumns('e.last_day', AGE)},
       ${EPISODE_COLUMNS},
       ${UNDER_16(AGE)},
       case when e.last_day - e.placed_on <= 7 then 'up-to-7-days' when e.last_day - e.placed_on <= 28 then '8-to-28-days'
            when e.last_day - e.placed_on <= 90 then '29-to-90-days' else 'over-90-days' end as days_in_placement,
       e.placed_on as placement_started_on,
       e.last_day - e.placed_on as days_so_far,
       detail.weekly_cost,
       ${IS_UNREGISTERED} as is_unregistered,
       coalesce(e.home_urn = 'XXXXXXX', false) or detail.registration is not null or provider.registered is not null as registration_is_known,
       -- As rule 218 of the return asks for: not with parents, in hospital or custody, nor outside England.
       coalesce(e.usual_placement_code, e.placement_code)
             in ('A3', 'A4', 'A5', 'A6', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'K1', 'K2', 'K3', 'R3', 'S1')
         and (e.placement_authority ~ '^E') is not false
         and e.home_urn is distinct from 'XXXXXXX' as should_have_urn,
       e.home_urn is not null as has_urn,
       provider.registered is not null as provider_is_known
  from at_home e
  ${detailOn('e.last_day')}
  left join provider
    on provider.of_urn = e.authority || ' ' || e.home_urn
   and provider.from_day <= e.last_day and provider.until_day > e.last_day`,
}

/**
 * One row per day that a looked-after child spent in a setting which should be registered and is not. Only what a detail
 * or a provider's record calls so is gone through day by day.
 */
export const unregisteredDaysIn: Population = {
  id: 'unregistered-days',
  counts: 'a day of a looked-after child in a setting that should be registered and is not',
  kind: 'flow',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS, 'age-under-16'],
  facts: ['placement_started_on'],
  text: `
with ${DETAILS},
${PROVIDERS},
at_home as materialized (
    select e.*, ${PLACED_ON} as placed_on, ${URN_OF_HOME} as home_urn
      from care.episode e
     where e.authority = any($1::text[]) and not e.short_break
       and e.started_on <= (select max(p.last_day) from period p)
       and (e.ceased_on is null or e.ceased_on > (select min(p.first_day) from period p))
),
-- Stretches that the detail of the placement calls unregistered; and those of which only the provider's record does.
stretch as (
    select e.*, d.from_day, d.until_day, false as by_provider
      from at_home e
      join detail d on d.of_child = e.authority || ' ' || e.child and d.from_day >= e.placed_on
     where d.registration = 'unregistered' and e.home_urn is distinct from 'XXXXXXX'
    union all
    select e.*, v.from_day, v.until_day, true
      from at_home e
      join provider v on v.of_urn = e.authority || ' ' || e.home_urn
     where v.registered = 'N'
),
there as (
    select s.*, g.day::date as day
      from stretch s
     cross join lateral generate_series(greatest(s.started_on, s.from_day, (select min(p.first_day) from period p)),
                                        least(s.ceased_on - 1, nullif(s.until_day, 'infinity') - 1, (select max(p.last_day) from period p)), interval '1 day') as g(day)
)
select e.authority, e.child, p.label as period, p.ordinal, e.day,
       ${childColumns('e.day', ageOn('e.day'))},
       ${EPISODE_COLUMNS},
       ${UNDER_16(ageOn('e.day'))},
       e.placed_on as placement_started_on
  from there e
  join day_in_period p on p.day = e.day
  ${detailOn('e.day')} and e.by_provider
 where detail.registration is null`,
}

/** One row per foster household with a looked-after child of the authority in it, by the child whose id comes first. */
export const householdsAt: Population = {
  id: 'foster-households-with-children-at',
  counts: 'a foster household with a looked-after child in it on the last day of the period',
  kind: 'stock',
  dimensions: [],
  facts: ['children_in_household'],
  text: `
with ${DETAILS}
select e.authority, min(e.child) as child, p.label as period, p.ordinal, p.last_day as day,
       count(*)::int as children_in_household
  from ${EPISODES_AT} e
  join period p on p.nth_last_day = e.nth_last_day
  ${detailOn('p.last_day')}
 where detail.household is not null
 group by e.authority, detail.household, p.label, p.ordinal, p.last_day`,
}
