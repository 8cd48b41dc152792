import { addDays, type Day, daysBetween, earlierOf, laterOf } from '../../vocabulary/day.ts'
import { COST_ITEM_RULES, COST_ITEMS, type CostItem, type ForecastPlacement } from '../placement-groups.ts'
import type { PreparedEpisode, PreparedEpisodes } from './prepare.ts'
import { type ByState, MARKOV_STATES, stateIndex, zeroByState } from './states.ts'
import { Unmeasurable } from './unmeasurable.ts'

/** Days over which rates, entries and shares are measured, both included. */
export interface ReferenceWindow {
  readonly from: Day
  readonly to: Day
}

export interface TransitionRate {
  /** Indexes of states. Where both are one, children moved on within it. */
  readonly from: number
  readonly to: number
  /** Of the children in `from` on one day, the share that goes to `to` on the next. */
  readonly daily: number
}

/** Of the days spent in a group of placements the share in each kind with a price; null where no day was. */
export type Proportions = ReadonlyMap<CostItem, number | null>

export interface MarkovModel {
  readonly window: ReferenceWindow
  readonly dataFrom: Day
  readonly dataTo: Day
  /** Children in each state on a day: who comes that day counts, who leaves does not. Beyond the data, as on its nearest day. */
  readonly stockOn: (day: Day) => ByState
  readonly rates: readonly TransitionRate[]
  /** Children who come into care in a state on a day, on average. */
  readonly entrants: ByState
  readonly proportions: Proportions
  /** Moves out of a state in which nobody had been the day before, which were left out; 0 unless asked to leave them out. */
  readonly movesLeftOut: number
}

export interface MeasureOptions {
  /**
   * A child who moves on on the very day of coming into a state in which nobody had been the day before gives no rate.
   * The existing models then give up (`refuse`); `leave-out` measures on without that move.
   */
  readonly movesOutOfEmptyStates?: 'refuse' | 'leave-out'
}

/** Measures how children came, moved and left over the reference window. */
export function measure(
  prepared: PreparedEpisodes,
  window: ReferenceWindow,
  { movesOutOfEmptyStates = 'refuse' }: MeasureOptions = {},
): MarkovModel {
  if (window.from > window.to)
    throw new Unmeasurable('window-reversed', `The reference window begins on ${window.from}, after its end.`)
  const { episodes, dataFrom, dataTo } = prepared
  if (episodes.length === 0)
    throw new Unmeasurable('nothing-returned', 'No episode of a child of an age that can be in care.')
  if (dataTo < dataFrom)
    throw new Unmeasurable(
      'nothing-since',
      `No episode starts or ends from ${dataFrom} on, the first day of the years returned.`,
    )
  const stock = dailyStock(prepared)
  const { rates, movesLeftOut } = transitionRates(prepared, stock, window, movesOutOfEmptyStates)
  return {
    window,
    dataFrom,
    dataTo,
    stockOn: (day) => stock.on(day),
    rates,
    entrants: dailyEntrants(episodes, window),
    proportions: placementProportions(prepared, window),
    movesLeftOut,
  }
}

const stateAtStart = ({ age, placement }: PreparedEpisode): number => stateIndex(age, placement)
const stateAfter = ({ ageAtEnd, after }: PreparedEpisode): number => stateIndex(ageAtEnd, after!)

interface DailyStock {
  /** The first day for which there is a stock: the first of the data, or of its first episode. */
  readonly from: Day
  readonly on: (day: Day) => ByState
}

function dailyStock({ episodes, dataFrom, dataTo }: PreparedEpisodes): DailyStock {
  const from = laterOf(dataFrom, episodes.map(({ startedOn }) => startedOn).reduce(earlierOf))
  const days = daysBetween(from, dataTo) + 1
  const counts = MARKOV_STATES.map(() => new Int32Array(days))
  for (const episode of episodes) {
    const ofState = counts[stateAtStart(episode)]!
    // What came before the first day is already there on it.
    const start = Math.max(0, daysBetween(from, episode.startedOn))
    ofState[start]! += 1
    if (episode.ceasedOn !== null) ofState[Math.max(0, daysBetween(from, episode.ceasedOn))]! -= 1
  }
  for (const ofState of counts) for (let day = 1; day < days; day += 1) ofState[day]! += ofState[day - 1]!

  const within = (day: Day): number => Math.min(days - 1, Math.max(0, daysBetween(from, day)))
  return {
    from,
    on: (day) => Float64Array.from(counts, (ofState) => ofState[within(day)]!),
  }
}

/**
 * The mean over days of moves by children there the day before. A day with nobody there says nothing and is left out;
 * so is the first day of all, which has no day before, and any before the first end of an episode in the data.
 */
function transitionRates(
  { episodes, dataTo }: PreparedEpisodes,
  stock: DailyStock,
  window: ReferenceWindow,
  movesOutOfEmptyStates: 'refuse' | 'leave-out',
): { rates: TransitionRate[]; movesLeftOut: number } {
  const ends = episodes.filter(({ ceasedOn }) => ceasedOn !== null)
  const firstEnd = ends.length === 0 ? window.to : ends.map(({ ceasedOn }) => ceasedOn!).reduce(earlierOf)
  const from = [window.from, addDays(stock.from, 1), firstEnd].reduce(laterOf)
  const to = earlierOf(window.to, dataTo)
  const dayBefore = Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) =>
    stock.on(addDays(from, index - 1)),
  )
  const measuredDays = MARKOV_STATES.map(
    (_, state) => dayBefore.filter((children) => children[state] !== 0).length,
  )

  const sums = possibleMoves(episodes)
  let movesLeftOut = 0
  for (const [key, moves] of movesByDay(ends, from, to)) {
    const [pair, day] = [key % PAIRS, Math.floor(key / PAIRS)]
    const state = Math.floor(pair / MARKOV_STATES.length)
    const there = dayBefore[day]![state]!
    if (there !== 0) sums.set(pair, sums.get(pair)! + moves / there)
    else if (movesOutOfEmptyStates === 'leave-out') movesLeftOut += moves
    else {
      const { age, placement } = MARKOV_STATES[state]!
      throw new Unmeasurable(
        'left-an-empty-state',
        `On ${addDays(from, day)} a child left the state ${age}, ${placement}, in which nobody had been the day before: no rate can be measured.`,
      )
    }
  }
  return {
    rates: [...sums].map(([pair, sum]) => {
      const [state, next] = [Math.floor(pair / MARKOV_STATES.length), pair % MARKOV_STATES.length]
      return { from: state, to: next, daily: sum === 0 ? 0 : sum / measuredDays[state]! }
    }),
    movesLeftOut,
  }
}

/** A move as one number: the state it leads out of, times the number of states, plus the one that it leads into. */
const PAIRS = MARKOV_STATES.length * MARKOV_STATES.length
const pairOf = (from: number, to: number): number => from * MARKOV_STATES.length + to

/** Within each band from every group of placements seen to every other, itself and out of care; and what else was seen. */
function possibleMoves(episodes: readonly PreparedEpisode[]): Map<number, number> {
  const placements = new Map<PreparedEpisode['age'], Set<ForecastPlacement>>()
  for (const { age, placement } of episodes) {
    const seen = placements.get(age) ?? new Set()
    placements.set(age, seen.add(placement))
  }
  const moves = new Map<number, number>()
  for (const [age, seen] of placements)
    for (const placement of seen)
      for (const next of [...seen, 'not-in-care'] as const)
        moves.set(pairOf(stateIndex(age, placement), stateIndex(age, next)), 0)
  for (const episode of episodes)
    if (episode.ceasedOn !== null) moves.set(pairOf(stateAtStart(episode), stateAfter(episode)), 0)
  return new Map([...moves].sort(([a], [b]) => a - b))
}

/** Number of moves by pair and day after `from`, both in one key. */
function movesByDay(ends: readonly PreparedEpisode[], from: Day, to: Day): Map<number, number> {
  const moves = new Map<number, number>()
  for (const episode of ends) {
    const day = episode.ceasedOn!
    if (day < from || day > to) continue
    const key = daysBetween(from, day) * PAIRS + pairOf(stateAtStart(episode), stateAfter(episode))
    moves.set(key, (moves.get(key) ?? 0) + 1)
  }
  return moves
}

function dailyEntrants(episodes: readonly PreparedEpisode[], { from, to }: ReferenceWindow): ByState {
  const entrants = zeroByState()
  for (const episode of episodes)
    if (episode.before === 'not-in-care' && episode.startedOn >= from && episode.startedOn <= to)
      entrants[stateAtStart(episode)]! += 1
  const days = daysBetween(from, to) + 1
  return entrants.map((children) => children / days)
}

/** The group that each kind with a price belongs to. A foster place of no known provider is `other` here as well. */
export const PLACEMENT_OF_COST_ITEM: ReadonlyMap<CostItem, ForecastPlacement> = new Map(
  COST_ITEMS.map((item) => [item, COST_ITEM_RULES.find((rule) => rule.item === item)?.placement ?? 'other']),
)

function placementProportions({ episodes, dataTo }: PreparedEpisodes, window: ReferenceWindow): Proportions {
  const until = addDays(earlierOf(window.to, dataTo), 1)
  const days = new Map<CostItem, number>(COST_ITEMS.map((item) => [item, 0]))
  for (const { costItem, startedOn, ceasedOn } of episodes) {
    const from = laterOf(startedOn, window.from)
    const to = ceasedOn === null ? until : earlierOf(ceasedOn, until)
    if (from < to) days.set(costItem, days.get(costItem)! + daysBetween(from, to))
  }
  return new Map(
    COST_ITEMS.map((item) => {
      const placement = PLACEMENT_OF_COST_ITEM.get(item)
      const ofGroup = COST_ITEMS.filter((other) => PLACEMENT_OF_COST_ITEM.get(other) === placement)
      const total = ofGroup.reduce((sum, other) => sum + days.get(other)!, 0)
      return [item, total === 0 ? null : days.get(item)! / total]
    }),
  )
}
