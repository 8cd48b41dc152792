import {
  type IndicatorDefinition,
  mean,
  percentage,
  ratio,
  type Source,
  type Switch,
} from '../../indicators/definition.ts'
import { pupilsAt, pupilsTwelveMonthsAt } from '../../indicators/populations/education.ts'
import { boardPapers, outcomesOfChildren, SHORT_BREAKS } from '../../indicators/sources.ts'
import type { RecordKindName } from '../../vocabulary/record-kinds.ts'

const COHORT = 'Children looked after continuously for twelve months on the last day of the period'
const EXCLUSIONS = 'Children not looked after continuously for twelve months; short breaks in the year.'
const DIMENSIONS: IndicatorDefinition['dimensions'] = [
  'age-band',
  'age',
  'sex',
  'ethnicity',
  'uasc',
  'placement-type',
  'sen-provision',
]

const ofTheYear: Switch = {
  name: 'year',
  value: 'the twelve months that end on the last day of the period',
  meaning:
    'Which school year is meant: what is dated in these twelve months, for 2024-25 the results of summer 2024. The DfE publishes by academic year, with the children looked after on the 31 March within it.',
}
const schoolAge: Switch = {
  name: 'compulsorySchoolAge',
  value: '5 to 15 on the last 31 August',
  meaning: 'Whose school year it is: by the age on the 31 August on or before the last day of the period.',
}

interface Share {
  readonly id: string
  readonly title: string
  readonly numerator: string
  readonly numeratorInWords: string
  readonly denominator: string
  readonly denominatorInWords: string
  readonly polarity: IndicatorDefinition['polarity']
  readonly definition: string
  readonly source: Source
  readonly records: readonly RecordKindName[]
  readonly recordsHoldOn?: true
  readonly switches?: readonly Switch[]
  readonly headline?: true
}

const share = ({ headline, switches, ...it }: Share): IndicatorDefinition =>
  percentage({
    ...it,
    subject: 'education',
    population: pupilsTwelveMonthsAt,
    numeratorInWords: `Of them, those ${it.numeratorInWords}.`,
    denominatorInWords: `${COHORT}, ${it.denominatorInWords}.`,
    exclusions: EXCLUSIONS,
    switches: switches ?? [ofTheYear],
    dimensions: DIMENSIONS,
    lookBack: 'year',
    ...(headline ? { headline } : {}),
  })

/* ---- at school ------------------------------------------------------------------------------------------------ */

const ATTENDED = 'of_school_age and sessions_possible > 0'
const ATTENDED_IN_WORDS =
  'of compulsory school age, with attendance on record for stretches that end in the year'
const SESSIONS =
  'Sessions are half-days. Of the records `school-attendance`, those whose last day lies in the year, added up for each child.'
const absence = outcomesOfChildren('absence; Local Authority Interactive Tool')

const atSchool: IndicatorDefinition[] = [
  ...(
    [
      ['absence-overall-pct', 'Overall absence', 'sessions_missed', 'missed', ATTENDED, true],
      [
        'absence-unauthorised-pct',
        'Unauthorised absence',
        'sessions_unauthorised',
        'missed without authorisation',
        `${ATTENDED} and sessions_unauthorised is not null`,
        false,
      ],
    ] as const
  ).map(([id, title, measure, missed, counted, headline]) =>
    ratio({
      id,
      title,
      subject: 'education',
      population: pupilsTwelveMonthsAt,
      unit: 'percentage',
      measure,
      divisor: 'sessions_possible',
      counted,
      numeratorInWords: `Sessions ${missed}, added up over these children.`,
      denominatorInWords: `Sessions possible, added up over the children: ${COHORT.toLowerCase()}, ${ATTENDED_IN_WORDS}.`,
      polarity: 'lower-is-better',
      definition: `Share of the sessions possible that were ${missed}: a share of sessions, not of children. ${SESSIONS}`,
      exclusions: EXCLUSIONS,
      source: absence,
      switches: [ofTheYear, schoolAge],
      dimensions: DIMENSIONS,
      lookBack: 'year',
      records: ['school-attendance'],
      ...(headline ? { headline } : {}),
    }),
  ),
  share({
    id: 'persistent-absence-pct',
    title: 'Persistent absence',
    numerator: 'sessions_missed * 10 >= sessions_possible',
    numeratorInWords: 'who missed 10% or more of the sessions possible',
    denominator: ATTENDED,
    denominatorInWords: ATTENDED_IN_WORDS,
    polarity: 'lower-is-better',
    definition: `Share of children who missed a tenth or more of their sessions. ${SESSIONS}`,
    source: absence,
    records: ['school-attendance'],
    switches: [ofTheYear, schoolAge],
    headline: true,
  }),
  share({
    id: 'severe-absence-pct',
    title: 'Severe absence',
    numerator: 'sessions_missed * 2 >= sessions_possible',
    numeratorInWords: 'who missed 50% or more of the sessions possible',
    denominator: ATTENDED,
    denominatorInWords: ATTENDED_IN_WORDS,
    polarity: 'lower-is-better',
    definition: `Share of children who missed half or more of their sessions. ${SESSIONS}`,
    source: absence,
    records: ['school-attendance'],
    switches: [ofTheYear, schoolAge],
  }),
  share({
    id: 'suspension-one-or-more-pct',
    title: 'One or more suspensions',
    numerator: 'suspensions >= 1',
    numeratorInWords: 'with a suspension or more that started in the year',
    denominator: 'of_school_age',
    denominatorInWords: 'of compulsory school age',
    polarity: 'lower-is-better',
    definition:
      'Share of children suspended at least once; known before 2019 as a fixed-period exclusion. From the records `suspensions`, category SUSP.',
    source: outcomesOfChildren('suspensions; Local Authority Interactive Tool'),
    records: ['suspensions'],
    switches: [ofTheYear, schoolAge],
    headline: true,
  }),
  share({
    id: 'permanent-exclusion-pct',
    title: 'Permanent exclusions',
    numerator: 'permanent_exclusions >= 1',
    numeratorInWords: 'excluded permanently in the year',
    denominator: 'of_school_age',
    denominatorInWords: 'of compulsory school age',
    polarity: 'lower-is-better',
    definition: 'Share of children permanently excluded. From the records `suspensions`, category PERM.',
    source: outcomesOfChildren('permanent exclusions; Local Authority Interactive Tool'),
    records: ['suspensions'],
    switches: [ofTheYear, schoolAge],
  }),
]

/* ---- results -------------------------------------------------------------------------------------------------- */

const RESULTS =
  'From the records `key-stage-results`, dated by 31 August, the last day of their academic year.'
const WITH_ONE = 'with such a result on record in the year'
const ofKeyStage4 = {
  denominator: 'of_ks4',
  denominatorInWords: 'with a result of key stage 4 on record in the year',
  polarity: 'higher-is-better',
  source: outcomesOfChildren('key stage 4; Local Authority Interactive Tool'),
  records: ['key-stage-results'],
} as const

const results: IndicatorDefinition[] = [
  share({
    id: 'eyfs-good-level-of-development-pct',
    title: 'Good level of development at the end of the early years foundation stage',
    numerator: `good_level = 'Y'`,
    numeratorInWords: 'who reached a good level of development',
    denominator: 'good_level is not null',
    denominatorInWords: WITH_ONE,
    polarity: 'higher-is-better',
    definition: `Share of children with a good level of development: the twelve early learning goals in five areas. ${RESULTS}`,
    source: outcomesOfChildren('early years foundation stage; Local Authority Interactive Tool'),
    records: ['key-stage-results'],
  }),
  share({
    id: 'ks2-rwm-expected-pct',
    title: 'Key stage 2: expected standard in reading, writing and mathematics',
    numerator: `expected_standard = 'Y'`,
    numeratorInWords: 'who met the expected standard in all three',
    denominator: 'expected_standard is not null',
    denominatorInWords: WITH_ONE,
    polarity: 'higher-is-better',
    definition: `Share of children who met the expected standard in reading, writing and mathematics. There are no results for 2020 and 2021. ${RESULTS}`,
    source: outcomesOfChildren('key stage 2; Local Authority Interactive Tool'),
    records: ['key-stage-results'],
    headline: true,
  }),
  ...(
    [
      ['ks4-attainment-8', 'Attainment 8', 'attainment_8', 'Attainment 8 scores', true],
      [
        'ks4-progress-8',
        'Progress 8',
        'progress_8',
        'Progress 8 scores, of pupils with prior attainment',
        false,
      ],
    ] as const
  ).map(([id, title, measure, scores, headline]) =>
    mean({
      id,
      title: `Key stage 4: average ${title}`,
      subject: 'education',
      population: pupilsTwelveMonthsAt,
      unit: 'score',
      measure,
      denominator: `${measure} is not null`,
      numeratorInWords: `${scores}, added up.`,
      denominatorInWords: `${COHORT}, ${WITH_ONE}.`,
      polarity: 'higher-is-better',
      definition: `Mean of the ${scores}. ${RESULTS}`,
      exclusions: EXCLUSIONS,
      source: ofKeyStage4.source,
      switches: [ofTheYear],
      dimensions: DIMENSIONS,
      lookBack: 'year',
      records: ['key-stage-results'],
      decimals: id === 'ks4-progress-8' ? 2 : 1,
      ...(headline ? { headline } : {}),
    }),
  ),
  ...([4, 5] as const).map((grade) =>
    share({
      ...ofKeyStage4,
      id: `ks4-english-maths-9-${grade}-pct`,
      title: `Key stage 4: grade ${grade} or above in English and mathematics`,
      numerator: `english_maths_grade >= ${grade}`,
      numeratorInWords: `with grade ${grade} or above in both`,
      definition: `Share of pupils with grades 9 to ${grade} in English and in mathematics. Who has a result of key stage 4 but no grades in the two counts as without; 2020 and 2021 were assessed by teachers. ${RESULTS}`,
    }),
  ),
]

/* ---- needs and plans ------------------------------------------------------------------------------------------ */

const needs: IndicatorDefinition[] = (
  [
    ['sen-ehcp-pct', 'With an education, health and care plan', 'ehc-plan'],
    ['sen-support-pct', 'With SEN support', 'sen-support'],
  ] as const
).map(([id, title, provision]) =>
  share({
    id,
    title,
    numerator: `sen_provision = '${provision}'`,
    numeratorInWords: `${title.charAt(0).toLowerCase()}${title.slice(1)} on that day`,
    denominator: 'age_in_years >= 4',
    denominatorInWords: 'aged 4 and over',
    polarity: 'neutral',
    definition:
      'Share of children with this provision on the last day of the period, from the records `special-educational-needs`; the two together are the share with special educational needs. Who has no record counts as without.',
    source: outcomesOfChildren('special educational needs; Local Authority Interactive Tool'),
    records: ['special-educational-needs'],
    recordsHoldOn: true,
    switches: [],
  }),
)

const plans: IndicatorDefinition[] = [
  percentage({
    id: 'pep-up-to-date-pct',
    title: 'Personal education plan in date',
    subject: 'education',
    population: pupilsAt,
    denominator: 'age_in_years between 4 and 17',
    numerator: 'plan_in_date',
    numeratorInWords: 'Of them, those whose plan was made or reviewed in the four months before.',
    denominatorInWords: 'Children aged 4 to 17 looked after on the last day of the period.',
    polarity: 'higher-is-better',
    definition:
      'Share of looked-after children whose personal education plan (PEP) was made or reviewed within a term. From the records `personal-education-plans`.',
    exclusions: SHORT_BREAKS,
    source: boardPapers('personal education plans; the termly interval is recalled, not read'),
    switches: [
      {
        name: 'term',
        value: 'P4M',
        meaning:
          'A review in the last four months counts as one of this term, or of the one before while this one has not ended: the days of terms differ between schools.',
      },
      {
        name: 'schoolAge',
        value: '4 to 17 on the day',
        meaning:
          'Which children have a plan: from reception to the end of the year in which they turn 18, post-16 included.',
      },
    ],
    dimensions: DIMENSIONS,
    lookBack: 'last-day',
    records: ['personal-education-plans'],
    headline: true,
  }),
]

/** How looked-after children fare at school. All of it from records beside the return. */
export const educationIndicators: readonly IndicatorDefinition[] = [
  ...plans,
  ...atSchool,
  ...results,
  ...needs,
]
