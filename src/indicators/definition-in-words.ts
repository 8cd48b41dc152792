import { createHash } from 'node:crypto'
import type { IndicatorDefinition, Subject, Unit } from './definition.ts'

/** What a figure means, as the catalogue tells it and as a publication freezes it. */
export interface DefinitionInWords {
  readonly id: string
  readonly title: string
  readonly subject: Subject
  readonly headline: boolean
  readonly definition: string
  readonly numerator: string
  /** Null for a count. */
  readonly denominator: string | null
  readonly exclusions: string
  readonly unit: Unit
  readonly polarity: IndicatorDefinition['polarity']
  readonly decimals: number
  readonly source: { readonly title: string; readonly year: number; readonly part: string | null }
  readonly switches: readonly { readonly name: string; readonly value: string; readonly meaning: string }[]
}

export function definitionInWords(indicator: IndicatorDefinition): DefinitionInWords {
  const { source } = indicator
  return {
    id: indicator.id,
    title: indicator.title,
    subject: indicator.subject,
    headline: indicator.headline === true,
    definition: indicator.definition,
    numerator: indicator.kind === 'count' ? indicator.countedInWords : indicator.numeratorInWords,
    denominator: indicator.kind === 'count' ? null : indicator.denominatorInWords,
    exclusions: indicator.exclusions,
    unit: indicator.unit,
    polarity: indicator.polarity,
    decimals: indicator.decimals,
    source: { title: source.title, year: source.year, part: source.part ?? null },
    switches: (indicator.switches ?? []).map(({ name, value, meaning }) => ({ name, value, meaning })),
  }
}

/** Members of a definition that tell people what it does, and do nothing themselves. */
const WORDS: ReadonlySet<string> = new Set([
  'title',
  'subject',
  'headline',
  'definition',
  'countedInWords',
  'numeratorInWords',
  'denominatorInWords',
  'exclusions',
  'source',
  'switches',
  'polarity',
  'decimals',
  'internalOnly',
  'counts',
])

/** Names how a figure is calculated, whatever is said of it: the same as long as the same is counted. */
export const calculationOf = (indicator: IndicatorDefinition): string =>
  createHash('sha256')
    .update(JSON.stringify(indicator, (member, value: unknown) => (WORDS.has(member) ? undefined : value)))
    .digest('base64url')
    .slice(0, 16)
