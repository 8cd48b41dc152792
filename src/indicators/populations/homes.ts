import { providersOn } from '../../supply/providers-on.ts'
import type { Population } from '../definition.ts'
import { AGE_ON_LAST_DAY, CHILD_DIMENSIONS, childColumns, LOOKED_AFTER_ON_LAST_DAY } from './columns.ts'
import { FOSTER_PLACES } from './fostering.ts'
import { CHILDRENS_HOMES, HOMES_WITH_BEDS, LAST_DAYS } from './provider-kinds.ts'

/** Homes and their beds on the last day of a period, by the records of providers. */

const PROVIDERS = providersOn(LAST_DAYS).trimStart()

/** A home's URN stands in the child's place. */
const OF_PROVIDER = 'v.authority, v.urn as child, p.label as period, p.ordinal, v.day'
const WITH_PERIOD = 'provider v\n  join period p on p.ordinal = v.number'

/** One row per registered children's home in the authority's area. */
export const childrensHomesInAreaAt: Population = {
  id: 'childrens-homes-in-area-at',
  counts: 'a children’s home in the authority’s area, registered on the last day of the period',
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: ['provider-type', 'provider-sector', 'home-size', 'judgement'],
  facts: ['capacity'],
  text: `
with ${PROVIDERS}
select ${OF_PROVIDER}, v.provider_type, v.provider_sector, v.home_size, v.judgement, v.capacity
  from ${WITH_PERIOD}
 where v.is_in_area and v.provider_type in (${CHILDRENS_HOMES})`,
}

/** One row per registered children's home of the authority's own. */
export const ownChildrensHomesAt: Population = {
  id: 'own-childrens-homes-at',
  counts: 'a children’s home of the authority, registered on the last day of the period',
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: ['provider-type', 'home-size', 'judgement'],
  facts: ['capacity'],
  text: `
with ${PROVIDERS}
select ${OF_PROVIDER}, v.provider_type, v.home_size, v.judgement, v.capacity
  from ${WITH_PERIOD}
 where v.is_own and v.provider_type in (${CHILDRENS_HOMES})`,
}

/** One row per bed in the authority's area. */
export const bedsInAreaAt: Population = {
  id: 'beds-in-area-at',
  counts: 'a bed of a home in the authority’s area, registered on the last day of the period',
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: ['provider-type', 'provider-sector', 'judgement'],
  facts: [],
  text: `
with ${PROVIDERS}
select ${OF_PROVIDER}, v.provider_type, v.provider_sector, v.judgement
  from ${WITH_PERIOD}
 cross join lateral generate_series(1, v.capacity) as bed (number)
 where v.is_in_area and v.provider_type in (${HOMES_WITH_BEDS})`,
}

/** One row per registered home whose area can't be told: it is in no figure of an area. */
export const homesOfUnknownAreaAt: Population = {
  id: 'homes-of-unknown-area-at',
  counts:
    'a home registered on the last day of the period, of which no authority is told and no postcode known',
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: ['provider-type', 'provider-sector'],
  facts: ['capacity'],
  text: `
with ${PROVIDERS}
select ${OF_PROVIDER}, v.provider_type, v.provider_sector, v.capacity
  from ${WITH_PERIOD}
 where v.area is null and v.provider_type in (${HOMES_WITH_BEDS})`,
}

/** One row per place of the authority's own: a bed of a children's home, or a mainstream foster place. */
export const inHousePlacesAt: Population = {
  id: 'in-house-places-at',
  counts:
    'a bed of the authority’s own children’s homes, or an approved mainstream foster place, on the last day of the period',
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: ['provider-type'],
  facts: [],
  text: `
with ${PROVIDERS},
${FOSTER_PLACES.with}
select ${OF_PROVIDER}, v.provider_type
  from ${WITH_PERIOD}
 cross join lateral generate_series(1, v.capacity) as bed (number)
 where v.is_own and v.provider_type in (${CHILDRENS_HOMES})
union all
select h.authority, h.household, h.label, h.ordinal, h.last_day, 'local-authority-fostering'
  from ${FOSTER_PLACES.from}`,
}

/* ---- and the children in them ----------------------------------------------------------------------------------- */

/** A URN as it is returned, for one as it is recorded. */
const URN_RETURNED = 'upper(trim(e.urn))'

/** One row per own home with a capacity, with the authority's children who live in it by the URN of their placement. */
export const ownHomesWithChildrenAt: Population = {
  id: 'own-homes-with-children-at',
  counts:
    'a children’s home of the authority with a known capacity, registered on the last day of the period',
  kind: 'stock',
  dimensions: ['home-size'],
  facts: [],
  text: `
with ${PROVIDERS},
living as (
    select e.authority, ${URN_RETURNED} as urn, p.ordinal, count(*)::int as children
      from ${LOOKED_AFTER_ON_LAST_DAY}
     where e.urn is not null
     group by e.authority, ${URN_RETURNED}, p.ordinal
)
select ${OF_PROVIDER}, v.home_size, v.capacity, coalesce(living.children, 0) as children
  from ${WITH_PERIOD}
  left join living on living.authority = v.authority and living.urn = v.urn and living.ordinal = v.number
 where v.is_own and v.provider_type in (${CHILDRENS_HOMES}) and v.capacity > 0`,
}

/** One row per child placed in a children's home, with what is on record of the home whose URN is returned. */
export const childrenInHomesAt: Population = {
  id: 'children-in-homes-at',
  counts: 'a child placed in a children’s home or a secure one on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, 'judgement'],
  facts: ['home_on_record'],
  text: `
with ${PROVIDERS}
select e.authority, e.child, p.label as period, p.ordinal, p.last_day as day,
       ${childColumns('p.last_day', AGE_ON_LAST_DAY)},
       coalesce(v.judgement, 'not-judged') as judgement,
       v.urn is not null as home_on_record
  from ${LOOKED_AFTER_ON_LAST_DAY}
  left join described v on v.authority = e.authority and v.urn = ${URN_RETURNED} and v.number = p.ordinal
 where coalesce(e.usual_placement_code, e.placement_code) in ('K1', 'K2')`,
}

/** One row per home in which children of the authority are placed. */
export const homesUsedAt: Population = {
  id: 'homes-used-at',
  counts:
    'a children’s home on record in which a child of the authority is placed on the last day of the period',
  kind: 'stock',
  dimensions: ['provider-sector', 'judgement'],
  facts: [],
  text: `
with ${PROVIDERS}
select v.authority, v.urn as child, p.label as period, p.ordinal, v.day, v.provider_sector, v.judgement,
       count(*)::int as children
  from ${LOOKED_AFTER_ON_LAST_DAY}
  join described v on v.authority = e.authority and v.urn = ${URN_RETURNED} and v.number = p.ordinal
 where coalesce(e.usual_placement_code, e.placement_code) in ('K1', 'K2')
 group by v.authority, v.urn, p.label, p.ordinal, v.day, v.provider_sector, v.judgement`,
}
