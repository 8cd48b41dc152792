/**
 * How often each whole number came, for each of a row of days: what quantiles and probabilities are read from. It
 * reaches as far as the numbers that came, so that two of them can be added whatever each has seen.
 */
export interface Histogram {
  readonly days: number
  low: number
  width: number
  /** `day * width + value - low`. */
  bins: Uint16Array
}

/** More simulations than this would not fit the bins. */
export const MOST_SIMULATIONS = 65_535

const FIRST_WIDTH = 32

export const histogram = (days: number, around: number): Histogram => {
  const low = Math.max(0, Math.round(around) - FIRST_WIDTH / 2)
  return { days, low, width: FIRST_WIDTH, bins: new Uint16Array(days * FIRST_WIDTH) }
}

/** Makes room for the numbers from least to most. */
export function reach(held: Histogram, least: number, most: number): void {
  const { low, width, bins, days } = held
  if (least >= low && most < low + width) return
  // Half as much again as is needed, for more will come.
  const spare = Math.ceil(width / 2)
  const newLow = least < low ? Math.max(0, least - spare) : low
  const newEnd = most >= low + width ? most + spare : low + width
  const newWidth = newEnd - newLow
  const wider = new Uint16Array(days * newWidth)
  for (let day = 0; day < days; day++)
    wider.set(bins.subarray(day * width, (day + 1) * width), day * newWidth + low - newLow)
  Object.assign(held, { low: newLow, width: newWidth, bins: wider })
}

/** Counts one number on each day. */
export function countEach(held: Histogram, numbers: Int32Array): void {
  for (let day = 0; day < held.days; ) {
    day = countFrom(held, numbers, day)
    if (day < held.days) reach(held, numbers[day]!, numbers[day]!)
  }
}

/** Counts from a day on; gives the first day whose number does not fit. */
function countFrom({ bins, width, low, days }: Histogram, numbers: Int32Array, from: number): number {
  for (let day = from, first = from * width; day < days; day++, first += width) {
    const bin = numbers[day]! - low
    if (bin < 0 || bin >= width) return day
    bins[first + bin]! += 1
  }
  return days
}

export function added(one: Histogram, other: Histogram): Histogram {
  const sum: Histogram = { ...one, bins: one.bins.slice() }
  reach(sum, other.low, other.low + other.width - 1)
  for (let day = 0; day < other.days; day++)
    for (let bin = 0; bin < other.width; bin++)
      sum.bins[day * sum.width + bin + other.low - sum.low]! += other.bins[day * other.width + bin]!
  return sum
}

const total = ({ bins, width }: Histogram, day: number): number => {
  let sum = 0
  for (let at = day * width; at < (day + 1) * width; at++) sum += bins[at]!
  return sum
}

/**
 * The value below which a share of the simulations lie. A count stands for all that rounds to it, spread evenly: so an
 * interval of 80 % holds 80 % of what may come, and not 85 % because counts are whole.
 */
export function quantile(held: Histogram, day: number, share: number): number {
  const { bins, width, low } = held
  const wanted = share * total(held, day)
  let below = 0
  for (let bin = 0; bin < width; bin++) {
    const here = bins[day * width + bin]!
    if (here > 0 && below + here >= wanted)
      return Math.max(0, low + bin - 0.5 + Math.max(0, wanted - below) / here)
    below += here
  }
  return 0
}

export function shareOver(held: Histogram, day: number, limit: number): number {
  const { bins, width, low } = held
  let over = 0
  for (let bin = Math.max(0, Math.floor(limit) + 1 - low); bin < width; bin++)
    over += bins[day * width + bin]!
  return over / total(held, day)
}

export function momentsOf(
  held: Histogram,
  day: number,
): { readonly mean: number; readonly variance: number } {
  const { bins, width, low } = held
  let [number, sum, squares] = [0, 0, 0]
  for (let bin = 0; bin < width; bin++) {
    const here = bins[day * width + bin]!
    const value = low + bin
    number += here
    sum += here * value
    squares += here * value * value
  }
  // Sums of whole numbers: the same to the last digit however far the bins reach.
  return { mean: sum / number, variance: number > 1 ? (squares - (sum * sum) / number) / (number - 1) : 0 }
}
