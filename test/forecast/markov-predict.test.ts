import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { predict } from '../../src/forecast/markov/predict.ts'
import { isInCare, MARKOV_STATES, stateIndex, zeroByState } from '../../src/forecast/markov/states.ts'
import { modelWith, POSSIBLE_MOVES } from '../support/markov-model.ts'

const N = MARKOV_STATES.length
const IN_CARE = MARKOV_STATES.flatMap((_, state) => (isInCare(state) ? [state] : []))

const perState = (numbers: readonly number[]): Float64Array => {
  const values = zeroByState()
  for (const [index, state] of IN_CARE.entries()) values[state] = numbers[index]!
  return values
}

/** Rates that sum to at most 1 out of each state, entrants, and a stock of whole children. */
const forecasts = fc.record({
  rates: fc
    .array(fc.double({ min: 0, max: 0.16, noNaN: true }), {
      minLength: POSSIBLE_MOVES.length,
      maxLength: POSSIBLE_MOVES.length,
    })
    .map((daily) => POSSIBLE_MOVES.map(([from, to], index) => ({ from, to, daily: daily[index]! })))
    .chain((all) => fc.subarray(all)),
  entrants: fc
    .array(fc.double({ min: 0, max: 2, noNaN: true }), {
      minLength: IN_CARE.length,
      maxLength: IN_CARE.length,
    })
    .map(perState),
  stock: fc
    .array(fc.integer({ min: 0, max: 80 }), { minLength: IN_CARE.length, maxLength: IN_CARE.length })
    .map(perState),
  days: fc.integer({ min: 1, max: 40 }),
})

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

test('is the recursion of a whole matrix, written out plainly', () => {
  fc.assert(
    fc.property(forecasts, ({ rates, entrants, stock, days }) => {
      const matrix = Array.from({ length: N }, () => Array.from({ length: N }, () => 0))
      for (const { from, to, daily } of rates) matrix[to]![from] = daily
      for (let state = 0; state < N; state += 1) {
        let total = 0
        for (let to = 0; to < N; to += 1) total += matrix[to]![state]!
        matrix[state]![state] = 1 - total + matrix[state]![state]!
      }
      let mean = [...stock]
      let variance = Array.from({ length: N }, () => 0)
      for (let day = 0; day < days; day += 1) {
        variance = variance.map((value, to) => {
          const spread = matrix[to]!.map((share, from) => share * (1 - share) * mean[from]!)
          return value + spread.reduce((a, b) => a + b, 0) + entrants[to]!
        })
        mean = matrix.map((row, to) => {
          const coming = row.map((share, from) => share * mean[from]!)
          return coming.reduce((a, b) => a + b, 0) + entrants[to]!
        })
      }

      const predicted = predict(modelWith(rates, entrants), stock, days, [days])
      for (let state = 0; state < N; state += 1) {
        expect(predicted.mean[0]![state]).toBeCloseTo(mean[state]!, 8)
        expect(predicted.variance[0]![state]).toBeCloseTo(variance[state]!, 8)
      }
    }),
    { numRuns: 200, seed: 903 },
  )
})

test('loses nobody: those in care and those who left are those of the start and those who came', () => {
  fc.assert(
    fc.property(forecasts, ({ rates, entrants, stock, days }) => {
      const atDays = Array.from({ length: days + 1 }, (_, day) => day)
      const { mean } = predict(modelWith(rates, entrants), stock, days, atDays)
      for (const day of atDays) expect(sum(mean[day]!)).toBeCloseTo(sum(stock) + day * sum(entrants), 7)
      for (const children of mean) expect(Math.min(...children)).toBeGreaterThanOrEqual(-1e-9)
    }),
    { numRuns: 100, seed: 904 },
  )
})

test('who has left stays away', () => {
  const left = stateIndex('10-to-15', 'not-in-care')
  const stock = zeroByState()
  stock[left] = 12
  const { mean } = predict(modelWith([]), stock, 1096, [1096])
  expect(mean[0]![left]).toBe(12)
})

describe('the days asked for', () => {
  const stock = perState(IN_CARE.map(() => 5))

  test('may be any, the start among them', () => {
    const { atDays, mean, variance } = predict(modelWith([]), stock, 30, [0, 7, 30])
    expect(atDays).toEqual([0, 7, 30])
    expect(mean.map(sum)).toEqual([100, 100, 100])
    expect(variance.map(sum)).toEqual([0, 0, 0])
  })

  test('are refused where they lie beyond the end', () => {
    expect(() => predict(modelWith([]), stock, 30, [31])).toThrow(RangeError)
  })

  test('do not change each other or the stock given', () => {
    const before = [...stock]
    const model = modelWith([{ from: IN_CARE[0]!, to: IN_CARE[1]!, daily: 0.5 }])
    const one = predict(model, stock, 9, [9]).mean[0]!
    const [, other] = predict(model, stock, 20, [3, 9, 20]).mean
    expect([...other!]).toEqual([...one])
    expect([...stock]).toEqual(before)
  })
})
