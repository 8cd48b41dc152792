import { ETHNIC, LS, PLACE, REASON_PLACE_CHANGE, REC } from './code-sets.ts'

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
}
