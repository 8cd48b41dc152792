import { birthday, type DayNumber, dayNumber, exactAge } from './day-number.ts'
import { distribution, type Random, weights } from './random.ts'

/** What becomes of a child who enters care; how long that takes and how it ends follow from it. */
export type Plan =
  | 'home-soon'
  | 'home'
  | 'guardianship'
  | 'adoption'
  | 'long-term'
  | 'transfer'
  | 'custody'
  | 'remand'
  | 'short-breaks'

export interface OutlineOfCare {
  readonly start: DayNumber
  readonly end: DayNumber
  readonly plan: Plan
  /** Ends on the 18th birthday, whatever was planned. */
  readonly untilEighteen: boolean
}

/** A child on entering care, before anything is known but when and why care starts and ends. */
export interface Entrant {
  readonly number: number
  readonly born: DayNumber
  readonly uasc: boolean
  readonly periods: readonly OutlineOfCare[]
}

/** Ages on entering care, as [from, until) in years. Shares follow England's starters of 2024-25. */
const ENTRY_AGE = distribution<readonly [number, number]>([
  [[0, 0.08], 13],
  [[0.08, 1], 10],
  [[1, 5], 18],
  [[5, 10], 19],
  [[10, 14], 16],
  [[14, 16], 17],
  [[16, 17.9], 11],
])
const UASC_SHARE_OF_STARTERS = 0.185

const PLANS_BY_AGE = [
  {
    until: 1,
    plans: weights({
      'home-soon': 16,
      home: 16,
      guardianship: 24,
      adoption: 30,
      'long-term': 14,
      transfer: 1,
    }),
  },
  {
    until: 5,
    plans: weights({
      'home-soon': 24,
      home: 20,
      guardianship: 20,
      adoption: 10,
      'long-term': 25,
      transfer: 1,
    }),
  },
  {
    until: 10,
    plans: weights({ 'home-soon': 25, home: 20, guardianship: 18, 'long-term': 39, transfer: 1 }),
  },
  { until: 14, plans: weights({ 'home-soon': 26, home: 18, guardianship: 6, 'long-term': 52, transfer: 1 }) },
  {
    until: 99,
    plans: weights({ 'home-soon': 30, home: 10, 'long-term': 52, transfer: 3, custody: 1, remand: 4 }),
  },
] as const

const UASC_PLANS = weights({ 'long-term': 80, transfer: 16, 'home-soon': 4 })

/** Days a plan takes where the 18th birthday does not come first. */
function daysInCare(plan: Plan, random: Random): number {
  switch (plan) {
    case 'home-soon':
      return 2 + random.exponential(45)
    case 'home':
      return 90 + random.exponential(380)
    case 'guardianship':
      return 180 + random.exponential(280)
    case 'adoption':
      return 480 + random.exponential(270)
    case 'long-term':
      return random.chance(0.2) ? 400 + random.exponential(1_200) : Number.POSITIVE_INFINITY
    case 'transfer':
      return 10 + random.exponential(80)
    case 'custody':
      return 60 + random.exponential(200)
    default:
      return 5 + random.exponential(60)
  }
}

function outline(start: DayNumber, born: DayNumber, plan: Plan, random: Random): OutlineOfCare {
  const eighteen = birthday(born, 18)
  const end = start + Math.round(daysInCare(plan, random))
  // A period of a day or two before the 18th birthday is drawn to the birthday, so that no episode has no days.
  return end >= eighteen - 2
    ? { start, end: eighteen, plan, untilEighteen: true }
    : { start, end, plan, untilEighteen: false }
}

const COMES_BACK: Partial<Record<Plan, { readonly chance: number; readonly after: number }>> = {
  'home-soon': { chance: 0.2, after: 400 },
  home: { chance: 0.17, after: 600 },
  guardianship: { chance: 0.04, after: 1_500 },
  adoption: { chance: 0.02, after: 2_500 },
}

const planFor = (day: DayNumber, born: DayNumber, uasc: boolean, random: Random): Plan => {
  if (uasc) return random.weighted(UASC_PLANS)
  const age = exactAge(day, born)
  return random.weighted(PLANS_BY_AGE.find((band) => age < band.until)!.plans)
}

/** A child who enters care on this day, with every later return to care. */
export function entrantOn(day: DayNumber, number: number, random: Random): Entrant {
  const uasc = random.chance(UASC_SHARE_OF_STARTERS)
  const [from, until] = uasc ? ([15.2, 17.85] as const) : random.weighted(ENTRY_AGE)
  const born = bornFor(day, from, until, random)
  const periods = [outline(day, born, planFor(day, born, uasc, random), random)]
  for (let last = periods[0]!; periods.length < 5; ) {
    const back = COMES_BACK[last.plan]
    if (last.untilEighteen || !back || !random.chance(back.chance)) break
    // At least three weeks: reviews, workers and moves of two periods of care never touch.
    const start = last.end + 21 + Math.round(random.exponential(back.after))
    // Nobody comes back as a care leaver, nor is adopted twice.
    if (start >= birthday(born, 17)) break
    const plan = planFor(start, born, uasc, random)
    const adopted = periods.some((period) => period.plan === 'adoption')
    last = outline(start, born, plan === 'adoption' && adopted ? 'long-term' : plan, random)
    periods.push(last)
  }
  return { number, born, uasc, periods }
}

/** A child who is only ever in care for short breaks. */
export function shortBreaksEntrantOn(day: DayNumber, number: number, random: Random): Entrant {
  const born = bornFor(day, 5, 15, random)
  const end = Math.min(day + Math.round(200 + random.exponential(500)), birthday(born, 18) - 30)
  const periods: OutlineOfCare[] = [{ start: day, end, plan: 'short-breaks', untilEighteen: false }]
  return { number, born, uasc: false, periods }
}

/** The first day on which a history can have someone be born. */
const EARLIEST_BIRTH = dayNumber(1970, 1, 1)

const bornFor = (day: DayNumber, from: number, until: number, random: Random): DayNumber =>
  Math.max(EARLIEST_BIRTH, day - Math.floor(365.25 * random.between(from, until)))
