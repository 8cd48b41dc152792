import type { Population } from '../definition.ts'

/** One row per family that got support in the period, with the kinds of it: a family may get several. */
export const kinshipFamiliesIn: Population = {
  id: 'kinship-families-in',
  counts: 'a family that brings up a relative’s or friend’s child and got support in the period',
  kind: 'flow',
  fromRecordsAlone: true,
  dimensions: [],
  facts: [],
  // A family's own id stands in the child's place.
  text: `
select r.authority, r.kins_family_id as child, p.label as period, p.ordinal, p.last_day as day,
       bool_or(r.kins_support = 'special-guardianship-allowance') as guardianship_allowance,
       bool_or(r.kins_support = 'child-arrangements-allowance') as arrangements_allowance,
       bool_or(r.kins_support = 'family-group-conference') as conference,
       bool_or(r.kins_support = 'other') as other_support
  from period p
  join care.record_kinship_support r
    on r.authority = any($1::text[]) and r.kins_start_date <= p.last_day
   -- A conference without an end is over with its day; what else has none lasts.
   and coalesce(r.kins_end_date, case when r.kins_support = 'family-group-conference' then r.kins_start_date end, p.last_day) >= p.first_day
 group by r.authority, r.kins_family_id, p.label, p.ordinal, p.last_day`,
}
