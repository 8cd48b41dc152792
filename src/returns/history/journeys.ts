import type { Transaction } from '../../platform/database/database.ts'
import { AREAS_OUTSIDE_ENGLAND } from '../../vocabulary/postcode-areas.ts'

/**
 * Councils of Wales and Scotland that border on authorities of England by land: who is placed with one is placed in an
 * adjoining authority, not at a distance. The list of borders that is loaded knows England only.
 */
const OVER_THE_BORDER: Readonly<Record<string, string>> = {
  E06000050: 'W06000005 W06000006', // Cheshire West and Chester: Flintshire, Wrexham
  E06000051: 'W06000006 W06000023', // Shropshire: Wrexham, Powys
  E06000019: 'W06000021 W06000023', // Herefordshire: Monmouthshire, Powys
  E10000013: 'W06000021', // Gloucestershire: Monmouthshire
  E06000063: 'S12000006 S12000026', // Cumberland: Dumfries and Galloway, Scottish Borders
  E06000057: 'S12000026', // Northumberland: Scottish Borders
}

/**
 * From where to where children were placed: each pair of postcodes once, with today's authority of the placement,
 * whether that is the responsible one or shares a border with it, and the miles between. The DfE derives them so:
 * a straight line by grid references, 1.6093 km to the mile, one decimal, and it is the rounded number that counts
 * as over 20 (E44). What is not in the table of postcodes is not known, and is never taken for near or far (E46); but
 * for areas that lie wholly outside England, of which the letters tell the country. A district of England that no list
 * covers is no authority of its own: it is not known whose it is.
 */
const JOURNEYS = `
insert into journey
with own as (
    select t.today from care.authority_today t where t.authority = $1
    union
    select $1
),
over_the_border as (
    select near.authority, string_to_table(near.others, ' ') as adjacent
      from (values ${Object.entries(OVER_THE_BORDER)
        .map(([authority, others]) => `('${authority}', '${others}')`)
        .join(', ')}) as near (authority, others)
),
elsewhere as (
    select place.code, string_to_table(place.areas, ' ') as area
      from (values ${AREAS_OUTSIDE_ENGLAND.map(({ place, areas }) => `('${place}', '${areas}')`).join(', ')}) as place (code, areas)
),
located as (
    select a.home_post, a.placement_post,
           coalesce(d.authority, case when p.district !~ '^E' then p.district end, f.code) as authority,
           round((sqrt(power(p.easting - h.easting, 2) + power(p.northing - h.northing, 2)) / 1000 / 1.6093)::numeric, 1) as miles
      from asked a
      left join care.postcode h on h.postcode = upper(replace(a.home_post, ' ', ''))
      left join care.postcode p on p.postcode = upper(replace(a.placement_post, ' ', ''))
      left join care.district_authority d on d.district = p.district
      left join elsewhere f
        on p.district is null
       and f.area = substring(upper(replace(a.placement_post, ' ', ''))
                              from '^(?:[A-Z]{1,2}(?=[0-9][A-Z0-9]?[0-9][A-Z]{2}$)|[A-Z]{4}(?=1ZZ$))')
)
select l.home_post, l.placement_post, l.authority,
       case when l.authority is null then 'not-known' when l.authority in (select own.today from own) then 'inside' else 'outside' end,
       case when l.miles is null then 'not-known' when l.miles > 20.0 then 'over-20-miles' else '20-miles-or-less' end,
       l.miles,
       case when l.authority is null then null
            when l.authority in (select own.today from own)
              or l.authority in (select n.adjacent from care.adjacent_authority n join own on own.today = n.authority)
              or l.authority in (select o.adjacent from over_the_border o join own on own.today = o.authority) then false
            -- Which council of the country is not known where only the area is, and it may be the one next door.
            when l.authority like '_92000%'
             and left(l.authority, 1) in (select left(o.adjacent, 1) from over_the_border o join own on own.today = o.authority) then null
            else true end
  from located l`

const TABLES = `
create temporary table asked (home_post text not null, placement_post text not null) on commit drop;
create temporary table journey (
    home_post text, placement_post text, authority text, location text, distance text, miles numeric(5, 1), at_a_distance boolean
) on commit drop`

const havePostcodes = async (transaction: Transaction): Promise<boolean> => {
  const rows = await transaction.query<{ held: boolean }>(
    'journeys.held',
    'select exists (select from care.postcode) as held',
  )
  return rows[0]!.held
}

/** Makes the table `journey` for the pairs that a statement selects; empty while no postcodes are held. */
export async function makeJourneys(
  transaction: Transaction,
  authority: string,
  pairs: string,
  values: readonly unknown[] = [],
): Promise<void> {
  await transaction.query('journeys.tables', TABLES)
  if (!(await havePostcodes(transaction))) return
  await transaction.query('journeys.asked', `insert into asked ${pairs}`, values)
  // A few thousand pairs among millions of postcodes: each is looked up.
  await transaction.query('journeys.plan', `select set_config('enable_nestloop', 'on', true)`)
  await transaction.query('journeys.analyse', 'analyze asked')
  await transaction.query('journeys.make', JOURNEYS, [authority])
  await transaction.query('journeys.plan', `select set_config('enable_nestloop', 'off', true)`)
  await transaction.query('journeys.analyse', 'analyze journey')
}

export const dropJourneys = (transaction: Transaction): Promise<unknown> =>
  transaction.query('journeys.drop', 'drop table asked, journey')

/** Locates an authority's episodes anew, once postcodes, districts or borders have changed. */
export async function refreshJourneys(transaction: Transaction, authority: string): Promise<void> {
  await makeJourneys(
    transaction,
    authority,
    `select distinct coalesce(e.home_post, ''), coalesce(e.usual_placement_post, '')
       from care.episode e
      where e.authority = $1 and not e.short_break`,
    [authority],
  )
  await transaction.query('journeys.refresh', REFRESH, [authority])
  await dropJourneys(transaction)
}

const REFRESH = `
update care.episode e
   set placement_authority = j.authority, placement_location = j.location, placement_distance = j.distance,
       distance_miles = j.miles, at_a_distance = j.at_a_distance
  from journey j
 where e.authority = $1 and not e.short_break
   and j.home_post = coalesce(e.home_post, '') and j.placement_post = coalesce(e.usual_placement_post, '')
   and (e.placement_authority, e.placement_location, e.placement_distance, e.distance_miles, e.at_a_distance)
       is distinct from (j.authority, j.location, j.distance, j.miles, j.at_a_distance)`
