import { AGES, CARE_BANDS, CELLS, EXIT_KINDS, MOVE, MOVE_BANDS, OUTCOMES, PLACEMENTS } from './bands.ts'
import { DAYS_A_YEAR } from './calendar.ts'
import { type Exposure, MOVER_AGES } from './exposure.ts'

/**
 * The rate of each way out of a placement is a product: the council's own daily rate times a factor each for
 * placement, age, time in care, time since the last move and UASC status. A factor is 1 where nothing is known; events
 * that are seen pull it away, as a gamma distribution of one event's weight is pulled. Fitted in turn until they stand
 * (iterative proportional fitting, which for a product is maximum likelihood) over the whole history.
 */
export const FACTORS = [PLACEMENTS, AGES, CARE_BANDS, MOVE_BANDS, 2] as const
export const LEVELS = FACTORS.reduce((sum, levels) => sum + levels, 0)
/** Where the levels of each factor start within an outcome's: placement, age, care, move, uasc. */
export const FACTOR_AT = FACTORS.map((_, factor) =>
  FACTORS.slice(0, factor).reduce((sum, levels) => sum + levels, 0),
)

const PRIOR_EVENTS = 1
const SWEEPS = 15

/**
 * What stands where neither the council nor its region say: yearly exits for each child in care other than by turning
 * 18, by kind (`EXIT_KINDS`), and moves. England, year ending 31 March 2025, with 81,770 in care at its end: 6,610
 * returned home to parents and some to others, 5,190 left under a special guardianship or child arrangements order and
 * 3,040 were adopted; 2,910 went to another authority or custody or died, and others left for reasons not told apart
 * by age. Moves are a guess.
 */
const USUAL_YEARLY: readonly number[] = [0.09, 0.06, 0.04, 0.06, 0.5]
const USUAL_EXITS = USUAL_YEARLY.slice(0, EXIT_KINDS.length).reduce((sum, rate) => sum + rate, 0)

export interface Hazards {
  /** Daily rate of each outcome before factors. */
  readonly base: Float64Array
  /** By outcome and level: `outcome * LEVELS + FACTOR_AT[factor] + level`. */
  readonly factor: Float64Array
  /** Events behind each factor, with the weight of what was assumed. */
  readonly events: Float64Array
}

/** Which level of each factor a cell has. */
export const levelsOf = (cell: number): readonly [number, number, number, number, number] => {
  const move = cell % MOVE_BANDS
  const care = Math.floor(cell / MOVE_BANDS) % CARE_BANDS
  const age = Math.floor(cell / (MOVE_BANDS * CARE_BANDS)) % AGES
  const placement = Math.floor(cell / (MOVE_BANDS * CARE_BANDS * AGES)) % PLACEMENTS
  const uasc = Math.floor(cell / (MOVE_BANDS * CARE_BANDS * AGES * PLACEMENTS))
  return [placement, age, care, move, uasc]
}

/** The rate of an outcome that is assumed beforehand, a day, and how many days of a child it weighs. */
export interface PriorRate {
  readonly daily: number
  readonly days: number
}

export function priorRates(yearlyExitRate: number | undefined, weightInChildYears: number): PriorRate[] {
  return USUAL_YEARLY.map((usual, outcome) => {
    const own = outcome !== MOVE && yearlyExitRate !== undefined
    const yearly = own ? (usual / USUAL_EXITS) * yearlyExitRate : usual
    // Assumed by us, a rate weighs as much as one event; told by the caller, as much as it says.
    const years = own ? weightInChildYears : PRIOR_EVENTS / usual
    return { daily: yearly / DAYS_A_YEAR, days: years * DAYS_A_YEAR }
  })
}

export function fitHazards({ days, events }: Exposure, priors: readonly PriorRate[]): Hazards {
  const cells: number[] = []
  for (let cell = 0; cell < CELLS; cell++) if (days[cell]! > 0) cells.push(cell)
  const levels = Int32Array.from(
    cells.flatMap((cell) => levelsOf(cell).map((level, at) => FACTOR_AT[at]! + level)),
  )
  const base = new Float64Array(OUTCOMES)
  const factor = new Float64Array(OUTCOMES * LEVELS).fill(1)
  const weight = new Float64Array(OUTCOMES * LEVELS).fill(PRIOR_EVENTS)

  for (let outcome = 0; outcome < OUTCOMES; outcome++) {
    const own = factor.subarray(outcome * LEVELS, (outcome + 1) * LEVELS)
    const seen = new Float64Array(LEVELS)
    let total = 0
    cells.forEach((cell, at) => {
      const count = events[outcome * CELLS + cell]!
      total += count
      for (let f = 0; f < FACTORS.length; f++) seen[levels[at * FACTORS.length + f]!]! += count
    })
    for (let level = 0; level < LEVELS; level++) weight[outcome * LEVELS + level]! += seen[level]!
    const prior = priors[outcome]!
    base[outcome] = baseOf(total, sumOfProducts(cells, days, levels, own), prior)
    const expected = new Float64Array(LEVELS)
    const changed = new Float64Array(LEVELS)
    // Days times every factor, kept up to date as each of them changes: none is ever 0.
    const products = Float64Array.from(cells, (cell) => days[cell]!)
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      for (let f = 0; f < FACTORS.length; f++) {
        expected.fill(0)
        for (let at = 0, level = f; at < products.length; at++, level += FACTORS.length)
          expected[levels[level]!]! += products[at]!
        for (let level = FACTOR_AT[f]!; level < FACTOR_AT[f]! + FACTORS[f]!; level++) {
          const without = expected[level]! / own[level]!
          const factorNow = (seen[level]! + PRIOR_EVENTS) / (without * base[outcome]! + PRIOR_EVENTS)
          changed[level] = factorNow / own[level]!
          own[level] = factorNow
        }
        for (let at = 0, level = f; at < products.length; at++, level += FACTORS.length)
          products[at]! *= changed[levels[level]!]!
      }
      base[outcome] = baseOf(total, sumOfProducts(cells, days, levels, own), prior)
    }
  }
  return { base, factor, events: weight }
}

const baseOf = (events: number, days: number, { daily, days: weight }: PriorRate): number =>
  (events + daily * weight) / (days + weight)

function sumOfProducts(
  cells: readonly number[],
  days: Float64Array,
  levels: Int32Array,
  factor: Float64Array,
): number {
  let sum = 0
  for (let at = 0; at < cells.length; at++) {
    let product = days[cells[at]!]!
    for (let f = 0; f < FACTORS.length; f++) product *= factor[levels[at * FACTORS.length + f]!]!
    sum += product
  }
  return sum
}

export function rateIn(hazards: Hazards, outcome: number, cell: number): number {
  let rate = hazards.base[outcome]!
  const levels = levelsOf(cell)
  for (let f = 0; f < FACTORS.length; f++)
    rate *= hazards.factor[outcome * LEVELS + FACTOR_AT[f]! + levels[f]!]!
  return rate
}

/** How much the shares of the whole history weigh, in moves, beside those that the window saw. */
const MOVES_OF_HISTORY = 10

/**
 * Weights of where a move leads, by placement left and age of the mover: parameters of a Dirichlet distribution. The
 * window's moves, and beside them the shares of the longer history, those of all ages and those of all placements,
 * each lending to the narrower one.
 */
export function destinationsOf(whole: Exposure, window: Exposure): Float64Array {
  const all = new Float64Array(PLACEMENTS)
  const byPlacement = new Float64Array(PLACEMENTS * PLACEMENTS)
  for (let from = 0; from < PLACEMENTS; from++)
    for (let age = 0; age < MOVER_AGES; age++)
      for (let to = 0; to < PLACEMENTS; to++) {
        const count = whole.moves[(from * MOVER_AGES + age) * PLACEMENTS + to]!
        all[to]! += count
        byPlacement[from * PLACEMENTS + to]! += count
      }
  const weights = new Float64Array(PLACEMENTS * MOVER_AGES * PLACEMENTS)
  const allShares = sharesOf(all, new Float64Array(PLACEMENTS).fill(1 / PLACEMENTS), 1)
  for (let from = 0; from < PLACEMENTS; from++) {
    const ofAges = sharesOf(byPlacement.subarray(from * PLACEMENTS, (from + 1) * PLACEMENTS), allShares, 1)
    for (let age = 0; age < MOVER_AGES; age++) {
      const at = (from * MOVER_AGES + age) * PLACEMENTS
      const shares = sharesOf(whole.moves.subarray(at, at + PLACEMENTS), ofAges, 3)
      for (let to = 0; to < PLACEMENTS; to++)
        weights[at + to] = window.moves[at + to]! + MOVES_OF_HISTORY * shares[to]!
    }
  }
  return weights
}

function sharesOf(counts: Float64Array, prior: Float64Array, weight: number): Float64Array {
  const sum = counts.reduce((total, count) => total + count, 0) + weight
  return counts.map((count, at) => (count + weight * prior[at]!) / sum)
}
