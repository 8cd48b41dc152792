import type { Population } from '../definition.ts'
import {
  CHILD_DIMENSIONS,
  childColumns,
  EPISODE_COLUMNS,
  EPISODE_DIMENSIONS,
  withinPeriods,
} from './columns.ts'
import { OTHER_BOUNDARIES, PLACE_DIMENSIONS, placeColumns } from './places.ts'

/** One row per placement that started in the period; temporary stays and returns from them are none. */
export const newPlacementsIn: Population = {
  id: 'new-placements',
  counts: 'a placement that started in the period',
  kind: 'flow',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS, ...PLACE_DIMENSIONS],
  facts: ['distance_miles'],
  text: `
with ${OTHER_BOUNDARIES}
select e.authority, e.child, p.label as period, p.ordinal, e.started_on as day,
       ${childColumns('e.started_on', 'e.age_on_start')},
       ${EPISODE_COLUMNS},
       ${placeColumns('e.started_on')},
       e.distance_miles::float8 as distance_miles
  from day_in_period p
  join care.episode e
    on e.authority = any($1::text[]) and e.new_placement and e.started_on = p.day and ${withinPeriods('e.started_on')}`,
}

/** One row per change of placement in the period, described by the episode that ceases. */
export const placementChangesIn: Population = {
  id: 'placement-changes',
  counts: 'a change of placement in the period',
  kind: 'flow',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS, 'placement-change-reason'],
  facts: [],
  text: `
select e.authority, e.child, p.label as period, p.ordinal, e.ceased_on as day,
       ${childColumns('e.ceased_on', 'e.age_on_ceasing')},
       ${EPISODE_COLUMNS},
       -- On the episode that ceases, "not against the new episode starting" (guide to the return).
       coalesce(lower(e.reason_place_change), 'not-reported') as placement_change_reason
  from day_in_period p
  join care.episode e
    on e.authority = any($1::text[]) and e.placement_change and e.ceased_on = p.day and ${withinPeriods('e.ceased_on')}`,
}

/** One row per placement that ceased in the period, temporary stays bridged. */
export const placementsCeasedIn: Population = {
  id: 'placements-ceased',
  counts: 'a placement that ceased in the period',
  kind: 'flow',
  dimensions: [...CHILD_DIMENSIONS, 'placement-type', 'placement-provider'],
  facts: ['days_in_placement'],
  text: `
select e.authority, e.child, p.label as period, p.ordinal, e.ceased_on as day,
       ${childColumns('e.ceased_on', 'e.age_on_ceasing')},
       e.placement_type, e.placement_provider,
       e.ceased_on - e.started_on as days_in_placement
  from day_in_period p
  join care.placement e
    on e.authority = any($1::text[]) and e.ceased_on = p.day and ${withinPeriods('e.ceased_on')}`,
}
