import {
  type AdoptionDecision,
  isShortBreak,
  type MissingIncident,
  type PeriodOfCare,
  type Review,
  type Stretch,
  type WorkerEpisode,
} from './care-record.ts'
import { ageOn, birthday, type DayNumber, exactAge, isWeekend } from './day-number.ts'
import { type Random, weights } from './random.ts'

const TAKES_PART = weights({ PN1: 52, PN2: 3, PN3: 2, PN4: 4, PN5: 8, PN6: 24, PN7: 7 })

const onWeekday = (day: DayNumber): DayNumber => {
  let moved = day
  while (isWeekend(moved)) moved--
  return moved
}

/** Reviews: the first within 20 working days, the second three months on, then every six months; some are late. */
export function reviewsDuring(period: PeriodOfCare, born: DayNumber, random: Random): Review[] {
  const reviews: Review[] = []
  const lateBy = (): number => (random.chance(0.04) ? random.int(10, 40) : 0)
  let day = onWeekday(period.from + random.int(16, 26) + lateBy())
  for (let held = 1; day < period.until; held++) {
    if (day > period.from)
      reviews.push({ day, code: ageOn(day, born) < 4 ? 'PN0' : random.weighted(TAKES_PART) })
    day = onWeekday(day + (held === 1 ? random.int(70, 90) : random.int(145, 181)) + lateBy())
  }
  return reviews
}

/** How often someone goes missing in a year of care from the age of ten: most never, some now and then, a few often. */
function incidentsPerYear(uasc: boolean, random: Random): number {
  const drawn = random.next()
  if (drawn < (uasc ? 0.86 : 0.6)) return 0
  if (drawn < 0.95) return random.between(0.2, 2)
  return random.between(4, 22)
}

const daysMissing = (random: Random): number => {
  const drawn = random.next()
  if (drawn < 0.45) return 0
  if (drawn < 0.82) return random.int(1, 2)
  return random.chance(0.85) ? random.int(3, 9) : random.int(10, 60)
}

export function missingDuring(
  periods: readonly PeriodOfCare[],
  born: DayNumber,
  uasc: boolean,
  random: Random,
): MissingIncident[] {
  const perYear = incidentsPerYear(uasc, random)
  if (perYear === 0) return []
  const incidents: MissingIncident[] = []
  for (const period of periods) {
    const earliest = Math.max(period.from, birthday(born, 10))
    let from = earliest + 1 + Math.floor(random.exponential(365 / perYear))
    while (from < period.until - 1) {
      const teenager = exactAge(from, born) >= 13
      const until = Math.min(from + daysMissing(random), period.until)
      if (teenager || random.chance(0.3))
        incidents.push({ from, until, kind: random.chance(0.16) ? 'A' : 'M' })
      from = until + 1 + Math.floor(random.exponential(365 / perYear))
    }
  }
  return incidents
}

const WHY_NEXT_WORKER = weights({
  LEFTRL: 34,
  TSPROC: 22,
  MANAGE: 17,
  ORGRST: 9,
  ABSENC: 8,
  OTHERS: 7,
  PCCHAN: 2,
  CHCHAN: 1,
})

/** The social workers of a period of care; the first may know the child from before it. */
export function workersDuring(
  period: Stretch,
  notBefore: DayNumber,
  workers: readonly string[],
  random: Random,
): WorkerEpisode[] {
  const episodes: WorkerEpisode[] = []
  let from = Math.max(notBefore, period.from - (random.chance(0.55) ? random.int(10, 300) : 0))
  let reason = random.chance(0.7) ? 'FCONTA' : 'TSPROC'
  for (let worker = ''; from < period.until; ) {
    let next = random.pick(workers)
    while (next === worker) next = random.pick(workers)
    worker = next
    const drawn = from + 25 + Math.round(random.exponential(430))
    // Nobody is handed over in the last days of care: the old worker sees it out.
    const until = drawn > period.until - 20 ? period.until : drawn
    episodes.push({ worker, from, until, reason })
    reason = random.weighted(WHY_NEXT_WORKER)
    from = until
  }
  return episodes
}

/** Deprivation of liberty orders: rare, in children's homes and other placements, three months at a time. */
export function deprivationsDuring(
  periods: readonly PeriodOfCare[],
  born: DayNumber,
  random: Random,
): Stretch[] {
  const orders: Stretch[] = []
  for (const { from, until, home, ls } of periods.flatMap((period) => period.episodes)) {
    const suits = (home.place === 'K2' || home.place === 'Z1') && !isShortBreak(ls)
    if (
      suits &&
      until - from > 60 &&
      exactAge(from, born) > 10 &&
      random.chance(home.place === 'Z1' ? 0.4 : 0.05)
    )
      orders.push({ from: from + random.int(0, 10), until: Math.min(until, from + random.int(40, 180)) })
  }
  return orders
}

const REVERSED_FOR = weights({ RD1: 40, RD2: 20, RD3: 25, RD4: 15 })

/** Decisions for adoption that came to nothing. */
export function reversedDecisions(period: PeriodOfCare, born: DayNumber, random: Random): AdoptionDecision[] {
  const from = period.from + random.int(150, 260)
  const until = from + random.int(60, 400)
  const young = exactAge(period.from, born) < 4
  if (!young || until >= period.until - 5 || !random.chance(0.15)) return []
  return [{ from, until, reversedFor: random.weighted(REVERSED_FOR) }]
}
