import type { ProfilePart } from '../../indicators/glance.ts'

/** Who goes missing, from where and for how long. */
const profile: readonly ProfilePart[] = [
  { indicator: 'missing-incidents', breakdown: ['duration'] },
  { indicator: 'missing-incidents', breakdown: ['age-band'] },
  { indicator: 'missing-incidents', breakdown: ['placement-type'] },
  { indicator: 'missing-children-pct', breakdown: ['age-band'] },
  { indicator: 'missing-children-pct', breakdown: ['sex'] },
  { indicator: 'away-incidents', breakdown: ['duration'] },
]

/** Who goes missing, on one page. */
export const missingEpisodesGlance = {
  subject: 'missing-episodes',
  tag: 'Missing episodes',
  operationId: 'getMissingEpisodes',
  schemaId: 'MissingEpisodesGlance',
  summary: 'Who goes missing, at a glance',
  description:
    'Headline figures of children who went missing, and of those who were away without authorisation, each with the two periods before; the incidents by how long they lasted, by age and by placement. The two are never added together.',
  answers:
    'Who goes missing: headline figures with what they were before, how long incidents lasted, and whom they befell.',
  profile,
} as const
