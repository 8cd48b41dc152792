import type { Population } from '../definition.ts'

/** One row per social worker, as the latest record of them in the year up to the last day of the period says. */
export const socialWorkersOnRecordAt: Population = {
  id: 'social-workers-on-record-at',
  counts: 'a social worker on record, as last described in the year up to the last day of the period',
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: [],
  facts: ['status_on', 'cases_held', 'full_time_equivalent', 'agency_worker'],
  // A worker is no child: the list gives the worker's own id in the child's place.
  text: `
select distinct on (w.authority, w.prof_professional_id, p.ordinal)
       w.authority, w.prof_professional_id as child, p.label as period, p.ordinal, p.last_day as day,
       w.prof_status_date as status_on,
       w.prof_professional_caseload as cases_held,
       w.prof_full_time_equivalency::float8 as full_time_equivalent,
       w.prof_agency_worker_flag is not distinct from 'Y' as agency_worker
  from period p
  join care.record_social_workers w
    on w.authority = any($1::text[]) and w.prof_status_date between p.year_from and p.last_day
 order by w.authority, w.prof_professional_id, p.ordinal, w.prof_status_date desc, w.id desc`,
}

/** The latest workforce census in the year up to the last day of the period: one row for an authority. */
export const workforceCensusAt: Population = {
  id: 'workforce-census-at',
  counts: 'the latest workforce census in the year up to the last day of the period',
  kind: 'stock',
  fromRecordsAlone: true,
  dimensions: [],
  facts: ['status_on'],
  text: `
select distinct on (w.authority, p.ordinal)
       w.authority, w.id as child, p.label as period, p.ordinal, p.last_day as day,
       w.wcen_census_date as status_on,
       w.wcen_fte_in_post as in_post, w.wcen_fte_leavers as leavers, w.wcen_fte_agency as agency,
       w.wcen_fte_vacancies as vacancies, w.wcen_days_lost_to_sickness as days_lost,
       -- Working days of a year, as the census counts them.
       case when extract(day from make_date(extract(year from w.wcen_census_date)::int, 3, 1) - 1) = 29 then 254 else 253 end as working_days,
       w.wcen_cases_held as cases_held, w.wcen_fte_holding_cases as holding_cases,
       w.wcen_personal_adviser_fte as personal_advisers, w.wcen_care_leavers_allocated as care_leavers_allocated
  from period p
  join care.record_workforce_census w
    on w.authority = any($1::text[]) and w.wcen_census_date between p.year_from and p.last_day
 order by w.authority, p.ordinal, w.wcen_census_date desc, w.id desc`,
}
