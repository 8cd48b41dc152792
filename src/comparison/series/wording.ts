/**
 * The wording of a category, without what differs from one release to the next: case, blanks, punctuation, and the
 * numbers that put categories in order (`1a.`, `N1.`). Words are never taken for others: who is looked after on 31 March
 * is not who is looked after.
 */
export const wordingOf = (text: string): string =>
  text
    .toLowerCase()
    .trim()
    .replace(/^(?:n\d\.|\d+\.(?!\d)|\d+[a-z](?:\.\d+[ivx]*)?\.?(?=\s))\s*/, '')
    .replaceAll(/['’‘`]/g, '')
    .replaceAll('&', ' and ')
    .replaceAll(/[^a-z0-9%]+/g, ' ')
    .trim()

/** Categories that say that nothing is chosen: a column of them is no reason not to know a series. */
const NOTHING_CHOSEN = new Set(['', 'total', 'all', 'z', 'na', 'not applicable'])

export const choosesNothing = (wording: string): boolean => NOTHING_CHOSEN.has(wording)

/** What a column of values counts, by its name, which differs between releases. */
export type ColumnKind = 'count' | 'percent' | 'rate' | 'population' | 'average'

const KINDS: readonly (readonly [kind: ColumnKind, name: RegExp])[] = [
  ['percent', /percent|pct|%|proportion/],
  ['rate', /(?:^|_)rate(?:_|$)|per_10/],
  ['population', /population/],
  ['average', /average|mean|score/],
  ['count', /count|number|(?:^|_)num(?:_|$)|(?:^|_)n$|headcount|children|value/],
]

export const kindOfColumn = (name: string): ColumnKind | null =>
  KINDS.find(([, pattern]) =>
    pattern.test(
      name
        .trim()
        .toLowerCase()
        .replaceAll(/[\s-]+/g, '_'),
    ),
  )?.[0] ?? null
