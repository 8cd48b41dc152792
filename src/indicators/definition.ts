import type { DimensionId } from '../vocabulary/dimension.ts'
import type { RecordKindName } from '../vocabulary/record-kinds.ts'
import type { TableName } from '../vocabulary/ssda903.ts'

/** The subjects of a board's pack; each is a module. */
export type Subject =
  | 'cohort'
  | 'stability'
  | 'missing-episodes'
  | 'care-leavers'
  | 'sufficiency'
  | 'health'
  | 'education'
  | 'adoption'
  | 'reviews'
  | 'justice'
  | 'workforce'

/**
 * A set of rows that indicators count over, as SQL with a name: one row for each thing counted, with the
 * authority, the child, the period and every dimension as a column. The statement may read
 * `period(label, first_day, last_day)` and `$1::text[]`, the authorities; nothing else comes in.
 */
export interface Population {
  readonly id: string
  /** What one row is, for callers: "a child looked after on the last day of the period". */
  readonly counts: string
  readonly kind: 'stock' | 'flow'
  readonly text: string
  /** The dimensions that its rows have as columns (the id with underscores). */
  readonly dimensions: readonly DimensionId[]
  /** Further columns for the list of children: what makes a row what it is. */
  readonly facts: readonly string[]
  /** Its rows come from records beside the return alone: no return need cover the period. */
  readonly fromRecordsAlone?: true
}

/** How far before the period's last day an indicator looks: those days must be covered by returns. */
export type LookBack = 'last-day' | 'period' | 'year' | 'two-years' | 'three-years'

export type Unit = 'count' | 'percentage' | 'rate-per-10000' | MeanUnit
/** What a mean, or a ratio that is no percentage, is of. */
export type MeanUnit =
  | 'days'
  | 'months'
  | 'placements'
  | 'periods'
  | 'incidents'
  | 'score'
  | 'children'
  | 'cases'
  | 'places'
  | 'pounds-per-week'

/** Reference data that figures are made with. */
export type ReferenceNeed = 'postcodes' | 'population'

export interface Source {
  readonly title: string
  readonly year: number
  /** Guide, table or rule within it. */
  readonly part?: string
}

/** A decision that the sources leave open, and how it is taken here. */
export interface Switch {
  readonly name: string
  readonly value: string
  readonly meaning: string
}

interface Described {
  /** Stable, in kebab case; part of the public contract. */
  readonly id: string
  readonly title: string
  readonly subject: Subject
  readonly population: Population
  readonly polarity: 'higher-is-better' | 'lower-is-better' | 'neutral'
  readonly definition: string
  readonly exclusions: string
  readonly source: Source
  readonly switches?: readonly Switch[]
  readonly dimensions: readonly DimensionId[]
  readonly lookBack: LookBack
  /** Tables of the return without which it can't be known, beside Header and Episodes. */
  readonly tables?: readonly TableName[]
  /** Kinds of record beside the return of which some must be dated in the days that it looks at. */
  readonly records?: readonly RecordKindName[]
  /** Its records tell what holds on from their day: some day up to the last one is enough, however far it looks back. */
  readonly recordsHoldOn?: true
  /** It is collected as at 31 March: no other day can be asked for. */
  readonly annual?: true
  /** Reference data without which it can't be known. */
  readonly reference?: readonly ReferenceNeed[]
  /** Decimals that it is published with. */
  readonly decimals: number
  /** Whether it is among the figures that a subject opens with. */
  readonly headline?: boolean
  /** Why it is for internal eyes only: then nothing of it is published. */
  readonly internalOnly?: string
}

/** How many rows of the population meet the condition; or what they come to, where each has a weight. */
export interface CountDefinition extends Described {
  readonly kind: 'count'
  readonly unit: 'count'
  /** SQL condition over a row; all rows where it is left out. */
  readonly counted?: string
  /** SQL expression of what a row counts, a whole number: -1 of what is lost where 1 is gained. 1 where it is left out. */
  readonly weight?: string
  readonly countedInWords: string
  /** A child with several rows that meet it is counted once: in total, and once in each category that a row is in. */
  readonly eachChildOnce?: true
}

/** Of the rows that meet `denominator`, the share that meet `numerator` too. */
export interface PercentageDefinition extends Described {
  readonly kind: 'percentage'
  readonly unit: 'percentage'
  readonly numerator: string
  readonly denominator?: string
  readonly numeratorInWords: string
  readonly denominatorInWords: string
}

/** The mean of a number over the rows that meet `denominator`. */
export interface MeanDefinition extends Described {
  readonly kind: 'mean'
  readonly unit: MeanUnit
  /** SQL expression of the number that a row has. */
  readonly measure: string
  readonly denominator?: string
  readonly numeratorInWords: string
  readonly denominatorInWords: string
}

/** Rows that meet `counted`, set against the children of the authority. */
export interface RateDefinition extends Described {
  readonly kind: 'rate'
  readonly unit: 'rate-per-10000' | 'percentage'
  /** SQL condition over a row; all rows where it is left out. */
  readonly counted?: string
  readonly numeratorInWords: string
  readonly denominatorInWords: string
}

/** A sum over the rows that meet `counted`, set against another sum over them: sessions missed of sessions possible. */
export interface RatioDefinition extends Described {
  readonly kind: 'ratio'
  /** `percentage` is a hundred times the ratio. */
  readonly unit: 'percentage' | MeanUnit
  /** SQL expression of the number of a row that is added up; never null in a row that is counted. */
  readonly measure: string
  /** SQL expression of the number of a row that makes up what it is set against; never null in one either. */
  readonly divisor: string
  /** SQL condition over a row; all rows where it is left out. */
  readonly counted?: string
  readonly numeratorInWords: string
  readonly denominatorInWords: string
}

export type IndicatorDefinition =
  | CountDefinition
  | PercentageDefinition
  | MeanDefinition
  | RateDefinition
  | RatioDefinition

type Undecided<D> = Omit<D, 'kind' | 'unit' | 'decimals'> & { readonly decimals?: number }

export const count = (definition: Undecided<CountDefinition>): CountDefinition => ({
  decimals: 0,
  ...definition,
  kind: 'count',
  unit: 'count',
})

export const percentage = (definition: Undecided<PercentageDefinition>): PercentageDefinition => ({
  decimals: 0,
  ...definition,
  kind: 'percentage',
  unit: 'percentage',
})

export const mean = (
  definition: Undecided<MeanDefinition> & { readonly unit: MeanDefinition['unit'] },
): MeanDefinition => ({ decimals: 1, ...definition, kind: 'mean' })

export const rate = (
  definition: Undecided<RateDefinition> & { readonly unit?: RateDefinition['unit'] },
): RateDefinition => ({ decimals: 0, unit: 'rate-per-10000', ...definition, kind: 'rate' })

export const ratio = (
  definition: Undecided<RatioDefinition> & { readonly unit: RatioDefinition['unit'] },
): RatioDefinition => ({ decimals: 1, ...definition, kind: 'ratio' })
