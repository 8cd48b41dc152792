import type { Population } from '../definition.ts'

/** The way of households from an enquiry about fostering to a decision: one row for each that reached a step in a period. */
const stepIn = (id: string, counts: string, day: string): Population => ({
  id,
  counts,
  kind: 'flow',
  fromRecordsAlone: true,
  dimensions: ['fostering-type'],
  facts: [],
  // The enquiry's own id stands in the child's place.
  text: `
select r.authority, r.id as child, d.label as period, d.ordinal, d.day,
       coalesce(r.recr_type, 'not-known') as fostering_type,
       r.recr_outcome is not distinct from 'approved' as is_approved,
       d.day - r.recr_enquiry_date as days_from_enquiry
  from day_in_period d
  join care.record_carer_recruitment r on r.authority = any($1::text[]) and ${day} = d.day`,
})

export const enquiriesIn = stepIn(
  'fostering-enquiries-in',
  'an enquiry about fostering in the period',
  'r.recr_enquiry_date',
)
export const applicationsIn = stepIn(
  'fostering-applications-in',
  'an application to foster in the period',
  'r.recr_application_date',
)
export const decisionsIn = stepIn(
  'fostering-decisions-in',
  'a decision in the period to approve a household or not',
  'r.recr_decision_date',
)
/** Decided, or over without a decision. */
export const enquiriesConcludedIn = stepIn(
  'fostering-enquiries-concluded-in',
  'an enquiry about fostering that came to its end in the period, by a decision or without one',
  `case when r.recr_outcome is not null then coalesce(r.recr_decision_date, r.recr_ended_date) end`,
)
