import { DESCRIBED_COLUMNS, describedOn, episodeOn, HELD, HOME, HOME_COLUMNS } from './held-returns.ts'

/**
 * Times missing and away. One that crosses 31 March stands in two returns: the later one knows how it ended. A day
 * on which a child went missing twice has two rows in one return, and so two incidents here.
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
select $1, s.child, s.missing, s.mis_start, s.number, s.mis_end, ${describedOn('s.mis_start')}, ${HOME}
  from stated s
  join care.child c on c.authority = $1 and c.child = s.child${episodeOn('s', 's.mis_start')}`
