/**
 * Counts that are published together, and how they add up: the rows of a breakdown to its total, single years of age
 * to their band, a numerator and what is left of the denominator, the cells of a crossed table to both its margins.
 * Counts are named by their place in `values`.
 */
export interface AdditiveCounts {
  readonly values: readonly number[]
  readonly relations: readonly Relation[]
  /** 1 where a count is not published itself, and stands only between others that are. None unless said. */
  readonly unpublished?: Uint8Array
}

/** `whole` = the sum of `parts` + `rest`. */
export interface Relation {
  readonly whole: number
  readonly parts: readonly number[]
  /** What is in none of the parts and not published itself; null where the parts are all there is. */
  readonly rest: number | null
}

/** The relations in which each count stands. */
export function relationsOfCounts({ values, relations }: AdditiveCounts): readonly (readonly number[])[] {
  const of: number[][] = values.map(() => [])
  for (const [index, { whole, parts }] of relations.entries()) {
    of[whole]!.push(index)
    for (const part of parts) of[part]!.push(index)
  }
  return of
}
