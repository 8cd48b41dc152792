import fc from 'fast-check'
import type { CareEpisode, CareHistory } from '../../src/forecast/care-history.ts'
import type { Expected, Projection } from '../../src/forecast/method.ts'
import {
  COST_ITEMS,
  FORECAST_PLACEMENTS,
  type ForecastAge,
  type ForecastPlacement,
} from '../../src/forecast/placement-groups.ts'
import { addDays, type Day } from '../../src/vocabulary/day.ts'

export const day = (text: string): Day => text as Day

/** An episode with what a test says of it; the rest is plain: a child of ten, fostered in house, still in care. */
export function anEpisode(said: Partial<CareEpisode> & { readonly startedOn: Day }): CareEpisode {
  const ceasedOn = said.ceasedOn ?? null
  return {
    child: 0,
    born: day('2010-05-05'),
    uasc: false,
    ceasedOn,
    periodStartedOn: said.startedOn,
    placementStartedOn: said.startedOn,
    placement: 'fostering',
    costItem: 'fostering-in-house',
    endsPeriod: ceasedOn !== null,
    reasonCeased: ceasedOn === null ? null : 'E4A',
    ...said,
  }
}

export const aHistory = (
  episodes: readonly CareEpisode[],
  knownFrom = day('2018-04-01'),
  knownTo = day('2024-03-31'),
): CareHistory => ({ episodes, knownFrom, knownTo })

/** Histories of up to forty children over four years, with babies, leap-day births and stays of no days among them. */
export const histories = (knownFrom = day('2019-01-01'), days = 1460): fc.Arbitrary<CareHistory> =>
  fc
    .array(
      fc.record({
        bornBefore: fc.oneof(fc.integer({ min: 0, max: 6700 }), fc.constant('leap' as const)),
        startsAt: fc.integer({ min: -400, max: days }),
        stays: fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 5 }),
        placements: fc.array(fc.constantFrom(...FORECAST_PLACEMENTS), { minLength: 5, maxLength: 5 }),
        items: fc.array(fc.constantFrom(...COST_ITEMS), { minLength: 5, maxLength: 5 }),
        lasts: fc.boolean(),
      }),
      { maxLength: 40 },
    )
    .map((children) => ({
      episodes: children.flatMap(({ bornBefore, startsAt, stays, placements, items, lasts }, child) => {
        const entered = addDays(knownFrom, startsAt)
        const born = bornBefore === 'leap' ? day('2008-02-29') : addDays(entered, -bornBefore)
        let startedOn = entered
        return stays.map((stay, index) => {
          const isLast = index === stays.length - 1
          const ceasedOn = isLast && lasts ? null : addDays(startedOn, stay)
          const episode = anEpisode({
            child,
            born,
            startedOn,
            ceasedOn,
            periodStartedOn: entered,
            placement: placements[index]!,
            costItem: items[index]!,
            endsPeriod: isLast && !lasts,
            reasonCeased: ceasedOn === null ? null : isLast ? 'E4A' : 'X1',
          })
          startedOn = ceasedOn ?? startedOn
          return episode
        })
      }),
      knownFrom,
      knownTo: addDays(knownFrom, days),
    }))

/** So many children for certain. */
export const certainly = (children: number): Expected => between(children, 0)

/** So many children, give or take: 80% within the give and take, 95% within twice that. */
export const between = (mean: number, reach: number): Expected => ({
  mean,
  variance: reach ** 2,
  lower80: mean - reach,
  upper80: mean + reach,
  lower95: mean - 2 * reach,
  upper95: mean + 2 * reach,
})

/** A projection that expects what it is told to. */
export const toldProjection = (
  atDays: readonly number[],
  expected: (placement: ForecastPlacement | 'all', at: number, age: ForecastAge | 'all') => Expected,
  probabilityOver: Projection['probabilityOver'] = () => 0,
): Projection => ({
  atDays,
  expected: (placement, age, at) => expected(placement, at, age),
  probabilityOver,
})

/** 1, 2, … */
export const daily = (days: number): number[] => Array.from({ length: days }, (_, index) => index + 1)
