import { type IndicatorDefinition, percentage, type Switch } from '../../indicators/definition.ts'
import { independentVisitorsAt } from '../../indicators/populations/independent-visitors.ts'
import { childrenWithReviewsDueIn, reviewsDueIn, reviewsIn } from '../../indicators/populations/reviews.ts'
import { statutoryVisitsAt, statutoryVisitsIn } from '../../indicators/populations/statutory-visits.ts'
import { annexA, boardPapers, carePlanningRegulations, SHORT_BREAKS } from '../../indicators/sources.ts'

const TIMES =
  'Due: the first within 20 working days of the start of care (England’s bank holidays), the second within three months of the first, each later one within six months of the one before; only while the child is looked after (E58).'
const switches: readonly Switch[] = [
  {
    name: 'firstReviewOfEarlierPeriods',
    value: 'not judged',
    meaning:
      'Of a period of care that began before the first return held, the first review known is not judged, and the next is due six months after it.',
  },
]

/** Whether children are reviewed and visited in time, take part, and have a visitor of their own. */
export const reviewsIndicators: readonly IndicatorDefinition[] = [
  percentage({
    id: 'reviews-on-time-children-pct',
    title: 'Children whose reviews were all on time',
    subject: 'reviews',
    population: childrenWithReviewsDueIn,
    numerator: 'reviews_on_time = reviews_due',
    numeratorInWords: 'Of them, those of whom every review due in the period was held by its day.',
    denominatorInWords: 'Children with a review due in the period.',
    polarity: 'higher-is-better',
    definition: `Share of children whose reviews were all on time. ${TIMES}`,
    exclusions: SHORT_BREAKS,
    source: boardPapers('reviews on time; the DfE no longer publishes it'),
    switches,
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'two-years',
    tables: ['Reviews'],
    headline: true,
  }),
  percentage({
    id: 'reviews-on-time-reviews-pct',
    title: 'Reviews held on time',
    subject: 'reviews',
    population: reviewsDueIn,
    numerator: 'on_time',
    numeratorInWords: 'Of them, those held by their day.',
    denominatorInWords: 'Reviews due in the period.',
    polarity: 'higher-is-better',
    definition: `Share of reviews held on time; counts reviews, not children. ${TIMES}`,
    exclusions: SHORT_BREAKS,
    source: boardPapers('reviews on time; the DfE no longer publishes it'),
    switches,
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'two-years',
    tables: ['Reviews'],
  }),
  percentage({
    id: 'review-participation-pct',
    title: 'Children taking part in their review',
    subject: 'reviews',
    population: reviewsIn,
    denominator: `review_participation <> 'pn0'`,
    numerator: `review_participation <> 'pn7'`,
    numeratorInWords: 'Of them, those in which the child took part in some way (PN1 to PN6).',
    denominatorInWords: 'Reviews in the period of children aged 4 and over (PN1 to PN7).',
    polarity: 'higher-is-better',
    definition:
      'Share of reviews in which the child took part (E61); counts reviews of children looked after on the day.',
    exclusions: `${SHORT_BREAKS} Reviews of children under 4 (PN0).`,
    source: boardPapers('participation in reviews'),
    switches: [
      {
        name: 'attendsWithoutContribution',
        value: 'takes part',
        meaning: 'PN4, a child who attends and says nothing, counts as taking part.',
      },
    ],
    dimensions: ['age-band', 'sex', 'ethnicity', 'review-participation'],
    lookBack: 'period',
    tables: ['Reviews'],
    headline: true,
  }),
  percentage({
    id: 'visits-on-time-pct',
    title: 'Children visited in time',
    subject: 'reviews',
    population: statutoryVisitsAt,
    numerator: 'visit_on_time',
    numeratorInWords:
      'Of them, those whose placement started at most a week before, and those visited in their placement within the six weeks before.',
    denominatorInWords: 'Children looked after on the last day of the period.',
    polarity: 'higher-is-better',
    definition:
      'Share of children whose latest statutory visit, on or before the last day of the period, lies within the interval of regulation 28: within one week of the start of the placement, then at intervals of not more than six weeks (E59). A visit in an earlier placement is none in this one. From the records `statutory-visits`.',
    exclusions: SHORT_BREAKS,
    source: carePlanningRegulations('regulation 28'),
    switches: [
      {
        name: 'intervalAfterFirstYear',
        value: 'six weeks',
        meaning:
          'After the first year three months are enough where the placement is meant to last to 18. No record says so, so six weeks are asked of all.',
      },
      {
        name: 'interimOrderAtHome',
        value: 'as all others',
        meaning:
          'The shorter intervals for a child under an interim order who lives with a parent are not applied.',
      },
      {
        name: 'childNotSeen',
        value: 'counts as a visit',
        meaning: 'A visit on which the child was not seen is a visit; visits-seen-alone-pct tells how many.',
      },
    ],
    dimensions: [
      'age-band',
      'sex',
      'ethnicity',
      'placement-type',
      'placement-provider',
      'placement-location',
    ],
    lookBack: 'last-day',
    records: ['statutory-visits'],
  }),
  percentage({
    id: 'visits-seen-alone-pct',
    title: 'Statutory visits on which the child was seen alone',
    subject: 'reviews',
    population: statutoryVisitsIn,
    numerator: 'seen and seen_alone',
    numeratorInWords: 'Of them, those on which the child was seen alone.',
    denominatorInWords: 'Statutory visits on record in the period.',
    polarity: 'higher-is-better',
    definition:
      'Share of visits on which the child was seen alone; counts visits, not children. A visit of which that is not said counts as one on which the child was not.',
    exclusions: 'None: also visits of children under school age.',
    source: annexA('list 8'),
    dimensions: ['age-band', 'age', 'sex', 'ethnicity'],
    lookBack: 'period',
    records: ['statutory-visits'],
  }),
  percentage({
    id: 'independent-visitor-take-up',
    title: 'Children matched with an independent visitor, of those offered one',
    subject: 'reviews',
    population: independentVisitorsAt,
    denominator: 'visitor_offered',
    numerator: 'visitor_matched',
    numeratorInWords: 'Of them, those matched with one by the last day of the period.',
    denominatorInWords:
      'Children looked after on the last day of the period to whom an independent visitor was offered by then.',
    polarity: 'higher-is-better',
    definition:
      'Share of the looked-after children to whom an independent visitor was offered who were matched with one. Counts children: of several offers one is enough. From the records `independent-visitors`.',
    exclusions: `${SHORT_BREAKS} Offers and matches that had ended before the period.`,
    source: boardPapers('independent visitors'),
    dimensions: ['age-band', 'sex', 'ethnicity', 'placement-type', 'placement-location'],
    lookBack: 'last-day',
    records: ['independent-visitors'],
  }),
]
