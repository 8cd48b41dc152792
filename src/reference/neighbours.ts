import { authorityCode, CellFault, needed, oneOf } from './cells.ts'
import { keepRows } from './keep-rows.ts'
import { ColumnFault, type DeclaredColumn, declaredLayout, type Values } from './layout.ts'
import type { ReferenceKind } from './reference-kind.ts'

/** The sets of statistical neighbours in use. */
export const NEIGHBOUR_SETS = [2021, 2025] as const

const RANKS = Array.from({ length: 10 }, (_, index) => index + 1)

const WORDS = ['Extremely close', 'Very close', 'Close', 'Somewhat close', 'Not close']
const closeness = oneOf(Object.fromEntries(WORDS.map((word) => [word, word])), WORDS)

/** A set is one row for each authority: its ten neighbours, the nearest first, each with how close it is. */
const columns = (authority: string, neighbour: (rank: number) => string, word: (rank: number) => string) => [
  { is: 'authority', names: [authority], check: needed(authorityCode) },
  ...RANKS.flatMap((rank): DeclaredColumn[] => [
    { is: `neighbour${rank}`, names: [neighbour(rank)], check: needed(authorityCode) },
    {
      is: `closeness${rank}`,
      names: [word(rank)],
      check: needed(closeness),
      rightOf: `neighbour${rank}`,
    },
  ]),
]

function rowsOf(values: Values) {
  const authority = values.authority!
  const seen = new Set([authority])
  const rows: string[][] = []
  for (const rank of RANKS) {
    const neighbour = values[`neighbour${rank}`]!
    if (seen.has(neighbour))
      return new ColumnFault(
        `neighbour${rank}`,
        new CellFault('this is the authority itself, or a neighbour that the row has already', [
          'ten authorities that differ',
        ]),
      )
    seen.add(neighbour)
    rows.push([authority, String(rank), neighbour, values[`closeness${rank}`]!])
  }
  return rows
}

/** Statistical neighbours. Two sets are in use and are kept side by side; a file takes the place of its own set. */
export const neighbours: ReferenceKind = {
  name: 'neighbours',
  layouts: [
    declaredLayout({
      id: 'statistical neighbours 2021',
      set: 2021,
      columns: columns(
        'LA number',
        (rank) => `SN${rank}`,
        () => 'SNP',
      ),
      // The file sets authorities that are no more below a line of its own.
      passesOver: (raw) => raw('authority').trim() === '' && raw('neighbour1').trim() === '',
      rowsOf,
    }),
    declaredLayout({
      id: 'statistical neighbours 2025',
      set: 2025,
      columns: columns(
        'old_la_code',
        (rank) => `SN_${rank}`,
        (rank) => `SN_${rank}P`,
      ),
      passesOver: (raw) => raw('authority').trim() === '' && raw('neighbour1').trim() === '',
      rowsOf,
    }),
  ],
  staged: [
    { name: 'authority', type: 'text' },
    { name: 'rank', type: 'integer' },
    { name: 'neighbour', type: 'text' },
    { name: 'closeness', type: 'text' },
  ],
  key: ['authority', 'rank'],
  keyInWords: 'authority',
  keep: (transaction, { set }) =>
    keepRows(transaction, {
      name: 'neighbours',
      table: 'care.statistical_neighbour',
      key: ['set_year', 'authority', 'rank'],
      values: ['neighbour', 'closeness'],
      scope: `held.set_year = ${Number(set)}`,
      from: `select ${Number(set)}::smallint as set_year, incoming.authority, incoming.rank::smallint as rank,
                    incoming.neighbour, incoming.closeness
               from incoming`,
    }),
}
