import { type Breakdown, hasBreakdown } from '../indicators/breakdown.ts'
import type { IndicatorDefinition } from '../indicators/definition.ts'
import { calculationOf, definitionInWords } from '../indicators/definition-in-words.ts'
import type { Reading } from '../indicators/figures.ts'
import type { Audience, Observation } from '../indicators/observation.ts'
import { outgoing } from '../indicators/observation-schema.ts'
import type { Transaction } from '../platform/database/database.ts'
import { type HeldReturn, readReturnsInForce } from '../returns/return-moves.ts'
import { readTargets } from '../targets/target-store.ts'
import type { Authority } from '../vocabulary/authority.ts'
import { DIMENSIONS } from '../vocabulary/dimension.ts'
import { type Period, parsePeriod, yearLabel, yearsBefore } from '../vocabulary/period.ts'
import {
  FORMAT,
  type FrozenDimension,
  type FrozenReference,
  type FrozenReturn,
  type FrozenSoftware,
  type FrozenTarget,
  type PublicationContent,
} from './content.ts'
import { disclosureProfileFor } from './disclosure-profile.ts'
import { newPublicationId } from './publication-id.ts'

/** What is to be frozen. */
export interface PublicationRequest {
  readonly authority: Authority
  readonly audience: Audience
  /** Of one kind, the earliest first. */
  readonly periods: readonly Period[]
  readonly indicators: readonly IndicatorDefinition[]
  /** Of one dimension each. */
  readonly breakdowns: readonly Breakdown[]
  readonly title: string | null
  readonly note: string | null
  /** Whether the commentary lines of the targets go in. */
  readonly withCommentary: boolean
}

/** Earlier years that are frozen with a period, so that its report can draw a line. */
const EARLIER_YEARS = 4

/** Freezes figures as they stand in one reading: nothing is written yet. */
export async function freeze(
  reading: Reading,
  request: PublicationRequest,
  software: FrozenSoftware,
): Promise<PublicationContent> {
  const { authority, audience, periods, indicators, breakdowns } = request
  const { transaction } = reading
  const ask = { indicators, authorities: [authority.code], audience }
  const observations = await reading.compute({ ...ask, periods, breakdowns })
  const earlier = earlierPeriods(periods)
  const history = knownHistory(
    earlier,
    earlier.length === 0 ? [] : await reading.compute({ ...ask, periods: earlier, breakdowns: [] }),
  )
  const labels = periods.map(({ label }) => label)
  const ids = new Set(indicators.map(({ id }) => id))
  const targets = (await readTargets(transaction, authority.code, labels)).filter((target) =>
    ids.has(target.indicator),
  )
  const publishedAt = await momentOf(transaction)
  return {
    format: FORMAT,
    id: newPublicationId(publishedAt),
    authority: { code: authority.code, dfeCode: authority.dfeCode, name: authority.name },
    audience,
    title: request.title ?? `Corporate parenting report: ${authority.name}, ${labels.join(', ')}`,
    note: request.note,
    publishedAt,
    periods: labels,
    historyPeriods: history.periods,
    breakdowns: breakdowns.map(([dimension]) => dimension),
    dataVersion: reading.versions.get(authority.code)!,
    software,
    disclosure: disclosureProfileFor(audience),
    returns: (await readReturnsInForce(transaction, authority.code)).map(frozenReturn),
    recordsVersion: await readRecordsVersion(transaction, authority.code),
    reference: await readReference(transaction),
    indicators: indicators.map((indicator) => ({
      ...definitionInWords(indicator),
      calculation: calculationOf(indicator),
    })),
    dimensions: breakdowns
      .filter((breakdown) => indicators.some((indicator) => hasBreakdown(indicator, breakdown)))
      .map(([dimension]) => frozenDimension(dimension)),
    observations: observations.map(plainObservation),
    history: history.observations.map(plainObservation),
    targets: targets.map((target) => frozenTarget(target, request.withCommentary)),
  }
}

/** An observation by the members that the contract names, and no others that an answer may carry. */
export const plainObservation = (observation: Observation): Observation =>
  outgoing(observation) as Observation

/** The same periods of the four years before, those asked for left out. */
export function earlierPeriods(periods: readonly Period[]): Period[] {
  const asked = new Set(periods.map(({ label }) => label))
  const earlier = new Map<string, Period>()
  for (const period of periods)
    for (let years = 1; years <= EARLIER_YEARS; years++) {
      const before = yearsBefore(period, years)
      // The label of a reporting year before 2012-13 means a month, or nothing.
      if (asked.has(before.label) || parsePeriod(before.label)?.kind !== period.kind) continue
      earlier.set(before.label, before)
    }
  return [...earlier.values()].sort((a, b) => (a.lastDay < b.lastDay ? -1 : 1))
}

/** The history from the first period on of which anything is known: years before the first return tell nothing. */
function knownHistory(
  periods: readonly Period[],
  observations: readonly Observation[],
): { readonly periods: string[]; readonly observations: readonly Observation[] } {
  const known = new Set(observations.filter(({ status }) => status !== 'x').map(({ period }) => period))
  const first = periods.findIndex(({ label }) => known.has(label))
  const labels = first === -1 ? [] : periods.slice(first).map(({ label }) => label)
  return { periods: labels, observations: observations.filter(({ period }) => labels.includes(period)) }
}

/** The database's clock, by which returns are loaded too. */
async function momentOf(transaction: Transaction): Promise<string> {
  const [row] = await transaction.query<{ moment: string }>('publications.moment', 'select now() as moment')
  return row!.moment
}

export async function readRecordsVersion(transaction: Transaction, authority: string): Promise<string> {
  const [row] = await transaction.query<{ version: string }>(
    'publications.recordsVersion',
    'select s.records_version as version from care.authority_state s where s.authority = $1',
    [authority],
  )
  return row?.version ?? ''
}

/** The reference data that figures are made with. */
export const readReference = (transaction: Transaction): Promise<FrozenReference[]> =>
  transaction.query<{ kind: string; version: string }>(
    'publications.reference',
    `select s.kind, s.version
       from care.reference_state s
      where s.kind in ('postcodes', 'districts', 'authorities', 'adjacent', 'population')
      order by s.kind`,
  )

const frozenReturn = ({
  id,
  year,
  coversFrom,
  coversTo,
  loadedAt,
  contentHash,
}: HeldReturn): FrozenReturn => ({
  id,
  year: yearLabel(year),
  coversFrom,
  coversTo,
  loadedAt,
  contentHash,
})

function frozenDimension(id: Breakdown[0]): FrozenDimension {
  const { label, definition, categories } = DIMENSIONS.get(id)!
  return {
    id,
    label,
    definition,
    categories: categories.map((category) => ({ id: category.id, label: category.label })),
  }
}

const frozenTarget = (
  { indicator, period, value, amber, commentary }: FrozenTarget,
  withCommentary: boolean,
): FrozenTarget => ({ indicator, period, value, amber, commentary: withCommentary ? commentary : null })
