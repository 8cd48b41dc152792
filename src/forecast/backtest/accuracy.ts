import type { Day } from '../../vocabulary/day.ts'
import type { Expected } from '../method.ts'
import type { ForecastAge, ForecastPlacement } from '../placement-groups.ts'

/** One number that is forecast: of all children, of those in a group of placements, or of those in an age band. */
export interface Series {
  readonly placement: ForecastPlacement | 'all'
  readonly age: ForecastAge | 'all'
}

/** What a method would have forecast on a past day, and what happened. */
export interface PastForecast extends Series, Expected {
  readonly method: string
  /** The last day that the method was told of. */
  readonly origin: Day
  readonly horizonInMonths: number
  /** The day that was forecast. */
  readonly day: Day
  /** Children on that day. */
  readonly actual: number
}

/** How a method did on one series at one horizon, over all origins. An error is the forecast less what happened. */
export interface Accuracy extends Series {
  readonly method: string
  readonly horizonInMonths: number
  readonly forecasts: number
  readonly meanAbsoluteError: number
  /** Of the forecasts of days on which there was anybody; null where there are none. */
  readonly meanAbsolutePercentageError: number | null
  /** How many forecasts that is the mean of. */
  readonly percentageErrors: number
  /** The mean error: above 0 where more children were forecast than came. */
  readonly bias: number
  readonly rootMeanSquaredError: number
  /** Percentage of the forecasts whose interval held what happened, its ends included. */
  readonly coverage80: number
  readonly coverage95: number
  /** In children. */
  readonly meanWidth80: number
  readonly meanWidth95: number
}

/** Sums up past forecasts by method, horizon and series, in the order in which they first come. */
export const accuracyOf = (forecasts: readonly PastForecast[]): Accuracy[] => {
  const alike = Map.groupBy(forecasts, ({ method, horizonInMonths, placement, age }) =>
    JSON.stringify([method, horizonInMonths, placement, age]),
  )
  return [...alike.values()].map(accuracyOfSeries)
}

function accuracyOfSeries(forecasts: readonly PastForecast[]): Accuracy {
  const { method, horizonInMonths, placement, age } = forecasts[0]!
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const errors = forecasts.map(({ mean: expected, actual }) => expected - actual)
  const percentages = forecasts
    .filter(({ actual }) => actual !== 0)
    .map(({ mean: expected, actual }) => (100 * Math.abs(expected - actual)) / actual)
  const covered = (lower: 'lower80' | 'lower95', upper: 'upper80' | 'upper95') =>
    mean(forecasts.map((one) => (one[lower] <= one.actual && one.actual <= one[upper] ? 100 : 0)))
  return {
    method,
    horizonInMonths,
    placement,
    age,
    forecasts: forecasts.length,
    meanAbsoluteError: mean(errors.map(Math.abs)),
    meanAbsolutePercentageError: percentages.length === 0 ? null : mean(percentages),
    percentageErrors: percentages.length,
    bias: mean(errors),
    rootMeanSquaredError: Math.sqrt(mean(errors.map((error) => error ** 2))),
    coverage80: covered('lower80', 'upper80'),
    coverage95: covered('lower95', 'upper95'),
    meanWidth80: mean(forecasts.map(({ lower80, upper80 }) => upper80 - lower80)),
    meanWidth95: mean(forecasts.map(({ lower95, upper95 }) => upper95 - lower95)),
  }
}
