import type { Population } from '../definition.ts'

/** One row per bed or foster place that the authority has bought, on the last day of the period. */
export const commissionedBedsAt: Population = {
  id: 'commissioned-beds-at',
  counts: 'a bed or foster place that is bought on the last day of the period',
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: ['contract', 'commissioned-type'],
  facts: ['weekly_price'],
  // A contract's own id stands in the child's place.
  text: `
select r.authority, r.id as child, p.label as period, p.ordinal, p.last_day as day,
       r.cobe_contract as contract, r.cobe_placement_type as commissioned_type,
       nullif(r.cobe_weekly_price, 0)::float8 as weekly_price
  from period p
  join care.record_commissioned_beds r
    on r.authority = any($1::text[]) and r.cobe_start_date <= p.last_day
   and (r.cobe_end_date is null or r.cobe_end_date >= p.last_day)
 cross join lateral generate_series(1, r.cobe_beds) as bed (number)`,
}
