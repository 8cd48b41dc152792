import type { ForecastMethod } from '../method.ts'
import { fitSurvival } from './fit.ts'
import { projectionOf } from './projection.ts'
import { simulate } from './simulate.ts'

/** The default method: children followed one by one, with rates that know how long each has been in care and where. */
export const survivalMethod: ForecastMethod = {
  name: 'survival',
  forecast: (history, question) => {
    const { atDays, seed, simulations } = question
    const model = fitSurvival(history, question)
    return projectionOf(simulate(model, { atDays, seed, simulations: { from: 0, to: simulations } }))
  },
}
