import { closestTo } from './closest-to.ts'

/** The first day of the terms that a record `h` of a fostering household tells. */
export const TERMS_FROM = 'coalesce(h.fohh_terms_start_date, h.fohh_approved_date)'

/** Whether the household of a record `h` had been approved by a day: on which terms, `onItsTerms` tells. */
export const approvedBy = (day: string): string => `h.fohh_approved_date <= ${day}`

/**
 * For `order by`: the record with the terms that hold on a day, or, of a household approved by then, with the first ones
 * known: when terms change, an authority may send only the new ones.
 */
export const onItsTerms = (day: string): string => `${closestTo(day, TERMS_FROM)}, h.id desc`
