import { NORMAL } from '../../statistics/student-t.ts'
import { addDays, type Day, daysBetween } from '../../vocabulary/day.ts'
import { stockOn } from '../backtest/stock-on.ts'
import type { CareHistory } from '../care-history.ts'
import type { ForecastMethod, ForecastQuestion, Projection } from '../method.ts'
import type { ForecastAge, ForecastPlacement } from '../placement-groups.ts'
import { bellProjection } from './bell-projection.ts'

/** Changes over a stretch are measured where the history holds so many that do not overlap. */
const STRETCHES_AT_LEAST = 4

/**
 * The naive forecast that a better one has to beat: the number stays what it is. Its spread is what the numbers did over
 * as many days before, in all of the history that is known: the mean square of the changes, from which the last number
 * is no better a guess than any. Where the history is too short for stretches of so many days, the longest that it has
 * are taken, and the variance grows with the days beyond them as a random walk's does. The window of reference is not
 * asked: nothing but the spread is measured, and that needs all the days there are.
 */
export const asToday: ForecastMethod = { name: 'as-today', forecast }

function forecast(history: CareHistory, { startsOn, atDays }: ForecastQuestion): Projection {
  const known = daysFrom(history.knownFrom, startsOn)
  if (known.length < 2)
    throw new RangeError(
      `as-today needs two days that are known, up to ${startsOn}; there are ${known.length}`,
    )
  const stock = stockOn(history, known)
  const today = known.length - 1
  const longest = Math.max(1, Math.floor(today / STRETCHES_AT_LEAST))
  const spreads = new Map<string, (span: number) => number>()
  const spreadOf = (placement: ForecastPlacement | 'all', age: ForecastAge | 'all') => {
    const key = `${placement} ${age}`
    const spread = spreads.get(key) ?? spreadsOf(stock.series(placement, age))
    spreads.set(key, spread)
    return spread
  }
  return bellProjection(atDays, (placement, age, at) => {
    const ahead = atDays[at]!
    const span = Math.max(1, Math.min(ahead, longest))
    const variance = (spreadOf(placement, age)(span) * ahead) / span
    return { middle: stock.children(placement, age, today), deviation: Math.sqrt(variance), degrees: NORMAL }
  })
}

/** Of a series by day, the mean squared change over a span of days, each span measured once. */
function spreadsOf(series: Int32Array): (span: number) => number {
  const measured = new Map<number, number>()
  return (span) => {
    const spread = measured.get(span) ?? meanSquareChange(series, span)
    measured.set(span, spread)
    return spread
  }
}

/** Over every stretch of so many days that the series has, overlapping ones included. */
function meanSquareChange(series: Int32Array, span: number): number {
  let sum = 0
  for (let at = span; at < series.length; at++) sum += (series[at]! - series[at - span]!) ** 2
  return sum / (series.length - span)
}

const daysFrom = (from: Day, to: Day): Day[] =>
  Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(from, index))
