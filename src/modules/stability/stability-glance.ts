import type { ProfilePart } from '../../indicators/glance.ts'

/** How moves come about, and whom they befall. */
const profile: readonly ProfilePart[] = [
  { indicator: 'placement-changes', breakdown: ['placement-change-reason'] },
  { indicator: 'three-plus-placements-pct', breakdown: ['age-band'] },
  { indicator: 'three-plus-placements-pct', breakdown: ['placement-type'] },
]

/** How stable the lives of looked-after children are, on one page. */
export const stabilityGlance = {
  subject: 'stability',
  tag: 'Stability',
  operationId: 'getStability',
  schemaId: 'StabilityGlance',
  summary: 'How stable their lives are, at a glance',
  description:
    'Headline figures of the stability of placements and of social workers, each with the two periods before; the reasons for which placements changed; and the share of children with three or more placements by age and by placement.',
  answers:
    'How stable the lives of looked-after children are: headline figures with what they were before, why placements change, and whom frequent moves befall.',
  profile,
} as const
