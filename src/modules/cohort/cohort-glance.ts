import type { ProfilePart } from '../../indicators/glance.ts'

/** Who the children are. */
const profile: readonly ProfilePart[] = (
  [
    'age-band',
    'sex',
    'ethnicity',
    'legal-status',
    'placement-type',
    'category-of-need',
    'time-in-care',
  ] as const
).map((dimension) => ({ indicator: 'cla-count', breakdown: [dimension] }))

/** Who is looked after, who comes and who leaves, on one page. */
export const cohortGlance = {
  subject: 'cohort',
  tag: 'Cohort',
  operationId: 'getCohort',
  schemaId: 'CohortGlance',
  summary: 'Who is looked after, at a glance',
  description:
    'Headline figures of the children looked after by an authority, of those who started and of those who ceased to be, each with the two periods before; and the children looked after by age, sex, ethnic group, legal status, placement, need and time in care.',
  answers:
    'Who is looked after: headline figures with what they were before, and the children by their characteristics.',
  profile,
} as const
