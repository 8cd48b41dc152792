import { count, type IndicatorDefinition, percentage, type Switch } from '../../indicators/definition.ts'
import { lookedAfterAt } from '../../indicators/populations/looked-after-at.ts'
import { newPlacementsIn } from '../../indicators/populations/placement-events.ts'
import {
  childrenLookedAfter,
  localAuthorityTool,
  SHORT_BREAKS,
  validationRules,
} from '../../indicators/sources.ts'

const AT_DAY = 'Children looked after on the last day of the period.'

const boundaries: readonly Switch[] = [
  {
    name: 'boundaries',
    value: 'today',
    meaning:
      'The authority of a postcode is today’s; of a merged authority, those that took its place. The dimension placement-authority-relation-of-the-day has it by the boundaries of the day.',
  },
]
const UNKNOWN = 'A distance that is not known is in the denominator only (E46).'
const FROM_HOME =
  'Miles in a straight line from the postcode from which the child was first placed, rounded to one decimal (E44).'

const REGULATION_11 = {
  title: 'Care Planning, Placement and Case Review (England) Regulations 2010',
  year: 2010,
  part: 'regulation 11',
} as const

const located = (
  id: string,
  title: string,
  numerator: string,
  inWords: string,
  definition: string,
  source: IndicatorDefinition['source'],
  headline = false,
  polarity: IndicatorDefinition['polarity'] = 'lower-is-better',
): IndicatorDefinition =>
  percentage({
    id,
    title,
    subject: 'sufficiency',
    population: lookedAfterAt,
    numerator,
    numeratorInWords: `Of them, those ${inWords}.`,
    denominatorInWords: AT_DAY,
    polarity,
    definition,
    exclusions: SHORT_BREAKS,
    source,
    switches: boundaries,
    dimensions: ['age-band', 'sex', 'ethnicity', 'uasc', 'placement-type', 'placement-provider'],
    lookBack: 'last-day',
    reference: ['postcodes'],
    ...(headline ? { headline: true } : {}),
  })

const elsewhere = (
  id: string,
  title: string,
  counted: string,
  inWords: string,
  definition: string,
  further: IndicatorDefinition['dimensions'] = [],
): IndicatorDefinition =>
  count({
    id,
    title,
    subject: 'sufficiency',
    population: lookedAfterAt,
    counted,
    countedInWords: `${AT_DAY} Of them, those whose placement’s postcode lies ${inWords}.`,
    polarity: 'neutral',
    definition: `${definition} Where the postcodes loaded do not hold one, its area tells where that lies wholly outside England; of an area that reaches over the border, and of British Forces post, it is not known.`,
    exclusions: SHORT_BREAKS,
    source: validationRules('218'),
    dimensions: ['age-band', 'sex', 'placement-type', ...further],
    lookBack: 'last-day',
    reference: ['postcodes'],
  })

/** Where children live: in the authority, next to it or elsewhere, and how far from their own home. */
export const locationIndicators: readonly IndicatorDefinition[] = [
  located(
    'placed-over-20-miles-pct',
    'Placed more than 20 miles from home',
    `placement_distance = 'over-20-miles'`,
    'placed more than 20.0 miles from home',
    `Share of looked-after children placed more than 20 miles from home, in the authority or not (E45). ${FROM_HOME} ${UNKNOWN}`,
    childrenLookedAfter('placement distance'),
    true,
  ),
  located(
    'placed-over-20-miles-and-outside-la-pct',
    'Placed more than 20 miles from home and outside the authority',
    `placement_distance = 'over-20-miles' and placement_location = 'outside'`,
    'placed more than 20.0 miles from home and outside the authority',
    `Share of looked-after children placed more than 20 miles from home and outside the authority (E45). ${FROM_HOME} ${UNKNOWN}`,
    localAuthorityTool('87'),
    true,
  ),
  percentage({
    id: 'placed-over-20-miles-of-known-pct',
    title: 'Placed more than 20 miles from home, of those whose distance is known',
    subject: 'sufficiency',
    population: lookedAfterAt,
    denominator: `placement_distance <> 'not-known'`,
    numerator: `placement_distance = 'over-20-miles'`,
    numeratorInWords: 'Of them, those placed more than 20.0 miles from home.',
    denominatorInWords: `${AT_DAY} Of them, those whose distance from home is known.`,
    polarity: 'lower-is-better',
    definition: `Share of looked-after children placed more than 20 miles from home, in the authority or not, of those for whom that can be told (E45). ${FROM_HOME} The official share, placed-over-20-miles-pct, has the others in its denominator, and is lower the more of them there are.`,
    exclusions: `${SHORT_BREAKS} Children whose distance from home is not known.`,
    source: childrenLookedAfter('placement distance'),
    switches: [
      { name: 'denominator', value: 'distance known', meaning: 'Left out are those whose distance is not.' },
    ],
    dimensions: ['age-band', 'sex', 'ethnicity', 'uasc', 'placement-type', 'placement-provider'],
    lookBack: 'last-day',
    reference: ['postcodes'],
  }),
  located(
    'placed-outside-la-pct',
    'Placed outside the authority',
    `placement_location = 'outside'`,
    'whose placement’s postcode lies in another authority, or in Wales, Scotland or Northern Ireland',
    'Share of looked-after children placed outside the authority’s boundary.',
    childrenLookedAfter('placement location'),
    true,
  ),
  located(
    'placed-adjoining-pct',
    'Placed in an adjoining authority',
    `placement_authority_relation = 'adjoining'`,
    'whose placement’s postcode lies in an authority of England that borders on their own',
    'Share of looked-after children placed outside the authority’s boundary, but next to it: out of area, and not at a distance (E47).',
    REGULATION_11,
    false,
    'neutral',
  ),
  located(
    'placed-at-a-distance-pct',
    'Placed at a distance',
    `placement_authority_relation in ('at-a-distance', 'outside-england', 'outside-uk') and at_a_distance`,
    'placed in an authority that is neither their own nor next to it',
    'Share of looked-after children placed outside the authority and the authorities that border on it (E47), which a director must approve. A council of Wales or Scotland that borders on the authority by land is an adjoining one; where only the country of a placement is known, and one of its councils adjoins, it is in the denominator only.',
    REGULATION_11,
  ),
  located(
    'placement-distance-not-known-pct',
    'Placed at a distance from home that is not known',
    `placement_distance = 'not-known'`,
    'without a postcode of home or placement, or with one that is not known',
    'Share of looked-after children whose distance from home can’t be told. Unaccompanied asylum-seeking children have no postcode of a home.',
    childrenLookedAfter('placement distance'),
  ),
  elsewhere(
    'cla-placed-overseas-count',
    'Children placed outside England',
    `placement_authority_relation in ('outside-england', 'outside-uk')`,
    'in Wales, Scotland, Northern Ireland or outside the United Kingdom',
    'Looked-after children placed outside England, in the United Kingdom or not; by placement-authority-relation it is told apart.',
    ['placement-authority-relation'],
  ),
  elsewhere(
    'cla-placed-outside-uk-count',
    'Children placed outside the United Kingdom',
    `placement_authority_relation = 'outside-uk'`,
    'in the Channel Islands, the Isle of Man, Gibraltar or another overseas territory',
    'Looked-after children placed outside the United Kingdom, as far as a postcode of the return’s form can say so: of a placement abroad without one it is not known where it is.',
  ),
  percentage({
    id: 'new-placements-outside-over-20-pct',
    title: 'New placements outside the authority and more than 20 miles from home',
    subject: 'sufficiency',
    population: newPlacementsIn,
    numerator: `placement_distance = 'over-20-miles' and placement_location = 'outside'`,
    numeratorInWords: 'Of them, those outside the authority and more than 20.0 miles from home.',
    denominatorInWords: 'Placements that started in the period, as new-placements counts them.',
    polarity: 'lower-is-better',
    definition: `Share of the placements that started in the period, not of the children placed at its end. ${FROM_HOME} ${UNKNOWN}`,
    exclusions: 'As new-placements.',
    source: childrenLookedAfter('new placements by locality and distance'),
    switches: boundaries,
    dimensions: ['age-band', 'sex', 'placement-type', 'placement-provider'],
    lookBack: 'period',
    reference: ['postcodes'],
  }),
]
