import { roundTo } from '../statistics/interval.ts'
import type { Observation } from './observation.ts'

/**
 * An observation rounded to so many decimals: value, share and interval. Counts stay as they are; what rounds to zero
 * but is not carries the symbol `k`.
 */
export function rounded(observation: Observation, decimals: number | null): Observation {
  if (decimals === null) return observation
  const { value, share, interval } = observation
  const round = (number: number): number => roundTo(number, decimals)
  return {
    ...observation,
    ...(value !== null && {
      value: round(value),
      status: value !== 0 && round(value) === 0 ? 'k' : observation.status,
    }),
    ...(typeof share === 'number' && { share: round(share) }),
    ...(interval !== null && {
      interval: { ...interval, lower: round(interval.lower), upper: round(interval.upper) },
    }),
  }
}
