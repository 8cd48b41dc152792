import { describe, expect, test } from 'vitest'
import { asToday } from '../../../src/forecast/baselines/as-today.ts'
import { linearTrend } from '../../../src/forecast/baselines/linear-trend.ts'
import { NORMAL, probabilityAbove, reachOf } from '../../../src/statistics/student-t.ts'
import { aHistory, anEpisode, day } from '../../support/care-histories.ts'

const asked = { atDays: [1, 2, 6], simulations: 1, seed: 1 }

describe('as-today', () => {
  // Nine days are known; children: 2 2 3 3 3 3 4 4 4. The third child and the fourth come on the third and the seventh.
  const history = aHistory(
    ['2022-01-01', '2022-01-01', '2022-01-03', '2022-01-07'].map((from, child) =>
      anEpisode({ child, startedOn: day(from), ...(child === 3 && { placement: 'residential' }) }),
    ),
    day('2022-01-01'),
    day('2022-01-09'),
  )
  const question = {
    ...asked,
    startsOn: day('2022-01-09'),
    referenceFrom: day('2022-01-01'),
    referenceTo: day('2022-01-09'),
  }
  const projection = asToday.forecast(history, question)

  test('the number stays what it is', () => {
    const means = [0, 1, 2].map((at) => projection.expected('all', 'all', at).mean)
    expect(means).toEqual([4, 4, 4])
    expect(projection.expected('residential', 'all', 2).mean).toBe(1)
    expect(projection.expected('all', '10-to-15', 0).mean).toBe(4)
    expect(projection.expected('supported', 'all', 0)).toMatchObject({ mean: 0, variance: 0, upper95: 0 })
  })

  test('its spread is what the number did over as many days', () => {
    // Over a day: eight changes, two of them by one. Over two days: seven changes, four of them by one.
    expect(projection.expected('all', 'all', 0).variance).toBeCloseTo(2 / 8, 12)
    expect(projection.expected('all', 'all', 1).variance).toBeCloseTo(4 / 7, 12)
    // Four stretches that do not overlap are wanted of eight days, so two days is the longest: three times its variance.
    expect(projection.expected('all', 'all', 2).variance).toBeCloseTo((3 * 4) / 7, 12)
    const { lower80, upper80, lower95, upper95 } = projection.expected('all', 'all', 2)
    const deviation = Math.sqrt(12 / 7)
    expect(upper80).toBeCloseTo(4 + 1.2815515655446 * deviation, 9)
    expect(lower80).toBeCloseTo(4 - 1.2815515655446 * deviation, 9)
    expect(upper95).toBeCloseTo(4 + 1.9599639845401 * deviation, 9)
    expect(lower95).toBeCloseTo(4 - 1.9599639845401 * deviation, 9)
  })

  test('children come whole: over four places is from five on', () => {
    // 4.5 lies 0.5 / sqrt(12/7) = 0.38188 deviations above 4; a normal number is further up in 35.1% of cases.
    expect(projection.probabilityOver('all', 2, 4)).toBeCloseTo(0.35127, 4)
    expect(projection.probabilityOver('all', 2, 4.9)).toBe(projection.probabilityOver('all', 2, 4))
    expect(projection.probabilityOver('all', 2, 5)).toBeLessThan(projection.probabilityOver('all', 2, 4))
    // Nobody was ever in supported accommodation.
    expect(projection.probabilityOver('supported', 2, 0)).toBe(0)
    expect(projection.probabilityOver('supported', 2, -1)).toBe(1)
  })

  test('one day tells nothing of spread', () => {
    const oneDay = { ...question, startsOn: day('2022-01-01') }
    expect(() => asToday.forecast(history, oneDay)).toThrow(/needs two days/)
  })
})

describe('linear-trend', () => {
  // Ten children on 1 July and 1 August 2021, sixteen on 1 September: months of 31 days.
  const history = aHistory(
    Array.from({ length: 16 }, (_, child) =>
      anEpisode({ child, startedOn: day(child < 10 ? '2021-01-01' : '2021-08-20') }),
    ),
  )
  const question = {
    ...asked,
    atDays: [31, 93],
    startsOn: day('2021-09-01'),
    referenceFrom: day('2021-06-02'),
    referenceTo: day('2021-09-01'),
  }
  const projection = linearTrend.forecast(history, question)

  test('draws the line of least squares on', () => {
    // Means: 1 August and 12. Slope: (-31 × -2 + 31 × 4) / (31² + 31²) = 186 / 1922, three a month.
    expect(projection.expected('all', 'all', 0).mean).toBeCloseTo(18, 9)
    expect(projection.expected('fostering', '10-to-15', 1).mean).toBeCloseTo(24, 9)
  })

  test('its interval is that of a further value of the regression', () => {
    // Deviations from 9, 12, 15: 1, -2, 1; squares 6, over one degree of freedom. One month on, two from the middle:
    // 6 × (1 + 1/3 + 62²/1922) = 20. Student's of one degree: 3.07768 for 80%, 12.7062 for 95%.
    const expected = projection.expected('all', 'all', 0)
    expect(expected.variance).toBeCloseTo(20, 9)
    expect(expected.upper80).toBeCloseTo(18 + 3.0776835371752 * Math.sqrt(20), 8)
    expect(expected.lower80).toBeCloseTo(18 - 3.0776835371752 * Math.sqrt(20), 8)
    expect(expected.upper95).toBeCloseTo(18 + 12.706204736175 * Math.sqrt(20), 8)
    expect(expected.lower95).toBe(0)
    // Student's of one degree has the arctangent for its distribution.
    expect(projection.probabilityOver('all', 0, 17)).toBeCloseTo(
      0.5 + Math.atan(0.5 / Math.sqrt(20)) / Math.PI,
      12,
    )
  })

  test('a line that goes below nobody ends there', () => {
    const leaving = aHistory(
      Array.from({ length: 4 }, (_, child) =>
        anEpisode({
          child,
          startedOn: day('2021-01-01'),
          ceasedOn: day(child < 2 ? '2021-07-15' : '2021-08-15'),
        }),
      ),
    )
    // Four, two, nobody: on a line to the point, two fewer a month.
    const expected = linearTrend.forecast(leaving, question).expected('all', 'all', 1)
    expect(expected).toMatchObject({ mean: 0, lower80: 0, upper95: 0 })
  })

  test('the last days of months are the last days of all of them', () => {
    // 31 March, 28 February and 31 January; on each of them the child is there.
    const one = aHistory([anEpisode({ startedOn: day('2022-01-31') })])
    const flat = linearTrend.forecast(one, {
      ...question,
      startsOn: day('2022-03-31'),
      referenceFrom: day('2022-01-31'),
      referenceTo: day('2022-03-31'),
    })
    expect(flat.expected('all', 'all', 1)).toMatchObject({ mean: 1, upper95: 1 })
  })

  test('two months leave nothing to measure its error by', () => {
    const short = { ...question, referenceFrom: day('2021-07-02') }
    expect(() => linearTrend.forecast(history, short)).toThrow(/needs 3 months/)
  })
})

// Quantiles as printed in Abramowitz and Stegun, table 26.10, and as R's qt gives them.
test.each([
  [0.8, 1, 3.0776835372],
  [0.95, 1, 12.7062047362],
  [0.8, 2, 1.8856180831],
  [0.95, 2, 4.3026527297],
  [0.95, 5, 2.5705818356],
  [0.95, 10, 2.228138852],
  [0.8, 22, 1.3212367416],
  [0.95, 22, 2.0738730679],
  [0.8, NORMAL, 1.2815515655],
  [0.95, NORMAL, 1.9599639845],
])('with probability %s and %s degrees of freedom within %s', (probability, degrees, reach) => {
  expect(reachOf(probability, degrees)).toBeCloseTo(reach, 8)
  expect(probabilityAbove(reach, degrees)).toBeCloseTo((1 - probability) / 2, 9)
  expect(probabilityAbove(-reach, degrees)).toBeCloseTo((1 + probability) / 2, 9)
})
