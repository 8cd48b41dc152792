import {
  count,
  type DeclaredRow,
  notOurs,
  type PublishedTable,
  percentage,
  table,
  target,
  total,
  type Wording,
} from './declaration.ts'
import { LOOKED_AFTER } from './publications.ts'

/*
 * Three tables of one form: a group of characteristics, and a characteristic in it. They use the same words for other
 * children (on 31 March, starting, ceasing), so a row alone does not say whose it is: the load tells the table.
 * Starting and ceasing were seen in files of the release of 2022; of 31 March the national file of that release was
 * seen, and providers, locality and distance in work that reads the file of authorities.
 */

type Rows = readonly (readonly [wording: Wording, category: string])[]

const TOTALS: Wording = ['Total children', 'Total']

const AGE_GROUP: Wording = ['Age group', 'Age', 'Age on 31 March']
const AGES: Rows = [
  ['Under 1 year', 'under-1'],
  ['1 to 4 years', '1-to-4'],
  ['5 to 9 years', '5-to-9'],
  ['10 to 15 years', '10-to-15'],
  [['16 years and over', '16 years or over'], '16-and-over'],
]

const SEX: Wording = ['Gender', 'Sex']
const SEXES: Rows = [
  ['Male', 'male'],
  ['Female', 'female'],
]

const ETHNICITIES: Rows = [
  [['Total White', 'White'], 'white'],
  [['Total Mixed or Multiple ethnic groups', 'Mixed or Multiple ethnic groups'], 'mixed'],
  [['Total Asian or Asian British', 'Asian or Asian British'], 'asian'],
  [
    ['Total Black, African, Caribbean or Black British', 'Black, African, Caribbean or Black British'],
    'black',
  ],
  [['Total other ethnic group', 'Other ethnic group', 'Other ethnic groups'], 'other'],
  [
    ['Total refused or information not yet available', 'Refused or information not yet available'],
    'not-known',
  ],
]

const NEEDS: Rows = [
  ['Abuse or neglect', 'abuse-or-neglect'],
  ["Child's disability", 'childs-disability'],
  [['Parental illness or disability', "Parent's illness or disability"], 'parental-illness-or-disability'],
  [['Family in acute stress', 'Family acute stress'], 'family-in-acute-stress'],
  ['Family dysfunction', 'family-dysfunction'],
  ['Socially unacceptable behaviour', 'socially-unacceptable-behaviour'],
  ['Low income', 'low-income'],
  ['Absent parenting', 'absent-parenting'],
]

const STATUSES: Rows = [
  ['Interim care order', 'interim-care-order'],
  [['Full care order', 'Full care orders'], 'full-care-order'],
  ['Placement order granted', 'placement-order'],
  [
    [
      'Voluntary agreements under S20 CA 1989',
      'Voluntary agreement under S20',
      'Voluntary agreements under S20',
    ],
    'section-20',
  ],
  ['Detained for child protection', 'child-protection'],
  ['Youth justice legal statuses', 'youth-justice'],
]

/** Types of placement as the releases since 2023 group them: the category, and the indicator of its share. */
const PLACEMENTS: readonly (readonly [wording: Wording, category: string, indicator: string])[] = [
  [['Foster placements', 'Total foster placements'], 'foster', 'placement-foster-pct'],
  [
    ['Secure homes and children’s homes', 'Total secure homes and children’s homes'],
    'residential',
    'placement-residential-pct',
  ],
  [
    [
      'Independent and semi-independent living arrangements/supported accommodation',
      'Total independent and semi-independent living arrangements/supported accommodation',
    ],
    'independent-or-supported',
    'placement-independent-or-supported-pct',
  ],
  [['Placed for adoption', 'Total placed for adoption'], 'adoption', 'placement-adoption-pct'],
  [
    [
      'Placed with parents or other person with parental responsibility',
      'Total placed with parents or other person with parental responsibility',
    ],
    'with-parents',
    'placement-with-parents-pct',
  ],
  [
    ['Residential schools', 'Total residential schools'],
    'residential-school',
    'placement-residential-school-pct',
  ],
  [['Other placements', 'Total other placements'], 'other', 'placement-other-pct'],
  [
    ['Other residential settings', 'Total other residential settings'],
    'other-residential',
    'placement-other-residential-pct',
  ],
]

const PROVIDERS: readonly (readonly [wording: Wording, category: string, indicator: string | null])[] = [
  [['Own provision (by the LA)', 'Own provision'], 'own', 'provider-own-pct'],
  [['Other LA provision'], 'other-la', 'provider-other-la-pct'],
  [['Other public provision (e.g. by a PCT etc)', 'Other public provision'], 'other-public', null],
  [['Private provision'], 'private', 'provider-private-pct'],
  [['Voluntary/third sector provision'], 'voluntary', 'provider-voluntary-pct'],
  [['Parents or other person with parental responsibility'], 'parents', null],
  [['Placement provider not reported'], 'not-reported', null],
]

const OTHER_GROUPING =
  'this group of placements was made otherwise until 2022: ours is that of the releases since'

const counts = (indicator: string, group: Wording, rows: Rows, dimension: string): DeclaredRow[] =>
  rows.map(([wording, category]) => count(indicator, [group, wording], { [dimension]: category }))

const sharesOf = (
  group: Wording,
  rows: readonly (readonly [wording: Wording, category: string, indicator: string | null])[],
  dimension: string,
): DeclaredRow[] =>
  rows.flatMap(([wording, category, indicator]) => [
    count('cla-count', [group, wording], { [dimension]: category }),
    ...(indicator === null ? [] : percentage(indicator, [group, wording], [group, TOTALS])),
  ])

const LOCALITY: Wording = ['Locality of placement']
const DISTANCE: Wording = ['Distance between home and placement']
const BOTH: Wording = [
  'Distance between home and placement and locality of placement',
  'Distance and locality of placement',
]
const PROVIDER: Wording = ['Place providers', 'Placement provider', 'Placement providers', 'Provider']
const UNACCOMPANIED: Wording = [
  'Unaccompanied asylum-seeking children',
  'Unaccompanied asylum seeking children (UASC)',
  'UASC',
]
const GROUPS_ON_31_MARCH: readonly Wording[] = [
  AGE_GROUP,
  SEX,
  'Ethnicity',
  'Category of need',
  'Legal status',
  'Placement',
  LOCALITY,
  DISTANCE,
  PROVIDER,
  UNACCOMPANIED,
]

const on31March = table(
  LOOKED_AFTER,
  'la_cla_on_31_march_by_characteristics',
  [
    ...counts('cla-count', AGE_GROUP, AGES, 'age-band'),
    ...counts('cla-count', SEX, SEXES, 'sex'),
    ...counts('cla-count', 'Ethnicity', ETHNICITIES, 'ethnicity'),
    ...counts('cla-count', 'Category of need', NEEDS, 'category-of-need'),
    ...counts('cla-count', 'Legal status', STATUSES, 'legal-status'),
    notOurs(['Legal status', 'Care orders'], 'interim and full care orders together; ours are apart'),
    ...sharesOf('Placement', PLACEMENTS, 'placement-type'),
    notOurs(
      ['Placement', ['Other placements in the community', 'Total other placements in the community']],
      OTHER_GROUPING,
    ),
    notOurs(
      [
        'Placement',
        [
          'Total secure units, children’s homes and semi-independent living accommodation',
          'Secure units, children’s homes and semi-independent living accommodation',
        ],
      ],
      OTHER_GROUPING,
    ),
    ...sharesOf(PROVIDER, PROVIDERS, 'placement-provider'),
    count('cla-count', [LOCALITY, 'Placed inside the local authority boundary'], {
      'placement-location': 'inside',
    }),
    count('cla-count', [LOCALITY, 'Placed outside the local authority boundary'], {
      'placement-location': 'outside',
    }),
    ...percentage(
      'placed-outside-la-pct',
      [LOCALITY, 'Placed outside the local authority boundary'],
      [LOCALITY, TOTALS],
    ),
    count('cla-count', [DISTANCE, 'Placed 20 miles or less from home'], {
      'placement-distance': '20-miles-or-less',
    }),
    count('cla-count', [DISTANCE, 'Placed more than 20 miles from home'], {
      'placement-distance': 'over-20-miles',
    }),
    count('cla-count', [DISTANCE, 'Distance not known or not recorded'], {
      'placement-distance': 'not-known',
    }),
    ...percentage(
      'placed-over-20-miles-pct',
      [DISTANCE, 'Placed more than 20 miles from home'],
      [DISTANCE, TOTALS],
    ),
    ...percentage(
      'placement-distance-not-known-pct',
      [DISTANCE, 'Distance not known or not recorded'],
      [DISTANCE, TOTALS],
    ),
    ...percentage(
      'placed-over-20-miles-and-outside-la-pct',
      [
        BOTH,
        [
          'Placed outside the LA boundary more than 20 miles from home',
          'Placed outside the local authority boundary more than 20 miles from home',
        ],
      ],
      [BOTH, TOTALS],
    ),
    count('uasc-count', [UNACCOMPANIED, UNACCOMPANIED]),
    ...percentage('uasc-pct', [UNACCOMPANIED, UNACCOMPANIED], [UNACCOMPANIED, TOTALS]),
    ...percentage(
      'cla-mothers-pct',
      ['Motherhood status', 'All mothers aged 12 or over looked after on 31 March'],
      ['Motherhood status', TOTALS],
    ),
    ...percentage(
      'three-plus-placements-pct',
      ['Placement stability', 'With 3 or more placements during the year'],
      ['Placement stability', TOTALS],
    ),
    ...GROUPS_ON_31_MARCH.map((group) => total('cla-count', [group, TOTALS])),
  ],
  { toldAtLoad: true },
)

const starting = table(
  LOOKED_AFTER,
  'la_cla_who_started_to_be_looked_after',
  [
    ...counts('cla-starters', ['Age group', 'Age', 'Age on starting'], AGES, 'age-band'),
    ...counts('cla-starters', SEX, SEXES, 'sex'),
    ...counts('cla-starters', 'Ethnicity', ETHNICITIES, 'ethnicity'),
    ...counts('cla-starters', 'Category of need', NEEDS, 'category-of-need'),
    // Child protection and youth justice are listed one by one there.
    ...counts('cla-starters', 'Legal status', STATUSES.slice(0, 4), 'legal-status'),
    ...(
      [
        ['Police protection in LA accommodation', 'l1'],
        ['Emergency protection order', 'l2'],
        ['Child assessment order and in LA accommodation', 'l3'],
        ['Remand', 'j1'],
        ['LA accommodation under PACE 1989', 'j2'],
        ['Sentenced to youth rehabilitation order', 'j3'],
      ] as const
    ).map(([wording, code]) =>
      count('cla-starters', ['Legal status', wording], { 'legal-status-code': code }),
    ),
    { categories: ['Legal status', 'Remand'], is: { count: [target('remand-starters-count')] } },
    count('cla-starters', [UNACCOMPANIED, UNACCOMPANIED], { uasc: 'yes' }),
    ...percentage('starters-uasc-pct', [UNACCOMPANIED, UNACCOMPANIED], [UNACCOMPANIED, TOTALS]),
    ...['All children taken into care', 'Not taken into care'].map((wording) =>
      notOurs(['Taken into care', wording], 'no indicator tells who was taken into care from who was not'),
    ),
    ...[
      ['Age group', 'Age', 'Age on starting'],
      SEX,
      'Ethnicity',
      'Category of need',
      'Legal status',
      'Taken into care',
    ].map((group) => total('cla-starters', [group, TOTALS])),
  ],
  { toldAtLoad: true },
)

const CEASED: Wording = ['Reason episode ceased', 'Reason ceased', 'Reason for ceasing']
const AGE_ON_CEASING: Wording = ['Age on ceasing', 'Age when ceased']

/** Reasons for ceasing: the code, where it is one, and the indicators of their share. */
const REASONS: readonly (readonly [wording: Wording, code: string | null, ...indicators: string[]])[] = [
  ['Accommodation on remand ended', 'e14'],
  ['Adopted', null, 'ceased-adopted-pct', 'adopted-of-leavers-pct'],
  ['Age assessment determined child aged 18 or over', 'e15'],
  ['Aged 18 (or over) and remained with current carers', 'e17', 'ceased-aged-18-with-carers-pct'],
  ['Care ceased for any other reason', 'e8'],
  ['Care taken by another local authority', 'e3', 'ceased-other-la-pct'],
  ['Child moved abroad', 'e16'],
  ['Died', 'e2', 'ceased-died-pct'],
  ['Left care to live with parents, relatives or other person with no parental responsibility', 'e13'],
  ['Moved into independent living (with no formalised support)', 'e6', 'ceased-independent-unsupported-pct'],
  ['Moved into independent living (with supportive accommodation)', 'e5', 'ceased-independent-supported-pct'],
  [
    [
      'Residence order or child arrangement order granted',
      'Residence order or child arrangements order granted',
    ],
    'e41',
    'ceased-cao-pct',
  ],
  [
    'Returned home to live with parents or other person with parental responsibility which was not part of the care planning process',
    'e4b',
    'ceased-returned-home-unplanned-pct',
  ],
  [
    'Returned home to live with parents or other person with parental responsibility which was part of the care planning process',
    'e4a',
    'ceased-returned-home-planned-pct',
  ],
  ['Sentenced to custody', 'e9', 'ceased-custody-pct'],
  [['Special guardianship orders', 'Special guardianship order'], null, 'ceased-sgo-pct'],
  ['Transferred to residential care funded by adult social services', 'e7'],
]

const ceasing = table(
  LOOKED_AFTER,
  'la_children_who_ceased_during_year',
  [
    ...counts('cla-leavers', AGE_ON_CEASING, AGES.slice(0, 4), 'age-band'),
    count('cla-leavers', [AGE_ON_CEASING, '16 years'], { age: '16' }),
    count('cla-leavers', [AGE_ON_CEASING, '17 years'], { age: '17' }),
    notOurs([AGE_ON_CEASING, '18 years and over'], 'ours gives ages of 18 and over one by one'),
    ...counts('cla-leavers', SEX, SEXES, 'sex'),
    ...REASONS.flatMap(([wording, code, ...indicators]) => [
      ...(code === null ? [] : [count('cla-leavers', [CEASED, wording], { 'ceasing-reason': code })]),
      ...indicators.flatMap((indicator) => percentage(indicator, [CEASED, wording], [CEASED, TOTALS])),
    ]),
    count('adoptions', [CEASED, 'Adopted']),
    count('ceased-died-count', [CEASED, 'Died']),
    ...[CEASED, AGE_ON_CEASING, SEX].map((group) => total('cla-leavers', [group, TOTALS])),
  ],
  { toldAtLoad: true },
)

export const characteristics: readonly PublishedTable[] = [on31March, starting, ceasing]
