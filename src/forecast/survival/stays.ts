import type { Day } from '../../vocabulary/day.ts'
import type { CareEpisode, CareHistory } from '../care-history.ts'
import { FORECAST_PLACEMENTS } from '../placement-groups.ts'
import { AGE_STARTS, exitKindOf, MOVE } from './bands.ts'
import { birthday, type DayNumber, dayNumber, NEVER } from './calendar.ts'

/** How a stay ends where it is neither an exit of a kind nor a move. */
export const STILL_THERE = -1
export const TURNED_18 = -2

/** A child's time in one placement, from the day it started until the day it ended. */
export interface Stay {
  readonly child: number
  readonly uasc: 0 | 1
  readonly placement: number
  readonly enteredOn: DayNumber
  /** Start of the placement: before `from` where the returns do not reach back to it. */
  readonly movedOn: DayNumber
  readonly from: DayNumber
  /** `NEVER` while it lasts. */
  readonly until: DayNumber
  /** An exit's kind, `MOVE`, `TURNED_18` or `STILL_THERE`. */
  readonly outcome: number
  /** Where a move leads. */
  readonly movedTo: number
  /** Whether care starts with it. */
  readonly enters: boolean
  /** Days on which the child reaches each age of `AGE_STARTS`, and 18. */
  readonly birthdays: readonly DayNumber[]
  /** Whether the child stayed with its carers on leaving care at 18 (REC E17). */
  readonly stayedPut: boolean
}

/** On this birthday care ends, whatever the records say. */
export const EIGHTEEN = AGE_STARTS.length

/**
 * The stays of a history as they were known on its last day: what starts later is not there, what ends later has not
 * ended. Episodes of one placement that differ in legal status only are one stay.
 */
export function staysOf(history: CareHistory, lastDay: Day): Stay[] {
  const last = dayNumber(lastDay)
  const stays: Stay[] = []
  let known: readonly CareEpisode[] = []
  const { episodes } = history
  for (let at = 0; at < episodes.length; ) {
    const { child } = episodes[at]!
    let end = at
    while (end < episodes.length && episodes[end]!.child === child) end++
    known = episodes.slice(at, end).filter(({ startedOn }) => startedOn <= lastDay)
    if (known.length > 0) staysOfChild(known, last, stays)
    at = end
  }
  return stays
}

function staysOfChild(episodes: readonly CareEpisode[], last: DayNumber, stays: Stay[]): void {
  const { child, born, uasc } = episodes[0]!
  const birthdays = [...AGE_STARTS, 18].map((age) => birthday(born, age))
  const eighteen = birthdays[EIGHTEEN]!
  const endOf = ({ ceasedOn }: CareEpisode): DayNumber => {
    const day = ceasedOn === null ? NEVER : dayNumber(ceasedOn)
    return day > last ? NEVER : day
  }
  let movedHere = true
  for (let at = 0; at < episodes.length; ) {
    const first = episodes[at]!
    let final = first
    for (at++; at < episodes.length && isSamePlacement(episodes[at]!, first); at++) final = episodes[at]!
    const next = episodes[at]
    const from = dayNumber(first.startedOn)
    if (from >= eighteen) return
    const ended = endOf(final)
    const until = Math.min(ended, eighteen <= last ? eighteen : NEVER)
    const moves = next !== undefined && !final.endsPeriod && dayNumber(next.startedOn) <= ended
    const placement = FORECAST_PLACEMENTS.indexOf(first.placement)
    const enteredOn = dayNumber(first.periodStartedOn)
    stays.push({
      child,
      uasc: uasc ? 1 : 0,
      placement,
      enteredOn,
      movedOn: dayNumber(first.placementStartedOn),
      from,
      until,
      outcome: outcomeOf(until, eighteen, moves, final.reasonCeased),
      movedTo: moves ? FORECAST_PLACEMENTS.indexOf(next.placement) : placement,
      enters: from === enteredOn || !movedHere,
      birthdays,
      stayedPut: final.reasonCeased === 'E17',
    })
    movedHere = moves
  }
}

/** Whoever leaves on the eve of the 18th birthday has, for all that a forecast knows, left because of it. */
function outcomeOf(until: DayNumber, eighteen: DayNumber, moves: boolean, reason: string | null): number {
  if (until === NEVER) return STILL_THERE
  if (until >= eighteen || (until === eighteen - 1 && !moves)) return TURNED_18
  return moves ? MOVE : exitKindOf(reason)
}

const isSamePlacement = (one: CareEpisode, other: CareEpisode): boolean =>
  one.placementStartedOn === other.placementStartedOn &&
  one.periodStartedOn === other.periodStartedOn &&
  one.placement === other.placement
