import { authorityCode, CellFault, needed } from './cells.ts'
import { keepRows } from './keep-rows.ts'
import { ColumnFault, declaredLayout } from './layout.ts'
import type { ReferenceKind } from './reference-kind.ts'

/** Authorities that share a border. A file may name each pair once or both ways; both ways are kept. */
export const adjacent: ReferenceKind = {
  name: 'adjacent',
  layouts: [
    declaredLayout({
      id: 'adjacent authorities',
      columns: [
        { is: 'authority', names: ['authority'], check: needed(authorityCode) },
        { is: 'adjacent', names: ['adjacent_authority', 'adjacent'], check: needed(authorityCode) },
      ],
      rowsOf: ({ authority, adjacent: other }) =>
        authority === other
          ? new ColumnFault(
              'adjacent',
              new CellFault('no authority is adjacent to itself', ['another authority']),
            )
          : [[authority!, other!]],
    }),
  ],
  staged: [
    { name: 'authority', type: 'text' },
    { name: 'adjacent', type: 'text' },
  ],
  key: ['authority', 'adjacent'],
  keyInWords: 'pair of authorities',
  keep: (transaction) =>
    keepRows(transaction, {
      name: 'adjacent',
      table: 'care.adjacent_authority',
      key: ['authority', 'adjacent'],
      values: [],
      from: `select incoming.authority, incoming.adjacent from incoming
             union
             select incoming.adjacent, incoming.authority from incoming`,
    }),
}
