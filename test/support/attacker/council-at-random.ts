import type { IndicatorDefinition } from '../../../src/indicators/definition.ts'
import type { Observation } from '../../../src/indicators/observation.ts'
import { isPublished } from '../../../src/indicators/publication/profile.ts'
import { wilson } from '../../../src/statistics/interval.ts'
import { DIMENSIONS, type DimensionId } from '../../../src/vocabulary/dimension.ts'
import { inCategory, type Read, type Restrictions, readingOf } from './reading.ts'

/** One row of a universe: what it is described by. Numbers are what means add up. */
type RowOf = Readonly<Record<string, string | number>>
/** Rows by universe. */
export type Council = ReadonlyMap<string, readonly RowOf[]>

/** Numbers that follow from a seed (mulberry32). */
export class Chance {
  #state: number
  constructor(seed: number) {
    this.#state = seed >>> 0
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  below(most: number): number {
    return Math.floor(this.next() * most)
  }
  is(probability: number): boolean {
    return this.next() < probability
  }
  /** The first are likely, the last are rare: how much so is up to the council. */
  skewed<T>(from: readonly T[], skew: number): T {
    return from[Math.min(from.length - 1, Math.floor(from.length * this.next() ** skew))]!
  }
}

const yes = (is: boolean): string => (is ? 'yes' : 'no')
const ETHNICITIES = ['wbri', 'mwbc', 'wiri', 'bafr', 'aind', 'chne', 'ooth', 'nobt', 'wrom']
const PLACEMENTS = ['u6', 'u4', 'u1', 'k2', 'k3', 'p1', 'u3', 'h5', 'r1', 'a3', 's1', 'k1', 'r5', 'z1', 'p2']
const STATUSES = ['c2', 'v2', 'c1', 'e1', 'j1', 'l2', 'j2']
const NEEDS = [
  'abuse-or-neglect',
  'family-dysfunction',
  'absent-parenting',
  'childs-disability',
  'family-in-acute-stress',
]
const PROVIDERS = ['own', 'private', 'voluntary', 'other-la', 'parents', 'not-reported']
const REASONS = ['e4a', 'e45', 'e11', 'e5', 'e12', 'e41', 'e6', 'e4b', 'e17', 'e2', 'e3', 'e9']
const ACTIVITIES = [
  'not-known',
  'other-education',
  'neet-other',
  'training-or-employment',
  'neet-illness-or-disability',
  'higher-education',
  'apprenticeship',
  'neet-pregnancy-or-parenting',
]
const HOMES = ['u', 'b', 'd', 'z', '0', 's', 'w', 'x', 'h', 'r']
const DURATIONS = ['less-than-1-day', '1-to-2-days', '3-to-7-days', 'over-30-days']
const RELATIONS = ['inside', 'at-a-distance', 'adjoining', 'not-known', 'outside-england', 'outside-uk']
const DISTANCES = [
  ...['5-to-10-miles', 'over-20-to-50-miles', 'over-10-to-20-miles', 'under-5-miles'],
  ...['over-50-miles', 'not-known'],
]
const TIMES = [
  ['1-to-2-years', 365, 730],
  ['under-6-months', 0, 183],
  ['5-years-and-over', 1_826, 5_000],
  ['6-to-12-months', 184, 365],
  ['2-to-3-years', 731, 1_095],
  ['3-to-5-years', 1_096, 1_825],
] as const

/** Children at random, and what became of them: most have what is common, and a few what is rare. */
export function councilAtRandom(seed: number, children: number): Council {
  const chance = new Chance(seed)
  const skew = 1 + 3 * chance.next()
  const rarity = 0.02 + 0.3 * chance.next()
  const rows = new Map<string, RowOf[]>()
  const add = (universe: string, row: RowOf): void => {
    if (!rows.has(universe)) rows.set(universe, [])
    rows.get(universe)!.push(row)
  }
  const rare = (): boolean => chance.is(rarity)
  const ages = chance.is(0.3) ? [16, 15, 17, 3] : [15, 9, 0, 12, 16, 4, 7, 17, 1, 13, 10, 5, 14, 2]

  for (let number = 0; number < children; number++) {
    const sex = chance.is(0.02) ? 'unknown' : yes(chance.is(0.55)) === 'yes' ? 'male' : 'female'
    const ofTheChild = { sex, ethnicity: chance.skewed(ETHNICITIES, skew) }
    const age = String(chance.skewed(ages, skew * 0.7))
    const years = Number(age)
    const uasc = yes(years >= 12 && rare())
    const [time, leastDays, mostDays] = chance.skewed(TIMES, skew * 0.7)
    const placement = chance.skewed(PLACEMENTS, skew)
    const home = {
      placement,
      'placement-provider': chance.skewed(PROVIDERS, skew),
      'legal-status': chance.skewed(STATUSES, skew),
      'category-of-need': chance.skewed(NEEDS, skew),
      'placement-authority-relation': chance.skewed(RELATIONS, skew),
      'placement-distance-band': chance.skewed(DISTANCES, skew),
    }
    const moved = rare()
    const movedTwice = moved || rare()
    const missing = rare() ? 1 + chance.below(3) : 0
    const wasMissing = {
      'incidents-missing': missing === 0 ? '0' : missing === 1 ? '1' : '2+',
      'incidents-away': '0',
    }
    const here = chance.is(0.8)
    const during = { ...ofTheChild, age, uasc, ...wasMissing, 'had-care': 'yes' }
    add('children-during-period', during)
    if (missing > 0)
      add('children-missing', {
        ...during,
        'age-when-missing': age,
        'uasc-when-missing': uasc,
        'number:incidents-missing': missing,
      })
    for (let time = 0; time < missing; time++)
      add('incidents', {
        ...ofTheChild,
        age,
        uasc,
        ...home,
        'incident-kind': 'M',
        duration: chance.skewed(DURATIONS, skew),
      })
    if (missing > 0 && here && rare())
      add('missing-on-last-day', { ...ofTheChild, age, uasc, ...home, 'incident-kind': 'M' })

    if (!here || chance.is(0.03)) {
      const reason = chance.skewed(REASONS, skew * 0.6)
      const leaves = { ...ofTheChild, age, uasc, ...home, 'ceasing-reason': reason, 'time-in-care': time }
      add('leavers', leaves)
      if (reason === 'e11' || reason === 'e12') {
        const days = 60 + chance.below(900)
        add('adopted-in-three-years', {
          ...ofTheChild,
          age,
          'placement-known': 'yes',
          'placed-within-426-days': yes(days < 426),
          'number:days-to-placement': days,
        })
      }
    }
    if (!here) continue
    const long = leastDays >= 731
    const row = {
      ...during,
      ...home,
      'time-in-care': time,
      'number:days-in-care': leastDays + chance.below(mostDays - leastDays),
      mother: yes(sex === 'female' && years >= 12 && rare()),
      'placements-in-year': moved ? '3+' : '0-2',
      'placements-in-two-years': moved || movedTwice ? '3+' : chance.is(0.5) ? '1' : '2',
      'in-care-year-before': yes(leastDays >= 365),
      'long-in-care': yes(long),
      'same-carer': yes(long && !moved && chance.is(0.7)),
      'has-worker': yes(!chance.is(0.03)),
      'two-moves': yes(movedTwice),
    }
    add('children-on-last-day', row)
    if (leastDays < 365)
      add('starters', { ...ofTheChild, age, uasc, ...home, 'previous-permanence': rare() ? 'p1' : 'z1' })
    if (leastDays >= 365) {
      const score = chance.below(40)
      const scored = chance.is(0.8)
      const misuses = rare()
      add('children-of-twelve-months', {
        ...row,
        'stays-on-last-day': 'yes',
        'health-assessment': yes(!rare()),
        'teeth-check': yes(chance.is(0.7)),
        immunised: yes(!rare()),
        'development-assessment': yes(!rare()),
        'sdq-band': !scored
          ? 'no-score'
          : score <= 13
            ? 'normal'
            : score <= 16
              ? 'borderline'
              : 'cause-for-concern',
        ...(scored && { 'number:sdq-score': score }),
        'substance-misuse': misuses ? chance.skewed(['received', 'not-offered', 'refused'], 1) : 'no-misuse',
        convicted: yes(rare()),
      })
    }
  }
  for (let number = 0; number < children / 2; number++) {
    const accommodation = chance.skewed(HOMES, skew)
    add('care-leavers', {
      sex: chance.is(0.6) ? 'male' : 'female',
      ethnicity: chance.skewed(ETHNICITIES, skew),
      age: String(chance.skewed([19, 18, 20, 21, 17], skew * 0.5)),
      activity: chance.skewed(ACTIVITIES, skew * 0.6),
      accommodation,
      suitable: yes(!['s', 'x'].includes(accommodation) && !rare()),
      'in-touch': chance.skewed(['yes', 'no', 'refuses', 'no-longer-requires'], skew),
      'former-uasc': yes(rare()),
      'fostered-at-18': yes(chance.is(0.4)),
    })
  }
  return rows
}

/* ---- what the service would measure --------------------------------------------------------------------------------- */

const meets = (row: RowOf, restrictions: Restrictions): boolean =>
  Object.entries(restrictions).every(([attribute, values]) => values.includes(String(row[attribute])))

/** A period that is over, of an authority that has sent everything: every figure of it, in every breakdown published. */
export function observationsOf(council: Council, indicators: readonly IndicatorDefinition[]): Observation[] {
  return indicators
    .filter((indicator) => canBeMeasured(council, indicator))
    .flatMap((indicator) => {
      const read = readingOf(indicator.id)!
      const rows = (council.get(read.universe) ?? []).filter((row) => meets(row, read.of))
      const total = observe(indicator, read, rows, {}, null)
      const breakdowns: DimensionId[][] = indicator.dimensions.map((dimension) => [dimension])
      for (const [index, first] of indicator.dimensions.entries())
        for (const second of indicator.dimensions.slice(index + 1)) breakdowns.push([first, second])
      const tables = breakdowns
        .filter(
          (breakdown) =>
            isPublished(indicator, breakdown as never) &&
            breakdown.every((dimension) => isDescribed(rows, read.universe, dimension)),
        )
        .flatMap((breakdown) => tableOf(indicator, read, rows, breakdown, total.value))
      return [total, ...tables]
    })
}

/** Whether the rows at random say what the indicator looks at. */
export function canBeMeasured(council: Council, { id }: IndicatorDefinition): boolean {
  const read = readingOf(id)
  const [row] = (read && council.get(read.universe)) ?? []
  return (
    read !== null &&
    row !== undefined &&
    [...Object.keys(read.of), ...Object.keys(read.counted)].every((attribute) => attribute in row)
  )
}

/** Of a dimension that the rows at random do not have, nothing is measured: as where postcodes are not loaded. */
const isDescribed = (rows: readonly RowOf[], universe: string, dimension: string): boolean => {
  const [first] = DIMENSIONS.get(dimension as DimensionId)!.categories
  return rows.length > 0 && inCategory(universe, dimension, first!.id)[0] in rows[0]!
}

function tableOf(
  indicator: IndicatorDefinition,
  read: Read,
  rows: readonly RowOf[],
  breakdown: readonly DimensionId[],
  total: number | null,
): Observation[] {
  const groups = new Map<string, RowOf[]>()
  for (const row of rows) {
    const key = breakdown.map((dimension) => categoryOf(read.universe, dimension, row)).join('|')
    if (!groups.has(key)) groups.set(key, [])
    groups.get(key)!.push(row)
  }
  const [only, second] = breakdown
  if (second === undefined && DIMENSIONS.get(only!)!.complete)
    for (const { id } of DIMENSIONS.get(only!)!.categories) if (!groups.has(id)) groups.set(id, [])
  return [...groups].map(([key, ofGroup]) => {
    const categories = key.split('|')
    return observe(
      indicator,
      read,
      ofGroup,
      Object.fromEntries(breakdown.map((dimension, index) => [dimension, categories[index]!])),
      total,
    )
  })
}

function categoryOf(universe: string, dimension: DimensionId, row: RowOf): string {
  const found = DIMENSIONS.get(dimension)!.categories.find(({ id }) => {
    const [attribute, values] = inCategory(universe, dimension, id)
    return values.includes(String(row[attribute]))
  })
  if (!found) throw new Error(`a row has no category of ${dimension}`)
  return found.id
}

function observe(
  indicator: IndicatorDefinition,
  read: Read,
  rows: readonly RowOf[],
  breakdown: Record<string, string>,
  total: number | null,
): Observation {
  const head = {
    indicator: indicator.id,
    authority: 'E10999999',
    period: '2024-25',
    breakdown,
    unit: indicator.unit,
  }
  const counted = rows.filter((row) => meets(row, read.counted)).length
  const inBreakdown = Object.keys(breakdown).length > 0
  if (read.kind === 'count')
    return {
      ...head,
      value: counted,
      numerator: null,
      denominator: null,
      status: null,
      ...(inBreakdown && { share: total ? (100 * counted) / total : null }),
      interval: null,
    }
  const sum = rows.reduce((all, row) => all + Number(row[`number:${read.sum}`] ?? 1), 0)
  const [numerator, denominator] =
    read.kind === 'percentage'
      ? [counted, rows.length]
      : read.kind === 'mean'
        ? [sum, rows.length]
        : [counted, 12_345]
  const scale = read.kind === 'mean' ? 1 : read.kind === 'percentage' ? 100 : 10_000
  return {
    ...head,
    value: denominator === 0 ? null : (scale * numerator) / denominator,
    numerator,
    denominator,
    status: denominator === 0 ? 'z' : null,
    interval: read.kind === 'percentage' ? wilson(numerator, denominator) : null,
  }
}
