import { notOurs, type PublishedTable, percentage, table, total, type Wording } from './declaration.ts'
import { LOOKED_AFTER } from './publications.ts'

/** The ages, as they are worded in the tables, in the ids of ours and as the category. */
const AGES: readonly (readonly [wording: Wording, inId: '17-18' | '19-21', group: string])[] = [
  [['17 to 18 years', 'Aged 17 to 18'], '17-18', '17-to-18'],
  [['19 to 21 years', 'Aged 19 to 21'], '19-21', '19-to-21'],
]

/** What they do: of some the age is in the id of the indicator, of others it is the category. */
const ACTIVITIES: readonly (readonly [wording: Wording, indicator: string, ageIs: 'in-id' | 'category'])[] = [
  ['Total in education, employment or training', 'care-leavers-eet', 'in-id'],
  ['Total not in education, training or employment', 'care-leavers-neet', 'in-id'],
  ['Total not in education, employment or training', 'care-leavers-neet', 'in-id'],
  [
    'Not in education, training or employment, owing to illness or disability',
    'care-leavers-neet-illness-disability',
    'in-id',
  ],
  [
    'Not in education, training or employment, owing to pregnancy or parenting',
    'care-leavers-neet-pregnancy-parenting',
    'in-id',
  ],
  ['Not in education, training or employment, owing to other reasons', 'care-leavers-neet-other', 'in-id'],
  ['Higher education i.e. studies beyond A level', 'care-leavers-higher-education', 'in-id'],
  ['Education other than higher education', 'care-leavers-other-education-pct', 'category'],
  ['In an apprenticeship', 'care-leavers-apprenticeship-pct', 'category'],
  ['In training or employment (excl. apprenticeship)', 'care-leavers-employment-pct', 'category'],
  ['Total information not known', 'care-leavers-activity-not-known-pct', 'category'],
]

const SUITABILITIES: typeof ACTIVITIES = [
  ['Accommodation considered suitable', 'care-leavers-suitable-accommodation', 'in-id'],
  ['No information', 'care-leavers-suitability-no-information', 'in-id'],
  [
    ['Accommodation considered unsuitable', 'Accommodation considered not suitable'],
    'care-leavers-unsuitable-accommodation-pct',
    'category',
  ],
]

const CONTACTS: typeof ACTIVITIES = [
  ['Local authority in touch with care leaver', 'care-leavers-in-touch', 'in-id'],
  ['Local authority not in touch with care leaver', 'care-leavers-not-in-touch', 'in-id'],
  ['Young person refuses contact', 'care-leavers-refuses-contact', 'in-id'],
  ['Young person no longer requires services', 'care-leavers-no-longer-requires-services', 'in-id'],
]

const rowsOf = (rows: typeof ACTIVITIES, totalWording: Wording) =>
  AGES.flatMap(([age, inId, group]) =>
    rows.flatMap(([wording, indicator, ageIs]) =>
      ageIs === 'in-id'
        ? percentage(`${indicator}-${inId}-pct`, [age, wording], [age, totalWording])
        : percentage(indicator, [age, wording], [age, totalWording], { 'age-group': group }),
    ),
  )

const FOSTERED =
  'Young people who ceased to be looked after in a foster placement on their 18th birthday and were eligible for care leavers support'
const STAYED = 'Total living with former foster carers in the current year'

export const careLeavers: readonly PublishedTable[] = [
  // Seen in a file, every row of it.
  table(LOOKED_AFTER, 'la_care_leavers_activity', [
    ...rowsOf(ACTIVITIES, 'Total'),
    ...AGES.map(([age, , group]) => total('care-leavers-cohort', [age, 'Total'], { 'age-group': group })),
    ...AGES.map(([age]) =>
      notOurs(
        [age, 'In training or employment'],
        'with apprenticeships, as they were counted until 2021; ours leaves them out',
      ),
    ),
  ]),
  // Seen in a file, every row of it. Its total leaves out who went abroad, was deported or whose home is not known.
  table(LOOKED_AFTER, 'la_care_leavers_accommodation_suitability', [
    ...rowsOf(SUITABILITIES, 'Suitability total'),
  ]),
  // Seen in a file of the release of 2022.
  table(LOOKED_AFTER, 'la_care_leavers_intouch', [...rowsOf(CONTACTS, 'Total')]),
  table(LOOKED_AFTER, 'la_care_leavers_stayput', [
    ...percentage(
      'staying-put-18-pct',
      [['Aged 18', '18 years'], STAYED],
      [['Aged 18', '18 years'], FOSTERED],
    ),
    ...percentage(
      'staying-put-19-20-pct',
      [['Aged 19 to 20', '19 to 20 years'], STAYED],
      [['Aged 19 to 20', '19 to 20 years'], FOSTERED],
    ),
  ]),
]
