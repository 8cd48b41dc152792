import { addMonths, type Day, daysBetween } from '../../vocabulary/day.ts'
import { stockOn } from '../backtest/stock-on.ts'
import type { CareHistory } from '../care-history.ts'
import type { ForecastMethod, ForecastQuestion, Projection } from '../method.ts'
import type { ForecastAge, ForecastPlacement } from '../placement-groups.ts'
import { bellProjection } from './bell-projection.ts'

/** A straight line through two points leaves nothing to measure its error by. */
export const LEAST_MONTHS_FOR_TREND = 3

/**
 * The line that a spreadsheet draws: least squares through the numbers of children at the end of each month of the window
 * of reference, counted back from its last day, drawn on. Its interval is that of a single further value of a regression,
 * which takes the months' deviations from the line for independent of each other.
 */
export const linearTrend: ForecastMethod = { name: 'linear-trend', forecast }

function forecast(history: CareHistory, question: ForecastQuestion): Projection {
  const { startsOn, atDays } = question
  const days = monthEndsOf(question)
  if (days.length < LEAST_MONTHS_FOR_TREND)
    throw new RangeError(
      `linear-trend needs ${LEAST_MONTHS_FOR_TREND} months between ${question.referenceFrom} and ${question.referenceTo}`,
    )
  const stock = stockOn(history, days)
  const times = days.map((day) => daysBetween(startsOn, day))
  const lines = new Map<string, Line>()
  const lineOf = (placement: ForecastPlacement | 'all', age: ForecastAge | 'all'): Line => {
    const key = `${placement} ${age}`
    const line = lines.get(key) ?? leastSquares(times, stock.series(placement, age))
    lines.set(key, line)
    return line
  }
  return bellProjection(atDays, (placement, age, at) => {
    const line = lineOf(placement, age)
    return {
      middle: line.meanValue + line.slope * (atDays[at]! - line.meanTime),
      deviation: predictionError(line, atDays[at]!),
      degrees: line.points - 2,
    }
  })
}

/** The window's last day and the same day of the months before it, ascending. */
function monthEndsOf({ referenceFrom, referenceTo }: ForecastQuestion): Day[] {
  const days: Day[] = []
  for (let months = 0; addMonths(referenceTo, -months) >= referenceFrom; months++)
    days.unshift(addMonths(referenceTo, -months))
  return days
}

interface Line {
  readonly points: number
  readonly meanTime: number
  readonly meanValue: number
  readonly slope: number
  /** Sum of the squared distances of the times from their mean. */
  readonly spreadOfTimes: number
  /** Variance of the values around the line. */
  readonly residualVariance: number
}

function leastSquares(times: readonly number[], values: Int32Array): Line {
  const points = times.length
  const meanTime = times.reduce((sum, time) => sum + time, 0) / points
  const meanValue = values.reduce((sum, value) => sum + value, 0) / points
  const spreadOfTimes = times.reduce((sum, time) => sum + (time - meanTime) ** 2, 0)
  const slope =
    times.reduce((sum, time, index) => sum + (time - meanTime) * (values[index]! - meanValue), 0) /
    spreadOfTimes
  const squares = times.reduce(
    (sum, time, index) => sum + (values[index]! - meanValue - slope * (time - meanTime)) ** 2,
    0,
  )
  return { points, meanTime, meanValue, slope, spreadOfTimes, residualVariance: squares / (points - 2) }
}

/**
 * The standard error of one further value at a time: its own deviation, that of the line's height, and that of its slope.
 * Source: Draper and Smith, Applied Regression Analysis (3rd ed., 1998), 3.1.
 */
const predictionError = ({ points, meanTime, spreadOfTimes, residualVariance }: Line, time: number): number =>
  Math.sqrt(residualVariance * (1 + 1 / points + (time - meanTime) ** 2 / spreadOfTimes))
