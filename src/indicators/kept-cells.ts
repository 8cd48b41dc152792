import { LRUCache } from 'lru-cache'

/** Values of a population's aggregates in one category. */
export type Row = Record<string, string | number | null>
/** By category (empty for the total), in the order of the statement. */
export type Cells = Map<string, Row>
/** What a statement gave for one authority: cells by period and breakdown. */
export type Measured = ReadonlyMap<string, Cells>

/** Half a kilobyte each, about. */
const MOST_ROWS = 100_000

/**
 * Keeps what statements gave, by the version of the records that they counted: the next page of a long answer, and a
 * question that asks for the same of the same records, are then put together without counting anew. A version names
 * one state of the records, so what is kept is never out of date; the oldest goes when there is too much.
 */
export interface KeptCells {
  /** Cells of an authority for a statement; undefined where they have to be counted. */
  find(version: string, authority: string, statement: string): Measured | undefined
  keep(version: string, authority: string, statement: string, cells: Measured): void
}

export function newKeptCells(): KeptCells {
  const kept = new LRUCache<string, Measured>({
    maxSize: MOST_ROWS,
    sizeCalculation: (measured) => {
      let rows = 1
      for (const cells of measured.values()) rows += cells.size
      return rows
    },
  })
  const keyOf = (version: string, authority: string, statement: string): string =>
    `${authority} ${version} ${statement}`
  return {
    find: (version, authority, statement) => kept.get(keyOf(version, authority, statement)),
    keep: (version, authority, statement, cells) => {
      kept.set(keyOf(version, authority, statement), cells)
    },
  }
}

/** For figures of records that have no version yet, in the middle of a load: keeps nothing. */
export const KEEPS_NOTHING: KeptCells = { find: () => undefined, keep: () => undefined }
