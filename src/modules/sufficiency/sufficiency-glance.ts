import type { ProfilePart } from '../../indicators/glance.ts'
import { needAgainstSupply } from './need-against-supply.ts'

/** What homes there are, whose, and where. */
const profile: readonly ProfilePart[] = [
  { indicator: 'cla-count', breakdown: ['placement-type'] },
  { indicator: 'cla-count', breakdown: ['placement-provider'] },
  { indicator: 'cla-count', breakdown: ['placement-location'] },
  { indicator: 'cla-count', breakdown: ['placement-distance'] },
  { indicator: 'cla-count', breakdown: ['placement-distance-band'] },
  { indicator: 'cla-count', breakdown: ['placement-authority-relation'] },
  { indicator: 'placed-outside-la-pct', breakdown: ['placement-type'] },
]

/** Where children live, on one page. */
export const sufficiencyGlance = {
  subject: 'sufficiency',
  tag: 'Sufficiency',
  operationId: 'getSufficiency',
  schemaId: 'SufficiencyGlance',
  summary: 'Where children live, at a glance',
  description:
    'Headline figures of the homes in which looked-after children live (kind, provider, in the authority or not, distance from home), each with the two periods before; the children by them; and need against supply: children and places by kind, age, sex and area. Location and distance need the postcodes.',
  answers:
    'Where children live: headline figures with what they were before, and the children by kind, provider and place of their homes.',
  profile,
  particular: needAgainstSupply,
} as const
