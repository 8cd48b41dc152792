import { addDays, addMonths, type Day, daysBetween, parseIsoDay } from '../vocabulary/day.ts'
import type { Fault } from '../vocabulary/refusal.ts'
import { faultsOfWrittenText } from '../vocabulary/written-text.ts'
import type { CareHistory } from './care-history.ts'
import type { CostItem, ForecastAge, ForecastPlacement } from './placement-groups.ts'
import type { SuppliedPlacement } from './supply-changes.ts'
import type { ExitKind } from './survival/bands.ts'

export const METHODS = ['survival', 'markov'] as const
export type MethodName = (typeof METHODS)[number]

/** A forecast as it is asked for; what is left out is filled in by `resolved`. */
export interface AskedForecast {
  readonly title?: string
  readonly method?: MethodName
  readonly startsOn?: string
  readonly horizonMonths?: number
  readonly referenceFrom?: string
  readonly referenceTo?: string
  readonly step?: 'day' | 'month' | 'quarter'
  readonly detail?: 'placements' | 'states'
  readonly simulations?: number
  readonly seed?: number
  readonly prices?: readonly ItemPrice[]
  readonly inflation?: number
  readonly proportions?: readonly ItemShare[]
  readonly scenario?: AskedScenario
}

export interface ItemPrice {
  readonly item: CostItem
  readonly weekly: number
}

export interface ItemShare {
  readonly item: CostItem
  readonly share: number
}

/** What is supposed other than the past shows; a day from which it holds that is left out is the forecast's first. */
export interface AskedScenario {
  readonly name?: string
  readonly entries?: readonly (RateChange & { placement?: ForecastPlacement })[]
  readonly exits?: readonly (RateChange & { placement?: ForecastPlacement; reason?: ExitKind })[]
  readonly moves?: readonly (RateChange & {
    fromPlacement?: ForecastPlacement
    toPlacement?: ForecastPlacement
  })[]
  readonly stayingPut?: { readonly share: number; readonly months: number }
  readonly prices?: readonly ItemPrice[]
  readonly inflation?: number
  readonly proportions?: readonly ItemShare[]
  readonly openings?: readonly AskedPlaces[]
  readonly closures?: readonly AskedPlaces[]
  readonly recruitment?: readonly {
    readonly householdsGainedPerMonth: number
    readonly householdsLostPerMonth?: number
    readonly placesPerHousehold: number
    readonly from?: string
  }[]
}

interface RateChange {
  readonly ageBand?: ForecastAge
  readonly multiplyBy?: number
  /** Of the method `markov` alone: added to each daily rate. */
  readonly addPerDay?: number
  readonly from?: string
}

interface AskedPlaces {
  readonly placement: SuppliedPlacement
  readonly places: number
  readonly from: string
  readonly what?: string
}

/** A forecast with nothing left open. */
export interface ResolvedForecast {
  readonly title: string | null
  readonly method: MethodName
  readonly startsOn: Day
  readonly horizonMonths: number
  /** The last day that is forecast, and how many days there are up to it. */
  readonly endsOn: Day
  readonly days: number
  readonly referenceFrom: Day
  readonly referenceTo: Day
  readonly step: 'day' | 'month' | 'quarter'
  readonly detail: 'placements' | 'states'
  readonly simulations: number
  readonly seed: number
  readonly prices: readonly ItemPrice[]
  readonly inflation: number
  readonly proportions: readonly ItemShare[]
  readonly scenario: AskedScenario | null
}

/** Months over which rates are measured unless told: the existing models take the last twelve. */
const REFERENCE_MONTHS: Readonly<Record<MethodName, number>> = { survival: 24, markov: 12 }
const LONGEST_TEXT = 200
const SHORTEST_REFERENCE_DAYS = 28
const MOST_REFERENCE_YEARS = 20

/**
 * Fills in what a caller left out, from what the history knows, and finds what can't be. Every fault at once; where
 * there is one, what is resolved is not to be used.
 */
export function resolve(
  asked: AskedForecast,
  known: Pick<CareHistory, 'knownFrom' | 'knownTo'>,
  drawSeed: () => number,
): { readonly resolved: ResolvedForecast; readonly faults: readonly Fault[] } {
  const faults: Fault[] = []
  const dayAt = (text: string | undefined, pointer: string, otherwise: Day): Day => {
    if (text === undefined) return otherwise
    const day = parseIsoDay(text)
    if (day) return day
    faults.push({ pointer, code: 'wrong-form', detail: 'This is not a day.', allowed: ['YYYY-MM-DD'] })
    return otherwise
  }
  const { method = 'survival', horizonMonths = 24 } = asked
  const startsOn = dayAt(asked.startsOn, '/body/startsOn', known.knownTo)
  if (startsOn < known.knownFrom || startsOn > known.knownTo)
    faults.push({
      pointer: '/body/startsOn',
      code: 'not-covered',
      detail: `The returns in force cover ${known.knownFrom} to ${known.knownTo}: a forecast starts on one of these days.`,
      allowed: [`${known.knownFrom} to ${known.knownTo}`],
    })
  const referenceTo = dayAt(asked.referenceTo, '/body/referenceTo', startsOn)
  const usual = addDays(addMonths(referenceTo, -REFERENCE_MONTHS[method]), 1)
  const referenceFrom = dayAt(
    asked.referenceFrom,
    '/body/referenceFrom',
    usual < known.knownFrom ? known.knownFrom : usual,
  )
  if (referenceTo > startsOn)
    faults.push({
      pointer: '/body/referenceTo',
      code: 'after-start',
      detail: `The days over which rates are measured end by ${startsOn}, on which the forecast starts.`,
      allowed: [`at most ${startsOn}`],
    })
  const referenceDays = daysBetween(referenceFrom, referenceTo) + 1
  if (referenceDays < SHORTEST_REFERENCE_DAYS || referenceDays > MOST_REFERENCE_YEARS * 366)
    faults.push({
      pointer: asked.referenceFrom === undefined ? '/body/referenceTo' : '/body/referenceFrom',
      code: 'out-of-range',
      detail: `Rates are measured over ${SHORTEST_REFERENCE_DAYS} days at least and ${MOST_REFERENCE_YEARS} years at most; from ${referenceFrom} to ${referenceTo} it is ${referenceDays} days.`,
      allowed: [`${SHORTEST_REFERENCE_DAYS} days to ${MOST_REFERENCE_YEARS} years`],
    })
  if (referenceFrom < known.knownFrom && asked.referenceFrom !== undefined)
    faults.push({
      pointer: '/body/referenceFrom',
      code: 'not-covered',
      detail: `The returns in force cover ${known.knownFrom} to ${known.knownTo}: nothing is known of the days before.`,
      allowed: [`at least ${known.knownFrom}`],
    })
  const endsOn = addMonths(startsOn, horizonMonths)
  faults.push(...scenarioFaults(asked.scenario, method, startsOn, endsOn))
  faults.push(...repeatedItems(asked), ...textFaults(asked))
  return {
    resolved: {
      title: asked.title ?? null,
      method,
      startsOn,
      horizonMonths,
      endsOn,
      days: daysBetween(startsOn, endsOn),
      referenceFrom,
      referenceTo,
      step: asked.step ?? 'month',
      detail: asked.detail ?? 'placements',
      simulations: asked.simulations ?? 1000,
      seed: asked.seed ?? drawSeed(),
      prices: asked.prices ?? [],
      inflation: asked.inflation ?? 0,
      proportions: asked.proportions ?? [],
      scenario: asked.scenario ?? null,
    },
    faults,
  }
}

const CHANGES = ['entries', 'exits', 'moves'] as const

function scenarioFaults(
  scenario: AskedScenario | undefined,
  method: MethodName,
  startsOn: Day,
  endsOn: Day,
): Fault[] {
  if (!scenario) return []
  const faults: Fault[] = []
  for (const name of CHANGES) {
    for (const [index, change] of (scenario[name] ?? []).entries()) {
      const pointer = `/body/scenario/${name}/${index}`
      if ((change.multiplyBy === undefined) === (change.addPerDay === undefined))
        faults.push({
          pointer,
          code: 'multiply-or-add',
          detail: 'A change either multiplies a rate or adds to it.',
          allowed: ['multiplyBy', ...(method === 'markov' ? ['addPerDay'] : [])],
        })
      if (change.addPerDay !== undefined && method !== 'markov')
        faults.push({
          pointer: `${pointer}/addPerDay`,
          code: 'not-of-this-method',
          detail: 'The method survival follows children one by one and has no one daily rate to add to.',
          allowed: ['multiplyBy', 'the method markov'],
        })
      if (change.from !== undefined && method === 'markov')
        faults.push({
          pointer: `${pointer}/from`,
          code: 'not-of-this-method',
          detail: 'The method markov has one set of rates for the whole forecast.',
          allowed: ['no from', 'the method survival'],
        })
      if (name === 'exits' && 'reason' in change && method === 'markov')
        faults.push({
          pointer: `${pointer}/reason`,
          code: 'not-of-this-method',
          detail: 'The method markov does not tell reasons for leaving care apart.',
          allowed: ['no reason', 'the method survival'],
        })
    }
    for (const [index, { from }] of (scenario[name] ?? []).entries())
      faults.push(...fromFaults(from, `/body/scenario/${name}/${index}/from`, startsOn, endsOn))
  }
  if (scenario.stayingPut && method === 'markov')
    faults.push({
      pointer: '/body/scenario/stayingPut',
      code: 'not-of-this-method',
      detail: 'The method markov does not tell who turns 18.',
      allowed: ['the method survival'],
    })
  for (const name of ['openings', 'closures', 'recruitment'] as const)
    for (const [index, { from }] of (scenario[name] ?? []).entries())
      faults.push(...fromFaults(from, `/body/scenario/${name}/${index}/from`, startsOn, endsOn))
  return faults
}

function fromFaults(from: string | undefined, pointer: string, startsOn: Day, endsOn: Day): Fault[] {
  if (from === undefined) return []
  const day = parseIsoDay(from)
  if (!day) return [{ pointer, code: 'wrong-form', detail: 'This is not a day.', allowed: ['YYYY-MM-DD'] }]
  const first = addDays(startsOn, 1)
  if (day >= first && day <= endsOn) return []
  return [
    {
      pointer,
      code: 'outside-the-forecast',
      detail: `The forecast is of the days ${first} to ${endsOn}.`,
      allowed: [`${first} to ${endsOn}`],
    },
  ]
}

/** What a caller names things is read by others, in lists and tables. */
function textFaults({ title, scenario }: AskedForecast): Fault[] {
  const texts: [string, string | undefined][] = [
    ['/body/title', title],
    ['/body/scenario/name', scenario?.name],
    ...(['openings', 'closures'] as const).flatMap((name) =>
      (scenario?.[name] ?? []).map(({ what }, index): [string, string | undefined] => [
        `/body/scenario/${name}/${index}/what`,
        what,
      ]),
    ),
  ]
  return texts.flatMap(([pointer, text]) =>
    text === undefined ? [] : faultsOfWrittenText(text, pointer, LONGEST_TEXT),
  )
}

/** A price or a share that is given twice: which of them is meant can't be told. */
function repeatedItems(asked: AskedForecast): Fault[] {
  const lists = [
    ['/body/prices', asked.prices],
    ['/body/proportions', asked.proportions],
    ['/body/scenario/prices', asked.scenario?.prices],
    ['/body/scenario/proportions', asked.scenario?.proportions],
  ] as const
  return lists.flatMap(([pointer, list = []]) =>
    list.flatMap(({ item }, index): Fault[] =>
      list.findIndex((one) => one.item === item) === index
        ? []
        : [{ pointer: `${pointer}/${index}/item`, code: 'repeated', detail: `${item} is given twice.` }],
    ),
  )
}
