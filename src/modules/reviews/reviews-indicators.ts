import { type IndicatorDefinition, percentage, type Switch } from '../../indicators/definition.ts'
import { childrenWithReviewsDueIn, reviewsDueIn, reviewsIn } from '../../indicators/populations/reviews.ts'
import { boardPapers, SHORT_BREAKS } from '../../indicators/sources.ts'

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

/** Whether reviews are held in time, and whether children take part in them. */
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
]
