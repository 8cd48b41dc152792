import { count, type IndicatorDefinition, percentage } from '../../indicators/definition.ts'
import { deprivedOfLibertyIn } from '../../indicators/populations/adoption.ts'
import { lookedAfterAt } from '../../indicators/populations/looked-after-at.ts'
import { PLACE_DIMENSIONS } from '../../indicators/populations/places.ts'
import { quotedList } from '../../indicators/populations/quoted-list.ts'
import {
  boardPapers,
  childrenLookedAfter,
  localAuthorityTool,
  SHORT_BREAKS,
  validationRules,
} from '../../indicators/sources.ts'
import { locationIndicators } from './location-indicators.ts'
import { placementDetailIndicators } from './placement-detail-indicators.ts'
import { supplyIndicators } from './supply-indicators.ts'

const AT_DAY = 'Children looked after on the last day of the period.'
const TEMPORARY = 'A temporary stay (T0 to T4) counts as the placement that it interrupts.'

/* ---- the mix of placements ---------------------------------------------------------------------------------- */

const placed = (
  id: string,
  title: string,
  codes: string,
  polarity: IndicatorDefinition['polarity'],
  remark = '',
  headline = false,
): IndicatorDefinition =>
  percentage({
    id,
    title,
    subject: 'sufficiency',
    population: lookedAfterAt,
    numerator: `placement_code in (${quotedList(codes)})`,
    numeratorInWords: `Of them, those in a placement with code ${codes.replaceAll(' ', ', ')}.`,
    denominatorInWords: AT_DAY,
    polarity,
    definition: `Share of looked-after children: ${title.toLowerCase()}. ${TEMPORARY}${remark && ` ${remark}`}`,
    exclusions: SHORT_BREAKS,
    source: localAuthorityTool('396 to 401'),
    dimensions: [
      'age-band',
      'sex',
      'ethnicity',
      'uasc',
      'placement-provider',
      'placement-location',
      'placement-distance',
      ...PLACE_DIMENSIONS,
    ],
    lookBack: 'last-day',
    ...(headline ? { headline: true } : {}),
  })

const mix: IndicatorDefinition[] = [
  placed('placement-foster-pct', 'In foster placements', 'U1 U2 U3 U4 U5 U6', 'higher-is-better', '', true),
  placed('placement-kinship-foster-pct', 'Fostered by a relative or friend', 'U1 U2 U3', 'higher-is-better'),
  placed('placement-residential-pct', 'In secure or children’s homes', 'K1 K2', 'lower-is-better', '', true),
  placed(
    'placement-independent-or-supported-pct',
    'In independent living, semi-independent living or supported accommodation',
    'P2 H5 K3',
    'neutral',
    'H5 to 27 October 2023, K3 from 28 October 2023: the DfE warns of the break.',
    true,
  ),
  placed(
    'placement-other-residential-pct',
    'In other residential settings',
    'R1 R2 R3 R5 P3',
    'neutral',
    'R5 is a young offender institution.',
  ),
  placed('placement-residential-school-pct', 'In residential schools', 'S1', 'neutral'),
  placed(
    'placement-with-parents-pct',
    'Placed with own parents or others with parental responsibility',
    'P1',
    'neutral',
  ),
  placed('placement-adoption-pct', 'Placed for adoption', 'A3 A4 A5 A6', 'neutral'),
  placed(
    'placement-other-pct',
    'In other placements',
    'Z1 Z11 Z12 Z13 Z14',
    'lower-is-better',
    'Holds most unregistered placements since October 2023. Z1 to 2024-25, Z11 to Z14 from 2025-26.',
  ),
  count({
    id: 'placement-secure-count',
    title: 'Children in secure children’s homes',
    subject: 'sufficiency',
    population: lookedAfterAt,
    counted: `placement_code = 'K1'`,
    countedInWords: `${AT_DAY} Of them, those in a placement with code K1.`,
    polarity: 'neutral',
    definition: `Looked-after children in secure children’s homes. ${TEMPORARY}`,
    exclusions: SHORT_BREAKS,
    source: localAuthorityTool('396 to 401'),
    dimensions: ['age-band', 'sex', 'placement-location', 'placement-distance', ...PLACE_DIMENSIONS],
    lookBack: 'last-day',
  }),
  percentage({
    id: 'placement-residential-under-13-pct',
    title: 'Children under 13 in secure or children’s homes',
    subject: 'sufficiency',
    population: lookedAfterAt,
    denominator: 'age_in_years < 13',
    numerator: `placement_code in ('K1', 'K2')`,
    numeratorInWords: 'Of them, those in a placement with code K1 or K2.',
    denominatorInWords: `${AT_DAY} Of them, those under 13.`,
    polarity: 'lower-is-better',
    definition: `Share of the looked-after children under 13 who live in a secure or children’s home: most councils mean young children to live in families. The other ages are \`placement-residential-pct\` by \`age-band\`. ${TEMPORARY}`,
    exclusions: SHORT_BREAKS,
    source: boardPapers('draft sufficiency strategy'),
    dimensions: ['sex', 'uasc', 'placement-provider', 'placement-location'],
    lookBack: 'last-day',
    internalOnly: 'so few children are meant that it would be withheld nearly always.',
  }),
  count({
    id: 'under-16-supported-accommodation-count',
    title: 'Children under 16 in supported or independent accommodation',
    subject: 'sufficiency',
    population: lookedAfterAt,
    counted: `placement_code in ('P2', 'H5', 'K3') and age_in_years < 16`,
    countedInWords: `${AT_DAY} Of them, those under 16 in a placement with code P2, H5 or K3.`,
    polarity: 'lower-is-better',
    definition:
      'Looked-after children too young for the accommodation by law: must be 0. A placement returned as "other" (Z1, Z11 to Z14) for this reason can’t be told (E50): it has no URN by which a record of its provider could say so.',
    exclusions: SHORT_BREAKS,
    source: validationRules('370, 371'),
    dimensions: ['sex'],
    lookBack: 'last-day',
    headline: true,
  }),
  count({
    id: 'deprivation-of-liberty-orders-count',
    title: 'Children under a deprivation of liberty order',
    subject: 'sufficiency',
    population: deprivedOfLibertyIn,
    counted: `placement_code is distinct from 'K1'`,
    countedInWords: 'Children with a row of the DoLo table that overlaps the period.',
    polarity: 'neutral',
    definition:
      'Children under a deprivation of liberty order at some time in the period. Collected from 2026-27.',
    exclusions: 'Children in secure children’s homes (K1) as the order started.',
    source: validationRules('700 to 710'),
    dimensions: ['age-band', 'sex', 'placement-type'],
    lookBack: 'period',
    tables: ['DoLo'],
  }),
]

/* ---- who provides ------------------------------------------------------------------------------------------- */

const provided = (
  id: string,
  title: string,
  provider: string,
  code: string,
  polarity: IndicatorDefinition['polarity'],
): IndicatorDefinition =>
  percentage({
    id,
    title,
    subject: 'sufficiency',
    population: lookedAfterAt,
    numerator: `placement_provider = '${provider}'`,
    numeratorInWords: `Of them, those whose placement has the provider ${code}.`,
    denominatorInWords: AT_DAY,
    polarity,
    definition: `Share of looked-after children: ${title.toLowerCase()}. Where the return names no provider (Z codes), the child is in the denominator only.`,
    exclusions: SHORT_BREAKS,
    source: childrenLookedAfter('placement provider'),
    dimensions: ['placement-type', 'age-band', 'sex', 'placement-location', ...PLACE_DIMENSIONS],
    lookBack: 'last-day',
  })

const FOSTER = `placement_type = 'foster'`
const providers: IndicatorDefinition[] = [
  provided('provider-own-pct', 'In the authority’s own provision', 'own', 'PR1', 'higher-is-better'),
  provided('provider-other-la-pct', 'In another authority’s provision', 'other-la', 'PR2', 'neutral'),
  provided('provider-private-pct', 'In private provision', 'private', 'PR4', 'neutral'),
  provided('provider-voluntary-pct', 'In voluntary or third sector provision', 'voluntary', 'PR5', 'neutral'),
  percentage({
    id: 'in-house-foster-share-pct',
    title: 'With the authority’s own foster carers',
    subject: 'sufficiency',
    population: lookedAfterAt,
    numerator: `${FOSTER} and placement_provider = 'own'`,
    numeratorInWords: 'Of them, those fostered (U1 to U6) by the authority’s own carers (PR1).',
    denominatorInWords: AT_DAY,
    polarity: 'higher-is-better',
    definition:
      'Share of all looked-after children who are fostered by the authority’s own carers; the denominator is all of them, not those fostered.',
    exclusions: SHORT_BREAKS,
    source: boardPapers('draft sufficiency strategy'),
    switches: [
      {
        name: 'denominator',
        value: 'all looked-after children',
        meaning: 'Boards print both; the share of foster placements is 100 less ifa-share-pct and the rest.',
      },
    ],
    dimensions: ['age-band', 'sex', 'placement-location', ...PLACE_DIMENSIONS],
    lookBack: 'last-day',
  }),
  percentage({
    id: 'ifa-share-pct',
    title: 'Foster placements bought from independent agencies',
    subject: 'sufficiency',
    population: lookedAfterAt,
    denominator: FOSTER,
    numerator: `placement_provider in ('private', 'voluntary')`,
    numeratorInWords: 'Of them, those with a private or voluntary provider (PR4, PR5).',
    denominatorInWords: `${AT_DAY} Of them, those fostered (U1 to U6).`,
    polarity: 'lower-is-better',
    definition:
      'Share of fostered children whose carers are with an independent fostering agency (E49). Another authority (PR2) is none.',
    exclusions: SHORT_BREAKS,
    source: boardPapers('draft sufficiency strategy'),
    switches: [
      { name: 'agencies', value: 'PR4 and PR5', meaning: 'Private and voluntary providers together.' },
    ],
    dimensions: ['age-band', 'sex', 'placement-location', 'placement-distance', ...PLACE_DIMENSIONS],
    lookBack: 'last-day',
    headline: true,
  }),
  count({
    id: 'in-house-placements-count',
    title: 'In-house placements in use',
    subject: 'sufficiency',
    population: lookedAfterAt,
    counted: `placement_provider = 'own'`,
    countedInWords: `${AT_DAY} Of them, those in a placement with the provider PR1.`,
    polarity: 'higher-is-better',
    definition: 'Placements of the authority’s own provision with a child in them on the last day.',
    exclusions: SHORT_BREAKS,
    source: boardPapers('draft sufficiency strategy'),
    dimensions: ['placement-type', 'placement-location', ...PLACE_DIMENSIONS],
    lookBack: 'last-day',
  }),
]

/** Where children live, in what kind of home, whose, and how far from their own; and what homes there are. */
export const sufficiencyIndicators: readonly IndicatorDefinition[] = [
  ...mix,
  ...providers,
  ...locationIndicators,
  ...placementDetailIndicators,
  ...supplyIndicators,
]
