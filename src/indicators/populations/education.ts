import type { Population } from '../definition.ts'
import {
  AGE_ON_LAST_DAY,
  CHILD_DIMENSIONS,
  childColumns,
  EPISODE_COLUMNS,
  EPISODE_DIMENSIONS,
  EPISODES_TO_LAST_DAY,
  joined,
  LOOKED_AFTER_ON_LAST_DAY,
  placementsSince,
  SHORT_BREAKS_IN_YEAR,
} from './columns.ts'

/**
 * Compulsory school age as the outcome statistics take it: 5 to 15 on the 31 August before the school year. The day is
 * the last 31 August by the period's last day, as a number.
 */
const OF_SCHOOL_AGE = `(((p.last_number - 831) / 10000) * 10000 + 831 - e.born_number) / 10000 between 5 and 15`

/** The provision for special educational needs on the last day of each period. */
const SEN = `
sen as (
    select distinct on (r.authority, r.child, p.ordinal) r.authority, r.child, p.ordinal, r.senp_provision as provision
      from period p
      join care.record_special_educational_needs r
        on r.authority = any($1::text[]) and r.senp_start_date <= p.last_day
       and (r.senp_end_date is null or r.senp_end_date >= p.last_day)
     -- Of two at once, an education, health and care plan goes first.
     order by r.authority, r.child, p.ordinal, r.senp_provision = 'E' desc, r.senp_start_date desc
)`
const SEN_COLUMN = `case sen.provision when 'E' then 'ehc-plan' when 'K' then 'sen-support' else 'none' end as sen_provision`

/** One row per child looked after on the last day of the period: education plan, and school moves in the year up to it. */
export const pupilsAt: Population = {
  id: 'pupils-at',
  counts: 'a child looked after on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS, 'sen-provision'],
  facts: ['plan_reviewed_on', 'school_moves', 'mid_year_school_moves', 'placements_in_year'],
  text: `
with ${SEN.trimStart()},
plan as (
    select r.authority, r.child, p.ordinal, max(r.pepl_review_date) as reviewed_on
      from period p
      join care.record_personal_education_plans r
        on r.authority = any($1::text[]) and r.pepl_review_date <= p.last_day
     group by r.authority, r.child, p.ordinal
),
on_roll as (
    select r.authority, r.child, p.ordinal
      from period p
      join care.record_school_enrolments r
        on r.authority = any($1::text[]) and r.enro_start_date <= p.last_day
       and (r.enro_end_date is null or r.enro_end_date >= p.year_from)
     group by r.authority, r.child, p.ordinal
),
enrolment as (
    select r.authority, r.child, r.enro_start_date as on_day, r.enro_school_urn as school,
           r.enro_phase_transfer is not distinct from 'Y' as expected,
           lag(r.enro_school_urn) over (partition by r.authority, r.child order by r.enro_start_date, r.id) as school_before
      from care.record_school_enrolments r
     where r.authority = any($1::text[])
),
move as (
    select m.authority, m.child, p.ordinal,
           array_agg(m.on_day order by m.on_day) as any_time,
           coalesce(array_agg(m.on_day order by m.on_day)
                      filter (where extract(month from m.on_day) not in (8, 9)), '{}') as mid_year
      from period p
      join enrolment m on m.on_day between p.year_from and p.last_day
     where m.school <> m.school_before and not m.expected
     group by m.authority, m.child, p.ordinal
),
workers as (
    select w.authority, w.child, p.ordinal, count(distinct w.social_worker)::int as workers
      from period p
      join care.social_worker_episode w
        on w.authority = any($1::text[]) and w.started_on <= p.last_day
       and (w.ceased_on is null or w.ceased_on > p.year_from)
     group by w.authority, w.child, p.ordinal
),
pupil as (
    select e.*, p.label, p.ordinal, p.last_day, p.last_number, p.year_from,
           ${OF_SCHOOL_AGE} as of_school_age,
           -- The first day in care within the year: in an earlier stretch that had not ended by then, or in this one.
           coalesce(e.earlier_care_from[width_bucket(p.year_from, e.earlier_care_until) + 1], e.in_care_since) as entered_on
      from ${LOOKED_AFTER_ON_LAST_DAY}
)
select e.authority, e.child, e.label as period, e.ordinal, e.last_day as day,
       ${childColumns('e.last_day', '(e.last_number - e.born_number) / 10000')},
       ${EPISODE_COLUMNS},
       ${SEN_COLUMN},
       e.of_school_age,
       plan.reviewed_on as plan_reviewed_on,
       coalesce(plan.reviewed_on >= (e.last_day - interval '4 months')::date, false) as plan_in_date,
       on_roll.child is not null as is_on_roll,
       cardinality(coalesce(move.any_time, '{}')) - width_bucket(e.entered_on, coalesce(move.any_time, '{}')) as school_moves,
       cardinality(coalesce(move.mid_year, '{}')) - width_bucket(e.entered_on, coalesce(move.mid_year, '{}')) as mid_year_school_moves,
       ${placementsSince('e.year_from')} as placements_in_year,
       workers.workers as social_workers
  from pupil e
  ${joined('sen', 'e')}
  ${joined('plan', 'e')}
  ${joined('on_roll', 'e')}
  ${joined('move', 'e')}
  ${joined('workers', 'e')}`,
}

/**
 * One row per child looked after continuously for twelve months on the last day of the period, as OC2 has them, with
 * attendance, suspensions and results of the year that ends on it.
 */
export const pupilsTwelveMonthsAt: Population = {
  id: 'pupils-looked-after-twelve-months',
  counts: 'a child looked after continuously for twelve months on the last day of the period',
  kind: 'stock',
  dimensions: [...CHILD_DIMENSIONS, ...EPISODE_DIMENSIONS, 'sen-provision'],
  facts: ['sessions_possible', 'sessions_missed', 'suspensions', 'permanent_exclusions'],
  text: `
with ${SHORT_BREAKS_IN_YEAR},
${SEN.trimStart()},
attendance as (
    select r.authority, r.child, p.ordinal,
           sum(r.satt_sessions_possible)::int as possible,
           sum(r.satt_sessions_missed)::int as missed,
           sum(r.satt_sessions_unauthorised)::int as unauthorised
      from period p
      join care.record_school_attendance r
        on r.authority = any($1::text[]) and r.satt_end_date between p.year_from and p.last_day
     group by r.authority, r.child, p.ordinal
),
exclusion as (
    select r.authority, r.child, p.ordinal,
           count(*) filter (where r.susp_category = 'SUSP')::int as suspensions,
           count(*) filter (where r.susp_category = 'PERM')::int as permanent
      from period p
      join care.record_suspensions r
        on r.authority = any($1::text[]) and r.susp_start_date between p.year_from and p.last_day
     group by r.authority, r.child, p.ordinal
),
result as (
    select r.authority, r.child, p.ordinal,
           bool_or(r.ksre_stage = 'KS4') as of_ks4,
           max(r.ksre_good_level_of_development) as good_level,
           max(r.ksre_reading_writing_maths) as expected_standard,
           max(r.ksre_attainment_8) as attainment_8,
           max(r.ksre_progress_8) as progress_8,
           max(r.ksre_english_maths_grade) as english_maths_grade
      from period p
      join care.record_key_stage_results r
        on r.authority = any($1::text[]) and r.ksre_result_date between p.year_from and p.last_day
     group by r.authority, r.child, p.ordinal
)
select e.authority, e.child, p.label as period, p.ordinal, p.last_day as day,
       ${childColumns('p.last_day', AGE_ON_LAST_DAY)},
       ${EPISODE_COLUMNS},
       ${SEN_COLUMN},
       ${OF_SCHOOL_AGE} as of_school_age,
       attendance.possible as sessions_possible,
       attendance.missed as sessions_missed,
       attendance.unauthorised as sessions_unauthorised,
       coalesce(exclusion.suspensions, 0) as suspensions,
       coalesce(exclusion.permanent, 0) as permanent_exclusions,
       result.good_level, result.expected_standard, coalesce(result.of_ks4, false) as of_ks4,
       result.attainment_8, result.progress_8, result.english_maths_grade
  from ${EPISODES_TO_LAST_DAY} e
  join period p on p.nth_last_day = e.nth_last_day and e.period_started_on <= p.year_from
  ${joined('short_breaks')}
  ${joined('sen')}
  ${joined('attendance')}
  ${joined('exclusion')}
  ${joined('result')}
 where short_breaks.child is null`,
}
