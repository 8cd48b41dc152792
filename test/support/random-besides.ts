import fc from 'fast-check'
import { addDays, ageOn, type Day } from '../../src/vocabulary/day.ts'
import { reportingYearOf } from '../../src/vocabulary/period.ts'
import { monthsAfter } from './naive-reviews.ts'
import type {
  Decision,
  Deprivation,
  Episode,
  Incident,
  LeaverRow,
  Match,
  Outcomes,
  Review,
} from './records.ts'

/**
 * What happens to a child at random beside the episodes: times missing, reviews, health, adoption, what became of
 * care leavers. Much of it about 31 March and 1 April, and some of it before care, or long after.
 */
const moment = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 1_500 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 2020, max: 2026 }), fc.constantFrom('03-30', '03-31', '04-01', '04-02'))
      .map(([year, day]) => `${year}-${day}` as Day),
  },
)
type Moment = number | Day

const length = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 2, 3, 7, 8, 10, 11, 15, 16, 20, 21, 30, 31) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 90 }) },
  { weight: 1, arbitrary: fc.constantFrom(400, null) },
)

/** Days after the review before, or months and days: what is due in three months may be held on that day or the next. */
const interval = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 2, arbitrary: fc.constantFrom(28, 29, 30) },
  { weight: 2, arbitrary: fc.integer({ min: 60, max: 220 }) },
  {
    weight: 3,
    arbitrary: fc.record({ months: fc.constantFrom(3, 6), days: fc.constantFrom(-1, 0, 1) }),
  },
)

const cell = fc.constantFrom('1', '1', '0', '')
const outcome = fc.record({
  isReturned: fc.nat(5).map((one) => one > 0),
  sdqScore: fc.option(fc.constantFrom(0, 13, 14, 16, 17, 40), { freq: 4 }),
  convicted: fc.constantFrom('1', '0', '0', ''),
  healthCheck: cell,
  immunisations: cell,
  teethCheck: cell,
  healthAssessment: cell,
  substanceMisuse: cell,
  interventionReceived: cell,
  interventionOffered: cell,
})

const ACCOMMODATION = [
  'B1',
  'B2',
  'C1',
  'D1',
  'E2',
  'G1',
  'G2',
  'H2',
  'K1',
  'R1',
  'R2',
  'S2',
  'T1',
  'U1',
  'U2',
]
const leaver = fc.record({
  isReturned: fc.nat(5).map((one) => one > 0),
  inTouch: fc.constantFrom('YES', 'YES', 'YES', 'NO', 'REFU', 'NREQ', 'RHOM', 'DIED'),
  activity: fc.constantFrom('F1', 'P1', 'F2', 'P2', 'F4', 'P4', 'F5', 'P5', 'G4', 'G5', 'G6', '0', ''),
  accommodation: fc.constantFrom(...ACCOMMODATION, 'V1', 'W1', 'W2', 'X2', 'Y1', 'Z1', 'Z2', 'Z1', '0', ''),
})

export const besides = fc.record({
  incidents: fc.array(fc.record({ kind: fc.constantFrom('M' as const, 'A' as const), moment, length }), {
    maxLength: 6,
  }),
  reviews: fc.array(fc.record({ interval, code: fc.nat(7) }), { maxLength: 9 }),
  outcomes: fc.array(outcome, { minLength: 1, maxLength: 4 }),
  leavers: fc.array(leaver, { minLength: 1, maxLength: 6 }),
  isCareLeaver: fc.boolean(),
  decisions: fc.array(
    fc.record({
      episode: fc.nat(8),
      after: fc.nat(60),
      reversed: fc.constantFrom('no', 'no', 'with-episode', 'on-the-day', 'later'),
      reason: fc.constantFrom('RD1', 'RD2', 'RD4', ''),
    }),
    { maxLength: 3 },
  ),
  matched: fc.array(fc.option(fc.integer({ min: -10, max: 500 }), { freq: 5 }), {
    minLength: 1,
    maxLength: 2,
  }),
  deprivations: fc.array(fc.record({ moment, length }), { maxLength: 2 }),
})

export type Besides = typeof besides extends fc.Arbitrary<infer Type> ? Type : never

interface Lived {
  readonly id: string
  readonly started: Day
  readonly born: Day
  readonly besides: Besides
}

const LAST = '2027-03-31' as Day
const isCare = ({ ls }: Episode) => ls !== 'V3' && ls !== 'V4'

/** On a day of its own, or so many days after care started; from the day of birth on. */
const dayOf = ({ started, born }: Lived, when: Moment): Day => {
  const day = typeof when === 'number' ? addDays(started, when - 100) : when
  return day < born ? born : day
}

/** A return names what starts on a day once. */
const once = <T>(rows: readonly T[], key: (row: T) => string): T[] => [
  ...new Map(rows.map((row) => [key(row), row])).values(),
]

function incidentsOf(lived: Lived): Incident[] {
  const incidents = lived.besides.incidents.map(({ kind, moment: when, length: days }) => {
    const from = dayOf(lived, when)
    return { child: lived.id, kind, from, until: days === null ? null : addDays(from, days) }
  })
  return once(incidents, ({ kind, from }) => `${kind} ${from}`)
}

/** From every start of care on, one after the other, whether the child is still there or not. */
function reviewsOf({ id, besides: { reviews } }: Lived, episodes: readonly Episode[]): Review[] {
  const held = episodes
    .filter(({ rne }) => rne === 'S')
    .flatMap(({ decom }) => {
      let day = decom
      return reviews.map(({ interval: after, code }) => {
        day =
          typeof after === 'number'
            ? addDays(day, after)
            : addDays(monthsAfter(day, after.months), after.days)
        return { child: id, held: day, code: `PN${code}` }
      })
    })
  return once(held, (review) => review.held).filter((review) => review.held <= LAST)
}

const YEARS = [2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026, 2027]

const outcomesOf = ({ id, besides: { outcomes } }: Lived): Outcomes[] =>
  YEARS.flatMap((year) => {
    const { isReturned, ...row } = outcomes[year % outcomes.length]!
    return isReturned ? [{ child: id, year, ...row }] : []
  })

/** From the 17th birthday to the 21st, and now and then on one too many. */
function leaverRowsOf({ id, born, besides: { leavers, isCareLeaver } }: Lived): LeaverRow[] {
  if (!isCareLeaver) return []
  return YEARS.flatMap((year) => {
    const age = ageOn(`${year}-03-31` as Day, born)
    const { isReturned, activity, ...row } = leavers[year % leavers.length]!
    if (!isReturned || age < 17 || age > 22) return []
    // Apprenticeships are told apart since 2022.
    return [
      { child: id, year, ...row, activity: year < 2022 ? activity.replace(/(?<=[FP])[45]/, '3') : activity },
    ]
  })
}

/** Decided during an episode; reversed, if at all, before it ends, or some time later. */
function decisionsOf({ id, besides: { decisions } }: Lived, episodes: readonly Episode[]): Decision[] {
  const care = episodes.filter(isCare)
  if (care.length === 0) return []
  const made = decisions.flatMap(({ episode, after, reversed, reason }) => {
    const { decom, dec } = care[episode % care.length]!
    const day = addDays(decom, after)
    if (dec !== null && dec <= day) return []
    const last = dec ? addDays(dec, -1) : addDays(day, 100)
    const ends = { no: null, 'with-episode': last, 'on-the-day': day, later: addDays(day, 10 * after) }
    return [{ child: id, made: day, reversed: ends[reversed as keyof typeof ends], reason }]
  })
  return once(made, (decision) => decision.made)
}

/** AD1 is returned for the year of the adoption. */
function matchesOf({ id, besides: { matched } }: Lived, episodes: readonly Episode[]): Match[] {
  const adopted = episodes.filter(({ rec }) => rec === 'E11' || rec === 'E12')
  const matches = adopted.map(({ dec }, index) => {
    const before = matched[index % matched.length] ?? null
    const day = before === null ? null : addDays(dec!, -before)
    return { child: id, year: reportingYearOf(dec!), matched: day }
  })
  return once(matches, ({ year }) => String(year))
}

function deprivationsOf(lived: Lived): Deprivation[] {
  const orders = lived.besides.deprivations.map(({ moment: when, length: days }) => {
    const from = dayOf(lived, when)
    return { child: lived.id, from, until: days === null ? null : addDays(from, days) }
  })
  return once(orders, ({ from }) => from)
}

/** What is on record beside a child's episodes. */
export const besidesOf = (lived: Lived, episodes: readonly Episode[]) => ({
  incidents: incidentsOf(lived),
  reviews: reviewsOf(lived, episodes),
  outcomes: outcomesOf(lived),
  leaverRows: leaverRowsOf(lived),
  decisions: decisionsOf(lived, episodes),
  matches: matchesOf(lived, episodes),
  deprivations: deprivationsOf(lived),
})
