import type { Day } from '../../src/vocabulary/day.ts'
import {
  birthdaysBy,
  type Care,
  childOn,
  covers,
  type Dimensions,
  earlier,
  episodeDimensions,
  groupOf,
  type Held,
  isAdoption,
  isTemporary,
  monthsBetween,
  number,
  type Run,
  samePlace,
  settledFor,
  shifted,
  timeInCare,
} from './naive-care.ts'
import type { Count, Counted } from './naive-indicator.ts'
import type { Episode, SocialWorker } from './records.ts'

/** Who and what is counted of the stocks and flows of care itself. */

export const yearBegins = (lastDay: Day, years = 1): Day => earlier(shifted(lastDay, 1), years)
export const runsIn = (care: Care, from: Day, to: Day) =>
  care.runs.filter(({ start, end }) => start <= to && (end === null || end > from)).length

export const lookedAfterAt: Count = (all, { lastDay: day }, held) =>
  all.flatMap((care) => {
    const episode = care.care.find(({ decom, dec }) => covers(decom, dec, day))
    if (!episode) return []
    const period = care.periods.find(({ episodes }) => episodes.includes(episode))!
    const age = birthdaysBy(day, care.child.born)
    const place = settledFor(care, episode)?.place ?? episode.place
    const year = yearBegins(day)
    const placements = care.runs.filter(
      (run) => care.periods[run.period] === period && run.start <= day,
    ).length
    const carers = care.carers.filter((run) => care.periods[run.period] === period && run.start <= day)
    const [carer, carerBefore] = [carers.at(-1), carers.at(-2)]
    const forTwoYears = (run: Run | undefined) => run !== undefined && monthsBetween(run.start, day) >= 24
    const uasc = childOn(care, day).uasc === 'yes'
    return [
      {
        dimensions: {
          ...childOn(care, day),
          ...episodeDimensions(care, episode),
          ...timeInCare(period.start, day),
          'placements-since-start': placements <= 3 ? 'up-to-3' : placements <= 9 ? '4-to-9' : '10-or-more',
        },
        is: {
          daysInCare: number(day) - number(period.start),
          placements,
          uasc,
          uascOf16: uasc && (age === 16 || age === 17),
          supported:
            groupOf(
              'placement-type',
              episodeDimensions(care, episode)['placement-code']!.toUpperCase(),
              '',
            ) === 'independent-or-supported',
          femaleOf12: care.child.sex === 'F' && age >= 12,
          mother: care.child.mother,
          waits:
            care.decisions.some(({ made, reversed }) => covers(made, reversed, day)) &&
            !isAdoption(episodeDimensions(care, episode)['placement-code']!.toUpperCase()),
          threeInYear: runsIn(care, year, day) >= 3,
          yearBefore: care.care.some(
            ({ decom, dec }) => decom < year && (dec === null || dec > yearBegins(day, 2)),
          ),
          threeInTwoYears: runsIn(care, yearBegins(day, 2), day) >= 3,
          oneInTwoYears: runsIn(care, yearBegins(day, 2), day) === 1,
          longInCare: age < 16 && monthsBetween(period.start, day) >= 30 && !period.beganAsShortBreaks,
          sameCarer: forTwoYears(carer) || (isAdoption(place) && forTwoYears(carerBefore)),
          movesTwice: movesAfter(care, year, day) >= 2,
          hasWorkerNow: workersKnown(care, held).some(({ from, until }) => covers(from, until, day)),
          ...workersIn(care, year, day, held),
        },
      },
    ]
  })

/** As the Children's Commissioner counts: each S, P or B after the first day of the year, but not the first entry. */
export function movesAfter(care: Care, firstDay: Day, day: Day): number {
  const firstEntry = care.care[0]
  return care.care.filter(
    (episode) =>
      episode.decom > firstDay &&
      episode.decom <= day &&
      ['S', 'P', 'B'].includes(episode.rne) &&
      !(episode === firstEntry && episode.rne === 'S'),
  ).length
}

/**
 * A worker's episode is known from the returns that hold the child. Where it ended while the child was in none, the
 * next return that holds the child has it no more: then it is not known beyond the last return that had it.
 */
export function workersKnown(care: Care, held: Held): SocialWorker[] {
  const returns = care.returns.filter(({ firstDay }) => firstDay >= held.workersSince)
  return care.workers.flatMap((worker) => {
    const last = returns.findLast(
      ({ firstDay, lastDay }) =>
        worker.from <= lastDay && (worker.until === null || worker.until >= firstDay),
    )
    if (!last) return []
    const endedUnseen = worker.until !== null && worker.until > last.lastDay && last !== returns.at(-1)
    return [endedUnseen ? { ...worker, until: shifted(last.lastDay, 1) } : worker]
  })
}

export function workersIn(care: Care, from: Day, to: Day, held: Held): Counted['is'] {
  const inYear = workersKnown(care, held)
    .filter((worker) => worker.from <= to && (worker.until === null || worker.until > from))
    .sort((a, b) => number(a.from) - number(b.from))
  const inSequence = inYear.filter(
    (worker) =>
      !inYear.some(
        (other) =>
          other.from < worker.from &&
          // Of two that are both still open, the later lies within the earlier, as far as anybody knows.
          (other.until === null || (worker.until !== null && other.until >= worker.until)),
      ),
  )
  const changes = inSequence.filter(
    ({ worker }, index) => index > 0 && inSequence[index - 1]!.worker !== worker,
  )
  return {
    hasWorker: inYear.length > 0,
    threeWorkers: new Set(inYear.map(({ worker }) => worker)).size >= 3,
    changesWorkerTwice: changes.length >= 2,
  }
}

export const lookedAfterTwelveMonths: Count = (all, { lastDay: day }) =>
  all.flatMap((care) => {
    const from = yearBegins(day)
    const period = care.periods.find(({ start, end }) => start <= from && (end === null || end >= day))
    if (!period) return []
    if (care.breaks.some(({ decom, dec }) => decom <= day && (dec === null || dec > from))) return []
    const leaves = period.end === day
    const episode = leaves
      ? period.episodes.at(-1)!
      : period.episodes.find(({ decom, dec }) => covers(decom, dec, day))!
    return [
      {
        dimensions: {
          ...childOn(care, day),
          ...episodeDimensions(care, episode),
          ...timeInCare(period.start, day),
        },
        is: { stays: !leaves, threeInYear: runsIn(care, from, day) >= 3 },
      },
    ]
  })

/** Day by day: in care, or on a short break. */
export const lookedAfterDuring: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) => {
    let [inCare, onBreak] = [false, false]
    for (let day = firstDay; day <= lastDay; day = shifted(day, 1)) {
      inCare ||= care.care.some(({ decom, dec }) => covers(decom, dec, day))
      onBreak ||= care.breaks.some(({ decom, dec }) => covers(decom, dec, day))
    }
    if (!inCare && !onBreak) return []
    return [{ dimensions: childOn(care, lastDay), is: { inCare, onlyBreaks: onBreak && !inCare } }]
  })

export const starters: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) => {
    const start = care.care.find(({ rne, decom }) => rne === 'S' && decom >= firstDay && decom <= lastDay)
    if (!start) return []
    const option = care.child.previousPermanence
    const dimensions: Dimensions = {
      ...childOn(care, start.decom),
      ...episodeDimensions(care, start),
      'previous-permanence': option?.toLowerCase() ?? 'not-reported',
    }
    return [
      {
        dimensions,
        is: { uasc: dimensions.uasc === 'yes', hadPermanence: option !== null && option !== 'Z1' },
      },
    ]
  })

export const leavers: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) => {
    const period = care.periods.findLast(({ end }) => end !== null && end >= firstDay && end <= lastDay)
    if (!period) return []
    const day = period.end!
    const age = birthdaysBy(day, care.child.born)
    const number = care.periods.filter(({ start }) => start <= lastDay).length
    return [
      {
        dimensions: {
          ...childOn(care, day),
          ...episodeDimensions(care, period.episodes.at(-1)!),
          ...timeInCare(period.start, day),
          'ceasing-reason': period.rec.toLowerCase(),
          'periods-of-care': number < 10 ? String(number) : '10-or-more',
        },
        is: { periods: number, of16: age >= 16, under18: age < 18, [period.rec]: true },
      },
    ]
  })

/** Each episode beside the one before it in the period of care, and whether it comes back from a temporary stay. */
export function* transitions(
  care: Care,
): Generator<{ before: Episode | null; episode: Episode; isMove: boolean }> {
  for (const { episodes } of care.periods) {
    for (const [index, episode] of episodes.entries()) {
      const before = episodes[index - 1] ?? null
      const settled = before ? settledFor(care, before) : null
      const comesBack =
        before !== null && isTemporary(before) && settled !== null && samePlace(settled, episode)
      yield { before, episode, isMove: !isTemporary(episode) && !comesBack && episode.rne !== 'L' }
    }
  }
}

export const newPlacements: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) =>
    [...transitions(care)]
      .filter(({ episode, isMove }) => isMove && episode.decom >= firstDay && episode.decom <= lastDay)
      .map(({ episode }) => ({
        dimensions: { ...childOn(care, episode.decom), ...episodeDimensions(care, episode) },
        is: {},
      })),
  )

export const UNPLANNED = ['ALLEG', 'STAND', 'APPRR', 'CREQB', 'CREQO', 'CHILD', 'LAREQ']

export const placementChanges: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) =>
    [...transitions(care)].flatMap(({ before, isMove }) => {
      const day = before?.dec
      if (!before || !day || !isMove || day < firstDay || day > lastDay) return []
      return [
        {
          dimensions: {
            ...childOn(care, day),
            ...episodeDimensions(care, before),
            'placement-change-reason': before.reason.toLowerCase() || 'not-reported',
          },
          is: { unplanned: UNPLANNED.includes(before.reason), moves: before.reason !== 'PLACE' },
        },
      ]
    }),
  )

export const placementsCeased: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) =>
    care.runs.flatMap(({ start, end, episodes }) => {
      if (end === null || end < firstDay || end > lastDay) return []
      const described = episodeDimensions(care, episodes.at(-1)!)
      return [
        {
          dimensions: {
            ...childOn(care, end),
            'placement-type': described['placement-type']!,
            'placement-provider': described['placement-provider']!,
          },
          is: { days: number(end) - number(start) },
        },
      ]
    }),
  )
