import {
  type PublishedFigure,
  readPublished,
  readPublishedPeriods,
} from '../../comparison/published-figures.ts'
import type { Database } from '../../platform/database/database.ts'
import { readState } from '../../reference/reference-state.ts'

export interface ComparatorsQuestion {
  readonly indicators: readonly string[]
  readonly areas: readonly string[]
  /** Null: all that are held. */
  readonly periods: readonly string[] | null
  readonly breakdowns: readonly string[]
}

export interface ComparatorsHeld {
  /** Null while no comparators are held. */
  readonly version: string | null
  readonly figures: readonly PublishedFigure[]
}

export const readVersion = (database: Database): Promise<string | null> =>
  database.read([], async (transaction) => (await readState(transaction, 'comparators'))?.version ?? null)

/** The figures that a question asks for, with the version that they are of. */
export const readComparators = (
  database: Database,
  { indicators, areas, periods, breakdowns }: ComparatorsQuestion,
): Promise<ComparatorsHeld> =>
  database.read([], async (transaction) => {
    const state = await readState(transaction, 'comparators')
    const ofPeriods = periods ?? (await readPublishedPeriods(transaction, { indicators, breakdowns }))
    const ask = { indicators, areas, periods: ofPeriods, breakdowns }
    return { version: state?.version ?? null, figures: await readPublished(transaction, ask) }
  })
