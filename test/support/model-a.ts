import { cleanEpisodes, type JoinedEpisode, joinChildren } from '../../src/forecast/markov/clean-episodes.ts'
import type { ReturnedRows } from '../../src/forecast/markov/returned-rows.ts'
import { addDays, type Day, daysBetween, earlierOf, laterOf } from '../../src/vocabulary/day.ts'

/**
 * The older of the existing demand models, as far as its numbers need it. It shares the cleaning of returns with the
 * newer one, which the service runs; ageing is a chance of each day here, and a step of many days compounds rates.
 */
export type State = string
export type Rates = ReadonlyMap<State, ReadonlyMap<State, number>>

/** Where those are who leave the last band, or have not come yet. */
export const OUTSIDE: State = ''

const BANDS = [
  { name: 'BIRTH_TO_ONE', until: 1, days: 365 },
  { name: 'ONE_TO_FIVE', until: 5, days: 365 * 4 },
  { name: 'FIVE_TO_TEN', until: 10, days: 365 * 5 },
  { name: 'TEN_TO_SIXTEEN', until: 16, days: 365 * 6 },
  { name: 'SIXTEEN_TO_EIGHTEEN', until: 30, days: 365 * 14 },
]
const PLACEMENTS = ['FOSTERING', 'RESIDENTIAL', 'SUPPORTED', 'OTHER', 'NOT_IN_CARE']

const placementOf = (code: string): string =>
  /^U[1-6]$/.test(code)
    ? 'FOSTERING'
    : ['K2', 'R1'].includes(code)
      ? 'RESIDENTIAL'
      : ['H5', 'P2'].includes(code)
        ? 'SUPPORTED'
        : 'OTHER'

export interface EpisodeOfModelA {
  readonly decom: Day
  readonly dec: Day | null
  readonly state: State
  /** Where the child goes next, in the band of the start. */
  readonly next: State
  readonly isEntry: boolean
}

/** Each year's episodes have the dates of birth of that year's header. */
export function episodesOfModelA(years: readonly ReturnedRows[]): EpisodeOfModelA[] {
  const cleaned = cleanEpisodes(years.flatMap(joinChildren))
  const touches = (a: JoinedEpisode | undefined, b: JoinedEpisode | undefined): boolean =>
    a !== undefined && b !== undefined && a.child === b.child && a.dec === b.decom
  return cleaned.map((episode, index) => {
    const age = daysBetween(episode.born, episode.decom) / 365.24
    const band = BANDS.find(({ until }) => age < until)!.name
    const [previous, following] = [cleaned[index - 1], cleaned[index + 1]]
    const next = touches(episode, following) ? placementOf(following!.place) : 'NOT_IN_CARE'
    return {
      decom: episode.decom,
      dec: episode.dec,
      state: `${band}|${placementOf(episode.place)}`,
      next: `${band}|${next}`,
      isEntry: !touches(previous, episode),
    }
  })
}

/** Children in each state on a day. */
export function stockOfModelA(episodes: readonly EpisodeOfModelA[], day: Day): Map<State, number> {
  const stock = new Map<State, number>()
  for (const { state, decom, dec } of episodes) {
    const children = Number(decom <= day) - Number(dec !== null && dec <= day)
    stock.set(state, (stock.get(state) ?? 0) + children)
  }
  return stock
}

/** The mean over every day of the window, those without children among them; the first day has itself as the day before. */
export function ratesOfModelA(episodes: readonly EpisodeOfModelA[], from: Day, to: Day): Rates {
  const ends = episodes.filter(({ dec }) => dec !== null)
  const last = episodes.map(({ decom, dec }) => laterOf(decom, dec ?? decom)).reduce(laterOf)
  const days = daysBetween(from, earlierOf(to, last)) + 1
  const rates = new Map<State, Map<State, number>>()
  for (const { state, next, dec } of ends) {
    const out = rates.get(state) ?? new Map<State, number>()
    rates.set(state, out)
    const there = stockOfModelA(episodes, laterOf(from, addDays(dec!, -1))).get(state)!
    out.set(next, (out.get(next) ?? 0) + (dec! >= from && dec! <= to ? 1 / there / days : 0))
  }
  return rates
}

export function entrantsOfModelA(
  episodes: readonly EpisodeOfModelA[],
  from: Day,
  to: Day,
): Map<State, number> {
  const entrants = new Map<State, number>()
  for (const { state } of episodes.filter(({ isEntry, decom }) => isEntry && decom >= from && decom <= to))
    entrants.set(state, (entrants.get(state) ?? 0) + 1 / daysBetween(from, to))
  return entrants
}

/** On any day one child in as many as the band has days comes into the next. */
export function ageing(): Rates {
  return new Map(
    BANDS.flatMap(({ name, days }, band) =>
      PLACEMENTS.map((placement) => {
        const next = BANDS[band + 1]
        return [`${name}|${placement}`, new Map([[next ? `${next.name}|${placement}` : OUTSIDE, 1 / days]])]
      }),
    ),
  )
}

export function combined(...several: readonly Rates[]): Rates {
  const sum = new Map<State, Map<State, number>>()
  for (const [from, out] of several.flatMap((rates) => [...rates]))
    for (const [to, rate] of out) {
      const sums = sum.get(from) ?? new Map<State, number>()
      sum.set(from, sums.set(to, (sums.get(to) ?? 0) + rate))
    }
  return sum
}

/** One step of some days: rates compound, numbers add up. Numbers from outside are entrants. */
export function step(
  stock: ReadonlyMap<State, number>,
  rates: Rates,
  numbers: Rates,
  days = 1,
): Map<State, number> {
  const there = (state: State): number => (state === OUTSIDE ? 1 : (stock.get(state) ?? 0))
  const out = combined(
    mapped(rates, (rate) => 1 - (1 - rate) ** days),
    mapped(numbers, (number, from) => (there(from) === 0 ? 0 : (number * days) / there(from))),
  )
  const next = new Map(stock)
  const add = (state: State, children: number): unknown => next.set(state, (next.get(state) ?? 0) + children)
  for (const [from, shares] of out) {
    const share = [...shares.values()].reduce((sum, value) => sum + value, 0)
    if (share === 0) continue
    // No more than all of a state can leave it; what comes from outside has no such end.
    const going = there(from) * (from === OUTSIDE ? share : Math.min(1, share))
    add(from, -going)
    for (const [to, part] of shares) add(to, (part / share) * going)
  }
  next.delete(OUTSIDE)
  return next
}

/** The stock after each of some steps. */
export function forecastOfModelA(
  stock: ReadonlyMap<State, number>,
  rates: Rates,
  numbers: Rates,
  steps: number,
  days = 1,
): ReadonlyMap<State, number>[] {
  const after: ReadonlyMap<State, number>[] = []
  for (let index = 0; index < steps; index += 1) after.push(step(after.at(-1) ?? stock, rates, numbers, days))
  return after
}

const mapped = (rates: Rates, change: (value: number, from: State) => number): Rates =>
  new Map(
    [...rates].map(([from, out]) => [
      from,
      new Map([...out].map(([to, value]) => [to, change(value, from)] as const)),
    ]),
  )
