import { approvedBy, onItsTerms, TERMS_FROM } from '../../supply/household-terms.ts'
import type { Population } from '../definition.ts'

/** The authority's own fostering households, as its register says: who is approved, for how many, and who came and went. */

/** Lodgings for young people are no fostering: they have a figure of their own. */
const FOSTERS = `fostering_type <> 'supported-lodgings'`

/** Each household on the terms that hold on the last day of a period. */
const ON_ITS_TERMS = `
on_its_terms as (
    select distinct on (h.authority, h.fohh_household_id, p.ordinal)
           h.authority, h.fohh_household_id as household, p.label, p.ordinal, p.last_day,
           h.fohh_type as fostering_type, h.fohh_ended_date as ended_on,
           h.fohh_approved_places as approved_places,
           h.fohh_carer_1_birth_year as first_born_in, h.fohh_carer_2_birth_year as second_born_in,
           coalesce(h.fohh_carers, nullif(num_nonnulls(h.fohh_carer_1_birth_year, h.fohh_carer_2_birth_year), 0)) as carers,
           coalesce(h.fohh_training_plan_date between p.year_from and p.last_day, false) as training_plan_in_date
      from period p
      join care.record_fostering_households h
        on h.authority = any($1::text[]) and ${approvedBy('p.last_day')}
     order by h.authority, h.fohh_household_id, p.ordinal, ${onItsTerms('p.last_day')}
),
household as (
    select t.* from on_its_terms t where t.ended_on is null or t.ended_on > t.last_day
)`

/** How the places of each household stood when they were last told of. */
const PLACES_TOLD = `
told as (
    select distinct on (f.authority, f.fopl_household_id, p.ordinal)
           f.authority, f.fopl_household_id as household, p.ordinal, f.fopl_places_filled as filled,
           coalesce(f.fopl_places_not_available, 0) as not_available, f.fopl_not_available_reason as reason
      from period p
      join care.record_fostering_places f on f.authority = any($1::text[]) and f.fopl_start_date <= p.last_day
     order by f.authority, f.fopl_household_id, p.ordinal, f.fopl_start_date desc, f.id desc
)`

/** A household's own id stands in the child's place, as a worker's does. */
const OF_HOUSEHOLD = 'h.authority, h.household as child, h.label as period, h.ordinal, h.last_day as day'

const householdsAt = (id: string, counts: string, condition: string): Population => ({
  id,
  counts,
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: ['fostering-type'],
  facts: ['approved_places', 'carers', 'training_plan_in_date'],
  text: `
with ${ON_ITS_TERMS.trimStart()}
select ${OF_HOUSEHOLD},
       h.fostering_type, h.approved_places, h.carers, h.training_plan_in_date
  from household h
 where h.${condition}`,
})

/** One row per mainstream or family and friends household approved on the last day of the period. */
export const fosteringHouseholdsAt = householdsAt(
  'fostering-households-at',
  'a fostering household approved on the last day of the period',
  FOSTERS,
)

/** One row per household of supported lodgings approved on the last day of the period. */
export const supportedLodgingsAt = householdsAt(
  'supported-lodgings-at',
  'a household of supported lodgings approved on the last day of the period',
  `fostering_type = 'supported-lodgings'`,
)

/** One row per foster carer whose year of birth is known: two at the most are told of a household. */
export const fosterCarersAt: Population = {
  id: 'foster-carers-at',
  counts: 'a foster carer with a known year of birth, approved on the last day of the period',
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: ['fostering-type'],
  facts: ['age_reached'],
  text: `
with ${ON_ITS_TERMS.trimStart()}
select ${OF_HOUSEHOLD},
       h.fostering_type,
       extract(year from h.last_day)::int - carer.born_in as age_reached
  from household h
 cross join lateral (values (h.first_born_in), (h.second_born_in)) as carer (born_in)
 where h.${FOSTERS} and carer.born_in is not null`,
}

/** The places of mainstream households, one row each, as rows of another statement too. */
export const FOSTER_PLACES = {
  with: `${ON_ITS_TERMS.trimStart()},${PLACES_TOLD}`,
  from: `household h
  left join told on told.authority = h.authority and told.household = h.household and told.ordinal = h.ordinal
 cross join lateral generate_series(1, h.approved_places) as place (number)
 where h.fostering_type = 'mainstream'`,
}

/** One row per approved place of a mainstream household: filled, not available, vacant, or not told of. */
export const fosterPlacesAt: Population = {
  id: 'foster-places-at',
  counts: 'an approved mainstream foster place on the last day of the period',
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: ['place-state', 'not-available-reason'],
  facts: [],
  text: `
with ${FOSTER_PLACES.with}
select ${OF_HOUSEHOLD},
       case when told.household is null then 'not-known'
            when place.number <= told.filled then 'filled'
            when place.number <= told.filled + told.not_available then 'not-available'
            else 'vacant' end as place_state,
       coalesce(told.reason, 'other') as not_available_reason
  from ${FOSTER_PLACES.from}`,
}

/* ---- who came and who went ----------------------------------------------------------------------------------- */

/** Each approval once, by its first terms: a change of terms is none. */
const APPROVED = `
approved as (
    select distinct on (h.authority, h.fohh_household_id, h.fohh_approved_date, d.ordinal)
           h.authority, h.fohh_household_id as household, d.label, d.ordinal, d.day, h.fohh_type as fostering_type
      from day_in_period d
      join care.record_fostering_households h on h.authority = any($1::text[]) and h.fohh_approved_date = d.day
     order by h.authority, h.fohh_household_id, h.fohh_approved_date, d.ordinal, ${TERMS_FROM}, h.id
)`

/** An approval ends with the terms that hold on the day that they name; terms that later ones replaced end nothing. */
const DEREGISTERED = `
in_order as (
    select h.*,
           lead(${TERMS_FROM}) over (partition by h.authority, h.fohh_household_id order by ${TERMS_FROM}, h.id) as replaced_on
      from care.record_fostering_households h
     where h.authority = any($1::text[])
),
deregistered as (
    select h.authority, h.fohh_household_id as household, d.label, d.ordinal, d.day, h.fohh_type as fostering_type,
           coalesce(h.fohh_leaving_reason, 'other') as leaving_reason
      from day_in_period d
      join in_order h on h.fohh_ended_date = d.day
     where h.replaced_on is null or h.replaced_on > h.fohh_ended_date
)`

const OF_CHANGE = 'c.authority, c.household as child, c.label as period, c.ordinal, c.day'

/** One row per household approved in the period. */
export const fosteringHouseholdsApprovedIn: Population = {
  id: 'fostering-households-approved-in',
  counts: 'a fostering household approved in the period',
  kind: 'flow',
  fromRecordsAlone: true,
  dimensions: ['fostering-type'],
  facts: [],
  text: `
with ${APPROVED.trimStart()}
select ${OF_CHANGE}, c.fostering_type
  from approved c
 where c.${FOSTERS}`,
}

/** One row per household whose approval ended in the period. */
export const fosteringHouseholdsDeregisteredIn: Population = {
  id: 'fostering-households-deregistered-in',
  counts: 'a fostering household whose approval ended in the period',
  kind: 'flow',
  fromRecordsAlone: true,
  dimensions: ['fostering-type', 'leaving-reason'],
  facts: [],
  text: `
with ${DEREGISTERED.trimStart()}
select ${OF_CHANGE}, c.fostering_type, c.leaving_reason
  from deregistered c
 where c.${FOSTERS}`,
}

/** One row per household gained and one per household lost: the `change` is 1 of the one and -1 of the other. */
export const fosteringHouseholdChangesIn: Population = {
  id: 'fostering-household-changes-in',
  counts: 'a fostering household approved, or whose approval ended, in the period',
  kind: 'flow',
  fromRecordsAlone: true,
  dimensions: ['fostering-type'],
  facts: [],
  text: `
with ${APPROVED.trimStart()},${DEREGISTERED}
select ${OF_CHANGE}, c.fostering_type, c.change
  from (select a.authority, a.household, a.label, a.ordinal, a.day, a.fostering_type, 1 as change from approved a
        union all
        select l.authority, l.household, l.label, l.ordinal, l.day, l.fostering_type, -1 from deregistered l) c
 where c.${FOSTERS}`,
}
