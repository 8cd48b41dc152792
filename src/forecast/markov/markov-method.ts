import type { Expected, ForecastMethod, ForecastQuestion, Projection } from '../method.ts'
import type { ForecastAge, ForecastPlacement } from '../placement-groups.ts'
import type { Adjustments } from './adjust.ts'
import { normalBelow, Z80, Z95 } from './normal.ts'
import { type MarkovPrediction, predict } from './predict.ts'
import { type PreparedEpisodes, prepare } from './prepare.ts'
import type { ReturnedRows } from './returned-rows.ts'
import { rowsOfHistory } from './rows-of-history.ts'
import { isInCare, MARKOV_STATES } from './states.ts'
import { type MarkovModel, type MeasureOptions, measure } from './statistics.ts'

export interface MarkovForecast {
  readonly model: MarkovModel
  readonly prediction: MarkovPrediction
  readonly projection: Projection
}

export interface MarkovOptions extends MeasureOptions {
  /** What a scenario supposes other than was measured. */
  readonly adjustments?: Adjustments
}

/** The forecast of the existing models on the rows as they were returned. */
export const forecastReturned = (
  rows: ReturnedRows,
  question: ForecastQuestion,
  options: MarkovOptions = {},
): MarkovForecast => forecastPrepared(prepare(rows), question, options)

function forecastPrepared(
  prepared: PreparedEpisodes,
  { startsOn, referenceFrom, referenceTo, atDays }: ForecastQuestion,
  options: MarkovOptions,
): MarkovForecast {
  const model = measure(prepared, { from: referenceFrom, to: referenceTo }, options)
  const days = Math.max(0, ...atDays)
  const prediction = predict(model, model.stockOn(startsOn), days, atDays, options.adjustments)
  return { model, prediction, projection: projectionOf(prediction) }
}

/**
 * The same on the merged history, as it was known when the forecast starts. It measures on past moves out of states
 * that had been empty, which make the existing models give up: small councils have them every year.
 */
export const markovMethod: ForecastMethod = {
  name: 'markov',
  forecast: (history, question) => {
    const prepared = prepare(rowsOfHistory(history, question.startsOn), question.startsOn)
    return forecastPrepared(prepared, question, { movesOutOfEmptyStates: 'leave-out' }).projection
  },
}

/**
 * Children in care by group and band, summed over states. Their number is taken to be normal around the mean: the
 * existing models draw mean ± 2 standard deviations, which are had from `variance`.
 */
export function projectionOf({ atDays, mean, variance }: MarkovPrediction): Projection {
  const momentsOf = (placement: ForecastPlacement | 'all', age: ForecastAge | 'all', at: number): Moments => {
    const states = MARKOV_STATES.flatMap((state, index) => {
      const asked =
        (placement === 'all' || state.placement === placement) && (age === 'all' || state.age === age)
      return asked && isInCare(index) ? [index] : []
    })
    const sumOf = (values: Float64Array): number => states.reduce((sum, state) => sum + values[state]!, 0)
    return { mean: sumOf(mean[at]!), variance: sumOf(variance[at]!) }
  }
  return {
    atDays,
    expected: (placement, age, at) => expectedOf(momentsOf(placement, age, at)),
    probabilityOver: (placement, at, places) => probabilityOver(momentsOf(placement, 'all', at), places),
  }
}

interface Moments {
  readonly mean: number
  readonly variance: number
}

function expectedOf({ mean, variance }: Moments): Expected {
  // Where more move than are there, as rates measured on very few can say, the existing models' variance is below 0.
  const deviation = Math.sqrt(Math.max(0, variance))
  return {
    mean,
    variance,
    lower80: Math.max(0, mean - Z80 * deviation),
    upper80: mean + Z80 * deviation,
    lower95: Math.max(0, mean - Z95 * deviation),
    upper95: mean + Z95 * deviation,
  }
}

/** Children are whole, so more than 40 places are taken from 40.5 of the normal's scale on. */
function probabilityOver({ mean, variance }: Moments, places: number): number {
  if (variance <= 0) return mean > places ? 1 : 0
  return normalBelow((mean - (places + 0.5)) / Math.sqrt(variance))
}
