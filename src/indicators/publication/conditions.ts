import { DIMENSIONS, type DimensionId, FINER_DIMENSIONS } from '../../vocabulary/dimension.ts'

/**
 * Which rows a condition of an indicator lets through, as sets of values by column: so that it can be seen which counts
 * are parts of which others. A condition that says more than sets of values can say stands as a fact of its own, that
 * is so or is not.
 */
export type Constraints = ReadonlyMap<string, ValueTest>

/** Which values of a column are let through. `null` stands for no value. */
export type ValueTest =
  | { readonly kind: 'values'; readonly values: readonly (string | null)[]; readonly areExcluded: boolean }
  | { readonly kind: 'numbers'; readonly from: number; readonly to: number }

/** Columns that say the same as another, more coarsely: written as the finer one. */
const COLUMN_OF: ReadonlyMap<string, string> = new Map([
  ['age_in_years', 'age'],
  ['age_band', 'age'],
  ['age_group', 'age'],
  ['ethnicity', 'ethnicity_code'],
  ['legal_status', 'legal_status_code'],
  ['placement_type', 'placement_code'],
  ['placement_location', 'placement_authority_relation'],
  ['placement_distance', 'placement_distance_band'],
  ['accommodation', 'accommodation_code'],
])

const columnOf = (name: string): string => COLUMN_OF.get(name) ?? name

/** Ages of a group that no finer dimension lists: those of care leavers. */
const AGE_GROUPS: ReadonlyMap<string, readonly string[]> = new Map([
  ['17-to-18', ['17', '18']],
  ['19-to-21', ['19', '20', '21']],
])

/** The values of the finest column that a value of a column stands for. */
function finest(column: string, value: string): readonly string[] {
  if (column === 'age_group') return AGE_GROUPS.get(value) ?? []
  // Of care leavers: the letter, and whether it suits them. Who has no information has no letter.
  if (column === 'accommodation') return value === '0' ? ['0'] : [`${value}1`, `${value}2`]
  const dimension = column.replaceAll('_', '-') as DimensionId
  const finer = FINER_DIMENSIONS[dimension]
  if (!finer) return [value.toLowerCase()]
  return DIMENSIONS.get(finer.dimension)!
    .categories.map(({ id }) => id)
    .filter((id) => finer.groupOf(id) === value)
}

const LITERAL = /'([^']*)'|(-?\d+(?:\.\d+)?)/g
const literals = (list: string): string[] =>
  [...list.matchAll(LITERAL)].map(([, text, number]) => (text ?? number)!)

const isSoEver = (text: string, isSo: boolean): [string, ValueTest] => [
  text,
  { kind: 'values', values: ['true'], areExcluded: !isSo },
]

const among = (column: string, values: readonly string[], areExcluded = false): [string, ValueTest] => [
  columnOf(column),
  { kind: 'values', values: values.flatMap((value) => finest(column, value)), areExcluded },
]

const numbers = (column: string, from: number, to: number): [string, ValueTest] => [
  columnOf(column),
  { kind: 'numbers', from, to },
]

type Reading = readonly [form: RegExp, read: (match: RegExpExecArray) => [string, ValueTest]]

const COLUMN = '([a-z_0-9]+)'
const FORMS: readonly Reading[] = [
  [new RegExp(`^${COLUMN} = '([^']*)'$`), ([, column, value]) => among(column!, [value!])],
  [new RegExp(`^${COLUMN} <> '([^']*)'$`), ([, column, value]) => among(column!, [value!], true)],
  [
    new RegExp(`^${COLUMN} is distinct from '([^']*)'$`),
    ([, column, value]) => among(column!, [value!], true),
  ],
  [new RegExp(`^${COLUMN} in \\(('.*')\\)$`), ([, column, list]) => among(column!, literals(list!))],
  [
    new RegExp(`^${COLUMN} not in \\(('.*')\\)$`),
    ([, column, list]) => among(column!, literals(list!), true),
  ],
  [
    new RegExp(`^${COLUMN} in \\(([\\d, ]+)\\)$`),
    ([, column, list]) => {
      const ages = literals(list!).map(Number)
      return numbers(column!, Math.min(...ages), Math.max(...ages))
    },
  ],
  [
    new RegExp(`^${COLUMN} between (\\d+) and (\\d+)$`),
    ([, column, from, to]) => numbers(column!, Number(from), Number(to)),
  ],
  [
    new RegExp(`^${COLUMN} = (-?\\d+)$`),
    ([, column, value]) => numbers(column!, Number(value), Number(value)),
  ],
  [
    new RegExp(`^${COLUMN} >= (-?\\d+)$`),
    ([, column, value]) => numbers(column!, Number(value), Number.POSITIVE_INFINITY),
  ],
  [
    new RegExp(`^${COLUMN} > (-?\\d+)$`),
    ([, column, value]) => numbers(column!, Number(value) + 1, Number.POSITIVE_INFINITY),
  ],
  [
    new RegExp(`^${COLUMN} <= (-?\\d+)$`),
    ([, column, value]) => numbers(column!, Number.NEGATIVE_INFINITY, Number(value)),
  ],
  [
    new RegExp(`^${COLUMN} < (-?\\d+)$`),
    ([, column, value]) => numbers(column!, Number.NEGATIVE_INFINITY, Number(value) - 1),
  ],
  [
    new RegExp(`^${COLUMN} is not null$`),
    ([, column]) => [columnOf(column!), { kind: 'values', values: [null], areExcluded: true }],
  ],
  [new RegExp(`^${COLUMN} is not true$`), ([, column]) => isSoEver(column!, false)],
  [new RegExp(`^not ${COLUMN}$`), ([, column]) => isSoEver(column!, false)],
  [new RegExp(`^${COLUMN}$`), ([, column]) => isSoEver(column!, true)],
]

/**
 * The tests of a condition, one for each part of it that `and` joins. Of ages, `in (…)` lists years in a row.
 */
export function testsOf(
  condition: string | undefined,
  inOtherWords: (part: string) => string = (part) => part,
): [string, ValueTest][] {
  if (condition === undefined) return []
  return partsOf(condition).map((written) => {
    const part = inOtherWords(written)
    for (const [form, read] of FORMS) {
      const match = form.exec(part)
      if (match) return read(match)
    }
    return isSoEver(part, true)
  })
}

/** The test that a category of a dimension is. */
export function testOfCategory(dimension: string, category: string): [string, ValueTest] {
  const column = dimension.replaceAll('-', '_')
  return among(column, [category])
}

/** Splits at each `and` that stands outside of brackets and of `between … and …`. An `or` keeps it whole. */
function partsOf(condition: string): string[] {
  const text = condition.replaceAll(/\s+/g, ' ').trim()
  const parts: string[] = []
  let depth = 0
  let from = 0
  let isBetween = false
  for (const { 0: word, index } of text.matchAll(/\(|\)|\band\b|\bor\b|\bbetween\b/g)) {
    if (word === '(') depth++
    else if (word === ')') depth--
    else if (depth > 0) continue
    else if (word === 'or') return [text]
    else if (word === 'between') isBetween = true
    else if (isBetween) isBetween = false
    else {
      parts.push(text.slice(from, index).trim())
      from = index + word.length
    }
  }
  parts.push(text.slice(from).trim())
  return parts
}
