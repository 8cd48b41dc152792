import type { Population } from '../definition.ts'
import { ageOn, CHILD_DIMENSIONS, CHILD_OF_RECORD, childColumns, childOf } from './columns.ts'

/** One row per day on record, in the period, on which a child came a step nearer to adoption, or further from it. */
export const permanenceStepsIn: Population = {
  id: 'permanence-steps',
  counts: 'a step of a child towards adoption that is on record for a day in the period',
  kind: 'flow',
  fromRecordsAlone: true,
  dimensions: CHILD_DIMENSIONS,
  facts: ['adoption_step'],
  text: `
with dated as (
    select r.authority, r.child,
           unnest(array['decision', 'placement-order', 'matched', 'placed', 'disrupted', 'adopted']) as step,
           unnest(array[r.perm_adm_decision_date, r.perm_placement_order_date, r.perm_matched_date,
                        r.perm_placed_for_adoption_date, r.perm_disrupted_date,
                        case when r.perm_permanence_order_type = 'Adoption' then r.perm_permanence_order_date end]) as on_day,
           r.perm_part_of_sibling_group is not distinct from 'Y'
             and (r.perm_siblings_placed_together is not null or r.perm_siblings_placed_apart is not null) as of_siblings,
           coalesce(r.perm_siblings_placed_together, 2) >= 2 and coalesce(r.perm_siblings_placed_apart, 0) = 0 as together
      from care.record_permanence r
     where r.authority = any($1::text[])
),
step as (
    select d.*, ${CHILD_OF_RECORD}
      from dated d
      ${childOf('d')}
     where d.on_day between (select min(p.first_day) from period p) and (select max(p.last_day) from period p)
)
select e.authority, e.child, p.label as period, p.ordinal, e.on_day as day,
       ${childColumns('e.on_day', ageOn('e.on_day'))},
       e.step as adoption_step,
       e.of_siblings, e.together
  from period p
  join step e on e.on_day between p.first_day and p.last_day`,
}
