import type { Day } from '../../src/vocabulary/day.ts'
import {
  type Care,
  childOn,
  covers,
  isAdoption,
  isFosteringForAdoption,
  number,
  type Period,
  usualPlace,
} from './naive-care.ts'
import { average, type Count, counting, type NaiveIndicator, saying, share } from './naive-indicator.ts'
import { leavers, lookedAfterAt, yearBegins } from './naive-populations.ts'
import type { Episode } from './records.ts'

/** Adoption: indicators.md 4.8, E54 to E57, and the ruling on the scorecards' times. */

const isAdoptive = (care: Care) => (episode: Episode) => isAdoption(usualPlace(care, episode))
const isUnderOrder = ({ ls }: Episode) => ls === 'E1'
const isEarly = (care: Care) => (episode: Episode) => isFosteringForAdoption(usualPlace(care, episode))
const endsInAdoption = ({ rec }: Period) => rec === 'E11' || rec === 'E12'

/** Where something begins that lasts from episode to episode of a period of care. */
const beginnings = ({ episodes }: Period, lasts: (episode: Episode) => boolean): Day[] =>
  episodes
    .filter((episode, index) => lasts(episode) && (index === 0 || !lasts(episodes[index - 1]!)))
    .map(({ decom }) => decom)

/** Days on which an adoptive placement gave way to another kind, or care ceased for another reason. */
function disruptions(care: Care, period: Period): Day[] {
  const adoptive = isAdoptive(care)
  const moves = period.episodes
    .filter((episode, index) => index > 0 && !adoptive(episode) && adoptive(period.episodes[index - 1]!))
    .map(({ decom }) => decom)
  const leaves = period.end !== null && adoptive(period.episodes.at(-1)!) && !endsInAdoption(period)
  return leaves ? [...moves, period.end!] : moves
}

/* ---- steps ---------------------------------------------------------------------------------------------------- */

interface Step {
  readonly on: Day
  readonly reason?: string
}

/** A child once, as on the day of the first such step in the period. */
const first =
  (stepsOf: (care: Care) => Step[]): Count =>
  (all, { firstDay, lastDay }) =>
    all.flatMap((care) => {
      const [step] = stepsOf(care)
        .filter(({ on }) => on >= firstDay && on <= lastDay)
        .sort((a, b) => number(a.on) - number(b.on))
      if (!step) return []
      const reason = step.reason?.toLowerCase() || 'not-reported'
      return [{ dimensions: { ...childOn(care, step.on), 'reversal-reason': reason }, is: {} }]
    })

const eachPeriod =
  (daysOf: (care: Care, period: Period) => Day[]) =>
  (care: Care): Step[] =>
    care.periods.flatMap((period) => daysOf(care, period).map((on) => ({ on })))

/* ---- times ---------------------------------------------------------------------------------------------------- */

type Times = Readonly<Record<string, number | null>>

/** Days between the stages of an adoption; null where one of the two days is not known. */
function timesOf(care: Care, index: number): Times {
  const period = care.periods[index]!
  const adopted = period.end!
  const wasPlaced = isAdoptive(care)(period.episodes.at(-1)!)
  const placed = wasPlaced ? beginnings(period, isAdoptive(care)).at(-1)! : null
  const movedIn = wasPlaced ? care.runs.filter((run) => run.period === index).at(-1)!.start : null
  const ordered = beginnings(period, isUnderOrder).at(-1) ?? null
  const matched = care.matches.find(({ year }) => yearOf(adopted) === year)?.matched ?? null
  const decided =
    care.decisions
      .filter(({ made, reversed }) => made >= period.start && made <= adopted && reversed === null)
      .map(({ made }) => made)
      .sort()
      .at(-1) ?? null
  const between = (from: Day | null, to: Day | null) => (from && to ? number(to) - number(from) : null)
  return {
    toPlacement: between(period.start, placed),
    toMovingIn: between(period.start, movedIn),
    orderToMatch: between(ordered, matched),
    toOrder: between(period.start, adopted),
    toDecision: between(period.start, decided),
    decisionToMatch: between(decided, matched),
    matchToPlacement: between(matched, placed),
    placementToOrder: between(placed, adopted),
    decisionToPlacement: between(decided, placed),
  }
}

/** The reporting year of a day, by the year in which it ends. */
const yearOf = (day: Day): number => Number(day.slice(0, 4)) + (day.slice(5) >= '04-01' ? 1 : 0)

const adoptedSince =
  (from: (period: { firstDay: Day; lastDay: Day }) => Day): Count =>
  (all, asked) =>
    all.flatMap((care) =>
      care.periods.flatMap((period, index) => {
        const { end } = period
        if (end === null || !endsInAdoption(period) || end < from(asked) || end > asked.lastDay) return []
        const times = timesOf(care, index)
        const brokeDown = care.periods
          .slice(0, index + 1)
          .some((one) => disruptions(care, one).some((day) => day < end))
        const { toPlacement, decisionToPlacement } = times
        const is: Record<string, number | boolean> = {
          placedSoon: toPlacement !== null && toPlacement! < 426,
          placedInAYear: decisionToPlacement !== null && decisionToPlacement! < 365 && !brokeDown,
        }
        for (const [name, days] of Object.entries(times)) {
          is[name] = days ?? 0
          is[`${name} in months`] = ((days ?? 0) * 12) / 365.25
          is[`${name} known`] = days !== null
        }
        return [{ dimensions: childOn(care, end), is }]
      }),
    )

const adopted = adoptedSince(({ firstDay }) => firstDay)
const adoptedInThreeYears = adoptedSince(({ lastDay }) => yearBegins(lastDay, 3))

const days = (id: string, time: string): [string, NaiveIndicator][] => [
  [id, average(adoptedInThreeYears, time, `${time} known`, 3)],
  [`${id}-in-year`, average(adopted, time, `${time} known`)],
]
const months = (time: string): NaiveIndicator => average(adopted, `${time} in months`, `${time} known`)

/* ---- the indicators ------------------------------------------------------------------------------------------- */

const leaving = saying(leavers, (_care, { is }) => ({ adopted: is.E11 === true || is.E12 === true }))

const waiting = saying(lookedAfterAt, (care, { dimensions }, { lastDay }) => {
  const isPlaced = dimensions['placement-type'] === 'adoption'
  return {
    waits: !isPlaced && care.decisions.some(({ made, reversed }) => covers(made, reversed, lastDay)),
    isNotPlaced: !isPlaced && dimensions['legal-status-code'] === 'e1',
  }
})

export const NAIVE_ADOPTION: Readonly<Record<string, NaiveIndicator>> = {
  'adm-decisions': counting(first((care) => care.decisions.map(({ made }) => ({ on: made })))),
  'adoption-decision-reversed': counting(
    // Of two that are reversed on one day, the later decision gives the reason.
    first((care) =>
      care.decisions
        .toSorted((a, b) => number(b.made) - number(a.made))
        .flatMap(({ reversed, reason }) => (reversed ? [{ on: reversed, reason }] : [])),
    ),
  ),
  'placement-orders-granted': counting(first(eachPeriod((_, period) => beginnings(period, isUnderOrder)))),
  'children-placed-for-adoption': counting(
    first(eachPeriod((care, period) => beginnings(period, isAdoptive(care)))),
  ),
  'early-permanence-count': counting(first(eachPeriod((care, period) => beginnings(period, isEarly(care))))),
  'adoption-disruptions': counting(first(eachPeriod(disruptions))),
  adoptions: counting(leaving, 'adopted'),
  'adopted-of-leavers-pct': share(leaving, 'adopted'),
  'adopted-unopposed-count': counting(leavers, 'E11'),
  'adopted-consent-dispensed-with-count': counting(leavers, 'E12'),
  'adoption-children-waiting': counting(waiting, 'waits'),
  'adoption-placement-order-not-placed': counting(waiting, 'isNotPlaced'),
  ...Object.fromEntries([
    ...days('adoption-a1-days', 'toPlacement'),
    ...days('adoption-a2-days', 'orderToMatch'),
    ...days('adoption-a10-days', 'toMovingIn'),
  ]),
  'adoption-a3-pct': share(adoptedInThreeYears, 'placedSoon', 'toPlacement known', { years: 3 }),
  'adopted-placed-within-12-months-count': counting(adopted, 'placedInAYear'),
  'adoption-stage-months': months('toOrder'),
  'adoption-stage-decision-months': months('toDecision'),
  'adoption-stage-match-months': months('decisionToMatch'),
  'adoption-stage-placement-months': months('matchToPlacement'),
  'adoption-stage-order-months': months('placementToOrder'),
}
