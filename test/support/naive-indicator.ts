import type { Care, Dimensions, Held, NaivePeriod } from './naive-care.ts'

/** One thing that is counted, with its dimensions and what an indicator asks of it. */
export interface Counted {
  readonly dimensions: Dimensions
  readonly is: Readonly<Record<string, boolean | number>>
}
export type Count = (all: Care[], period: NaivePeriod, held: Held) => Counted[]

export interface NaiveIndicator {
  readonly count: Count
  readonly kind: 'count' | 'percentage' | 'mean'
  readonly of?: string
  readonly over?: string
  /** How many years before the last day must be held; none where the period itself is enough. */
  readonly years?: number
  readonly workers?: true
  /** Collected as at 31 March, and known for no other day. */
  readonly annual?: true
}

export const counting = (count: Count, of?: string, years?: number): NaiveIndicator => ({
  count,
  kind: 'count',
  ...(of ? { of } : {}),
  ...(years ? { years } : {}),
})
export const share = (count: Count, of: string, over?: string, more: Partial<NaiveIndicator> = {}) => ({
  count,
  kind: 'percentage' as const,
  of,
  ...(over ? { over } : {}),
  ...more,
})
export const average = (count: Count, of: string, over?: string, years?: number): NaiveIndicator => ({
  count,
  kind: 'mean',
  of,
  ...(over ? { over } : {}),
  ...(years ? { years } : {}),
})

/** What is counted, child by child, with more said of each. */
export const saying =
  (
    count: Count,
    more: (care: Care, counted: Counted, period: NaivePeriod, held: Held) => Counted['is'],
  ): Count =>
  (all, period, held) =>
    all.flatMap((care) =>
      count([care], period, held).map((counted) => ({
        dimensions: counted.dimensions,
        is: { ...counted.is, ...more(care, counted, period, held) },
      })),
    )
