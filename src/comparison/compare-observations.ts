import type { Breakdown } from '../indicators/breakdown.ts'
import type { IndicatorDefinition } from '../indicators/definition.ts'
import type { Reading } from '../indicators/figures.ts'
import type { Audience, Observation } from '../indicators/observation.ts'
import { AUTHORITIES, findAuthority } from '../vocabulary/authority.ts'
import { NO_DATA } from '../vocabulary/data-version.ts'
import type { DimensionId } from '../vocabulary/dimension.ts'
import { type Period, parsePeriod } from '../vocabulary/period.ts'
import {
  type Against,
  type Comparator,
  type Comparison,
  compareWith,
  isPartOnly,
  nothingAgainst,
  type OthersFigure,
} from './comparison.ts'
import type { ComparisonBasis } from './comparison-basis.ts'
import { breakdownKey, ENGLAND, type PublishedBook } from './published-book.ts'
import type { PublishedFigure } from './published-figures.ts'
import { type PublishedPeriod, publishedPeriodsFor } from './published-periods.ts'

/** What figures are to be compared with, and for whom. */
export interface ComparisonAsk {
  readonly comparators: readonly Comparator[]
  readonly audience: Audience
  /** Whether the caller may see the records of an authority: figures are computed from no others. */
  readonly mayRead: (authority: string) => boolean
}

/** An observation to be compared, and the indicator that it is of. */
export interface Compared {
  readonly observation: Observation
  readonly definition: IndicatorDefinition
}

/**
 * The authorities whose records a reading must see besides those asked for: neighbours that the caller may see. For
 * the public there are none, since what is computed from another's records was made safe by nobody.
 */
export function authoritiesBeside(
  basis: ComparisonBasis,
  authorities: readonly string[],
  { comparators, audience, mayRead }: ComparisonAsk,
): string[] {
  if (audience === 'public' || !comparators.includes('statistical-neighbours')) return []
  const neighbours = new Set(authorities.flatMap((authority) => basis.neighboursOf(authority)))
  return [...neighbours].filter((code) => mayRead(code) && !authorities.includes(code))
}

/** A comparison that is still looked for. */
interface Wanted extends Compared {
  readonly with: Comparator
  readonly place: Place
  readonly periods: readonly PublishedPeriod[]
  /** Where it goes: by the observation's and the comparator's position. */
  readonly at: readonly [observation: number, comparator: number]
}

/** Where a comparator lies: the areas it is made of, and the authorities among which to rank. */
interface Place {
  readonly areas: readonly string[]
  /** The area whose own figure counts; null where it is the mean of authorities. */
  readonly area: string | null
  readonly authorities: readonly string[]
  readonly setYear: number | null
  /** Why there is no such place. */
  readonly reason?: string
}

/**
 * Compares observations of one reading. Published figures go first: those of the same period, else of the latest one
 * before; where neighbours have published nothing, their figures are computed from the records held here that the
 * caller may see. Gives for each observation a comparison with each comparator, in their order.
 */
export async function compareObservations(
  reading: Reading,
  basis: ComparisonBasis,
  book: PublishedBook,
  compared: readonly Compared[],
  ask: ComparisonAsk,
): Promise<Comparison[][]> {
  const comparisons: Comparison[][] = compared.map(() => [])
  const placeOf = placesBy(basis)
  let open: Wanted[] = []
  for (const [index, { observation, definition }] of compared.entries()) {
    const period = parsePeriod(observation.period)!
    for (const [position, comparator] of ask.comparators.entries()) {
      const place = placeOf(comparator, observation.authority)
      if (place.reason === undefined) {
        const periods = publishedPeriodsFor(definition, period)
        open.push({ observation, definition, with: comparator, place, periods, at: [index, position] })
      } else
        comparisons[index]![position] = nothingAgainst(comparator, place.areas, place.setYear, place.reason)
    }
  }
  const settle = ({ at: [index, position] }: Wanted, comparison: Comparison) => {
    comparisons[index]![position] = comparison
  }
  if (basis.comparators !== null)
    open = await comparePublished(reading, basis.comparators, book, open, settle)
  if (ask.audience === 'internal') open = await compareComputed(reading, open, ask.mayRead, settle)
  for (const wanted of open) {
    const { areas, setYear } = wanted.place
    settle(wanted, nothingAgainst(wanted.with, areas, setYear, whyNothing(wanted.with, ask.audience)))
  }
  return comparisons
}

const whyNothing = (comparator: Comparator, audience: Audience): string =>
  comparator === 'statistical-neighbours' && audience === 'internal'
    ? 'No neighbour has a published figure, and the records of none that you may see give one.'
    : 'There is no published figure for the period, nor for one of the five years before.'

/* ---- where ----------------------------------------------------------------------------------------------------- */

const CODES: readonly string[] = AUTHORITIES.map(({ code }) => code)

function placesBy(basis: ComparisonBasis): (comparator: Comparator, authority: string) => Place {
  const known = new Map<string, Place>()
  return (comparator, authority) => {
    const key = `${comparator} ${authority}`
    const place = known.get(key) ?? placeFor(basis, comparator, authority)
    known.set(key, place)
    return place
  }
}

function placeFor(basis: ComparisonBasis, comparator: Comparator, authority: string): Place {
  const without = (codes: readonly string[]) => codes.filter((code) => code !== authority)
  if (comparator === 'england')
    return { areas: [ENGLAND], area: ENGLAND, authorities: without(CODES), setYear: null }
  if (comparator === 'region') {
    const region = findAuthority(authority)?.region ?? null
    if (region === null)
      return {
        areas: [],
        area: null,
        authorities: [],
        setYear: null,
        reason: 'The authority lies in no region.',
      }
    const inRegion = AUTHORITIES.filter((one) => one.region === region).map(({ code }) => code)
    return { areas: [region], area: region, authorities: without(inRegion), setYear: null }
  }
  const { setYear } = basis
  const areas = basis.neighboursOf(authority)
  if (areas.length > 0) return { areas, area: null, authorities: areas, setYear }
  const reason = `The authority has no statistical neighbours${setYear === null ? '' : ` in the set of ${setYear}`}.`
  return { areas, area: null, authorities: areas, setYear, reason }
}

/* ---- published ------------------------------------------------------------------------------------------------- */

/** Settles what published figures can, the period itself first and then one before after the other; gives the rest. */
async function comparePublished(
  { transaction }: Reading,
  version: string,
  book: PublishedBook,
  wanted: readonly Wanted[],
  settle: (wanted: Wanted, comparison: Comparison) => void,
): Promise<Wanted[]> {
  let open = [...wanted]
  const ended: Wanted[] = []
  for (let step = 0; open.length > 0; step++) {
    const after: Wanted[] = []
    for (const [label, ofPeriod] of Map.groupBy(open, ({ periods }) => periods[step]?.label)) {
      if (label === undefined) {
        ended.push(...ofPeriod)
        continue
      }
      const published = await book.of(transaction, version, {
        indicators: [...new Set(ofPeriod.map(({ definition }) => definition.id))],
        period: label,
        breakdowns: dimensionsOf(ofPeriod),
      })
      for (const one of ofPeriod) {
        const byArea = published.get(one.definition.id)?.get(breakdownKey(one.observation.breakdown))
        const against = byArea && publishedAgainst(one, one.periods[step]!, byArea)
        if (against) settle(one, compareWith(one.observation, one.definition, against))
        else after.push(one)
      }
    }
    open = after
  }
  return ended
}

const dimensionsOf = (wanted: readonly Wanted[]): string[] =>
  [...new Set(wanted.map(({ observation }) => Object.keys(observation.breakdown).join('*')))].filter(
    (label) => label !== '',
  )

/** Null where nothing is published for the place: `x` says that there is no figure, and an earlier one may be. */
function publishedAgainst(
  { with: comparator, place }: Wanted,
  period: PublishedPeriod,
  byArea: ReadonlyMap<string, PublishedFigure>,
): Against | null {
  const isThere = (figure: PublishedFigure | undefined) => figure !== undefined && figure.status !== 'x'
  const figure = place.area === null ? undefined : byArea.get(place.area)
  const authorities: PublishedFigure[] = []
  for (const code of place.authorities) {
    const ofAuthority = byArea.get(code)
    if (ofAuthority) authorities.push(ofAuthority)
  }
  const source = (isThere(figure) ? figure : authorities.find(isThere))?.source
  if (!source) return null
  return {
    with: comparator,
    areas: place.areas,
    setYear: place.setYear,
    figure,
    authorities,
    period: period.label,
    samePeriod: period.same,
    basis: 'published',
    source,
  }
}

/* ---- computed -------------------------------------------------------------------------------------------------- */

/** Settles what the neighbours' own records can, as far as the caller may see them; gives the rest. */
async function compareComputed(
  reading: Reading,
  wanted: readonly Wanted[],
  mayRead: (authority: string) => boolean,
  settle: (wanted: Wanted, comparison: Comparison) => void,
): Promise<Wanted[]> {
  const open = wanted.filter(({ with: comparator }) => comparator === 'statistical-neighbours')
  const held = new Set(
    open
      .flatMap(({ place }) => place.authorities)
      .filter((code) => mayRead(code) && hasRecords(reading, code)),
  )
  if (held.size === 0) return [...wanted]
  const figures = await figuresOf(reading, open, [...held])
  return wanted.filter((one) => {
    const authorities = one.place.authorities.flatMap(
      (code) => figures.get(keyOf(one.observation, code)) ?? [],
    )
    if (one.with !== 'statistical-neighbours' || authorities.every(({ status }) => status === 'x'))
      return true
    const against: Against = {
      with: one.with,
      areas: one.place.areas,
      setYear: one.place.setYear,
      figure: undefined,
      authorities,
      period: one.observation.period,
      samePeriod: true,
      basis: 'computed',
      source: null,
    }
    settle(one, compareWith(one.observation, one.definition, against))
    return false
  })
}

const hasRecords = ({ versions }: Reading, authority: string): boolean =>
  (versions.get(authority) ?? NO_DATA) !== NO_DATA

const keyOf = ({ indicator, period, breakdown }: Observation, authority: string): string =>
  `${indicator} ${period} ${authority} ${breakdownKey(breakdown)}`

/** Everything of the neighbours in one question; rounded to the decimals that the indicator is published with. */
async function figuresOf(
  reading: Reading,
  wanted: readonly Wanted[],
  authorities: readonly string[],
): Promise<ReadonlyMap<string, OthersFigure>> {
  const definitions = new Map(wanted.map(({ definition }) => [definition.id, definition]))
  const periods = new Map<string, Period>()
  const breakdowns = new Map<string, Breakdown>()
  for (const { observation } of wanted) {
    periods.set(observation.period, parsePeriod(observation.period)!)
    const dimensions = Object.keys(observation.breakdown) as DimensionId[]
    if (dimensions.length > 0) breakdowns.set(dimensions.join('*'), dimensions as unknown as Breakdown)
  }
  const observations = await reading.compute({
    indicators: [...definitions.values()],
    authorities,
    periods: [...periods.values()],
    breakdowns: [...breakdowns.values()],
    audience: 'internal',
  })
  return new Map(
    observations.flatMap((one): [string, OthersFigure][] => {
      const definition = definitions.get(one.indicator)!
      // The first months of a year are no measure for anybody's whole one.
      if (isPartOnly(one, definition)) return []
      const { value, status, numerator, denominator } = one
      const figure = { value, status, numerator, denominator, decimals: definition.decimals }
      return [[keyOf(one, one.authority), figure]]
    }),
  )
}
