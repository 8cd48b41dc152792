import { mixed, RandomStream } from '../random.ts'
import { AGE_STARTS, bandOf, REPORT_AGE_OF, REPORT_AGES } from './bands.ts'
import { DAYS_A_YEAR, monthsOf } from './calendar.ts'
import type { Epoch } from './changes.ts'
import type { SurvivalModel } from './model.ts'

/** Ages of entrants are spread by a tenth, and at most by so many days, about those that were seen. */
const AGE_SPREAD = 0.1
const MOST_AGE_SPREAD = 120
const LAST_ENTRY_AGE = Math.floor(18 * DAYS_A_YEAR) - 2

/** Streams of one simulation that are not a child's. */
const BASELINE = -2
const ADDED = -3
const THINNED = -4

/** Where the numbers of those start who enter because of a scenario, after every number of the baseline. */
const ADDED_FROM = 1 << 22

/** The entrants of one simulation, in columns, of which the first `number` are filled. */
export interface Arrivals {
  readonly column: {
    /** A number that is the entrant's own, whatever a scenario changes. */
    id: Int32Array
    day: Int32Array
    ageInDays: Int32Array
    placement: Uint8Array
    uasc: Uint8Array
  }
  /** Draws the entrants of a simulation; gives their number. */
  readonly draw: (key: number) => number
}

/**
 * Entrants come as a Poisson process whose rate is uncertain, follows the season and varies from month to month and
 * year to year as the history shows: negative-binomial counts. Each is like one of a bootstrap sample of the entrants
 * seen, so that who enters is uncertain too. A scenario with more entries adds a process of its own to the baseline's,
 * one with fewer thins it: all other entrants are the same children.
 */
export function arrivalsOf(model: SurvivalModel, epochs: readonly Epoch[], horizon: number): Arrivals {
  const { entries, startsOn } = model
  const { entrants } = entries
  const months = monthsOf(startsOn + 1, startsOn + horizon + 1).map(({ month, until }) => ({
    season: entries.season[month]!,
    until: until - 1 - startsOn,
  }))
  const rates = new Float64Array(months.length)
  const pool = entrants.ageInDays.length
  const sample = new Int32Array(pool)
  /** By how many days the ages of those like each of the entrants are spread. */
  const spreads = Float64Array.from(entrants.ageInDays, (seen) =>
    Math.min(MOST_AGE_SPREAD, seen * AGE_SPREAD),
  )
  const most = Math.max(1, ...epochs.flatMap(({ entries: multipliers }) => [...multipliers]))
  const isChanged = epochs.some(({ entries: multipliers }) =>
    multipliers.some((multiplier) => multiplier !== 1),
  )
  const column: Arrivals['column'] = {
    id: new Int32Array(0),
    day: new Int32Array(0),
    ageInDays: new Int32Array(0),
    placement: new Uint8Array(0),
    uasc: new Uint8Array(0),
  }
  const random = new RandomStream()
  const thinning = new RandomStream()
  let number = 0

  function draw(key: number): number {
    number = 0
    random.start(key, BASELINE)
    drawRates()
    for (let at = 0; at < pool; at++) sample[at] = random.below(pool)
    come(key, 1, 0)
    if (most > 1) {
      random.start(key, ADDED)
      come(key, most - 1, ADDED_FROM)
    }
    return number
  }

  function drawRates(): void {
    const daily = random.around1(entries.dispersion / entries.events) * (entries.events / entries.days)
    let [walk, variance] = [0, 0]
    const step = (by: number): void => {
      walk += Math.sqrt(by) * random.normal()
      variance += by
    }
    if (entries.yearlyVariance > 0) step(entries.variance)
    months.forEach(({ season }, at) => {
      if (entries.yearlyVariance > 0) step(entries.yearlyVariance / 12)
      // Taking off half the variance leaves the mean where it was.
      rates[at] = daily * season * random.around1(entries.monthlyVariance) * Math.exp(walk - variance / 2)
    })
  }

  function come(key: number, share: number, firstId: number): void {
    let id = firstId
    let time = 0
    let rest = random.exponential()
    for (let month = 0; month < months.length; month++) {
      const rate = rates[month]! * share
      const { until } = months[month]!
      for (let ahead = rate * (until - time); rest < ahead; ahead = rate * (until - time)) {
        time += rest / rate
        enter(key, id++, Math.min(until, Math.floor(time) + 1), firstId > 0)
        rest = random.exponential()
      }
      rest -= rate * (until - time)
      time = until
    }
  }

  function enter(key: number, id: number, day: number, isAdded: boolean): void {
    const who = sample[random.below(pool)]!
    const seen = entrants.ageInDays[who]!
    // Never below 0: the spread is a part of the age.
    const age = Math.round(seen + spreads[who]! * (2 * random.next() - 1))
    const ageInDays = age > LAST_ENTRY_AGE ? Math.min(seen, LAST_ENTRY_AGE) : age
    if (isChanged && !isKept(key, id, day, entrants.placement[who]!, ageInDays, isAdded)) return
    if (number === column.id.length) grow()
    column.id[number] = id
    column.day[number] = day
    column.ageInDays[number] = ageInDays
    column.placement[number] = entrants.placement[who]!
    column.uasc[number] = entrants.uasc[who]!
    number++
  }

  function isKept(
    key: number,
    id: number,
    day: number,
    placement: number,
    ageInDays: number,
    isAdded: boolean,
  ): boolean {
    let epoch = epochs.length - 1
    while (epochs[epoch]!.fromDay >= day && epoch > 0) epoch--
    const age = REPORT_AGE_OF[bandOf(AGE_STARTS, ageInDays / DAYS_A_YEAR)]!
    const multiplier = epochs[epoch]!.entries[placement * REPORT_AGES + age]!
    const share = isAdded ? (multiplier - 1) / (most - 1) : multiplier
    return share >= 1 || thinning.start(mixed(key, THINNED), id).next() < share
  }

  function grow(): void {
    const size = Math.max(256, column.id.length * 2)
    for (const name of ['id', 'day', 'ageInDays'] as const) {
      const wider = new Int32Array(size)
      wider.set(column[name])
      column[name] = wider
    }
    for (const name of ['placement', 'uasc'] as const) {
      const wider = new Uint8Array(size)
      wider.set(column[name])
      column[name] = wider
    }
  }

  return { column, draw }
}
