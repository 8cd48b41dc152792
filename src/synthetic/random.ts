/**
 * Seeded randomness: the same seed draws the same numbers on every machine, so that a made-up council is the same
 * council wherever it is made. The generator is mulberry32: 32 bits of state, fast, and even enough for made-up data.
 */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** A number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number from least to most, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  /** A number in [from, until). */
  between(from: number, until: number): number {
    return from + this.next() * (until - from)
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.next() * choices.length)]!
  }

  weighted<T>(distribution: Distribution<T>): T {
    const { values, cumulative } = distribution
    const drawn = this.next() * cumulative[cumulative.length - 1]!
    let index = 0
    while (drawn >= cumulative[index]!) index++
    return values[index]!
  }

  /** A waiting time with this mean: many short ones, a few very long. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }
}

export interface Distribution<T> {
  readonly values: readonly T[]
  readonly cumulative: readonly number[]
}

/** The values of these pairs, each drawn as often as its weight says; the weights need no particular sum. */
export function distribution<T>(pairs: readonly (readonly [T, number])[]): Distribution<T> {
  let sum = 0
  const cumulative = pairs.map(([, weight]) => {
    sum += weight
    return sum
  })
  return { values: pairs.map(([value]) => value), cumulative }
}

/** As `distribution`, of the keys of an object. */
export const weights = <const K extends string>(of: Readonly<Record<K, number>>): Distribution<K> =>
  distribution(Object.entries(of) as unknown as [K, number][])

/** One seed out of several numbers, far from the seeds of neighbouring numbers. */
export function seedOf(...numbers: readonly number[]): number {
  let mixed = 0x9e3779b9
  for (const number of numbers) {
    mixed = Math.imul(mixed ^ (number | 0), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    mixed ^= mixed >>> 16
  }
  return mixed | 0
}
