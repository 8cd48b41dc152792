import { gssCode, needed, postcode, wholeNumber } from './cells.ts'
import { keepRows } from './keep-rows.ts'
import { declaredLayout, yearly } from './layout.ts'
import type { ReferenceKind } from './reference-kind.ts'

/** Postcodes with their grid references, in metres, and districts. A blank grid reference is one that is not known. */
export const postcodes: ReferenceKind = {
  name: 'postcodes',
  layouts: [
    declaredLayout({
      id: 'ONS Postcode Directory',
      columns: [
        { is: 'postcode', names: ['pcds', 'pcd', 'pcd2', 'pcd7', 'pcd8'], check: needed(postcode) },
        { is: 'easting', names: ['oseast1m', 'east1m'], check: wholeNumber(0, 800_000) },
        { is: 'northing', names: ['osnrth1m', 'north1m'], check: wholeNumber(0, 1_400_000) },
        { is: 'district', names: ['oslaua', yearly('lad', 'cd')], check: gssCode },
      ],
    }),
  ],
  staged: [
    { name: 'postcode', type: 'text' },
    { name: 'easting', type: 'integer' },
    { name: 'northing', type: 'integer' },
    { name: 'district', type: 'text' },
  ],
  key: ['postcode'],
  keyInWords: 'postcode',
  checks: [
    {
      name: 'grid',
      isBroken: '(incoming.easting is null) <> (incoming.northing is null)',
      column: 'easting',
      message: 'there is an easting without a northing, or the other way about',
      allowed: ['both', 'neither'],
    },
  ],
  keep: (transaction) =>
    keepRows(transaction, {
      name: 'postcodes',
      table: 'care.postcode',
      key: ['postcode'],
      values: ['easting', 'northing', 'district'],
    }),
}
