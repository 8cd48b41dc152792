import type { Transaction } from '../platform/database/database.ts'
import {
  CATEGORY_OF_NEED_GROUPS,
  categorySql,
  ETHNICITY_GROUPS,
  LEGAL_STATUS_GROUPS,
  PLACEMENT_PROVIDER_GROUPS,
  PLACEMENT_TYPE_GROUPS,
} from '../vocabulary/dimension.ts'

/**
 * Makes the one history of an authority from its returns in force, anew: children, episodes, placements, periods
 * of care, social workers. The result depends on which returns are in force, and on nothing else.
 *
 * - The latest return that holds a row says what it is.
 * - A return is the truth for all that overlaps its year: an episode that an earlier return left open and that is
 *   missing from the next one never was. Where returns are missing in between it ended, on a day not known.
 * - An episode of no days is dropped; the one that starts on its day takes over its reason for new episode (E24).
 * - An episode ends where the next one begins, should two returns disagree about it.
 */
export async function rebuildHistory(transaction: Transaction, authority: string): Promise<void> {
  for (const table of ['child', 'episode', 'placement', 'period_of_care', 'social_worker_episode']) {
    await transaction.query(`history.clear.${table}`, `delete from care.${table} t where t.authority = $1`, [
      authority,
    ])
  }
  // Fresh rows have no statistics yet, and a nested loop over a large return would never end.
  await transaction.query('history.plan', `select set_config('enable_nestloop', 'off', true)`)
  await transaction.query('history.children', CHILDREN, [authority])
  await transaction.query('history.episodes', EPISODES, [authority])
  await transaction.query('history.periodsOfCare', PERIODS_OF_CARE, [authority])
  await transaction.query('history.placements', PLACEMENTS, [authority])
  await transaction.query('history.socialWorkers', SOCIAL_WORKERS, [authority])
  await transaction.query('history.plan', `select set_config('enable_nestloop', 'on', true)`)
}

/** The returns in force, each with the day after its last, and the one that follows it. $1 is the authority. */
const HELD = `
    select r.number, r.year, r.covers_from, r.covers_to + 1 as covers_until,
           lead(r.number) over following as next_number,
           lead(r.covers_from) over following as next_from,
           lead(r.table_rows) over following as next_tables
      from care.return r
     where r.authority = $1 and r.in_force
    window following as (order by r.year)`

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

const TEMPORARY = `('T0', 'T1', 'T2', 'T3', 'T4')`

const EPISODES = `
with held as (${HELD}
),
-- Each episode as the latest return that holds it says, one with days before one without.
stated as (
    select distinct on (e.child, e.decom) e.*, held.year, held.covers_until, held.next_from
      from care.returned_episode e
      join held on held.number = e.return_number
     where e.authority = $1
     order by e.child, e.decom, held.year desc, (e.dec is null or e.dec > e.decom) desc
),
-- What an episode of no days leaves to the one that starts on its day: that care, or a placement, began.
left_behind as (
    select e.child, e.decom, held.year, bool_or(e.rne = 'S') as start, bool_or(e.rne in ('P', 'B')) as move
      from care.returned_episode e
      join held on held.number = e.return_number
     where e.authority = $1 and e.dec <= e.decom
     group by e.child, e.decom, held.year
),
kept as (
    select s.child, s.decom,
           -- Open into a time that no return covers: it ended there, if the next return does not have it.
           case when s.next_from > s.covers_until and (s.dec is null or s.dec > s.next_from)
                then s.covers_until else s.dec end as dec,
           case when s.next_from > s.covers_until and (s.dec is null or s.dec > s.next_from)
                then null else s.rec end as rec,
           case when b.start then 'S' when b.move and s.rne in ('L', 'T', 'U') then 'P' else s.rne end as rne,
           s.ls, s.cin, s.place, s.place_provider, s.reason_place_change, s.home_post, s.pl_post, s.urn, s.year,
           s.ls in ('V3', 'V4') as short_break,
           s.place in ${TEMPORARY} as temporary
      from stated s
      left join left_behind b on b.child = s.child and b.decom = s.decom and b.year = s.year
     where (s.dec is null or s.dec > s.decom)
       and not (s.next_from is not null and s.next_from <= s.covers_until and (s.dec is null or s.dec > s.next_from))
),
ended as (
    select k.*, least(k.dec, lead(k.decom) over following) as ceased_on,
           case when lead(k.decom) over following < coalesce(k.dec, 'infinity')
                then case when lead(k.rne) over following = 'S' then k.rec else 'X1' end
                else k.rec end as ceased_because
      from kept k
    window following as (partition by k.child order by k.decom)
),
short_break_end as (
    select e.child, e.ceased_on from ended e where e.short_break
),
-- From here on short breaks stand aside: they are no part of a period of care.
care as (
    select e.*,
           lag(e.temporary) over before as after_temporary,
           case when lag(e.decom) over before is null or e.rne = 'S' then 1
                when coalesce(lag(e.ceased_because) over before, 'X1') <> 'X1' then 1
                when lag(e.ceased_because) over before is null and lag(e.ceased_on) over before < e.decom then 1
                else 0 end as begins_period
      from ended e
     where not e.short_break
    window before as (partition by e.child order by e.decom)
),
in_periods as (
    select c.*, sum(c.begins_period) over (partition by c.child order by c.decom) as period
      from care c
),
-- The placement before, temporary stays left out; it counts within the period of care only.
settled as (
    select p.child, p.decom,
           lag(p.place) over before as place_before,
           lag(p.pl_post) over before as post_before,
           lag(p.decom) over before is null as is_first
      from in_periods p
     where not p.temporary
    window before as (partition by p.child, p.period order by p.decom)
),
judged as (
    select p.*, s.place_before,
           p.after_temporary and not s.is_first and s.place_before = p.place
             and s.post_before is not distinct from p.pl_post as returns_from_temporary,
           case when p.temporary then 0
                when s.is_first then 1
                when p.after_temporary then case when s.place_before = p.place and s.post_before is not distinct from p.pl_post then 0 else 1 end
                when p.rne in ('S', 'P', 'B') then 1
                else 0 end as begins_placement
      from in_periods p
      left join settled s on s.child = p.child and s.decom = p.decom
),
numbered as (
    select j.*,
           sum(j.begins_placement) over history as placement,
           coalesce(sum(j.begins_placement) over (partition by j.child order by j.period
                                                  range between unbounded preceding and 1 preceding), 0) as placements_before,
           sum(case when j.begins_placement = 1 then 1
                    -- A move to fostering for adoption counts as a change of carer even with the same carer (E22).
                    when not j.temporary and j.rne in ('T', 'U') and j.place in ('U2', 'U5')
                     and j.place_before not in ('U2', 'U5') then 1
                    else 0 end) over history as stretch,
           count(*) filter (where not j.temporary) over (partition by j.child, j.period order by j.decom) as settled_so_far
      from judged j
    window history as (partition by j.child order by j.decom)
),
dated as (
    select n.*,
           first_value(n.decom) over (partition by n.child, n.period order by n.decom) as period_started_on,
           first_value(n.decom) over (partition by n.child, n.period, n.placement order by n.decom) as placement_started_on,
           first_value(n.decom) over (partition by n.child, n.period, n.stretch order by n.decom) as same_carer_since,
           first_value(n.place) over usual as usual_place,
           first_value(n.place_provider) over usual as usual_provider
      from numbered n
    window usual as (partition by n.child, n.period, n.settled_so_far order by n.decom)
),
carers as (
    select d.*,
           lag(d.same_carer_since) over (partition by d.child, d.period order by d.decom) as carer_of_episode_before,
           lead(not d.temporary and not coalesce(d.returns_from_temporary, false) and d.rne in ('P', 'T', 'B', 'U'))
             over (partition by d.child, d.period order by d.decom) as move_follows,
           lead(d.usual_place) over (partition by d.child, d.period order by d.decom) as place_after
      from dated d
),
complete as (
    select c.*,
           first_value(c.rne) over (partition by c.child, c.period order by c.decom) as rne_of_period,
           lead(c.decom) over (partition by c.child order by c.decom) as next_decom,
           lead(c.period) over (partition by c.child order by c.decom) is distinct from c.period as is_last_of_period,
           -- Care without a gap: the episode before ended on the day on which this one starts.
           case when lag(c.ceased_on) over (partition by c.child order by c.decom) = c.decom then 0 else 1 end as resumes,
           array_agg(c.decom) filter (where c.rne in ('P', 'B') or (c.rne = 'S' and c.period > 1))
             over (partition by c.child order by c.decom) as moves,
           exists (select 1 from short_break_end b where b.child = c.child and b.ceased_on = c.period_started_on) as after_short_break,
           first_value(c.carer_of_episode_before) over (partition by c.child, c.period, c.stretch order by c.decom) as previous_carer_since,
           case when c.settled_so_far > 0 then c.usual_place
                when c.place_after not in ${TEMPORARY} then c.place_after end as place_meant
      from carers c
),
-- Here each episode is known for what it is; what follows looks back and ahead along the child's life.
placement_end as (
    select c.child, c.placement, max(coalesce(c.ceased_on, 'infinity')) as ends
      from complete c
     where c.settled_so_far > 0
     group by c.child, c.placement
),
placements_before as (
    select p.child, p.placement, p.ends,
           array_agg(p.ends) over (partition by p.child order by p.placement rows between unbounded preceding and 1 preceding) as earlier
      from placement_end p
),
stretch_of_care as (
    select s.child, s.stretch_of_care, min(s.decom) as began, max(coalesce(s.ceased_on, 'infinity')) as until
      from (select c.child, c.decom, c.ceased_on, sum(c.resumes) over (partition by c.child order by c.decom) as stretch_of_care
              from complete c) s
     group by s.child, s.stretch_of_care
),
care_before as (
    select s.child, s.began, s.until,
           array_agg(s.began) over before as earlier_from,
           array_agg(s.until) over before as earlier_until
      from stretch_of_care s
    window before as (partition by s.child order by s.stretch_of_care rows between unbounded preceding and 1 preceding)
),
period_list as (
    select c.child, array_agg(c.decom order by c.decom) as starts
      from complete c
     where c.begins_period = 1
     group by c.child
),
start as (
    select c.child, c.decom, lag(c.decom) over (partition by c.child order by c.decom) as previous
      from complete c
     where c.begins_period = 1 and c.rne = 'S'
),
leaving as (
    select c.child, c.decom, lead(c.ceased_on) over (partition by c.child order by c.decom) as next
      from complete c
     where c.is_last_of_period and c.ceased_on is not null and c.ceased_because is distinct from 'X1'
),
-- For a short break: when the child was in care, before it and after.
care_of_child as (
    select s.child, array_agg(s.began order by s.began) as began, array_agg(s.until order by s.began) as until
      from stretch_of_care s
     group by s.child
),
described as (
    select ch.child, to_char(ch.born, 'YYYYMMDD')::int as born_number, ch.sex, ch.ethnicity, ch.ethnicity_code, ch.uasc,
           ch.uasc_ceased_on, ch.mother, ch.previous_permanence
      from care.child ch
     where ch.authority = $1
)
insert into care.episode (
       authority, child, started_on, ceased_on, short_break, temporary, new_placement, placement_change,
       starts_period, previous_start_on, ends_period, next_leaving_on, next_started_on,
       rne, legal_status_code, legal_status, need_code, category_of_need, placement_code, provider_code, rec,
       reason_place_change, home_post, placement_post, urn, usual_placement_code, placement_type, placement_provider,
       period_started_on, period_number, period_starts, began_as_short_breaks,
       placement_number, placement_started_on, placements_in_period, earlier_placement_ends,
       same_carer_since, previous_carer_since, in_care_since, earlier_care_from, earlier_care_until, moves,
       born_number, age_on_start, age_on_ceasing, sex, ethnicity, ethnicity_code, uasc, uasc_ceased_on, mother,
       previous_permanence, return_year)
select $1, c.child, c.decom, c.ceased_on, false, c.temporary,
       not c.temporary and not coalesce(c.returns_from_temporary, false) and c.rne in ('S', 'P', 'T', 'B', 'U'),
       c.ceased_because = 'X1' and coalesce(c.move_follows, false),
       start.child is not null, start.previous, leaving.child is not null, leaving.next, c.next_decom,
       c.rne, c.ls, ${categorySql('c.ls', LEGAL_STATUS_GROUPS, 'short-break')},
       c.cin, ${categorySql('c.cin', CATEGORY_OF_NEED_GROUPS, 'not-reported')},
       c.place, c.place_provider, c.ceased_because, c.reason_place_change, c.home_post, c.pl_post, c.urn,
       c.place_meant, ${categorySql('c.place_meant', PLACEMENT_TYPE_GROUPS, 'other')},
       ${categorySql('case when c.settled_so_far > 0 then c.usual_provider else c.place_provider end', PLACEMENT_PROVIDER_GROUPS, 'not-reported')},
       c.period_started_on, c.period, period_list.starts, c.rne_of_period <> 'S' and c.after_short_break,
       case when c.settled_so_far > 0 then c.placement end,
       case when c.settled_so_far > 0 then c.placement_started_on end,
       case when c.settled_so_far > 0 then c.placement - c.placements_before else 0 end,
       case when c.settled_so_far > 0 then coalesce(before.earlier, '{}')
            else coalesce(before.earlier, '{}') || coalesce(array_remove(array[before.ends], null), '{}') end,
       case when c.settled_so_far > 0 then c.same_carer_since end,
       case when c.settled_so_far > 0 then c.previous_carer_since end,
       care_before.began, coalesce(care_before.earlier_from, '{}'), coalesce(care_before.earlier_until, '{}'),
       coalesce(c.moves, '{}'),
       described.born_number,
       (to_char(c.decom, 'YYYYMMDD')::int - described.born_number) / 10000,
       (to_char(c.ceased_on, 'YYYYMMDD')::int - described.born_number) / 10000,
       described.sex, described.ethnicity, described.ethnicity_code, described.uasc, described.uasc_ceased_on,
       described.mother, described.previous_permanence, c.year
  from complete c
  join described on described.child = c.child
  join period_list on period_list.child = c.child
  join care_before on care_before.child = c.child and care_before.began <= c.decom and care_before.until > c.decom
  left join placements_before before on before.child = c.child and before.placement = c.placement
  left join start on start.child = c.child and start.decom = c.decom
  left join leaving on leaving.child = c.child and leaving.decom = c.decom
union all
select $1, e.child, e.decom, e.ceased_on, true, e.temporary, false, false,
       false, null, false, null, lead(e.decom) over (partition by e.child order by e.decom),
       e.rne, e.ls, 'short-break', e.cin, ${categorySql('e.cin', CATEGORY_OF_NEED_GROUPS, 'not-reported')},
       e.place, e.place_provider, e.ceased_because, e.reason_place_change, e.home_post, e.pl_post, e.urn,
       null, null, null, null, null, null, null, null, null, null, null, null, null, null,
       coalesce(care_of_child.began, '{}'), coalesce(care_of_child.until, '{}'), null,
       described.born_number,
       (to_char(e.decom, 'YYYYMMDD')::int - described.born_number) / 10000,
       (to_char(e.ceased_on, 'YYYYMMDD')::int - described.born_number) / 10000,
       described.sex, described.ethnicity, described.ethnicity_code, described.uasc, described.uasc_ceased_on,
       described.mother, described.previous_permanence, e.year
  from ended e
  join described on described.child = e.child
  left join care_of_child on care_of_child.child = e.child
 where e.short_break`

const PERIODS_OF_CARE = `
insert into care.period_of_care (authority, child, started_on, number, ceased_on, rec, start_is_known, began_as_short_breaks, last_episode_started_on)
select $1, first.child, first.started_on, first.period_number, last.ceased_on,
       case when last.ceased_on is not null then last.rec end,
       first.starts_period, first.began_as_short_breaks, last.started_on
  from care.episode first
  join (select distinct on (e.child, e.period_started_on) e.child, e.period_started_on, e.started_on, e.ceased_on, e.rec
          from care.episode e
         where e.authority = $1 and not e.short_break
         order by e.child, e.period_started_on, e.started_on desc) last
    on last.child = first.child and last.period_started_on = first.started_on
 where first.authority = $1 and first.started_on = first.period_started_on`

const PLACEMENTS = `
with stretch as (
    select e.child, e.placement_number, min(e.started_on) as started_on,
           -- Open while its last episode is.
           nullif(max(coalesce(e.ceased_on, 'infinity')), 'infinity') as ceased_on,
           min(e.period_started_on) as period_started_on
      from care.episode e
     where e.authority = $1 and e.placement_number is not null
     group by e.child, e.placement_number
)
insert into care.placement (authority, child, number, started_on, ceased_on, period_started_on, placement_code, placement_type, placement_provider,
                            age_on_ceasing, sex, ethnicity, ethnicity_code, uasc, uasc_ceased_on)
select $1, s.child, s.placement_number, s.started_on, s.ceased_on, s.period_started_on,
       e.usual_placement_code, e.placement_type, e.placement_provider,
       (to_char(s.ceased_on, 'YYYYMMDD')::int - e.born_number) / 10000, e.sex, e.ethnicity, e.ethnicity_code, e.uasc, e.uasc_ceased_on
  from stretch s
  join care.episode e on e.authority = $1 and e.child = s.child and e.started_on = s.started_on`

/** A worker's episode counts for children who left care as well, whom the next return does not hold: then it stays. */
const SOCIAL_WORKERS = `
with held as (${HELD}
),
stated as (
    select distinct on (w.child, w.sw_id, w.sw_decom) w.*, held.covers_until, held.next_number, held.next_from, held.next_tables
      from care.returned_social_worker_episode w
      join held on held.number = w.return_number
     where w.authority = $1
     order by w.child, w.sw_id, w.sw_decom, held.year desc
)
insert into care.social_worker_episode (authority, child, started_on, social_worker, ceased_on, reason, worker_before, worker_before_until)
select $1, k.child, k.sw_decom, k.sw_id, k.sw_dec, k.sw_reason,
       case when not k.lies_within then lag(k.sw_id) over sequence end,
       case when not k.lies_within then lag(k.sw_dec) over sequence end
  from (select s.*,
               coalesce(max(coalesce(s.sw_dec, 'infinity')) over earlier >= coalesce(s.sw_dec, 'infinity'), false) as lies_within
          from stated s
          left join care.returned_header h
            on h.authority = $1 and h.return_number = s.next_number and h.child = s.child
           and s.next_from <= s.covers_until and s.next_tables ? 'SWEpisodes'
           and (s.sw_dec is null or s.sw_dec > s.next_from)
         where h.child is null
        -- Strictly earlier starts: of two that start on one day neither lies within the other.
        window earlier as (partition by s.child order by s.sw_decom range between unbounded preceding and '1 day' preceding)) k
window sequence as (partition by k.child, k.lies_within order by k.sw_decom, k.sw_id)`
