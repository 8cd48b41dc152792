import * as highsModule from 'highs'

type Highs = highsModule.Highs

import type { Observation } from '../../../src/indicators/observation.ts'
import { type Equations, equationsOf } from './equations.ts'
import { readAll } from './knowledge.ts'

/** What can be said of a number that is withheld. */
export interface Found {
  readonly key: string
  /** Where it is withheld. */
  readonly where: string
  readonly lowest: number
  readonly highest: number
  /** How many whole numbers it may be. */
  readonly width: number
}

export interface Attack {
  /** How many numbers are withheld. */
  readonly withheld: number
  /** Those of which fewer whole numbers are possible than asked for. */
  readonly found: readonly Found[]
  /** What the attacker believes and is not so. */
  readonly contradictions: readonly string[]
}

/** No number is more than this: far from all that matters here. */
const MOST = 20_000
const NEARLY = 1e-5

let loaded: Highs | undefined
async function solver(): Promise<Highs> {
  // The package is CommonJS with an ES module beside it: its types know only the one, and Node loads the other.
  const load = highsModule.default as unknown as typeof highsModule.default.default
  loaded ??= await load()
  return loaded
}

/** Tries to work out every withheld number of what is published of an authority for a period. */
export async function attack(published: readonly Observation[], width: number): Promise<Attack> {
  const knowledge = readAll(published)
  const equations = equationsOf(knowledge)
  const targets = equations.unknown.flatMap(({ key }, place) => (knowledge.withheld.has(key) ? [place] : []))
  const ranges = rangesOf(await solver(), equations, targets, width)
  const found = targets.flatMap((place, index): Found[] => {
    const [lowest, highest] = ranges === null ? [0, -1] : ranges[index]!
    const possible = Math.floor(highest + NEARLY) - Math.ceil(lowest - NEARLY) + 1
    const { key } = equations.unknown[place]!
    return possible >= width
      ? []
      : [{ key, where: knowledge.withheld.get(key)!, lowest, highest, width: possible }]
  })
  return {
    withheld: targets.length,
    found,
    contradictions: [...equations.contradictions, ...(ranges === null ? ['no numbers fit all of it'] : [])],
  }
}

/**
 * The lowest and highest of each target, as far as it takes: a target that may be `width` whole numbers is done with.
 * Each solution is an example for all of them. Those that have nothing to do with each other are moved at once.
 */
function rangesOf(
  highs: Highs,
  { unknown, rows }: Equations,
  targets: readonly number[],
  width: number,
): [number, number][] | null {
  if (targets.length === 0) return []
  const starts = [0]
  const indices: number[] = []
  const values: number[] = []
  for (const { terms } of rows) {
    for (const [place, times] of terms) {
      indices.push(place)
      values.push(times)
    }
    starts.push(indices.length)
  }
  const bound = (number: number): number =>
    Number.isFinite(number) ? number : Math.sign(number) * highs.infinity
  const model = highs.createModel({
    numCols: unknown.length,
    numRows: rows.length,
    colCost: new Float64Array(unknown.length),
    colLower: Float64Array.from(unknown, ({ atLeast }) => atLeast),
    colUpper: Float64Array.from(unknown, ({ key }) => (key.startsWith('sum of') ? highs.infinity : MOST)),
    rowLower: Float64Array.from(rows, ({ lowest }) => bound(lowest)),
    rowUpper: Float64Array.from(rows, ({ highest }) => bound(highest)),
    matrix: {
      format: 'csr',
      numRows: rows.length,
      numCols: unknown.length,
      starts: Int32Array.from(starts),
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    },
  })
  try {
    model.options.set({ output_flag: false })
    const ranges = targets.map((): [number, number] => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    let isPossible = true
    const solve = (costs: ReadonlyMap<number, number>): void => {
      for (const [place, cost] of costs) model.changeColCost(place, cost)
      model.run()
      if (model.getModelStatus() !== 7) {
        isPossible = false
        return
      }
      const { colValue } = model.getSolution()
      for (const [index, place] of targets.entries()) {
        const range = ranges[index]!
        range[0] = Math.min(range[0], colValue[place]!)
        range[1] = Math.max(range[1], colValue[place]!)
      }
      for (const place of costs.keys()) model.changeColCost(place, 0)
    }
    const isWide = ([lowest, highest]: [number, number]): boolean =>
      Math.floor(highest + NEARLY) - Math.ceil(lowest - NEARLY) + 1 >= width

    const groupOf = groupsOf(unknown.length, rows)
    const signs = [1, -1].map((sign) => new Map(targets.map((place) => [place, sign])))
    for (const costs of signs) if (isPossible) solve(costs)
    for (const sign of [-1, 1]) {
      const tried = new Set<number>()
      for (;;) {
        const costs = new Map<number, number>()
        const groups = new Set<number>()
        for (const [index, place] of targets.entries()) {
          if (tried.has(place) || isWide(ranges[index]!) || groups.has(groupOf(place))) continue
          groups.add(groupOf(place))
          tried.add(place)
          costs.set(place, sign)
        }
        if (costs.size === 0 || !isPossible) break
        solve(costs)
      }
    }
    return isPossible ? ranges : null
  } finally {
    model.dispose()
  }
}

/** Unknowns that stand in a row together are of one group, and those that do so with these. */
function groupsOf(many: number, rows: Equations['rows']): (place: number) => number {
  const above = Int32Array.from({ length: many }, (_, place) => place)
  const root = (place: number): number => {
    let at = place
    while (above[at] !== at) {
      above[at] = above[above[at]!]!
      at = above[at]!
    }
    return at
  }
  for (const { terms } of rows) {
    const [first, ...others] = terms.keys()
    for (const other of others) above[root(other)] = root(first!)
  }
  return root
}
