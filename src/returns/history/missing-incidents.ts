import {
  birthday,
  DESCRIBED_COLUMNS,
  describedOn,
  episodeOn,
  HELD,
  HOME,
  HOME_COLUMNS,
} from './held-returns.ts'

const EIGHTEENTH = birthday('c.born', '18')

/**
 * Times missing and away. One that crosses 31 March stands in two returns: the later one knows how it ended. One that
 * no return closes lasts to the 18th birthday, when the guide has it closed (indicators.md 2.17): else a child who left
 * care while missing would be missing in every year to come.
 */
export const MISSING_INCIDENTS = `
with held as (${HELD}
),
returned as (
    select m.child, m.missing, m.mis_start, m.mis_end, m.row, held.year,
           max(held.year) over (partition by m.child, m.missing, m.mis_start) as latest_year
      from care.returned_missing m
      join held on held.number = m.return_number
     where m.authority = $1
),
stated as (
    select r.child, r.missing, r.mis_start, r.mis_end,
           row_number() over (partition by r.child, r.missing, r.mis_start order by r.mis_end nulls last, r.row) as number
      from returned r
     where r.year = r.latest_year
)
insert into care.missing_incident (authority, child, kind, started_on, number, ended_on, ${DESCRIBED_COLUMNS}, ${HOME_COLUMNS})
select $1, s.child, s.missing, s.mis_start, s.number,
       coalesce(s.mis_end, case when ${EIGHTEENTH} > s.mis_start and ${EIGHTEENTH} < (select max(held.covers_until) from held) then ${EIGHTEENTH} end), ${describedOn('s.mis_start')}, ${HOME}
  from stated s
  join care.child c on c.authority = $1 and c.child = s.child${episodeOn('s', 's.mis_start')}`
