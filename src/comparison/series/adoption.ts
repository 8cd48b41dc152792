import { figure, notOurs, type PublishedTable, table } from './declaration.ts'
import { LOOKED_AFTER } from './publications.ts'

const BY_AGE = 'Age on starting final period of care'
const AGES = ['Aged under 1', ...[1, 2, 3, 4, 5, 6].map((age) => `Aged ${age}`), 'Aged 7 and over']

/** The published stages; durations are in months. */
const STAGES: readonly (readonly [wording: string, indicator: string | null])[] = [
  [
    'Average time between entry into care and decision that child should be placed for adoption',
    'adoption-stage-decision-months',
  ],
  [
    'Average time between decision that child should be placed for adoption and matching of child and adopters',
    'adoption-stage-match-months',
  ],
  ['Average time between date of matching and date placed for adoption', 'adoption-stage-placement-months'],
  ['Total average time between entry into care and date placed for adoption', null],
  ['Average time between date placed for adoption and the date child adopted', 'adoption-stage-order-months'],
  ['Total average time between entry into care and adoption', 'adoption-stage-months'],
  [
    'Children adopted who were placed for adoption within 12 months of the LA decision to place the child for adoption',
    'adopted-placed-within-12-months-count',
  ],
]

const NO_MONTHS =
  'no indicator is in months from entry to placement: ours (adoption-a1-days-in-year) counts days'
const OTHER_AGE = 'by the age on starting the last period of care; ours is the age on being adopted'

// Seen in a file, every row of it; England only.
export const adoption: readonly PublishedTable[] = [
  table(LOOKED_AFTER, 'national_cla_adopted_average_time_between_adoption_process_stages', [
    ...STAGES.map(([wording, indicator]) =>
      indicator === null
        ? notOurs([BY_AGE, wording, 'Total'], NO_MONTHS)
        : figure(indicator, [BY_AGE, wording, 'Total']),
    ),
    ...STAGES.flatMap(([wording]) => AGES.map((age) => notOurs([BY_AGE, wording, age], OTHER_AGE))),
  ]),
]
