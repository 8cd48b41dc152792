import {
  FORECAST_AGES,
  FORECAST_PLACEMENTS,
  type ForecastAge,
  type ForecastPlacement,
} from '../placement-groups.ts'
import {
  AGES,
  EXIT_KINDS,
  type ExitKind,
  MOVE,
  OUTCOMES,
  PLACEMENTS,
  REPORT_AGE_OF,
  REPORT_AGES,
} from './bands.ts'

/**
 * What a scenario changes about the rates, each from a day of the forecast on (0 is its start). What is left out of a
 * change means all of it; changes that meet are multiplied.
 */
export interface SurvivalChanges {
  readonly entries?: readonly EntryChange[]
  readonly exits?: readonly ExitChange[]
  readonly moves?: readonly MoveChange[]
}

interface Change {
  readonly multiplyBy: number
  readonly fromDay: number
}
export interface EntryChange extends Change {
  readonly age?: ForecastAge
  /** Where the child is first placed. */
  readonly placement?: ForecastPlacement
}
export interface ExitChange extends Change {
  readonly kind?: ExitKind
  readonly age?: ForecastAge
  readonly placement?: ForecastPlacement
}
export interface MoveChange extends Change {
  readonly from?: ForecastPlacement
  readonly to?: ForecastPlacement
  readonly age?: ForecastAge
}

/** The multipliers that hold from one day to the next change. */
export interface Epoch {
  readonly fromDay: number
  /** By way in: placement, reported age. */
  readonly entries: Float64Array
  /** By kind, placement, band of age. */
  readonly exits: Float64Array
  /** By placement left, band of age, placement reached. */
  readonly moves: Float64Array
}

/** Stretches of the forecast with the same rates; one without any change. */
export function epochsOf(changes: SurvivalChanges, horizon: number): Epoch[] {
  const { entries = [], exits = [], moves = [] } = changes
  for (const { multiplyBy } of [...entries, ...exits, ...moves])
    if (!(multiplyBy >= 0 && multiplyBy < Number.POSITIVE_INFINITY))
      throw new RangeError(`A rate can't be multiplied by ${multiplyBy}.`)
  const starts = [...entries, ...exits, ...moves].map(({ fromDay }) => Math.max(0, fromDay))
  const days = [...new Set([0, ...starts])].filter((day) => day < horizon || day === 0)
  return days
    .toSorted((a, b) => a - b)
    .map((fromDay) => {
      const holds = (change: Change): boolean => change.fromDay <= fromDay
      return {
        fromDay,
        entries: entryMultipliers(entries.filter(holds)),
        exits: exitMultipliers(exits.filter(holds)),
        moves: moveMultipliers(moves.filter(holds)),
      }
    })
}

const isAll = (index: number, name: string | undefined, names: readonly string[]): boolean =>
  name === undefined || names[index] === name

function entryMultipliers(changes: readonly EntryChange[]): Float64Array {
  const multipliers = new Float64Array(PLACEMENTS * REPORT_AGES).fill(1)
  for (const { age, placement, multiplyBy } of changes)
    for (let p = 0; p < PLACEMENTS; p++)
      for (let a = 0; a < REPORT_AGES; a++)
        if (isAll(p, placement, FORECAST_PLACEMENTS) && isAll(a, age, FORECAST_AGES))
          multipliers[p * REPORT_AGES + a]! *= multiplyBy
  return multipliers
}

function exitMultipliers(changes: readonly ExitChange[]): Float64Array {
  const multipliers = new Float64Array(MOVE * PLACEMENTS * AGES).fill(1)
  for (const { kind, age, placement, multiplyBy } of changes)
    for (let k = 0; k < OUTCOMES - 1; k++)
      for (let p = 0; p < PLACEMENTS; p++)
        for (let a = 0; a < AGES; a++)
          if (
            isAll(k, kind, EXIT_KINDS) &&
            isAll(p, placement, FORECAST_PLACEMENTS) &&
            isAll(REPORT_AGE_OF[a]!, age, FORECAST_AGES)
          )
            multipliers[(k * PLACEMENTS + p) * AGES + a]! *= multiplyBy
  return multipliers
}

function moveMultipliers(changes: readonly MoveChange[]): Float64Array {
  const multipliers = new Float64Array(PLACEMENTS * AGES * PLACEMENTS).fill(1)
  for (const { from, to, age, multiplyBy } of changes)
    for (let p = 0; p < PLACEMENTS; p++)
      for (let a = 0; a < AGES; a++)
        for (let q = 0; q < PLACEMENTS; q++)
          if (
            isAll(p, from, FORECAST_PLACEMENTS) &&
            isAll(q, to, FORECAST_PLACEMENTS) &&
            isAll(REPORT_AGE_OF[a]!, age, FORECAST_AGES)
          )
            multipliers[(p * AGES + a) * PLACEMENTS + q]! *= multiplyBy
  return multipliers
}
