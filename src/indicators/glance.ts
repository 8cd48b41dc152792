import { DIMENSIONS } from '../vocabulary/dimension.ts'
import { type Period, yearsBefore } from '../vocabulary/period.ts'
import type { Breakdown } from './breakdown.ts'
import type { Catalogue } from './catalogue.ts'
import type { IndicatorDefinition, Subject } from './definition.ts'
import type { Figures, Reading } from './figures.ts'
import type { Observation } from './observation.ts'

/** What a subject shows beside its headline figures: an indicator, broken down. */
export interface ProfilePart {
  readonly indicator: string
  readonly breakdown: Breakdown
}

/** A headline figure: as it is, as it was one and two years before, and by how much it moved since the first. */
export interface Headline {
  readonly indicator: IndicatorDefinition
  readonly observation: Observation
  /** The latest first. */
  readonly previous: readonly Observation[]
  /** Value less the value of the period before, in the indicator's unit; null where either is not known. */
  readonly change: number | null
}

export interface Profile {
  readonly indicator: IndicatorDefinition
  readonly breakdown: Breakdown
  readonly label: string
  readonly observations: readonly Observation[]
}

/** Reads what a subject alone has, as the reading's snapshot has it. */
export type ReadParticular = (
  reading: Reading,
  catalogue: Catalogue,
  authority: string,
  period: Period,
) => Promise<unknown>

/** A subject at a glance, for one authority and period. */
export interface Glance {
  readonly period: Period
  readonly version: string
  readonly headlines: readonly Headline[]
  readonly profile: readonly Profile[]
  /** What the subject alone has; undefined for the others. */
  readonly particular: unknown
}

/** Parts of a profile with their indicators; one that the catalogue does not have stops the start. */
export function profileOf(
  catalogue: Catalogue,
  parts: readonly ProfilePart[],
): { readonly indicator: IndicatorDefinition; readonly breakdown: Breakdown }[] {
  return parts.map((part) => {
    const indicator = catalogue.find(part.indicator)
    if (!indicator) throw new Error(`a profile names ${part.indicator}, which is not in the catalogue`)
    const without = part.breakdown.find((dimension) => !indicator.dimensions.includes(dimension))
    if (without) throw new Error(`a profile breaks ${part.indicator} down by ${without}, which it can't be`)
    return { indicator, breakdown: part.breakdown }
  })
}

/** Measures a subject at a glance; no period is the authority's latest reporting year. */
export function takeGlance(
  figures: Figures,
  catalogue: Catalogue,
  ask: {
    readonly subject: Subject
    readonly authority: string
    readonly period: Period | null
    readonly profile: ReturnType<typeof profileOf>
    readonly particular: { readonly read: ReadParticular } | undefined
  },
): Promise<Glance> {
  const { authority } = ask
  return figures.read([authority], async (reading) => {
    const period = ask.period ?? reading.latestPeriodOf(authority)
    return {
      period,
      version: reading.versions.get(authority)!,
      headlines: await headlinesOf(reading, catalogue, ask.subject, authority, period),
      profile: await measureProfile(reading, ask.profile, authority, period),
      particular: await ask.particular?.read(reading, catalogue, authority, period),
    }
  })
}

async function headlinesOf(
  reading: Reading,
  catalogue: Catalogue,
  subject: Subject,
  authority: string,
  period: Period,
): Promise<Headline[]> {
  const indicators = catalogue.of(subject).filter(({ headline }) => headline)
  const periods = [period, yearsBefore(period, 1), yearsBefore(period, 2)]
  const observations = await reading.compute({
    indicators,
    authorities: [authority],
    periods,
    breakdowns: [],
  })
  const found = new Map(observations.map((one) => [`${one.indicator} ${one.period}`, one]))
  return indicators.map((indicator) => {
    const [now, ...previous] = periods.map(({ label }) => found.get(`${indicator.id} ${label}`)!)
    const [value, before] = [now!.value, previous[0]!.value]
    const change = value === null || before === null ? null : value - before
    return { indicator, observation: now!, previous, change }
  })
}

async function measureProfile(
  reading: Reading,
  parts: ReturnType<typeof profileOf>,
  authority: string,
  period: Period,
): Promise<Profile[]> {
  const measured = new Map<IndicatorDefinition, readonly Observation[]>()
  for (const [indicator, ofIndicator] of Map.groupBy(parts, (part) => part.indicator)) {
    const breakdowns = ofIndicator.map(({ breakdown }) => breakdown)
    const ask = { indicators: [indicator], authorities: [authority], periods: [period], breakdowns }
    measured.set(indicator, await reading.compute(ask))
  }
  return parts.map(({ indicator, breakdown }) => {
    const all = measured.get(indicator)!
    const dimensions = [...breakdown].sort().join('*')
    const ofBreakdown = all.filter((one) => Object.keys(one.breakdown).sort().join('*') === dimensions)
    return {
      indicator,
      breakdown,
      label: breakdown.map((dimension) => DIMENSIONS.get(dimension)!.label).join(' by '),
      // Where the figure is not available at all, that stands for every category of it.
      observations: ofBreakdown.length > 0 ? ofBreakdown : all.filter(({ status }) => status === 'x'),
    }
  })
}
