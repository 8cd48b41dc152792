/**
 * Probability that a standard normal number is below `z`, to some fifteen digits.
 * Source: Marsaglia, Evaluating the Normal Distribution, Journal of Statistical Software 11 (2004), 4.
 */
export function normalBelow(z: number): number {
  // Beyond it there is less than the sum below can tell from nothing.
  if (Math.abs(z) > 8) return z > 0 ? 1 : 0
  let term = z
  let sum = z
  for (let odd = 3; Math.abs(term) > Number.EPSILON * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
}

/** Standard normal quantiles of 90 % and 97.5 %: the middle 80 % and 95 % lie within them. */
export const Z80 = 1.2815515655446004
export const Z95 = 1.959963984540054
