import { type IndicatorDefinition, mean, ratio } from '../../indicators/definition.ts'
import { commissionedBedsAt } from '../../indicators/populations/commissioned-beds.ts'
import {
  bedsInAreaAt,
  childrenInHomesAt,
  childrensHomesInAreaAt,
  homesOfUnknownAreaAt,
  homesUsedAt,
  inHousePlacesAt,
  ownChildrensHomesAt,
  ownHomesWithChildrenAt,
} from '../../indicators/populations/homes.ts'
import { homeMonthsIn } from '../../indicators/populations/regulation-44.ts'
import {
  boardPapers,
  childrensHomesRegulations,
  providersAndPlaces,
  SHORT_BREAKS,
} from '../../indicators/sources.ts'
import {
  AREA,
  AREA_NOT_KNOWN,
  counted,
  DESCRIBED,
  inPeriodHoldingOn,
  OWN_HOMES,
  onLastDay,
  shareOf,
  TERMS,
} from './supply-definitions.ts'

const REGISTER = onLastDay('providers')

const homes: IndicatorDefinition[] = [
  counted(REGISTER, {
    id: 'childrens-homes-in-area-count',
    title: 'Children’s homes in the area',
    population: childrensHomesInAreaAt,
    countedInWords:
      'Children’s homes and secure children’s homes in the authority’s area, registered with Ofsted on the last day of the period.',
    definition: `Whoever runs them and whoever places children in them. ${AREA}`,
    exclusions: AREA_NOT_KNOWN,
    source: providersAndPlaces('children’s homes'),
    switches: [DESCRIBED],
    dimensions: ['provider-type', 'provider-sector', 'home-size', 'judgement'],
    headline: true,
  }),
  counted(REGISTER, {
    id: 'small-children-homes-count',
    title: 'In-house homes with four or fewer beds',
    population: ownChildrensHomesAt,
    counted: 'capacity <= 4',
    countedInWords: 'The authority’s own registered children’s homes for at the most four children.',
    polarity: 'higher-is-better',
    definition: 'Small homes of the authority, secure ones among them.',
    exclusions: 'Homes without a recorded capacity.',
    source: boardPapers('small children’s homes'),
    switches: [DESCRIBED, OWN_HOMES],
  }),
  counted(REGISTER, {
    id: 'own-childrens-homes-count',
    title: 'In-house children’s homes',
    population: ownChildrensHomesAt,
    countedInWords: 'The authority’s own children’s homes, registered on the last day of the period.',
    definition: 'Homes of the authority, secure ones among them, by size and judgement.',
    exclusions: 'None.',
    source: providersAndPlaces('children’s homes by sector'),
    switches: [DESCRIBED, OWN_HOMES],
    dimensions: ['home-size', 'judgement'],
  }),
  counted(REGISTER, {
    id: 'beds-in-area-count',
    title: 'Beds in the area',
    population: bedsInAreaAt,
    countedInWords:
      'Beds of the children’s homes, secure homes, supported accommodation and residential special schools in the authority’s area.',
    definition: `Registered capacity, whether it is used or not and by whomever. ${AREA}`,
    exclusions: `Homes without a recorded capacity. ${AREA_NOT_KNOWN}`,
    source: providersAndPlaces('places'),
    switches: [DESCRIBED],
    dimensions: ['provider-type', 'provider-sector', 'judgement'],
    headline: true,
  }),
  counted(REGISTER, {
    id: 'homes-area-not-known-count',
    title: 'Homes whose area is not known',
    population: homesOfUnknownAreaAt,
    countedInWords:
      'Registered homes with beds whose record names no authority, and whose postcode is missing or not held.',
    polarity: 'lower-is-better',
    definition:
      'Homes that are in no figure of the area: name their authority, or load the postcodes (PUT /v1/reference/postcodes).',
    exclusions: 'Homes in a known area, this one or another.',
    source: providersAndPlaces('local authority of the setting'),
    switches: [DESCRIBED],
    dimensions: ['provider-type'],
  }),
  counted(onLastDay('providers', 'fostering-households'), {
    id: 'in-house-places-count',
    title: 'In-house places',
    population: inHousePlacesAt,
    countedInWords:
      'Beds of the authority’s own children’s homes, and approved places of its own mainstream foster carers.',
    polarity: 'higher-is-better',
    definition:
      'For how many children the authority has places of its own; in-house-placements-count has how many are in use.',
    exclusions:
      'Places of family and friends, which are for named children; supported lodgings; homes without a recorded capacity.',
    source: boardPapers('in-house capacity'),
    switches: [DESCRIBED, OWN_HOMES, TERMS],
    dimensions: ['provider-type'],
  }),
]

const OF_CHILDREN = 'Children looked after on the last day of the period in placements K1 and K2'
const MET =
  'A placement meets its home by the URN of the return; children-in-homes-not-on-record-pct says how many do not.'

const used: IndicatorDefinition[] = [
  ratio({
    ...REGISTER,
    id: 'own-homes-occupancy-pct',
    title: 'Occupancy of in-house children’s homes',
    population: ownHomesWithChildrenAt,
    unit: 'percentage',
    decimals: 0,
    measure: 'children',
    divisor: 'capacity',
    numeratorInWords:
      'Looked-after children of the authority who live in one of them by the URN of their placement.',
    denominatorInWords: 'Beds of the authority’s own registered children’s homes.',
    polarity: 'neutral',
    definition:
      'How far the authority’s own homes are filled with its own children. Over 100 where they hold more than they are registered for.',
    exclusions: `Homes without a recorded capacity; children of other authorities, and those whose placement has no URN. ${SHORT_BREAKS}`,
    source: boardPapers('occupancy of children’s homes'),
    switches: [DESCRIBED, OWN_HOMES],
    dimensions: ['home-size'],
    headline: true,
  }),
  shareOf(REGISTER, {
    id: 'homes-judged-good-or-outstanding-pct',
    title: 'Children’s homes in use that are judged good or outstanding',
    population: homesUsedAt,
    numerator: `judgement in ('good', 'outstanding')`,
    denominator: `judgement <> 'not-judged'`,
    numeratorInWords: 'Of them, those whose latest judgement is good or outstanding.',
    denominatorInWords: `Homes on record, with a judgement, in which the authority has children. ${OF_CHILDREN}.`,
    polarity: 'higher-is-better',
    definition: `Share of the homes that the authority uses, each counted once, wherever they are. ${MET}`,
    exclusions: `Homes that are not judged, or not on record. ${SHORT_BREAKS}`,
    source: providersAndPlaces('inspection outcomes'),
    switches: [DESCRIBED],
    dimensions: ['provider-sector'],
  }),
  shareOf(REGISTER, {
    id: 'children-in-homes-judged-good-or-outstanding-pct',
    title: 'Children in children’s homes judged good or outstanding',
    population: childrenInHomesAt,
    numerator: `judgement in ('good', 'outstanding')`,
    denominator: `judgement <> 'not-judged'`,
    numeratorInWords: 'Of them, those whose home’s latest judgement is good or outstanding.',
    denominatorInWords: `${OF_CHILDREN} whose home is on record with a judgement.`,
    polarity: 'higher-is-better',
    definition: `Share of the children in homes, not of the homes. ${MET}`,
    exclusions: `Children in homes that are not judged, or not on record. ${SHORT_BREAKS}`,
    source: providersAndPlaces('inspection outcomes'),
    switches: [DESCRIBED],
    dimensions: ['age-band', 'sex'],
  }),
  counted(REGISTER, {
    id: 'children-in-homes-judged-less-than-good-count',
    title: 'Children in children’s homes judged less than good',
    population: childrenInHomesAt,
    counted: `judgement in ('requires-improvement', 'inadequate')`,
    countedInWords: `${OF_CHILDREN} whose home’s latest judgement is requires improvement or inadequate.`,
    polarity: 'lower-is-better',
    definition: `Children to be watched over. ${MET}`,
    exclusions: SHORT_BREAKS,
    source: providersAndPlaces('inspection outcomes'),
    switches: [DESCRIBED],
    dimensions: ['age-band', 'sex', 'judgement'],
    headline: true,
  }),
  shareOf(REGISTER, {
    id: 'children-in-homes-not-on-record-pct',
    title: 'Children in children’s homes that are not on record',
    population: childrenInHomesAt,
    numerator: 'not home_on_record',
    numeratorInWords:
      'Of them, those whose placement has no URN, or one that no record of the kind providers has.',
    denominatorInWords: `${OF_CHILDREN}.`,
    polarity: 'lower-is-better',
    definition:
      'Share of the children in homes of whose home nothing is known: they are in no figure by its judgement.',
    exclusions: SHORT_BREAKS,
    source: providersAndPlaces('URN'),
    switches: [DESCRIBED],
  }),
]

const BOUGHT = onLastDay('commissioned-beds')

const bought: IndicatorDefinition[] = [
  counted(BOUGHT, {
    id: 'commissioned-beds-count',
    title: 'Commissioned beds and foster places',
    population: commissionedBedsAt,
    countedInWords: 'Beds and foster places that the authority buys on the last day of the period.',
    definition:
      'By the records `commissioned-beds`, from the first to the last day of each contract, whether a child lives there or not.',
    exclusions: 'None.',
    source: boardPapers('commissioned placements'),
    dimensions: ['contract', 'commissioned-type'],
  }),
  mean({
    ...BOUGHT,
    id: 'commissioned-bed-weekly-price',
    title: 'Weekly price of a commissioned bed',
    population: commissionedBedsAt,
    unit: 'pounds-per-week',
    decimals: 0,
    measure: 'weekly_price',
    denominator: 'weekly_price is not null',
    numeratorInWords: 'Their weekly prices, in pounds.',
    denominatorInWords: 'Beds and foster places that the authority buys on the last day, with a price.',
    polarity: 'neutral',
    definition: 'Mean price of a bed or place for a week, each bed of a contract counted.',
    exclusions: 'Beds without a price, or priced at 0.',
    source: boardPapers('commissioned placements'),
    dimensions: ['contract', 'commissioned-type'],
  }),
]

const visits: IndicatorDefinition[] = [
  shareOf(inPeriodHoldingOn('providers', 'regulation-44-visits'), {
    id: 'reg44-visits-monthly-pct',
    title: 'Monthly visits of the independent person to in-house children’s homes',
    population: homeMonthsIn,
    numerator: 'visited',
    numeratorInWords: 'Of them, those in which the independent person visited the home.',
    denominatorInWords:
      'Calendar months that end in the period, for each of the authority’s own children’s homes registered throughout the month.',
    polarity: 'higher-is-better',
    definition: 'Share of home-months with a visit under regulation 44; several in one month count once.',
    exclusions: 'Months in which a home was registered or closed.',
    source: childrensHomesRegulations('regulation 44'),
    switches: [
      DESCRIBED,
      OWN_HOMES,
      {
        name: 'monthsThatRecordsReach',
        value: 'to-the-latest-visit',
        meaning:
          'Months after that of the latest visit on record, to whichever home, are not counted: records do not reach them.',
      },
    ],
  }),
]

/** Homes and beds: in the area, of the authority's own, used by its children, and bought. */
export const homesIndicators: readonly IndicatorDefinition[] = [...homes, ...used, ...bought, ...visits]
