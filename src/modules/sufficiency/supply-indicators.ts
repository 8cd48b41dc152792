import { type IndicatorDefinition, ratio } from '../../indicators/definition.ts'
import { kinshipFamiliesIn } from '../../indicators/populations/kinship-support.ts'
import { gainedByPlacementAt, placedHereAt } from '../../indicators/populations/placed-here.ts'
import { partnerSurveysIn, placementSurveysIn } from '../../indicators/populations/surveys.ts'
import { boardPapers, childrenLookedAfter, SHORT_BREAKS } from '../../indicators/sources.ts'
import { fosteringIndicators } from './fostering-indicators.ts'
import { homesIndicators } from './homes-indicators.ts'
import { counted, inPeriodHoldingOn, onLastDay, SUPPLY } from './supply-definitions.ts'

const NOTIFIED = 'By the notifications of the authorities that placed them (records `children-placed-here`).'

const placedHere: IndicatorDefinition[] = [
  counted(onLastDay('children-placed-here'), {
    id: 'cla-placed-here-by-other-las-count',
    title: 'Children of other authorities placed in the area',
    population: placedHereAt,
    countedInWords: 'Children of other authorities who live in the area on the last day of the period.',
    definition: `From the day on which the placement started, up to the day before it ended. ${NOTIFIED}`,
    exclusions: 'Children whose placement was not notified.',
    source: childrenLookedAfter('looked-after children by authority of placement'),
  }),
  counted(onLastDay('children-placed-here'), {
    id: 'cla-net-gain',
    title: 'Net gain of children by placement',
    population: gainedByPlacementAt,
    weight: 'gain',
    countedInWords:
      'Children of other authorities who live in the area, less the authority’s own who are placed outside it: below 0 where more go than come.',
    definition: `What the area takes more than it sends away. ${NOTIFIED} Own children by the postcodes of their placements.`,
    exclusions: `Own children whose location is not known. ${SHORT_BREAKS}`,
    source: childrenLookedAfter('net gain by authority of placement'),
    reference: ['postcodes'],
  }),
]

const KINSHIP: readonly (readonly [id: string, title: string, condition?: string])[] = [
  ['kinship-support-count', 'Kinship families supported'],
  [
    'kinship-special-guardianship-allowance-count',
    'Kinship families with a special guardianship allowance',
    'guardianship_allowance',
  ],
  [
    'kinship-child-arrangements-allowance-count',
    'Kinship families with a child arrangements order allowance',
    'arrangements_allowance',
  ],
  ['kinship-family-group-conference-count', 'Kinship families with a family group conference', 'conference'],
  ['kinship-other-support-count', 'Kinship families with other support', 'other_support'],
]

const kinship: IndicatorDefinition[] = KINSHIP.map(([id, title, condition]) =>
  counted(inPeriodHoldingOn('kinship-support'), {
    id,
    title,
    population: kinshipFamiliesIn,
    ...(condition && { counted: condition }),
    countedInWords: `${title} on some day of the period, each counted once.`,
    definition:
      'Families that bring up a relative’s or friend’s child, mostly not looked after. One that gets several kinds of support is in the figure of each, and once in kinship-support-count. A conference without an end is over with its day.',
    exclusions: 'None.',
    source: boardPapers('support of kinship carers'),
  }),
)

const surveyed = (
  id: string,
  title: string,
  survey: Pick<IndicatorDefinition, 'population' | 'dimensions'>,
  words: Pick<IndicatorDefinition, 'definition' | 'source'>,
): IndicatorDefinition =>
  ratio({
    ...SUPPLY,
    ...survey,
    ...words,
    id,
    title,
    unit: 'percentage',
    decimals: 0,
    measure: 'positive',
    divisor: 'answered',
    numeratorInWords: 'Positive answers.',
    denominatorInWords: 'Answers in the surveys that closed in the year up to the last day of the period.',
    polarity: 'higher-is-better',
    exclusions: 'Who was asked and did not answer.',
    lookBack: 'year',
    records: ['surveys'],
  })

const surveys: IndicatorDefinition[] = [
  surveyed(
    'child-placement-survey',
    'Children happy with their placement',
    { population: placementSurveysIn, dimensions: [] },
    {
      definition:
        'Share of the answers, not of the children: read it beside child-placement-survey-response-pct.',
      source: boardPapers('survey of looked-after children'),
    },
  ),
  ratio({
    ...SUPPLY,
    id: 'child-placement-survey-response-pct',
    title: 'Children who answered the survey about their placement',
    population: placementSurveysIn,
    unit: 'percentage',
    decimals: 0,
    measure: 'answered',
    divisor: 'asked',
    numeratorInWords: 'Answers.',
    denominatorInWords:
      'Children asked in the surveys that closed in the year up to the last day of the period.',
    polarity: 'higher-is-better',
    definition: 'How far the survey speaks for the children: 20 answers of 165 asked are 12%.',
    exclusions: 'None.',
    source: boardPapers('survey of looked-after children'),
    dimensions: [],
    lookBack: 'year',
    records: ['surveys'],
  }),
  surveyed(
    'partner-confidence-pct',
    'Partners confident in early help and satisfied with joint working',
    { population: partnerSurveysIn, dimensions: ['survey'] },
    {
      definition:
        'Share of the answers of partner organisations, of both surveys together and of each by the dimension `survey`.',
      source: boardPapers('survey of partners'),
    },
  ),
]

/** What there is for the children: carers, homes and beds, others' children in them, support of kin, and what people say. */
export const supplyIndicators: readonly IndicatorDefinition[] = [
  ...fosteringIndicators,
  ...homesIndicators,
  ...placedHere,
  ...kinship,
  ...surveys,
]
