import { type IndicatorDefinition, mean, percentage } from '../../indicators/definition.ts'
import {
  healthAssessmentsAt,
  initialHealthAssessmentsDueIn,
} from '../../indicators/populations/health-assessments.ts'
import { lookedAfterTwelveMonths } from '../../indicators/populations/looked-after-twelve-months.ts'
import { boardPapers, childrenLookedAfter, SHORT_BREAKS } from '../../indicators/sources.ts'

const source = childrenLookedAfter('health outcomes (OC2)')
const EXCLUSIONS = 'Children not looked after continuously for twelve months; short breaks in the year.'
const COHORT = 'Children looked after continuously for at least twelve months on 31 March'
const NOT_DONE = 'A refusal, and a child without a row in OC2, count as not done.'

interface Share {
  readonly id: string
  readonly title: string
  readonly numerator: string
  readonly numeratorInWords: string
  readonly denominator?: string
  readonly denominatorInWords?: string
  readonly polarity: IndicatorDefinition['polarity']
  readonly remark?: string
  readonly dimensions?: IndicatorDefinition['dimensions']
  readonly headline?: true
}

const share = ({ headline, ...it }: Share): IndicatorDefinition =>
  percentage({
    id: it.id,
    title: it.title,
    subject: 'health',
    population: lookedAfterTwelveMonths,
    numerator: it.numerator,
    ...(it.denominator ? { denominator: it.denominator } : {}),
    numeratorInWords: `Of them, those with ${it.numeratorInWords}.`,
    denominatorInWords: `${COHORT}${it.denominatorInWords ? `, ${it.denominatorInWords}` : ''}.`,
    polarity: it.polarity,
    definition: `${it.title}: share of the children looked after for twelve months on 31 March. ${it.remark ?? NOT_DONE}`,
    exclusions: EXCLUSIONS,
    source,
    dimensions: it.dimensions ?? ['age-band', 'sex', 'ethnicity', 'placement-type'],
    lookBack: 'year',
    annual: true,
    tables: ['OC2'],
    ...(headline ? { headline } : {}),
  })

const AGED_FIVE_TO_SIXTEEN = 'age_in_years between 5 and 16'
const SCORED = `${AGED_FIVE_TO_SIXTEEN} and sdq_score is not null`

const yearly: IndicatorDefinition[] = [
  share({
    id: 'annual-health-assessment-pct',
    title: 'Annual health assessment up to date',
    numerator: `health_assessment = '1'`,
    numeratorInWords: 'HEALTH_ASSESSMENT = 1',
    polarity: 'higher-is-better',
    remark: `Under the age of 5 both six-monthly assessments are needed for it (E51). ${NOT_DONE}`,
    headline: true,
  }),
  share({
    id: 'dental-check-pct',
    title: 'Teeth checked by a dentist',
    numerator: `teeth_check = '1'`,
    numeratorInWords: 'TEETH_CHECK = 1',
    polarity: 'higher-is-better',
    remark: `Of all ages, babies included. ${NOT_DONE}`,
    headline: true,
  }),
  share({
    id: 'immunisations-up-to-date-pct',
    title: 'Immunisations up to date',
    numerator: `immunisations = '1'`,
    numeratorInWords: 'IMMUNISATIONS = 1',
    polarity: 'higher-is-better',
    remark: `Those due before care included. ${NOT_DONE}`,
    headline: true,
  }),
  share({
    id: 'development-assessments-up-to-date-pct',
    title: 'Development assessments up to date (under 5)',
    numerator: `health_check = '1'`,
    numeratorInWords: 'HEALTH_CHECK = 1',
    denominator: 'age_in_years < 5',
    denominatorInWords: 'aged 0 to 4',
    polarity: 'higher-is-better',
    dimensions: ['sex', 'ethnicity'],
  }),
  share({
    id: 'sdq-score-returned-pct',
    title: 'Strengths and difficulties score returned',
    numerator: 'sdq_score is not null',
    numeratorInWords: 'an SDQ_SCORE',
    denominator: AGED_FIVE_TO_SIXTEEN,
    denominatorInWords: 'aged 5 to 16',
    polarity: 'higher-is-better',
    remark: 'Required from 4 to 16 at the last assessment, published for 5 to 16 (E52).',
    dimensions: ['age-band', 'sex', 'ethnicity'],
  }),
  mean({
    id: 'sdq-average-score',
    title: 'Average strengths and difficulties score',
    subject: 'health',
    population: lookedAfterTwelveMonths,
    unit: 'score',
    measure: 'sdq_score',
    denominator: SCORED,
    numeratorInWords: 'Their scores, added up.',
    denominatorInWords: `${COHORT}, aged 5 to 16, with a score.`,
    polarity: 'lower-is-better',
    definition:
      'Mean score from 0 to 40; 0 to 13 is normal, 14 to 16 borderline, 17 and over a cause for concern (E52).',
    exclusions: `${EXCLUSIONS} Scores of children of other ages.`,
    source,
    dimensions: ['age-band', 'sex', 'ethnicity', 'placement-type'],
    lookBack: 'year',
    annual: true,
    tables: ['OC2'],
    headline: true,
  }),
  ...(
    [
      ['normal', 'Normal score', 'sdq_score <= 13', 'a score from 0 to 13', 'higher-is-better'],
      ['borderline', 'Borderline score', 'sdq_score between 14 and 16', 'a score from 14 to 16', 'neutral'],
      [
        'cause-for-concern',
        'Score that is a cause for concern',
        'sdq_score >= 17',
        'a score of 17 or more',
        'lower-is-better',
      ],
    ] as const
  ).map(([id, title, numerator, numeratorInWords, polarity]) =>
    share({
      id: `sdq-${id}-pct`,
      title: `${title} (strengths and difficulties)`,
      numerator,
      numeratorInWords,
      denominator: SCORED,
      denominatorInWords: 'aged 5 to 16, with a score',
      polarity,
      remark: 'Of the scores returned, not of the children (E52).',
      dimensions: ['sex', 'ethnicity'],
    }),
  ),
  share({
    id: 'substance-misuse-identified-pct',
    title: 'Identified substance misuse problem',
    numerator: `substance_misuse = '1'`,
    numeratorInWords: 'SUBSTANCE_MISUSE = 1',
    polarity: 'lower-is-better',
    remark: 'Drugs and alcohol, not tobacco.',
  }),
  share({
    id: 'substance-misuse-intervention-received-pct',
    title: 'Received an intervention for substance misuse',
    numerator: `intervention_received = '1'`,
    numeratorInWords: 'INTERVENTION_RECEIVED = 1',
    denominator: `substance_misuse = '1'`,
    denominatorInWords: 'with a substance misuse problem identified',
    polarity: 'higher-is-better',
    remark: 'Of those with a problem identified.',
    dimensions: ['sex', 'age-band'],
  }),
  share({
    id: 'substance-misuse-intervention-refused-pct',
    title: 'Refused an intervention for substance misuse',
    numerator: `intervention_received is distinct from '1' and intervention_offered = '1'`,
    numeratorInWords: 'INTERVENTION_OFFERED = 1 that was not received',
    denominator: `substance_misuse = '1'`,
    denominatorInWords: 'with a substance misuse problem identified',
    polarity: 'neutral',
    remark: 'Of those with a problem identified. The rest were not offered one.',
    dimensions: ['sex', 'age-band'],
  }),
]

/* ---- any day, from records ----------------------------------------------------------------------------------- */

const COMPLETED =
  'Only completed assessments count: one that was refused, missed or cancelled is none. From the records `health-assessments`.'

const running: IndicatorDefinition[] = [
  percentage({
    id: 'initial-health-assessment-on-time-pct',
    title: 'Initial health assessment within 20 working days',
    subject: 'health',
    population: initialHealthAssessmentsDueIn,
    numerator: 'assessed_on_time',
    numeratorInWords: 'Of them, those whose initial health assessment was completed by that day.',
    denominatorInWords:
      'Children who started to be looked after, whose twentieth working day after the start fell in the period and who were still looked after on it.',
    polarity: 'higher-is-better',
    definition: `Share of starts of care with an initial health assessment (IHA) completed within 20 working days, counted in the period in which the twentieth falls. Working days are Monday to Friday without England’s bank holidays. ${COMPLETED}`,
    exclusions: `${SHORT_BREAKS} Children who had ceased to be looked after by the twentieth working day; starts that the returns held do not know.`,
    source: boardPapers('initial health assessments; 20 working days recalled, not read'),
    switches: [
      {
        name: 'assessedBeforeStart',
        value: 'P3M',
        meaning: 'An assessment in the three months before the start counts as done in time.',
      },
    ],
    dimensions: ['age-band', 'age', 'sex', 'ethnicity', 'uasc'],
    lookBack: 'period',
    records: ['health-assessments'],
  }),
  percentage({
    id: 'review-health-assessment-on-time-pct',
    title: 'Review health assessment in date',
    subject: 'health',
    population: healthAssessmentsAt,
    denominator: 'assessment_is_due',
    numerator: 'assessed_in_time',
    numeratorInWords:
      'Of them, those whose latest health assessment was completed in the six months (under 5) or twelve months (from 5) before the day.',
    denominatorInWords:
      'Children looked after on the last day of the period, for at least six months if aged under 5, for at least twelve from 5.',
    polarity: 'higher-is-better',
    definition: `Share of children whose latest health assessment, initial (IHA) or review (RHA), is no older than it may be: a view for the running year, on any day; annual-health-assessment-pct is what OC2 asks. ${COMPLETED}`,
    exclusions: SHORT_BREAKS,
    source: boardPapers('review health assessments; Annex A, list 8'),
    dimensions: ['age-band', 'sex', 'ethnicity', 'placement-type', 'placement-location'],
    lookBack: 'last-day',
    records: ['health-assessments'],
  }),
]

/** Whether health is looked after, and how children are: what OC2 says, once a year, and what records say on any day. */
export const healthIndicators: readonly IndicatorDefinition[] = [...yearly, ...running]
