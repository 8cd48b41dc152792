import { type Day, dayOf } from '../vocabulary/day.ts'
import type { CareEpisode, CareHistory } from './care-history.ts'
import { COST_ITEMS, FORECAST_PLACEMENTS } from './placement-groups.ts'

/**
 * A history in columns of numbers, as it goes to another thread: thousands of objects with their texts take ten times as
 * long to be copied. Days are written 20240331, and 0 where there is none.
 */
export interface PackedHistory {
  readonly knownFrom: Day
  readonly knownTo: Day
  readonly child: Int32Array
  readonly born: Int32Array
  readonly startedOn: Int32Array
  readonly ceasedOn: Int32Array
  readonly periodStartedOn: Int32Array
  readonly placementStartedOn: Int32Array
  /** Indexes in `FORECAST_PLACEMENTS`, `COST_ITEMS` and `reasons`. */
  readonly placement: Uint8Array
  readonly costItem: Uint8Array
  readonly reasonCeased: Uint16Array
  readonly uasc: Uint8Array
  readonly endsPeriod: Uint8Array
  readonly reasons: readonly (string | null)[]
}

const DIGITS = [0, 1, 2, 3, 5, 6, 8, 9]
const ZERO = '0'.charCodeAt(0)
function packDay(day: Day | null): number {
  if (day === null) return 0
  let number = 0
  for (const at of DIGITS) number = number * 10 + day.charCodeAt(at) - ZERO
  return number
}

const PLACEMENT_AT = new Map(FORECAST_PLACEMENTS.map((placement, at) => [placement, at]))
const COST_ITEM_AT = new Map(COST_ITEMS.map((item, at) => [item, at]))

export function packHistory({ episodes, knownFrom, knownTo }: CareHistory): PackedHistory {
  const reasons = [...new Set(episodes.map(({ reasonCeased }) => reasonCeased))]
  const reasonAt = new Map(reasons.map((reason, at) => [reason, at]))
  const numbers = (): Int32Array => new Int32Array(episodes.length)
  const codes = (): Uint8Array => new Uint8Array(episodes.length)
  const packed = {
    knownFrom,
    knownTo,
    child: numbers(),
    born: numbers(),
    startedOn: numbers(),
    ceasedOn: numbers(),
    periodStartedOn: numbers(),
    placementStartedOn: numbers(),
    placement: codes(),
    costItem: codes(),
    reasonCeased: new Uint16Array(episodes.length),
    uasc: codes(),
    endsPeriod: codes(),
    reasons,
  }
  for (let at = 0; at < episodes.length; at++) {
    const episode = episodes[at]!
    packed.child[at] = episode.child
    packed.born[at] = packDay(episode.born)
    packed.startedOn[at] = packDay(episode.startedOn)
    packed.ceasedOn[at] = packDay(episode.ceasedOn)
    packed.periodStartedOn[at] = packDay(episode.periodStartedOn)
    packed.placementStartedOn[at] = packDay(episode.placementStartedOn)
    packed.placement[at] = PLACEMENT_AT.get(episode.placement)!
    packed.costItem[at] = COST_ITEM_AT.get(episode.costItem)!
    packed.reasonCeased[at] = reasonAt.get(episode.reasonCeased)!
    packed.uasc[at] = Number(episode.uasc)
    packed.endsPeriod[at] = Number(episode.endsPeriod)
  }
  return packed
}

export function unpackHistory(packed: PackedHistory): CareHistory {
  const texts = new Map<number, Day>()
  const dayAt = (column: Int32Array, at: number): Day => {
    const number = column[at]!
    let day = texts.get(number)
    if (day === undefined) {
      day = dayOf(Math.floor(number / 10_000), Math.floor(number / 100) % 100, number % 100)
      texts.set(number, day)
    }
    return day
  }
  const episodes: CareEpisode[] = []
  for (let at = 0; at < packed.child.length; at++)
    episodes.push({
      child: packed.child[at]!,
      born: dayAt(packed.born, at),
      uasc: packed.uasc[at] === 1,
      startedOn: dayAt(packed.startedOn, at),
      ceasedOn: packed.ceasedOn[at] === 0 ? null : dayAt(packed.ceasedOn, at),
      periodStartedOn: dayAt(packed.periodStartedOn, at),
      placementStartedOn: dayAt(packed.placementStartedOn, at),
      placement: FORECAST_PLACEMENTS[packed.placement[at]!]!,
      costItem: COST_ITEMS[packed.costItem[at]!]!,
      endsPeriod: packed.endsPeriod[at] === 1,
      reasonCeased: packed.reasons[packed.reasonCeased[at]!]!,
    })
  return { episodes, knownFrom: packed.knownFrom, knownTo: packed.knownTo }
}
