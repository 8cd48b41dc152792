import { notOurs, type PublishedTable, percentage, table } from './declaration.ts'
import { LOOKED_AFTER, STABILITY } from './publications.ts'

const ON_31_MARCH = 'CLA on 31 March'
const TWO_YEARS = 'CLA 2 years on 31 March'
const ALL_YEAR = 'CLA 12 months on 31 March'
const LONG_IN_CARE =
  'Children looked after continuously for at least 2.5 years on 31 March aged under 16 years'
const CHILDREN = 'Total children'
const NOT_MEASURED = 'no indicator counts the children with this many placements'

export const stability: readonly PublishedTable[] = [
  table(LOOKED_AFTER, 'la_cla_placement_stability', [
    // Seen in a file.
    ...percentage(
      'three-plus-placements-pct',
      [ON_31_MARCH, 'With 3 or more placements during the year'],
      [ON_31_MARCH, CHILDREN],
    ),
    ...percentage(
      'three-plus-placements-two-years-pct',
      [TWO_YEARS, 'With 3 or more placements during the previous 2 years'],
      [TWO_YEARS, CHILDREN],
    ),
    ...percentage(
      'same-carer-two-years-pct',
      // Until the release of 2022 it was called the same placement; what is counted is the same.
      [
        LONG_IN_CARE,
        [
          'Living with the same carer for at least 2 years',
          'Living in the same placement for at least 2 years',
        ],
      ],
      [LONG_IN_CARE, CHILDREN],
    ),
    // Not seen in a file of authorities: the national file names the group of the whole year, in words taken from there.
    ...percentage(
      'three-plus-placements-12-months-pct',
      [ALL_YEAR, 'With 3 or more placements during the year'],
      [ALL_YEAR, CHILDREN],
    ),
    ...percentage(
      'one-placement-in-two-years-pct',
      [TWO_YEARS, 'With 1 placement during the previous 2 years'],
      [TWO_YEARS, CHILDREN],
    ),
    notOurs([ON_31_MARCH, 'With 1 placement during the year'], NOT_MEASURED),
    notOurs([ON_31_MARCH, 'With 2 placements during the year'], NOT_MEASURED),
    notOurs([TWO_YEARS, 'With 2 placements during the previous 2 years'], NOT_MEASURED),
  ]),
  table(STABILITY, 'la_cla_swcount', [
    // Seen in a file. Its children are those with data on their social workers, not all who are looked after.
    ...percentage(
      'three-plus-social-workers-pct',
      [ON_31_MARCH, '3 or more social workers during the year'],
      [ON_31_MARCH, CHILDREN],
    ),
    // Not seen.
    notOurs(
      [TWO_YEARS, '3 or more social workers during the previous 2 years'],
      'no indicator counts social workers over two years',
    ),
  ]),
  table(STABILITY, 'la_cla_school_moves', [
    // Seen in a file; until the release of 2022 it was in the publication of the children looked after.
    ...percentage(
      'any-school-move-pct',
      [ON_31_MARCH, 'Any moves', 'With one or more moves during the year'],
      [ON_31_MARCH, 'Any moves', CHILDREN],
    ),
    ...percentage(
      'mid-year-school-move-pct',
      [ON_31_MARCH, 'Mid-year moves', 'With one or more mid-year moves during the year'],
      [ON_31_MARCH, 'Mid-year moves', CHILDREN],
    ),
    ...[
      ['Any moves', 'With one or more moves during the previous 2 years'],
      ['Mid-year moves', 'With one or more mid-year moves during the previous 2 years'],
      ['Any moves', CHILDREN],
      ['Mid-year moves', CHILDREN],
    ].map((words) => notOurs([TWO_YEARS, ...words], 'no indicator counts school moves over two years')),
  ]),
]
