import { quantileOfSorted } from './average.ts'

/** Which way is good. */
export type Polarity = 'higher-is-better' | 'lower-is-better' | 'neutral'

/** A place in an order: 3rd of 11. */
export interface Rank {
  readonly position: number
  readonly of: number
}

/**
 * The place of a value among others, the best first; where neither way is good, the highest first. Equal values share
 * a place, and the places after it are left out (1, 2, 2, 4: "standard competition ranking").
 */
export function rankAmong(value: number, others: readonly number[], polarity: Polarity): Rank {
  const isBefore = (other: number) => (polarity === 'lower-is-better' ? other < value : other > value)
  return { position: 1 + others.filter(isBefore).length, of: others.length + 1 }
}

/** A is the best quarter, D the worst. */
export type Band = 'A' | 'B' | 'C' | 'D'

/** Fewer values than bands can't be parted into them. */
export const LEAST_FOR_BANDS = 4

/**
 * The quarter in which a value lies among itself and others, by the quartiles of all of them (`quantileOf`); one that
 * lies on the border of two is in the better. Null where neither way is good, and where there are fewer than four.
 */
export function quartileBand(value: number, others: readonly number[], polarity: Polarity): Band | null {
  const all = [value, ...others]
  if (polarity === 'neutral' || all.length < LEAST_FOR_BANDS) return null
  // Turned round where high is good, so that low is good for both.
  const sign = polarity === 'higher-is-better' ? -1 : 1
  const turned = sign * value
  const sorted = all.map((one) => sign * one).sort((a, b) => a - b)
  const isWithin = (share: number) => turned <= quantileOfSorted(sorted, share)!
  if (isWithin(0.25)) return 'A'
  if (isWithin(0.5)) return 'B'
  return isWithin(0.75) ? 'C' : 'D'
}
