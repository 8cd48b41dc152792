import type { CareEpisode, CareHistory } from '../../src/forecast/care-history.ts'
import type { CostItem, ForecastAge, ForecastPlacement } from '../../src/forecast/placement-groups.ts'
import { addDays, ageOn, type Day } from '../../src/vocabulary/day.ts'

/**
 * Councils whose dynamics are known, lived day by day: every child in care is asked every day whether it leaves or
 * moves, as plainly as it can be written, and with rates that fall smoothly with time, so that no forecast's bands fit
 * them. Knows nothing of any method of forecasting.
 */
export interface Dynamics {
  readonly seed: number
  readonly entriesPerYear: number
  /** 0 for entries spread evenly over the year; 0.3 for a month of up to 30 % more or less. */
  readonly seasonality: number
  /** Variance of a month's level about 1, beyond the season: 0 for Poisson entries. */
  readonly monthlyVariance: number
  /** Share by which entries grow from year to year; none where it is left out. */
  readonly growth?: number
  /** Multiplies every rate of leaving care; 1 where it is left out. */
  readonly leaving?: number
  readonly yearsKnown: number
  readonly daysAhead: number
}

export interface KnownCouncil {
  readonly history: CareHistory
  /** The last day that a forecast may know. */
  readonly origin: Day
}

/** A small generator of its own: a linear congruential one of 48 bits, in two halves. */
export function plainRandom(seed: number): () => number {
  let state = BigInt(seed) * 2862933555777941757n + 3037000493n
  const refill = (): number => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
    return Number(state >> 11n) / 2 ** 53
  }
  // The big generator seeds a quick one: thousands of numbers are drawn for each day.
  let [a, b] = [Math.floor(refill() * 2 ** 32) | 1, Math.floor(refill() * 2 ** 32)]
  return () => {
    a = Math.imul(36969, a & 65535) + (a >>> 16)
    b = Math.imul(18000, b & 65535) + (b >>> 16)
    return (((a << 16) + (b & 65535)) >>> 0) / 2 ** 32
  }
}

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

/** Yearly rate of leaving care: high in the first weeks, falling ever slower. */
export function leavingRate(
  daysInCare: number,
  age: number,
  placement: ForecastPlacement,
  uasc: boolean,
): number {
  const byTime = 0.09 + 1.9 * Math.exp(-daysInCare / 70) + 0.3 * Math.exp(-daysInCare / 420)
  const byAge = age < 1 ? 1.4 : age < 5 ? 1.25 : age < 10 ? 0.8 : age < 16 ? 0.75 : 1
  const byPlacement = { fostering: 1, residential: 0.75, supported: 0.9, other: 1.7 }[placement]
  return byTime * byAge * byPlacement * (uasc ? 0.4 : 1)
}

/** Yearly rate of moving: high soon after a move. */
export function movingRate(daysInPlacement: number, age: number, placement: ForecastPlacement): number {
  const byTime = 0.22 + 1.5 * Math.exp(-daysInPlacement / 110)
  const byPlacement = { fostering: 1, residential: 1.3, supported: 0.9, other: 1.5 }[placement]
  return byTime * byPlacement * (age >= 16 ? 1.3 : 1)
}

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

const AGES_AT_ENTRY: readonly (readonly [from: number, until: number, share: number])[] = [
  [0, 0.05, 0.12],
  [0.05, 1, 0.1],
  [1, 5, 0.18],
  [5, 10, 0.18],
  [10, 16, 0.26],
  [16, 17.8, 0.16],
]

const stageOf = (age: number): 'young' | 'ten' | 'sixteen' =>
  age < 10 ? 'young' : age < 16 ? 'ten' : 'sixteen'

const COST_ITEM: Readonly<Record<ForecastPlacement, CostItem>> = {
  fostering: 'fostering-agency',
  residential: 'residential-external',
  supported: 'supported-accommodation',
  other: 'other',
}

/** Leaves a council as it is after so many known years, and goes on to live the days ahead. */
export function knownCouncil(dynamics: Dynamics): KnownCouncil {
  const { seed, entriesPerYear, seasonality, monthlyVariance, growth = 0, leaving = 1 } = dynamics
  const { yearsKnown, daysAhead } = dynamics
  const random = plainRandom(seed)
  const origin = '2024-03-31' as Day
  const firstAt = -Math.round((yearsKnown + BURN_IN_YEARS) * YEAR)
  const dayOf = (at: number): Day => addDays(origin, at)
  const episodes: CareEpisode[] = []
  const inCare = new Set<Child>()
  let number = 0

  const pick = (shares: Readonly<Record<string, number>>): ForecastPlacement => {
    let left = random()
    for (const [placement, share] of Object.entries(shares)) {
      left -= share
      if (left < 0) return placement as ForecastPlacement
    }
    return 'other'
  }
  const end = (child: Child, at: number, reasonCeased: string | null): void => {
    episodes.push({
      child: child.number,
      born: child.born,
      uasc: child.uasc,
      startedOn: dayOf(child.movedAt),
      ceasedOn: at > daysAhead ? null : dayOf(at),
      periodStartedOn: dayOf(child.enteredAt),
      placementStartedOn: dayOf(child.movedAt),
      placement: child.placement,
      costItem: COST_ITEM[child.placement],
      endsPeriod: reasonCeased !== null && reasonCeased !== 'X1',
      reasonCeased,
    })
  }
  const enter = (at: number): void => {
    let which = random()
    const [from, until] = AGES_AT_ENTRY.find(([, , share]) => (which -= share) < 0) ?? AGES_AT_ENTRY[4]!
    const bornAt = at - Math.floor((from + random() * (until - from)) * YEAR)
    const born = dayOf(bornAt)
    const age = ageOn(dayOf(at), born)
    const uasc = age >= 16 && random() < 0.4
    const placement = pick(FIRST_PLACEMENTS[stageOf(age)])
    const eighteenAt = eighteenthBirthday(born, bornAt)
    inCare.add({ number: number++, born, bornAt, eighteenAt, uasc, enteredAt: at, movedAt: at, placement })
  }

  let monthLevel = 1
  let month = ''
  for (let at = firstAt; at <= daysAhead; at++) {
    const day = dayOf(at)
    for (const child of inCare) {
      const age = (at - child.bornAt) / YEAR
      if (at >= child.eighteenAt) {
        inCare.delete(child)
        end(child, at, child.placement === 'fostering' && random() < 0.5 ? 'E17' : 'E5')
        continue
      }
      const leaves =
        (leaving * leavingRate(at - 1 - child.enteredAt, age, child.placement, child.uasc)) / YEAR
      const moves = movingRate(at - 1 - child.movedAt, age, child.placement) / YEAR
      const drawn = random()
      if (drawn < leaves) {
        inCare.delete(child)
        end(child, at, reasonOf(age, random()))
      } else if (drawn < leaves + moves) {
        end(child, at, 'X1')
        child.movedAt = at
        child.placement = pick(DESTINATIONS[stageOf(age)])
      }
    }
    if (day.slice(0, 7) !== month) {
      month = day.slice(0, 7)
      monthLevel = gammaAround1(monthlyVariance, random)
    }
    const season = 1 + seasonality * Math.sin((2 * Math.PI * (Number(month.slice(5)) - 1)) / 12)
    const mean = (entriesPerYear / YEAR) * season * monthLevel * (1 + growth) ** (at / YEAR)
    for (let left = Math.exp(-mean), drawn = random(); drawn > left; drawn *= random()) enter(at)
  }
  for (const child of inCare) end(child, daysAhead + 1, null)

  const knownFrom = dayOf(-Math.round(yearsKnown * YEAR))
  const known = episodes.filter(({ ceasedOn }) => ceasedOn === null || ceasedOn > knownFrom)
  known.sort((one, other) => one.child - other.child || (one.startedOn < other.startedOn ? -1 : 1))
  return { origin, history: { episodes: known, knownFrom, knownTo: dayOf(daysAhead) } }
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

/** A gamma number of mean 1, as the sum of exponential ones: its shape is rounded to a whole number. */
function gammaAround1(variance: number, random: () => number): number {
  if (variance <= 0) return 1
  const shape = Math.max(1, Math.round(1 / variance))
  let sum = 0
  for (let part = 0; part < shape; part++) sum -= Math.log(1 - random())
  return sum / shape
}

/** Children in care on a day, counted one by one. */
export function inCareOn(
  { episodes }: CareHistory,
  day: Day,
  of: { readonly placement?: ForecastPlacement; readonly age?: ForecastAge } = {},
): number {
  return episodes.filter(
    ({ startedOn, ceasedOn, placement, born }) =>
      startedOn <= day &&
      (ceasedOn === null || ceasedOn > day) &&
      (of.placement === undefined || placement === of.placement) &&
      (of.age === undefined || ageBandOf(ageOn(day, born)) === of.age),
  ).length
}

const ageBandOf = (age: number): ForecastAge =>
  age < 1 ? 'under-1' : age < 5 ? '1-to-4' : age < 10 ? '5-to-9' : age < 16 ? '10-to-15' : '16-and-over'
