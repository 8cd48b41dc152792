import { type Day, daysBetween } from '../vocabulary/day.ts'
import type { AskedScenario, ResolvedForecast } from './asked-forecast.ts'
import type { CareHistory } from './care-history.ts'
import type { ForecastFinding } from './forecast-finding.ts'
import type { Adjustments, Change, EntrantAdjustment, RateAdjustment } from './markov/adjust.ts'
import { projectionOf as markovProjection } from './markov/markov-method.ts'
import { predict } from './markov/predict.ts'
import { prepare } from './markov/prepare.ts'
import type { ReturnedRows } from './markov/returned-rows.ts'
import { MARKOV_STATES, type MarkovState, type Whereabouts } from './markov/states.ts'
import { type MarkovModel, measure } from './markov/statistics.ts'
import type { Expected, Projection } from './method.ts'
import type { SurvivalChanges } from './survival/changes.ts'
import { fitSurvival, type SurvivalPriors } from './survival/fit.ts'
import type { SurvivalSummary } from './survival/model.ts'
import { type MonthlyFlow, projectionOf as survivalProjection } from './survival/projection.ts'
import type { Simulate } from './survival/simulate-together.ts'

/** What a method makes of a scenario, or of none. */
export interface MadeProjection {
  readonly projection: Projection
  readonly flows: readonly MonthlyFlow[] | null
  readonly stayingPut: ((at: number) => Expected) | null
  readonly model: ModelSummary
  readonly findings: readonly ForecastFinding[]
}

/** What the model was made of, as people read it. */
export type ModelSummary =
  | { readonly method: 'survival'; readonly summary: SurvivalSummary }
  | { readonly method: 'markov'; readonly summary: MarkovSummary }

export interface MarkovSummary {
  readonly dataFrom: Day
  readonly dataTo: Day
  /** Children in each state on the day that the forecast starts. */
  readonly stock: readonly (MarkovState & { readonly children: number })[]
  readonly dailyRates: readonly {
    readonly from: MarkovState
    readonly to: MarkovState
    readonly daily: number
  }[]
  readonly dailyEntrants: readonly (MarkovState & { readonly daily: number })[]
}

type Project = (scenario: AskedScenario | null) => Promise<MadeProjection>

/* ---- survival --------------------------------------------------------------------------------------------- */

/** Fits once; simulates as often as it is called, from the same chances. */
export function projectSurvival(
  history: CareHistory,
  question: ResolvedForecast,
  atDays: readonly number[],
  priors: SurvivalPriors | null,
  simulate: Simulate,
): Project {
  const { startsOn, referenceFrom, referenceTo, simulations, seed } = question
  const model = fitSurvival(
    history,
    { startsOn, referenceFrom, referenceTo, atDays, simulations, seed },
    priors ?? undefined,
  )
  return async (scenario) => {
    const counts = await simulate(model, {
      atDays,
      simulations: { from: 0, to: simulations },
      seed,
      ...(scenario && { changes: survivalChanges(scenario, startsOn) }),
      ...(scenario?.stayingPut && { stayingPut: scenario.stayingPut }),
    })
    const projection = survivalProjection(counts)
    return {
      projection,
      flows: projection.flows,
      stayingPut: projection.stayingPut,
      model: { method: 'survival', summary: model.summary },
      findings: scenario ? ratesOverOne(scenario, model.summary) : [],
    }
  }
}

const DAYS_A_YEAR = 365.25

/** A rate is a force here and may be over 1 a day, but whoever asks for that means hardly what it does: everybody goes at once. */
function ratesOverOne(scenario: AskedScenario, { rates }: SurvivalSummary): ForecastFinding[] {
  return (['exits', 'moves'] as const).flatMap((name) =>
    (scenario[name] ?? []).flatMap((change, index): ForecastFinding[] => {
      const placement = 'placement' in change ? change.placement : undefined
      const from = 'fromPlacement' in change ? change.fromPlacement : undefined
      const reason = 'reason' in change ? change.reason : undefined
      const concerned = rates.filter(
        (rate) =>
          (rate.outcome === 'move') === (name === 'moves') &&
          (reason === undefined || rate.outcome === reason) &&
          ((placement ?? from) === undefined || rate.placement === (placement ?? from)),
      )
      const daily = Math.max(0, ...concerned.map(({ perChildYear }) => perChildYear)) / DAYS_A_YEAR
      if (daily * (change.multiplyBy ?? 1) <= 1) return []
      return [
        {
          severity: 'warning',
          code: 'rates-over-1',
          pointer: `/body/scenario/${name}/${index}`,
          detail: `The scenario asks for a rate over 1 a day: everybody concerned ${name === 'exits' ? 'leaves' : 'moves'} as good as at once.`,
        },
      ]
    }),
  )
}

function survivalChanges(scenario: AskedScenario, startsOn: Day): SurvivalChanges {
  const common = ({ ageBand, multiplyBy, from }: NonNullable<AskedScenario['entries']>[number]) => ({
    ...(ageBand && { age: ageBand }),
    multiplyBy: multiplyBy ?? 1,
    // The first day of the forecast is a day after its start.
    fromDay: from === undefined ? 0 : daysBetween(startsOn, from as Day) - 1,
  })
  return {
    entries: (scenario.entries ?? []).map((one) => ({
      ...common(one),
      ...(one.placement && { placement: one.placement }),
    })),
    exits: (scenario.exits ?? []).map((one) => ({
      ...common(one),
      ...(one.placement && { placement: one.placement }),
      ...(one.reason && { kind: one.reason }),
    })),
    moves: (scenario.moves ?? []).map((one) => ({
      ...common(one),
      ...(one.fromPlacement && { from: one.fromPlacement }),
      ...(one.toPlacement && { to: one.toPlacement }),
    })),
  }
}

/* ---- the existing models ---------------------------------------------------------------------------------- */

/** Measures once, and moves the children on by the rates as they are or as a scenario changes them. */
export function projectMarkov(
  rows: ReturnedRows,
  question: ResolvedForecast,
  atDays: readonly number[],
): Project {
  const prepared = prepare(rows)
  const model = measure(
    prepared,
    { from: question.referenceFrom, to: question.referenceTo },
    { movesOutOfEmptyStates: 'leave-out' },
  )
  const stock = model.stockOn(question.startsOn)
  const summary = markovSummary(model, question.startsOn)
  const measuring: ForecastFinding[] = []
  if (model.movesLeftOut > 0)
    measuring.push({
      severity: 'information',
      code: 'moves-out-of-empty-states',
      pointer: null,
      detail: `${model.movesLeftOut} moves in the reference window are out of a state that was empty on the day before; they give no rate and are left out. The model that this is like gives up on them.`,
    })
  if (prepared.impossibleAges > 0)
    measuring.push({
      severity: 'warning',
      code: 'impossible-ages',
      pointer: null,
      detail: `${prepared.impossibleAges} episodes are of children under -1 or over 30 years old by their day of birth, and are left out.`,
    })
  return async (scenario) => {
    const { adjustments, pointers } = markovAdjustments(scenario, model)
    const prediction = predict(model, stock, question.days, atDays, adjustments)
    const { scaledDown, unknownMoves, unknownEntries } = prediction.supposed
    const pointerOf = (change: Change): string | null => pointers.get(change) ?? null
    return {
      projection: markovProjection(prediction),
      flows: null,
      stayingPut: null,
      model: { method: 'markov', summary },
      findings: [
        ...measuring,
        ...scaledDown.map(
          (state): ForecastFinding => ({
            severity: 'warning',
            code: 'rates-over-1',
            pointer: '/body/scenario',
            detail: `The scenario asks for more children to leave ${inWords(state)} in a day than are there: the rates out of it are over 1 and were scaled down to 1 in all, those that the scenario changes before the others.`,
          }),
        ),
        ...[...unknownMoves, ...unknownEntries].map(
          (change): ForecastFinding => ({
            severity: 'warning',
            code: 'nothing-to-change',
            pointer: pointerOf(change),
            detail: `The model knows no such way into ${inWords(change.to)}: the change does nothing.`,
          }),
        ),
      ],
    }
  }
}

const inWords = ({ age, placement }: MarkovState): string => `${age}, ${placement}`

function markovSummary(model: MarkovModel, startsOn: Day): MarkovSummary {
  const stock = model.stockOn(startsOn)
  return {
    dataFrom: model.dataFrom,
    dataTo: model.dataTo,
    stock: MARKOV_STATES.flatMap((state, index) =>
      state.placement === 'not-in-care' ? [] : [{ ...state, children: stock[index]! }],
    ),
    dailyRates: model.rates.map(({ from, to, daily }) => ({
      from: MARKOV_STATES[from]!,
      to: MARKOV_STATES[to]!,
      daily,
    })),
    dailyEntrants: MARKOV_STATES.map((state, index) => ({ ...state, daily: model.entrants[index]! })),
  }
}

/**
 * The changes of a scenario, each spread over the states that it names. Where one is not narrowed to a placement or a
 * band, only the ways that the model knows are changed: nobody means to say that there should be others.
 */
function markovAdjustments(
  scenario: AskedScenario | null,
  model: MarkovModel,
): { adjustments: Adjustments; pointers: ReadonlyMap<Change, string> } {
  const pointers = new Map<Change, string>()
  if (!scenario) return { adjustments: {}, pointers }
  const rates: RateAdjustment[] = []
  const entrants: EntrantAdjustment[] = []
  const changeOf = ({ multiplyBy, addPerDay }: { multiplyBy?: number; addPerDay?: number }): Change => ({
    ...(multiplyBy !== undefined && { multiplyBy }),
    ...(addPerDay !== undefined && { add: addPerDay }),
  })
  const is = (asked: string | undefined, name: string): boolean => asked === undefined || asked === name
  const addRates = (
    index: string,
    change: Change,
    matches: (from: MarkovState, to: MarkovState) => boolean,
  ): void => {
    for (const rate of model.rates) {
      const [from, to] = [MARKOV_STATES[rate.from]!, MARKOV_STATES[rate.to]!]
      if (!matches(from, to)) continue
      const before = rates.findIndex((one) => one.from === from && one.to === to)
      const adjustment = { ...together(rates[before], change), from, to }
      if (before === -1) rates.push(adjustment)
      else rates[before] = adjustment
      pointers.set(adjustment, index)
    }
  }
  for (const [index, one] of (scenario.exits ?? []).entries())
    addRates(
      `/body/scenario/exits/${index}`,
      changeOf(one),
      (from, to) =>
        to.placement === 'not-in-care' && is(one.placement, from.placement) && is(one.ageBand, from.age),
    )
  for (const [index, one] of (scenario.moves ?? []).entries())
    addRates(`/body/scenario/moves/${index}`, changeOf(one), (from, to) => {
      // A birthday is no move.
      const isMove = to.placement !== 'not-in-care' && from.age === to.age
      return (
        isMove &&
        from.placement !== to.placement &&
        is(one.fromPlacement, from.placement) &&
        is(one.toPlacement, to.placement) &&
        is(one.ageBand, from.age)
      )
    })
  for (const [index, one] of (scenario.entries ?? []).entries()) {
    const states = MARKOV_STATES.filter(
      (state, at) =>
        isPlacement(state.placement) &&
        is(one.placement, state.placement) &&
        is(one.ageBand, state.age) &&
        (model.entrants[at]! > 0 || (one.placement !== undefined && one.ageBand !== undefined)),
    )
    for (const to of states) {
      const before = entrants.findIndex((other) => other.to === to)
      const adjustment = { ...together(entrants[before], changeOf(one)), to }
      if (before === -1) entrants.push(adjustment)
      else entrants[before] = adjustment
      pointers.set(adjustment, `/body/scenario/entries/${index}`)
    }
  }
  return { adjustments: { rates, entrants }, pointers }
}

/** Two changes of one rate: factors multiply; what is added takes the place of what went before. */
const together = (before: Change | undefined, change: Change): Change =>
  before?.multiplyBy !== undefined && change.multiplyBy !== undefined
    ? { multiplyBy: before.multiplyBy * change.multiplyBy }
    : change

const isPlacement = (placement: Whereabouts): boolean => placement !== 'not-in-care'
