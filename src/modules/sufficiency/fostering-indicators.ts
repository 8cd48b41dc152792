import { type IndicatorDefinition, mean, ratio, type Switch } from '../../indicators/definition.ts'
import {
  fosterCarersAt,
  fosteringHouseholdChangesIn,
  fosteringHouseholdsApprovedIn,
  fosteringHouseholdsAt,
  fosteringHouseholdsDeregisteredIn,
  fosterPlacesAt,
  supportedLodgingsAt,
} from '../../indicators/populations/fostering.ts'
import {
  applicationsIn,
  decisionsIn,
  enquiriesConcludedIn,
  enquiriesIn,
} from '../../indicators/populations/recruitment.ts'
import { boardPapers, fosteringInEngland } from '../../indicators/sources.ts'
import {
  counted,
  inPeriod,
  inPeriodHoldingOn,
  onLastDay,
  SUPPLY,
  shareOf,
  TERMS,
} from './supply-definitions.ts'

const REGISTER = onLastDay('fostering-households')
const PLACES = onLastDay('fostering-households', 'fostering-places')
const LODGINGS = 'Supported lodgings: see supported-lodgings-households-count.'
const APPROVED =
  'From the day of the approval, up to the day before it ended; by the records `fostering-households`.'

const households: IndicatorDefinition[] = [
  counted(REGISTER, {
    id: 'foster-households-count',
    title: 'Approved fostering households',
    population: fosteringHouseholdsAt,
    countedInWords:
      'Households approved by the authority’s own fostering service on the last day of the period, mainstream and family and friends.',
    polarity: 'higher-is-better',
    definition: `Fostering households of the authority. ${APPROVED}`,
    exclusions: `${LODGINGS} Households of independent agencies.`,
    source: fosteringInEngland('approved fostering households'),
    switches: [TERMS],
    dimensions: ['fostering-type'],
    headline: true,
  }),
  counted(REGISTER, {
    id: 'supported-lodgings-households-count',
    title: 'Approved households of supported lodgings',
    population: supportedLodgingsAt,
    countedInWords: 'Households approved for supported lodgings on the last day of the period.',
    polarity: 'higher-is-better',
    definition: `Households in which young people lodge with support, which is no fostering. ${APPROVED}`,
    exclusions: 'Fostering households.',
    source: boardPapers('supported lodgings'),
    switches: [TERMS],
  }),
  shareOf(REGISTER, {
    id: 'foster-carer-training-plan-pct',
    title: 'Fostering households with an up-to-date training plan',
    population: fosteringHouseholdsAt,
    numerator: 'training_plan_in_date',
    numeratorInWords:
      'Of them, those whose training and development plan was made or reviewed in the twelve months up to the last day of the period.',
    denominatorInWords: 'Fostering households approved on the last day of the period.',
    polarity: 'higher-is-better',
    definition:
      'Share of the authority’s fostering households whose carers have a plan in date. A plan belongs to a household, so it is households that are counted.',
    exclusions: LODGINGS,
    source: boardPapers('training and development plans of foster carers'),
    switches: [
      TERMS,
      {
        name: 'planNotRecorded',
        value: 'none',
        meaning: 'A household without a day of the plan has none in date.',
      },
    ],
    dimensions: ['fostering-type'],
  }),
]

const FAMILY_AND_FRIENDS =
  'Places of family and friends, which are for named children: Ofsted has left them out since 2022. Supported lodgings, and independent agencies.'
const OVER: Switch = {
  name: 'placesOverTheApproval',
  value: 'not-counted',
  meaning:
    'Where more places are said to be filled or not available than are approved, those over it are not counted; filled ones come first.',
}
const MAINSTREAM_PLACES = 'Approved mainstream foster places on the last day of the period.'
const OF_KNOWN_STATE = `place_state <> 'not-known'`
const KNOWN_STATE = 'Approved mainstream foster places of the households whose state is recorded.'
const STATE = 'As the household’s latest record of the kind fostering-places up to the day says.'

const places: IndicatorDefinition[] = [
  counted(REGISTER, {
    id: 'foster-places-count',
    title: 'Approved foster places',
    population: fosterPlacesAt,
    countedInWords: MAINSTREAM_PLACES,
    polarity: 'higher-is-better',
    definition: `How many children the authority’s mainstream households may foster at one time, by their terms. ${STATE}`,
    exclusions: FAMILY_AND_FRIENDS,
    source: fosteringInEngland('places; Local Authority Interactive Tool 341a'),
    switches: [TERMS, OVER],
    dimensions: ['place-state'],
    headline: true,
  }),
  shareOf(PLACES, {
    id: 'foster-places-filled-pct',
    title: 'Approved foster places that are filled',
    population: fosterPlacesAt,
    numerator: `place_state = 'filled'`,
    denominator: OF_KNOWN_STATE,
    numeratorInWords: 'Of them, those with a child in them.',
    denominatorInWords: KNOWN_STATE,
    definition: `Utilisation: filled places as a share of those approved. ${STATE}`,
    exclusions: `${FAMILY_AND_FRIENDS} Households whose state is not recorded.`,
    source: fosteringInEngland('places filled; Local Authority Interactive Tool 341a'),
    switches: [TERMS, OVER],
    headline: true,
  }),
  counted(PLACES, {
    id: 'foster-places-vacant-count',
    title: 'Vacant foster places',
    population: fosterPlacesAt,
    counted: `place_state = 'vacant'`,
    countedInWords: 'Approved mainstream foster places that are neither filled nor unavailable.',
    definition: `Places into which a child could be placed on the last day of the period. ${STATE}`,
    exclusions: `${FAMILY_AND_FRIENDS} Households whose state is not recorded.`,
    source: fosteringInEngland('places vacant'),
    switches: [TERMS, OVER],
    headline: true,
  }),
  counted(PLACES, {
    id: 'foster-places-not-available-count',
    title: 'Foster places that are not available',
    population: fosterPlacesAt,
    counted: `place_state = 'not-available'`,
    countedInWords: 'Approved mainstream foster places in which no child can be placed.',
    polarity: 'lower-is-better',
    definition: `Places that are kept empty, and why. ${STATE}`,
    exclusions: `${FAMILY_AND_FRIENDS} Households whose state is not recorded.`,
    source: fosteringInEngland('places not available'),
    switches: [TERMS, OVER],
    dimensions: ['not-available-reason'],
  }),
  shareOf(PLACES, {
    id: 'foster-places-not-available-pct',
    title: 'Approved foster places that are not available',
    population: fosterPlacesAt,
    numerator: `place_state = 'not-available'`,
    denominator: OF_KNOWN_STATE,
    numeratorInWords: 'Of them, those in which no child can be placed.',
    denominatorInWords: KNOWN_STATE,
    polarity: 'lower-is-better',
    definition: `Share of approved places that are kept empty. ${STATE}`,
    exclusions: `${FAMILY_AND_FRIENDS} Households whose state is not recorded.`,
    source: fosteringInEngland('places not available'),
    switches: [TERMS, OVER],
  }),
  mean({
    ...REGISTER,
    id: 'foster-places-per-household',
    title: 'Approved places per fostering household',
    population: fosteringHouseholdsAt,
    unit: 'places',
    measure: 'approved_places',
    numeratorInWords: 'Their approved places.',
    denominatorInWords: 'Fostering households approved on the last day of the period.',
    polarity: 'higher-is-better',
    definition: 'Mean number of places that a household of the authority is approved for.',
    exclusions: LODGINGS,
    source: fosteringInEngland('places and households'),
    switches: [TERMS],
    dimensions: ['fostering-type'],
  }),
]

const carers: IndicatorDefinition[] = [
  ratio({
    ...REGISTER,
    id: 'places-per-carer',
    title: 'Approved places per foster carer',
    population: fosteringHouseholdsAt,
    unit: 'places',
    measure: 'approved_places',
    divisor: 'carers',
    counted: 'carers is not null',
    numeratorInWords: 'Approved places of the households whose number of carers is known.',
    denominatorInWords: 'The carers of those households.',
    polarity: 'higher-is-better',
    definition:
      'Places that carers are approved for, whether they are filled or not, to one carer (E48: 221 places of 169 carers are 1.3): not placements made.',
    exclusions: `${LODGINGS} Households whose number of carers is not known.`,
    source: boardPapers('placements offered per carer'),
    switches: [
      TERMS,
      {
        name: 'carersNotTold',
        value: 'years-of-birth',
        meaning: 'Where the number of carers is left blank, there are as many as years of birth are given.',
      },
    ],
    dimensions: ['fostering-type'],
  }),
  shareOf(REGISTER, {
    id: 'carers-aged-56-plus-pct',
    title: 'Foster carers aged 56 or over',
    population: fosterCarersAt,
    numerator: 'age_reached >= 56',
    numeratorInWords: 'Of them, those who reach 56 or more in the calendar year of the day.',
    denominatorInWords:
      'Foster carers of households approved on the last day of the period, whose year of birth is known.',
    polarity: 'lower-is-better',
    definition: 'Share of foster carers who are near to the age at which many retire (E48).',
    exclusions: `${LODGINGS} Carers whose year of birth is not known, and more than two of a household.`,
    source: boardPapers('age of foster carers'),
    switches: [
      TERMS,
      {
        name: 'ageOfCarers',
        value: 'reached-in-the-year',
        meaning:
          'Only the year of birth is known: the age is that which is reached in the calendar year of the day, so it may be a year more than on the day.',
      },
    ],
    dimensions: ['fostering-type'],
  }),
]

/* ---- gained and lost -------------------------------------------------------------------------------------------- */

const CHANGES = inPeriodHoldingOn('fostering-households')
const NO_CHANGE =
  'A change of terms is no new approval; a household that comes back after its approval ended is approved anew.'

const changes: IndicatorDefinition[] = [
  counted(CHANGES, {
    id: 'foster-households-approved-count',
    title: 'Fostering households approved in the period',
    population: fosteringHouseholdsApprovedIn,
    countedInWords: 'Fostering households whose approval dates from a day of the period.',
    polarity: 'higher-is-better',
    definition: `Households gained. ${NO_CHANGE}`,
    exclusions: LODGINGS,
    source: fosteringInEngland('households that joined'),
    dimensions: ['fostering-type'],
  }),
  counted(CHANGES, {
    id: 'foster-households-deregistered-count',
    title: 'Fostering households whose approval ended in the period',
    population: fosteringHouseholdsDeregisteredIn,
    countedInWords: 'Fostering households whose approval ended on a day of the period.',
    polarity: 'lower-is-better',
    definition:
      'Households lost, and why. The day that an approval ended counts where it stands in the terms that held on it.',
    exclusions: LODGINGS,
    source: fosteringInEngland('households that left'),
    dimensions: ['fostering-type', 'leaving-reason'],
  }),
  counted(CHANGES, {
    id: 'carer-recruitment-net',
    title: 'Fostering households gained less those lost',
    population: fosteringHouseholdChangesIn,
    weight: 'change',
    countedInWords:
      'Fostering households approved in the period, less those whose approval ended in it: below 0 where more left.',
    polarity: 'higher-is-better',
    definition: `foster-households-approved-count less foster-households-deregistered-count. ${NO_CHANGE}`,
    exclusions: LODGINGS,
    source: fosteringInEngland('households that joined and left'),
    dimensions: ['fostering-type'],
    headline: true,
  }),
]

const RECRUITMENT = inPeriod('carer-recruitment')
const PIPELINE = boardPapers('recruitment of foster carers')

const recruitment: IndicatorDefinition[] = [
  counted(RECRUITMENT, {
    id: 'foster-enquiries-count',
    title: 'Enquiries about fostering',
    population: enquiriesIn,
    countedInWords: 'Enquiries made in the period.',
    polarity: 'higher-is-better',
    definition: 'Households that asked the authority about fostering, by the records `carer-recruitment`.',
    exclusions: 'None.',
    source: PIPELINE,
    dimensions: ['fostering-type'],
  }),
  counted(RECRUITMENT, {
    id: 'foster-applications-count',
    title: 'Applications to foster',
    population: applicationsIn,
    countedInWords: 'Applications made in the period, whenever the enquiry was.',
    polarity: 'higher-is-better',
    definition: 'Households that applied to the authority to foster.',
    exclusions: 'None.',
    source: PIPELINE,
    dimensions: ['fostering-type'],
  }),
  counted(RECRUITMENT, {
    id: 'foster-applications-approved-count',
    title: 'Applications to foster that were approved',
    population: decisionsIn,
    counted: 'is_approved',
    countedInWords: 'Decisions of the period to approve.',
    polarity: 'higher-is-better',
    definition:
      'Approvals by the records of recruitment; foster-households-approved-count has them by the register.',
    exclusions: 'None.',
    source: PIPELINE,
    dimensions: ['fostering-type'],
  }),
  shareOf(RECRUITMENT, {
    id: 'foster-enquiries-approved-pct',
    title: 'Enquiries about fostering that led to an approval',
    population: enquiriesConcludedIn,
    numerator: 'is_approved',
    numeratorInWords: 'Of them, those that were approved.',
    denominatorInWords:
      'Enquiries that came to their end in the period: by a decision, or withdrawn or closed without one.',
    polarity: 'higher-is-better',
    definition:
      'Conversion of enquiries. Of those that ended in the period, not of those made in it, of which many are still open.',
    exclusions: 'Enquiries that are open, and those that ended on a day that is not recorded.',
    source: PIPELINE,
    dimensions: ['fostering-type'],
  }),
  mean({
    ...SUPPLY,
    id: 'foster-enquiry-to-decision-days',
    title: 'Days from the enquiry about fostering to the decision',
    population: decisionsIn,
    unit: 'days',
    decimals: 0,
    measure: 'days_from_enquiry',
    numeratorInWords: 'Days from the enquiry to the decision.',
    denominatorInWords: 'Decisions of the period, to approve or not.',
    polarity: 'lower-is-better',
    definition: 'How long a household waits from its enquiry for a decision, on average.',
    exclusions: 'Enquiries that ended without a decision.',
    source: PIPELINE,
    dimensions: ['fostering-type'],
    lookBack: 'period',
    records: ['carer-recruitment'],
  }),
]

/** The authority's own foster carers: who they are, how many children they can take, who comes and who goes. */
export const fosteringIndicators: readonly IndicatorDefinition[] = [
  ...households,
  ...places,
  ...carers,
  ...changes,
  ...recruitment,
]
