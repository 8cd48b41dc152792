import { type Knowledge, keyOf, type Quantity, quantityOf, sumOf, within, without } from './knowledge.ts'
import { type Restrictions, valuesOf } from './reading.ts'

/** `lowest` ≤ sum of so many times each unknown ≤ `highest`. */
export interface Row {
  readonly terms: ReadonlyMap<number, number>
  readonly lowest: number
  readonly highest: number
}

/** What is known of what is unknown. */
export interface Equations {
  /** Unknown numbers, by place; those that are published and withheld are at the least 1. */
  readonly unknown: readonly { readonly key: string; readonly atLeast: 0 | 1 }[]
  readonly rows: readonly Row[]
  /** Sums of known numbers that do not come out: what the attacker believes is then not so. */
  readonly contradictions: readonly string[]
}

/** Sets up everything that adds up, and everything that can't be more than something else. */
export function equationsOf(knowledge: Knowledge): Equations {
  const places = new Map<string, number>()
  const unknown: { key: string; atLeast: 0 | 1 }[] = []
  const rows: Row[] = []
  const contradictions = [...knowledge.contradictions]
  const all = new Map(knowledge.quantities)

  const term = (quantity: Quantity): { place: number } | { value: number } => {
    const key = keyOf(quantity)
    const value = knowledge.shown.get(key)
    if (value !== undefined) return { value }
    let place = places.get(key)
    if (place === undefined) {
      place = unknown.length
      places.set(key, place)
      unknown.push({ key, atLeast: knowledge.withheld.has(key) ? 1 : 0 })
    }
    return { place }
  }
  const add = (terms: readonly (readonly [Quantity, number])[], lowest: number, highest: number): void => {
    const left = new Map<number, number>()
    let known = 0
    for (const [quantity, times] of terms) {
      const one = term(quantity)
      if ('value' in one) known += times * one.value
      else left.set(one.place, (left.get(one.place) ?? 0) + times)
    }
    for (const [place, times] of left) if (times === 0) left.delete(place)
    if (left.size > 0) rows.push({ terms: left, lowest: lowest - known, highest: highest - known })
    else if (known < lowest - 1e-6 || known > highest + 1e-6)
      contradictions.push(
        `${known}: ${terms.map(([quantity, times]) => `${times} ${keyOf(quantity)}`).join(' + ')}`,
      )
  }
  const addUp = (whole: Quantity, parts: readonly Quantity[]): void =>
    add([[whole, 1], ...parts.map((part): [Quantity, number] => [part, -1])], 0, 0)

  // Whatever has several restrictions is part of what has one fewer: those stand in between, published or not.
  for (const quantity of [...all.values()]) {
    const waiting = [quantity]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const attribute of next.restrictions.keys()) {
        const larger = without(next, attribute)
        const key = keyOf(larger)
        if (all.has(key)) continue
        all.set(key, larger)
        waiting.push(larger)
      }
    }
  }

  // Quantities that differ in one restriction only: each is the sum of the smallest pieces that they are made of.
  const families = new Map<
    string,
    { whole: Quantity; attribute: string; sets: Map<string, ReadonlySet<string>> }
  >()
  for (const quantity of all.values()) {
    for (const [attribute, values] of quantity.restrictions) {
      const whole = without(quantity, attribute)
      const key = `${keyOf(whole)} by ${attribute}`
      if (!families.has(key)) families.set(key, { whole, attribute, sets: new Map() })
      families.get(key)!.sets.set(keyOf(quantity), values)
    }
  }
  for (const [key, { whole, attribute, sets }] of families) {
    const empty = new Set(knowledge.empty.get(key))
    for (const [one, values] of sets)
      if (knowledge.shown.get(one) === 0) for (const value of values) empty.add(value)
    const pieces = new Map<string, string[]>()
    const wanted = [...sets.values()]
    const every = new Set([...valuesOf(attribute), ...wanted.flatMap((values) => [...values])])
    for (const value of every) {
      if (empty.has(value)) continue
      const signature = wanted.map((values) => (values.has(value) ? '1' : '0')).join('')
      const piece = pieces.get(signature)
      if (piece) piece.push(value)
      else pieces.set(signature, [value])
    }
    // A piece that is all that one of them has is that one.
    const quantityOfPiece = new Map<string, Quantity>()
    for (const [signature, values] of pieces) {
      const same = [...sets].find(
        ([, set]) =>
          [...set]
            .filter((value) => !empty.has(value))
            .sort()
            .join() === [...values].sort().join(),
      )
      quantityOfPiece.set(signature, same ? all.get(same[0])! : within(whole, attribute, values))
    }
    addUp(whole, [...quantityOfPiece.values()])
    for (const [index, one] of [...sets.keys()].entries()) {
      const own = [...quantityOfPiece]
        .filter(([signature]) => signature[index] === '1')
        .map(([, piece]) => piece)
      if (own.length !== 1 || keyOf(own[0]!) !== one) addUp(all.get(one)!, own)
    }
  }

  for (const { part, whole, lowest, highest } of knowledge.ratios) {
    add(
      [
        [all.get(part)!, 1],
        [all.get(whole)!, -lowest],
      ],
      0,
      Number.POSITIVE_INFINITY,
    )
    add(
      [
        [all.get(part)!, 1],
        [all.get(whole)!, -highest],
      ],
      Number.NEGATIVE_INFINITY,
      0,
    )
  }
  betweenUniverses(all, add)
  return { unknown, rows, contradictions }
}

type Add = (terms: readonly (readonly [Quantity, number])[], lowest: number, highest: number) => void

const ANY_NUMBER = Number.POSITIVE_INFINITY
const SCORED = ['normal', 'borderline', 'cause-for-concern']
const FIVE_TO_SIXTEEN = Array.from({ length: 12 }, (_, index) => String(index + 5))
const yes = (...facts: string[]): Restrictions => Object.fromEntries(facts.map((fact) => [fact, ['yes']]))

/** One side of what is never more than something else: so many times the rows of a universe. */
type Side = readonly (readonly [times: number, universe: string, restrictions: Restrictions])[]

/**
 * What is never below nought, by what the definitions say of the same children. It holds in every category of what a
 * child is for good, which is the same on whichever day it is looked at; some of it also in other categories.
 */
const NEVER_NEGATIVE: readonly { readonly side: Side; readonly alsoBy?: readonly string[] }[] = [
  // Who is looked after on the last day was so during the period, and who was and no longer is has left.
  {
    side: [
      [1, 'children-during-period', yes('had-care')],
      [-1, 'children-on-last-day', {}],
    ],
    alsoBy: ['age', 'uasc'],
  },
  {
    side: [
      [1, 'children-on-last-day', {}],
      [1, 'leavers', {}],
      [-1, 'children-during-period', yes('had-care')],
    ],
  },
  // The twelve months, and the day that they end on.
  {
    side: [
      [1, 'children-on-last-day', {}],
      [-1, 'children-of-twelve-months', yes('stays-on-last-day')],
    ],
    alsoBy: ['age', 'uasc', 'placement', 'legal-status', 'placement-provider', 'time-in-care'],
  },
  {
    side: [
      [1, 'children-on-last-day', { 'placements-in-year': ['3+'] }],
      [-1, 'children-of-twelve-months', { ...yes('stays-on-last-day'), 'placements-in-year': ['3+'] }],
    ],
    alsoBy: ['age', 'uasc', 'placement', 'legal-status'],
  },
  {
    side: [
      [1, 'children-on-last-day', {}],
      [-1, 'children-on-last-day', { 'placements-in-year': ['3+'] }],
      [-1, 'children-of-twelve-months', yes('stays-on-last-day')],
      [1, 'children-of-twelve-months', { ...yes('stays-on-last-day'), 'placements-in-year': ['3+'] }],
    ],
    alsoBy: ['age', 'uasc', 'placement', 'legal-status'],
  },
  // Three placements in one year are three in two.
  {
    side: [
      [1, 'children-on-last-day', { ...yes('in-care-year-before'), 'placements-in-two-years': ['3+'] }],
      [1, 'children-on-last-day', {}],
      [-1, 'children-on-last-day', yes('in-care-year-before')],
      [-1, 'children-on-last-day', { 'placements-in-year': ['3+'] }],
    ],
    alsoBy: [
      'age',
      'uasc',
      'placement',
      'legal-status',
      'placement-provider',
      'time-in-care',
      'category-of-need',
    ],
  },
  // A child missing has an incident, one missing more than once has two; who is missing on the last day was so in the year.
  ...(['missing', 'away'] as const).flatMap((kind) => {
    const letter = { 'incident-kind': [kind === 'missing' ? 'M' : 'A'] }
    const times = (...values: string[]): Restrictions => ({
      'had-care': ['yes'],
      [`incidents-${kind}`]: values,
    })
    return ['children-missing', 'children-during-period']
      .map((universe): { side: Side } => ({
        side: [
          [1, 'incidents', letter],
          [-1, universe, times('1', '2+')],
          [-1, universe, times('2+')],
        ],
      }))
      .concat([
        {
          side: [
            [1, 'children-missing', times('1', '2+')],
            [-1, 'missing-on-last-day', letter],
          ],
        },
        {
          side: [
            [1, 'incidents', letter],
            [-1, 'children-missing', times('1', '2+')],
          ],
        },
      ])
  }),
  // A mean of scores, and how many have which.
  ...scoreBounds(
    'children-of-twelve-months',
    'sdq-score',
    'sdq-band',
    { 'sdq-band': SCORED, age: FIVE_TO_SIXTEEN },
    [
      ['normal', 0, 13],
      ['borderline', 14, 16],
      ['cause-for-concern', 17, 40],
    ],
  ),
  // A mean of days, and how many took fewer than 426.
  {
    side: [
      [1, 'sum of days-to-placement', yes('placement-known')],
      [-426, 'adopted-in-three-years', yes('placement-known')],
      [426, 'adopted-in-three-years', yes('placement-known', 'placed-within-426-days')],
    ],
    alsoBy: ['age'],
  },
  ...scoreBounds('children-on-last-day', 'days-in-care', 'time-in-care', {}, [
    ['under-6-months', 0, 184],
    ['6-to-12-months', 181, 366],
    ['1-to-2-years', 365, 731],
    ['2-to-3-years', 730, 1_096],
    ['3-to-5-years', 1_095, 1_827],
    ['5-years-and-over', 1_825, 25 * 366],
  ]),
  // Who was adopted in the year was so in the three years that end with it.
  {
    side: [
      [1, 'adopted-in-three-years', yes('placement-known')],
      [-1, 'leavers', { 'ceasing-reason': ['e11', 'e12'], ...yes('placement-known') }],
    ],
  },
  // A child with a review that was late, and the reviews that were.
  {
    side: [
      [1, 'reviews-due', {}],
      [-1, 'children-with-reviews', {}],
    ],
  },
  {
    side: [
      [1, 'reviews-due', {}],
      [-1, 'reviews-due', yes('on-time')],
      [-1, 'children-with-reviews', {}],
      [1, 'children-with-reviews', yes('all-reviews-on-time')],
    ],
  },
]

function scoreBounds(
  universe: string,
  score: string,
  band: string,
  of: Restrictions,
  bands: readonly (readonly [string, number, number])[],
): { side: Side; alsoBy: readonly string[] }[] {
  const sum = sumOf(score, quantityOf(universe, of)!).universe
  const alsoBy = ['age', 'uasc', 'placement']
  const side = (sign: 1 | -1, bound: 1 | 2): Side => [
    [sign, sum, of],
    ...bands.map((one): [number, string, Restrictions] => [
      -sign * one[bound],
      universe,
      { ...of, [band]: [one[0]] },
    ]),
  ]
  return [
    { side: side(1, 1), alsoBy },
    { side: side(-1, 2), alsoBy },
  ]
}

const OF_THE_CHILD = ['sex', 'ethnicity']

function betweenUniverses(all: ReadonlyMap<string, Quantity>, add: Add): void {
  const categories = new Map<string, [string, ReadonlySet<string>]>()
  for (const { restrictions } of all.values())
    for (const [attribute, values] of restrictions)
      categories.set(`${attribute}=${[...values].sort()}`, [attribute, values])
  for (const { side, alsoBy = [] } of NEVER_NEGATIVE) {
    for (const category of [null, ...categories.values()]) {
      if (category !== null && !OF_THE_CHILD.includes(category[0]) && !alsoBy.includes(category[0])) continue
      const terms: [Quantity, number][] = []
      for (const [times, universe, restrictions] of side) {
        const quantity = quantityOf(
          universe,
          restrictions,
          category ? { [category[0]]: [...category[1]] } : {},
        )
        // Of what nothing at all is published, nothing follows; but what is subtracted may be left out, for it is not below nought.
        const known = quantity === null ? undefined : all.get(keyOf(quantity))
        if (known) terms.push([known, times])
        else if (times > 0) {
          terms.length = 0
          break
        }
      }
      if (terms.length > 1) add(terms, 0, ANY_NUMBER)
    }
  }
}
