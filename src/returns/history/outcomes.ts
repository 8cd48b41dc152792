import { DESCRIBED_COLUMNS, describedOn, episodeOn, HELD, HOME, HOME_COLUMNS } from './held-returns.ts'

/** OC2 as returned; its day is the 31 March on which the reporting year ends. */
export const OUTCOMES = `
with held as (${HELD}
)
insert into care.outcome (authority, child, on_day, sdq_score, sdq_reason, convicted, health_check, immunisations,
                          teeth_check, health_assessment, substance_misuse, intervention_received, intervention_offered)
select $1, o.child, make_date(held.year, 3, 31), o.sdq_score, o.sdq_reason, o.convicted, o.health_check, o.immunisations,
       o.teeth_check, o.health_assessment, o.substance_misuse, o.intervention_received, o.intervention_offered
  from care.returned_oc2 o
  join held on held.number = o.return_number
 where o.authority = $1
    on conflict do nothing`

/** Deprivation of liberty orders, each as the latest return that holds it says. */
export const DEPRIVATIONS_OF_LIBERTY = `
with held as (${HELD}
),
stated as (
    select distinct on (d.child, d.dolo_start) d.child, d.dolo_start, d.dolo_end
      from care.returned_deprivation_of_liberty d
      join held on held.number = d.return_number
     where d.authority = $1
     order by d.child, d.dolo_start, held.year desc, d.row desc
)
insert into care.deprivation_of_liberty (authority, child, started_on, ended_on, ${DESCRIBED_COLUMNS}, ${HOME_COLUMNS})
select $1, s.child, s.dolo_start, s.dolo_end, ${describedOn('s.dolo_start')}, ${HOME}
  from stated s
  join care.child c on c.authority = $1 and c.child = s.child${episodeOn('s', 's.dolo_start')}`
