import type { Category, Dimension } from './dimension.ts'
import type { RecordKind } from './record-kinds.ts'
import { SUPPLY_RECORD_KINDS } from './supply-record-kinds.ts'

/** The categories that a column of a kind of record has, by its codes. */
function codesOf(kindName: (typeof SUPPLY_RECORD_KINDS)[number]['name'], columnName: string): Category[] {
  const kind: RecordKind = SUPPLY_RECORD_KINDS.find(({ name }) => name === kindName)!
  const column = kind.columns.find(({ name }) => name === columnName)
  if (column?.kind !== 'code') throw new Error(`${columnName} of ${kindName} has no codes`)
  return Object.entries(column.codes).map(([id, label]) => ({ id, label }))
}

/** What the figures of homes and places are broken down by: mostly the codes of the records that they are made from. */
export const SUPPLY_DIMENSIONS: readonly Dimension[] = [
  {
    id: 'fostering-type',
    label: 'Type of fostering',
    definition:
      'What a household is approved as, or would be; given where there is one. Supported lodgings are in figures of recruitment only; `not-known` is an enquiry that does not say.',
    categories: [...codesOf('fostering-households', 'fohh_type'), { id: 'not-known', label: 'Not known' }],
    complete: false,
  },
  {
    id: 'place-state',
    label: 'State of foster places',
    definition:
      'By the household’s latest record of the kind fostering-places up to the day; `not-known` where there is none.',
    categories: [
      { id: 'filled', label: 'Filled' },
      { id: 'vacant', label: 'Vacant' },
      { id: 'not-available', label: 'Not available' },
      { id: 'not-known', label: 'Not known' },
    ],
    complete: true,
  },
  {
    id: 'not-available-reason',
    label: 'Why foster places are not available',
    definition: 'The reason that the household’s latest record gives; `other` where it gives none.',
    categories: codesOf('fostering-places', 'fopl_not_available_reason'),
    complete: true,
  },
  {
    id: 'leaving-reason',
    label: 'Why fostering households left',
    definition: 'The reason with which the approval ended; `other` where none is given.',
    categories: codesOf('fostering-households', 'fohh_leaving_reason'),
    complete: true,
  },
  {
    id: 'provider-type',
    label: 'Type of provider',
    definition: 'What kind of home, school or agency it is, by its record; given where there is one.',
    categories: codesOf('providers', 'prov_type'),
    complete: false,
  },
  {
    id: 'provider-sector',
    label: 'Sector',
    definition: 'Who runs the home; `other` where it is not told.',
    categories: codesOf('providers', 'prov_sector'),
    complete: true,
  },
  {
    id: 'home-size',
    label: 'Size of homes',
    definition: 'How many children may live in the home at one time, by its registration.',
    categories: [
      { id: 'up-to-2', label: 'Up to 2 beds' },
      { id: '3-to-4', label: '3 or 4 beds' },
      { id: '5-to-6', label: '5 or 6 beds' },
      { id: '7-and-over', label: '7 beds and over' },
      { id: 'not-known', label: 'Not known' },
    ],
    complete: true,
  },
  {
    id: 'judgement',
    label: 'Ofsted’s judgement',
    definition:
      'Ofsted’s latest judgement of overall experiences or effectiveness, as recorded by the day; `not-judged` where none is recorded.',
    categories: codesOf('providers', 'prov_judgement'),
    complete: false,
  },
  {
    id: 'contract',
    label: 'Contract',
    definition: 'How beds or foster places are bought.',
    categories: codesOf('commissioned-beds', 'cobe_contract'),
    complete: true,
  },
  {
    id: 'commissioned-type',
    label: 'Type of commissioned place',
    definition: 'What kind of place is bought.',
    categories: codesOf('commissioned-beds', 'cobe_placement_type'),
    complete: true,
  },
  {
    id: 'survey',
    label: 'Survey',
    definition: 'What was asked, and whom; given where one closed in the year.',
    categories: codesOf('surveys', 'surv_survey'),
    complete: false,
  },
]
