import type { Transaction } from '../../platform/database/database.ts'
import { closestTo } from '../../supply/closest-to.ts'
import type { Day } from '../../vocabulary/day.ts'

/**
 * A placement meets its home by the URN that the return has. `matched`: a record of the kind providers has it.
 * `unknown-urn`: none has. `no-urn`: the return has none, as for foster care in most of its forms. `not-ofsted`: the
 * return's placeholder for homes that Ofsted does not register.
 */
export const PROVIDER_MATCHES = ['matched', 'unknown-urn', 'no-urn', 'not-ofsted'] as const
export type ProviderMatch = (typeof PROVIDER_MATCHES)[number]

/** What the return writes for a home that Ofsted does not register, lawfully so, such as one of the NHS. */
const NOT_OFSTED = 'XXXXXXX'

/** What is known of the home of a placement, on a day of it. */
export interface PlacementProvider {
  readonly urn: string | null
  readonly status: ProviderMatch
  readonly name: string | null
  readonly type: string | null
  readonly sector: string | null
  readonly capacity: number | null
  /** `Y`, `N` or `NA`, as the kind providers has it. */
  readonly registered: string | null
  readonly judgement: string | null
  /** The day of the record that tells it. */
  readonly asAt: Day | null
}

/**
 * Joins what is known of a home as `provider`: of its records the latest that is not after the day, or the first one
 * after it where the home has come to be known later. `urn` and `day` are SQL; a day that is null is today and later.
 */
export const providerOn = (row: string, urn: string, day: string): string => `left join lateral (
         select known.prov_name, known.prov_type, known.prov_sector, known.prov_capacity, known.prov_registered,
                known.prov_judgement, known.prov_status_date
           from care.record_providers known
          where known.authority = ${row}.authority and known.prov_urn = ${urn}
          order by ${closestTo(`coalesce(${day}, date '9999-12-31')`, 'known.prov_status_date')}, known.id desc
          limit 1
       ) provider on true`

/** How a row that `providerOn` was joined to meets its home, as SQL. */
export const providerMatch = (urn: string): string =>
  `case when ${urn} is null then 'no-urn' when ${urn} = '${NOT_OFSTED}' then 'not-ofsted'
            when provider.prov_type is null then 'unknown-urn' else 'matched' end`

/** The members of `PlacementProvider` of such a row, as SQL. */
export const providerColumns = (urn: string): string => `${urn} as urn, ${providerMatch(urn)} as status,
       provider.prov_name as name, provider.prov_type as type, provider.prov_sector as sector,
       provider.prov_capacity as capacity, provider.prov_registered as registered,
       provider.prov_judgement as judgement, provider.prov_status_date as "asAt"`

export interface PlacedChild extends PlacementProvider {
  readonly child: string
  readonly placementCode: string
  readonly providerCode: string | null
}

/**
 * Every child looked after on a day (short breaks left out), with the home that the child is in by the episode of that
 * day: also those whose home is not known, and why it is not.
 */
export const providersOfPlacements = (
  transaction: Transaction,
  authority: string,
  day: Day,
): Promise<PlacedChild[]> =>
  transaction.query<PlacedChild>(
    'placements.providers',
    `select e.child, e.placement_code as "placementCode", e.provider_code as "providerCode",
            ${providerColumns('e.urn')}
       from care.episode e
       ${providerOn('e', 'e.urn', '$2::date')}
      where e.authority = $1 and not e.short_break
        and e.started_on <= $2 and (e.ceased_on is null or e.ceased_on > $2)
      order by e.child`,
    [authority, day],
  )
