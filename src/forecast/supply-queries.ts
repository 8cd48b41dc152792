import type { Transaction } from '../platform/database/database.ts'
import type { Day } from '../vocabulary/day.ts'
import type { Known } from './gap.ts'
import { COST_ITEMS, type CostItem, costItemOf } from './placement-groups.ts'
import { SUPPLIED_PLACEMENTS, type SuppliedPlacement, type SupplyChange } from './supply-changes.ts'

/** Places of one group on the day that a forecast starts, and what records say of the days after. */
export interface KnownSupply {
  readonly placement: SuppliedPlacement
  /** The authority's own places and those that it has bought together; null, with the reason, where no records say. */
  readonly places: Known
  readonly own: number | null
  readonly commissioned: number | null
}

export interface SupplyOnDay {
  readonly supply: readonly KnownSupply[]
  /** What they are made up of. */
  readonly places: readonly StretchOfPlaces[]
  /** Approvals that end, homes that open or close, contracts that begin or end after that day. */
  readonly changes: readonly SupplyChange[]
}

/** Places that stand and fall together: of a household, a home or a contract. */
export interface StretchOfPlaces {
  readonly placement: SuppliedPlacement
  readonly kind: 'own' | 'commissioned'
  readonly what: string
  readonly places: number
  /** The first day with these places, and the first without; null where it is not known, or never. */
  readonly from_day: Day | null
  readonly until_day: Day | null
  /** Whom they take: ages in years, both included, and sex (M, F); null where any. */
  readonly age_from: number | null
  readonly age_to: number | null
  readonly child_sex: 'M' | 'F' | null
  /** Whether they are in the authority's own area; null where no record says. */
  readonly in_area: boolean | null
}

const RECORDS_NEEDED: Readonly<Record<SuppliedPlacement, string>> = {
  fostering: 'fostering-households or commissioned-beds',
  residential: 'providers or commissioned-beds',
  supported: 'providers or commissioned-beds',
}

/** The places that an authority has of its own or has bought, on a day and after it, as far as its records tell. */
export async function readSupply(
  transaction: Transaction,
  authority: string,
  onDay: Day,
): Promise<SupplyOnDay> {
  const [held] = await transaction.query<{ households: boolean; providers: boolean; bought: string[] }>(
    'forecast.supplyHeld',
    SUPPLY_HELD,
    [authority, onDay],
  )
  const stretches = await transaction.query<StretchOfPlaces>('forecast.supply', SUPPLY, [authority, onDay])
  const isThere = ({ from_day, until_day }: StretchOfPlaces): boolean =>
    (from_day === null || from_day <= onDay) && (until_day === null || until_day > onDay)
  const supply = SUPPLIED_PLACEMENTS.map((placement): KnownSupply => {
    const own = placement === 'fostering' ? held!.households : held!.providers
    const bought = held!.bought.includes(placement)
    if (!own && !bought)
      return {
        placement,
        places: {
          value: null,
          reason: `no record of the kind ${RECORDS_NEEDED[placement]} is dated on or before ${onDay}`,
        },
        own: null,
        commissioned: null,
      }
    const placesOf = (kind: StretchOfPlaces['kind']): number =>
      stretches
        .filter((one) => one.placement === placement && one.kind === kind && isThere(one))
        .reduce((sum, { places }) => sum + places, 0)
    const [ownPlaces, commissioned] = [placesOf('own'), placesOf('commissioned')]
    return {
      placement,
      places: { value: ownPlaces + commissioned, reason: null },
      own: own ? ownPlaces : null,
      commissioned,
    }
  })
  const changes = stretches.flatMap((stretch): SupplyChange[] => {
    const { placement, what, places, from_day, until_day } = stretch
    return [
      ...(from_day !== null && from_day > onDay
        ? [{ placement, places, from: from_day, what: `${what}: begins` }]
        : []),
      ...(until_day !== null && until_day > onDay && places > 0
        ? [{ placement, places: -places, from: until_day, what: `${what}: ends` }]
        : []),
    ]
  })
  return { supply, places: stretches.filter(isThere), changes: changes.filter(({ places }) => places !== 0) }
}

const SUPPLY_HELD = `
select exists (select from care.record_fostering_households h
                where h.authority = $1 and h.fohh_approved_date <= $2) as households,
       exists (select from care.record_providers p where p.authority = $1) as providers,
       array(select distinct b.cobe_placement_type from care.record_commissioned_beds b
              where b.authority = $1 and b.cobe_start_date <= $2) as bought`

/**
 * Own households by the terms in force on the day, less the places that are not available; own homes as the latest
 * list up to the day describes them, else the first after it; and beds bought, but for those in own homes, which are
 * counted already. Households of family and friends are approved for children who are there.
 */
const SUPPLY = `
with terms as (
    select distinct on (h.fohh_household_id) h.*
      from care.record_fostering_households h
     where h.authority = $1 and coalesce(h.fohh_terms_start_date, h.fohh_approved_date) <= $2
     order by h.fohh_household_id, coalesce(h.fohh_terms_start_date, h.fohh_approved_date) desc, h.id desc
),
unavailable as (
    select distinct on (p.fopl_household_id) p.fopl_household_id, coalesce(p.fopl_places_not_available, 0) as places
      from care.record_fostering_places p
     where p.authority = $1 and p.fopl_start_date <= $2
     order by p.fopl_household_id, p.fopl_start_date desc, p.id desc
),
home as (
    select distinct on (p.prov_urn) p.*
      from care.record_providers p
     where p.authority = $1
     order by p.prov_urn, p.prov_status_date > $2,
              case when p.prov_status_date <= $2 then $2 - p.prov_status_date else p.prov_status_date - $2 end, p.id desc
),
area as (
    select $1 as authority union select t.today from care.authority_today t where t.authority = $1
),
located as (
    select h.*, coalesce(h.prov_local_authority, d.authority) in (select area.authority from area) as in_area
      from home h
      left join care.postcode p on h.prov_local_authority is null and p.postcode = replace(h.prov_postcode, ' ', '')
      left join care.district_authority d on d.district = p.district
),
own_home as (
    select h.*, case h.prov_type when 'supported-accommodation' then 'supported' else 'residential' end as placement
      from located h
     where h.prov_sector = 'local-authority' and h.prov_registered = 'Y' and h.in_area
       and h.prov_type in ('childrens-home', 'residential-special-school', 'residential-family-centre', 'supported-accommodation')
)
select case t.fohh_type when 'supported-lodgings' then 'supported' else 'fostering' end as placement, 'own' as kind,
       'approval of a household' as what,
       greatest(t.fohh_approved_places - coalesce(u.places, 0), 0) as places, null::date as from_day, t.fohh_ended_date as until_day,
       t.fohh_age_from as age_from, t.fohh_age_to as age_to, nullif(t.fohh_child_sex, 'MF') as child_sex,
       coalesce(t.fohh_local_authority in (select area.authority from area), true) as in_area
  from terms t
  left join unavailable u on u.fopl_household_id = t.fohh_household_id
 where t.fohh_type in ('mainstream', 'supported-lodgings') and (t.fohh_ended_date is null or t.fohh_ended_date > $2)
union all
select h.placement, 'own', 'home ' || h.prov_urn, h.prov_capacity, h.prov_registration_date, h.prov_closed_date,
       h.prov_age_from, h.prov_age_to, nullif(h.prov_child_sex, 'MF'), h.in_area
  from own_home h
 where h.prov_capacity is not null and (h.prov_closed_date is null or h.prov_closed_date > $2)
union all
select b.cobe_placement_type, 'commissioned', b.cobe_contract || ' contract', b.cobe_beds, b.cobe_start_date, b.cobe_end_date + 1,
       b.cobe_age_from, b.cobe_age_to, null, (select l.in_area from located l where l.prov_urn = b.cobe_urn)
  from care.record_commissioned_beds b
 where b.authority = $1 and b.cobe_placement_type in ('fostering', 'residential', 'supported')
   and (b.cobe_end_date is null or b.cobe_end_date >= $2)
   and not exists (select from own_home h where h.prov_urn = b.cobe_urn)`

/** The mean weekly price of each cost item, of the placements that have one on record on a day, and how many they are. */
export async function readWeeklyPrices(
  transaction: Transaction,
  authority: string,
  onDay: Day,
): Promise<ReadonlyMap<CostItem, { readonly weekly: number; readonly placements: number }>> {
  const rows = await transaction.query<{ code: string; provider: string | null; cost: string }>(
    'forecast.prices',
    WEEKLY_COSTS,
    [authority, onDay],
  )
  const costs = Map.groupBy(rows, ({ code, provider }) => costItemOf(code, provider))
  return new Map(
    COST_ITEMS.flatMap((item) => {
      const of = costs.get(item) ?? []
      if (of.length === 0) return []
      const weekly = of.reduce((sum, { cost }) => sum + Number(cost), 0) / of.length
      return [[item, { weekly, placements: of.length }] as const]
    }),
  )
}

/** Each child's placement on the day, and the latest cost recorded of it up to then. */
const WEEKLY_COSTS = `
select coalesce(e.usual_placement_code, e.placement_code) as code,
       case e.placement_provider when 'own' then 'PR1' when 'other-la' then 'PR2' when 'other-public' then 'PR3'
                                 when 'private' then 'PR4' when 'voluntary' then 'PR5' end as provider,
       d.plde_weekly_cost as cost
  from care.episode e
  join lateral (select r.plde_weekly_cost
                  from care.record_placement_details r
                 where r.authority = $1 and r.child = e.child and r.plde_start_date between e.placement_started_on and $2
                 order by r.plde_start_date desc, r.id desc
                 limit 1) d on d.plde_weekly_cost is not null
 where e.authority = $1 and not e.short_break and e.started_on <= $2 and (e.ceased_on is null or e.ceased_on > $2)`
