import { CATEGORY_OF_NEED_GROUPS, categorySql, type DimensionId } from '../../vocabulary/dimension.ts'

/**
 * The columns that populations have in common, as SQL. `c` is the child, `e` the episode that describes the row,
 * and `day` an expression of the day on which it is described.
 */

/** Completed years of age; PostgreSQL's age() gives who was born on 29 February a birthday on 1 March. */
export const ageSql = (day: string): string => `extract(year from age(${day}, c.born))::int`

export const CHILD_DIMENSIONS: readonly DimensionId[] = [
  'age-band',
  'age',
  'sex',
  'ethnicity',
  'ethnicity-code',
  'uasc',
]

export const childColumns = (day: string): string => `
       ${ageSql(day)} as age_in_years,
       case when ${ageSql(day)} < 1 then 'under-1' when ${ageSql(day)} < 5 then '1-to-4'
            when ${ageSql(day)} < 10 then '5-to-9' when ${ageSql(day)} < 16 then '10-to-15' else '16-and-over' end as age_band,
       ${ageSql(day)}::text as age,
       case c.sex when 'M' then 'male' when 'F' then 'female' else 'unknown' end as sex,
       c.ethnicity,
       lower(c.ethnicity_code) as ethnicity_code,
       case when c.uasc and (c.uasc_ceased_on is null or c.uasc_ceased_on > ${day}) then 'yes' else 'no' end as uasc`

export const EPISODE_DIMENSIONS: readonly DimensionId[] = [
  'legal-status',
  'legal-status-code',
  'category-of-need',
  'placement-type',
  'placement-code',
  'placement-provider',
]

export const EPISODE_COLUMNS = `
       e.legal_status,
       lower(e.legal_status_code) as legal_status_code,
       ${categorySql('e.category_of_need', CATEGORY_OF_NEED_GROUPS, 'not-reported')} as category_of_need,
       e.placement_type,
       lower(coalesce(e.usual_placement_code, e.placement_code)) as placement_code,
       e.placement_provider`

/** Time from a start to a day in the bands of the dimension. */
export const timeInCareSql = (start: string, day: string): string =>
  `case when ${start} > (${day} - interval '6 months')::date then 'under-6-months'
            when ${start} > (${day} - interval '1 year')::date then '6-to-12-months'
            when ${start} > (${day} - interval '2 years')::date then '1-to-2-years'
            when ${start} > (${day} - interval '3 years')::date then '2-to-3-years'
            when ${start} > (${day} - interval '5 years')::date then '3-to-5-years'
            else '5-years-and-over' end`

/** First day of the year, or of so many years, that ends on the period's last day. */
export const yearsEnding = (years: number, lastDay = 'p.last_day'): string =>
  `(${lastDay} + 1 - interval '${years} ${years === 1 ? 'year' : 'years'}')::date`
