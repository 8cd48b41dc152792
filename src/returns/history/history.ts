import type { Transaction } from '../../platform/database/database.ts'
import { bankHolidays } from '../../vocabulary/bank-holidays.ts'
import {
  CATEGORY_OF_NEED_GROUPS,
  categorySql,
  ETHNICITY_GROUPS,
  LEGAL_STATUS_GROUPS,
  PLACEMENT_PROVIDER_GROUPS,
  PLACEMENT_TYPE_GROUPS,
} from '../../vocabulary/dimension.ts'
import { ADOPTED_CHILDREN, ADOPTION_STEPS } from './adoption.ts'
import { CARE_LEAVER_HISTORIES, CARE_LEAVERS } from './care-leavers.ts'
import { HELD } from './held-returns.ts'
import { dropJourneys, makeJourneys } from './journeys.ts'
import { MISSING_INCIDENTS } from './missing-incidents.ts'
import { DEPRIVATIONS_OF_LIBERTY, OUTCOMES } from './outcomes.ts'
import { REVIEWS, REVIEWS_DUE } from './reviews.ts'

/**
 * Makes the one history of an authority from its returns in force, anew: children, episodes, placements, periods
 * of care, social workers. The result depends on which returns are in force, and on nothing else.
 *
 * - The latest return that holds a row says what it is.
 * - A return is the truth for all that overlaps its year: an episode that an earlier return left open and that is
 *   missing from the next one never was. Where returns are missing in between it ended, on a day not known.
 * - An episode of no days is dropped; the one that starts on its day takes over its reason for new episode (E24).
 * - An episode ends where the next one begins, should two returns disagree about it.
 *
 * Episodes take three steps over tables of the transaction's own: `life`, the episodes merged and numbered;
 * `walk`, what one learns on a walk along each child's life, over numbers and days only, for half a million wide
 * rows would be sorted again and again; `known_child`, what the whole walk says of the child.
 */
export async function rebuildHistory(transaction: Transaction, authority: string): Promise<void> {
  for (const table of DERIVED_TABLES) {
    await transaction.query(`history.clear.${table}`, `delete from care.${table} t where t.authority = $1`, [
      authority,
    ])
  }
  // Fresh rows have no statistics yet, and a nested loop over a large return would never end.
  await transaction.query(
    'history.plan',
    `select set_config('enable_nestloop', 'off', true), set_config('work_mem', '128MB', true)`,
  )
  await transaction.query('history.children', CHILDREN, [authority])
  await transaction.query('history.tables', STEPS)
  await transaction.query('history.life', LIFE, [authority])
  await transaction.query('history.analyse', 'analyze life (n, child_no, short_break)')
  await transaction.query('history.walk', WALK)
  await transaction.query('history.analyse', 'analyze walk (n, child_no, period_n, home_n)')
  await transaction.query('history.knownChildren', KNOWN_CHILDREN, [authority])
  await transaction.query('history.analyse', 'analyze known_child (child_no)')
  await makeJourneys(transaction, authority, JOURNEYS_IN_LIFE)
  await transaction.query('history.episodes', EPISODES, [authority])
  await transaction.query('history.shortBreaks', SHORT_BREAKS, [authority])
  await transaction.query('history.periodsOfCare', PERIODS_OF_CARE, [authority])
  await transaction.query('history.placements', PLACEMENTS, [authority])
  await transaction.query('history.socialWorkers', SOCIAL_WORKERS, [authority])
  await transaction.query('history.tables', 'drop table life, walk, known_child')
  await dropJourneys(transaction)
  for (const [name, statement] of FROM_OTHER_TABLES) {
    await transaction.query(`history.${name}`, statement, [authority])
  }
  await transaction.query('history.reviewsDue', REVIEWS_DUE, [authority, BANK_HOLIDAYS])
  await transaction.query('history.plan', `select set_config('enable_nestloop', 'on', true)`)
  await transaction.query(
    'history.version',
    `insert into care.authority_state (authority, data_version, changed_at, history_version)
     values ($1, '0', clock_timestamp(), $2)
     on conflict (authority) do update set history_version = excluded.history_version`,
    [authority, HISTORY_VERSION],
  )
}

/** Counts up when the way from returns to history changes: then figures may, though no return did. */
export const HISTORY_VERSION = 4

const DERIVED_TABLES = [
  'child',
  'episode',
  'placement',
  'period_of_care',
  'social_worker_episode',
  'missing_incident',
  'outcome',
  'deprivation_of_liberty',
  'care_leaver_history',
  'care_leaver',
  'review',
  'review_due',
  'adoption_step',
  'adopted_child',
]

/** What the tables beside the episodes say, described by the history; in an order in which each finds what it reads. */
const FROM_OTHER_TABLES: readonly (readonly [name: string, statement: string])[] = [
  ['missingIncidents', MISSING_INCIDENTS],
  ['outcomes', OUTCOMES],
  ['deprivationsOfLiberty', DEPRIVATIONS_OF_LIBERTY],
  ['careLeaverHistories', CARE_LEAVER_HISTORIES],
  ['careLeavers', CARE_LEAVERS],
  ['reviews', REVIEWS],
  ['adoptionSteps', ADOPTION_STEPS],
  ['adoptedChildren', ADOPTED_CHILDREN],
]

/** Of every year in which a return, and what is due after it, can lie. */
const BANK_HOLIDAYS = bankHolidays(2000, 2060)

const CHILDREN = `
with held as (${HELD}
),
header as (
    select distinct on (h.child) h.child, h.sex, h.dob, h.ethnic, h.upn, h.mother, h.mc_dob
      from care.returned_header h
      join held on held.number = h.return_number
     where h.authority = $1
     order by h.child, held.year desc
),
uasc as (
    select distinct on (u.child) u.child, u.duc
      from care.returned_uasc u
      join held on held.number = u.return_number
     where u.authority = $1
     order by u.child, held.year desc
),
permanence as (
    select distinct on (p.child) p.child, p.prev_perm
      from care.returned_previous_permanence p
      join held on held.number = p.return_number
     where p.authority = $1
     order by p.child, held.year desc
)
insert into care.child (authority, child, sex, born, ethnicity_code, ethnicity, upn, mother, mother_of_child_born,
                        uasc, uasc_ceased_on, previous_permanence)
select $1, header.child, header.sex, header.dob, header.ethnic,
       ${categorySql('header.ethnic', ETHNICITY_GROUPS, 'not-known')},
       header.upn, header.mother = '1', header.mc_dob,
       uasc.child is not null, uasc.duc, permanence.prev_perm
  from header
  left join uasc on uasc.child = header.child
  left join permanence on permanence.child = header.child`

const STEPS = `
create temporary table life (
    -- Counts the episodes by child and day: the next in the child's life has the next number.
    n int, child_no int, child text,
    started_on date, ceased_on date, rne text, rec text, ls text, cin text, place text, place_provider text,
    reason_place_change text, home_post text, pl_post text, urn text, return_year smallint,
    short_break boolean, temporary boolean, after_short_break boolean
) on commit drop;
create temporary table walk (
    n int, child_no int, started_on date, ceased_on date, next_started_on date,
    -- The episode that begins the period of care, and the one that says which home is meant.
    period_n int, home_n int, period_started_on date, period_number int,
    begins_period boolean, starts_period boolean, is_last_of_period boolean, ends_period boolean, began_as_short_breaks boolean,
    is_settled boolean, begins_placement boolean, ends_placement boolean, placement_ceased_on date, new_placement boolean, placement_change boolean,
    begins_carer boolean, begins_stretch boolean, ends_stretch boolean, is_move boolean,
    -- How many of the kind there are up to here: where the child's lists (known_child) are cut for the episode.
    starts int, leavings int, placements int, carers int, stretches int, moves int
) on commit drop;
create temporary table known_child (
    child_no int, child text, born_number int, sex text, ethnicity text, ethnicity_code text, uasc boolean,
    uasc_ceased_on date, mother boolean, previous_permanence text,
    period_starts date[], starts date[], leavings date[], placement_starts date[], placement_ends date[],
    -- How many placements there were before each period of care.
    placements_before int[],
    carer_starts date[], stretch_starts date[], stretch_ends date[], moves date[]
) on commit drop`

const TEMPORARY = `('T0', 'T1', 'T2', 'T3', 'T4')`

const LIFE = `
with held as (${HELD}
),
-- What an episode of no days leaves to the one that starts on its day: that care, or a placement, began. Only the
-- return of its own year holds it; what it leaves is for good.
left_behind as (
    select e.child, e.decom, bool_or(e.rne = 'S') as start, bool_or(e.rne in ('P', 'B')) as move
      from care.returned_episode e
      join held on held.number = e.return_number
     where e.authority = $1 and e.dec <= e.decom
     group by e.child, e.decom
),
-- Each episode as the latest return that holds it says, one with days before one without.
stated as (
    select distinct on (e.child, e.decom)
           e.child, e.decom, e.dec, e.rec, e.rne, e.ls, e.cin, e.place, e.place_provider, e.reason_place_change,
           e.home_post, e.pl_post, e.urn, held.year, held.covers_until, held.next_from, b.start, b.move
      from care.returned_episode e
      join held on held.number = e.return_number
      left join left_behind b on b.child = e.child and b.decom = e.decom
     where e.authority = $1
     order by e.child, e.decom, held.year desc, (e.dec is null or e.dec > e.decom) desc
),
kept as (
    select s.child, s.decom,
           -- Open into a time that no return covers: it ended there, if the next return does not have it.
           case when s.next_from > s.covers_until and (s.dec is null or s.dec > s.next_from)
                then s.covers_until else s.dec end as dec,
           case when s.next_from > s.covers_until and (s.dec is null or s.dec > s.next_from)
                then null else s.rec end as rec,
           case when s.start then 'S' when s.move and s.rne in ('L', 'T', 'U') then 'P' else s.rne end as rne,
           s.ls, s.cin, s.place, s.place_provider, s.reason_place_change, s.home_post, s.pl_post, s.urn, s.year,
           s.ls in ('V3', 'V4') as short_break,
           s.place in ${TEMPORARY} as temporary
      from stated s
     where (s.dec is null or s.dec > s.decom)
       and not (s.next_from is not null and s.next_from <= s.covers_until and (s.dec is null or s.dec > s.next_from))
)
insert into life (n, child_no, child, started_on, ceased_on, rne, rec, ls, cin, place, place_provider, reason_place_change,
                  home_post, pl_post, urn, return_year, short_break, temporary, after_short_break)
select row_number() over (order by k.child, k.decom), dense_rank() over (order by k.child), k.child,
       k.decom, least(k.dec, lead(k.decom) over following), k.rne,
       case when lead(k.decom) over following < coalesce(k.dec, 'infinity')
            then case when lead(k.rne) over following = 'S' then k.rec else 'X1' end
            else k.rec end,
       k.ls, k.cin, k.place, k.place_provider, k.reason_place_change, k.home_post, k.pl_post, k.urn, k.year,
       k.short_break, k.temporary,
       coalesce(lag(k.short_break) over following and coalesce(lag(k.dec) over following, 'infinity') >= k.decom, false)
  from kept k
window following as (partition by k.child order by k.decom)`

/** Short breaks stand aside: they are no part of a period of care. */
const WALK = `
with begun as (
    select e.n, e.child_no, e.started_on, e.ceased_on, e.temporary, e.after_short_break,
           e.rne = 'S' as by_start,
           e.rne in ('P', 'B') as by_move,
           e.rne in ('T', 'U') as by_same_carer,
           e.rec,
           lag(e.temporary) over history as after_temporary,
           (lag(e.n) over history is null or e.rne = 'S'
             or lag(e.rec) over history <> 'X1'
             or lag(e.rec) over history is null and lag(e.ceased_on) over history < e.started_on) is true as begins_period,
           -- Not care without a gap: then the episode before ended on the day on which this one starts.
           lag(e.ceased_on) over history is distinct from e.started_on as begins_stretch,
           lead(e.started_on) over history as next_started_on,
           -- Beside the episode before in a home; a temporary stay is none.
           lag(e.n) over same_kind as n_before,
           lag(e.place) over same_kind = e.place and lag(e.pl_post) over same_kind is not distinct from e.pl_post as is_same_home,
           e.place in ('U2', 'U5') and lag(e.place) over same_kind not in ('U2', 'U5') as is_newly_for_adoption
      from life e
     where not e.short_break
    window history as (partition by e.child_no order by e.n),
           same_kind as (partition by e.child_no, e.temporary order by e.n)
),
in_periods as (
    select b.*,
           max(b.n) filter (where b.begins_period) over history as period_n,
           max(b.started_on) filter (where b.begins_period) over history as period_started_on,
           count(*) filter (where b.begins_period) over history as period_number,
           count(*) filter (where b.begins_period and b.by_start) over history as starts,
           count(*) filter (where b.begins_stretch) over history as stretches,
           max(b.n) filter (where b.begins_period and b.after_short_break and not b.by_start) over history as short_breaks_until,
           max(b.n) filter (where not b.temporary) over history as settled_n,
           max(b.ceased_on) filter (where not b.temporary) over history as settled_until,
           min(b.n) filter (where not b.temporary) over onward as next_settled_n,
           min(b.n) filter (where b.begins_period) over onward as next_period_n,
           coalesce(lead(b.begins_period) over history, true) as is_last_of_period
      from begun b
    window history as (partition by b.child_no order by b.n),
           onward as (history rows between 1 following and unbounded following)
),
-- The placement before counts within the period of care only.
compared as (
    select p.*,
           coalesce(p.settled_n >= p.period_n, false) as is_settled,
           coalesce(p.n_before < p.period_n, true) as is_first,
           not p.temporary and p.n_before >= p.period_n and p.after_temporary and p.is_same_home as is_return,
           p.is_last_of_period and p.ceased_on is not null and p.rec is distinct from 'X1' as ends_period
      from in_periods p
),
judged as (
    select c.*,
           not c.temporary
             and (c.is_first or case when c.after_temporary then not c.is_same_home else c.by_start or c.by_move end) as begins_placement,
           not c.temporary and c.is_return is not true
             and (c.by_start or c.by_move or c.by_same_carer) as new_placement,
           -- A move to fostering for adoption counts as a change of carer even with the same carer (E22).
           not c.temporary and c.by_same_carer and c.is_newly_for_adoption as is_for_adoption,
           c.by_move or (c.by_start and c.period_number > 1) as is_move
      from compared c
)
insert into walk
select j.n, j.child_no, j.started_on, j.ceased_on, j.next_started_on,
       j.period_n,
       case when j.is_settled then j.settled_n
            -- What it interrupts began before the first return: then the placement that it leads to.
            when j.next_settled_n < j.next_period_n is not false then j.next_settled_n end,
       j.period_started_on, j.period_number,
       j.begins_period, j.begins_period and j.by_start, j.is_last_of_period, j.ends_period,
       coalesce(j.short_breaks_until = j.period_n, false),
       j.is_settled, j.begins_placement,
       j.is_settled and coalesce(lead(j.begins_placement or j.begins_period) over history, true),
       -- After a temporary stay that leads elsewhere, the placement turns out to have ended as the stay began (E14).
       case when j.temporary and not j.is_last_of_period then j.settled_until else j.ceased_on end,
       j.new_placement,
       -- An end without a reason continues as X1 does, where the next episode follows at once.
       coalesce(j.rec, 'X1') = 'X1' and not j.is_last_of_period and lead(j.new_placement and not j.by_start) over history,
       j.begins_placement or j.is_for_adoption is true or j.begins_period,
       j.begins_stretch, coalesce(lead(j.begins_stretch) over history, true), j.is_move,
       j.starts, count(*) filter (where j.ends_period) over history,
       count(*) filter (where j.begins_placement) over history,
       count(*) filter (where j.begins_placement or j.is_for_adoption or j.begins_period) over history,
       j.stretches, count(*) filter (where j.is_move) over history
  from judged j
window history as (partition by j.child_no order by j.n)`

const KNOWN_CHILDREN = `
with lists as (
    select e.child_no, min(e.child) as child,
           array_agg(w.started_on order by w.n) filter (where w.begins_period) as period_starts,
           array_agg(w.started_on order by w.n) filter (where w.starts_period) as starts,
           array_agg(w.ceased_on order by w.n) filter (where w.ends_period) as leavings,
           array_agg(w.started_on order by w.n) filter (where w.begins_placement) as placement_starts,
           array_agg(coalesce(w.placement_ceased_on, 'infinity') order by w.n) filter (where w.ends_placement) as placement_ends,
           array_agg(w.placements - w.begins_placement::int order by w.n) filter (where w.begins_period) as placements_before,
           array_agg(w.started_on order by w.n) filter (where w.begins_carer) as carer_starts,
           array_agg(w.started_on order by w.n) filter (where w.begins_stretch) as stretch_starts,
           array_agg(coalesce(w.ceased_on, 'infinity') order by w.n) filter (where w.ends_stretch) as stretch_ends,
           array_agg(w.started_on order by w.n) filter (where w.is_move) as moves
      from life e
      left join walk w on w.n = e.n
     group by e.child_no
)
insert into known_child
select l.child_no, l.child, to_char(c.born, 'YYYYMMDD')::int, c.sex, c.ethnicity, c.ethnicity_code, c.uasc,
       c.uasc_ceased_on, c.mother, c.previous_permanence,
       coalesce(l.period_starts, '{}'), coalesce(l.starts, '{}'), coalesce(l.leavings, '{}'),
       coalesce(l.placement_starts, '{}'), coalesce(l.placement_ends, '{}'),
       coalesce(l.placements_before, '{}'), coalesce(l.carer_starts, '{}'),
       coalesce(l.stretch_starts, '{}'), coalesce(l.stretch_ends, '{}'), coalesce(l.moves, '{}')
  from lists l
  join care.child c on c.authority = $1 and c.child = l.child`

/** A temporary stay counts as the placement that it interrupts, so its place does too. */
const JOURNEYS_IN_LIFE = `
select distinct coalesce(e.home_post, ''), coalesce(home.pl_post, '')
  from walk w
  join life e on e.n = w.n
  left join life home on home.n = w.home_n`

const EPISODES = `
insert into care.episode (
       authority, child, started_on, ceased_on, short_break, temporary, new_placement, placement_change,
       starts_period, previous_start_on, ends_period, next_leaving_on, next_started_on,
       rne, legal_status_code, legal_status, need_code, category_of_need, placement_code, provider_code, rec,
       reason_place_change, home_post, placement_post, urn, usual_placement_code, placement_type, placement_provider,
       period_started_on, period_number, period_starts, began_as_short_breaks,
       placement_number, placement_started_on, placements_in_period, earlier_placement_ends,
       same_carer_since, previous_carer_since, in_care_since, earlier_care_from, earlier_care_until, moves,
       born_number, age_on_start, age_on_ceasing, sex, ethnicity, ethnicity_code, uasc, uasc_ceased_on, mother,
       previous_permanence, return_year,
       usual_placement_post, placement_authority, placement_location, placement_distance, distance_miles, at_a_distance)
select $1, k.child, e.started_on, e.ceased_on, false, e.temporary, w.new_placement, w.placement_change,
       w.starts_period, case when w.starts_period then k.starts[w.starts - 1] end,
       w.ends_period, case when w.ends_period then k.leavings[w.leavings + 1] end, w.next_started_on,
       e.rne, e.ls, ${categorySql('e.ls', LEGAL_STATUS_GROUPS, 'short-break')},
       e.cin, ${categorySql('e.cin', CATEGORY_OF_NEED_GROUPS, 'not-reported')},
       e.place, e.place_provider, e.rec, e.reason_place_change, e.home_post, e.pl_post, e.urn,
       home.place, ${categorySql('home.place', PLACEMENT_TYPE_GROUPS, 'other')},
       ${categorySql('case when w.is_settled then home.place_provider else e.place_provider end', PLACEMENT_PROVIDER_GROUPS, 'not-reported')},
       w.period_started_on, w.period_number, k.period_starts, w.began_as_short_breaks,
       case when w.is_settled then w.placements end,
       case when w.is_settled then k.placement_starts[w.placements] end,
       w.placements - k.placements_before[w.period_number],
       k.placement_ends[1 : case when w.is_settled then w.placements - 1 else w.placements end],
       case when w.is_settled then k.carer_starts[w.carers] end,
       case when w.is_settled and k.carer_starts[w.carers - 1] >= w.period_started_on then k.carer_starts[w.carers - 1] end,
       k.stretch_starts[w.stretches], k.stretch_starts[1 : w.stretches - 1], k.stretch_ends[1 : w.stretches - 1],
       k.moves[1 : w.moves],
       k.born_number,
       (to_char(e.started_on, 'YYYYMMDD')::int - k.born_number) / 10000,
       (to_char(e.ceased_on, 'YYYYMMDD')::int - k.born_number) / 10000,
       k.sex, k.ethnicity, k.ethnicity_code, k.uasc, k.uasc_ceased_on, k.mother, k.previous_permanence, e.return_year,
       home.pl_post, j.authority, coalesce(j.location, 'not-known'), coalesce(j.distance, 'not-known'), j.miles, j.at_a_distance
  from walk w
  join life e on e.n = w.n
  join known_child k on k.child_no = w.child_no
  left join life home on home.n = w.home_n
  left join journey j on j.home_post = coalesce(e.home_post, '') and j.placement_post = coalesce(home.pl_post, '')`

/** A short break stands for itself; it knows when the child was in care, before it and after. */
const SHORT_BREAKS = `
insert into care.episode (
       authority, child, started_on, ceased_on, short_break, temporary, new_placement, placement_change,
       starts_period, ends_period, next_started_on,
       rne, legal_status_code, legal_status, need_code, category_of_need, placement_code, provider_code, rec,
       reason_place_change, home_post, placement_post, urn, earlier_care_from, earlier_care_until,
       born_number, age_on_start, age_on_ceasing, sex, ethnicity, ethnicity_code, uasc, uasc_ceased_on, mother,
       previous_permanence, return_year)
select $1, k.child, e.started_on, e.ceased_on, true, e.temporary, false, false,
       false, false, lead(e.started_on) over (partition by e.child_no order by e.n),
       e.rne, e.ls, 'short-break', e.cin, ${categorySql('e.cin', CATEGORY_OF_NEED_GROUPS, 'not-reported')},
       e.place, e.place_provider, e.rec, e.reason_place_change, e.home_post, e.pl_post, e.urn,
       k.stretch_starts, k.stretch_ends,
       k.born_number,
       (to_char(e.started_on, 'YYYYMMDD')::int - k.born_number) / 10000,
       (to_char(e.ceased_on, 'YYYYMMDD')::int - k.born_number) / 10000,
       k.sex, k.ethnicity, k.ethnicity_code, k.uasc, k.uasc_ceased_on, k.mother, k.previous_permanence, e.return_year
  from life e
  join known_child k on k.child_no = e.child_no
 where e.short_break`

const PERIODS_OF_CARE = `
insert into care.period_of_care (authority, child, started_on, number, ceased_on, rec, start_is_known, began_as_short_breaks, last_episode_started_on)
select $1, e.child, first.started_on, first.period_number, e.ceased_on,
       case when e.ceased_on is not null then e.rec end,
       first.starts_period, first.began_as_short_breaks, e.started_on
  from walk first
  join walk last on last.period_n = first.n and last.is_last_of_period
  join life e on e.n = last.n
`

/** A placement lasts to the end of its last episode, temporary stays bridged, and is described by that one. */
const PLACEMENTS = `
insert into care.placement (authority, child, number, started_on, ceased_on, period_started_on, placement_code, placement_type, placement_provider,
                            age_on_ceasing, sex, ethnicity, ethnicity_code, uasc, uasc_ceased_on)
select $1, k.child, w.placements, k.placement_starts[w.placements], w.placement_ceased_on, w.period_started_on,
       home.place, ${categorySql('home.place', PLACEMENT_TYPE_GROUPS, 'other')},
       ${categorySql('home.place_provider', PLACEMENT_PROVIDER_GROUPS, 'not-reported')},
       (to_char(w.placement_ceased_on, 'YYYYMMDD')::int - k.born_number) / 10000, k.sex, k.ethnicity, k.ethnicity_code, k.uasc, k.uasc_ceased_on
  from walk w
  join life home on home.n = w.home_n
  join known_child k on k.child_no = w.child_no
 where w.ends_placement`

/**
 * A worker's episode counts for children who left care as well, whom the next return does not hold: then it stays.
 * The next return that holds the child is the truth about it: what it no longer has never was, where it follows at
 * once, and else has ended since, when the child was in none.
 */
const SOCIAL_WORKERS = `
with held as (${HELD}
),
stated as (
    select distinct on (w.child, w.sw_id, w.sw_decom) w.child, w.sw_id, w.sw_decom, w.sw_dec, w.sw_reason, held.year, held.covers_until
      from care.returned_social_worker_episode w
      join held on held.number = w.return_number
     where w.authority = $1
     order by w.child, w.sw_id, w.sw_decom, held.year desc
),
seen_again as (
    select s.child, s.sw_id, s.sw_decom, min(held.covers_from) as on_day
      from stated s
      join care.returned_header h on h.authority = $1 and h.child = s.child
      join held on held.number = h.return_number and held.year > s.year and held.tables ? 'SWEpisodes'
     where s.sw_dec is null or s.sw_dec > s.covers_until
     group by s.child, s.sw_id, s.sw_decom
),
known as (
    select s.child, s.sw_id, s.sw_decom, s.sw_reason,
           case when a.on_day is not null and (s.sw_dec is null or s.sw_dec > a.on_day) then s.covers_until else s.sw_dec end as sw_dec
      from stated s
      left join seen_again a on a.child = s.child and a.sw_id = s.sw_id and a.sw_decom = s.sw_decom
     where (a.on_day <= s.covers_until and (s.sw_dec is null or s.sw_dec > a.on_day)) is not true
),
placed as (
    select k.*,
           -- Strictly earlier starts: of two that start on one day neither lies within the other.
           coalesce(max(coalesce(k.sw_dec, 'infinity')) over earlier >= coalesce(k.sw_dec, 'infinity'), false) as lies_within
      from known k
    window earlier as (partition by k.child order by k.sw_decom range between unbounded preceding and '1 day' preceding)
)
insert into care.social_worker_episode (authority, child, started_on, social_worker, ceased_on, reason, worker_before, worker_before_until)
select $1, p.child, p.sw_decom, p.sw_id, p.sw_dec, p.sw_reason,
       case when not p.lies_within then lag(p.sw_id) over sequence end,
       case when not p.lies_within then lag(p.sw_dec) over sequence end
  from placed p
window sequence as (partition by p.child, p.lies_within order by p.sw_decom, p.sw_id)`
