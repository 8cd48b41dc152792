import type { Transaction } from '../platform/database/database.ts'
import { approvedBy, onItsTerms } from '../supply/household-terms.ts'
import { providersOn } from '../supply/providers-on.ts'
import type { Day } from '../vocabulary/day.ts'
import type { Known } from './gap.ts'
import { PROVIDER_CODE } from './history-queries.ts'
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
  const stretches = await transaction.query<StretchOfPlaces>('forecast.supply', SUPPLY, [[authority], onDay])
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
 * Own households by the terms in force on the day, less the places that are not available; own homes as the figures know
 * them, and those that are yet to open; and beds bought, but for those in own homes, which are counted already.
 * Households of family and friends are approved for children who are there.
 */
const SUPPLY = `
with ${providersOn('(select 1 as number, $2::date as day)').trimStart()},
terms as (
    select distinct on (h.fohh_household_id) h.*
      from care.record_fostering_households h
     where h.authority = any($1::text[]) and ${approvedBy('$2')}
     order by h.fohh_household_id, ${onItsTerms('$2')}
),
unavailable as (
    select distinct on (p.fopl_household_id) p.fopl_household_id, coalesce(p.fopl_places_not_available, 0) as places
      from care.record_fostering_places p
     where p.authority = any($1::text[]) and p.fopl_start_date <= $2
     order by p.fopl_household_id, p.fopl_start_date desc, p.id desc
),
own_home as (
    select l.*, case l.provider_type when 'supported-accommodation' then 'supported' else 'residential' end as placement
      from located l
     where l.is_own and l.registered = 'Y' and (l.closed_on is null or l.closed_on > l.day)
       and l.provider_type in ('childrens-home', 'residential-special-school', 'residential-family-centre', 'supported-accommodation')
)
select case t.fohh_type when 'supported-lodgings' then 'supported' else 'fostering' end as placement, 'own' as kind,
       'approval of a household' as what,
       greatest(t.fohh_approved_places - coalesce(u.places, 0), 0) as places, null::date as from_day, t.fohh_ended_date as until_day,
       t.fohh_age_from as age_from, t.fohh_age_to as age_to, nullif(t.fohh_child_sex, 'MF') as child_sex,
       coalesce(t.fohh_local_authority in (select o.area from own_area o), true) as in_area
  from terms t
  left join unavailable u on u.fopl_household_id = t.fohh_household_id
 where t.fohh_type in ('mainstream', 'supported-lodgings') and (t.fohh_ended_date is null or t.fohh_ended_date > $2)
union all
select h.placement, 'own', 'home ' || h.urn, h.capacity, h.registered_on, h.closed_on,
       h.age_from, h.age_to, nullif(h.child_sex, 'MF'), h.is_in_area
  from own_home h
 where h.capacity is not null
union all
select b.cobe_placement_type, 'commissioned', b.cobe_contract || ' contract', b.cobe_beds, b.cobe_start_date, b.cobe_end_date + 1,
       b.cobe_age_from, b.cobe_age_to, null,
       (select case when l.area is not null then l.is_in_area end from located l where l.urn = b.cobe_urn)
  from care.record_commissioned_beds b
 where b.authority = any($1::text[]) and b.cobe_placement_type in ('fostering', 'residential', 'supported')
   and (b.cobe_end_date is null or b.cobe_end_date >= $2)
   and not exists (select from own_home h where h.urn = b.cobe_urn)`

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
       ${PROVIDER_CODE} as provider,
       d.plde_weekly_cost as cost
  from care.episode e
  join lateral (select r.plde_weekly_cost
                  from care.record_placement_details r
                 where r.authority = $1 and r.child = e.child and r.plde_start_date between e.placement_started_on and $2
                 order by r.plde_start_date desc, r.id desc
                 limit 1) d on d.plde_weekly_cost is not null
 where e.authority = $1 and not e.short_break and e.started_on <= $2 and (e.ceased_on is null or e.ceased_on > $2)`
