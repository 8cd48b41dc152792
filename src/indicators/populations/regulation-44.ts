import { providersOn } from '../../supply/providers-on.ts'
import type { Population } from '../definition.ts'
import { CHILDRENS_HOMES } from './provider-kinds.ts'

/**
 * The calendar months that end in a period, up to the month of the latest visit on record: of a month that records do
 * not reach, a missing visit says nothing.
 */
const MONTHS = `(
        select distinct d.day as number, d.day
          from day_in_period d
         where d.day = (date_trunc('month', d.day) + interval '1 month - 1 day')::date
    )`

/** One row per month of a children's home of the authority that was registered throughout the month. */
export const homeMonthsIn: Population = {
  id: 'home-months-in',
  counts:
    'a calendar month that ends in the period, of a children’s home of the authority registered throughout it',
  kind: 'flow',
  fromRecordsAlone: true,
  dimensions: [],
  facts: [],
  text: `
with latest as (
    select r.authority, max(r.re44_visit_date) as visited_on
      from care.record_regulation_44_visits r
     where r.authority = any($1::text[])
     group by r.authority
),
${providersOn(MONTHS).trimStart()},
visited as (
    select distinct r.authority, r.re44_urn as urn, date_trunc('month', r.re44_visit_date)::date as month
      from care.record_regulation_44_visits r
     where r.authority = any($1::text[])
)
select v.authority, v.urn as child, d.label as period, d.ordinal, v.day,
       visited.month is not null as visited
  from provider v
  join day_in_period d on d.day = v.day
  join latest on latest.authority = v.authority and latest.visited_on >= date_trunc('month', v.day)::date
  left join visited on visited.authority = v.authority and visited.urn = v.urn and visited.month = date_trunc('month', v.day)::date
 where v.is_own and v.provider_type in (${CHILDRENS_HOMES})
   and (v.registered_on is null or v.registered_on <= date_trunc('month', v.day)::date)`,
}
