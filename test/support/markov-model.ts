import { stateIndex, zeroByState } from '../../src/forecast/markov/states.ts'
import type { MarkovModel, TransitionRate } from '../../src/forecast/markov/statistics.ts'
import { FORECAST_AGES, FORECAST_PLACEMENTS } from '../../src/forecast/placement-groups.ts'
import type { Day } from '../../src/vocabulary/day.ts'

/** A model with those rates and entrants, as if they had been measured. */
export const modelWith = (rates: readonly TransitionRate[], entrants = zeroByState()): MarkovModel => ({
  window: { from: '2024-04-01' as Day, to: '2025-03-31' as Day },
  dataFrom: '2024-04-01' as Day,
  dataTo: '2025-03-31' as Day,
  stockOn: () => zeroByState(),
  rates,
  entrants,
  proportions: new Map(),
  movesLeftOut: 0,
})

/** Every move that children can make: within a band, out of care, and with a birthday into the next band. */
export const POSSIBLE_MOVES: readonly (readonly [from: number, to: number])[] = FORECAST_AGES.flatMap(
  (age, band) =>
    FORECAST_PLACEMENTS.flatMap((placement) => {
      const from = stateIndex(age, placement)
      const older = FORECAST_AGES[band + 1]
      return [
        ...[...FORECAST_PLACEMENTS, 'not-in-care' as const].map(
          (next) => [from, stateIndex(age, next)] as const,
        ),
        ...(older ? [[from, stateIndex(older, placement)] as const] : []),
      ]
    }),
)
