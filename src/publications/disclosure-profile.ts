import type { Audience } from '../indicators/observation.ts'
import { PUBLICATION_PROFILE } from '../indicators/publication/profile.ts'

/** How figures were made safe for those they are for, as it is frozen with them. */
export interface DisclosureProfile {
  readonly profile: 'internal' | 'publication'
  /** What it means, in a sentence for the board's report. */
  readonly inWords: string
  readonly parameters: Readonly<Record<string, string | number | boolean>>
}

const PROFILES: Readonly<Record<Audience, DisclosureProfile>> = {
  internal: {
    profile: 'internal',
    inWords:
      'Every figure is given as it is. This must not be published: children could be found from small numbers.',
    parameters: { suppression: false },
  },
  public: {
    profile: PUBLICATION_PROFILE.name,
    inWords:
      'Numbers of children from 1 to 5 are withheld, and so is whatever they could be worked out from: complements, totals, percentages, averages and other rows of the same tables.',
    parameters: {
      suppression: true,
      smallestWithheld: 1,
      largestWithheld: PUBLICATION_PROFILE.threshold,
      secondarySuppression: true,
      valuesLeftPossible: PUBLICATION_PROFILE.width,
      crossedFrom: PUBLICATION_PROFILE.crossedFrom,
    },
  },
}

export const disclosureProfileFor = (audience: Audience): DisclosureProfile => PROFILES[audience]
