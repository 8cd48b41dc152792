import { describe, expect, test } from 'vitest'
import type { PreparedEpisode, PreparedEpisodes } from '../../src/forecast/markov/prepare.ts'
import { stateIndex, type Whereabouts } from '../../src/forecast/markov/states.ts'
import { type MeasureOptions, measure } from '../../src/forecast/markov/statistics.ts'
import type { Unmeasurable } from '../../src/forecast/markov/unmeasurable.ts'
import type { ForecastPlacement } from '../../src/forecast/placement-groups.ts'
import type { Day } from '../../src/vocabulary/day.ts'

/** Children of ten to fifteen who are in a placement from a day, in data that begins on 1 January 2026. */
function children(
  count: number,
  startedOn: string,
  ceasedOn: string | null = null,
  after: Whereabouts | null = ceasedOn === null ? null : 'residential',
  placement: ForecastPlacement = 'fostering',
): PreparedEpisode[] {
  return Array.from({ length: count }, (_, index) => ({
    child: `${startedOn} ${ceasedOn} ${index}`,
    uasc: false,
    startedOn: startedOn as Day,
    ceasedOn: ceasedOn as Day | null,
    age: '10-to-15' as const,
    ageAtEnd: '10-to-15' as const,
    placement,
    costItem: 'fostering-in-house' as const,
    before: 'not-in-care' as const,
    after,
    rne: 'S',
    rec: null,
    reasonPlaceChange: null,
  }))
}

const dataOf = (...episodes: PreparedEpisode[][]): PreparedEpisodes => ({
  episodes: episodes.flat(),
  dataFrom: '2026-01-01' as Day,
  dataTo: '2026-01-04' as Day,
  cleanedCount: episodes.flat().length,
  impossibleAges: 0,
})

/** Somebody who left long ago, so that ends are known from then on. */
const LONG_AGO = children(1, '2020-01-01', '2020-02-01', 'not-in-care', 'other')

const state = (placement: Whereabouts): number => stateIndex('10-to-15', placement)

function rateOf(
  data: PreparedEpisodes,
  from: string,
  to: string,
  move: [ForecastPlacement, Whereabouts] = ['fostering', 'residential'],
  options?: MeasureOptions,
): number | undefined {
  const model = measure(data, { from: from as Day, to: to as Day }, options)
  return model.rates.find((rate) => rate.from === state(move[0]) && rate.to === state(move[1]))?.daily
}

describe('a daily rate', () => {
  test('is the mean over days of moves by children there the day before', () => {
    // Ten on every day: each that moves on is replaced.
    const data = dataOf(
      LONG_AGO,
      children(6, '2025-01-01'),
      children(1, '2025-01-01', '2026-01-02'),
      children(2, '2025-01-01', '2026-01-03'),
      children(1, '2025-01-01', '2026-01-04'),
      children(1, '2026-01-02'),
      children(2, '2026-01-03'),
      children(1, '2026-01-04'),
    )
    expect(rateOf(data, '2026-01-02', '2026-01-04')).toBeCloseTo((1 / 10 + 2 / 10 + 1 / 10) / 3, 12)
  })

  test('of the first day of the window is by those there the day before it', () => {
    const data = dataOf(
      LONG_AGO,
      children(5, '2025-01-01', '2026-01-02'),
      children(5, '2025-01-01', '2026-01-02', 'not-in-care'),
    )
    expect(rateOf(data, '2026-01-02', '2026-01-02')).toBe(0.5)
  })

  test('of the first day of the data is none, for the day before it is not known', () => {
    const data = dataOf(LONG_AGO, children(7, '2025-01-01'), children(3, '2025-01-01', '2026-01-01'))
    expect(rateOf(data, '2026-01-01', '2026-01-01')).toBe(0)
    // Nor does that day count in a longer window.
    const more = dataOf(LONG_AGO, children(9, '2025-01-01'), children(1, '2025-01-01', '2026-01-02'))
    expect(rateOf(more, '2026-01-01', '2026-01-02')).toBe(0.1)
  })

  test('leaves out days with nobody there and nobody moving, and is 0 where there are no others', () => {
    const data = dataOf(
      LONG_AGO,
      children(2, '2026-01-03', '2026-01-04', 'not-in-care'),
      children(2, '2026-01-03', '2026-01-04'),
    )
    expect(rateOf(data, '2026-01-02', '2026-01-04')).toBe(0.5)
    expect(rateOf(data, '2026-01-02', '2026-01-03')).toBe(0)
  })

  test('cannot be measured where somebody leaves a state in which nobody was the day before', () => {
    const data = dataOf(LONG_AGO, children(2, '2026-01-02', '2026-01-02'))
    let error: unknown
    try {
      rateOf(data, '2026-01-02', '2026-01-02')
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({
      name: 'Unmeasurable',
      code: 'left-an-empty-state',
    } satisfies Partial<Unmeasurable>)
    expect((error as Error).message).toContain('On 2026-01-02 a child left the state 10-to-15, fostering')
  })

  test('is not troubled by such a move outside the window, or on the first day of the data', () => {
    const data = dataOf(
      LONG_AGO,
      children(2, '2026-01-02', '2026-01-02'),
      children(1, '2026-01-01', '2026-01-01'),
    )
    expect(rateOf(data, '2026-01-03', '2026-01-04')).toBe(0)
    expect(rateOf(data, '2026-01-01', '2026-01-01')).toBe(0)
  })

  test('can be measured without such moves, which are then counted', () => {
    const data = dataOf(
      LONG_AGO,
      children(2, '2026-01-02', '2026-01-02'),
      children(4, '2026-01-02', '2026-01-03', 'not-in-care'),
    )
    const window = { from: '2026-01-02' as Day, to: '2026-01-04' as Day }
    const model = measure(data, window, { movesOutOfEmptyStates: 'leave-out' })
    expect(model.movesLeftOut).toBe(2)
    expect(
      model.rates.find(({ from, to }) => from === state('fostering') && to === state('not-in-care'))?.daily,
    ).toBe(1)
  })

  test('stands for every pair of groups seen in a band, and for leaving care, though nobody moved', () => {
    const data = dataOf(
      LONG_AGO,
      children(1, '2025-01-01'),
      children(1, '2025-01-01', null, null, 'supported'),
    )
    const { rates } = measure(data, { from: '2026-01-02' as Day, to: '2026-01-04' as Day })
    const from = ['fostering', 'supported', 'other'] as const
    expect(rates).toEqual(
      from.flatMap((origin) =>
        (['fostering', 'supported', 'other', 'not-in-care'] as const).map((target) => ({
          from: state(origin),
          to: state(target),
          daily: 0,
        })),
      ),
    )
  })

  test('stands for a birthday once one was seen, though not in the window', () => {
    const birthday = children(1, '2025-01-01', '2025-06-01', 'fostering').map((episode) => ({
      ...episode,
      ageAtEnd: '16-and-over' as const,
    }))
    const { rates } = measure(dataOf(birthday), { from: '2026-01-02' as Day, to: '2026-01-04' as Day })
    expect(rates).toContainEqual({
      from: state('fostering'),
      to: stateIndex('16-and-over', 'fostering'),
      daily: 0,
    })
  })

  test('is not measured before the first end of an episode in the data', () => {
    const data = dataOf(children(9, '2025-01-01'), children(1, '2025-01-01', '2026-01-04'))
    expect(rateOf(data, '2026-01-02', '2026-01-04')).toBe(0.1)
  })
})

test('a child counts from the day of coming and not on the day of leaving', () => {
  const data = dataOf(
    children(3, '2025-01-01'),
    children(2, '2026-01-02', '2026-01-04'),
    children(1, '2026-01-03', '2026-01-03'),
  )
  const { stockOn } = measure(data, { from: '2026-01-02' as Day, to: '2026-01-04' as Day })
  const fostered = (day: string): number => stockOn(day as Day)[state('fostering')]!
  expect(['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'].map(fostered)).toEqual([3, 5, 5, 3])
  // Beyond the data the nearest day stands.
  expect([fostered('2020-01-01'), fostered('2030-01-01')]).toEqual([3, 3])
})

test('entrants are a number a day, both ends of the window included, of those who come from outside', () => {
  const moved = children(1, '2026-01-03').map((episode) => ({ ...episode, before: 'residential' as const }))
  const data = dataOf(
    children(1, '2026-01-01'),
    children(1, '2026-01-02'),
    children(2, '2026-01-04'),
    moved,
    children(5, '2026-01-05'),
  )
  const { entrants } = measure(
    { ...data, dataTo: '2026-01-06' as Day },
    { from: '2026-01-02' as Day, to: '2026-01-04' as Day },
  )
  expect(entrants[state('fostering')]).toBe(3 / 3)
  expect(entrants.reduce((sum, value) => sum + value, 0)).toBe(1)
})

test('shares are of the days within the window, by group; a group without any has none', () => {
  const data = dataOf(
    children(1, '2025-01-01'),
    children(1, '2026-01-03', '2026-01-04').map((episode) => ({
      ...episode,
      costItem: 'fostering-agency' as const,
    })),
    children(1, '2025-01-01', '2026-01-02').map((episode) => ({
      ...episode,
      costItem: 'fostering-agency' as const,
    })),
  )
  const { proportions } = measure(data, { from: '2026-01-02' as Day, to: '2026-01-04' as Day })
  expect(proportions.get('fostering-in-house')).toBe(3 / 4)
  expect(proportions.get('fostering-agency')).toBe(1 / 4)
  expect(proportions.get('fostering-friend-or-relative')).toBe(0)
  expect(proportions.get('residential-external')).toBeNull()
})

test('a window that ends before it begins is refused', () => {
  const window = { from: '2026-01-04' as Day, to: '2026-01-02' as Day }
  expect(() => measure(dataOf(LONG_AGO), window)).toThrow('begins on 2026-01-04, after its end')
})
