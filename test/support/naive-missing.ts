import {
  type Care,
  childOn,
  covers,
  type Dimensions,
  homeOn,
  type NaivePeriod,
  number,
} from './naive-care.ts'
import { average, type Count, counting, type NaiveIndicator, saying, share } from './naive-indicator.ts'
import { lookedAfterDuring } from './naive-populations.ts'
import type { Incident } from './records.ts'

/** Missing and away, from indicators.md 2.17 and 4.3, E30 to E32 and the ruling on incidents across 31 March. */

/** Also one that ended on the first day: the child was missing as the period began (E31). */
const incidentsIn = (care: Care, { firstDay, lastDay }: NaivePeriod): Incident[] =>
  care.incidents.filter(({ from, until }) => from <= lastDay && (until === null || until >= firstDay))

/** From the start to the end that is known now; of one that lasts, to the last day of the period. */
function durationOf({ from, until }: Incident, { lastDay }: NaivePeriod): Dimensions {
  const days = number(until ?? lastDay) - number(from)
  const bands: [number, string][] = [
    [0, 'less-than-1-day'],
    [2, '1-to-2-days'],
    [7, '3-to-7-days'],
    [10, '8-to-10-days'],
    [15, '11-to-15-days'],
    [20, '16-to-20-days'],
    [30, '21-to-30-days'],
  ]
  return { duration: bands.find(([most]) => days <= most)?.[1] ?? 'over-30-days' }
}

const incidents: Count = (all, period) =>
  all.flatMap((care) =>
    incidentsIn(care, period).map((incident) => {
      const home = homeOn(care, incident.from)
      const isMissing = incident.kind === 'M'
      return {
        dimensions: { ...childOn(care, incident.from), ...home, ...durationOf(incident, period) },
        is: {
          missing: isMissing,
          away: !isMissing,
          missingFromHome: isMissing && home['placement-type'] === 'residential',
        },
      }
    }),
  )

const timesOf = (care: Care, period: NaivePeriod) => {
  const [missing, away] = (['M', 'A'] as const).map(
    (kind) => incidentsIn(care, period).filter((incident) => incident.kind === kind).length,
  ) as [number, number]
  return {
    missing,
    away,
    wentMissing: missing >= 1,
    wentMissingAgain: missing >= 2,
    wentAway: away >= 1,
    wentAwayAgain: away >= 2,
  }
}

/** A child as on the first day of all its times, missing or away. */
const children: Count = (all, period) =>
  all.flatMap((care) => {
    const [first] = incidentsIn(care, period)
      .map(({ from }) => from)
      .sort()
    return first ? [{ dimensions: childOn(care, first), is: timesOf(care, period) }] : []
  })

const ofThoseLookedAfter = saying(lookedAfterDuring, (care, counted, period) => ({
  inCare: counted.is.inCare === true,
  ...timesOf(care, period),
}))

const at =
  (kind: Incident['kind']): Count =>
  (all, { lastDay }) =>
    all
      .filter((care) =>
        care.incidents.some((one) => one.kind === kind && covers(one.from, one.until, lastDay)),
      )
      .map((care) => ({ dimensions: { ...childOn(care, lastDay), ...homeOn(care, lastDay) }, is: {} }))

export const NAIVE_MISSING: Readonly<Record<string, NaiveIndicator>> = {
  'missing-incidents': counting(incidents, 'missing'),
  'missing-children-count': counting(children, 'wentMissing'),
  'missing-children-pct': share(ofThoseLookedAfter, 'wentMissing', 'inCare'),
  'missing-more-than-once-count': counting(children, 'wentMissingAgain'),
  'missing-incidents-per-missing-child': average(children, 'missing', 'wentMissing'),
  'missing-at-31-march': counting(at('M')),
  'missing-incidents-childrens-homes': counting(incidents, 'missingFromHome'),
  'away-incidents': counting(incidents, 'away'),
  'away-children-count': counting(children, 'wentAway'),
  'away-children-pct': share(ofThoseLookedAfter, 'wentAway', 'inCare'),
  'away-more-than-once-count': counting(children, 'wentAwayAgain'),
  'away-incidents-per-away-child': average(children, 'away', 'wentAway'),
  'away-at-31-march': counting(at('A')),
}
