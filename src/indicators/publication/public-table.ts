import { relationsOfCounts } from '../../statistics/disclosure/additive-counts.ts'
import {
  type DisclosureRule,
  type WithheldCounts,
  withholdCounts,
} from '../../statistics/disclosure/withheld-counts.ts'
import type { IndicatorDefinition } from '../definition.ts'
import type { Observation } from '../observation.ts'
import { rounded } from '../rounded.ts'
import { isDetailed, PUBLICATION_PROFILE } from './profile.ts'
import { type PublishedCounts, publishedCounts } from './published-counts.ts'
import { GOES_WITH } from './same-rows.ts'

/** All that is published of one authority for one period, made safe as a whole. */
export interface PublicTable {
  /** By indicator and then by the dimensions of the breakdown, sorted; the total is under ''. */
  readonly observations: ReadonlyMap<string, ReadonlyMap<string, readonly Observation[]>>
  readonly withholding: Withholding
}

/** How much is withheld. */
export interface Withholding {
  /** Counts behind the figures that are not zero. */
  readonly counts: number
  /** Withheld for their own sake. */
  readonly primary: number
  /** Withheld for another's sake, beyond those. */
  readonly secondary: number
  /** Tables that are not given, since they could not be made safe beside the rest. */
  readonly leftOut: number
}

export const dimensionsOf = ({ breakdown }: Observation): string => Object.keys(breakdown).sort().join('*')

/**
 * Makes figures safe. Given must be everything that anybody may ask for of the authority and the period, for what is
 * withheld is decided over all of it together, once: so the answer to one question never gives away what another
 * withholds.
 */
export function makePublic(
  figures: readonly Observation[],
  find: (indicator: string) => IndicatorDefinition,
): PublicTable {
  const given = withoutSmallCrossings(figures, find).map(ofWholePeriod)
  const known = given.filter(({ status }) => status !== 'x')
  const decided = decide(known, find)
  const tells = newTelling(known, decided)
  const observations = new Map<string, Map<string, Observation[]>>()
  const isWithheldTotal = new Set<string>()
  const leftOutOf = new Map<string, string[]>()
  for (const table of [...decided.leftOut].sort()) {
    const [indicator, dimensions] = table.split(' ') as [string, string]
    if (!dimensions.includes('*')) leftOutOf.set(indicator, [...(leftOutOf.get(indicator) ?? []), dimensions])
  }
  for (const observation of given) {
    const { indicator } = observation
    const dimensions = dimensionsOf(observation)
    if (decided.leftOut.has(`${indicator} ${dimensions}`)) continue
    const isWithheld = decided.of.get(observation)
    if (dimensions === '' && isWithheld?.numerator) isWithheldTotal.add(indicator)
    const made = isWithheld
      ? shownOf(
          observation,
          find(indicator),
          tells(observation) ? { ...isWithheld, sum: true } : isWithheld,
          isWithheldTotal.has(indicator),
        )
      : observation
    const without = dimensions === '' ? leftOutOf.get(indicator) : undefined
    const safe = without ? { ...made, leftOut: without } : made
    let ofIndicator = observations.get(indicator)
    if (!ofIndicator) {
      ofIndicator = new Map()
      observations.set(indicator, ofIndicator)
    }
    const table = ofIndicator.get(dimensions)
    if (table) table.push(safe)
    else ofIndicator.set(dimensions, [safe])
  }
  return { observations, withholding: decided.withholding }
}

/**
 * Whether a mean would tell of a count that is withheld. Then no mean of its table is given, for what is left over of
 * the sum would tell; and none of the indicator where it is the mean of all, for each table adds up to that.
 */
function newTelling(known: readonly Observation[], decided: Decided): (observation: Observation) => boolean {
  const telling = new Set<string>()
  for (const observation of known)
    if (decided.of.get(observation)?.tellsOfWithheld) telling.add(tableOf(observation))
  return (observation) => telling.has(tableOf(observation)) || telling.has(`${observation.indicator} `)
}

interface Decided {
  readonly of: ReadonlyMap<Observation, IsWithheld>
  /** Tables that can't be made safe beside the rest. */
  readonly leftOut: ReadonlySet<string>
  readonly withholding: Withholding
}

const RULE: DisclosureRule = {
  threshold: PUBLICATION_PROFILE.threshold,
  width: PUBLICATION_PROFILE.widthSought,
}

/** Tables that give way to those before them. */
const LEVELS: readonly ((dimensions: readonly string[]) => boolean)[] = [
  (dimensions) => dimensions.length === 0,
  (dimensions) => dimensions.length === 1 && !isDetailed(dimensions),
  isDetailed,
]

/**
 * Decides on totals first, then on breakdowns by bands and groups beside them, then on tables by codes and crossed ones:
 * no figure of a board's pack is withheld for the sake of a breakdown of it. A table that can't be made safe without
 * that is left out as a whole.
 */
function decide(known: readonly Observation[], find: (indicator: string) => IndicatorDefinition): Decided {
  const levels = LEVELS.map((isOfLevel) => known.filter(({ breakdown }) => isOfLevel(Object.keys(breakdown))))
  const leftOut = new Set<string>()
  let observations: Observation[] = []
  let counts = publishedCounts(observations, find)
  let decision: WithheldCounts = {
    withheld: new Uint8Array(),
    primary: new Uint8Array(),
    gone: new Uint8Array(),
  }
  for (const [level, tables] of levels.entries()) {
    const all = [...observations, ...tables]
    const more = publishedCounts(all, find)
    const worth = worthOf(all, more, find)
    const isKept = ({ indicator }: Observation): boolean => level > 1 || find(indicator).headline === true
    decision =
      level === 0
        ? decideTotals(all, more, worth)
        : withholdCounts(more, RULE, {
            worth,
            ...whatStands(observations.map(isKept), counts, decision.withheld, more),
            leaveOut: newLeavingOut(all, observations.length, more, leftOut),
          })
    // What is left out is no longer there for the tables that come after.
    observations = all.filter((observation) => !leftOut.has(tableOf(observation)))
    const isThere = (_: unknown, index: number): boolean => !leftOut.has(tableOf(all[index]!))
    counts = { ...more, shownBy: more.shownBy.filter(isThere), toldBy: more.toldBy.filter(isThere) }
  }
  const isWithheld = (count: number): boolean => count !== -1 && decision.withheld[count] === 1
  const marked = (isMarked: (count: number) => boolean): number =>
    counts.values.filter(
      (_, count) => decision.gone[count] === 0 && !counts.unpublished?.[count] && isMarked(count),
    ).length
  const primary = marked((count) => decision.primary[count] === 1)
  return {
    of: new Map(
      observations.map((observation, index) => {
        const { numerator, denominator, sum } = counts.shownBy[index]!
        return [
          observation,
          {
            numerator: isWithheld(numerator),
            denominator: isWithheld(denominator),
            sum: isWithheld(sum),
            tellsOfWithheld: counts.toldBy[index]!.some(isWithheld),
          },
        ]
      }),
    ),
    leftOut,
    withholding: {
      counts: marked((count) => counts.values[count]! > 0),
      primary,
      secondary: marked(isWithheld) - primary,
      leftOut: leftOut.size,
    },
  }
}

/**
 * Leaves out the tables that a count is in, or else those with one in a sum with it, of those that come last. Gives the
 * counts that are then shown by no table.
 */
function newLeavingOut(
  observations: readonly Observation[],
  last: number,
  { values, relations, shownBy }: PublishedCounts,
  leftOut: Set<string>,
): (count: number) => readonly number[] {
  const relationsOf = relationsOfCounts({ values, relations })
  const tablesWith: Set<string>[] = values.map(() => new Set())
  const showing: Set<string>[] = values.map(() => new Set())
  const countsIn = new Map<string, number[]>()
  for (const [index, observation] of observations.entries()) {
    const table = tableOf(observation)
    for (const count of Object.values(shownBy[index]!)) {
      if (count === -1) continue
      showing[count]!.add(table)
      countsIn.set(table, [...(countsIn.get(table) ?? []), count])
      if (index >= last) tablesWith[count]!.add(table)
    }
  }
  return (count) => {
    const own = [...tablesWith[count]!].filter((table) => !leftOut.has(table))
    const around = relationsOf[count]!.flatMap((index) => {
      const { whole, parts } = relations[index]!
      return [whole, ...parts].flatMap((other) => [...tablesWith[other]!])
    })
    const tables = own.length > 0 ? own : around.filter((table) => !leftOut.has(table))
    for (const table of tables) leftOut.add(table)
    const touched = new Set(tables.flatMap((table) => countsIn.get(table)!))
    return [...touched].filter((one) => [...showing[one]!].every((table) => leftOut.has(table)))
  }
}

/** Decides on totals; what bounds a withheld one is withheld with it, until nothing more is. */
function decideTotals(
  totals: readonly Observation[],
  counts: PublishedCounts,
  worth: readonly number[],
): WithheldCounts {
  const countOf = new Map(
    totals.map(({ indicator }, index) => [indicator, counts.shownBy[index]!.numerator] as const),
  )
  const withheld = new Uint8Array(counts.values.length)
  for (;;) {
    const decision = withholdCounts(counts, RULE, { worth, withheld })
    const isWithheld = (indicator: string): boolean => decision.withheld[countOf.get(indicator) ?? -1] === 1
    const more = [...GOES_WITH].flatMap(([indicator, bounded]) => {
      const count = countOf.get(indicator) ?? -1
      return count !== -1 && !isWithheld(indicator) && counts.values[count]! > 0 && bounded.some(isWithheld)
        ? [count]
        : []
    })
    if (more.length === 0) return decision
    for (const count of more) withheld[count] = 1
  }
}

/** What was decided before, for the same counts among more; what was shown stays shown where it is to be kept. */
function whatStands(
  isKept: readonly boolean[],
  before: PublishedCounts,
  withheldBefore: Uint8Array,
  now: PublishedCounts,
): { readonly withheld: Uint8Array; readonly shown: Uint8Array } {
  const withheld = new Uint8Array(now.values.length)
  const shown = new Uint8Array(now.values.length)
  for (const [index, was] of before.shownBy.entries()) {
    const is = now.shownBy[index]!
    for (const which of ['numerator', 'denominator', 'sum'] as const) {
      if (was[which] === -1) continue
      if (withheldBefore[was[which]]) withheld[is[which]] = 1
      else if (isKept[index]) shown[is[which]] = 1
    }
  }
  return { withheld, shown }
}

const tableOf = (observation: Observation): string => `${observation.indicator} ${dimensionsOf(observation)}`

/** What a board asks for first is withheld last. */
function worthOf(
  observations: readonly Observation[],
  counts: PublishedCounts,
  find: (indicator: string) => IndicatorDefinition,
): number[] {
  const worth = counts.values.map(() => 1)
  const raise = (count: number, to: number): void => {
    if (count !== -1 && worth[count]! < to) worth[count] = to
  }
  for (const [index, { indicator, breakdown }] of observations.entries()) {
    const { headline, kind } = find(indicator)
    const isTotal = Object.keys(breakdown).length === 0
    const { numerator, denominator } = counts.shownBy[index]!
    raise(numerator, isTotal ? (headline ? 12 : 6) : headline && kind === 'count' ? 3 : 1)
    raise(denominator, isTotal ? 12 : 3)
  }
  return worth
}

/** A year that still runs is measured up to some day: what the next load adds to it would tell of single children. */
function ofWholePeriod(observation: Observation): Observation {
  if (!observation.incomplete) return observation
  const { incomplete: _, asAt: __, share: ___, ...rest } = observation
  return {
    ...rest,
    value: null,
    numerator: null,
    denominator: null,
    status: 'x',
    interval: null,
    reason:
      'The period is not over, or the returns held do not cover it to its end: only whole periods are published.',
    wouldBeSuppliedBy: [],
  }
}

/** A crossed table where a category of one of its dimensions is small would be mostly withheld: it is not given at all. */
function withoutSmallCrossings(
  figures: readonly Observation[],
  find: (indicator: string) => IndicatorDefinition,
): Observation[] {
  const small = new Set<string>()
  for (const observation of figures) {
    const { indicator, value, breakdown } = observation
    if (find(indicator).kind !== 'count' || value === null) continue
    const dimensions = Object.keys(breakdown)
    if (dimensions.length <= 1 && value >= 1 && value < PUBLICATION_PROFILE.crossedFrom)
      small.add(`${indicator} ${dimensions[0] ?? ''}`)
  }
  return figures.filter(({ indicator, breakdown }) => {
    const dimensions = Object.keys(breakdown)
    return (
      dimensions.length < 2 ||
      !['', ...dimensions].some((dimension) => small.has(`${indicator} ${dimension}`))
    )
  })
}

interface IsWithheld {
  readonly numerator: boolean
  readonly denominator: boolean
  readonly sum: boolean
  /** It tells of a count that is withheld. */
  readonly tellsOfWithheld: boolean
}

function shownOf(
  observation: Observation,
  indicator: IndicatorDefinition,
  isWithheld: IsWithheld,
  isTotalWithheld: boolean,
): Observation {
  const { value, numerator, denominator, share, interval } = observation
  const isSmall = (number: number | null): boolean =>
    number !== null && number > 0 && number <= PUBLICATION_PROFILE.threshold
  switch (indicator.kind) {
    case 'count':
      if (isWithheld.numerator) return confidential(observation, null, null)
      return { ...observation, ...(share !== undefined && { share: isTotalWithheld ? null : share }) }
    case 'rate':
    case 'percentage': {
      const shown = isWithheld.numerator ? null : numerator
      const of = isWithheld.denominator ? null : denominator
      if (shown === null || of === null) return confidential(observation, shown, of)
      return rounded(observation, indicator.decimals)
    }
    case 'mean':
      // What is added up is not given: what the children of two tables have in common could be got from it.
      if (isWithheld.denominator || isWithheld.sum || isSmall(denominator))
        return confidential(observation, null, isWithheld.denominator ? null : denominator)
      return { ...rounded(observation, indicator.decimals), numerator: null }
    case 'ratio':
      if (value === null) return { ...observation, numerator: null, denominator: null, interval }
      if (isSmall(numerator) || isSmall(denominator) || isSmall(observation.rows ?? null))
        return confidential(observation, null, null)
      return { ...rounded(observation, indicator.decimals), numerator: null, denominator: null }
  }
}

const confidential = (
  observation: Observation,
  numerator: number | null,
  denominator: number | null,
): Observation => ({
  ...observation,
  value: null,
  numerator,
  denominator,
  status: 'c',
  interval: null,
  ...(observation.share !== undefined && { share: null }),
})
