import type { Population } from '../definition.ts'
import { CHILD_DIMENSIONS, childColumns, withinPeriods } from './columns.ts'

/** One row per child and kind of step towards adoption in the period: the first of its kind. */
export const adoptionStepsIn: Population = {
  id: 'adoption-steps',
  counts: 'a child’s first step of a kind towards adoption in the period',
  kind: 'flow',
  dimensions: [...CHILD_DIMENSIONS, 'reversal-reason'],
  facts: ['adoption_step'],
  text: `
select e.authority, e.child, p.label as period, p.ordinal, e.on_day as day,
       ${childColumns('e.on_day', 'e.age')},
       e.step as adoption_step,
       coalesce(lower(e.reason), 'not-reported') as reversal_reason
  from day_in_period p
  join care.adoption_step e
    on e.authority = any($1::text[]) and e.on_day = p.day and ${withinPeriods('e.on_day')}
   and (e.previous_on is null or e.previous_on < p.first_day)`,
}

const adopted = (since: string): string => `
select e.authority, e.child, p.label as period, p.ordinal, e.adopted_on as day,
       ${childColumns('e.adopted_on', 'e.age')},
       e.placed_on - e.entered_care_on as days_to_placement,
       e.moved_in_on - e.entered_care_on as days_to_moving_in,
       e.matched_on - e.placement_order_on as days_from_order_to_match,
       e.decided_on - e.entered_care_on as days_to_decision,
       e.matched_on - e.decided_on as days_from_decision_to_match,
       e.placed_on - e.matched_on as days_from_match_to_placement,
       e.adopted_on - e.placed_on as days_from_placement_to_order,
       e.adopted_on - e.entered_care_on as days_to_order,
       e.placed_on - e.decided_on as days_from_decision_to_placement,
       e.disrupted as placement_was_disrupted
  from period p
  join care.adopted_child e
    on e.authority = any($1::text[]) and e.adopted_on between ${since} and p.last_day`

const FACTS = ['days_to_placement', 'days_to_moving_in', 'days_from_order_to_match']

/** One row per child adopted in the period, with the times between the stages. */
export const adoptedIn: Population = {
  id: 'adopted',
  counts: 'a child adopted in the period',
  kind: 'flow',
  dimensions: CHILD_DIMENSIONS,
  facts: FACTS,
  text: adopted('p.first_day'),
}

/** One row per child adopted in the three years that end on the last day of the period, as the scorecards have it. */
export const adoptedInThreeYears: Population = {
  id: 'adopted-in-three-years',
  counts: 'a child adopted in the three years that end on the last day of the period',
  kind: 'flow',
  dimensions: CHILD_DIMENSIONS,
  facts: FACTS,
  text: adopted('p.three_years_from'),
}

/**
 * One row per child with a deprivation of liberty order that overlaps the period: of the last one, or of the last that
 * began elsewhere than in a secure home.
 */
export const deprivedOfLibertyIn: Population = {
  id: 'deprivations-of-liberty',
  counts: 'a child under a deprivation of liberty order in the period',
  kind: 'flow',
  dimensions: [...CHILD_DIMENSIONS, 'placement-type'],
  facts: [],
  text: `
select distinct on (e.authority, e.child, p.ordinal)
       e.authority, e.child, p.label as period, p.ordinal, e.started_on as day,
       ${childColumns('e.started_on', 'e.age')},
       coalesce(e.placement_type, 'not-known') as placement_type,
       e.placement_code
  from period p
  join care.deprivation_of_liberty e
    on e.authority = any($1::text[]) and e.started_on <= p.last_day and (e.ended_on is null or e.ended_on >= p.first_day)
 order by e.authority, e.child, p.ordinal, e.placement_code is not distinct from 'K1', e.started_on desc`,
}
