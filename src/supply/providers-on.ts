import { closestTo } from './closest-to.ts'

/**
 * The providers as they were described on each of some days (a relation with `number` and `day`), for statements that go
 * on from there:
 *
 *   described   every provider on record, by its latest record up to the day, or else by the first one after it
 *   located     the same, with the area that they lie in and whose they are
 *   provider    of those, the ones registered on the day
 *
 * An area is told by the code of the authority, of one that it came from alone, or by the postcode. An authority's own
 * homes are those that a local authority runs in its area; outside it, those that are for its own provision (PR1) and
 * not for another authority's (PR2).
 */
export const providersOn = (days: string): string => `
own_area as (
    select a.code as authority, a.code as area from unnest($1::text[]) as a (code)
    union
    select t.authority, t.today from care.authority_today t where t.authority = any($1::text[])
    union
    select t.today, t.authority
      from care.authority_today t
     where t.today = any($1::text[])
       and not exists (select from care.authority_today o where o.authority = t.authority and o.today <> t.today)
),
described as (
    select distinct on (r.authority, r.prov_urn, d.number)
           r.authority, d.number, d.day, r.prov_urn as urn, r.prov_type as provider_type, r.prov_registered as registered,
           r.prov_registration_date as registered_on, r.prov_closed_date as closed_on, r.prov_capacity as capacity,
           r.prov_local_authority as local_authority, r.prov_postcode as postcode,
           r.prov_age_from as age_from, r.prov_age_to as age_to, r.prov_child_sex as child_sex,
           coalesce(r.prov_sector, 'other') as provider_sector,
           coalesce(r.prov_judgement, 'not-judged') as judgement,
           r.prov_provider_codes ~ '\\mPR1\\M' and r.prov_provider_codes !~ '\\mPR2\\M' as is_own_provision
      from ${days} d
      join care.record_providers r on r.authority = any($1::text[])
     order by r.authority, r.prov_urn, d.number,
              ${closestTo('d.day', 'r.prov_status_date')}, r.id desc
),
in_its_area as (
    select x.*,
           -- Looked up one by one: few have no authority told, and the postcodes are millions.
           coalesce(x.local_authority,
                    (select coalesce((select a.authority from care.district_authority a where a.district = c.district), c.district)
                       from care.postcode c
                      where c.postcode = upper(replace(x.postcode, ' ', '')))) as area
      from described x
),
located as (
    select x.*, o.area is not null as is_in_area,
           x.provider_sector = 'local-authority' and (o.area is not null or x.is_own_provision is true) as is_own,
           case when x.capacity is null then 'not-known' when x.capacity <= 2 then 'up-to-2' when x.capacity <= 4 then '3-to-4'
                when x.capacity <= 6 then '5-to-6' else '7-and-over' end as home_size
      from in_its_area x
      left join own_area o on o.authority = x.authority and o.area = x.area
),
provider as (
    select l.*
      from located l
     where l.registered = 'Y'
       and (l.registered_on is null or l.registered_on <= l.day)
       and (l.closed_on is null or l.closed_on > l.day)
)`
