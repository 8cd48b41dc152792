import { count, type IndicatorDefinition, percentage } from '../../indicators/definition.ts'
import { lookedAfterAt } from '../../indicators/populations/looked-after-at.ts'
import { lookedAfterTwelveMonths } from '../../indicators/populations/looked-after-twelve-months.ts'
import { starters } from '../../indicators/populations/starters.ts'
import { boardPapers, childrenLookedAfter, SHORT_BREAKS } from '../../indicators/sources.ts'

const EXCLUSIONS = 'Children not looked after continuously for twelve months; short breaks in the year.'

/** Children in trouble with the law, and in custody. */
export const justiceIndicators: readonly IndicatorDefinition[] = [
  percentage({
    id: 'convicted-or-cautioned-pct',
    title: 'Convicted or subject to a youth caution',
    subject: 'justice',
    population: lookedAfterTwelveMonths,
    denominator: 'age_in_years between 10 and 17',
    numerator: `convicted = '1'`,
    numeratorInWords: 'Of them, those with CONVICTED = 1.',
    denominatorInWords:
      'Children looked after continuously for at least twelve months on 31 March, aged 10 to 17.',
    polarity: 'lower-is-better',
    definition: 'Share convicted or subject to a youth caution during the year (E53).',
    exclusions: EXCLUSIONS,
    source: childrenLookedAfter('offending (OC2)'),
    dimensions: ['sex', 'ethnicity', 'placement-type'],
    lookBack: 'year',
    annual: true,
    tables: ['OC2'],
    headline: true,
  }),
  percentage({
    id: 'childrens-home-offending-pct',
    title: 'Convicted or subject to a youth caution, of those in children’s homes',
    subject: 'justice',
    population: lookedAfterTwelveMonths,
    denominator: `placement_code = 'K2' and age_in_years between 10 and 17`,
    numerator: `convicted = '1'`,
    numeratorInWords: 'Of them, those with CONVICTED = 1.',
    denominatorInWords:
      'Children looked after continuously for at least twelve months on 31 March, aged 10 to 17, in a children’s home (K2).',
    polarity: 'lower-is-better',
    definition:
      'Share of the children in children’s homes who were convicted or subject to a youth caution during the year. Other contact with youth justice is not in the return.',
    exclusions: EXCLUSIONS,
    source: boardPapers('children’s homes and youth justice'),
    dimensions: ['sex'],
    lookBack: 'year',
    annual: true,
    tables: ['OC2'],
  }),
  count({
    id: 'cla-in-custody-count',
    title: 'Looked-after children in custody',
    subject: 'justice',
    population: lookedAfterAt,
    counted: `placement_code = 'R5' or legal_status_code = 'J1'`,
    countedInWords:
      'Children looked after on the last day of the period in a young offender institution (R5) or on remand (J1).',
    polarity: 'lower-is-better',
    definition:
      'Looked-after children in custody. A child under a care order stays looked after in custody; one accommodated under section 20 ceases to be.',
    exclusions: SHORT_BREAKS,
    source: {
      title: 'Department for Education, guide to the SSDA903 collection, placement and legal status codes',
      year: 2025,
    },
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'last-day',
  }),
  count({
    id: 'remand-starters-count',
    title: 'Children who became looked after by remand',
    subject: 'justice',
    population: starters,
    counted: `legal_status_code = 'J1'`,
    countedInWords: 'Children who started to be looked after in the period with legal status J1.',
    polarity: 'neutral',
    definition:
      'Children who became looked after because a court remanded them. First occasion in the period.',
    exclusions: SHORT_BREAKS,
    source: childrenLookedAfter('starters by legal status'),
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'period',
  }),
]
