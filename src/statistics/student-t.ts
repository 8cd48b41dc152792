import { twoSided } from './significance.ts'

/** Degrees of freedom of the normal distribution, which Student's comes to. */
export const NORMAL = Number.POSITIVE_INFINITY

/** The probability that a number of Student's distribution, of a whole number of degrees or `NORMAL`, is above `t`. */
export function probabilityAbove(t: number, degrees: number): number {
  const within = degrees === NORMAL ? 1 - twoSided(t) : withinStudent(Math.abs(t), degrees)
  return t >= 0 ? (1 - within) / 2 : (1 + within) / 2
}

/**
 * The probability of lying between -t and t, by its finite series, exact for whole degrees.
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4.
 */
function withinStudent(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees))
  const square = Math.cos(angle) ** 2
  const isOdd = degrees % 2 === 1
  if (degrees === 1) return (2 * angle) / Math.PI
  let term = isOdd ? Math.cos(angle) : 1
  let sum = term
  for (let n = isOdd ? 3 : 2; n <= degrees - 2; n += 2) {
    term *= ((n - 1) / n) * square
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
}

const reaches = new Map<string, number>()

/** How far from the middle, both ways, a number of the distribution lies with this probability: 1.96 for 95%, normal. */
export function reachOf(probability: number, degrees: number): number {
  const key = `${probability} ${degrees}`
  const known = reaches.get(key)
  if (known !== undefined) return known
  const tail = (1 - probability) / 2
  let [low, high] = [0, 1]
  while (probabilityAbove(high, degrees) > tail) high *= 2
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2
    if (probabilityAbove(middle, degrees) > tail) low = middle
    else high = middle
  }
  reaches.set(key, high)
  return high
}
