import { count, type IndicatorDefinition, percentage, type Switch } from '../../indicators/definition.ts'
import {
  careLeaverStatusesAt,
  careLeaversIn,
  entitledAt,
  formerCareLeaversAt,
} from '../../indicators/populations/care-leavers.ts'
import {
  annexA,
  boardPapers,
  careLeaverLaw,
  childrenLookedAfter,
  localAuthorityTool,
} from '../../indicators/sources.ts'

const source = childrenLookedAfter('care leavers')
const EXCLUSIONS =
  'Died; returned home for six months or more (RHOM); care taken over by another authority (E3); looked after only under short breaks.'
const COHORT =
  'Care leavers returned in OC3 whose birthday falls in the period; the row is taken as proof of thirteen weeks in care since the 14th birthday, with some time after the 16th.'

/** How the authority asks, and when, is not known from the return. */
const contact: readonly Switch[] = [
  {
    name: 'contactWindow',
    value: 'P3M before to P1M after the birthday',
    meaning:
      'When contact, activity and accommodation are recorded. Recalled, not read: the authority applies it as it fills in OC3.',
  },
]

interface Share {
  /** Whole id, or the part before the age group. */
  readonly id: string
  readonly title: string
  readonly numerator: string
  readonly numeratorInWords: string
  readonly polarity: IndicatorDefinition['polarity']
  readonly remark?: string
  /** Of those whose accommodation can be judged; else of all. */
  readonly ofReachable?: true
  readonly headline?: true
}

const REACHABLE = 'without those who went abroad (G), were deported (H) or whose residence is not known (R)'

const percent = (
  share: Share,
  id: string,
  title: string,
  ages: string | null,
  inWords: string,
  dimensions: IndicatorDefinition['dimensions'],
): IndicatorDefinition => {
  const denominator = [ages, share.ofReachable ? 'not is_out_of_reach' : null].filter((part) => part !== null)
  return percentage({
    id,
    title,
    subject: 'care-leavers',
    population: careLeaversIn,
    numerator: share.numerator,
    ...(denominator.length > 0 ? { denominator: denominator.join(' and ') } : {}),
    numeratorInWords: `Of them, those with ${share.numeratorInWords}.`,
    denominatorInWords: `${COHORT}${inWords}${share.ofReachable ? `, ${REACHABLE}` : ''}`,
    polarity: share.polarity,
    definition: `Share of care leavers: ${share.title.toLowerCase()}.${share.remark ? ` ${share.remark}` : ''}`,
    exclusions: EXCLUSIONS,
    source,
    switches: contact,
    dimensions,
    lookBack: 'period',
    tables: ['OC3'],
    ...(share.headline && id.endsWith('19-21-pct') ? { headline: true } : {}),
  })
}

/** Two indicators, for the age groups that are published apart. */
const byAgeGroup = (share: Share): IndicatorDefinition[] =>
  (
    [
      ['19-21', `age_group = '19-to-21'`],
      ['17-18', `age_group = '17-to-18'`],
    ] as const
  ).map(([ages, condition]) =>
    percent(
      share,
      `${share.id}-${ages}-pct`,
      `${share.title} (${ages})`,
      condition,
      ` Aged ${ages.replace('-', ' to ')}`,
      ['sex', 'ethnicity', 'age'],
    ),
  )

/** One indicator for all of them, with the age groups as a breakdown. */
const overall = (share: Share): IndicatorDefinition =>
  percent(share, `${share.id}-pct`, share.title, null, '', ['age-group', 'age', 'sex', 'ethnicity'])

const cohort: IndicatorDefinition[] = [
  count({
    id: 'care-leavers-cohort',
    title: 'Care leavers aged 17 to 21',
    subject: 'care-leavers',
    population: careLeaversIn,
    countedInWords: COHORT,
    polarity: 'neutral',
    definition: `${COHORT} Who is still looked after on the 17th or 18th birthday has no row (E37).`,
    exclusions: EXCLUSIONS,
    source,
    dimensions: careLeaversIn.dimensions,
    lookBack: 'period',
    tables: ['OC3'],
    headline: true,
  }),
  overall({
    id: 'care-leavers-former-uasc',
    title: 'Former unaccompanied asylum-seeking children',
    numerator: 'former_uasc',
    numeratorInWords: 'a row in the UASC table of any return held',
    polarity: 'neutral',
  }),
]

const touch: IndicatorDefinition[] = [
  ...byAgeGroup({
    id: 'care-leavers-in-touch',
    title: 'Local authority in touch',
    numerator: `in_touch = 'YES'`,
    numeratorInWords: 'IN_TOUCH = YES',
    polarity: 'higher-is-better',
    headline: true,
  }),
  ...byAgeGroup({
    id: 'care-leavers-not-in-touch',
    title: 'Lost contact',
    numerator: `in_touch = 'NO'`,
    numeratorInWords: 'IN_TOUCH = NO',
    polarity: 'lower-is-better',
    remark: 'Also of those whose activity is known from others (E40).',
  }),
  ...byAgeGroup({
    id: 'care-leavers-refuses-contact',
    title: 'Refuses contact',
    numerator: `in_touch = 'REFU'`,
    numeratorInWords: 'IN_TOUCH = REFU',
    polarity: 'neutral',
  }),
  ...byAgeGroup({
    id: 'care-leavers-no-longer-requires-services',
    title: 'No longer requires services',
    numerator: `in_touch = 'NREQ'`,
    numeratorInWords: 'IN_TOUCH = NREQ',
    polarity: 'neutral',
  }),
  overall({
    id: 'care-leavers-refuse-or-no-longer-require',
    title: 'Refuses contact or no longer requires services',
    numerator: `in_touch in ('REFU', 'NREQ')`,
    numeratorInWords: 'IN_TOUCH = REFU or NREQ',
    polarity: 'neutral',
    remark: 'They stay in every other denominator.',
  }),
]

const activities: IndicatorDefinition[] = [
  ...byAgeGroup({
    id: 'care-leavers-eet',
    title: 'In education, employment or training',
    numerator: `activity in ('higher-education', 'other-education', 'apprenticeship', 'training-or-employment')`,
    numeratorInWords: 'ACTIV F or P with 1, 2, 4 or 5 (3 in returns before 2022)',
    polarity: 'higher-is-better',
    headline: true,
    remark: 'An activity that is not known counts as none (E38).',
  }),
  ...byAgeGroup({
    id: 'care-leavers-neet',
    title: 'Not in education, employment or training',
    numerator: `activity in ('neet-illness-or-disability', 'neet-pregnancy-or-parenting', 'neet-other')`,
    numeratorInWords: 'ACTIV = G4, G5 or G6',
    polarity: 'lower-is-better',
    headline: true,
    remark: 'Not what is left of 100%: an activity that is not known is a third part.',
  }),
  ...byAgeGroup({
    id: 'care-leavers-neet-illness-disability',
    title: 'Not in education, employment or training: illness or disability',
    numerator: `activity = 'neet-illness-or-disability'`,
    numeratorInWords: 'ACTIV = G4',
    polarity: 'neutral',
  }),
  ...byAgeGroup({
    id: 'care-leavers-neet-pregnancy-parenting',
    title: 'Not in education, employment or training: pregnancy or parenting',
    numerator: `activity = 'neet-pregnancy-or-parenting'`,
    numeratorInWords: 'ACTIV = G6',
    polarity: 'neutral',
  }),
  ...byAgeGroup({
    id: 'care-leavers-neet-other',
    title: 'Not in education, employment or training: other circumstances',
    numerator: `activity = 'neet-other'`,
    numeratorInWords: 'ACTIV = G5',
    polarity: 'lower-is-better',
  }),
  ...byAgeGroup({
    id: 'care-leavers-higher-education',
    title: 'In higher education',
    numerator: `activity = 'higher-education'`,
    numeratorInWords: 'ACTIV = F1 or P1',
    polarity: 'higher-is-better',
    headline: true,
  }),
  overall({
    id: 'care-leavers-other-education',
    title: 'In education other than higher education',
    numerator: `activity = 'other-education'`,
    numeratorInWords: 'ACTIV = F2 or P2',
    polarity: 'neutral',
  }),
  overall({
    id: 'care-leavers-apprenticeship',
    title: 'In an apprenticeship',
    numerator: `activity = 'apprenticeship'`,
    numeratorInWords: 'ACTIV = F4 or P4',
    polarity: 'higher-is-better',
    remark: 'Collected since 2022; before, in training or employment.',
  }),
  overall({
    id: 'care-leavers-employment',
    title: 'In training or employment, not an apprenticeship',
    numerator: `activity = 'training-or-employment'`,
    numeratorInWords: 'ACTIV = F5 or P5 (F3 or P3 in returns before 2022)',
    polarity: 'higher-is-better',
  }),
  overall({
    id: 'care-leavers-activity-not-known',
    title: 'Activity not known',
    numerator: `activity = 'not-known'`,
    numeratorInWords: 'ACTIV = 0 or none',
    polarity: 'lower-is-better',
  }),
]

const homes: IndicatorDefinition[] = [
  ...byAgeGroup({
    id: 'care-leavers-suitable-accommodation',
    title: 'In suitable accommodation',
    numerator: `right(accommodation_code, 1) = '1'`,
    numeratorInWords: 'an ACCOM code that ends in 1',
    polarity: 'higher-is-better',
    ofReachable: true,
    headline: true,
    remark: 'Who has no information stays in the denominator (E38).',
  }),
  ...byAgeGroup({
    id: 'care-leavers-suitability-no-information',
    title: 'No information on accommodation',
    numerator: `accommodation_code = '0'`,
    numeratorInWords: 'ACCOM = 0 or none',
    polarity: 'lower-is-better',
    ofReachable: true,
  }),
  overall({
    id: 'care-leavers-unsuitable-accommodation',
    title: 'In unsuitable accommodation',
    numerator: `right(accommodation_code, 1) = '2'`,
    numeratorInWords: 'an ACCOM code that ends in 2',
    polarity: 'lower-is-better',
    ofReachable: true,
  }),
  overall({
    id: 'care-leavers-homeless',
    title: 'No fixed abode or homeless',
    numerator: `accommodation = 's'`,
    numeratorInWords: 'ACCOM = S2',
    polarity: 'lower-is-better',
  }),
  overall({
    id: 'care-leavers-in-custody',
    title: 'In custody',
    numerator: `accommodation = 'x'`,
    numeratorInWords: 'ACCOM = X2',
    polarity: 'lower-is-better',
  }),
  count({
    id: 'care-leavers-bed-and-breakfast-count',
    title: 'Care leavers in bed and breakfast',
    subject: 'care-leavers',
    population: careLeaversIn,
    counted: `accommodation = 'w'`,
    countedInWords: `${COHORT} Of them, those with ACCOM = W1 or W2.`,
    polarity: 'lower-is-better',
    definition: 'Care leavers in bed and breakfast around their birthday, suitable or not.',
    exclusions: EXCLUSIONS,
    source,
    switches: contact,
    dimensions: ['age-group', 'sex'],
    lookBack: 'period',
    tables: ['OC3'],
  }),
  ...(
    [
      ['staying-put-18-pct', 'Staying put at 18', 'age = 18', 'at 18'],
      ['staying-put-19-20-pct', 'Staying put at 19 and 20', 'age in (19, 20)', 'at 19 or 20'],
    ] as const
  ).map(([id, title, ages, inWords]) =>
    percentage({
      id,
      title,
      subject: 'care-leavers',
      population: careLeaversIn,
      denominator: `fostered_at_eighteen and ${ages}`,
      numerator: `accommodation = 'z'`,
      numeratorInWords: `Of them, those living with their former foster carers ${inWords} (ACCOM = Z1 or Z2).`,
      denominatorInWords: `${COHORT} Of them, those who ceased to be looked after on the 18th birthday in a foster placement (U1 to U6) and were eligible, now ${inWords.replace('at ', '')}.`,
      polarity: 'higher-is-better',
      definition: `Share of eligible young people fostered up to the 18th birthday who live with those carers ${inWords} (E41). The reason E17 for ceasing is not the numerator: it covers any placement.`,
      exclusions: EXCLUSIONS,
      source: localAuthorityTool('354'),
      switches: contact,
      dimensions: ['sex', 'ethnicity'],
      lookBack: 'period',
      tables: ['OC3'],
      ...(id === 'staying-put-19-20-pct' ? { headline: true } : {}),
    }),
  ),
]

const AS_FAR_AS_HELD =
  'From the returns held: of who left care before the first of them, OC3 is the only proof.'

const entitlement: IndicatorDefinition[] = [
  count({
    id: 'care-leavers-entitlement-count',
    title: 'Young people entitled as care leavers',
    subject: 'care-leavers',
    population: entitledAt,
    countedInWords:
      'Young people who are eligible, relevant, former relevant (pursuing education or training after 21 as well) or qualifying on the last day of the period.',
    polarity: 'neutral',
    definition: `The cohort of the law, not of OC3: thirteen weeks (91 days, half-open, all periods together) looked after since the 14th birthday, with a day after the 16th (E34, E35). ${AS_FAR_AS_HELD} Hospital or detention on the 16th birthday, education after 21, support asked for after 21 and a return home for six months come from the records \`care-leaver-circumstances\`.`,
    exclusions:
      'Short breaks count for nothing. Young people who died, or whose care another authority took over.',
    source: careLeaverLaw,
    switches: [
      {
        name: 'daysCounted',
        value: 'half-open, 91',
        meaning: 'The day of leaving is not counted (E34 d); counting both ends would let 90 days pass.',
      },
    ],
    dimensions: ['entitlement', 'age', 'sex', 'ethnicity', 'uasc'],
    lookBack: 'last-day',
    headline: true,
  }),
  count({
    id: 'care-leavers-owed-duties-not-in-oc3-count',
    title: 'Young people owed duties who are missing from OC3',
    subject: 'care-leavers',
    population: entitledAt,
    counted: 'oc3_expected and not oc3_returned',
    countedInWords:
      'Relevant and former relevant young people aged 17 to 20 for whom OC3 holds no row for their latest birthday, on which they were no longer looked after.',
    polarity: 'lower-is-better',
    definition:
      'Where the cohort of the law and the returned one differ: young people to whom duties are owed on the last day of the period and who were not returned in OC3 for the birthday in the twelve months before it.',
    exclusions:
      'As care-leavers-entitlement-count. Who was still looked after on the birthday, for whom OC3 has no row (E37).',
    source: careLeaverLaw,
    dimensions: ['entitlement', 'age', 'sex'],
    lookBack: 'year',
    tables: ['OC3'],
  }),
]

/* ---- from records ------------------------------------------------------------------------------------------- */

const BY_RECORDS =
  'The cohort is that of the law, as care-leavers-entitlement-count has it; what is known of each is what the latest of the records `care-leavers` dated on or before the last day of the period says.'
const NO_RECORD = 'Who has no record counts as without.'
const OWED =
  'Relevant and former relevant young people on the last day of the period, up to 25 if in education or on request.'
const DECEASED =
  'Young people who died, or whose care another authority took over; those whose days in care were short breaks.'

interface StatusShare {
  readonly id: string
  readonly title: string
  readonly numerator: string
  readonly numeratorInWords: string
  readonly denominator: string
  readonly denominatorInWords: string
  readonly polarity: IndicatorDefinition['polarity']
  readonly definition: string
  readonly source: IndicatorDefinition['source']
  readonly switches?: readonly Switch[]
}

const LEFT_CARE =
  'Young people entitled as care leavers on the last day of the period and no longer looked after'

const known: IndicatorDefinition[] = [
  ...(
    [
      {
        id: 'personal-adviser-allocated-pct',
        title: 'Care leavers with an allocated personal adviser',
        denominator: 'is_owed_adviser',
        denominatorInWords: OWED,
        numerator: 'adviser_allocated',
        numeratorInWords: 'Of them, those with a personal adviser on record.',
        polarity: 'higher-is-better',
        definition: `Share of the young people to whom an adviser is owed who have one. ${NO_RECORD}`,
        source: annexA('list 9'),
      },
      {
        id: 'pathway-plan-up-to-date-pct',
        title: 'Pathway plan made or reviewed in the last six months',
        denominator: 'is_owed_plan',
        denominatorInWords:
          'Eligible, relevant and former relevant young people under 21 on the last day of the period.',
        numerator: 'plan_in_date',
        numeratorInWords: 'Of them, those whose plan was made or reviewed in the six months before.',
        polarity: 'higher-is-better',
        definition: `Share of the young people to whom a pathway plan is owed whose plan is in date. ${NO_RECORD}`,
        source: annexA('list 9'),
        switches: [
          {
            name: 'reviewInterval',
            value: 'P6M',
            meaning: 'How old a plan may be; recalled from the Care Leavers Regulations, regulation 7.',
          },
        ],
      },
      {
        id: 'care-leavers-contact-within-8-weeks-pct',
        title: 'Care leavers with contact in the last eight weeks',
        denominator: 'is_owed_adviser',
        denominatorInWords: OWED,
        numerator: 'recent_contact',
        numeratorInWords: 'Of them, those with whom the adviser had contact in the 56 days before.',
        polarity: 'higher-is-better',
        definition: `Share of the young people to whom an adviser is owed with recent contact. ${NO_RECORD}`,
        source: boardPapers('contact with care leavers'),
      },
      {
        id: 'care-leavers-lost-contact-pct',
        title: 'Care leavers with whom contact is lost, on record',
        denominator: 'has_left_care and in_touch is not null',
        denominatorInWords: `${LEFT_CARE}, of whom a record says whether the authority is in touch.`,
        numerator: `in_touch = 'NO'`,
        numeratorInWords: 'Of them, those with whom the authority is not in touch (NO).',
        polarity: 'lower-is-better',
        definition:
          'Share of care leavers with whom the authority is not in touch, on any day; care-leavers-not-in-touch-19-21-pct is what OC3 says around the birthday (E43). Who refuses contact or no longer requires services is not lost.',
        source: boardPapers('care leavers, lost contact'),
      },
      {
        id: 'care-leavers-parents-pct',
        title: 'Care leavers who are parents',
        denominator: 'has_left_care and parent is not null',
        denominatorInWords: `${LEFT_CARE}, of whom a record says whether they are parents.`,
        numerator: `parent = 'Y'`,
        numeratorInWords: 'Of them, those who are parents.',
        polarity: 'neutral',
        definition: 'Share of care leavers who are parents, whether or not their children live with them.',
        source: boardPapers('care leavers who are parents'),
      },
      {
        id: 'care-leavers-parents-with-children-pct',
        title: 'Care leavers who are parents and have their children with them',
        denominator: `has_left_care and parent = 'Y' and children_with_them is not null`,
        denominatorInWords: `${LEFT_CARE}, who are parents, and of whom a record says whether their children live with them.`,
        numerator: `children_with_them = 'Y'`,
        numeratorInWords: 'Of them, those with whom their children live.',
        polarity: 'neutral',
        definition: 'Share of the care leavers who are parents with whom their children live.',
        source: boardPapers('care leavers who are parents'),
      },
    ] satisfies StatusShare[]
  ).map((share) =>
    percentage({
      ...share,
      subject: 'care-leavers',
      population: careLeaverStatusesAt,
      definition: `${share.definition} ${BY_RECORDS}`,
      exclusions: DECEASED,
      dimensions: ['entitlement', 'age', 'sex', 'ethnicity', 'uasc'],
      lookBack: 'last-day',
      records: ['care-leavers'],
    }),
  ),
  count({
    id: 'staying-close-count',
    title: 'Young people in a Staying Close offer',
    subject: 'care-leavers',
    population: careLeaverStatusesAt,
    counted: 'staying_close',
    countedInWords:
      'Young people entitled as care leavers on the last day of the period with a Staying Close offer on record.',
    polarity: 'neutral',
    definition: `Young people in a Staying Close offer. ${BY_RECORDS}`,
    exclusions: DECEASED,
    source: boardPapers('Staying Close'),
    dimensions: ['entitlement', 'age', 'sex', 'ethnicity', 'uasc'],
    lookBack: 'last-day',
    records: ['care-leavers'],
  }),
  percentage({
    id: 'care-leavers-22-25-support-pct',
    title: 'Young people aged 22 to 25 who asked for support and received it',
    subject: 'care-leavers',
    population: formerCareLeaversAt,
    denominator: 'is_on_record',
    numerator: 'supported',
    numeratorInWords: 'Of them, those who asked for support and received it.',
    denominatorInWords:
      'Young people aged 22 to 25 on the last day of the period who had qualified as care leavers and have a record.',
    polarity: 'neutral',
    definition:
      'Share of the young people aged 22 to 25 who had spent the thirteen weeks in care, as far as the returns held show, and who asked for support and received it: as the latest of their records `care-leavers` dated on or before the day says. Not comparable with the figures of those aged 17 to 21: there is no duty to seek contact.',
    exclusions: `${DECEASED} Young people who returned home for six months or more (RHOM).`,
    source: childrenLookedAfter('care leavers aged 22 to 25'),
    switches: [
      {
        name: 'birthday',
        value: 'age on the last day of the period',
        meaning: 'Who turned 22 to 25 in a year has that age on its last day.',
      },
      {
        name: 'withoutRecord',
        value: 'left out',
        meaning: 'Who has no record is not known to the authority at that age, and not in the denominator.',
      },
    ],
    dimensions: ['age', 'sex', 'ethnicity'],
    lookBack: 'last-day',
    records: ['care-leavers'],
  }),
]

/** How care leavers fare: as returned around their birthdays; and who is owed duties by law, whoever was returned; and what records say. */
export const careLeaversIndicators: readonly IndicatorDefinition[] = [
  ...cohort,
  ...touch,
  ...activities,
  ...homes,
  ...entitlement,
  ...known,
]
