import type { ProfilePart } from '../../indicators/glance.ts'

/** Who they are, what they do, where they live, and what they are entitled to. */
const profile: readonly ProfilePart[] = [
  { indicator: 'care-leavers-cohort', breakdown: ['age'] },
  { indicator: 'care-leavers-cohort', breakdown: ['activity'] },
  { indicator: 'care-leavers-cohort', breakdown: ['accommodation'] },
  { indicator: 'care-leavers-cohort', breakdown: ['sex'] },
  { indicator: 'care-leavers-entitlement-count', breakdown: ['entitlement'] },
]

/** How care leavers fare, on one page. */
export const careLeaversGlance = {
  subject: 'care-leavers',
  tag: 'Care leavers',
  operationId: 'getCareLeavers',
  schemaId: 'CareLeaversGlance',
  summary: 'How care leavers fare, at a glance',
  description:
    'Headline figures of the care leavers returned in OC3 for a birthday in the period (contact, activity, accommodation, staying put), each with the two periods before; what they do and where they live; and the young people entitled by law on its last day, by category.',
  answers:
    'How care leavers fare: headline figures with what they were before, their activity and accommodation, and who is entitled to what.',
  profile,
} as const
