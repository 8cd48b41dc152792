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
const RUNS = Number(process.env.PROPERTY_RUNS ?? 2_000)
const SEED = process.env.PROPERTY_SEED
const LIMIT_MS = 60_000 + RUNS * 500

const find = (id: string): IndicatorDefinition => catalogue.find(id)!
const published = ({ observations }: PublicTable): Observation[] =>
  [...observations.values()].flatMap((tables) => [...tables.values()].flat())

/**
 * Families of figures that a council may have and others not, by what they are of: with the tables that it has sent. The
 * whole catalogue of a council goes through the service in a test of its own.
 */
const FAMILIES: readonly (readonly string[])[] = [
  ['leavers', 'adopted-in-three-years'],
  ['care-leavers'],
  ['children-of-twelve-months'],
  ['children-during-period', 'children-missing', 'incidents', 'missing-on-last-day'],
  ['starters'],
  ['leavers', 'children-during-period'],
]
const ALL_FAMILIES = [...new Set(FAMILIES.flat())]
const ON_LAST_DAY = 'children-on-last-day'
const SUBJECTS = [...new Set(catalogue.indicators.map(({ subject }) => subject))]

interface Asked {
  readonly seed: number
  readonly children: number
  /** Of most councils one family, of a few more, of some also the children of the last day. */
  readonly size: 'one' | 'more' | 'last-day'
}
const asked: fc.Arbitrary<Asked> = fc.record({
  seed: fc.nat(1_000_000),
  children: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 10, max: 60 }) },
    { weight: 1, arbitrary: fc.integer({ min: 61, max: 250 }) },
  ),
  size: fc.oneof(
    { weight: 60, arbitrary: fc.constant('one' as const) },
    { weight: 2, arbitrary: fc.constant('more' as const) },
    { weight: 1, arbitrary: fc.constant('last-day' as const) },
  ),
})

function measured({ seed, children, size }: Asked): Observation[] {
  const chance = new Chance(seed + 1)
  const council = councilAtRandom(seed, children)
  const family =
    size === 'one' ? FAMILIES[chance.below(FAMILIES.length)]! : ALL_FAMILIES.filter(() => chance.is(0.6))
  const subjects = new Set(SUBJECTS.filter(() => chance.is(0.3)))
  return observationsOf(
    council,
    catalogue.indicators.filter((indicator) => {
      if (!canBeMeasured(council, indicator)) return false
      const { universe } = readingOf(indicator.id)!
      if (universe === ON_LAST_DAY)
        return size === 'last-day' && (indicator.id === 'cla-count' || subjects.has(indicator.subject))
      return family.includes(universe)
    }),
  )
}

test('the attacker has read what every indicator counts, and knows no other', () => {
  const counting = catalogue.indicators.filter(({ kind }) => kind !== 'ratio')
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
    { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS, ...(SEED ? { seed: Number(SEED) } : {}) },
  )
  expect(seen.withheld).toBeGreaterThan(RUNS)
  console.info(`${RUNS} councils at random: ${JSON.stringify(seen)}`)
})

test('where only small counts are withheld, the attacker finds them: it can do what it is asked to', {
  timeout: 60_000,
}, async () => {
  let succeeded = 0
  const councils = Array.from({ length: 40 }, (_, index) => ({
    seed: index,
    children: 30 + 5 * index,
    size: 'more' as const,
  }))
  for (const council of councils) {
    const { found } = await attack(measured(council).map(withSmallCountsWithheld), WIDTH)
    if (found.some(({ width }) => width === 1)) succeeded++
  }
  expect(succeeded).toBeGreaterThan(30)
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
  for (let seed = 0; seed < 30; seed++) {
    const internal = measured({ seed, children: 20 + 8 * seed, size: 'more' as const })
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
        ].sort(),
      )
    }
  }
  expect(withheld).toBeGreaterThan(1_000)
})

test('the same figures are made safe in the same way, whatever order they come in', () => {
  const internal = measured({ seed: 77, children: 90, size: 'more' as const })
  const cells = (figures: readonly Observation[]): string[] =>
    published(makePublic(figures, find))
      .map((observation) => JSON.stringify(observation))
      .sort()
  expect(cells([...internal])).toEqual(cells(internal))
})
