import type { RecordFault } from '../record-checks.ts'
import { COLUMN_OF_FIELD, type ProviderField } from './provider-layouts.ts'

/** Where a list has something, and what it calls its columns there. */
export interface ListPlace {
  /** The sheet's name; null for a CSV file. */
  readonly sheet: string | null
  readonly line: number
  readonly headings: ReadonlyMap<ProviderField, string>
}

const FIELDS = new Map(
  Object.entries(COLUMN_OF_FIELD).map(([field, column]) => [column, field as ProviderField]),
)

/**
 * A fault of a record in the words of the list that it came from: its sheet, its row, and its headings in place of the
 * kind's columns. `placeOf` tells the place of a column's value.
 */
export function inListsWords(
  fault: RecordFault,
  placeOf: (column: string | undefined) => ListPlace,
): { line: number; fault: RecordFault } {
  const place = placeOf(fault.columns[0])
  const called = (column: string): string => {
    const field = FIELDS.get(column)
    const heading = field === undefined ? undefined : place.headings.get(field)
    return heading === undefined ? column : shown(heading)
  }
  const message = fault.message.replaceAll(/\bprov_[a-z_]+/g, called)
  return {
    line: place.line,
    fault: {
      ...fault,
      columns: fault.columns.map(called),
      message: place.sheet === null ? message : `sheet ${shown(place.sheet)}: ${message}`,
    },
  }
}

const POSTCODE = /\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b/gi

/** A name of a sheet or column as it may stand in an answer: short, on one line, and never a postcode. */
const shown = (name: string): string =>
  name
    .replaceAll(/[^\p{L}\p{N} ._()&’',/-]/gu, '_')
    .replaceAll(POSTCODE, '_')
    .slice(0, 60)
    .trim()
