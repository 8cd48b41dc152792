import { LRUCache } from 'lru-cache'

/** Values of a population's aggregates in one category. */
export type Row = Record<string, string | number | null>
/** By category (empty for the total), in the order of the statement. */
export type Cells = Map<string, Row>
/** What a statement gave for one authority and period: cells by breakdown. */
export type Measured = ReadonlyMap<string, Cells>

/** Half a kilobyte each, about. */
const MOST_ROWS = 100_000

/**
 * Keeps what statements gave, by the version of the records that they counted: the next page of a long answer, and a
 * question that asks for the same of the same records, are then put together without counting anew. A version names
 * one state of the records, so what is kept is never out of date; the oldest goes when there is too much.
 */
export interface KeptCells {
  /** Cells of an authority for a statement and period; undefined where a column that is wanted has to be counted. */
  find(
    version: string,
    authority: string,
    statement: string,
    columns: ReadonlySet<string>,
  ): Measured | undefined
  keep(
    version: string,
    authority: string,
    statement: string,
    columns: ReadonlySet<string>,
    cells: Measured,
  ): void
}

interface Kept {
  readonly columns: ReadonlySet<string>
  readonly cells: Measured
}

const isWithin = (some: ReadonlySet<string>, all: ReadonlySet<string>): boolean => {
  for (const one of some) if (!all.has(one)) return false
  return true
}

export function newKeptCells(): KeptCells {
  const kept = new LRUCache<string, Kept>({
    maxSize: MOST_ROWS,
    sizeCalculation: ({ cells: measured }) => {
      let rows = 1
      for (const cells of measured.values()) rows += cells.size
      return rows
    },
  })
  const keyOf = (version: string, authority: string, statement: string): string =>
    `${authority} ${version} ${statement}`
  return {
    find(version, authority, statement, columns) {
      const found = kept.get(keyOf(version, authority, statement))
      return found && isWithin(columns, found.columns) ? found.cells : undefined
    },
    keep(version, authority, statement, columns, cells) {
      const key = keyOf(version, authority, statement)
      const known = kept.peek(key)
      // Who asks for fewer figures does not take away what was counted for more.
      if (!known || isWithin(known.columns, columns)) kept.set(key, { columns, cells })
    },
  }
}

/** For figures of records that have no version yet, in the middle of a load: keeps nothing. */
export const KEEPS_NOTHING: KeptCells = { find: () => undefined, keep: () => undefined }
