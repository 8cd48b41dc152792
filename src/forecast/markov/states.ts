import {
  FORECAST_AGES,
  FORECAST_PLACEMENTS,
  type ForecastAge,
  type ForecastPlacement,
} from '../placement-groups.ts'

/** Where a child can be: in a group of placements, or no longer in care. */
export type Whereabouts = ForecastPlacement | 'not-in-care'

/** What the model counts children by. Those who leave care stay in the band in which they left: nothing leads out. */
export interface MarkovState {
  readonly age: ForecastAge
  readonly placement: Whereabouts
}

const WHEREABOUTS: readonly Whereabouts[] = [...FORECAST_PLACEMENTS, 'not-in-care']

/** Every state there is, by band and then by placement. A state's number is its index here. */
export const MARKOV_STATES: readonly MarkovState[] = FORECAST_AGES.flatMap((age) =>
  WHEREABOUTS.map((placement) => ({ age, placement })),
)

export const stateIndex = (age: ForecastAge, placement: Whereabouts): number =>
  FORECAST_AGES.indexOf(age) * WHEREABOUTS.length + WHEREABOUTS.indexOf(placement)

export const indexOfState = ({ age, placement }: MarkovState): number => stateIndex(age, placement)

export const isInCare = (state: number): boolean => MARKOV_STATES[state]!.placement !== 'not-in-care'

/** A number for each state, by its index. */
export type ByState = Float64Array

export const zeroByState = (): ByState => new Float64Array(MARKOV_STATES.length)
