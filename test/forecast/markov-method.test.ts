import { describe, expect, test } from 'vitest'
import type { CareEpisode, CareHistory } from '../../src/forecast/care-history.ts'
import { forecastReturned, markovMethod, projectionOf } from '../../src/forecast/markov/markov-method.ts'
import { normalBelow } from '../../src/forecast/markov/normal.ts'
import { predict } from '../../src/forecast/markov/predict.ts'
import { prepare } from '../../src/forecast/markov/prepare.ts'
import { rowsOfHistory } from '../../src/forecast/markov/rows-of-history.ts'
import { stateIndex, zeroByState } from '../../src/forecast/markov/states.ts'
import { measure } from '../../src/forecast/markov/statistics.ts'
import type { ForecastQuestion } from '../../src/forecast/method.ts'
import {
  type CostItem,
  FORECAST_AGES,
  FORECAST_PLACEMENTS,
  type ForecastPlacement,
} from '../../src/forecast/placement-groups.ts'
import { addDays, type Day } from '../../src/vocabulary/day.ts'
import { sampleOfModelB } from '../support/existing-models.ts'
import { modelWith } from '../support/markov-model.ts'

const QUESTION: ForecastQuestion = {
  startsOn: '2022-03-31' as Day,
  referenceFrom: '2021-04-01' as Day,
  referenceTo: '2022-03-31' as Day,
  atDays: [1, 365],
  simulations: 0,
  seed: 1,
}

function episode(
  child: number,
  startedOn: string,
  ceasedOn: string | null,
  otherwise: Partial<CareEpisode> = {},
): CareEpisode {
  return {
    child,
    born: '2008-09-01' as Day,
    uasc: false,
    startedOn: startedOn as Day,
    ceasedOn: ceasedOn as Day | null,
    periodStartedOn: startedOn as Day,
    placementStartedOn: startedOn as Day,
    placement: 'fostering',
    costItem: 'fostering-in-house',
    endsPeriod: ceasedOn !== null,
    reasonCeased: ceasedOn === null ? null : 'E4A',
    ...otherwise,
  }
}

const history = (...episodes: CareEpisode[]): CareHistory => ({
  episodes,
  knownFrom: '2020-04-01' as Day,
  knownTo: '2023-03-31' as Day,
})

describe('a projection', () => {
  const stock = zeroByState()
  stock[stateIndex('10-to-15', 'fostering')] = 40
  stock[stateIndex('10-to-15', 'residential')] = 10
  stock[stateIndex('5-to-9', 'fostering')] = 20
  const left = stateIndex('10-to-15', 'not-in-care')
  const model = modelWith([
    { from: stateIndex('10-to-15', 'fostering'), to: left, daily: 0.1 },
    { from: stateIndex('10-to-15', 'residential'), to: left, daily: 0.2 },
  ])
  const projection = projectionOf(predict(model, stock, 1, [0, 1]))

  test('sums the states of a group and of a band, those in care only', () => {
    expect(projection.expected('fostering', '10-to-15', 1).mean).toBeCloseTo(36, 12)
    expect(projection.expected('fostering', 'all', 1).mean).toBeCloseTo(56, 12)
    expect(projection.expected('all', '10-to-15', 1).mean).toBeCloseTo(44, 12)
    expect(projection.expected('all', 'all', 1).mean).toBeCloseTo(64, 12)
    expect(projection.expected('all', 'all', 1).variance).toBeCloseTo(40 * 0.09 + 10 * 0.16, 12)
    expect(projection.expected('supported', 'all', 1)).toMatchObject({ mean: 0, variance: 0, upper95: 0 })
  })

  test('is the mean and so many standard deviations around it, never below none', () => {
    const { mean, variance, ...interval } = projection.expected('fostering', '10-to-15', 1)
    const deviation = Math.sqrt(40 * 0.09)
    expect(interval.lower80).toBeCloseTo(36 - 1.2816 * deviation, 3)
    expect(interval.upper80).toBeCloseTo(36 + 1.2816 * deviation, 3)
    expect(interval.lower95).toBeCloseTo(36 - 1.96 * deviation, 3)
    expect(interval.upper95).toBeCloseTo(36 + 1.96 * deviation, 3)
    const few = zeroByState()
    few[stateIndex('10-to-15', 'fostering')] = 1
    expect(projectionOf(predict(model, few, 9, [9])).expected('all', 'all', 0).lower95).toBe(0)
  })

  test('is certain of the day on which it starts', () => {
    expect(projection.expected('all', 'all', 0)).toMatchObject({ mean: 70, lower95: 70, upper95: 70 })
    expect(projection.probabilityOver('all', 0, 69)).toBe(1)
    expect(projection.probabilityOver('all', 0, 70)).toBe(0)
  })

  test('tells how likely more children than places are, from half a child above the places on', () => {
    const deviation = Math.sqrt(40 * 0.09)
    expect(projection.probabilityOver('fostering', 1, 56)).toBeCloseTo(normalBelow(-0.5 / deviation), 12)
    expect(projection.probabilityOver('fostering', 1, 0)).toBeCloseTo(1, 12)
    expect(projection.probabilityOver('fostering', 1, 500)).toBe(0)
    const falling = [50, 53, 55, 56, 57, 60].map((places) =>
      projection.probabilityOver('fostering', 1, places),
    )
    expect(falling).toEqual([...falling].sort((a, b) => b - a))
  })
})

test('the rows as returned are forecast as the existing model does', () => {
  const { model, prediction, projection } = forecastReturned(sampleOfModelB(), QUESTION)
  expect(projection.atDays).toEqual([1, 365])
  // 2023-03-31 in the numbers of the existing model: 10 to 16 - Fostering, and all of Fostering.
  expect(projection.expected('fostering', '10-to-15', 1).mean).toBeCloseTo(27.476063382178662, 9)
  expect(projection.expected('fostering', 'all', 1).mean).toBeCloseTo(
    27.476063382178662 + 7.051725064275502,
    9,
  )
  expect(projection.expected('fostering', 'all', 1).variance).toBeCloseTo(
    46.20142251179607 + 18.880539488639343,
    9,
  )
  expect(model.dataTo).toBe('2022-03-31')
  expect(prediction.supposed.scaledDown).toEqual([])
})

test('a scenario is forecast by what it supposes', () => {
  const supported = { age: '16-and-over', placement: 'supported' } as const
  const more = forecastReturned(sampleOfModelB(), QUESTION, {
    adjustments: { entrants: [{ to: supported, add: 0.1 }] },
  })
  const same = forecastReturned(sampleOfModelB(), QUESTION)
  const meanOf = ({ projection }: typeof same) => projection.expected('supported', '16-and-over', 0).mean
  expect(meanOf(more) - meanOf(same)).toBeCloseTo(0.1, 12)
})

describe('the merged history', () => {
  test('is known as it was on the evening of the day', () => {
    const { episodes } = rowsOfHistory(
      history(
        episode(1, '2021-05-01', '2022-04-01'),
        episode(2, '2021-05-01', '2022-03-31'),
        episode(3, '2022-03-31', null),
        episode(4, '2022-04-01', null),
      ),
      '2022-03-31' as Day,
    )
    expect(episodes.map(({ child, dec, rec }) => [child, dec, rec])).toEqual([
      ['1', null, null],
      ['2', '2022-03-31', 'E4A'],
      ['3', null, null],
    ])
  })

  test('merges a new legal status in the same placement, and splits a move within the group', () => {
    const start = { periodStartedOn: '2021-05-01' as Day }
    const { episodes } = prepare(
      rowsOfHistory(
        history(
          episode(1, '2021-05-01', '2021-08-01'),
          episode(1, '2021-08-01', '2021-11-01', { ...start, placementStartedOn: '2021-05-01' as Day }),
          episode(1, '2021-11-01', null, start),
        ),
        '2022-03-31' as Day,
      ),
    )
    expect(episodes.map(({ startedOn, ceasedOn, rne }) => [startedOn, ceasedOn, rne])).toEqual([
      ['2021-05-01', '2021-11-01', 'S'],
      ['2021-11-01', null, 'P'],
    ])
  })

  const kinds: [ForecastPlacement, CostItem][] = [
    ['fostering', 'fostering-friend-or-relative'],
    ['fostering', 'fostering-in-house'],
    ['fostering', 'fostering-agency'],
    ['fostering', 'other'],
    ['residential', 'residential-in-house'],
    ['residential', 'residential-external'],
    ['residential', 'other'],
    ['supported', 'supported-accommodation'],
    ['other', 'secure-home'],
    ['other', 'placed-with-family'],
    ['other', 'other'],
  ]
  test.each(kinds)('keeps the group %s and the kind %s', (placement, costItem) => {
    const rows = rowsOfHistory(
      history(episode(1, '2021-05-01', null, { placement, costItem })),
      '2022-03-31' as Day,
    )
    expect(prepare(rows).episodes).toMatchObject([{ placement, costItem }])
  })

  test('tells of the years that returns cover, whenever episodes began', () => {
    const rows = rowsOfHistory(history(episode(1, '2015-05-01', null)), '2022-03-31' as Day)
    expect(prepare(rows, '2021-06-30' as Day)).toMatchObject({ dataFrom: '2020-04-01', dataTo: '2022-03-31' })
    const window = { from: '2021-04-01' as Day, to: '2022-03-31' as Day }
    expect(() => measure(prepare(rows), window)).toThrow('No episode starts or ends from 2020-04-01 on')
  })

  test('lets those grow older of whom nothing was heard in years', () => {
    const quiet = history(
      episode(1, '2020-05-01', null, { born: '2011-06-01' as Day }),
      episode(2, '2020-06-01', '2020-07-01'),
    )
    const { expected } = markovMethod.forecast(quiet, { ...QUESTION, atDays: [0] })
    expect(FORECAST_AGES.map((age) => expected('all', age, 0).mean)).toEqual([0, 0, 0, 1, 0])
  })

  /** Five children of eleven; two come and leave within the year, one on the day of coming. */
  const council = history(
    ...[1, 2, 3, 4, 5].map((child) => episode(child, '2020-05-01', null, { born: '2010-09-01' as Day })),
    episode(6, '2021-06-10', '2021-06-10', { placement: 'residential', costItem: 'residential-external' }),
    episode(7, '2021-09-01', '2022-01-15', { placement: 'supported', costItem: 'supported-accommodation' }),
  )

  test('is forecast from the children who were there, and nothing later changes it', () => {
    const known = markovMethod.forecast(council, { ...QUESTION, atDays: [0, 90] })
    expect(known.expected('fostering', '10-to-15', 0).mean).toBe(5)
    expect(known.expected('all', 'all', 0).mean).toBe(5)
    expect(known.expected('all', 'all', 1).mean).toBeGreaterThan(5)

    const later = history(
      ...council.episodes.map((known) => ({ ...known, ceasedOn: known.ceasedOn ?? ('2022-05-01' as Day) })),
      episode(8, '2022-04-01', null),
    )
    const again = markovMethod.forecast(later, { ...QUESTION, atDays: [0, 90] })
    for (const at of [0, 1])
      for (const placement of FORECAST_PLACEMENTS)
        for (const age of FORECAST_AGES)
          expect(again.expected(placement, age, at)).toEqual(known.expected(placement, age, at))
  })

  test('is measured on where the existing model gives up, and the model gives up on the rows', () => {
    // A child in a home that was empty the day before, for a day that is no night.
    const rows = rowsOfHistory(council, QUESTION.startsOn)
    expect(() => forecastReturned(rows, QUESTION)).toThrow('left the state 10-to-15, residential')
    const leftOut = forecastReturned(rows, QUESTION, { movesOutOfEmptyStates: 'leave-out' })
    expect(leftOut.model.movesLeftOut).toBe(1)
    const inAYear = markovMethod.forecast(council, QUESTION).expected('all', 'all', 1)
    expect(inAYear).toEqual(leftOut.projection.expected('all', 'all', 1))
    expect(inAYear.mean).toBeGreaterThan(5)
  })

  test('may be known until a day within a year', () => {
    const startsOn = '2021-12-31' as Day
    const question = {
      ...QUESTION,
      startsOn,
      referenceFrom: addDays(startsOn, -364),
      referenceTo: startsOn,
      atDays: [0],
    }
    const { expected } = markovMethod.forecast(council, question)
    expect(expected('all', 'all', 0).mean).toBe(6)
    expect(expected('supported', 'all', 0).mean).toBe(1)
  })
})

test.each([
  [0, 0.5],
  [1, 0.8413447460685429],
  [-1.959963984540054, 0.025],
  [1.2815515655446004, 0.9],
  [5, 0.9999997133484281],
  [-9, 0],
  [9, 1],
])('normal: below %s lies %s', (z, probability) => {
  expect(normalBelow(z)).toBeCloseTo(probability, 13)
})
