import { addDays, addMonths, type Day, earlierOf } from '../vocabulary/day.ts'
import type { AskedScenario, ItemPrice, ItemShare, ResolvedForecast } from './asked-forecast.ts'
import { cutAt } from './backtest/cut-at.ts'
import type { CareHistory } from './care-history.ts'
import { adjustedProportions, proportionsOf } from './cost-item-proportions.ts'
import { costsOfExpected, type ExpectedCosts } from './costs-of-expected.ts'
import type { ForecastFinding } from './forecast-finding.ts'
import { type Gaps, gapsOf, type Known, type Supply } from './gap.ts'
import type { ReturnedRows } from './markov/returned-rows.ts'
import type { Expected, Projection } from './method.ts'
import { type MadeProjection, type ModelSummary, projectMarkov, projectSurvival } from './methods.ts'
import {
  COST_ITEMS,
  type CostItem,
  FORECAST_AGES,
  FORECAST_PLACEMENTS,
  type ForecastAge,
  type ForecastPlacement,
} from './placement-groups.ts'
import { type QuarterlyExpected, quarterly, quartersOf } from './quarterly.ts'
import type { PlannedSupply, SuppliedPlacement, SupplyChange } from './supply-changes.ts'
import type { KnownSupply } from './supply-queries.ts'
import type { SurvivalPriors } from './survival/fit.ts'
import type { MonthlyFlow } from './survival/projection.ts'
import type { Simulate } from './survival/simulate-together.ts'

/** Everything that a forecast is made from: plain data, so that another thread can make it. */
export interface ForecastTask {
  readonly question: ResolvedForecast
  readonly history: CareHistory
  /** The rows as returned; only the method `markov` reads them. */
  readonly rows: ReturnedRows | null
  readonly supply: readonly KnownSupply[]
  readonly plannedByRecords: readonly SupplyChange[]
  readonly pricesOnRecord: readonly ItemPrice[]
  readonly priors: SurvivalPriors | null
}

/** Children expected in one group and band, day by day as reported. */
export interface ForecastSeries {
  readonly placement: ForecastPlacement | 'all'
  readonly ageBand: ForecastAge | 'all'
  readonly mean: readonly number[]
  readonly variance: readonly number[]
  readonly lower80: readonly number[]
  readonly upper80: readonly number[]
  readonly lower95: readonly number[]
  readonly upper95: readonly number[]
}

/** One way that things may go: as they went, or as a scenario supposes. */
export interface Course {
  readonly children: readonly ForecastSeries[]
  readonly quarters: readonly {
    readonly placement: ForecastPlacement | 'all'
    readonly quarters: readonly QuarterlyExpected[]
  }[]
  readonly costs: ExpectedCosts
  readonly gaps: Gaps['gaps']
  /** Who comes and who leaves, month by month; null for a method that does not tell. */
  readonly flows: readonly (MonthlyFlow & { readonly firstDay: Day; readonly lastDay: Day })[] | null
  /** Young adults who stay with their foster carers, on the days reported; null where nothing was supposed of them. */
  readonly stayingPut: readonly Expected[] | null
  readonly prices: readonly UsedPrice[]
  readonly proportions: Readonly<Record<CostItem, number | null>>
}

export interface UsedPrice {
  readonly item: CostItem
  readonly weekly: number
  readonly basis: 'request' | 'records'
}

export interface MadeForecast {
  /** The days that are reported. */
  readonly days: readonly Day[]
  readonly baseline: Course
  readonly scenario: Course | null
  readonly model: ModelSummary
  readonly findings: readonly ForecastFinding[]
}

const AGES_AND_ALL = ['all', ...FORECAST_AGES] as const
const PLACEMENTS_AND_ALL = ['all', ...FORECAST_PLACEMENTS] as const

/** Makes a forecast and, where a scenario is asked for, a second one beside it from the same chances. */
export async function makeForecast(task: ForecastTask, simulate: Simulate): Promise<MadeForecast> {
  const { question } = task
  const findings: ForecastFinding[] = []
  const known = cutAt(task.history, question.startsOn)
  const atDays = Array.from({ length: question.days }, (_, index) => index + 1)
  const reported = reportedDays(question, atDays)
  const project =
    question.method === 'markov'
      ? projectMarkov(task.rows!, question, atDays)
      : projectSurvival(known, question, atDays, task.priors, simulate)

  const measured = proportionsOf(known, question.referenceFrom, question.referenceTo)
  const withoutItem = Object.values(measured.daysWithoutItem).reduce((sum, days) => sum + days, 0)
  if (withoutItem > 0)
    findings.push({
      severity: 'information',
      code: 'placements-without-cost-item',
      pointer: null,
      detail: `${withoutItem} days of care in the reference window are in placements whose provider does not say what they cost; they are taken to divide as the others do.`,
    })
  const courseOf = (made: MadeProjection, scenario: AskedScenario | null): Course => {
    const plan = planOf(scenario, task)
    const course = newCourse(task, made, reported, {
      proportions: adjustedProportions(
        measured.proportions,
        byItem([...question.proportions, ...(scenario?.proportions ?? [])], ({ share }) => share),
      ),
      prices: pricesOf(task, scenario),
      inflation: scenario?.inflation ?? question.inflation,
      plan,
    })
    findings.push(...course.faults)
    return course.course
  }
  const baseline = await project(null)
  const made = courseOf(baseline, null)
  const { scenario } = question
  const supposed = scenario === null ? null : await project(scenario)
  findings.push(...baseline.findings, ...(supposed?.findings ?? []))
  return {
    days: reported.map((at) => addDays(question.startsOn, atDays[at]!)),
    baseline: made,
    scenario: supposed === null ? null : courseOf(supposed, scenario),
    model: baseline.model,
    findings: distinct(findings),
  }
}

/** Which of the days are given out: each, the last of each month after the start, or of each quarter of the calendar. */
function reportedDays({ startsOn, step }: ResolvedForecast, atDays: readonly number[]): number[] {
  const last = atDays.length - 1
  if (step === 'day') return atDays.map((_, at) => at)
  if (step === 'quarter') return quartersOf(startsOn, atDays).map(({ lastAt }) => lastAt)
  return atDays.flatMap((days, at) => {
    const tomorrow = addDays(startsOn, days + 1)
    return at === last || tomorrow.endsWith('-01') ? [at] : []
  })
}

interface CourseParts {
  readonly proportions: Readonly<Record<CostItem, number | null>>
  readonly prices: readonly UsedPrice[]
  readonly inflation: number
  readonly plan: { readonly plan: PlannedSupply; readonly pointers: readonly (string | null)[] }
}

function newCourse(
  { question, supply }: ForecastTask,
  { projection, flows, stayingPut }: MadeProjection,
  reported: readonly number[],
  { proportions, prices, inflation, plan }: CourseParts,
): { course: Course; faults: ForecastFinding[] } {
  const quarters = quartersOf(question.startsOn, projection.atDays)
  const { gaps, faults } = gapsOf({
    startsOn: question.startsOn,
    projection,
    quarters,
    supply: supplyFor(supply, proportions),
    plan: plan.plan,
  })
  const course: Course = {
    children: seriesOf(projection, reported, question.detail === 'states'),
    quarters: PLACEMENTS_AND_ALL.map((placement) => ({
      placement,
      quarters: quarterly(projection, quarters, placement, 'all'),
    })),
    costs: costsOfExpected({
      startsOn: question.startsOn,
      projection,
      proportions,
      weeklyPrices: byItem(prices, ({ weekly }) => weekly),
      inflationPerYear: inflation,
    }),
    gaps,
    flows: flows && inMonths(flows, question),
    stayingPut: stayingPut && reported.map((at) => stayingPut(at)),
    prices,
    proportions,
  }
  return {
    course,
    faults: faults.map(({ code, in: part, at, detail }) => ({
      severity: 'warning',
      code,
      pointer: part === 'changes' ? (plan.pointers[at] ?? null) : `/body/scenario/recruitment/${at}`,
      detail,
    })),
  }
}

/** The calendar months of the forecast, the first and the last cut to it. */
function inMonths(flows: readonly MonthlyFlow[], { startsOn, endsOn }: ResolvedForecast) {
  let firstDay = addDays(startsOn, 1)
  return flows.map((flow) => {
    const monthEnd = addDays(addMonths(`${firstDay.slice(0, 7)}-01` as Day, 1), -1)
    const month = { ...flow, firstDay, lastDay: earlierOf(monthEnd, endsOn) }
    firstDay = addDays(monthEnd, 1)
    return month
  })
}

function seriesOf(
  projection: Projection,
  reported: readonly number[],
  withStates: boolean,
): ForecastSeries[] {
  return PLACEMENTS_AND_ALL.flatMap((placement) =>
    AGES_AND_ALL.flatMap((ageBand): ForecastSeries[] => {
      if (!withStates && placement !== 'all' && ageBand !== 'all') return []
      const expected = reported.map((at) => projection.expected(placement, ageBand, at))
      const of = (name: keyof Expected): number[] => expected.map((one) => one[name])
      return [
        {
          placement,
          ageBand,
          mean: of('mean'),
          variance: of('variance'),
          lower80: of('lower80'),
          upper80: of('upper80'),
          lower95: of('lower95'),
          upper95: of('upper95'),
        },
      ]
    }),
  )
}

/* ---- supply, prices --------------------------------------------------------------------------------------- */

function supplyFor(
  supply: readonly KnownSupply[],
  proportions: Readonly<Record<CostItem, number | null>>,
): Readonly<Record<SuppliedPlacement, Supply>> {
  const relatives = proportions['fostering-friend-or-relative']
  const forAll: Known = { value: 1, reason: null }
  const share: Readonly<Record<SuppliedPlacement, Known>> = {
    fostering:
      relatives === null
        ? {
            value: null,
            reason:
              'nobody was fostered in the reference window, so the share fostered by relatives is not known',
          }
        : { value: 1 - relatives, reason: null },
    residential: forAll,
    supported: forAll,
  }
  return Object.fromEntries(
    supply.map(({ placement, places }) => [placement, { places, share: share[placement] }]),
  ) as Record<SuppliedPlacement, Supply>
}

/** What records plan and, of a scenario, what it supposes; each change with its place in the request. */
function planOf(scenario: AskedScenario | null, task: ForecastTask): CourseParts['plan'] {
  const { question, plannedByRecords } = task
  const within = plannedByRecords.filter(({ from }) => from <= question.endsOn)
  const changes: SupplyChange[] = [...within]
  const pointers: (string | null)[] = within.map(() => null)
  const add = (name: 'openings' | 'closures', sign: number): void => {
    for (const [index, { placement, places, from, what }] of (scenario?.[name] ?? []).entries()) {
      changes.push({ placement, places: sign * places, from: from as Day, what: what ?? name.slice(0, -1) })
      pointers.push(`/body/scenario/${name}/${index}`)
    }
  }
  add('openings', 1)
  add('closures', -1)
  const recruitment = (scenario?.recruitment ?? []).map((one) => ({
    householdsGainedPerMonth: one.householdsGainedPerMonth,
    householdsLostPerMonth: one.householdsLostPerMonth ?? 0,
    placesPerHousehold: one.placesPerHousehold,
    from: (one.from as Day | undefined) ?? addDays(question.startsOn, 1),
  }))
  return { plan: { changes, recruitment }, pointers }
}

/** The scenario's price before the request's, and that before the one on record. */
function pricesOf({ question, pricesOnRecord }: ForecastTask, scenario: AskedScenario | null): UsedPrice[] {
  const given = new Map(
    [...question.prices, ...(scenario?.prices ?? [])].map((one) => [one.item, one.weekly]),
  )
  const onRecord = new Map(pricesOnRecord.map((one) => [one.item, one.weekly]))
  return COST_ITEMS.flatMap((item): UsedPrice[] => {
    const weekly = given.get(item) ?? onRecord.get(item)
    if (weekly === undefined) return []
    return [{ item, weekly, basis: given.has(item) ? 'request' : 'records' }]
  })
}

function byItem<One extends ItemPrice | ItemShare | UsedPrice>(
  list: readonly One[],
  number: (one: One) => number,
): Partial<Record<CostItem, number>> {
  return Object.fromEntries(list.map((one) => [one.item, number(one)]))
}

/** The baseline and the scenario find the same of what the records plan: once is enough. */
const distinct = (findings: readonly ForecastFinding[]): ForecastFinding[] => [
  ...new Map(findings.map((one) => [JSON.stringify(one), one])).values(),
]
