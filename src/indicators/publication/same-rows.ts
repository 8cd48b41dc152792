import { DIMENSIONS } from '../../vocabulary/dimension.ts'
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

const ACCOMMODATION_LETTERS = 'b c d e g h k r s t u v w x y z'.split(' ')
const ofLetters = (digit: string): string =>
  `accommodation_code in (${ACCOMMODATION_LETTERS.map((letter) => `'${letter}${digit}'`).join(', ')})`

/** Conditions in words that show what they are parts of. */
const IN_OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ["intervention_received = '1'", "intervention = 'received'"],
  ["intervention_received is distinct from '1'", "intervention <> 'received'"],
  ["intervention_offered = '1'", "intervention <> 'not-offered'"],
  ['is_owed_adviser', "entitlement in ('relevant', 'former-relevant', 'former-relevant-pursuing-education')"],
  ['has_left_care', "entitlement <> 'eligible'"],
  ['not is_out_of_reach', "accommodation not in ('g', 'h', 'r')"],
  ['sessions_missed * 10 >= sessions_possible', "absence in ('persistent', 'severe')"],
  ['sessions_missed * 2 >= sessions_possible', "absence = 'severe'"],
  ["right(accommodation_code, 1) = '1'", ofLetters('1')],
  ["right(accommodation_code, 1) = '2'", ofLetters('2')],
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

/**
 * Counts that a mean tells of, since each of them has numbers in bounds of its own: of eight scores with a mean of 39,
 * none is low. Conditions over the rows that the mean is of.
 */
export const COUNTS_TOLD_BY_MEANS: ReadonlyMap<string, readonly string[]> = new Map([
  ['sdq_score', ['sdq_score <= 13', 'sdq_score between 14 and 16', 'sdq_score >= 17']],
  ['days_to_placement', ['days_to_placement < 426']],
  ['days_in_care', DIMENSIONS.get('time-in-care')!.categories.map(({ id }) => `time_in_care = '${id}'`)],
])

/** All the values that a column has in a population, where that is fewer than its dimension knows. */
export const ONLY_VALUES: ReadonlyMap<string, readonly string[]> = new Map([
  // Not to be left open: a category that nobody else is in is the total.
  ['looked-after-during age_when_missing', DIMENSIONS.get('age')!.categories.map(({ id }) => id)],
  ['looked-after-at intervention', ['received', 'refused', 'not-offered']],
  // Who is older is named where somebody is.
  ['looked-after-at age', Array.from({ length: 18 }, (_, age) => String(age))],
  ['care-leavers age', ['17', '18', '19', '20', '21']],
  ['care-leavers in_touch', ['yes', 'no', 'refu', 'nreq']],
  [
    'care-leavers accommodation_code',
    ['0', ...ACCOMMODATION_LETTERS.flatMap((letter) => [`${letter}1`, `${letter}2`])],
  ],
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

/**
 * Totals that set bounds to others, as who is looked after on a day was so in the year: each goes when one of those does
 * that it bounds. By the ids of the indicators.
 */
export const GOES_WITH: ReadonlyMap<string, readonly string[]> = new Map([
  ['cla-during-year', ['cla-count', 'cla-leavers', 'missing-children-count', 'away-children-count']],
  ['cla-leavers', ['cla-count']],
  ['missing-incidents', ['missing-children-count', 'missing-more-than-once-count']],
  ['away-incidents', ['away-children-count', 'away-more-than-once-count']],
])
