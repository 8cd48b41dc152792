import type { Observation } from '../../../src/indicators/observation.ts'
import { inCategory, type Read, type Restrictions, readingOf, valuesOf } from './reading.ts'

/** A number of rows of a universe that meet some restrictions. Two figures that count the same share it. */
export interface Quantity {
  readonly universe: string
  readonly restrictions: ReadonlyMap<string, ReadonlySet<string>>
}

/** Everything that can be read off what is published. */
export interface Knowledge {
  readonly quantities: ReadonlyMap<string, Quantity>
  /** Numbers that are shown. */
  readonly shown: ReadonlyMap<string, number>
  /** Numbers that are withheld, and where. */
  readonly withheld: ReadonlyMap<string, string>
  /** Values that no row has, by the quantity that is broken down and what it is broken down by. */
  readonly empty: ReadonlyMap<string, ReadonlySet<string>>
  /** Ratios that are shown rounded: so much of `part` to one of `whole`. */
  readonly ratios: readonly Ratio[]
  /** Figures that say two things of one quantity: then the attacker has misread something. */
  readonly contradictions: readonly string[]
}

export interface Ratio {
  readonly part: string
  readonly whole: string
  readonly lowest: number
  readonly highest: number
}

export const keyOf = ({ universe, restrictions }: Quantity): string =>
  `${universe}|${[...restrictions]
    .map(([attribute, values]) => `${attribute}=${[...values].sort().join(',')}`)
    .sort()
    .join('|')}`

/** Without restrictions that say nothing; null where no row can meet them. */
export function quantityOf(universe: string, ...all: readonly Restrictions[]): Quantity | null {
  const restrictions = new Map<string, ReadonlySet<string>>()
  for (const [attribute, values] of all.flatMap((one) => Object.entries(one))) {
    const before = restrictions.get(attribute)
    const both = new Set(before ? values.filter((value) => before.has(value)) : values)
    if (both.size === 0) return null
    restrictions.set(attribute, both)
  }
  for (const [attribute, values] of restrictions)
    if (valuesOf(attribute).every((value) => values.has(value))) restrictions.delete(attribute)
  return { universe, restrictions }
}

export const without = ({ universe, restrictions }: Quantity, attribute: string): Quantity => ({
  universe,
  restrictions: new Map([...restrictions].filter(([name]) => name !== attribute)),
})

export const within = (
  { universe, restrictions }: Quantity,
  attribute: string,
  values: Iterable<string>,
): Quantity => ({
  universe,
  restrictions: new Map([...restrictions, [attribute, new Set(values)]]),
})

/** Reads what the observations of one authority and period say. */
export function readAll(observations: readonly Observation[]): Knowledge {
  const quantities = new Map<string, Quantity>()
  const shown = new Map<string, number>()
  const withheld = new Map<string, string>()
  const ratios: Ratio[] = []
  const contradictions: string[] = []
  const tables = new Map<string, { read: Read; dimensions: string[]; rows: Observation[] }>()

  const place = (quantity: Quantity): string => {
    const key = keyOf(quantity)
    if (!quantities.has(key)) quantities.set(key, quantity)
    return key
  }
  const note = (quantity: Quantity | null, value: number | null, where: string): void => {
    if (quantity === null) {
      if (value !== null && value !== 0) contradictions.push(`${where}: ${value} of what can't be`)
      return
    }
    const key = place(quantity)
    if (value === null) {
      withheld.set(key, where)
      return
    }
    const before = shown.get(key)
    if (before !== undefined && before !== value)
      contradictions.push(`${where}: ${value}, and before ${before}`)
    shown.set(key, value)
  }

  for (const observation of observations) {
    const { indicator, breakdown, status, value, numerator, denominator } = observation
    const read = readingOf(indicator)
    if (read === null || status === 'x') continue
    const where = `${indicator} ${
      Object.entries(breakdown)
        .map(([dimension, category]) => `${dimension}=${category}`)
        .join('*') || '(total)'
    }`
    const dimensions = Object.keys(breakdown)
    const table = `${indicator} ${dimensions.join('*')}`
    if (!tables.has(table)) tables.set(table, { read, dimensions, rows: [] })
    tables.get(table)!.rows.push(observation)
    const category: Restrictions[] = Object.entries(breakdown).map(([dimension, one]) =>
      Object.fromEntries([inCategory(read.universe, dimension, one)]),
    )
    const whole = quantityOf(read.universe, read.of, ...category)
    const counted = quantityOf(read.universe, read.of, read.counted, ...category)
    if (read.kind === 'count') {
      note(counted, value, where)
      if (observation.share && value && dimensions.length > 0)
        note(
          quantityOf(read.universe, read.of, read.counted),
          Math.round((100 * value) / observation.share),
          `${where}, by its share`,
        )
      continue
    }
    if (status === 'z') {
      note(whole, 0, where)
      continue
    }
    if (read.kind === 'rate') {
      note(counted, numerator, `${where}, numerator`)
      continue
    }
    note(whole, denominator, `${where}, denominator`)
    if (read.kind === 'percentage') note(counted, numerator, `${where}, numerator`)
    if (value === null || whole === null) continue
    const half = 0.5 * 10 ** -read.decimals + 1e-9
    if (read.kind === 'percentage' && counted !== null)
      ratios.push({
        part: place(counted),
        whole: place(whole),
        lowest: (value - half) / 100,
        highest: (value + half) / 100,
      })
    // What is added up is known as it is broken down, too; where ages are those of another day, it is another sum.
    if (
      read.sum &&
      !dimensions.some((dimension) => dimension.startsWith('age') && read.sum!.startsWith('incidents'))
    )
      ratios.push({
        part: place(sumOf(read.sum, whole)),
        whole: place(whole),
        lowest: value - half,
        highest: value + half,
      })
  }
  return { quantities, shown, withheld, ratios, contradictions, empty: emptyIn([...tables.values()]) }
}

/** What a mean adds up over rows: of incidents, the incidents themselves. */
export function sumOf(sum: string, rows: Quantity): Quantity {
  if (!sum.startsWith('incidents')) return { universe: `sum of ${sum}`, restrictions: rows.restrictions }
  const kind = sum === 'incidents-missing' ? 'M' : 'A'
  const ofTheChild = [...rows.restrictions].filter(([attribute]) => ['sex', 'ethnicity'].includes(attribute))
  return { universe: 'incidents', restrictions: new Map([...ofTheChild, ['incident-kind', new Set([kind])]]) }
}

/** A table gives every category that somebody is in: what is missing from it, nobody is. */
function emptyIn(
  tables: readonly { read: Read; dimensions: string[]; rows: Observation[] }[],
): Map<string, Set<string>> {
  const empty = new Map<string, Set<string>>()
  const note = (quantity: Quantity | null, attribute: string, present: ReadonlySet<string>): void => {
    if (quantity === null) return
    const key = `${keyOf(without(quantity, attribute))} by ${attribute}`
    const allowed = quantity.restrictions.get(attribute)
    const absent = valuesOf(attribute).filter((value) => !present.has(value) && (allowed?.has(value) ?? true))
    const before = empty.get(key)
    if (before) for (const value of absent) before.add(value)
    else empty.set(key, new Set(absent))
  }
  for (const { read, dimensions, rows } of tables) {
    const of = read.kind === 'percentage' || read.kind === 'mean' ? [read.of] : [read.of, read.counted]
    for (const [index, dimension] of dimensions.entries()) {
      const others = dimensions.filter((_, place) => place !== index)
      const beside = others.length === 0 ? [null] : otherCategories(rows, others[0]!, read.universe)
      for (const other of beside) {
        const mine = other === null ? rows : rows.filter(({ breakdown }) => breakdown[others[0]!] === other)
        const restricted =
          other === null ? [] : [Object.fromEntries([inCategory(read.universe, others[0]!, other)])]
        const present = new Set<string>()
        let attribute = inCategory(read.universe, dimension, rows[0]!.breakdown[dimension]!)[0]
        for (const { breakdown } of mine) {
          const [name, values] = inCategory(read.universe, dimension, breakdown[dimension]!)
          attribute = name
          for (const value of values) present.add(value)
        }
        note(quantityOf(read.universe, ...of, ...restricted), attribute, present)
      }
    }
  }
  return empty
}

/** Also those that are not in a crossed table: everybody of them is in no category of the other dimension. */
const otherCategories = (rows: readonly Observation[], dimension: string, _universe: string): string[] => [
  ...new Set(rows.map(({ breakdown }) => breakdown[dimension]!)),
]
