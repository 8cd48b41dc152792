import { DESCRIBED_COLUMNS, describedOn, HELD } from './held-returns.ts'

const ADOPTIVE = `('A3', 'A4', 'A5', 'A6')`

/**
 * Episodes of care in stretches of one kind: under a placement order, in an adoptive placement (temporary stays
 * bridged), in an early permanence placement.
 */
const STRETCHES = `
-- Most children have nothing to do with adoption: theirs need not be walked.
concerned as (
    select distinct e.child
      from care.episode e
     where e.authority = $1 and not e.short_break
       and (e.legal_status_code = 'E1' or e.rec in ('E11', 'E12')
            or e.usual_placement_code in ('A3', 'A4', 'A5', 'A6', 'U2', 'U5'))
),
walked as (
    select e.child, e.started_on, e.ceased_on, e.rec, e.ends_period, e.period_started_on, e.placement_started_on,
           e.legal_status_code = 'E1' as under_order,
           e.usual_placement_code in ${ADOPTIVE} is true as adoptive,
           e.usual_placement_code in ('U2', 'U5') is true as early,
           lag(e.ceased_on) over history is distinct from e.started_on or e.starts_period as begins,
           lag(e.legal_status_code = 'E1') over history as order_before,
           lag(e.usual_placement_code in ${ADOPTIVE}) over history is true as adoptive_before,
           lag(e.usual_placement_code in ('U2', 'U5')) over history is true as early_before,
           lead(e.started_on) over history = e.ceased_on and not lead(e.starts_period) over history as continues,
           lead(e.usual_placement_code in ${ADOPTIVE}) over history is true as adoptive_after
      from care.episode e
      join concerned on concerned.child = e.child
     where e.authority = $1 and not e.short_break
    window history as (partition by e.child order by e.started_on)
)`

/** A stretch in an adoptive placement that ends otherwise than with the order (E57). */
const DISRUPTED = `w.adoptive and w.ceased_on is not null
       and case when w.ends_period then w.rec not in ('E11', 'E12') is not false else w.continues and not w.adoptive_after end`

const DECISIONS = `
decision as (
    select distinct on (d.child, d.date_placed) d.child, d.date_placed as decided_on, d.date_placed_ceased as reversed_on,
           d.reason_placed_ceased as reason
      from care.returned_placed_adoption d
      join held on held.number = d.return_number
     where d.authority = $1
     order by d.child, d.date_placed, held.year desc, d.row desc
)`

/**
 * Decisions that a child should be placed for adoption and their reversals, placement orders, placements, early
 * permanence, disruptions and adoptions, each on its day. DATE_PLACED is the day of the decision (E54). A placement
 * is disrupted when the next one is no adoptive one, or when care ceases for another reason than adoption (E57). Of
 * two decisions reversed on one day, the later one gives the reason.
 */
export const ADOPTION_STEPS = `
with held as (${HELD}
),${DECISIONS},${STRETCHES},
step as (
    select d.child, 'decision' as step, d.decided_on as on_day, null as reason from decision d
    union
    (select distinct on (d.child, d.reversed_on) d.child, 'decision-reversed', d.reversed_on, d.reason
       from decision d
      where d.reversed_on is not null
      order by d.child, d.reversed_on, d.decided_on desc)
    union
    select w.child, 'placement-order', w.started_on, null from walked w where w.under_order and (w.begins or not w.order_before)
    union
    select w.child, 'placed', w.started_on, null from walked w where w.adoptive and (w.begins or not w.adoptive_before)
    union
    select w.child, 'early-permanence', w.started_on, null from walked w where w.early and (w.begins or not w.early_before)
    union
    select w.child, 'disrupted', w.ceased_on, null
      from walked w
     where ${DISRUPTED}
    union
    select w.child, 'adopted', w.ceased_on, w.rec from walked w where w.ends_period and w.rec in ('E11', 'E12')
)
insert into care.adoption_step (authority, child, step, on_day, previous_on, reason, ${DESCRIBED_COLUMNS})
select $1, s.child, s.step, s.on_day, lag(s.on_day) over (partition by s.child, s.step order by s.on_day), s.reason, ${describedOn('s.on_day')}
  from step s
  join care.child c on c.authority = $1 and c.child = s.child
    on conflict do nothing`

/**
 * Children who were adopted, with the days from which the scorecards' times are counted (E55, E56). A decision, an
 * order and a match of an earlier adoption, or of an earlier period of care, are not those of this one.
 */
export const ADOPTED_CHILDREN = `
with held as (${HELD}
),${DECISIONS},${STRETCHES},
adopted as (
    select w.child, w.ceased_on as adopted_on, w.period_started_on,
           case when w.adoptive then w.placement_started_on end as moved_in_on
      from walked w
     where w.ends_period and w.rec in ('E11', 'E12')
),
matched as (
    -- AD1 holds a child in the return of the year of the adoption.
    select distinct on (m.child, held.number) m.child, held.covers_from, held.covers_until, m.date_match
      from care.returned_ad1 m
      join held on held.number = m.return_number
     where m.authority = $1
     order by m.child, held.number, m.row desc
),
-- The steps of the period of care that led to the adoption.
steps as (
    select a.child, a.adopted_on,
           max(w.started_on) filter (where w.started_on >= a.period_started_on and w.under_order and (w.begins or not w.order_before)) as order_on,
           max(w.started_on) filter (where w.started_on >= a.period_started_on and w.adoptive and (w.begins or not w.adoptive_before)) as placed_on,
           -- Also in an earlier period of care.
           coalesce(bool_or(w.ceased_on < a.adopted_on and ${DISRUPTED}), false) as disrupted
      from adopted a
      join walked w on w.child = a.child and w.started_on <= a.adopted_on
     group by a.child, a.adopted_on
),
decided as (
    select a.child, a.adopted_on, max(d.decided_on) as decided_on
      from adopted a
      join decision d on d.child = a.child and d.reversed_on is null and d.decided_on between a.period_started_on and a.adopted_on
     group by a.child, a.adopted_on
)
insert into care.adopted_child (authority, child, adopted_on, entered_care_on, decided_on, placement_order_on, matched_on, placed_on, moved_in_on,
                                disrupted, ${DESCRIBED_COLUMNS})
select $1, a.child, a.adopted_on, a.period_started_on, decided.decided_on, steps.order_on, matched.date_match,
       case when a.moved_in_on is not null then steps.placed_on end, a.moved_in_on, steps.disrupted,
       ${describedOn('a.adopted_on')}
  from adopted a
  join care.child c on c.authority = $1 and c.child = a.child
  join steps on steps.child = a.child and steps.adopted_on = a.adopted_on
  left join decided on decided.child = a.child and decided.adopted_on = a.adopted_on
  left join matched
    on matched.child = a.child and a.adopted_on >= matched.covers_from and a.adopted_on < matched.covers_until`
