import { count, type DeclaredRow, type PublishedTable, table, target, type Wording } from './declaration.ts'
import { LOOKED_AFTER } from './publications.ts'

const DURING = 'Children looked after during the year'

/** A row that is a percentage itself: until 2022 it stood in the column of the numbers. */
const percentageRow = (indicator: string, wording: Wording, numerator: string): DeclaredRow[] => [
  { categories: [wording], is: { count: [target(indicator)], percent: [target(indicator)] } },
  { categories: [numerator], is: { count: [target(indicator, 'numerator')] } },
  { categories: [DURING], is: { count: [target(indicator, 'denominator')] }, isTotal: true },
]

/** An average for each child who went. */
const perChild = (
  indicator: string,
  words: readonly string[],
  incidents: string,
  children: string,
): DeclaredRow[] => [
  { categories: [words], is: { count: [target(indicator)], average: [target(indicator)] } },
  { categories: [incidents], is: { count: [target(indicator, 'numerator')] } },
  { categories: [children], is: { count: [target(indicator, 'denominator')] } },
]

const MISSING = 'Children who had a missing incident during the year'
const INCIDENTS = 'Number of missing incidents during the year'
const AWAY = 'Children who were away from placement without authorisation during the year'
const AWAY_INCIDENTS = 'Number of away from placement without authorisation incidents during the year'

// The incidents were seen in a file of the release of 2022, and the children in work that reads it. The averages were
// not seen, nor how many were away more than once and on 31 March: they are in words that follow those seen.
export const missing: readonly PublishedTable[] = [
  table(LOOKED_AFTER, 'la_children_who_were_missing_or_away_from_placement_without_authorisation', [
    { ...count('cla-during-year', [DURING]), isTotal: true },
    count('missing-incidents', [INCIDENTS]),
    count('missing-children-count', [MISSING]),
    ...percentageRow(
      'missing-children-pct',
      'Percentage of children who had a missing incident during the year',
      MISSING,
    ),
    count('missing-more-than-once-count', ['Children who went missing more than once during the year']),
    count('missing-at-31-march', [['Children missing at 31 March', 'Children missing on 31 March']]),
    ...perChild(
      'missing-incidents-per-missing-child',
      [
        'Average number of missing incidents per looked after child who went missing',
        'Average number of incidents per missing child',
        'Average number of missing incidents per missing child',
      ],
      INCIDENTS,
      MISSING,
    ),
    count('away-incidents', [AWAY_INCIDENTS]),
    count('away-children-count', [AWAY]),
    ...percentageRow(
      'away-children-pct',
      'Percentage of children who were away from placement without authorisation during the year',
      AWAY,
    ),
    count('away-more-than-once-count', [
      [
        'Children who were away from placement without authorisation more than once during the year',
        'Children who were away without authorisation more than once during the year',
      ],
    ]),
    count('away-at-31-march', [
      [
        'Children away from placement without authorisation at 31 March',
        'Children away from placement without authorisation on 31 March',
      ],
    ]),
    ...perChild(
      'away-incidents-per-away-child',
      [
        'Average number of away incidents per looked after child who was away from placement without authorisation',
        'Average number of away from placement without authorisation incidents per child away',
      ],
      AWAY_INCIDENTS,
      AWAY,
    ),
  ]),
]
