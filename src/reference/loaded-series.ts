import type { Transaction } from '../platform/database/database.ts'
import type { LoadedSeries } from './reference-kind.ts'

const COLUMNS = 'published.layout, published.series, published.category, count(*)::int as rows'
const ORDER = 'published.layout, published.series, published.category::text'

/** The series of a file of published figures that is being loaded. */
export const readLoadedSeries = (transaction: Transaction): Promise<LoadedSeries[]> =>
  transaction.query<LoadedSeries & { rows: number }>(
    'reference.comparators.loaded-series',
    `select ${COLUMNS} from incoming as published group by 1, 2, 3 order by ${ORDER}`,
  )

/** The series of all published figures that are held. */
export const readHeldSeries = (transaction: Transaction): Promise<LoadedSeries[]> =>
  transaction.query<LoadedSeries & { rows: number }>(
    'reference.comparators.held-series',
    `select ${COLUMNS} from care.comparator as published group by 1, 2, 3 order by ${ORDER}`,
  )
