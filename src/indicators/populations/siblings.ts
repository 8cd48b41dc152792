import type { Population } from '../definition.ts'
import { EPISODES_AT } from './columns.ts'
import { DETAILS, detailOn, URN_OF_HOME } from './placement-details.ts'

/**
 * Whether two children live in one home. Where the foster household of both is known, that decides. Else they do where
 * provider (URN) and postcode of the placement are the same: an agency has many homes, and a postcode several. Placed
 * with parents, who have no URN, the postcode is enough.
 */
const LIVE_TOGETHER = `case
             when one.household is not null and other.household is not null then one.household = other.household
             when one.home_code = 'P1' and other.home_code = 'P1' then coalesce(one.home_post = other.home_post, false)
             else coalesce(one.home_urn = other.home_urn and one.home_urn <> 'XXXXXXX' and one.home_post = other.home_post, false)
           end`

/** `pair_in_group`: two looked-after children of one sibling group on the last day of a period, in the order of their ids. */
const PAIRS = `${DETAILS},
home as (
    select e.authority, e.child, p.label, p.ordinal, p.last_day, detail.household,
           coalesce(e.usual_placement_code, e.placement_code) as home_code,
           e.usual_placement_post as home_post,
           ${URN_OF_HOME} as home_urn
      from ${EPISODES_AT} e
      join period p on p.nth_last_day = e.nth_last_day
      ${detailOn('p.last_day')}
),
member as (
    select r.authority, r.child, r.sibl_group_id as in_group, p.ordinal,
           bool_or(r.sibl_assessed_apart = 'Y') is true as apart
      from period p
      join care.record_sibling_groups r
        on r.authority = any($1::text[]) and r.sibl_start_date <= p.last_day
       and (r.sibl_end_date is null or r.sibl_end_date >= p.last_day)
     group by r.authority, r.child, r.sibl_group_id, p.ordinal
),
sibling as (
    select home.*, member.in_group, member.apart
      from home
      join member on member.authority = home.authority and member.child = home.child and member.ordinal = home.ordinal
),
pair_in_group as (
    select one.authority, one.ordinal, one.label, one.last_day, one.in_group,
           one.child, other.child as sibling, one.apart or other.apart as apart,
           ${LIVE_TOGETHER} as together
      from sibling one
      join sibling other
        on other.authority = one.authority and other.ordinal = one.ordinal and other.in_group = one.in_group
       and other.child > one.child
)`

/** One row per pair of siblings who are both looked after on the last day, by the child whose id comes first. */
export const siblingPairsAt: Population = {
  id: 'sibling-pairs-at',
  counts: 'a pair of siblings who are both looked after on the last day of the period',
  kind: 'stock',
  dimensions: [],
  facts: ['sibling', 'assessed_apart', 'placed_together'],
  // In two groups at once they are one pair.
  text: `
with ${PAIRS}
select r.authority, r.child, r.label as period, r.ordinal, r.last_day as day, r.sibling,
       bool_or(r.apart) as assessed_apart,
       bool_or(r.together) as placed_together
  from pair_in_group r
 group by r.authority, r.child, r.sibling, r.label, r.ordinal, r.last_day`,
}

/**
 * One row per sibling group with two children or more who are looked after on the last day and not assessed apart, by
 * the child whose id comes first.
 */
export const siblingGroupsAt: Population = {
  id: 'sibling-groups-at',
  counts: 'a group of two or more siblings looked after on the last day of the period',
  kind: 'stock',
  dimensions: [],
  facts: ['children_in_group', 'all_together'],
  text: `
with ${PAIRS}
select r.authority, min(r.child) as child, r.label as period, r.ordinal, r.last_day as day,
       1 + count(distinct r.sibling)::int as children_in_group,
       bool_and(r.together) as all_together
  from pair_in_group r
 where not r.apart
 group by r.authority, r.in_group, r.label, r.ordinal, r.last_day`,
}
