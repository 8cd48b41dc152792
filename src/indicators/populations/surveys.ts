import type { Population } from '../definition.ts'
import { quotedList } from './quoted-list.ts'

/** One row per survey that closed in the year up to the last day of the period. */
const surveysIn = (id: string, counts: string, surveys: string): Population => ({
  id,
  counts,
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: ['survey'],
  facts: [],
  // A survey's own id stands in the child's place.
  text: `
select r.authority, r.id as child, p.label as period, p.ordinal, r.surv_date as day,
       r.surv_survey as survey, r.surv_asked as asked, r.surv_answered as answered, r.surv_positive as positive
  from period p
  join care.record_surveys r
    on r.authority = any($1::text[]) and r.surv_date between p.year_from and p.last_day
   and r.surv_survey in (${quotedList(surveys)})`,
})

export const partnerSurveysIn = surveysIn(
  'partner-surveys-in',
  'a survey of partners that closed in the year up to the last day of the period',
  'partners-early-help partners-joint-working',
)
export const placementSurveysIn = surveysIn(
  'placement-surveys-in',
  'a survey of children about their placement that closed in the year up to the last day of the period',
  'children-placement',
)
