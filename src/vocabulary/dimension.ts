import { ETHNIC, LS, PLACE, REASON_PLACE_CHANGE, REC, REVIEW_CODE } from './code-sets.ts'
import { SUPPLY_DIMENSIONS } from './supply-dimensions.ts'

/** What figures are broken down by. Ids and categories are part of the public contract (design.md 4). */
export type DimensionId =
  | 'age-band'
  | 'age'
  | 'sex'
  | 'ethnicity'
  | 'ethnicity-code'
  | 'legal-status'
  | 'legal-status-code'
  | 'category-of-need'
  | 'placement-type'
  | 'placement-code'
  | 'placement-provider'
  | 'uasc'
  | 'time-in-care'
  | 'placement-change-reason'
  | 'ceasing-reason'
  | 'previous-permanence'
  | 'periods-of-care'
  | 'placements-since-start'
  | 'placement-location'
  | 'placement-distance'
  | 'duration'
  | 'age-group'
  | 'activity'
  | 'accommodation'
  | 'entitlement'
  | 'reversal-reason'
  | 'waiting-time'
  | 'review-participation'
  | 'rhi-outcome'
  | 'sen-provision'
  | 'placement-distance-band'
  | 'placement-authority-relation'
  | 'placement-authority-relation-of-the-day'
  | 'age-under-16'
  | 'days-in-placement'
  | 'need-category'
  | 'fostering-type'
  | 'place-state'
  | 'not-available-reason'
  | 'leaving-reason'
  | 'provider-type'
  | 'provider-sector'
  | 'home-size'
  | 'judgement'
  | 'contract'
  | 'commissioned-type'
  | 'survey'

export interface Category {
  readonly id: string
  readonly label: string
}

export interface Dimension {
  readonly id: DimensionId
  readonly label: string
  readonly definition: string
  readonly categories: readonly Category[]
  /** Whether every category is given, also those with nobody in them. Long lists of codes are not. */
  readonly complete: boolean
  /** The categories are the authority's own codes, which no list here can know. */
  readonly open?: true
}

/** Categories that are groups of codes: category, label, codes. */
type Groups = readonly (readonly [id: string, label: string, codes: string])[]

export const ETHNICITY_GROUPS: Groups = [
  ['white', 'White', 'WBRI WIRI WOTH WIRT WROM'],
  ['mixed', 'Mixed or multiple ethnic groups', 'MWBC MWBA MWAS MOTH'],
  ['asian', 'Asian or Asian British', 'AIND APKN ABAN AOTH CHNE'],
  ['black', 'Black, African, Caribbean or Black British', 'BCRB BAFR BOTH'],
  ['other', 'Other ethnic groups', 'OOTH'],
  ['not-known', 'Refused or information not yet available', 'REFU NOBT'],
]

export const LEGAL_STATUS_GROUPS: Groups = [
  ['interim-care-order', 'Interim care order', 'C1'],
  ['full-care-order', 'Full care order', 'C2'],
  ['freeing-order', 'Freeing order granted', 'D1'],
  ['placement-order', 'Placement order granted', 'E1'],
  ['section-20', 'Voluntary agreements under section 20', 'V2'],
  ['child-protection', 'Detained for child protection', 'L1 L2 L3'],
  ['youth-justice', 'Youth justice legal statuses', 'J1 J2 J3'],
]

export const CATEGORY_OF_NEED_GROUPS: Groups = [
  ['abuse-or-neglect', 'Abuse or neglect', 'N1'],
  ['childs-disability', "Child's disability", 'N2'],
  ['parental-illness-or-disability', "Parents' illness or disability", 'N3'],
  ['family-in-acute-stress', 'Family in acute stress', 'N4'],
  ['family-dysfunction', 'Family dysfunction', 'N5'],
  ['socially-unacceptable-behaviour', 'Socially unacceptable behaviour', 'N6'],
  ['low-income', 'Low income', 'N7'],
  ['absent-parenting', 'Absent parenting', 'N8'],
]

export const PLACEMENT_TYPE_GROUPS: Groups = [
  ['foster', 'Foster placements', 'U1 U2 U3 U4 U5 U6'],
  ['adoption', 'Placed for adoption', 'A3 A4 A5 A6'],
  ['with-parents', 'With own parents or others with parental responsibility', 'P1'],
  [
    'independent-or-supported',
    'Independent living, semi-independent living or supported accommodation',
    'P2 H5 K3',
  ],
  ['residential', "Secure units and children's homes", 'K1 K2'],
  ['other-residential', 'Other residential settings', 'R1 R2 R3 R5 P3'],
  ['residential-school', 'Residential schools', 'S1'],
  ['other', 'Other placements', 'Z1 Z11 Z12 Z13 Z14'],
]

export const PLACEMENT_PROVIDER_GROUPS: Groups = [
  ['own', 'Own provision by the authority', 'PR1'],
  ['other-la', 'Other local authority provision', 'PR2'],
  ['other-public', 'Other public provision', 'PR3'],
  ['private', 'Private provision', 'PR4'],
  ['voluntary', 'Voluntary or third sector provision', 'PR5'],
  ['parents', 'Parents or others with parental responsibility', 'PR0'],
]

const inGroups = (groups: Groups): Category[] => groups.map(([id, label]) => ({ id, label }))
const inCodes = (codes: Readonly<Record<string, { label: string }>>): Category[] =>
  Object.entries(codes).map(([code, { label }]) => ({ id: code.toLowerCase(), label }))
const notReported: Category = { id: 'not-reported', label: 'Not reported' }

/** Where a home lies, seen from the responsible authority: each child in one of them. */
const RELATIONS: readonly Category[] = [
  { id: 'inside', label: 'In the authority' },
  { id: 'adjoining', label: 'In an authority next to it' },
  { id: 'at-a-distance', label: 'In another authority in England' },
  { id: 'outside-england', label: 'In Wales, Scotland or Northern Ireland' },
  { id: 'outside-uk', label: 'Outside the United Kingdom' },
  { id: 'not-known', label: 'Not known' },
]

const list: readonly Dimension[] = [
  {
    id: 'age-band',
    label: 'Age band',
    definition:
      'Completed years of age: on the day for a stock, on starting or ceasing for a flow. Born on 29 February, the birthday of a common year is 1 March.',
    categories: [
      { id: 'under-1', label: 'Under 1 year' },
      { id: '1-to-4', label: '1 to 4 years' },
      { id: '5-to-9', label: '5 to 9 years' },
      { id: '10-to-15', label: '10 to 15 years' },
      { id: '16-and-over', label: '16 years and over' },
    ],
    complete: true,
  },
  {
    id: 'age',
    label: 'Age',
    definition: 'Completed years of age, singly: on the day for a stock, on starting or ceasing for a flow.',
    categories: Array.from({ length: 26 }, (_, years) => ({ id: String(years), label: `${years} years` })),
    complete: false,
  },
  {
    id: 'sex',
    label: 'Sex',
    definition: 'As returned; `unknown` can be returned from 2024-25.',
    categories: [
      { id: 'male', label: 'Male' },
      { id: 'female', label: 'Female' },
      { id: 'unknown', label: 'Unknown' },
    ],
    complete: true,
  },
  {
    id: 'ethnicity',
    label: 'Ethnic group',
    definition:
      'The DfE’s five groups of the ethnicity codes (Chinese in Asian), and refused or not yet obtained.',
    categories: inGroups(ETHNICITY_GROUPS),
    complete: true,
  },
  {
    id: 'ethnicity-code',
    label: 'Ethnicity code',
    definition: 'The ethnicity code of the return, in lower case.',
    categories: inCodes(ETHNIC),
    complete: false,
  },
  {
    id: 'legal-status',
    label: 'Legal status',
    definition:
      'Group of the legal status of the episode on the day. Short breaks (V3, V4) are in no figure but their own.',
    categories: inGroups(LEGAL_STATUS_GROUPS),
    complete: true,
  },
  {
    id: 'legal-status-code',
    label: 'Legal status code',
    definition: 'Legal status code of the episode on the day, in lower case.',
    categories: inCodes(LS).filter(({ id }) => id !== 'v3' && id !== 'v4'),
    complete: false,
  },
  {
    id: 'category-of-need',
    label: 'Category of need',
    definition: 'The main reason why the child started to be looked after (N1 to N8).',
    categories: inGroups(CATEGORY_OF_NEED_GROUPS),
    complete: true,
  },
  {
    id: 'placement-type',
    label: 'Placement type',
    definition:
      'Group of the placement on the day; a temporary stay (T0 to T4) counts as the placement that it interrupts.',
    categories: inGroups(PLACEMENT_TYPE_GROUPS),
    complete: true,
  },
  {
    id: 'placement-code',
    label: 'Placement code',
    definition:
      'Placement code on the day, in lower case; a temporary stay counts as the placement that it interrupts.',
    categories: inCodes(PLACE),
    complete: false,
  },
  {
    id: 'placement-provider',
    label: 'Placement provider',
    definition: 'Who provides the placement on the day; `not-reported` where the return leaves it blank.',
    categories: [...inGroups(PLACEMENT_PROVIDER_GROUPS), notReported],
    complete: true,
  },
  {
    id: 'uasc',
    label: 'Unaccompanied asylum-seeking child',
    definition:
      'Whether the child is one on the day: returned as such, and the status not ceased on or before the day.',
    categories: [
      { id: 'yes', label: 'Unaccompanied asylum-seeking child' },
      { id: 'no', label: 'Not an unaccompanied asylum-seeking child' },
    ],
    complete: true,
  },
  {
    id: 'time-in-care',
    label: 'Time in care',
    definition:
      'From the start of the period of care to the day; from the first day known where the start is not. Bands by whole months and years.',
    categories: [
      { id: 'under-6-months', label: 'Under 6 months' },
      { id: '6-to-12-months', label: '6 months to under 1 year' },
      { id: '1-to-2-years', label: '1 year to under 2 years' },
      { id: '2-to-3-years', label: '2 years to under 3 years' },
      { id: '3-to-5-years', label: '3 years to under 5 years' },
      { id: '5-years-and-over', label: '5 years and over' },
    ],
    complete: true,
  },
  {
    id: 'placement-change-reason',
    label: 'Reason for placement change',
    definition: 'The code on the episode that ceases, in lower case.',
    categories: [...inCodes(REASON_PLACE_CHANGE), notReported],
    complete: false,
  },
  {
    id: 'ceasing-reason',
    label: 'Reason for ceasing to be looked after',
    definition: 'The code on the last episode of the period of care, in lower case.',
    categories: [...inCodes(REC).filter(({ id }) => id !== 'x1'), notReported],
    complete: false,
  },
  {
    id: 'previous-permanence',
    label: 'Previous permanence option',
    definition: 'The code returned for the child, in lower case; z1 is none.',
    categories: [
      { id: 'p1', label: 'Adoption' },
      { id: 'p2', label: 'Special guardianship order' },
      { id: 'p3', label: 'Residence or child arrangements order' },
      { id: 'p4', label: 'Unknown' },
      { id: 'z1', label: 'None' },
      notReported,
    ],
    complete: true,
  },
  {
    id: 'periods-of-care',
    label: 'Periods of care',
    definition: 'How many periods of care the child has started by the end of the period.',
    categories: [
      ...Array.from({ length: 9 }, (_, index) => ({ id: String(index + 1), label: String(index + 1) })),
      { id: '10-or-more', label: '10 or more' },
    ],
    complete: false,
  },
  {
    id: 'placements-since-start',
    label: 'Placements since becoming looked after',
    definition: 'How many placements the child has had in the period of care.',
    categories: [
      { id: 'up-to-3', label: 'Up to 3' },
      { id: '4-to-9', label: '4 to 9' },
      { id: '10-or-more', label: '10 or more' },
    ],
    complete: true,
  },
  {
    id: 'placement-location',
    label: 'Placement location',
    definition:
      'Whether the home lies in the responsible authority, by the postcode of the placement and today’s boundaries; Wales, Scotland and Northern Ireland are outside. Needs the postcodes.',
    categories: [
      { id: 'inside', label: 'Inside the authority' },
      { id: 'outside', label: 'Outside the authority' },
      { id: 'not-known', label: 'Not known' },
    ],
    complete: true,
  },
  {
    id: 'placement-distance',
    label: 'Distance between home and placement',
    definition:
      'Straight line between the postcodes of the child’s home and of the placement in miles, rounded to one decimal; over 20 means more than 20.0. Needs the postcodes.',
    categories: [
      { id: '20-miles-or-less', label: '20 miles or less' },
      { id: 'over-20-miles', label: 'Over 20 miles' },
      { id: 'not-known', label: 'Not known' },
    ],
    complete: true,
  },
  {
    id: 'duration',
    label: 'Duration',
    definition:
      'Days from the start to the end of an incident, as far as is known today; of one that lasts, to the last day of the period.',
    categories: [
      { id: 'less-than-1-day', label: 'Less than 1 day' },
      { id: '1-to-2-days', label: '1 to 2 days' },
      { id: '3-to-7-days', label: '3 to 7 days' },
      { id: '8-to-10-days', label: '8 to 10 days' },
      { id: '11-to-15-days', label: '11 to 15 days' },
      { id: '16-to-20-days', label: '16 to 20 days' },
      { id: '21-to-30-days', label: '21 to 30 days' },
      { id: 'over-30-days', label: 'Over 30 days' },
    ],
    complete: true,
  },
  {
    id: 'age-group',
    label: 'Age group of care leavers',
    definition: 'The age reached on the birthday in the period.',
    categories: [
      { id: '17-to-18', label: '17 to 18 years' },
      { id: '19-to-21', label: '19 to 21 years' },
    ],
    complete: true,
  },
  {
    id: 'activity',
    label: 'Activity of care leavers',
    definition: 'Main activity around the birthday, full time and part time together.',
    categories: [
      { id: 'higher-education', label: 'Higher education' },
      { id: 'other-education', label: 'Education other than higher education' },
      { id: 'apprenticeship', label: 'Apprenticeship' },
      { id: 'training-or-employment', label: 'Training or employment, not an apprenticeship' },
      {
        id: 'neet-illness-or-disability',
        label: 'Not in education, employment or training: illness or disability',
      },
      {
        id: 'neet-pregnancy-or-parenting',
        label: 'Not in education, employment or training: pregnancy or parenting',
      },
      { id: 'neet-other', label: 'Not in education, employment or training: other circumstances' },
      { id: 'not-known', label: 'Not known' },
    ],
    complete: true,
  },
  {
    id: 'accommodation',
    label: 'Accommodation of care leavers',
    definition: 'The letter of the accommodation code of OC3, in lower case; `0` is no information.',
    categories: [
      { id: 'b', label: 'With parents or relatives' },
      { id: 'c', label: 'Community home or other residential care' },
      { id: 'd', label: 'Semi-independent, transitional accommodation' },
      { id: 'e', label: 'Supported lodgings' },
      { id: 'g', label: 'Gone abroad' },
      { id: 'h', label: 'Deported' },
      { id: 'k', label: 'Ordinary lodgings' },
      { id: 'r', label: 'Residence not known' },
      { id: 's', label: 'No fixed abode or homeless' },
      { id: 't', label: 'Foyers' },
      { id: 'u', label: 'Independent living' },
      { id: 'v', label: 'Emergency accommodation' },
      { id: 'w', label: 'Bed and breakfast' },
      { id: 'x', label: 'In custody' },
      { id: 'y', label: 'Other accommodation' },
      { id: 'z', label: 'With former foster carers' },
      { id: '0', label: 'No information' },
    ],
    complete: false,
  },
  {
    id: 'entitlement',
    label: 'Entitlement of care leavers',
    definition:
      'The category of the Children Act 1989 on the day: eligible is still looked after, relevant is 16 or 17 and no longer, former relevant is 18 or over.',
    categories: [
      { id: 'eligible', label: 'Eligible' },
      { id: 'relevant', label: 'Relevant' },
      { id: 'former-relevant', label: 'Former relevant' },
      {
        id: 'former-relevant-pursuing-education',
        label: 'Former relevant, pursuing education or training',
      },
      { id: 'qualifying', label: 'Qualifying' },
    ],
    complete: true,
  },
  {
    id: 'reversal-reason',
    label: 'Reason why adoption is no longer the plan',
    definition: 'REASON_PLACED_CEASED, in lower case.',
    categories: [
      { id: 'rd1', label: 'The child’s needs changed after the decision' },
      { id: 'rd2', label: 'The court did not make a placement order' },
      { id: 'rd3', label: 'Prospective adopters could not be found' },
      { id: 'rd4', label: 'Any other reason' },
      notReported,
    ],
    complete: true,
  },
  {
    id: 'waiting-time',
    label: 'Time since the placement order',
    definition: 'From the start of the placement order to the last day of the period.',
    categories: [
      { id: 'under-6-months', label: 'Under 6 months' },
      { id: '6-to-12-months', label: '6 months to under 1 year' },
      { id: '1-to-2-years', label: '1 year to under 2 years' },
      { id: '2-to-3-years', label: '2 years to under 3 years' },
      { id: '3-years-and-over', label: '3 years and over' },
    ],
    complete: true,
  },
  {
    id: 'review-participation',
    label: 'Participation in the review',
    definition: 'REVIEW_CODE, in lower case.',
    categories: inCodes(REVIEW_CODE),
    complete: false,
  },
  {
    id: 'rhi-outcome',
    label: 'Theme of the return home interview',
    definition:
      'The code of the authority’s own list of themes, in lower case and with hyphens; `not-recorded` where none is given.',
    categories: [{ id: 'not-recorded', label: 'Not recorded' }],
    complete: false,
    open: true,
  },
  {
    id: 'sen-provision',
    label: 'Provision for special educational needs',
    definition:
      'As the records `special-educational-needs` say for the last day of the period; who has none is in `none`.',
    categories: [
      { id: 'ehc-plan', label: 'Education, health and care plan' },
      { id: 'sen-support', label: 'SEN support' },
      { id: 'none', label: 'No special educational need on record' },
    ],
    complete: true,
  },
  {
    id: 'placement-distance-band',
    label: 'Distance between home and placement, in bands',
    definition:
      'As `placement-distance`, in finer bands of the same miles, rounded to one decimal: up to 20.0 miles is `20-miles-or-less` there. Needs the postcodes.',
    categories: [
      { id: 'under-5-miles', label: 'Under 5 miles' },
      { id: '5-to-10-miles', label: '5 to 10 miles' },
      { id: 'over-10-to-20-miles', label: 'Over 10 to 20 miles' },
      { id: 'over-20-to-50-miles', label: 'Over 20 to 50 miles' },
      { id: 'over-50-miles', label: 'Over 50 miles' },
      { id: 'not-known', label: 'Not known' },
    ],
    complete: true,
  },
  {
    id: 'placement-authority-relation',
    label: 'Where the placement lies, seen from the authority',
    definition:
      'The authority of the placement’s postcode against the responsible one, by today’s boundaries. A postcode that the directory loaded does not hold is told by its area where that lies wholly outside England, and is not known otherwise. Needs the postcodes.',
    categories: RELATIONS,
    complete: true,
  },
  {
    id: 'placement-authority-relation-of-the-day',
    label: 'Where the placement lay on the day, seen from the authority',
    definition:
      'As `placement-authority-relation`, by the authorities that there were on the day of the row: of a merged or divided authority, and of a history returned under its code or its successor’s, the one of that day. Where today’s authority of a postcode does not tell which it was then, and it makes a difference, it is not known: Bournemouth, Poole and Christchurch (then Dorset) before 1 April 2019. Needs the postcodes.',
    categories: RELATIONS,
    complete: true,
  },
  {
    id: 'age-under-16',
    label: 'Under 16 or not',
    definition:
      'Age on the day, on either side of the 16th birthday: no child under 16 may live in supported accommodation.',
    categories: [
      { id: 'under-16', label: 'Under 16 years' },
      { id: '16-and-over', label: '16 years and over' },
    ],
    complete: true,
  },
  {
    id: 'days-in-placement',
    label: 'Days in the placement so far',
    definition:
      'Days from the start of the placement to the day; a temporary stay (T0 to T4) does not end it.',
    categories: [
      { id: 'up-to-7-days', label: 'Up to 7 days' },
      { id: '8-to-28-days', label: '8 to 28 days' },
      { id: '29-to-90-days', label: '29 to 90 days' },
      { id: 'over-90-days', label: 'Over 90 days' },
    ],
    complete: true,
  },
  {
    id: 'need-category',
    label: 'Kind of complex need',
    definition:
      'As the records `child-needs` say for the day. A child with complex needs of two kinds is in both categories, and once in the total: the categories may add up to more than that.',
    categories: [
      { id: 'emotional', label: 'Emotional' },
      { id: 'behavioural', label: 'Behavioural' },
      { id: 'education', label: 'Education' },
      { id: 'health', label: 'Health' },
    ],
    complete: true,
  },
  ...SUPPLY_DIMENSIONS,
]

export const DIMENSIONS: ReadonlyMap<DimensionId, Dimension> = new Map(
  list.map((dimension) => [dimension.id, dimension]),
)

/** An SQL expression that gives the category of a code column; what is in no group is `otherwise`. */
export const categorySql = (column: string, groups: Groups, otherwise: string): string =>
  `case ${groups
    .map(
      ([id, , codes]) =>
        `when ${column} in (${codes
          .split(' ')
          .map((code) => `'${code}'`)
          .join(', ')}) then '${id}'`,
    )
    .join(' ')} else '${otherwise}' end`

const groupOfCode = (groups: Groups, otherwise: string): ((code: string) => string) => {
  const byCode = new Map(
    groups.flatMap(([id, , codes]) => codes.split(' ').map((code) => [code.toLowerCase(), id])),
  )
  return (code) => byCode.get(code) ?? otherwise
}

const UP_TO_20_MILES = new Set(['under-5-miles', '5-to-10-miles', 'over-10-to-20-miles'])

/** Dimensions whose categories are groups of a finer dimension's, and which group a category of that one is in. */
export const FINER_DIMENSIONS: Partial<
  Record<DimensionId, { readonly dimension: DimensionId; readonly groupOf: (category: string) => string }>
> = {
  'age-band': {
    dimension: 'age',
    groupOf(age) {
      const years = Number(age)
      return years < 1
        ? 'under-1'
        : years < 5
          ? '1-to-4'
          : years < 10
            ? '5-to-9'
            : years < 16
              ? '10-to-15'
              : '16-and-over'
    },
  },
  ethnicity: { dimension: 'ethnicity-code', groupOf: groupOfCode(ETHNICITY_GROUPS, 'not-known') },
  'legal-status': {
    dimension: 'legal-status-code',
    groupOf: groupOfCode(LEGAL_STATUS_GROUPS, 'short-break'),
  },
  'placement-type': { dimension: 'placement-code', groupOf: groupOfCode(PLACEMENT_TYPE_GROUPS, 'other') },
  'placement-location': {
    dimension: 'placement-authority-relation',
    groupOf: (relation) => (relation === 'inside' || relation === 'not-known' ? relation : 'outside'),
  },
  'placement-distance': {
    dimension: 'placement-distance-band',
    groupOf: (band) =>
      band === 'not-known' ? band : UP_TO_20_MILES.has(band) ? '20-miles-or-less' : 'over-20-miles',
  },
}
