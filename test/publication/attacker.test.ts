import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { IndicatorDefinition } from '../../src/indicators/definition.ts'
import type { Observation } from '../../src/indicators/observation.ts'
import { makePublic, type PublicTable } from '../../src/indicators/publication/public-table.ts'
import { catalogue } from '../../src/service.ts'
import { attack } from '../support/attacker/bounds.ts'
import {
  Chance,
  canBeMeasured,
  councilAtRandom,
  observationsOf,
} from '../support/attacker/council-at-random.ts'
import { equationsOf } from '../support/attacker/equations.ts'
import { readAll } from '../support/attacker/knowledge.ts'
import { INDICATORS_READ, readingOf } from '../support/attacker/reading.ts'

/**
 * Somebody who reads all that is published of a council, and the catalogue, sets up every equation that follows and has
 * a solver look for the lowest and the highest that each withheld number can be. Of none may fewer than six remain.
 */
const WIDTH = 6
const RUNS = Number(process.env.PROPERTY_RUNS ?? 400)
const SEED = process.env.PROPERTY_SEED
const LIMIT_MS = 60_000 + RUNS * 500

const find = (id: string): IndicatorDefinition => catalogue.find(id)!
const published = ({ observations }: PublicTable): Observation[] =>
  [...observations.values()].flatMap((tables) => [...tables.values()].flat())

/** Families of figures: what a council has sent decides which of them it has. */
const FAMILIES: readonly (readonly string[])[] = [
  ['leavers', 'adopted-in-three-years'],
  ['care-leavers'],
  ['children-of-twelve-months'],
  ['children-during-period', 'children-missing', 'incidents', 'missing-on-last-day'],
  ['starters'],
]

interface Asked {
  readonly seed: number
  readonly children: number
  /** Of most councils one family; of some everything in the catalogue that can be made without a database. */
  readonly has: 'one family' | 'everything'
}
const asked: fc.Arbitrary<Asked> = fc.record({
  seed: fc.nat(1_000_000),
  children: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 10, max: 60 }) },
    { weight: 1, arbitrary: fc.integer({ min: 61, max: 250 }) },
  ),
  has: fc.oneof(
    { weight: 99, arbitrary: fc.constant('one family' as const) },
    { weight: 1, arbitrary: fc.constant('everything' as const) },
  ),
})

function measured({ seed, children, has }: Asked): Observation[] {
  const council = councilAtRandom(seed, children)
  const family = FAMILIES[new Chance(seed + 1).below(FAMILIES.length)]!
  return observationsOf(
    council,
    catalogue.indicators.filter(
      (indicator) =>
        canBeMeasured(council, indicator) &&
        (has === 'everything' || family.includes(readingOf(indicator.id)!.universe)),
    ),
  )
}

test('the attacker has read what every indicator counts, and knows no other', () => {
  const counting = catalogue.indicators.filter(({ kind, internalOnly }) => !internalOnly && kind !== 'ratio')
  expect(counting.map(({ id }) => id).filter((id) => readingOf(id) === null)).toEqual([])
  expect(INDICATORS_READ.filter((id) => catalogue.find(id) === undefined)).toEqual([])
  for (const { id, kind, decimals } of counting)
    expect([id, readingOf(id)!.kind, readingOf(id)!.decimals]).toEqual([id, kind, decimals])
})

test('of no council can a withheld number be worked out', { timeout: LIMIT_MS + 60_000 }, async () => {
  const seen = { withheld: 0, counts: 0, primary: 0, secondary: 0, leftOut: 0 }
  await fc.assert(
    fc.asyncProperty(asked, async (council) => {
      const internal = measured(council)
      // The attacker believes nothing that is not so.
      expect(equationsOf(readAll(internal)).contradictions).toEqual([])
      const table = makePublic(internal, find)
      const { found, contradictions, withheld } = await attack(published(table), WIDTH)
      seen.withheld += withheld
      for (const key of ['counts', 'primary', 'secondary', 'leftOut'] as const)
        seen[key] += table.withholding[key]
      expect({ found, contradictions }).toEqual({ found: [], contradictions: [] })
    }),
    {
      numRuns: RUNS,
      interruptAfterTimeLimit: LIMIT_MS,
      markInterruptAsFailure: true,
      ...(SEED ? { seed: Number(SEED) } : {}),
    },
  )
  expect(seen.withheld).toBeGreaterThan(RUNS)
  console.info(`${RUNS} councils at random: ${JSON.stringify(seen)}`)
})

test('where only small counts are withheld, the attacker finds them: it can do what it is asked to', {
  timeout: 60_000,
}, async () => {
  let succeeded = 0
  for (let seed = 0; seed < 20; seed++) {
    const internal = measured({ seed, children: 20 + 5 * seed, has: 'one family' })
    const { found } = await attack(internal.map(withSmallCountsWithheld), WIDTH)
    if (found.some(({ width }) => width === 1)) succeeded++
  }
  expect(succeeded).toBeGreaterThan(12)
})

const isSmall = (number: number | null): boolean => number !== null && number >= 1 && number <= 5
function withSmallCountsWithheld(observation: Observation): Observation {
  const { value, numerator, denominator, unit } = observation
  if (unit === 'count')
    return isSmall(value) ? { ...observation, value: null, share: null, status: 'c' } : observation
  if (!isSmall(numerator) && !isSmall(denominator)) return observation
  return {
    ...observation,
    value: null,
    numerator: isSmall(numerator) ? null : numerator,
    denominator: isSmall(denominator) ? null : denominator,
    status: 'c',
    interval: null,
  }
}

test('what is withheld stands nowhere else in the observation', () => {
  let withheld = 0
  for (let seed = 0; seed < 8; seed++) {
    const internal = measured({ seed, children: 20 + 30 * seed, has: 'everything' as const })
    for (const observation of published(makePublic(internal, find))) {
      const { indicator, value, numerator, denominator, status, interval, share, breakdown } = observation
      const { kind } = find(indicator)
      if (status !== 'c') {
        // A figure is shown with all that it is made of, or not at all.
        if (kind === 'percentage' && value !== null) expect([numerator, denominator]).not.toContain(null)
        continue
      }
      withheld++
      expect([value, interval, share ?? null]).toEqual([null, null, null])
      if (kind === 'count' || kind === 'ratio') expect([numerator, denominator]).toEqual([null, null])
      if (kind === 'mean') expect(numerator).toBeNull()
      if (kind === 'percentage') expect([numerator, denominator]).toContain(null)
      expect(Object.keys(observation).sort()).toEqual(
        [
          'indicator',
          'authority',
          'period',
          'breakdown',
          'unit',
          'value',
          'numerator',
          'denominator',
          'status',
          'interval',
          ...(kind === 'count' && Object.keys(breakdown).length > 0 ? ['share'] : []),
          ...(observation.leftOut ? ['leftOut'] : []),
        ].sort(),
      )
    }
  }
  expect(withheld).toBeGreaterThan(1_000)
})

test('a breakdown that is left out is named by the total', () => {
  let leftOut = 0
  for (let seed = 0; seed < 6; seed++) {
    const internal = measured({ seed, children: 20 + 20 * seed, has: 'everything' })
    const table = makePublic(internal, find)
    for (const [indicator, tables] of table.observations) {
      const total = tables.get('')![0]!
      const given = new Set(
        internal.filter((one) => one.indicator === indicator).flatMap(({ breakdown }) => singleOf(breakdown)),
      )
      const missing = [...given].filter((dimension) => !tables.has(dimension)).sort()
      expect([...(total.leftOut ?? [])].sort()).toEqual(missing)
      leftOut += missing.length
    }
  }
  expect(leftOut).toBeGreaterThan(10)
})

const singleOf = (breakdown: Observation['breakdown']): string[] => {
  const dimensions = Object.keys(breakdown)
  return dimensions.length === 1 ? dimensions : []
}

test('the same figures are made safe in the same way every time', () => {
  const internal = measured({ seed: 77, children: 90, has: 'everything' as const })
  expect(published(makePublic(structuredClone(internal), find))).toEqual(
    published(makePublic(internal, find)),
  )
})
