import type { CareEpisode, CareHistory } from '../../src/forecast/care-history.ts'
import type { CostItem, ForecastPlacement } from '../../src/forecast/placement-groups.ts'
import { addDays, ageOn, type Day } from '../../src/vocabulary/day.ts'

/**
 * Councils whose dynamics are known, lived day by day: every child in care is asked every day whether it leaves or
 * moves, as plainly as it can be written, and with rates that fall smoothly with time, so that no forecast's bands fit
 * them. Knows nothing of any method of forecasting.
 */
export interface Dynamics {
  readonly seed: number
  readonly entriesPerYear: number
  /** Before the known years, entries were this many times as many: the council is still on its way to a new level. */
  readonly entriesBefore: number
  /** 0 for entries spread evenly over the year; 0.3 for a month of up to 30 % more or less. */
  readonly seasonality: number
  /** Variance of a month's level about 1, beyond the season: 0 for Poisson entries. */
  readonly monthlyVariance: number
  readonly yearsKnown: number
}

/** The last day that a forecast may know: day 0 of a council's life. */
export const ORIGIN = '2024-03-31' as Day

interface Child {
  readonly number: number
  readonly born: Day
  readonly bornAt: number
  readonly eighteenAt: number
  readonly uasc: boolean
  readonly enteredAt: number
  movedAt: number
  placement: ForecastPlacement
}

const BURN_IN_YEARS = 9
const YEAR = 365.25
const byDay = (rate: (days: number) => number): Float64Array =>
  Float64Array.from({ length: 18 * 366 + 1 }, (_, days) => rate(days))

/** Yearly rate of leaving care by days in care: high in the first weeks, falling ever slower. */
const LEAVING = byDay((days) => 0.09 + 1.9 * Math.exp(-days / 70) + 0.3 * Math.exp(-days / 420))
const LEAVING_FROM = { fostering: 1, residential: 0.75, supported: 0.9, other: 1.7 }
/** Yearly rate of moving by days in the placement: high soon after a move. */
const MOVING = byDay((days) => 0.22 + 1.5 * Math.exp(-days / 110))
const MOVING_FROM = { fostering: 1, residential: 1.3, supported: 0.9, other: 1.5 }

const leavingByAge = (age: number): number =>
  age < 1 ? 1.4 : age < 5 ? 1.25 : age < 10 ? 0.8 : age < 16 ? 0.75 : 1

const DESTINATIONS = {
  young: { fostering: 0.85, residential: 0.06, supported: 0, other: 0.09 },
  ten: { fostering: 0.55, residential: 0.37, supported: 0, other: 0.08 },
  sixteen: { fostering: 0.27, residential: 0.23, supported: 0.44, other: 0.06 },
} as const
const FIRST_PLACEMENTS = {
  young: { fostering: 0.86, residential: 0.02, supported: 0, other: 0.12 },
  ten: { fostering: 0.66, residential: 0.24, supported: 0, other: 0.1 },
  sixteen: { fostering: 0.24, residential: 0.2, supported: 0.5, other: 0.06 },
} as const
const stageOf = (age: number): 'young' | 'ten' | 'sixteen' =>
  age < 10 ? 'young' : age < 16 ? 'ten' : 'sixteen'

const AGES_AT_ENTRY: readonly (readonly [from: number, until: number, cumulative: number])[] = [
  [0, 0.05, 0.12],
  [0.05, 1, 0.22],
  [1, 5, 0.4],
  [5, 10, 0.58],
  [10, 16, 0.84],
  [16, 17.8, 1],
]

const COST_ITEM: Readonly<Record<ForecastPlacement, CostItem>> = {
  fostering: 'fostering-agency',
  residential: 'residential-external',
  supported: 'supported-accommodation',
  other: 'other',
}

/** A council that lives day by day, and of which a copy can be left to live another future. */
export class LivingCouncil {
  readonly #dynamics: Dynamics
  #random: () => number
  #at: number
  #number = 0
  #month = ''
  #monthLevel = 1
  #inCare: Child[] = []
  readonly #episodes: CareEpisode[] = []

  constructor(dynamics: Dynamics) {
    this.#dynamics = dynamics
    this.#random = plainRandom(dynamics.seed)
    this.#at = -Math.round((dynamics.yearsKnown + BURN_IN_YEARS) * YEAR)
  }

  /** The same council as it is now, with a future of its own. */
  fork(seed: number): LivingCouncil {
    const other = new LivingCouncil({ ...this.#dynamics, seed })
    other.#at = this.#at
    other.#number = this.#number
    other.#inCare = this.#inCare.map((child) => ({ ...child }))
    return other
  }

  /** Lives to the end of a day, counted from the origin. */
  liveUntil(last: number): this {
    for (; this.#at <= last; this.#at++) {
      this.#inCare = this.#inCare.filter((child) => this.#staysInCare(child, this.#at))
      this.#enter(this.#at)
    }
    return this
  }

  inCare(placement?: ForecastPlacement): number {
    return placement === undefined
      ? this.#inCare.length
      : this.#inCare.filter((child) => child.placement === placement).length
  }

  /** What the returns of the known years, and of those since, would tell. */
  history(): CareHistory {
    const knownFrom = addDays(ORIGIN, -Math.round(this.#dynamics.yearsKnown * YEAR))
    const open = this.#inCare.map((child) => episodeOf(child, null, null))
    const episodes = [...this.#episodes, ...open].filter(
      ({ ceasedOn }) => ceasedOn === null || ceasedOn > knownFrom,
    )
    episodes.sort((one, other) => one.child - other.child || (one.startedOn < other.startedOn ? -1 : 1))
    return { episodes, knownFrom, knownTo: addDays(ORIGIN, this.#at - 1) }
  }

  #staysInCare(child: Child, at: number): boolean {
    if (at >= child.eighteenAt) {
      const staysPut = child.placement === 'fostering' && this.#random() < 0.5
      this.#episodes.push(episodeOf(child, at, staysPut ? 'E17' : 'E5'))
      return false
    }
    const { placement, uasc } = child
    const age = (at - child.bornAt) / YEAR
    const leaves =
      LEAVING[at - 1 - child.enteredAt]! * leavingByAge(age) * LEAVING_FROM[placement] * (uasc ? 0.4 : 1)
    const moves = MOVING[at - 1 - child.movedAt]! * MOVING_FROM[placement] * (age >= 16 ? 1.3 : 1)
    const drawn = this.#random() * YEAR
    if (drawn < leaves) {
      this.#episodes.push(episodeOf(child, at, reasonOf(age, this.#random())))
      return false
    }
    if (drawn < leaves + moves) {
      this.#episodes.push(episodeOf(child, at, 'X1'))
      child.movedAt = at
      child.placement = pick(DESTINATIONS[stageOf(age)], this.#random())
    }
    return true
  }

  #enter(at: number): void {
    const { entriesPerYear, entriesBefore, seasonality, monthlyVariance, yearsKnown } = this.#dynamics
    const month = addDays(ORIGIN, at).slice(0, 7)
    if (month !== this.#month) {
      this.#month = month
      this.#monthLevel = gammaAround1(monthlyVariance, this.#random)
    }
    const season = 1 + seasonality * Math.sin((2 * Math.PI * (Number(month.slice(5)) - 1)) / 12)
    const level = at < -yearsKnown * YEAR ? entriesBefore : 1
    const mean = (entriesPerYear / YEAR) * season * this.#monthLevel * level
    for (let left = Math.exp(-mean), drawn = this.#random(); drawn > left; drawn *= this.#random())
      this.#inCare.push(this.#entrant(at))
  }

  #entrant(at: number): Child {
    const which = this.#random()
    const [from, until] = AGES_AT_ENTRY.find(([, , cumulative]) => which < cumulative)!
    const bornAt = at - Math.floor((from + this.#random() * (until - from)) * YEAR)
    const born = addDays(ORIGIN, bornAt)
    const age = (at - bornAt) / YEAR
    return {
      number: this.#number++,
      born,
      bornAt,
      eighteenAt: eighteenthBirthday(born, bornAt),
      uasc: age >= 16 && this.#random() < 0.4,
      enteredAt: at,
      movedAt: at,
      placement: pick(FIRST_PLACEMENTS[stageOf(age)], this.#random()),
    }
  }
}

const episodeOf = (child: Child, endsAt: number | null, reasonCeased: string | null): CareEpisode => ({
  child: child.number,
  born: child.born,
  uasc: child.uasc,
  startedOn: addDays(ORIGIN, child.movedAt),
  ceasedOn: endsAt === null ? null : addDays(ORIGIN, endsAt),
  periodStartedOn: addDays(ORIGIN, child.enteredAt),
  placementStartedOn: addDays(ORIGIN, child.movedAt),
  placement: child.placement,
  costItem: COST_ITEM[child.placement],
  endsPeriod: reasonCeased !== null && reasonCeased !== 'X1',
  reasonCeased,
})

function pick(shares: Readonly<Record<ForecastPlacement, number>>, drawn: number): ForecastPlacement {
  let left = drawn
  for (const placement of ['fostering', 'residential', 'supported'] as const) {
    left -= shares[placement]
    if (left < 0) return placement
  }
  return 'other'
}

function reasonOf(age: number, drawn: number): string {
  if (age < 5) return drawn < 0.3 ? 'E12' : drawn < 0.6 ? 'E45' : 'E4A'
  return drawn < 0.55 ? 'E4A' : drawn < 0.75 ? 'E46' : 'E8'
}

function eighteenthBirthday(born: Day, bornAt: number): number {
  let days = Math.floor(18 * YEAR) - 2
  while (ageOn(addDays(born, days), born) < 18) days++
  return bornAt + days
}

/** A gamma number of mean 1, as the mean of exponential ones: one over the variance is rounded to a whole number. */
function gammaAround1(variance: number, random: () => number): number {
  if (variance <= 0) return 1
  const shape = Math.max(1, Math.round(1 / variance))
  let sum = 0
  for (let part = 0; part < shape; part++) sum -= Math.log(1 - random())
  return sum / shape
}

/** Two multiply-with-carry generators side by side (Marsaglia, 1994): nothing that a forecast draws with. */
export function plainRandom(seed: number): () => number {
  let high = (Math.imul(seed + 1, 2654435761) ^ 0x5bd1e995) >>> 0 || 1
  let low = (Math.imul(seed + 7, 2246822519) ^ 0x27d4eb2f) >>> 0 || 1
  const next = (): number => {
    high = (Math.imul(36969, high & 65535) + (high >>> 16)) >>> 0
    low = (Math.imul(18000, low & 65535) + (low >>> 16)) >>> 0
    return (((high << 16) + (low & 65535)) >>> 0) / 4294967296
  }
  for (let warmUp = 0; warmUp < 20; warmUp++) next()
  return next
}
