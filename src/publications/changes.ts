import { daysLookedAt } from '../indicators/availability.ts'
import type { Breakdown } from '../indicators/breakdown.ts'
import type { Catalogue } from '../indicators/catalogue.ts'
import type { IndicatorDefinition } from '../indicators/definition.ts'
import { calculationOf, definitionInWords } from '../indicators/definition-in-words.ts'
import type { Reading } from '../indicators/figures.ts'
import type { Observation } from '../indicators/observation.ts'
import { type ReturnMove, readReturnMoves } from '../returns/return-moves.ts'
import { DIMENSIONS, type DimensionId } from '../vocabulary/dimension.ts'
import { type Period, parsePeriod, reportingYearOf } from '../vocabulary/period.ts'
import { canonicalJson } from './canonical-json.ts'
import type { FrozenReference, FrozenSoftware, PublicationContent } from './content.ts'
import { type DisclosureProfile, disclosureProfileFor } from './disclosure-profile.ts'
import { plainObservation, readRecordsVersion, readReference } from './freeze.ts'

/** What a figure was or is. */
export type FigureState = Pick<Observation, 'value' | 'numerator' | 'denominator' | 'status'> & {
  readonly asAt?: string
}

/** Why a figure may have moved; a `return` is named, the others stand for all of their kind. */
export type Cause =
  | { readonly cause: 'return' | 'return-of-another-year'; readonly return: string }
  | { readonly cause: 'records' | 'reference' | 'definition' | 'software' | 'disclosure' }

export interface FigureChange {
  readonly indicator: string
  readonly period: string
  readonly breakdown: Observation['breakdown']
  readonly change: 'moved' | 'appeared' | 'gone'
  readonly from: FigureState | null
  readonly to: FigureState | null
  /** The value of today less the frozen one, in the indicator's unit; null where either is not known. */
  readonly difference: number | null
  readonly movedBy: readonly Cause[]
}

export interface DefinitionChange {
  readonly indicator: string
  /** `gone`: the software has the indicator no more. */
  readonly change: 'words' | 'calculation' | 'words-and-calculation' | 'gone'
}

export interface PublicationChanges {
  readonly dataVersion: { readonly from: string; readonly to: string }
  readonly software: { readonly from: FrozenSoftware; readonly to: FrozenSoftware }
  readonly unchanged: number
  readonly figures: readonly FigureChange[]
  readonly returns: readonly ReturnMove[]
  readonly definitions: readonly DefinitionChange[]
  readonly records: boolean
  readonly reference: readonly {
    readonly kind: string
    readonly from: string | null
    readonly to: string | null
  }[]
  readonly disclosure: boolean
}

/** What the software and the records say today of what was frozen. */
export interface Today {
  readonly observations: readonly Observation[]
  readonly dataVersion: string
  readonly recordsVersion: string
  readonly reference: readonly FrozenReference[]
  readonly software: FrozenSoftware
  readonly disclosure: DisclosureProfile
  readonly returns: readonly ReturnMove[]
  readonly find: (indicator: string) => IndicatorDefinition | undefined
}

/** Measures today what was frozen, for those for whom it was: the public never learns more by comparing. */
export async function readToday(
  reading: Reading,
  content: PublicationContent,
  catalogue: Catalogue,
  software: FrozenSoftware,
): Promise<Today> {
  const { transaction } = reading
  const { code } = content.authority
  const indicators = content.indicators.flatMap(({ id }) => catalogue.find(id) ?? [])
  const ask = { indicators, authorities: [code], audience: content.audience }
  const breakdowns = content.breakdowns
    .filter((id) => DIMENSIONS.has(id as DimensionId))
    .map((id): Breakdown => [id as DimensionId])
  const periods = content.periods.map(periodOf)
  const earlier = content.historyPeriods.map(periodOf)
  const observations =
    indicators.length === 0
      ? []
      : [
          ...(await reading.compute({ ...ask, periods, breakdowns })),
          ...(earlier.length === 0
            ? []
            : await reading.compute({ ...ask, periods: earlier, breakdowns: [] })),
        ]
  return {
    observations: observations.map(plainObservation),
    dataVersion: reading.versions.get(code)!,
    recordsVersion: await readRecordsVersion(transaction, code),
    reference: await readReference(transaction),
    software,
    disclosure: disclosureProfileFor(content.audience),
    returns: await readReturnMoves(transaction, code, content.returns, content.publishedAt),
    find: catalogue.find,
  }
}

const periodOf = (label: string): Period => parsePeriod(label)!

/** Compares a publication with today. */
export function changesOf(content: PublicationContent, today: Today): PublicationChanges {
  const definitions = content.indicators.flatMap(({ id }): DefinitionChange[] => {
    const change = definitionChange(content, id, today)
    return change === null ? [] : [{ indicator: id, change }]
  })
  const reference = changedReference(content.reference, today.reference)
  const changed = {
    records: content.recordsVersion !== today.recordsVersion,
    reference: reference.length > 0,
    disclosure: canonicalJson(content.disclosure) !== canonicalJson(today.disclosure),
    software: canonicalJson(content.software) !== canonicalJson(today.software),
    calculation: new Set(definitions.filter(({ change }) => change !== 'words').map((one) => one.indicator)),
  }
  const were = byKey([...content.observations, ...content.history])
  const are = byKey(today.observations)
  const figures: FigureChange[] = []
  let unchanged = 0
  for (const key of new Set([...were.keys(), ...are.keys()])) {
    const [was, is] = [were.get(key), are.get(key)]
    const [from, to] = [stateOf(was), stateOf(is)]
    if (canonicalJson(from) === canonicalJson(to)) {
      unchanged++
      continue
    }
    const { indicator, period, breakdown } = (was ?? is)!
    figures.push({
      indicator,
      period,
      breakdown,
      change: from === null ? 'appeared' : to === null ? 'gone' : 'moved',
      from,
      to,
      difference: from === null || to === null ? null : difference(from.value, to.value),
      movedBy: causesOf(indicator, periodOf(period), today, changed),
    })
  }
  return {
    dataVersion: { from: content.dataVersion, to: today.dataVersion },
    software: { from: content.software, to: today.software },
    unchanged,
    figures,
    returns: today.returns,
    definitions,
    records: changed.records,
    reference,
    disclosure: changed.disclosure,
  }
}

const byKey = (observations: readonly Observation[]): Map<string, Observation> =>
  new Map(observations.map((one) => [canonicalJson([one.indicator, one.period, one.breakdown]), one]))

function stateOf(observation: Observation | undefined): FigureState | null {
  if (!observation) return null
  const { value, numerator, denominator, status, asAt } = observation
  return { value, numerator, denominator, status, ...(asAt !== undefined && { asAt }) }
}

const difference = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : to - from

function definitionChange(
  content: PublicationContent,
  id: string,
  today: Today,
): DefinitionChange['change'] | null {
  const now = today.find(id)
  if (!now) return 'gone'
  const { calculation, ...words } = content.indicators.find((frozen) => frozen.id === id)!
  const otherWords = canonicalJson(words) !== canonicalJson(definitionInWords(now))
  const otherCalculation = calculation !== calculationOf(now)
  if (otherWords) return otherCalculation ? 'words-and-calculation' : 'words'
  return otherCalculation ? 'calculation' : null
}

function changedReference(were: readonly FrozenReference[], are: readonly FrozenReference[]) {
  const kinds = [...new Set([...were, ...are].map(({ kind }) => kind))].sort()
  const versionIn = (states: readonly FrozenReference[], kind: string): string | null =>
    states.find((state) => state.kind === kind)?.version ?? null
  return kinds
    .map((kind) => ({ kind, from: versionIn(were, kind), to: versionIn(are, kind) }))
    .filter(({ from, to }) => from !== to)
}

/**
 * What may have moved a figure. The returns for the years that it looks at are named alone where there are any; else
 * those of other years, which can tell anew of a child (a birthday, an earlier episode). What else has changed is said
 * beside them, for it may have had its part.
 */
function causesOf(
  indicator: string,
  period: Period,
  today: Today,
  changed: {
    readonly records: boolean
    readonly reference: boolean
    readonly disclosure: boolean
    readonly software: boolean
    readonly calculation: ReadonlySet<string>
  },
): Cause[] {
  const definition = today.find(indicator)
  const moves = today.returns.filter(({ counts }) => counts)
  const years = definition && daysLookedAt(definition, period)
  const [first, last] = years
    ? [reportingYearOf(years.from), reportingYearOf(years.to)]
    : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const within = moves.filter(({ year }) => year >= first && year <= last)
  const causes: Cause[] = [...new Set((within.length > 0 ? within : moves).map(({ id }) => id))].map(
    (id) => ({ cause: within.length > 0 ? 'return' : 'return-of-another-year', return: id }),
  )
  if (changed.records) causes.push({ cause: 'records' })
  if (changed.reference) causes.push({ cause: 'reference' })
  if (changed.calculation.has(indicator)) causes.push({ cause: 'definition' })
  if (changed.disclosure) causes.push({ cause: 'disclosure' })
  // Nothing else is known to have changed: the software counts otherwise though the definition is the same.
  if (causes.length === 0 && changed.software) causes.push({ cause: 'software' })
  return causes
}
