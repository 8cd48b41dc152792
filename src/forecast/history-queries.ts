import type { Transaction } from '../platform/database/database.ts'
import { type Day, dayOf } from '../vocabulary/day.ts'
import type { CareEpisode, CareHistory } from './care-history.ts'
import type { ReturnedRows } from './markov/returned-rows.ts'
import { costItemOf, forecastPlacementOf } from './placement-groups.ts'

/** What a forecast reads of an authority: no ids of children, for the answer has none. */

/** The history that the returns in force make; null where there is none. */
export async function readCareHistory(
  transaction: Transaction,
  authority: string,
): Promise<CareHistory | null> {
  const [known] = await transaction.query<{ from: Day; to: Day }>('forecast.known', KNOWN_DAYS, [authority])
  if (!known) return null
  const rows = await transaction.query<EpisodeRow>('forecast.episodes', CARE_EPISODES, [authority])
  return { episodes: rows.map(episodeOf), knownFrom: known.from, knownTo: known.to }
}

/** The days that returns cover without a gap up to the last. */
const KNOWN_DAYS = `
with covered as (
    select r.covers_from, r.covers_to,
           max(r.covers_to) over (order by r.covers_from rows between unbounded preceding and 1 preceding) as covered_before
      from care.return r
     where r.authority = $1 and r.in_force
)
select max(c.covers_from) filter (where c.covered_before is null or c.covers_from > c.covered_before + 1) as "from",
       max(c.covers_to) as "to"
  from covered c
having count(*) > 0`

/** The code of who provides the home of an episode `e`: of a temporary stay, that of the placement it interrupts. */
export const PROVIDER_CODE = `case e.placement_provider when 'own' then 'PR1' when 'other-la' then 'PR2'
            when 'other-public' then 'PR3' when 'private' then 'PR4' when 'voluntary' then 'PR5' end`

const CARE_EPISODES = `
select dense_rank() over (order by e.child)::int as child, e.born_number, e.uasc, e.started_on, e.ceased_on,
       e.period_started_on, e.placement_started_on, e.ends_period, e.rec,
       coalesce(e.usual_placement_code, e.placement_code) as code,
       ${PROVIDER_CODE} as provider
  from care.episode e
 where e.authority = $1 and not e.short_break
 order by e.child, e.started_on`

interface EpisodeRow {
  child: number
  /** 20100131 */
  born_number: number
  uasc: boolean
  started_on: Day
  ceased_on: Day | null
  period_started_on: Day | null
  placement_started_on: Day | null
  ends_period: boolean
  rec: string | null
  code: string
  provider: string | null
}

const bornOn = (number: number): Day =>
  dayOf(Math.floor(number / 10_000), Math.floor(number / 100) % 100, number % 100)

const episodeOf = (row: EpisodeRow): CareEpisode => ({
  child: row.child,
  born: bornOn(row.born_number),
  uasc: row.uasc,
  startedOn: row.started_on,
  ceasedOn: row.ceased_on,
  periodStartedOn: row.period_started_on ?? row.started_on,
  // A temporary stay that interrupts no placement is one of its own here.
  placementStartedOn: row.placement_started_on ?? row.started_on,
  placement: forecastPlacementOf(row.code),
  costItem: costItemOf(row.code, row.provider),
  endsPeriod: row.ends_period,
  reasonCeased: row.ends_period ? row.rec : null,
})

/** The rows of the returns in force as they were sent, year by year: what the existing models forecast from. */
export async function readReturnedRows(transaction: Transaction, authority: string): Promise<ReturnedRows> {
  const episodes = await transaction.query<ReturnedRows['episodes'][number]>(
    'forecast.returnedEpisodes',
    `select e.child, r.year::int as year, e.decom, e.rne, e.place, e.place_provider as provider, e.dec, e.rec,
            e.reason_place_change as "reasonPlaceChange"
       from care.returned_episode e
       join care.return r on r.authority = e.authority and r.number = e.return_number and r.in_force
      where e.authority = $1
      order by r.year, e.row`,
    [authority],
  )
  const children = await transaction.query<ReturnedRows['children'][number]>(
    'forecast.returnedChildren',
    `select h.child, r.year::int as year, h.dob as born
       from care.returned_header h
       join care.return r on r.authority = h.authority and r.number = h.return_number and r.in_force
      where h.authority = $1
      order by r.year, h.row`,
    [authority],
  )
  const uasc = await transaction.query<{ child: string }>(
    'forecast.returnedUasc',
    `select distinct u.child
       from care.returned_uasc u
       join care.return r on r.authority = u.authority and r.number = u.return_number and r.in_force
      where u.authority = $1`,
    [authority],
  )
  return { episodes, children, uasc: uasc.map(({ child }) => child) }
}
