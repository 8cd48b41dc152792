import type { Day } from '../../src/vocabulary/day.ts'
import {
  birthdaysBy,
  type Care,
  covers,
  episodeDimensions,
  type NaivePeriod,
  number,
  settledFor,
  shifted,
} from './naive-care.ts'
import { transitions } from './naive-populations.ts'
import type { PlacementRecords } from './random-placement-details.ts'
import type { Episode } from './records.ts'

/**
 * What stands beside a placement, counted child by child and day by day from the definitions (indicators.md 4.5 and
 * E47, E50), and from nothing in src.
 */

/** Numerator and denominator, or a count. */
export type NaiveParts = readonly [number, number] | number

/** Where a home lies, by its postcode. */
export type Where = (post: string) => 'inside' | 'next-door' | 'far'

/** England's bank holidays of the years at hand, as gov.uk lists them. */
const HOLIDAYS = new Set(
  `2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28
   2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28
   2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27
   2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26
   2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
   2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
   2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28`.split(/\s+/),
)

export function workingDaysAfter(day: Day, many: number): Day {
  let [then, left] = [day, many]
  while (left > 0) {
    then = shifted(then, 1)
    const weekday = new Date(`${then}T00:00:00Z`).getUTCDay()
    if (weekday !== 0 && weekday !== 6 && !HOLIDAYS.has(then)) left--
  }
  return then
}

const WITH_URN = 'A3 A4 A5 A6 U1 U2 U3 U4 U5 U6 K1 K2 K3 R3 S1'.split(' ')

/** A child on a day in care, with the home and what the records say of it. */
function homeOf(care: Care, day: Day, records: PlacementRecords) {
  const episode = care.care.find(({ decom, dec }) => covers(decom, dec, day))
  if (!episode) return null
  const settled = settledFor(care, episode)
  const run = settled && care.runs.find(({ episodes }) => episodes.includes(settled))
  const placedOn = run ? run.start : episode.decom
  const latest = records.details
    .filter(({ child, start }) => child === care.child.id && start <= day)
    .sort((a, b) => number(a.start) - number(b.start) || (a.id < b.id ? -1 : 1))
    .at(-1)
  const detail =
    latest && latest.start >= placedOn && (latest.end === null || latest.end > day) ? latest : null
  const urn = settled?.urn || null
  const provider = records.providers
    .filter((one) => one.urn === urn && one.from <= day)
    .sort((a, b) => number(a.from) - number(b.from) || (a.id < b.id ? -1 : 1))
    .at(-1)
  const says = detail?.registration ?? (provider?.registered === 'N' ? 'unregistered' : null)
  const dimensions = episodeDimensions(care, episode)
  return {
    child: care.child.id,
    age: birthdaysBy(day, care.child.born),
    placedOn,
    detail,
    urn,
    provider,
    code: dimensions['placement-code']!.toUpperCase(),
    type: dimensions['placement-type']!,
    post: usualPost(care, episode),
    isUnregistered: urn !== 'XXXXXXX' && says === 'unregistered',
    registrationIsKnown: urn === 'XXXXXXX' || detail?.registration != null || provider !== undefined,
  }
}
type Home = NonNullable<ReturnType<typeof homeOf>>

function usualPost(care: Care, episode: Episode): string | null {
  const settled = settledFor(care, episode)
  if (settled) return settled.post
  const { episodes } = care.periods.find((period) => period.episodes.includes(episode))!
  const later = episodes.slice(episodes.indexOf(episode)).find(({ place }) => !/^T[0-4]$/.test(place))
  return later?.post ?? null
}

const areTogether = (a: Home, b: Home): boolean => {
  const [one, other] = [a.detail?.household, b.detail?.household]
  if (one && other) return one === other
  if (a.post === null || a.post !== b.post) return false
  if (a.code === 'P1' && b.code === 'P1') return true
  return a.urn !== null && a.urn !== 'XXXXXXX' && a.urn === b.urn
}

/** Siblings: every two children of a group, and the groups as a whole. */
function siblingFigures(homes: readonly Home[], { siblings }: PlacementRecords, day: Day) {
  const inForce = siblings.filter(({ from, to }) => from <= day && (to === null || to >= day))
  const pairs = new Map<string, { apart: boolean; together: boolean }>()
  const groups: boolean[] = []
  for (const members of Map.groupBy(inForce, ({ group }) => group).values()) {
    const apart = new Set(members.filter((member) => member.apart).map(({ child }) => child))
    const here = homes.filter(({ child }) => members.some((member) => member.child === child))
    const kept = here.filter(({ child }) => !apart.has(child))
    for (const [index, one] of here.entries()) {
      for (const other of here.slice(index + 1)) {
        const key = `${one.child} ${other.child}`
        const before = pairs.get(key)
        pairs.set(key, {
          apart: before?.apart === true || apart.has(one.child) || apart.has(other.child),
          together: areTogether(one, other),
        })
      }
    }
    if (kept.length >= 2) groups.push(kept.every((one) => kept.every((other) => areTogether(one, other))))
  }
  const counted = [...pairs.values()].filter(({ apart }) => !apart)
  return {
    'sibling-placed-together-pct': [counted.filter(({ together }) => together).length, counted.length],
    'sibling-groups-all-together-pct': [groups.filter((together) => together).length, groups.length],
  } as const
}

/** Placements that started in the period by a move of carer or home, with the record of their first day. */
function placementsMade(all: readonly Care[], { firstDay, lastDay }: NaivePeriod, records: PlacementRecords) {
  return all.flatMap((care) =>
    [...transitions(care)].flatMap(({ episode, isMove }) => {
      if (!isMove || episode.decom < firstDay || episode.decom > lastDay) return []
      if (!care.runs.some(({ start }) => start === episode.decom)) return []
      const detail = records.details
        .filter(({ child, start }) => child === care.child.id && start === episode.decom)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .at(-1)
      const complex = records.needs.filter(
        (need) =>
          need.child === care.child.id &&
          need.complex &&
          need.from <= episode.decom &&
          (need.to === null || need.to >= episode.decom),
      )
      return [
        {
          child: care.child.id,
          age: birthdaysBy(episode.decom, care.child.born),
          day: episode.decom,
          episode,
          detail,
          kinds: new Set(complex.map(({ kind }) => kind)),
        },
      ]
    }),
  )
}

const share = <T>(rows: readonly T[], is: (row: T) => boolean): readonly [number, number] => [
  rows.filter(is).length,
  rows.length,
]
const cost = (homes: readonly Home[]): readonly [number, number] => {
  const known = homes.flatMap(({ detail }) => (detail?.cost == null ? [] : [detail.cost]))
  return [known.reduce((sum, one) => sum + one, 0), known.length]
}
const byDay = (day: Day | null | undefined, last: Day) => day != null && day <= last

/** Every figure in total, and by `dimension:category` where one is named. */
export function naivePlacementFigures(
  all: readonly Care[],
  records: PlacementRecords,
  period: NaivePeriod,
  where: Where,
): Readonly<Record<string, NaiveParts>> {
  const { firstDay, lastDay } = period
  const homes = all.flatMap((care) => homeOf(care, lastDay, records) ?? [])
  const made = placementsMade(all, period, records)
  const withUrn = homes.filter(({ code, urn }) => WITH_URN.includes(code) && urn !== 'XXXXXXX')
  const unregistered = homes.filter(({ isUnregistered }) => isUnregistered)
  const households = Map.groupBy(
    homes.filter(({ detail }) => detail?.household != null),
    ({ detail }) => detail!.household,
  )
  let [days, daysUnder16] = [0, 0]
  for (let day = firstDay; day <= lastDay; day = shifted(day, 1)) {
    const there = all.flatMap((care) => homeOf(care, day, records) ?? [])
    days += there.filter((home) => home.isUnregistered).length
    daysUnder16 += there.filter((home) => home.isUnregistered && home.age < 16).length
  }
  const movedOut = (kind?: string) =>
    new Set(
      made
        .filter(
          ({ episode, kinds }) =>
            where(episode.post) !== 'inside' && (kind ? kinds.has(kind) : kinds.size > 0),
        )
        .map(({ child }) => child),
    ).size
  const needing = records.needs.filter(
    ({ from, to, specialist }) => specialist && from <= lastDay && (to === null || to >= lastDay),
  )
  return {
    'unregistered-placements-count': unregistered.length,
    'unregistered-placements-count age-under-16:under-16': unregistered.filter(({ age }) => age < 16).length,
    'unregistered-placements-count days-in-placement:8-to-28-days': unregistered.filter(({ placedOn }) => {
      const so = number(lastDay) - number(placedOn)
      return so >= 8 && so <= 28
    }).length,
    'unregistered-placement-days': days,
    'unregistered-placement-days age-under-16:under-16': daysUnder16,
    'placement-registration-known-pct': share(homes, ({ registrationIsKnown }) => registrationIsKnown),
    'provider-matched-pct': share(withUrn, ({ provider }) => provider !== undefined),
    'placements-without-urn-count': withUrn.filter(({ urn }) => urn === null).length,
    'placed-at-distance-approved-pct': share(
      made.filter(
        ({ episode: { place, provider, post } }) =>
          where(post) === 'far' &&
          !['P1', 'U1', 'U2', 'U3'].includes(place) &&
          !(/^U[456]$/.test(place) && provider === 'PR1'),
      ),
      ({ detail, day }) => byDay(detail?.approved, day),
    ),
    'notification-to-host-la-pct': share(
      made.filter(({ episode }) => where(episode.post) !== 'inside'),
      ({ detail, day }) => byDay(detail?.notified, detail?.emergency ? workingDaysAfter(day, 5) : day),
    ),
    'education-place-within-20-days-pct': share(
      made.filter(({ detail, age }) => detail?.emergency && detail.placeNeeded && age >= 5 && age <= 15),
      ({ detail, day }) => byDay(detail?.placeFound, workingDaysAfter(day, 20)),
    ),
    'complex-needs-moved-out-count': movedOut(),
    'complex-needs-moved-out-count need-category:health': movedOut('health'),
    'complex-needs-moved-out-count need-category:emotional': movedOut('emotional'),
    'specialist-need-pct': share(homes, (home) => needing.some(({ child }) => child === home.child)),
    'placement-unit-cost': cost(homes),
    'placement-unit-cost-foster': cost(homes.filter(({ type }) => type === 'foster')),
    'placement-unit-cost-residential': cost(homes.filter(({ type }) => type === 'residential')),
    'placement-cost-recorded-pct': share(homes, ({ detail }) => detail?.cost != null),
    'children-per-foster-household': [
      [...households.values()].reduce((sum, { length }) => sum + length, 0),
      households.size,
    ],
    ...siblingFigures(homes, records, lastDay),
  }
}
