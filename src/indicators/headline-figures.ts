import type { Transaction } from '../platform/database/database.ts'
import { yearPeriod } from '../vocabulary/period.ts'
import { latestPeriod } from './availability.ts'
import type { Catalogue } from './catalogue.ts'
import { compute } from './compute.ts'
import { holdingsOf, type ReadCoverage, readHoldings } from './holdings.ts'
import type { Observation } from './observation.ts'

/**
 * The headline figures of an authority as a transaction sees it, for every reporting year that its returns cover:
 * what a dry run compares before and after.
 */
export async function headlineFigures(
  transaction: Transaction,
  catalogue: Catalogue,
  authority: string,
  readCoverage: ReadCoverage,
): Promise<Observation[]> {
  const held = await readHoldings(transaction, [authority], readCoverage)
  const { returns } = holdingsOf(held, authority)
  if (latestPeriod(returns) === null) return []
  return compute(
    transaction,
    {
      indicators: catalogue.indicators.filter((indicator) => indicator.headline),
      authorities: [authority],
      periods: returns.map(({ year }) => yearPeriod(year)),
      breakdowns: [],
    },
    held,
  )
}
