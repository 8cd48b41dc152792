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

/** Rows of a population that meet a condition. */
interface SomeRows {
  readonly population: string
  readonly where?: string
}

/**
 * Numbers that together are never more than others are, by what the definitions say of the same children; and the columns
 * by which that holds in each category too, for a child is in the same one wherever it is counted.
 */
export interface NeverMore {
  readonly less: readonly SomeRows[]
  readonly more: readonly SomeRows[]
  readonly by: readonly string[]
}

const FOR_GOOD = ['sex', 'ethnicity_code']
const ON_LAST_DAY = { population: 'looked-after-at' }
const IN_PERIOD = { population: 'looked-after-during', where: 'had_care' }
const IN_CARE_BEFORE = { population: 'looked-after-at', where: 'in_care_the_year_before' }

const STAYS = { population: 'looked-after-twelve-months', where: 'leaves_on_last_day is not true' }
const MISUSE = { population: 'looked-after-twelve-months', where: "substance_misuse = '1'" }
/** What a child is on the last day, in whichever figure of that day. */
const OF_THE_DAY = [
  ...FOR_GOOD,
  'age',
  'uasc',
  'placement_code',
  'legal_status_code',
  'placement_provider',
  'placement_location',
  'placement_distance',
  'time_in_care',
  'category_of_need',
]

export const NEVER_MORE: readonly NeverMore[] = [
  // Who is looked after on the last day was so in the period, and who was so and no longer is has left.
  { less: [ON_LAST_DAY], more: [IN_PERIOD], by: [...FOR_GOOD, 'age', 'uasc'] },
  { less: [IN_PERIOD], more: [ON_LAST_DAY, { population: 'leavers' }], by: FOR_GOOD },
  // A child who was missing has an incident, one who was so more than once has two.
  ...(
    [
      ['missing', 'M'],
      ['away', 'A'],
    ] as const
  ).flatMap(([kind, letter]): NeverMore[] => {
    const incidents = { population: 'missing-incidents', where: `incident_kind = '${letter}'` }
    const once = { population: 'looked-after-during', where: `had_care and incidents_${kind} >= 1` }
    const twice = { population: 'looked-after-during', where: `had_care and incidents_${kind} >= 2` }
    return [
      { less: [once, twice], more: [incidents], by: FOR_GOOD },
      { less: [once], more: [incidents], by: FOR_GOOD },
      {
        less: [{ population: 'missing-at', where: `incident_kind = '${letter}'` }],
        more: [once],
        by: FOR_GOOD,
      },
    ]
  }),
  // Three placements in one year are three in two years, of those who were in care that long.
  {
    less: [{ population: 'looked-after-at', where: 'placements_in_year >= 3' }, IN_CARE_BEFORE],
    more: [
      { population: 'looked-after-at', where: 'placements_in_two_years >= 3 and in_care_the_year_before' },
      ON_LAST_DAY,
    ],
    by: OF_THE_DAY,
  },
  // Of the children of twelve months, who does not leave on the last day is looked after on it.
  { less: [STAYS], more: [ON_LAST_DAY], by: OF_THE_DAY },
  {
    less: [{ ...STAYS, where: `${STAYS.where} and placements_in_year >= 3` }],
    more: [{ population: 'looked-after-at', where: 'placements_in_year >= 3' }],
    by: OF_THE_DAY,
  },
  {
    less: [{ population: 'looked-after-at', where: 'placements_in_year >= 3' }, STAYS],
    more: [ON_LAST_DAY, { ...STAYS, where: `${STAYS.where} and placements_in_year >= 3` }],
    by: OF_THE_DAY,
  },
  // Help against substance misuse is taken, refused or not offered.
  {
    less: [
      { ...MISUSE, where: `${MISUSE.where} and intervention_received = '1'` },
      {
        ...MISUSE,
        where: `${MISUSE.where} and intervention_received is distinct from '1' and intervention_offered = '1'`,
      },
    ],
    more: [MISUSE],
    by: OF_THE_DAY,
  },
  // A child of whom a review was late, and the reviews that were late.
  {
    less: [{ population: 'children-with-reviews-due' }],
    more: [{ population: 'reviews-due' }],
    by: FOR_GOOD,
  },
  {
    less: [{ population: 'reviews-due', where: 'on_time' }, { population: 'children-with-reviews-due' }],
    more: [
      { population: 'reviews-due' },
      { population: 'children-with-reviews-due', where: 'reviews_on_time = reviews_due' },
    ],
    by: FOR_GOOD,
  },
  // Who was adopted in the year was so in the three years that end with it.
  {
    less: [{ population: 'adopted', where: 'days_to_placement is not null' }],
    more: [{ population: 'adopted-in-three-years', where: 'days_to_placement is not null' }],
    by: FOR_GOOD,
  },
]

/** All the values that a column has in a population, where that is fewer than its dimension knows. */
export const ONLY_VALUES: ReadonlyMap<string, readonly string[]> = new Map([
  // Not to be left open: a category that nobody else is in is the total.
  ['looked-after-during age_when_missing', DIMENSIONS.get('age')!.categories.map(({ id }) => id)],
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
