import { testsOf, type ValueTest } from './conditions.ts'

/**
 * Populations that are rows of another one, so that a count over the one is a part of a count over the other. What is
 * the same child must be protected as the same child, whichever figure counts it.
 */
interface RowsOfAnother {
  readonly population: string
  /** Which of the other's rows, as a condition. */
  readonly where?: string
  /** Columns that say something else than the other's column of that name. */
  readonly renamed?: ReadonlyMap<string, string>
}

const ROWS_OF_ANOTHER: ReadonlyMap<string, RowsOfAnother> = new Map<string, RowsOfAnother>([
  ['pupils-at', { population: 'looked-after-at' }],
  // But for who leaves on the very day: then the sums do not fit, and nothing follows from the one for the other.
  ['looked-after-twelve-months', { population: 'looked-after-at', where: 'looked_after_twelve_months' }],
  [
    'pupils-looked-after-twelve-months',
    { population: 'looked-after-at', where: 'looked_after_twelve_months' },
  ],
  ['health-assessments-at', { population: 'looked-after-at' }],
  ['statutory-visits-at', { population: 'looked-after-at' }],
  ['independent-visitors-at', { population: 'looked-after-at' }],
  [
    'missing-children',
    { population: 'looked-after-during', where: 'had_care', renamed: new Map([['age', 'age_when_missing']]) },
  ],
  ['adopted', { population: 'leavers', where: "ceasing_reason in ('e11', 'e12')" }],
  ['care-leaver-statuses-at', { population: 'entitled' }],
])

/** Conditions in words that show what they are parts of. */
const IN_OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['is_owed_adviser', "entitlement in ('relevant', 'former-relevant', 'former-relevant-pursuing-education')"],
  ['has_left_care', "entitlement <> 'eligible'"],
  ['not is_out_of_reach', "accommodation not in ('g', 'h', 'r')"],
  ["accommodation_code = '0'", "accommodation = '0'"],
  ['sessions_missed * 10 >= sessions_possible', "absence in ('persistent', 'severe')"],
  ['sessions_missed * 2 >= sessions_possible', "absence = 'severe'"],
  ["right(accommodation_code, 1) = '1'", "suitability = 'suitable'"],
  ["right(accommodation_code, 1) = '2'", "suitability = 'unsuitable'"],
])

/** What a mean adds up over its rows, where that is itself a count that is published. */
export const SUMS_THAT_ARE_COUNTS: ReadonlyMap<
  string,
  { readonly population: string; readonly counted: string }
> = new Map([
  ['incidents_missing', { population: 'missing-incidents', counted: "incident_kind = 'M'" }],
  ['incidents_away', { population: 'missing-incidents', counted: "incident_kind = 'A'" }],
  ['children_allocated', { population: 'looked-after-at', counted: 'has_social_worker' }],
])

/** All the values that a column has in a population, where that is fewer than its dimension knows. */
export const ONLY_VALUES: ReadonlyMap<string, readonly string[]> = new Map([
  ['care-leavers age', ['17', '18', '19', '20', '21']],
  ['care-leavers in_touch', ['yes', 'no', 'refu', 'nreq']],
])

/** The rows that a condition over a population counts: in which population they are looked for, and the tests. */
export function countedRows(
  population: string,
  tests: readonly [string, ValueTest][],
): { readonly population: string; readonly tests: readonly [string, ValueTest][] } {
  const other = ROWS_OF_ANOTHER.get(population)
  if (!other) return { population, tests }
  const renamed = tests.map(([column, test]): [string, ValueTest] => [
    other.renamed?.get(column) ?? column,
    test,
  ])
  return { population: other.population, tests: [...renamed, ...testsOf(other.where)] }
}

/** A part of a condition in the words that show what it is a part of. */
export const inOtherWords = (part: string): string => IN_OTHER_WORDS.get(part) ?? part

/** Whether the rows of a population are rows of another one too. */
export const isPartOfAnother = (population: string): boolean => ROWS_OF_ANOTHER.has(population)
