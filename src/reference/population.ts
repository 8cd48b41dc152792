import { authorityCode, type CellCheck, CellFault, gssCode, needed, oneOf, wholeNumber } from './cells.ts'
import { keepRows } from './keep-rows.ts'
import { ColumnFault, declaredLayout, type Values } from './layout.ts'
import type { ReferenceKind } from './reference-kind.ts'

const AGES = 'Children aged 0 to 17 years'

const LEVELS = oneOf({ National: 'country', Regional: 'region', 'Local authority': 'authority' })

/** How published statistics say that there is no value. */
const SYMBOLS = new Set(['x', 'z', 'c', 'k', 'u', 'low', ':', '..', '.', '-'])

const mostPeople = wholeNumber(0, 999_999_999)
/** A number of people, or a symbol instead of one. */
const people: CellCheck = (cell) =>
  SYMBOLS.has(cell.trim().toLowerCase()) ? null : (mostPeople(cell) ?? MISSING)
const MISSING = new CellFault('the value is missing', ['a whole number', 'x where there is none'])

function rowsOf(values: Values) {
  const column = values.level!
  const area = values[column]
  if (area == null)
    return new ColumnFault(
      column,
      new CellFault('the code of the area is missing', ['the GSS code of the area that the row is about']),
    )
  return values.children == null ? [] : [[area, values.year!, values.children]]
}

/** Children by area and year, for rates. A value that was not published is not held. */
export const population: ReferenceKind = {
  name: 'population',
  layouts: [
    declaredLayout({
      id: 'Explore Education Statistics, mid-year population estimates',
      columns: [
        { is: 'year', names: ['time_period'], check: needed(wholeNumber(1990, 2100)) },
        { is: 'level', names: ['geographic_level'], check: needed(LEVELS) },
        { is: 'country', names: ['country_code'], check: gssCode },
        { is: 'region', names: ['region_code'], check: gssCode },
        { is: 'authority', names: ['new_la_code'], check: authorityCode },
        { is: 'ages', names: ['age_group'], check: needed(oneOf({ [AGES]: AGES })) },
        { is: 'children', names: ['population_estimate'], check: people },
      ],
      passesOver: (raw) =>
        raw('ages').trim() !== '' && raw('ages').trim().toLowerCase() !== AGES.toLowerCase(),
      rowsOf,
    }),
  ],
  staged: [
    { name: 'area', type: 'text' },
    { name: 'year', type: 'integer' },
    { name: 'children', type: 'integer' },
  ],
  key: ['area', 'year'],
  keyInWords: 'area and year',
  keep: (transaction) =>
    keepRows(transaction, {
      name: 'population',
      table: 'care.child_population',
      key: ['area', 'year'],
      values: ['children'],
    }),
}
