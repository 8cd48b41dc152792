import type { Population } from '../definition.ts'
import { ageOn, CHILD_DIMENSIONS, CHILD_OF_RECORD, childColumns, childOf } from './columns.ts'

/** Times are those of clocks in England: an interview 72 hours later is so across the change of the clocks, too. */
const moment = (name: string) =>
  `((r.miss_missing_${name}_date + r.miss_missing_${name}_time) at time zone 'Europe/London')`

/**
 * One row per time missing (`M`) on record that ended in the period, with what came of the return home interview, as
 * far as is known today. A child who was away without authorisation (`A`) is not meant.
 */
export const returnHomeInterviewsIn: Population = {
  id: 'return-home-interviews',
  counts: 'a missing incident on record that ended in the period',
  kind: 'flow',
  fromRecordsAlone: true,
  dimensions: [...CHILD_DIMENSIONS, 'rhi-outcome'],
  facts: ['rhi_offered', 'rhi_held_on', 'rhi_within_72_hours', 'rhi_precision'],
  text: `
with incident as (
    select r.authority, r.child, r.miss_missing_episode_end_date as ended_on, ${CHILD_OF_RECORD},
           r.miss_missing_rhi_date as held_on,
           -- Who accepted, or was interviewed, was offered it, if that is not said.
           coalesce(r.miss_missing_rhi_offered,
                    case when r.miss_missing_rhi_accepted = 'Y' or r.miss_missing_rhi_date is not null then 'Y' end) is not distinct from 'Y' as offered,
           r.miss_missing_rhi_accepted is not distinct from 'Y' or r.miss_missing_rhi_date is not null as accepted,
           r.miss_missing_episode_end_time is not null and r.miss_missing_rhi_time is not null as times_known,
           case when r.miss_missing_episode_end_time is not null and r.miss_missing_rhi_time is not null
                then ${moment('rhi')} - ${moment('episode_end')} <= interval '72 hours'
                else r.miss_missing_rhi_date - r.miss_missing_episode_end_date <= 3 end is true as within_72_hours,
           coalesce(nullif(trim(both '-' from regexp_replace(lower(r.miss_missing_rhi_outcome), '[^a-z0-9]+', '-', 'g')), ''), 'not-recorded') as rhi_outcome
      from care.record_return_home_interviews r
      ${childOf('r')}
     where r.authority = any($1::text[]) and r.miss_missing_episode_type = 'M'
       and r.miss_missing_episode_end_date between (select min(p.first_day) from period p) and (select max(p.last_day) from period p)
)
select e.authority, e.child, p.label as period, p.ordinal, e.ended_on as day,
       ${childColumns('e.ended_on', ageOn('e.ended_on'))},
       e.offered as rhi_offered,
       e.offered and e.accepted as rhi_accepted,
       e.held_on as rhi_held_on,
       e.within_72_hours as rhi_within_72_hours,
       case when e.held_on is not null then case when e.times_known then 'time' else 'date' end end as rhi_precision,
       e.rhi_outcome
  from period p
  join incident e on e.ended_on between p.first_day and p.last_day`,
}
