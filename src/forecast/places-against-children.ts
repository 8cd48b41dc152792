import type { Transaction } from '../platform/database/database.ts'
import type { Day } from '../vocabulary/day.ts'
import type { Known } from './gap.ts'
import { costItemOf, FORECAST_AGES, type ForecastAge, forecastPlacementOf } from './placement-groups.ts'
import { SUPPLIED_PLACEMENTS, type SuppliedPlacement } from './supply-changes.ts'
import { type KnownSupply, readSupply, type StretchOfPlaces } from './supply-queries.ts'

/** What a row is of: all children of a group of placements, or those of an age band, a sex, or an area. */
export type PlacesBy = 'total' | 'age-band' | 'sex' | 'area'

/** Children in one group of placements on a day, against the places known that could take them. */
export interface PlacesAgainstChildren {
  readonly placement: SuppliedPlacement
  readonly by: PlacesBy
  /** `all`; an age band; `male`, `female` or `unknown`; `inside` or `outside` the authority, or `not-known`. */
  readonly category: string
  /** Null where the postcodes that would tell the area are not held. */
  readonly children: number | null
  /** Of these, those fostered by relatives or friends, whose carers are approved for them alone: no place is for them. */
  readonly withRelatives: number | null
  /** Own and commissioned places that take such children; null, with the reason, where it is not known. */
  readonly places: number | null
  /** Places less the children without relatives: below 0 where they are short; null where either is not known. */
  readonly gap: number | null
  readonly reason: string | null
}

/**
 * Sets children against places on one day. A place that takes more than one age band or either sex counts in each row
 * of those, so these rows don't add up; children and places inside and outside the area do.
 */
export async function readPlacesAgainstChildren(
  transaction: Transaction,
  authority: string,
  onDay: Day,
): Promise<PlacesAgainstChildren[]> {
  const { supply, places } = await readSupply(transaction, authority, onDay)
  const children = await transaction.query<ChildRow>('supply.children', CHILDREN_ON_DAY, [authority, onDay])
  return SUPPLIED_PLACEMENTS.flatMap((placement) => {
    const known = supply.find((one) => one.placement === placement)!
    const there = places.filter((one) => one.placement === placement)
    const living = children.filter(({ code }) => forecastPlacementOf(code) === placement)
    return CELLS.map((cell) => rowOf(placement, cell, living, there, known))
  })
}

interface ChildRow {
  readonly code: string
  /** In years on the day. */
  readonly age: number
  readonly sex: string
  readonly location: string
  readonly children: number
}

const CHILDREN_ON_DAY = `
with living as (
    select coalesce(e.usual_placement_code, e.placement_code) as code, e.sex, e.placement_location as location,
           (to_char($2::date, 'YYYYMMDD')::int - e.born_number) / 10000 as age
      from care.episode e
     where e.authority = $1 and not e.short_break and e.started_on <= $2 and (e.ceased_on is null or e.ceased_on > $2)
)
select l.code, l.sex, l.location, l.age, count(*)::int as children
  from living l
 group by 1, 2, 3, 4`

interface Cell {
  readonly by: PlacesBy
  readonly category: string
  readonly holds: (child: ChildRow) => boolean
  /** Null where no place is for such children alone. */
  readonly takes: ((places: StretchOfPlaces) => boolean) | null
}

/** Ages in years of each band, both included. */
const YEARS_OF: Readonly<Record<ForecastAge, readonly [from: number, to: number]>> = {
  'under-1': [0, 0],
  '1-to-4': [1, 4],
  '5-to-9': [5, 9],
  '10-to-15': [10, 15],
  '16-and-over': [16, 17],
}

const CELLS: readonly Cell[] = [
  { by: 'total', category: 'all', holds: () => true, takes: () => true },
  ...FORECAST_AGES.map((band): Cell => {
    const [from, to] = YEARS_OF[band]
    return {
      by: 'age-band',
      category: band,
      holds: ({ age }) => age >= from && (age <= to || band === FORECAST_AGES.at(-1)),
      takes: ({ age_from, age_to }) => (age_from ?? 0) <= to && (age_to ?? 17) >= from,
    }
  }),
  ...(['M', 'F'] as const).map(
    (sex): Cell => ({
      by: 'sex',
      category: sex === 'M' ? 'male' : 'female',
      holds: (child) => child.sex === sex,
      takes: ({ child_sex }) => child_sex === null || child_sex === sex,
    }),
  ),
  { by: 'sex', category: 'unknown', holds: ({ sex }) => sex !== 'M' && sex !== 'F', takes: null },
  ...(['inside', 'outside'] as const).map(
    (area): Cell => ({
      by: 'area',
      category: area,
      holds: ({ location }) => location === area,
      takes: ({ in_area }) => in_area === (area === 'inside'),
    }),
  ),
  { by: 'area', category: 'not-known', holds: ({ location }) => location === 'not-known', takes: null },
]

const isWithRelatives = ({ code }: ChildRow): boolean =>
  costItemOf(code, null) === 'fostering-friend-or-relative'

function rowOf(
  placement: SuppliedPlacement,
  { by, category, holds, takes }: Cell,
  living: readonly ChildRow[],
  there: readonly StretchOfPlaces[],
  known: KnownSupply,
): PlacesAgainstChildren {
  const areasKnown = living.some(({ location }) => location !== 'not-known') || living.length === 0
  const held = by === 'area' && !areasKnown ? null : living.filter(holds)
  const children = held && sumOf(held, (one) => one.children)
  const ofRelatives = held?.filter(isWithRelatives) ?? null
  const withRelatives = ofRelatives && sumOf(ofRelatives, (one) => one.children)
  const told = placesFor(by, takes, there, known)
  return {
    placement,
    by,
    category,
    children,
    withRelatives,
    places: told.value,
    gap:
      told.value === null || children === null || withRelatives === null
        ? null
        : told.value - (children - withRelatives),
    reason: told.reason ?? (held === null ? NO_POSTCODES : null),
  }
}

const NO_POSTCODES =
  'of no child is it known where the placement is: that needs the postcodes (PUT /v1/reference/postcodes)'

function placesFor(
  by: PlacesBy,
  takes: Cell['takes'],
  there: readonly StretchOfPlaces[],
  { places }: KnownSupply,
): Known {
  if (places.value === null) return places
  if (takes === null) return { value: null, reason: 'no place is for such children alone' }
  const nowhere = by === 'area' ? there.filter(({ in_area }) => in_area === null) : []
  if (nowhere.length > 0)
    return {
      value: null,
      reason: `of ${sumOf(nowhere, (one) => one.places)} commissioned places it is not known where they are: their contracts name no provider on record`,
    }
  return { value: sumOf(there.filter(takes), (one) => one.places), reason: null }
}

const sumOf = <One>(list: readonly One[], number: (one: One) => number): number =>
  list.reduce((sum, one) => sum + number(one), 0)
