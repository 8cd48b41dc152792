import type { Day } from '../../vocabulary/day.ts'
import type { CareEpisode, CareHistory } from '../care-history.ts'
import {
  AGE_BOUNDARIES,
  FORECAST_AGES,
  FORECAST_PLACEMENTS,
  type ForecastAge,
  type ForecastPlacement,
} from '../placement-groups.ts'

/** Children in care on the days that were asked for, by group of placement and age band on the day. */
export interface Stock {
  /** Children on the day at this index of the days asked for. */
  readonly children: (placement: ForecastPlacement | 'all', age: ForecastAge | 'all', at: number) => number
  /** The same of all the days, in their order. */
  readonly series: (placement: ForecastPlacement | 'all', age: ForecastAge | 'all') => Int32Array
}

/** The last row and column of the table of a day hold the sums. */
const PLACEMENTS = FORECAST_PLACEMENTS.length + 1
const AGES = FORECAST_AGES.length + 1
const CELLS = PLACEMENTS * AGES

const rowOf = (placement: ForecastPlacement | 'all'): number =>
  placement === 'all' ? PLACEMENTS - 1 : FORECAST_PLACEMENTS.indexOf(placement)
const columnOf = (age: ForecastAge | 'all'): number => (age === 'all' ? AGES - 1 : FORECAST_AGES.indexOf(age))

/** Of each cell, itself and the three sums that it is part of. */
const CELLS_OF: readonly (readonly number[])[] = Array.from({ length: CELLS }, (_, cell) => {
  const [row, column] = [Math.floor(cell / AGES), cell % AGES]
  return [cell, row * AGES + AGES - 1, (PLACEMENTS - 1) * AGES + column, CELLS - 1]
})

/**
 * Counts the children in care on each of these days, which ascend. An episode counts from the day on which it started,
 * and not on the day on which it ceased. Episodes are walked once, however many days are asked for: each notes where it
 * comes into a cell and where it leaves it, and the notes are summed up along the days.
 */
export function stockOn(history: CareHistory, days: readonly Day[]): Stock {
  const comings = new Int32Array(CELLS * (days.length + 1))
  for (const episode of history.episodes) {
    if (!touches(episode, days)) continue
    const row = rowOf(episode.placement)
    for (const { age, from, until } of stretchesByAge(episode)) {
      const first = indexOnOrAfter(days, from)
      const end = until === null ? days.length : indexOnOrAfter(days, until)
      if (first >= end) continue
      for (const cell of CELLS_OF[row * AGES + columnOf(age)]!) {
        comings[first * CELLS + cell]! += 1
        comings[end * CELLS + cell]! -= 1
      }
    }
  }
  for (let place = CELLS; place < comings.length; place++) comings[place]! += comings[place - CELLS]!
  const cellAt = (placement: ForecastPlacement | 'all', age: ForecastAge | 'all', at: number) =>
    comings[at * CELLS + rowOf(placement) * AGES + columnOf(age)]!
  return {
    children: (placement, age, at) => {
      if (!Number.isInteger(at) || at < 0 || at >= days.length) throw new RangeError(`no day at ${at}`)
      return cellAt(placement, age, at)
    },
    series: (placement, age) => Int32Array.from(days, (_, at) => cellAt(placement, age, at)),
  }
}

/** Whether any of the days lies in the episode: of most episodes none does where few are asked for. */
function touches({ startedOn, ceasedOn }: CareEpisode, days: readonly Day[]): boolean {
  const first = days[indexOnOrAfter(days, startedOn)]
  return first !== undefined && (ceasedOn === null || first < ceasedOn)
}

interface StretchAtAge {
  readonly age: ForecastAge
  readonly from: string
  readonly until: string | null
}

/** An episode parted at the birthdays on which the child comes into the next band. */
function* stretchesByAge({ born, startedOn, ceasedOn }: CareEpisode): Generator<StretchAtAge> {
  let from: string = startedOn
  for (const [band, boundary] of AGE_BOUNDARIES.entries()) {
    const birthday = birthdayOf(born, boundary)
    if (birthday <= from) continue
    if (ceasedOn !== null && ceasedOn <= birthday) {
      yield { age: FORECAST_AGES[band]!, from, until: ceasedOn }
      return
    }
    yield { age: FORECAST_AGES[band]!, from, until: birthday }
    from = birthday
  }
  yield { age: FORECAST_AGES.at(-1)!, from, until: ceasedOn }
}

/**
 * Where the birthday sorts among days. Born on 29 February, it is 1 March in a common year: the text of a 29 February
 * that the year does not have sorts before that day and after the 28th.
 */
const birthdayOf = (born: Day, age: number): string => `${Number(born.slice(0, 4)) + age}${born.slice(4)}`

/** The first place in ascending days that is not before this one; the number of them where all are before. */
function indexOnOrAfter(days: readonly Day[], day: string): number {
  let [low, high] = [0, days.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (days[middle]! < day) low = middle + 1
    else high = middle
  }
  return low
}
